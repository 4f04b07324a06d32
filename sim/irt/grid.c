/* Estimation on a grid: expected a posteriori (Bock & Mislevy 1982).
 *
 *     theta_hat = sum w_q theta_q / sum w_q      se^2 = sum w_q theta_q^2 / sum w_q - theta_hat^2
 *
 * with w = prior x likelihood x quadrature weight. The trapezoid rule is catR's, the plain sum
 * mirtCAT's and jsCAT's, Simpson's 3/8 rule catIrt's. SPDX-License-Identifier: Apache-2.0 */
#include <retake/irt/estimate.h>

static double quadrature_weight(enum irt_quadrature quadrature, size_t q, size_t n_points)
{
    bool is_end = q == 0 || q == n_points - 1;
    if (quadrature == IRT_TRAPEZOID)
        return is_end ? 0.5 : 1.0;
    if (quadrature == IRT_SIMPSON38)
        return is_end ? 1.0 : q % 3 == 0 ? 2.0 : 3.0;
    return 1.0;
}

static double prior_density(const struct irt_estimator *self, double theta)
{
    const double end = 1e-9; /* the points nearest to the ends of a uniform prior are rounded */
    double z = (theta - self->prior_mean) / self->prior_sd;
    if (self->prior == IRT_PRIOR_NORMAL)
        return vec_exp1(-0.5 * z * z);
    if (self->prior == IRT_PRIOR_UNIFORM)
        return theta >= self->prior_min - end && theta <= self->prior_max + end ? 1.0 : 0.0;
    return 1.0;
}

enum err_code irt_grid_init(const struct irt_estimator *estimator, struct arena *arena,
                            struct irt_grid *out, struct err *err)
{
    size_t n_points = estimator->points;
    size_t n_vectors = (n_points + VEC_LANES - 1) / VEC_LANES, n = n_vectors * VEC_LANES;
    *out = (struct irt_grid){.n_points = n_points, .n_vectors = n_vectors};
    if (estimator->quadrature == IRT_SIMPSON38 && n_points % 3 != 1)
        return err_set(err, ERR_RANGE, "Simpson's 3/8 rule needs 3k + 1 points, not %zu", n_points);
    out->theta = arena_alloc(arena, n * sizeof(double));
    out->prior = arena_alloc(arena, n * sizeof(double));
    if (!out->theta || !out->prior)
        return err_set(err, ERR_MEMORY, "no memory for a grid of %zu points", n_points);
    double step = (estimator->theta_max - estimator->theta_min) / (double)(n_points - 1);
    for (size_t q = 0; q < n_points; q++) {
        out->theta[q] = estimator->theta_min + (double)q * step;
        out->prior[q] = prior_density(estimator, out->theta[q]) *
                        quadrature_weight(estimator->quadrature, q, n_points);
    }
    return ERR_OK;
}

VEC_CLONES static void likelihood_rows(const struct irt_grid *grid, const struct irt_item *item,
                                       double *rows)
{
    struct irt_category8 categories[IRT_MAX_CATEGORIES];
    size_t n = grid->n_vectors * VEC_LANES;
    for (size_t v = 0; v < n; v += VEC_LANES) {
        irt_categories8(item, *(const vec8 *)(grid->theta + v), categories);
        for (size_t x = 0; x < irt_n_categories(item); x++)
            *(vec8 *)(rows + x * n + v) = categories[x].p;
    }
}

enum err_code irt_grid_likelihood(const struct irt_grid *grid, const struct irt_item *items,
                                  size_t n_items, struct arena *arena, double **rows,
                                  uint32_t **first_row, struct err *err)
{
    size_t n = grid->n_vectors * VEC_LANES, n_rows = 0;
    *first_row = arena_alloc(arena, n_items * sizeof **first_row);
    for (size_t i = 0; i < n_items && *first_row; i++) {
        (*first_row)[i] = (uint32_t)n_rows;
        n_rows += irt_n_categories(&items[i]);
    }
    *rows = arena_alloc(arena, n * n_rows * sizeof(double));
    if (!*rows || !*first_row)
        return err_set(err, ERR_MEMORY, "no memory for the likelihoods of %zu items", n_items);
    for (size_t i = 0; i < n_items; i++)
        likelihood_rows(grid, &items[i], *rows + n * (*first_row)[i]);
    return ERR_OK;
}

VEC_CLONES static void information_row(const struct irt_grid *grid, const struct irt_item *item,
                                       double *row)
{
    struct irt_category8 categories[IRT_MAX_CATEGORIES];
    for (size_t v = 0; v < grid->n_vectors; v++) {
        vec8 total = {0};
        irt_categories8(item, ((const vec8 *)grid->theta)[v], categories);
        for (size_t x = 0; x < irt_n_categories(item); x++)
            total += categories[x].dp * (categories[x].dp / categories[x].p);
        ((vec8 *)row)[v] = total;
    }
}

enum err_code irt_grid_information(const struct irt_grid *grid, const struct irt_item *items,
                                   size_t n_items, struct arena *arena, double **rows,
                                   struct err *err)
{
    size_t n = grid->n_vectors * VEC_LANES;
    *rows = arena_alloc(arena, n * n_items * sizeof(double));
    if (!*rows)
        return err_set(err, ERR_MEMORY, "no memory for the information of %zu items", n_items);
    for (size_t i = 0; i < n_items; i++)
        information_row(grid, &items[i], *rows + n * i);
    return ERR_OK;
}

struct moments {
    double s0, s1, s2; /* sums of w, w theta, w theta^2 */
};

static struct irt_estimate estimate_of(struct moments sums)
{
    double mean = sums.s1 / sums.s0, variance = sums.s2 / sums.s0 - mean * mean;
    return (struct irt_estimate){.theta = mean, .se = variance > 0 ? sqrt(variance) : 0.0};
}

struct irt_estimate irt_eap(const struct irt_grid *grid, const double *weight)
{
    vec8 s0 = {0}, s1 = {0}, s2 = {0};
    for (size_t v = 0; v < grid->n_vectors; v++) {
        const vec8 w = ((const vec8 *)weight)[v], theta = ((const vec8 *)grid->theta)[v];
        vec8 m = w * theta;
        s0 += w;
        s1 += m;
        s2 += m * theta;
    }
    return estimate_of((struct moments){vec_sum(s0), vec_sum(s1), vec_sum(s2)});
}

struct irt_estimate irt_eap_jeffreys(const struct irt_grid *grid, const double *weight,
                                     const double *information)
{
    vec8 s0 = {0}, s1 = {0}, s2 = {0};
    for (size_t v = 0; v < grid->n_vectors; v++) {
        const vec8 theta = ((const vec8 *)grid->theta)[v];
        vec8 w = ((const vec8 *)weight)[v] * vec_sqrt(((const vec8 *)information)[v]);
        vec8 m = w * theta;
        s0 += w;
        s1 += m;
        s2 += m * theta;
    }
    return estimate_of((struct moments){vec_sum(s0), vec_sum(s1), vec_sum(s2)});
}
