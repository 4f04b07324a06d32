/* Ability estimation.
 *
 * EAP (Bock & Mislevy 1982): theta_hat = sum w_q theta_q / sum w_q with w = prior x likelihood x
 * quadrature weight; se^2 = sum w_q theta_q^2 / sum w_q - theta_hat^2. The trapezoid rule is
 * catR's.
 *
 * ML: root of the score S(theta) = sum P' (x - P)/(P Q); Newton's step uses the expected
 * information (Fisher scoring) and falls back to bisection when it leaves the bracket of the root.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/irt/estimate.h>

#include <math.h>

enum { MAX_STEPS = 200 };

enum err_code irt_grid_init(double theta_min, double theta_max, size_t n_points, double prior_mean,
                            double prior_sd, struct arena *arena, struct irt_grid *out,
                            struct err *err)
{
    size_t n_vectors = (n_points + VEC_LANES - 1) / VEC_LANES, n = n_vectors * VEC_LANES;
    *out = (struct irt_grid){.n_points = n_points, .n_vectors = n_vectors};
    out->theta = arena_alloc(arena, n * sizeof(double));
    out->prior = arena_alloc(arena, n * sizeof(double));
    if (!out->theta || !out->prior)
        return err_set(err, ERR_MEMORY, "no memory for a grid of %zu points", n_points);
    double step = (theta_max - theta_min) / (double)(n_points - 1);
    for (size_t q = 0; q < n_points; q++) {
        double z = (theta_min + (double)q * step - prior_mean) / prior_sd;
        bool is_end = q == 0 || q == n_points - 1;
        out->theta[q] = theta_min + (double)q * step;
        out->prior[q] = vec_exp1(-0.5 * z * z) * (is_end ? 0.5 : 1.0);
    }
    return ERR_OK;
}

static void likelihood_rows(const struct irt_grid *grid, const struct irt_item *item, double *rows)
{
    size_t n = grid->n_vectors * VEC_LANES;
    for (size_t v = 0; v < n; v += VEC_LANES) {
        const vec8 theta = *(const vec8 *)(grid->theta + v);
        struct irt_curve8 curve = irt_curve8(vec_all(item->a), vec_all(item->b), vec_all(item->c),
                                             vec_all(item->d), theta);
        *(vec8 *)(rows + v) = curve.q;
        *(vec8 *)(rows + n + v) = curve.p;
    }
}

enum err_code irt_grid_likelihood(const struct irt_grid *grid, const struct irt_item *items,
                                  size_t n_items, struct arena *arena, double **out,
                                  struct err *err)
{
    size_t n = grid->n_vectors * VEC_LANES;
    *out = arena_alloc(arena, 2 * n * n_items * sizeof(double));
    if (!*out)
        return err_set(err, ERR_MEMORY, "no memory for the likelihoods of %zu items", n_items);
    for (size_t i = 0; i < n_items; i++)
        likelihood_rows(grid, &items[i], *out + 2 * n * i);
    return ERR_OK;
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
    double mass = vec_sum(s0), mean = vec_sum(s1) / mass;
    double variance = vec_sum(s2) / mass - mean * mean;
    return (struct irt_estimate){.theta = mean, .se = variance > 0 ? sqrt(variance) : 0.0};
}

struct score {
    double slope;       /* d log-likelihood / d theta */
    double information; /* expected */
};

VEC_CLONES static struct score score_at(const struct irt_answers *answers, double theta)
{
    vec8 slope = {0}, information = {0};
    const vec8 lane = {0, 1, 2, 3, 4, 5, 6, 7};
    for (size_t i = 0; i < answers->n; i += VEC_LANES) {
        vec8i valid = (vec8i)(lane < vec_all((double)(answers->n - i)));
        struct irt_curve8 curve = irt_curve8(
            *(const vec8 *)(answers->a + i), *(const vec8 *)(answers->b + i),
            *(const vec8 *)(answers->c + i), *(const vec8 *)(answers->d + i), vec_all(theta));
        vec8 term = curve.dp * (*(const vec8 *)(answers->x + i) - curve.p) / (curve.p * curve.q);
        slope += vec_choose(valid, term, vec_all(0));
        information += vec_choose(valid, curve.information, vec_all(0));
    }
    return (struct score){.slope = vec_sum(slope), .information = vec_sum(information)};
}

VEC_CLONES static double log_likelihood(const struct irt_answers *answers, double theta)
{
    vec8 total = {0};
    const vec8 lane = {0, 1, 2, 3, 4, 5, 6, 7};
    for (size_t i = 0; i < answers->n; i += VEC_LANES) {
        vec8i valid = (vec8i)(lane < vec_all((double)(answers->n - i)));
        struct irt_curve8 curve = irt_curve8(
            *(const vec8 *)(answers->a + i), *(const vec8 *)(answers->b + i),
            *(const vec8 *)(answers->c + i), *(const vec8 *)(answers->d + i), vec_all(theta));
        vec8i right = (vec8i)(*(const vec8 *)(answers->x + i) > 0.5);
        total += vec_log(vec_choose(valid, vec_choose(right, curve.p, curve.q), vec_all(1)));
    }
    return vec_sum(total);
}

/* Narrow [low, high] to the grid cells around the highest likelihood. */
static void bracket_highest(const struct irt_answers *answers, double *low, double *high)
{
    size_t n_cells = (size_t)ceil((*high - *low) / 0.25), best = 0;
    double step = (*high - *low) / (double)n_cells, best_value = -INFINITY, origin = *low;
    for (size_t q = 0; q <= n_cells; q++) {
        double value = log_likelihood(answers, origin + (double)q * step);
        if (value > best_value) {
            best_value = value;
            best = q;
        }
    }
    if (best > 0)
        *low = origin + (double)(best - 1) * step;
    if (best < n_cells)
        *high = origin + (double)(best + 1) * step;
}

static struct irt_estimate estimate_at(const struct irt_answers *answers, double theta)
{
    double information = score_at(answers, theta).information;
    return (struct irt_estimate){theta, information > 0 ? 1.0 / sqrt(information) : INFINITY};
}

struct irt_estimate irt_ml(const struct irt_answers *answers, double theta_min, double theta_max,
                           double start)
{
    double low = theta_min, high = theta_max;
    if (!answers->is_monotone)
        bracket_highest(answers, &low, &high);
    double theta = start > low && start < high ? start : 0.5 * (low + high);
    for (int step = 0; step < MAX_STEPS && high - low > 1e-13; step++) {
        struct score score = score_at(answers, theta);
        if (score.slope > 0)
            low = theta;
        else
            high = theta;
        double change = score.information > 0 ? score.slope / score.information : 0;
        double next = theta + change;
        if (fabs(change) < 1e-13 && score.information > 0)
            return (struct irt_estimate){theta, 1.0 / sqrt(score.information)};
        theta = next > low && next < high ? next : 0.5 * (low + high);
    }
    if (theta_max - theta < 1e-9)
        theta = theta_max;
    if (theta - theta_min < 1e-9)
        theta = theta_min;
    return estimate_at(answers, theta);
}
