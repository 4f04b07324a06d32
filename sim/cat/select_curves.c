/* Tables for the rules that integrate over theta: a grid of its own (exam.select.theta_min,
 * theta_max, points; as the estimate's where none), the trapezoid rule, and the rows of all items.
 * SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "rules.h"
#include "select.h"

static double or_else(double value, double otherwise)
{
    return isfinite(value) ? value : otherwise;
}

static enum err_code make_weights(const struct irt_estimator *estimator, struct cat_curves *self,
                                  struct arena *arena, struct err *err)
{
    struct irt_estimator flat = *estimator;
    struct irt_grid density, trapezoid, ones;
    flat.prior = IRT_PRIOR_JEFFREYS; /* no density of its own */
    if (irt_grid_init(&flat, arena, &trapezoid, err))
        return err->code;
    flat.quadrature = IRT_SUM;
    if (irt_grid_init(&flat, arena, &ones, err))
        return err->code;
    flat = *estimator;
    flat.quadrature = IRT_SUM;
    if (irt_grid_init(&flat, arena, &density, err))
        return err->code;
    self->trapezoid = trapezoid.prior;
    self->ones = ones.prior;
    self->density = density.prior;
    return ERR_OK;
}

static enum err_code make_logarithms(struct cat_curves *self, size_t n_rows, struct arena *arena,
                                     struct err *err)
{
    size_t n = n_rows * self->grid.n_vectors;
    vec8 *out = arena_alloc(arena, n * sizeof *out);
    const vec8 *rows = (const vec8 *)self->rows;
    if (!out)
        return err_set(err, ERR_MEMORY, "no memory for the selection of items");
    for (size_t k = 0; k < n; k++)
        out[k] = vec_log(vec_clamp(rows[k], 1e-300, 1));
    self->log_rows = (const double *)out;
    return ERR_OK;
}

enum err_code cat_curves_init(const struct scenario *scenario, struct cat_design *design,
                              struct err *err)
{
    struct cat_curves *self = arena_alloc(&design->arena, sizeof *self);
    struct irt_estimator on = design->estimator;
    double *rows, *information;
    uint32_t *first_row;
    if (!self)
        return err_set(err, ERR_MEMORY, "no memory for the selection of items");
    on.theta_min = or_else(scenario->exam_select_theta_min, on.theta_min);
    on.theta_max = or_else(scenario->exam_select_theta_max, on.theta_max);
    on.points = (size_t)or_else(scenario->exam_select_points, (double)on.points);
    on.quadrature = IRT_TRAPEZOID;
    if (on.theta_min >= on.theta_max)
        return config_scenario_error(scenario, "exam.select.theta_min", err, ERR_RANGE,
                                     "%g must be less than the greatest theta of the selection "
                                     "grid (%g)",
                                     on.theta_min, on.theta_max);
    if (irt_grid_init(&on, &design->arena, &self->grid, err) ||
        irt_grid_likelihood(&self->grid, design->items, design->n_scored, &design->arena, &rows,
                            &first_row, err) ||
        irt_grid_information(&self->grid, design->items, design->n_scored, &design->arena,
                             &information, err) ||
        make_weights(&on, self, &design->arena, err))
        return err->code;
    self->rows = rows;
    self->first_row = first_row;
    self->information = information;
    design->curves = self;
    size_t last = design->n_scored - 1;
    return make_logarithms(self, first_row[last] + irt_n_categories(&design->items[last]),
                           &design->arena, err);
}

const vec8 *cat_curves_weigh(const struct cat_design *design, const struct cat_session *session,
                             const double *by)
{
    vec8 *out = session->scratch->weights;
    for (size_t v = 0; v < design->curves->grid.n_vectors; v++)
        out[v] = ((const vec8 *)session->likelihood)[v] * ((const vec8 *)by)[v];
    return out;
}
