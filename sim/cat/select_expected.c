/* Criteria that look one answer ahead (van der Linden 1998), each answer x weighted by P_x(theta):
 *
 * mepv  minimum expected posterior variance, of the EAP posterior with the item added
 * mei   maximum expected information of the item at the estimate that each answer would give, by
 *       the exam's estimator; observed or expected information (exam.select.information)
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules.h"
#include "select.h"
#include "session_estimate.h"
#include "weights.h"

/* ---- mepv ---- */

VEC_INLINE double posterior_variance(const struct irt_grid *grid, const vec8 *weights,
                                     const vec8 *row, double *mass)
{
    vec8 s0 = {0}, s1 = {0}, s2 = {0};
    for (size_t v = 0; v < grid->n_vectors; v++) {
        const vec8 theta = ((const vec8 *)grid->theta)[v];
        vec8 w = weights[v] * row[v], m = w * theta;
        s0 += w;
        s1 += m;
        s2 += m * theta;
    }
    *mass = vec_sum(s0);
    double mean = vec_sum(s1) / *mass;
    return vec_sum(s2) / *mass - mean * mean;
}

/* The same after an answer that is next to impossible. */
static double unlikely_variance(const struct cat_design *design, const struct cat_session *session,
                                uint32_t item, size_t category)
{
    const struct irt_grid *grid = &design->curves->grid;
    const vec8 *weights = cat_curves_weigh_after(design, session, grid, item, category);
    double se = irt_eap(grid, (const double *)weights).se;
    return se * se;
}

VEC_CLONES static void expected_variances(const struct cat_design *design,
                                          const struct cat_session *session, const vec8 *weights,
                                          double theta, const uint32_t *items, size_t n,
                                          double *values)
{
    const struct cat_curves *curves = design->curves;
    size_t n_vectors = curves->grid.n_vectors;
    double p[IRT_MAX_CATEGORIES], mass;
    for (size_t i = 0; i < n; i++) {
        const struct irt_item *item = &design->items[items[i]];
        const vec8 *row = (const vec8 *)curves->rows + curves->first_row[items[i]] * n_vectors;
        irt_probabilities(item, theta, p);
        values[i] = 0;
        for (size_t x = 0; x < irt_n_categories(item); x++, row += n_vectors) {
            double variance = posterior_variance(&curves->grid, weights, row, &mass);
            if (mass < CAT_WEIGHTS_LESS)
                variance = unlikely_variance(design, session, items[i], x);
            values[i] -= p[x] * variance;
        }
    }
}

static void mepv(const struct cat_select_rule *self, const struct cat_design *design,
                 struct cat_session *session, double theta, const uint32_t *items, size_t n,
                 double *values)
{
    (void)self;
    const vec8 *weights = cat_curves_weigh(design, session, &design->curves->grid);
    expected_variances(design, session, weights, theta, items, n, values);
}

/* ---- mei ---- */

static double mean_after(const struct irt_grid *grid, const vec8 *weight, const vec8 *row,
                         double *mass)
{
    vec8 s0 = {0}, s1 = {0};
    for (size_t v = 0; v < grid->n_vectors; v++) {
        vec8 w = weight[v] * row[v];
        s0 += w;
        s1 += w * ((const vec8 *)grid->theta)[v];
    }
    *mass = vec_sum(s0);
    return vec_sum(s1) / *mass;
}

/* The estimate if item were answered with x. */
static double estimate_after(const struct cat_design *design, struct cat_session *session,
                             uint32_t item, uint8_t x)
{
    const struct cat_weights_over over = cat_estimate_over(design);
    const struct cat_weights_answer answer = {item, x};
    double mass;
    if (design->estimator.method != IRT_EAP)
        return cat_estimate_if(design, session, item, x);
    const vec8 *row = (const vec8 *)design->likelihood +
                      (design->first_row[item] + (size_t)x) * design->grid.n_vectors;
    double mean = mean_after(&design->grid, (const vec8 *)session->weight, row, &mass);
    if (mass >= CAT_WEIGHTS_LESS)
        return mean;
    cat_weights_exact(design, session, &over, &answer, session->scratch->exact);
    return irt_eap(&design->grid, session->scratch->exact).theta;
}

static void mei(const struct cat_select_rule *self, const struct cat_design *design,
                struct cat_session *session, double theta, const uint32_t *items, size_t n,
                double *values)
{
    (void)self;
    double p[IRT_MAX_CATEGORIES];
    for (size_t i = 0; i < n; i++) {
        const struct irt_item *item = &design->items[items[i]];
        irt_probabilities(item, theta, p);
        values[i] = 0;
        for (size_t x = 0; x < irt_n_categories(item); x++) {
            double after = estimate_after(design, session, items[i], (uint8_t)x);
            values[i] += p[x] * (design->select_numbers->uses_expected
                                     ? irt_information(item, after)
                                     : irt_observed_information(item, after, x));
        }
    }
}

const struct cat_select_rule cat_select_mepv = {
    .name = "mepv",
    .doc = "minimum expected posterior variance (van der Linden 1998)",
    .parameters = "exam.select.theta_min exam.select.theta_max exam.select.points",
    .needs_estimate = true,
    .needs_curves = true,
    .needs_prior = true,
    .criterion = mepv,
};

const struct cat_select_rule cat_select_mei = {
    .name = "mei",
    .doc = "maximum expected information after the answer (van der Linden 1998)",
    .parameters = "exam.select.information",
    .needs_estimate = true,
    .needs_answers = true,
    .criterion = mei,
};
