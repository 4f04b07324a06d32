/* What a cut study varies: cuts, thresholds of competence, score points, bands of scores.
 * SPDX-License-Identifier: Apache-2.0 */
#include "cut_parts.h"

#include <retake/base/dist.h>
#include <retake/base/real.h>

#include <math.h>

enum { MOST = 100000 };

static const double finest_ability = 0.02, ability_reach = 8; /* logit */
static const double slack = 1e-9;                             /* of a step */

void *study_cut_alloc(struct cut_study *self, size_t n, size_t n_bytes)
{
    void *memory = self->err->code ? NULL : arena_alloc(&self->arena, n * n_bytes);
    if (!memory && !self->err->code)
        err_set(self->err, ERR_MEMORY, "no memory for the cut study");
    return memory;
}

double study_cut_interpolate(const double *x, const double *y, size_t n, double at)
{
    size_t low = 0, high = n - 1;
    if (n == 1 || !(at > x[0]))
        return y[0];
    if (at >= x[high])
        return y[high];
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (at < x[middle])
            high = middle;
        else
            low = middle;
    }
    return y[low] + (y[high] - y[low]) * (at - x[low]) / (x[high] - x[low]);
}

/* Whole steps within a reach. */
static size_t steps(double reach, double step)
{
    return reach > 0 ? (size_t)real_min(floor(reach / step + slack), MOST) : 0;
}

/* centre - below steps .. centre + above steps; the centre itself exactly. */
static double *ladder(struct cut_study *self, double centre, double step, size_t below,
                      size_t above)
{
    double *out = study_cut_alloc(self, below + above + 1, sizeof *out);
    for (size_t k = 0; out && k <= below + above; k++)
        out[k] = centre + ((double)k - (double)below) * step;
    return out;
}

static double theta_of(const struct scenario *s, double score)
{
    return s->exam_cut_theta + (score - s->exam_scale_cut) / s->exam_scale_per_logit;
}

static double *thetas(struct cut_study *self, const double *score, size_t n)
{
    double *out = study_cut_alloc(self, n, sizeof *out);
    for (size_t k = 0; out && score && k < n; k++)
        out[k] = theta_of(self->scenario, score[k]);
    return out;
}

/* ---- refusals ---- */

static enum err_code check_end(struct cut_study *self, const char *key, double value, double least,
                               double most)
{
    if (value >= least && value <= most)
        return ERR_OK;
    return config_scenario_error(self->scenario, key, self->err, ERR_RANGE,
                                 "%.10g must lie between %.10g and %.10g", value, least, most);
}

static enum err_code check(struct cut_study *self)
{
    const struct scenario *s = self->scenario;
    double step = s->validate_cut_step;
    if (s->engine_sessions != CONFIG_SESSIONS_SIMULATE)
        return config_scenario_error(s, "engine.sessions", self->err, ERR_INPUT,
                                     "a cut study simulates its sittings: only simulate is "
                                     "available");
    if (check_end(self, "validate.cut_from", s->validate_cut_from, s->exam_scale_min + slack * step,
                  s->exam_scale_cut) != ERR_OK ||
        check_end(self, "validate.cut_to", s->validate_cut_to, s->exam_scale_cut,
                  s->exam_scale_max - slack * step) != ERR_OK)
        return self->err->code;
    if ((s->validate_cut_to - s->validate_cut_from) / step > 2000)
        return config_scenario_error(s, "validate.cut_step", self->err, ERR_RANGE,
                                     "%g makes more than 2000 cuts", step);
    if ((s->exam_scale_max - s->exam_scale_min) / s->validate_score_step > 20000)
        return config_scenario_error(s, "validate.score_step", self->err, ERR_RANGE,
                                     "%g makes more than 20000 score points",
                                     s->validate_score_step);
    if ((s->exam_scale_max - s->exam_scale_min) / s->validate_band_width > 2000)
        return config_scenario_error(s, "validate.band_width", self->err, ERR_RANGE,
                                     "%g makes more than 2000 bands", s->validate_band_width);
    if ((s->validate_competence_below + s->validate_competence_above) /
            s->validate_competence_step >
        200)
        return config_scenario_error(s, "validate.competence_step", self->err, ERR_RANGE,
                                     "%g makes more than 200 thresholds",
                                     s->validate_competence_step);
    return ERR_OK;
}

/* ---- the grid ---- */

static void init_cuts(struct cut_study *self)
{
    const struct scenario *s = self->scenario;
    struct cut_grid *grid = &self->grid;
    double cut = s->exam_scale_cut, step = s->validate_cut_step;
    size_t below = steps(cut - s->validate_cut_from, step);
    size_t above = steps(s->validate_cut_to - cut, step);
    grid->n_cuts = below + above + 1;
    grid->operational = below;
    grid->cut = ladder(self, cut, step, below, above);
    grid->cut_theta = thetas(self, grid->cut, grid->n_cuts);
}

static void init_competence(struct cut_study *self)
{
    const struct scenario *s = self->scenario;
    struct cut_grid *grid = &self->grid;
    double step = s->validate_competence_step, given = s->population_competent_theta;
    size_t below = steps(s->validate_competence_below, step);
    size_t above = steps(s->validate_competence_above, step);
    grid->n_competence = below + above + 1;
    grid->given = below;
    grid->competence = ladder(self, given, step, below, above);
    double width = step / ceil(step / finest_ability - slack);
    double n = ceil(ability_reach / width);
    grid->ability =
        (struct tally_bins){.low = given - n * width, .width = width, .n = (size_t)(2 * n)};
}

static void init_points(struct cut_study *self)
{
    const struct scenario *s = self->scenario;
    struct cut_grid *grid = &self->grid;
    double step = s->validate_score_step, cut = s->exam_scale_cut;
    size_t below = steps(cut - s->exam_scale_min, step),
           above = steps(s->exam_scale_max - cut, step);
    grid->n_points = below + above + 1;
    grid->point = ladder(self, cut, step, below, above);
    grid->point_theta = thetas(self, grid->point, grid->n_points);
}

/* Bands meet at the cut. */
static void init_bands(struct cut_study *self)
{
    const struct scenario *s = self->scenario;
    double width = s->validate_band_width;
    double below = ceil((s->exam_scale_cut - s->exam_scale_min) / width - slack);
    double above = ceil((s->exam_scale_max - s->exam_scale_cut) / width - slack);
    self->grid.band = (struct tally_bins){
        .low = s->exam_scale_cut - below * width, .width = width, .n = (size_t)(below + above)};
}

enum err_code study_cut_grid_init(struct cut_study *self)
{
    const struct scenario *s = self->scenario;
    if (check(self) != ERR_OK)
        return self->err->code;
    init_cuts(self);
    init_competence(self);
    init_points(self);
    init_bands(self);
    self->grid.n_ratios = s->validate_cost_ratio.n;
    self->grid.ratio = s->validate_cost_ratio.values;
    self->grid.z = dist_normal_quantile(0.5 + 0.5 * s->exam_stop_level);
    return self->err->code;
}

void study_cut_grid_meet(struct cut_study *self)
{
    const struct scenario *s = self->scenario;
    self->grid.n_attempts = self->base.pathway.max_attempts;
    self->is_fixed = s->exam_form == CONFIG_FORM_LINEAR ||
                     (s->exam_form == CONFIG_FORM_CAT && s->exam_min_items == s->exam_max_items &&
                      (size_t)s->exam_max_items == self->base.cat.n_scored);
    if (s->exam_form == CONFIG_FORM_CAT)
        self->decides = cat_design_decides(&self->base.cat);
}
