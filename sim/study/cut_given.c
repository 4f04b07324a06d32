/* Sittings at given true ability, at the operational cut: conditional standard error of
 * measurement, bias, and P(pass | theta).
 *
 * Candidate n is at score point n mod n_points, without deficits and without forgetting; draws are
 * keyed by a seed of their own. The sittings at a point are independent; the error of a standard
 * deviation is by the jackknife over CUT_BATCHES batches of them.
 * SPDX-License-Identifier: Apache-2.0 */
#include "cut_rates.h"

#include <retake/base/real.h>
#include <retake/irt/model.h>
#include <retake/pathway/timeline.h>

#include <math.h>

static const double ever = 1e9; /* days */

/* First sittings, whatever the policy: everyone sits, at once. */
static void settle(struct scenario *s, size_t n_points)
{
    s->arena = (struct arena){0};
    s->engine_candidates = (int64_t)n_points * s->validate_sittings;
    s->policy_max_attempts = 1;
    s->policy_attempts_per_cycle = s->policy_max_cycles = 1;
    s->policy_window_days = s->policy_horizon_days = ever;
    s->gates_verification_probability = 1;
    s->study_course_gain = 0;
    s->deficits_misread = 0;
}

/* Information of the scored items at the score points, with the scaling constant. */
static void fill_information(struct cut_study *self, float *out)
{
    const struct cat_design *cat = &self->base.cat;
    size_t n_items = self->base.bank.n_items;
    for (size_t p = 0; p < self->grid.n_points; p++)
        for (size_t i = 0; i < cat->n_scored; i++)
            out[p * n_items + cat->order[i]] =
                (float)irt_information(&cat->items[i], self->grid.point_theta[p]);
}

enum err_code study_cut_given_init(struct cut_study *self)
{
    struct cut_given *given = &self->given;
    size_t n_points = self->grid.n_points;
    given->scenario = *self->scenario;
    settle(&given->scenario, n_points);
    given->cells =
        study_cut_alloc(self, n_points, CUT_BATCHES * CUT_GIVEN_N_CELLS * sizeof(int64_t));
    if (self->err->code ||
        engine_plan_share(&given->scenario, &self->base, &given->plan, self->err) != ERR_OK ||
        person_design_fix(&given->plan.person, self->grid.point_theta, n_points, self->err))
        return self->err->code;
    uint64_t seed = (uint64_t)self->scenario->engine_seed;
    given->plan.person.seed = rng_keyed(seed, UINT64_MAX, CUT_KEY_OFFSET, RNG_POOL).state;
    if (self->scenario->exam_form == CONFIG_FORM_NORMAL)
        return ERR_OK;
    given->information = study_cut_alloc(self, n_points, self->base.bank.n_items * sizeof(float));
    if (given->information)
        fill_information(self, given->information);
    return self->err->code;
}

void study_cut_given_free(struct cut_study *self)
{
    engine_plan_free(&self->given.plan);
    arena_free(&self->given.scenario.arena);
}

/* ---- counting ---- */

static void add(int64_t *cell, int64_t value)
{
    __atomic_fetch_add(cell, value, __ATOMIC_RELAXED);
}

static double information_of(const struct cut_study *self, size_t point,
                             const struct pathway_outcomes *outcomes,
                             const struct pathway_sitting *sitting)
{
    const uint32_t *items = outcomes->items + sitting->first_item;
    const float *row = self->given.information + point * self->base.bank.n_items;
    double sum = 0;
    for (size_t i = 0; i < sitting->n_seen; i++)
        sum += (double)row[items[i] & (PATHWAY_SEEN_BEFORE - 1)];
    return sum;
}

static void take(struct cut_study *self, const struct pathway_outcomes *outcomes, size_t point,
                 const struct pathway_sitting *sitting, int64_t *cells)
{
    double error = sitting->theta - self->grid.point_theta[point];
    double points = sitting->score - self->grid.point[point];
    add(&cells[CUT_GIVEN_N], 1);
    add(&cells[CUT_GIVEN_PASS], sitting->passed);
    add(&cells[CUT_GIVEN_UNDECIDED],
        study_cut_is_undecided(self, self->scenario->exam_cut_theta, sitting));
    add(&cells[CUT_GIVEN_LENGTH], sitting->n_scored);
    add(&cells[CUT_GIVEN_ERROR], exact_fixed(error));
    add(&cells[CUT_GIVEN_SQUARE], exact_fixed(error * error));
    add(&cells[CUT_GIVEN_POINTS], exact_fixed(points));
    add(&cells[CUT_GIVEN_POINTS_SQUARE], exact_fixed(points * points));
    add(&cells[CUT_GIVEN_SE], exact_fixed(real_min(sitting->se, 1e3)));
    if (self->given.information)
        add(&cells[CUT_GIVEN_INFORMATION],
            exact_fixed(information_of(self, point, outcomes, sitting)));
}

void study_cut_given_take(struct cut_study *self, const struct pathway_outcomes *outcomes)
{
    size_t n_points = self->grid.n_points;
    for (size_t i = 0; i < outcomes->n; i++) {
        uint64_t candidate = outcomes->first + i;
        size_t point = (size_t)(candidate % n_points);
        size_t batch = (size_t)(candidate / n_points % CUT_BATCHES);
        const struct pathway_outcome *outcome = &outcomes->outcomes[i];
        if (outcome->n_sittings > 0)
            take(self, outcomes, point, &outcomes->sittings[outcome->first_sitting],
                 self->given.cells + (point * CUT_BATCHES + batch) * CUT_GIVEN_N_CELLS);
    }
}

/* ---- statistics ---- */

/* Means over sittings; a standard deviation where `square` is the cell of squares. */
static double statistic(const int64_t *cells, const int64_t *less, enum cut_given_cell which,
                        enum cut_given_cell square)
{
    double n = (double)(cells[CUT_GIVEN_N] - (less ? less[CUT_GIVEN_N] : 0));
    int64_t total = cells[which] - (less ? less[which] : 0);
    double mean = (which >= CUT_GIVEN_ERROR ? exact_real(total) : (double)total) / n;
    if (square == CUT_GIVEN_N)
        return mean;
    double squares = exact_real(cells[square] - (less ? less[square] : 0)) / n;
    return sqrt(real_max(squares - mean * mean, 0) * n / (n - 1));
}

static void evaluate(const struct cut_study *self, size_t point, enum cut_given_cell which,
                     enum cut_given_cell square, double *value, double *error)
{
    int64_t total[CUT_GIVEN_N_CELLS] = {0};
    double left_out[CUT_BATCHES];
    const int64_t *cells = self->given.cells + point * CUT_BATCHES * CUT_GIVEN_N_CELLS;
    size_t n = 0;
    for (size_t i = 0; i < CUT_BATCHES * (size_t)CUT_GIVEN_N_CELLS; i++)
        total[i % CUT_GIVEN_N_CELLS] += cells[i];
    *value = statistic(total, NULL, which, square);
    for (size_t b = 0; b < CUT_BATCHES; b++)
        if (cells[b * CUT_GIVEN_N_CELLS] > 0)
            left_out[n++] = statistic(total, cells + b * CUT_GIVEN_N_CELLS, which, square);
    *error = study_cut_jackknife(left_out, n);
}

static void add_statistic(struct cut_study *self, enum cut_given_cell which,
                          enum cut_given_cell square, double **keep, const struct cut_var *var)
{
    size_t n = self->grid.n_points;
    double *value = study_cut_alloc(self, n, sizeof *value),
           *error = study_cut_alloc(self, n, sizeof *error);
    struct cut_var own = *var;
    for (size_t p = 0; p < n && !self->err->code; p++)
        evaluate(self, p, which, square, &value[p], &error[p]);
    if (keep)
        *keep = value;
    own.value = value;
    own.error = error;
    study_cut_add(self, &own, CUT_DIMS("score_point"));
}

/* One over the root of the mean information, of the items that were answered; of a normal error
 * there are none. */
static void add_information(struct cut_study *self)
{
    size_t n = self->grid.n_points;
    double *value = study_cut_alloc(self, n, sizeof *value), error;
    for (size_t p = 0; value && p < n; p++) {
        value[p] = self->scenario->exam_sem;
        if (!self->given.information)
            continue;
        evaluate(self, p, CUT_GIVEN_INFORMATION, CUT_GIVEN_N, &value[p], &error);
        value[p] = 1 / sqrt(value[p]);
    }
    study_cut_add(self,
                  &(struct cut_var){.name = "information_sem",
                                    .unit = "logit",
                                    .long_name =
                                        "1/sqrt(mean information, at the true ability, of the "
                                        "scored items answered)",
                                    .value = value},
                  CUT_DIMS("score_point"));
}

/* Chances add up as 1 - (1 - p)^k; the error by the delta method. */
static void add_within(struct cut_study *self, const double *p, const double *p_error)
{
    size_t n = self->grid.n_points, n_attempts = self->grid.n_attempts;
    double *value = study_cut_alloc(self, n * n_attempts, sizeof *value);
    double *error = study_cut_alloc(self, n * n_attempts, sizeof *error);
    for (size_t i = 0; i < n && !self->err->code; i++) {
        double failed = 1;
        for (size_t a = 0; a < n_attempts; a++) {
            error[i * n_attempts + a] = (double)(a + 1) * failed * p_error[i];
            failed *= 1 - p[i];
            value[i * n_attempts + a] = 1 - failed;
        }
    }
    study_cut_add(self,
                  &(struct cut_var){.name = "p_pass_within",
                                    .unit = "1",
                                    .long_name =
                                        "P(passed by this attempt | theta), 1 - (1 - p)^k: "
                                        "nothing learnt between and the same passing point",
                                    .value = value,
                                    .error = error},
                  CUT_DIMS("score_point", "attempt"));
}

/* Of a share the sittings are independent: its error is binomial. */
static void add_passing(struct cut_study *self)
{
    size_t n = self->grid.n_points;
    double *value = study_cut_alloc(self, n, sizeof *value),
           *error = study_cut_alloc(self, n, sizeof *error);
    for (size_t p = 0; p < n && !self->err->code; p++) {
        double by_batches;
        evaluate(self, p, CUT_GIVEN_PASS, CUT_GIVEN_N, &value[p], &by_batches);
        error[p] = sqrt(value[p] * (1 - value[p]) / (double)self->scenario->validate_sittings);
    }
    study_cut_add(self,
                  &(struct cut_var){.name = "p_pass",
                                    .unit = "1",
                                    .long_name = "P(pass | theta), one sitting",
                                    .value = value,
                                    .error = error},
                  CUT_DIMS("score_point"));
    add_within(self, value, error);
}

static void add_undecided(struct cut_study *self)
{
    const struct cut_var var = {.name = "undecided_rate_given_theta",
                                .unit = "1",
                                .long_name = "sittings that ended, other than by a rule that "
                                             "decides, with the interval still holding the cut; "
                                             "NaN: exam.stop.rule decides nothing"};
    if (self->decides == CAT_DECIDES_NOTHING)
        study_cut_add_nan(self, &var, CUT_DIMS("score_point"));
    else
        add_statistic(self, CUT_GIVEN_UNDECIDED, CUT_GIVEN_N, NULL, &var);
}

void study_cut_given_add(struct cut_study *self)
{
    study_cut_add(self,
                  &(struct cut_var){.name = "theta",
                                    .unit = "logit",
                                    .long_name = "true ability",
                                    .value = self->grid.point_theta},
                  CUT_DIMS("score_point"));
    add_statistic(self, CUT_GIVEN_ERROR, CUT_GIVEN_SQUARE, &self->sem,
                  &(struct cut_var){.name = "conditional_sem",
                                    .unit = "logit",
                                    .long_name = "standard deviation of estimates given theta"});
    add_statistic(self, CUT_GIVEN_ERROR, CUT_GIVEN_N, &self->mean,
                  &(struct cut_var){.name = "conditional_bias",
                                    .unit = "logit",
                                    .long_name = "mean estimate less theta"});
    add_statistic(self, CUT_GIVEN_POINTS, CUT_GIVEN_POINTS_SQUARE, NULL,
                  &(struct cut_var){.name = "conditional_sem_score",
                                    .unit = "points",
                                    .long_name = "standard deviation of reported scores given "
                                                 "theta"});
    add_information(self);
    add_statistic(self, CUT_GIVEN_SE, CUT_GIVEN_N, NULL,
                  &(struct cut_var){.name = "reported_se_mean",
                                    .unit = "logit",
                                    .long_name = "mean standard error that the estimator reports"});
    add_passing(self);
    if (self->given.information)
        add_statistic(self, CUT_GIVEN_LENGTH, CUT_GIVEN_N, NULL,
                      &(struct cut_var){.name = "session_length_mean_given_theta",
                                        .unit = "items",
                                        .long_name = "mean number of scored items"});
    add_undecided(self);
}
