/* Tables for the rules that integrate over theta: a grid of its own (exam.select.theta_min,
 * theta_max, points; as the estimate's where none), the trapezoid rule, and the rows of all items.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/irt/log_model.h>

#include <math.h>

#include "prior.h"
#include "rules.h"
#include "select.h"
#include "weights.h"

static double or_else(double value, double otherwise)
{
    return isfinite(value) ? value : otherwise;
}

static enum err_code make_weights(const struct irt_estimator *estimator, struct cat_curves *self,
                                  struct arena *arena, struct err *err)
{
    struct irt_estimator flat = *estimator;
    flat.prior = IRT_PRIOR_JEFFREYS; /* no density of its own */
    if (irt_grid_init(&flat, arena, &self->trapezoid, err))
        return err->code;
    flat.quadrature = IRT_SUM;
    if (irt_grid_init(&flat, arena, &self->ones, err))
        return err->code;
    flat = *estimator;
    flat.quadrature = IRT_SUM;
    return irt_grid_init(&flat, arena, &self->density, err);
}

static enum err_code make_logarithms(const struct cat_design *design, struct cat_curves *self,
                                     struct arena *arena, struct err *err)
{
    const uint32_t *first = self->first_row, last = (uint32_t)design->n_scored - 1;
    size_t n_rows = first[last] + irt_n_categories(&design->items[last]);
    size_t n = self->grid.n_vectors;
    vec8 *out = arena_alloc(arena, n_rows * n * sizeof *out);
    const vec8 *rows = (const vec8 *)self->rows, *theta = (const vec8 *)self->grid.theta;
    if (!out)
        return err_set(err, ERR_MEMORY, "no memory for the selection of items");
    for (size_t i = 0, k = 0; i < design->n_scored; i++)
        for (size_t x = 0; x < irt_n_categories(&design->items[i]); x++)
            for (size_t v = 0; v < n; v++, k++)
                out[k] = irt_log8(&design->items[i], theta[v], x, vec_clamp(rows[k], 0, 1));
    self->log_rows = (const double *)out;
    return ERR_OK;
}

enum err_code cat_curves_init(const struct scenario *scenario, bool needs_prior,
                              struct cat_design *design, struct err *err)
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
    if (needs_prior && cat_prior_check_selection(scenario, &on, err) != ERR_OK)
        return err->code;
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
    return make_logarithms(design, self, &design->arena, err);
}

static struct cat_weights_over over(const struct cat_curves *curves, const struct irt_grid *by)
{
    return (struct cat_weights_over){&curves->grid, by->log_prior, curves->rows, curves->first_row};
}

const vec8 *cat_curves_weigh(const struct cat_design *design, const struct cat_session *session,
                             const struct irt_grid *by)
{
    const struct cat_weights_over all = over(design->curves, by);
    vec8 *out = session->scratch->weights, total = {0};
    for (size_t v = 0; v < by->n_vectors; v++) {
        out[v] = ((const vec8 *)session->likelihood)[v] * ((const vec8 *)by->prior)[v];
        total += out[v];
    }
    if (vec_sum(total) < CAT_WEIGHTS_LESS)
        cat_weights_exact(design, session, &all, NULL, (double *)out);
    return out;
}

const vec8 *cat_curves_weigh_after(const struct cat_design *design,
                                   const struct cat_session *session, const struct irt_grid *by,
                                   uint32_t item, size_t category)
{
    const struct cat_weights_over all = over(design->curves, by);
    const struct cat_weights_answer answer = {item, category};
    cat_weights_exact(design, session, &all, &answer, session->scratch->exact);
    return (const vec8 *)session->scratch->exact;
}
