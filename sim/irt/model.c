/* Response functions of one item; the formulas are in model.h.
 *
 * With r_k = P^(k)/P of a category, sums over the categories:
 *     I = sum P r1^2                 I' = sum P (2 r1 r2 - r1^3)
 *     I'' = sum P (2 r2^2 + 2 r1 r3 - 5 r1^2 r2 + 2 r1^4)
 *     J = sum P r1 r2                J' = sum P (r2^2 + r1 r3 - r1^2 r2)
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/irt/model.h>

double irt_p(const struct irt_item *item, double theta)
{
    if (item->model != IRT_LOGISTIC) {
        double p[IRT_MAX_CATEGORIES];
        irt_probabilities(item, theta, p);
        return p[item->n_categories - 1];
    }
    return irt_curve8(vec_all(item->a), vec_all(item->b), vec_all(item->c), vec_all(item->d),
                      vec_all(theta))
        .p[0];
}

void irt_probabilities(const struct irt_item *item, double theta, double *p)
{
    struct irt_category8 categories[IRT_MAX_CATEGORIES];
    irt_categories8(item, vec_all(theta), categories);
    for (size_t x = 0; x < irt_n_categories(item); x++)
        p[x] = categories[x].p[0];
}

double irt_information(const struct irt_item *item, double theta)
{
    struct irt_category8 categories[IRT_MAX_CATEGORIES];
    double total = 0;
    if (item->model == IRT_LOGISTIC)
        return irt_curve8(vec_all(item->a), vec_all(item->b), vec_all(item->c), vec_all(item->d),
                          vec_all(theta))
            .information[0];
    irt_categories8(item, vec_all(theta), categories);
    for (size_t x = 0; x < item->n_categories; x++)
        total += categories[x].dp[0] * (categories[x].dp[0] / categories[x].p[0]);
    return total;
}

double irt_observed_information(const struct irt_item *item, double theta, size_t category)
{
    struct irt_category8 categories[IRT_MAX_CATEGORIES];
    irt_categories8(item, vec_all(theta), categories);
    double p = categories[category].p[0], r1 = categories[category].dp[0] / p;
    return r1 * r1 - categories[category].d2p[0] / p;
}

/* ---- third derivatives ---- */

/* d^3 s/d theta^3 of s = 1/(1 + exp(-a (theta - b))). */
static double logistic_third(double a, double b, double theta)
{
    double e = vec_exp1(-(a * (theta - b))), s = 1 / (1 + e), t = e * s;
    return a * a * a * s * t * (1 - 6 * s * t);
}

static void gpcm_third(const struct irt_item *item, const struct irt_category8 *categories,
                       double *out)
{
    double mean = 0, variance = 0, third = 0, a = item->a;
    for (size_t x = 0; x < item->n_categories; x++)
        mean += (double)x * categories[x].p[0];
    for (size_t x = 0; x < item->n_categories; x++) {
        double u = (double)x - mean;
        variance += categories[x].p[0] * u * u;
        third += categories[x].p[0] * u * u * u;
    }
    for (size_t x = 0; x < item->n_categories; x++) {
        double u = (double)x - mean;
        out[x] = a * a * a * categories[x].p[0] * (u * u * u - 3 * u * variance - third);
    }
}

static void third_derivatives(const struct irt_item *item, double theta,
                              const struct irt_category8 *categories, double *out)
{
    if (item->model == IRT_LOGISTIC) {
        out[1] = (item->d - item->c) * logistic_third(item->a, item->b, theta);
        out[0] = -out[1];
        return;
    }
    if (item->model == IRT_GPCM) {
        gpcm_third(item, categories, out);
        return;
    }
    double below = 0;
    for (size_t x = 0; x + 1u < item->n_categories; x++) {
        double above = logistic_third(item->a, item->steps[x], theta);
        out[x] = below - above;
        below = above;
    }
    out[item->n_categories - 1] = below;
}

struct irt_functions irt_item_functions(const struct irt_item *item, double theta)
{
    struct irt_category8 categories[IRT_MAX_CATEGORIES];
    double d3p[IRT_MAX_CATEGORIES];
    struct irt_functions out = {0};
    irt_categories8(item, vec_all(theta), categories);
    third_derivatives(item, theta, categories, d3p);
    for (size_t x = 0; x < irt_n_categories(item); x++) {
        double p = categories[x].p[0], r1 = categories[x].dp[0] / p;
        double r2 = categories[x].d2p[0] / p, r3 = d3p[x] / p;
        out.information += p * r1 * r1;
        out.d_information += p * (2 * r1 * r2 - r1 * r1 * r1);
        out.d2_information +=
            p * (2 * r2 * r2 + 2 * r1 * r3 - 5 * r1 * r1 * r2 + 2 * r1 * r1 * r1 * r1);
        out.j += p * r1 * r2;
        out.d_j += p * (r2 * r2 + r1 * r3 - r1 * r1 * r2);
    }
    return out;
}

double irt_bank_information(const struct irt_bank *bank, double theta)
{
    double total = 0;
    for (size_t i = 0; i < bank->n_items; i++)
        if (!bank->items[i].is_pilot)
            total += irt_information(&bank->items[i], theta);
    return total;
}
