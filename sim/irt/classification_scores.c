/* Summed scores of a form given ability. Lord & Wingersky (1984), Applied Psychological Measurement
 * 8, 453-461; polytomous items: Hanson (1994), Thissen, Pommerich, Billeaud & Williams (1995). Item
 * by item, from the highest score down, in place:
 *
 *     P_i(s) = sum_x P_{i-1}(s - x) P(item i in category x)
 *
 * Only positive terms are added, so every probability keeps its relative accuracy, and none needs
 * logarithms: what underflows weighs nothing. Eight abilities at a time.
 * SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include <retake/base/wording.h>

#include "placement.h"

size_t irt_max_score(const struct irt_item *const *items, size_t n_items)
{
    size_t total = 0;
    for (size_t i = 0; i < n_items; i++)
        total += irt_n_categories(items[i]) - 1;
    return total;
}

double irt_expected_score(const struct irt_item *const *items, size_t n_items, double theta)
{
    double total = 0, p[IRT_MAX_CATEGORIES];
    for (size_t i = 0; i < n_items; i++) {
        irt_probabilities(items[i], theta, p);
        for (size_t x = 1; x < irt_n_categories(items[i]); x++)
            total += (double)x * p[x];
    }
    return total;
}

/* @param p [irt_max_score + 1] */
VEC_CLONES static void distribution8(const struct irt_item *const *items, size_t n_items,
                                     const vec8 *theta, vec8 *p)
{
    struct irt_category8 categories[IRT_MAX_CATEGORIES];
    size_t top = 0;
    p[0] = vec_all(1);
    for (size_t i = 0; i < n_items; i++) {
        size_t most = irt_n_categories(items[i]) - 1;
        irt_categories8(items[i], *theta, categories);
        for (size_t x = 1; x <= most; x++)
            p[top + x] = vec_all(0);
        top += most;
        for (size_t s = top + 1; s-- > 0;) {
            vec8 sum = p[s] * categories[0].p;
            for (size_t x = 1; x <= most && x <= s; x++)
                sum += p[s - x] * categories[x].p;
            p[s] = sum;
        }
    }
}

/* Eight columns into rows of the table. */
static void store_rows(const vec8 *p, size_t first, size_t n, struct irt_scores *out)
{
    for (size_t k = 0; k < n; k++) {
        double *row = out->p + (first + k) * out->n_scores, expected = 0;
        for (size_t s = 0; s < out->n_scores; s++) {
            row[s] = p[s][k];
            expected += (double)s * row[s];
        }
        out->expected[first + k] = expected;
    }
}

enum err_code irt_scores_init(const struct irt_item *const *items, size_t n_items,
                              const struct irt_nodes *nodes, struct arena *arena,
                              struct irt_scores *out, struct err *err)
{
    *out = (struct irt_scores){.n_scores = irt_max_score(items, n_items) + 1};
    if (irt_nodes_check(nodes, err) != ERR_OK)
        return err->code;
    if (n_items == 0)
        return err_set(err, ERR_RANGE, "a form without items has no scores");
    vec8 *p = arena_alloc(arena, out->n_scores * sizeof *p);
    out->p = arena_alloc(arena, nodes->n * out->n_scores * sizeof(double));
    out->expected = arena_alloc(arena, nodes->n * sizeof(double));
    if (!p || !out->p || !out->expected)
        return err_set(err, ERR_MEMORY, "no memory for %s at %s",
                       wording_count(out->n_scores, "score").text,
                       wording_count(nodes->n, "ability").text);
    for (size_t first = 0; first < nodes->n; first += VEC_LANES) {
        size_t n = nodes->n - first < VEC_LANES ? nodes->n - first : VEC_LANES;
        vec8 theta = {0};
        for (size_t k = 0; k < n; k++)
            theta[k] = nodes->theta[first + k];
        distribution8(items, n_items, &theta, p);
        store_rows(p, first, n, out);
    }
    return ERR_OK;
}

/* ---- the score that a cut of theta amounts to ---- */

/* Estimates in a tie with the cut differ from it by rounding only. */
static const double tie = 1e-9;

size_t irt_score_cut(const struct irt_item *const *items, size_t n_items, double theta_cut,
                     bool tie_passes)
{
    double expected = irt_expected_score(items, n_items, theta_cut);
    return tie_passes ? (size_t)ceil(expected - tie) : (size_t)floor(expected + tie) + 1;
}

size_t irt_score_cut_eap(const struct irt_scores *scores, const struct irt_nodes *prior,
                         double theta_cut, bool tie_passes)
{
    for (size_t s = 0; s < scores->n_scores; s++) {
        double weight = 0, sum = 0; /* of theta - cut */
        for (size_t q = 0; q < prior->n; q++) {
            double w = prior->weight[q] * scores->p[q * scores->n_scores + s];
            weight += w;
            sum += w * (prior->theta[q] - theta_cut);
        }
        double distance = weight > 0 ? sum / weight : -INFINITY;
        if (distance > tie || (tie_passes && distance >= -tie))
            return s;
    }
    return scores->n_scores;
}

/* ---- moments ---- */

/* The mean over the nodes of (score - centre)^power. */
static double central(const struct irt_scores *scores, const struct irt_nodes *nodes, double centre,
                      int power)
{
    double weight = 0, sum = 0;
    for (size_t q = 0; q < nodes->n; q++) {
        double of_node = 0;
        for (size_t s = 0; s < scores->n_scores; s++) {
            double distance = (double)s - centre, term = scores->p[q * scores->n_scores + s];
            for (int k = 0; k < power; k++)
                term *= distance;
            of_node += term;
        }
        weight += nodes->weight[q];
        sum += nodes->weight[q] * of_node;
    }
    return sum / weight;
}

void irt_score_moments(const struct irt_scores *scores, const struct irt_nodes *nodes,
                       struct irt_score_moments *out)
{
    double mean = central(scores, nodes, 0, 1), variance = central(scores, nodes, mean, 2);
    double weight = 0, of_expected = 0;
    for (size_t q = 0; q < nodes->n; q++) {
        double distance = scores->expected[q] - mean;
        weight += nodes->weight[q];
        of_expected += nodes->weight[q] * distance * distance;
    }
    *out = (struct irt_score_moments){
        .mean = mean,
        .variance = variance,
        .skewness = central(scores, nodes, mean, 3) / (variance * sqrt(variance)),
        .kurtosis = central(scores, nodes, mean, 4) / (variance * variance),
        .reliability = of_expected / weight / variance,
        .max = (double)(scores->n_scores - 1)};
}
