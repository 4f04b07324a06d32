/* Global Kullback-Leibler information (Chang & Ying 1996), over the whole selection grid:
 *
 *     KL_i(theta || X) = sum_x P_x(theta) ln(P_x(theta)/P_x(X))
 *
 * kl weighs it by the likelihood of the answers, klp by likelihood x prior density.
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules.h"
#include "select.h"

/* sum_q w_q KL_i(theta || X_q) of each item. */
VEC_CLONES static void divergences(const struct cat_design *design, const vec8 *weights,
                                   double theta, const uint32_t *items, size_t n, double *values)
{
    const struct cat_curves *curves = design->curves;
    size_t n_vectors = curves->grid.n_vectors;
    double p[IRT_MAX_CATEGORIES];
    vec8 total = {0};
    for (size_t v = 0; v < n_vectors; v++)
        total += weights[v];
    double mass = vec_sum(total);
    for (size_t i = 0; i < n; i++) {
        const struct irt_item *item = &design->items[items[i]];
        const vec8 *logs = (const vec8 *)curves->log_rows + curves->first_row[items[i]] * n_vectors;
        irt_probabilities(item, theta, p);
        values[i] = 0;
        for (size_t x = 0; x < irt_n_categories(item); x++, logs += n_vectors) {
            vec8 sum = {0};
            for (size_t v = 0; v < n_vectors; v++)
                sum += weights[v] * logs[v];
            if (p[x] > 1e-300)
                values[i] += p[x] * (mass * vec_log1(p[x]) - vec_sum(sum));
        }
    }
}

static void kl(const struct cat_select_rule *self, const struct cat_design *design,
               struct cat_session *session, double theta, const uint32_t *items, size_t n,
               double *values)
{
    (void)self;
    const vec8 *weights = cat_curves_weigh(design, session, &design->curves->trapezoid);
    divergences(design, weights, theta, items, n, values);
}

static void klp(const struct cat_select_rule *self, const struct cat_design *design,
                struct cat_session *session, double theta, const uint32_t *items, size_t n,
                double *values)
{
    (void)self;
    const vec8 *weights = cat_curves_weigh(design, session, &design->curves->grid);
    divergences(design, weights, theta, items, n, values);
}

#define GRID_PARAMETERS "exam.select.theta_min exam.select.theta_max exam.select.points"

const struct cat_select_rule cat_select_kl = {
    .name = "kl",
    .doc = "Kullback-Leibler information weighted by the likelihood (Chang & Ying 1996)",
    .parameters = GRID_PARAMETERS,
    .needs_estimate = true,
    .needs_curves = true,
    .criterion = kl,
};

const struct cat_select_rule cat_select_klp = {
    .name = "klp",
    .doc = "Kullback-Leibler information weighted by the posterior (Chang & Ying 1996)",
    .parameters = GRID_PARAMETERS,
    .needs_estimate = true,
    .needs_curves = true,
    .needs_prior = true,
    .criterion = klp,
};
