/* Estimation on a grid: expected a posteriori (Bock & Mislevy 1982).
 *
 *     theta_hat = sum w_q theta_q / sum w_q      se^2 = sum w_q theta_q^2 / sum w_q - theta_hat^2
 *
 * with w = prior x likelihood x quadrature weight. The trapezoid rule is catR's, the plain sum
 * mirtCAT's and jsCAT's, Simpson's 3/8 rule catIrt's. SPDX-License-Identifier: Apache-2.0 */
#include <retake/irt/grid.h>

#include <retake/base/real.h>
#include <retake/base/wording.h>

static double quadrature_weight(enum irt_quadrature quadrature, size_t q, size_t n_points)
{
    bool is_end = q == 0 || q == n_points - 1;
    if (quadrature == IRT_TRAPEZOID)
        return is_end ? 0.5 : 1.0;
    if (quadrature == IRT_SIMPSON38)
        return is_end ? 1.0 : q % 3 == 0 ? 2.0 : 3.0;
    return 1.0;
}

/* log of the prior's density, less a constant. */
static double log_density(const struct irt_estimator *self, double theta)
{
    const double end = 1e-9; /* the points nearest to the ends of a uniform prior are rounded */
    double z = (theta - self->prior_mean) / self->prior_sd;
    if (self->prior == IRT_PRIOR_NORMAL)
        return -0.5 * z * z;
    if (self->prior == IRT_PRIOR_UNIFORM)
        return theta >= self->prior_min - end && theta <= self->prior_max + end ? 0 : -INFINITY;
    return 0;
}

static double theta_at(const struct irt_estimator *self, size_t q)
{
    double step = (self->theta_max - self->theta_min) / (double)(self->points - 1);
    return self->theta_min + (double)q * step;
}

static size_t points_of_uniform(const struct irt_estimator *self)
{
    size_t n = 0;
    for (size_t q = 0; q < self->points; q++)
        n += isfinite(log_density(self, theta_at(self, q))) ? 1 : 0;
    return n;
}

enum irt_prior_fit irt_prior_fit(const struct irt_estimator *self)
{
    double spacing = (self->theta_max - self->theta_min) / (double)(self->points - 1);
    double mean = self->prior_mean, sd = self->prior_sd;
    double beyond = real_max(mean - self->theta_max, self->theta_min - mean);
    if (self->prior == IRT_PRIOR_UNIFORM) {
        size_t n = points_of_uniform(self);
        return n == 0 ? IRT_PRIOR_OFF_GRID : n == 1 ? IRT_PRIOR_NARROW : IRT_PRIOR_FITS;
    }
    if (self->prior == IRT_PRIOR_NORMAL && (sd < spacing || sd * sd < spacing * beyond))
        return IRT_PRIOR_NARROW;
    return IRT_PRIOR_FITS;
}

static void fill_prior(const struct irt_estimator *estimator, struct irt_grid *out)
{
    const double deep = -300; /* a prior of which nothing lies higher is raised to 1 */
    double highest = -INFINITY;
    for (size_t q = 0; q < out->n_vectors * VEC_LANES; q++)
        out->log_prior[q] = -INFINITY;
    for (size_t q = 0; q < out->n_points; q++) {
        out->theta[q] = theta_at(estimator, q);
        out->log_prior[q] = log_density(estimator, out->theta[q]);
        highest = real_max(highest, out->log_prior[q]);
    }
    for (size_t q = 0; q < out->n_points; q++) {
        double weight = quadrature_weight(estimator->quadrature, q, out->n_points);
        if (isinf(out->log_prior[q]))
            continue;
        out->log_prior[q] -= highest < deep ? highest : 0;
        out->prior[q] = vec_exp1(out->log_prior[q]) * weight;
        out->log_prior[q] += vec_log1(weight);
    }
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
    out->log_prior = arena_alloc(arena, n * sizeof(double));
    if (!out->theta || !out->prior || !out->log_prior)
        return err_set(err, ERR_MEMORY, "no memory for a grid of %s",
                       wording_count(n_points, "point").text);
    fill_prior(estimator, out);
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
        return err_set(err, ERR_MEMORY, "no memory for the likelihoods of %s",
                       wording_count(n_items, "item").text);
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
        return err_set(err, ERR_MEMORY, "no memory for the information of %s",
                       wording_count(n_items, "item").text);
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

bool irt_eap_jeffreys(const struct irt_grid *grid, const double *weight, const double *information,
                      struct irt_estimate *out)
{
    vec8 s0 = {0}, s1 = {0}, s2 = {0}, mass = {0};
    for (size_t v = 0; v < grid->n_vectors; v++) {
        const vec8 theta = ((const vec8 *)grid->theta)[v];
        vec8 w = ((const vec8 *)weight)[v] * vec_sqrt(((const vec8 *)information)[v]);
        vec8 m = w * theta;
        mass += ((const vec8 *)weight)[v];
        s0 += w;
        s1 += m;
        s2 += m * theta;
    }
    *out = estimate_of((struct moments){vec_sum(s0), vec_sum(s1), vec_sum(s2)});
    return vec_sum(s0) >= 0x1p-400 * vec_sum(mass);
}
