/* Criteria that are averages over theta: Fisher information weighted by the likelihood (mlwi) or
 * the posterior (mpwi) (Veerkamp & Berger 1997; van der Linden 1998), and the variance of the
 * probability of the answers under these weights (gdi, gdip; Kaplan, de la Torre & Barrada 2015).
 * As in catR, information is integrated by the trapezoid rule, the variance by plain sums.
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules.h"
#include "select.h"

VEC_CLONES static void mean_information(const struct cat_curves *curves, const vec8 *weights,
                                        const uint32_t *items, size_t n, double *values)
{
    size_t n_vectors = curves->grid.n_vectors;
    for (size_t i = 0; i < n; i++) {
        const vec8 *row = (const vec8 *)curves->information + items[i] * n_vectors;
        vec8 sum = {0};
        for (size_t v = 0; v < n_vectors; v++)
            sum += weights[v] * row[v];
        values[i] = vec_sum(sum);
    }
}

/* Variance of one row under weights that sum to mass. */
VEC_INLINE double variance(const vec8 *row, const vec8 *weights, size_t n_vectors, double mass)
{
    vec8 s1 = {0}, s2 = {0};
    for (size_t v = 0; v < n_vectors; v++)
        s1 += weights[v] * row[v];
    double mean = vec_sum(s1) / mass;
    for (size_t v = 0; v < n_vectors; v++)
        s2 += weights[v] * (row[v] - mean) * (row[v] - mean);
    return vec_sum(s2) / mass;
}

VEC_CLONES static void variances(const struct cat_design *design, const vec8 *weights,
                                 const uint32_t *items, size_t n, double *values)
{
    const struct cat_curves *curves = design->curves;
    size_t n_vectors = curves->grid.n_vectors;
    vec8 total = {0};
    for (size_t v = 0; v < n_vectors; v++)
        total += weights[v];
    double mass = vec_sum(total);
    for (size_t i = 0; i < n; i++) {
        const vec8 *row = (const vec8 *)curves->rows + curves->first_row[items[i]] * n_vectors;
        values[i] = 0;
        for (size_t x = 1; x < irt_n_categories(&design->items[items[i]]); x++)
            values[i] += variance(row + x * n_vectors, weights, n_vectors, mass);
    }
}

static void mlwi(const struct cat_select_rule *self, const struct cat_design *design,
                 struct cat_session *session, double theta, const uint32_t *items, size_t n,
                 double *values)
{
    (void)self, (void)theta;
    const vec8 *weights = cat_curves_weigh(design, session, &design->curves->trapezoid);
    mean_information(design->curves, weights, items, n, values);
}

static void mpwi(const struct cat_select_rule *self, const struct cat_design *design,
                 struct cat_session *session, double theta, const uint32_t *items, size_t n,
                 double *values)
{
    (void)self, (void)theta;
    const vec8 *weights = cat_curves_weigh(design, session, &design->curves->grid);
    mean_information(design->curves, weights, items, n, values);
}

static void gdi(const struct cat_select_rule *self, const struct cat_design *design,
                struct cat_session *session, double theta, const uint32_t *items, size_t n,
                double *values)
{
    (void)self, (void)theta;
    const vec8 *weights = cat_curves_weigh(design, session, &design->curves->ones);
    variances(design, weights, items, n, values);
}

static void gdip(const struct cat_select_rule *self, const struct cat_design *design,
                 struct cat_session *session, double theta, const uint32_t *items, size_t n,
                 double *values)
{
    (void)self, (void)theta;
    const vec8 *weights = cat_curves_weigh(design, session, &design->curves->density);
    variances(design, weights, items, n, values);
}

#define GRID_PARAMETERS "exam.select.theta_min exam.select.theta_max exam.select.points"

const struct cat_select_rule cat_select_mlwi = {
    .name = "mlwi",
    .doc = "information weighted by the likelihood (Veerkamp & Berger 1997)",
    .parameters = GRID_PARAMETERS,
    .needs_curves = true,
    .criterion = mlwi,
};

const struct cat_select_rule cat_select_mpwi = {
    .name = "mpwi",
    .doc = "information weighted by the posterior (van der Linden 1998)",
    .parameters = GRID_PARAMETERS,
    .needs_curves = true,
    .needs_prior = true,
    .criterion = mpwi,
};

const struct cat_select_rule cat_select_gdi = {
    .name = "gdi",
    .doc = "variance of the answer's probability under the likelihood (Kaplan et al. 2015)",
    .parameters = GRID_PARAMETERS,
    .needs_curves = true,
    .criterion = gdi,
};

const struct cat_select_rule cat_select_gdip = {
    .name = "gdip",
    .doc = "variance of the answer's probability under the posterior (Kaplan et al. 2015)",
    .parameters = GRID_PARAMETERS,
    .needs_curves = true,
    .needs_prior = true,
    .criterion = gdip,
};
