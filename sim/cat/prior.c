/* Priors that cannot be. The place is that of the key that was set last.
 * SPDX-License-Identifier: Apache-2.0 */
#include "prior.h"

#include <retake/base/real.h>
#include <retake/base/wording.h>

/* The keys that a grid is made of. */
struct grid_keys {
    const char *theta_min, *theta_max, *points, *advice;
};

static const struct grid_keys of_estimate = {
    "exam.estimate.theta_min", "exam.estimate.theta_max", "exam.estimate.points",
    "take more exam.estimate.points, or exam.estimate.rule: map"};
static const struct grid_keys of_selection = {"exam.select.theta_min", "exam.select.theta_max",
                                              "exam.select.points", "take more exam.select.points"};

static const char *latest(const struct scenario *scenario, bool is_uniform,
                          const struct grid_keys *grid)
{
    const char *keys[] = {grid->theta_min,
                          grid->theta_max,
                          grid->points,
                          "exam.estimate.prior",
                          is_uniform ? "exam.estimate.prior_min" : "exam.estimate.prior_mean",
                          is_uniform ? "exam.estimate.prior_max" : "exam.estimate.prior_sd"};
    return config_scenario_latest(scenario, keys, sizeof keys / sizeof *keys);
}

static enum err_code refuse_uniform(const struct scenario *scenario, const struct irt_estimator *on,
                                    const struct grid_keys *grid, const char *what, struct err *err)
{
    return config_scenario_error(
        scenario, latest(scenario, true, grid), err, ERR_INPUT,
        "%s lies within the prior's range, exam.estimate.prior_min .. prior_max = %g .. %g: the %s "
        "of the grid are spaced %.3g logits from %s to theta_max, %g to %g; move the range, or %s",
        what, on->prior_min, on->prior_max, wording_count(on->points, "point").text,
        (on->theta_max - on->theta_min) / (double)(on->points - 1), grid->theta_min, on->theta_min,
        on->theta_max, grid->advice);
}

static enum err_code check_grid(const struct scenario *scenario, const struct irt_estimator *on,
                                const struct grid_keys *grid, struct err *err)
{
    enum irt_prior_fit fit = irt_prior_fit(on);
    if (fit == IRT_PRIOR_FITS)
        return ERR_OK;
    if (on->prior == IRT_PRIOR_UNIFORM)
        return refuse_uniform(
            scenario, on, grid,
            fit == IRT_PRIOR_OFF_GRID ? "no point of the grid" : "only one point of the grid", err);
    return config_scenario_error(
        scenario, latest(scenario, false, grid), err, ERR_INPUT,
        "what lies of the prior (mean %g, SD %g) on the grid, %s .. theta_max = %g .. %g, is "
        "narrower than the spacing of its %s, %.3g logits; %s",
        on->prior_mean, on->prior_sd, grid->theta_min, on->theta_min, on->theta_max,
        wording_count(on->points, "point").text,
        (on->theta_max - on->theta_min) / (double)(on->points - 1), grid->advice);
}

/* MAP searches where the prior's range and that of the estimates meet. */
static enum err_code check_range(const struct scenario *scenario, const struct irt_estimator *self,
                                 struct err *err)
{
    double low = real_max(self->theta_min, self->prior_min);
    double high = real_min(self->theta_max, self->prior_max);
    if (self->prior != IRT_PRIOR_UNIFORM || low < high)
        return ERR_OK;
    return config_scenario_error(
        scenario, latest(scenario, true, &of_estimate), err, ERR_INPUT,
        "the prior's range, exam.estimate.prior_min .. prior_max = %g .. %g, and that of the "
        "estimates, exam.estimate.theta_min .. theta_max = %g .. %g, do not overlap",
        self->prior_min, self->prior_max, self->theta_min, self->theta_max);
}

enum err_code cat_prior_check(const struct scenario *scenario, const struct irt_estimator *self,
                              struct err *err)
{
    if (self->method == IRT_EAP)
        return check_grid(scenario, self, &of_estimate, err);
    if (self->method == IRT_MAP || (self->method == IRT_ML && self->constant == IRT_CONSTANT_MAP))
        return check_range(scenario, self, err);
    return ERR_OK;
}

enum err_code cat_prior_check_selection(const struct scenario *scenario,
                                        const struct irt_estimator *on, struct err *err)
{
    return check_grid(scenario, on, &of_selection, err);
}
