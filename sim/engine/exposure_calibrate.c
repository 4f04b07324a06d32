/* Calibration of exposure control: probabilities K_i such that no scored item is part of more than
 * exam.exposure.target of the first sittings (Sympson & Hetter 1985; van der Linden & Veldkamp
 * 2004).
 *
 * Iteration t simulates exam.exposure.candidates first sittings of the population under the present
 * K_i and finds the rate A_i of each item; then
 *
 *     log K_i <- min(0, log K_i + g_t log(goal / A_i))
 *
 * with g = 1 and a quarter of the candidates until the greatest rate comes near, then g = 1/2, and
 * log K_i is averaged over EPOCH iterations, each with candidates of its own (Polyak & Juditsky
 * 1992), again and again until the mean rates of an epoch are no higher than the goal and its
 * sampling error. The noise left in the rate of a controlled item then has a standard error of
 * about sqrt(target (1 - target) / (EPOCH candidates)); the goal lies so many of these below the
 * target that no item is expected to exceed it (Bonferroni over the items, at 1 in 1,000). A last
 * run, with candidates of its own, shows what was reached; a target that is not is refused.
 *
 * Only the exam, the population and exam.exposure.* matter: the policy, engine.*, threads and
 * shards do not. SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <retake/base/dist.h>
#include <retake/base/real.h>
#include <retake/base/wording.h>

#include "exposure.h"

enum { SEARCH_SHARE = 4, N_SETTLING = 3, EPOCH = 12 };

static const double half_step = 0.5,
                    near_goal = 1.05;      /* the search ends below this multiple of the goal */
static const double greatest_margin = 0.2; /* of the target */

struct calibration {
    const struct engine_options *options;
    const struct engine_plan *plan;
    struct scenario scenario; /* first sittings only */
    struct engine_plan trial; /* of that scenario; shares bank and items with plan */
    size_t n_items;
    int64_t n_candidates;   /* of a full run */
    double target, goal, z; /* z: quantile of the Bonferroni limit */
    double *p, *rate;       /* [n_items]: K_i, A_i */
    double *sum, *sum_log;  /* [n_items]: of A_i and log K_i over this epoch */
    uint32_t n_runs;
    struct err *err;
};

static size_t greatest(const double *values, size_t n)
{
    size_t most = 0;
    for (size_t i = 1; i < n; i++)
        if (values[i] > values[most])
            most = i;
    return most;
}

/* ---- the first sittings ---- */

/* Whatever the policy: everyone sits, once. */
static enum err_code init_trial(struct calibration *self)
{
    const double ever = 1e9; /* days */
    struct scenario *s = &self->scenario;
    struct engine_plan *trial = &self->trial;
    s->engine_candidates = s->exam_exposure_candidates;
    s->policy_max_attempts = 1;
    s->policy_attempts_per_cycle = s->policy_max_cycles = 1;
    s->policy_window_days = s->policy_horizon_days = ever;
    s->gates_verification_probability = 1;
    *trial = (struct engine_plan){
        .scenario = s, .bank = self->plan->bank, .cat = self->plan->cat, .shape = {0}};
    trial->cat.p_shown = self->p;
    if (person_design_init(s, &trial->person, self->err) != ERR_OK ||
        pathway_design_init(s, &trial->person, &trial->cat, &trial->pathway, self->err) != ERR_OK)
        return self->err->code;
    return tally_shape_init(&trial->pathway, &trial->bank, &trial->shape, self->err);
}

/* The rates of all scored items under the present parameters, by candidates not met before. */
static enum err_code run(struct calibration *self)
{
    struct engine_options options = {.n_threads = self->options->n_threads,
                                     .n_lanes = self->options->n_lanes,
                                     .stop = self->options->stop};
    struct tally *tally = NULL;
    struct dataset data = {0};
    uint64_t seed = (uint64_t)self->scenario.exam_exposure_seed;
    self->trial.person.seed = rng_keyed(seed, self->n_runs++, 0, RNG_SELECT).state;
    if (engine_run(&self->trial, &options, &tally, self->err) == ERR_OK &&
        tally_statistics(tally, &data, self->err) == ERR_OK) {
        const struct dataset_var *var = dataset_var(&data, "item_exposure_rate");
        for (size_t i = 0; i < self->n_items; i++)
            self->rate[i] = var->real[self->plan->cat.order[i]];
    }
    tally_free(tally);
    dataset_free(&data);
    return self->err->code;
}

/* ---- the parameters ---- */

/* Standard error of a rate near the target. */
static double error_of(const struct calibration *self, double n_sittings)
{
    return sqrt(self->target * (1 - self->target) / n_sittings);
}

static void update(struct calibration *self, double gain)
{
    double least = 0.5 / (double)self->scenario.engine_candidates;
    for (size_t i = 0; i < self->n_items; i++) {
        double step = vec_log1(self->goal / real_max(self->rate[i], least));
        self->p[i] = real_min(1, self->p[i] * vec_exp1(gain * step));
    }
}

/* Full steps, by short runs, until the greatest rate is near the goal. */
static enum err_code search(struct calibration *self, uint32_t most)
{
    double n = ceil((double)self->n_candidates / (double)SEARCH_SHARE);
    double near = near_goal * self->goal + self->z * error_of(self, n);
    self->scenario.engine_candidates = (int64_t)n;
    while (self->n_runs < most && self->rate[greatest(self->rate, self->n_items)] > near) {
        update(self, 1);
        if (run(self) != ERR_OK)
            return self->err->code;
    }
    self->scenario.engine_candidates = self->n_candidates;
    return run(self);
}

/* Whether the mean rates of an epoch lie at the goal but for their sampling error. */
static bool has_settled(const struct calibration *self)
{
    double mean = self->sum[greatest(self->sum, self->n_items)] / (double)EPOCH;
    return mean <=
           self->goal + self->z * error_of(self, (double)EPOCH * (double)self->n_candidates);
}

static enum err_code repeat(struct calibration *self, uint32_t n)
{
    memset(self->sum, 0, self->n_items * sizeof *self->sum);
    memset(self->sum_log, 0, self->n_items * sizeof *self->sum_log);
    for (uint32_t k = 0; k < n; k++) {
        update(self, half_step);
        if (run(self) != ERR_OK)
            return self->err->code;
        for (size_t i = 0; i < self->n_items; i++) {
            self->sum[i] += self->rate[i];
            self->sum_log[i] += vec_log1(self->p[i]);
        }
    }
    return ERR_OK;
}

/* Epochs until the rates settle; then the mean parameters of the last, with six decimals, rounded
 * down: what a file can hold. */
static enum err_code average(struct calibration *self, uint32_t most)
{
    if (repeat(self, N_SETTLING) != ERR_OK)
        return self->err->code;
    do {
        if (repeat(self, EPOCH) != ERR_OK)
            return self->err->code;
    } while (!has_settled(self) && self->n_runs + EPOCH <= most);
    for (size_t i = 0; i < self->n_items; i++) {
        double mean = vec_exp1(self->sum_log[i] / (double)EPOCH);
        self->p[i] = mean < 1 ? real_max(1, floor(mean * 1e6)) / 1e6 : 1;
    }
    return ERR_OK;
}

/* ---- refusals ---- */

/* @param length  scored items of a test */
static enum err_code check_length(const struct calibration *self, double length, const char *what)
{
    double least = length / (double)self->n_items;
    if (least <= self->target)
        return ERR_OK;
    return config_scenario_error(&self->scenario, "exam.exposure.target", self->err, ERR_INPUT,
                                 "%g, but %.4g scored items %s from a pool of %zu show an item in "
                                 "%.4f of the sittings on average",
                                 self->target, length, what, self->n_items, least);
}

static enum err_code check_reached(const struct calibration *self)
{
    const struct irt_bank *bank = &self->plan->bank;
    size_t worst = greatest(self->rate, self->n_items);
    uint32_t row = self->plan->cat.order[worst];
    if (self->rate[worst] <= self->target + self->z * error_of(self, (double)self->n_candidates))
        return ERR_OK;
    return config_scenario_error(
        &self->scenario, "exam.exposure.target", self->err, ERR_INPUT,
        "%g is not reached: after %s item '%s' (domain %s) still appears in %.4f of the sittings",
        self->target, wording_count(self->n_runs - 1, "iteration").text, bank->ids[row],
        bank->domains[bank->items[row].domain], self->rate[worst]);
}

/* ---- the whole ---- */

static double mean_length(const struct calibration *self)
{
    double total = 0;
    for (size_t i = 0; i < self->n_items; i++)
        total += self->rate[i];
    return total;
}

static enum err_code calibrate(struct calibration *self, struct engine_exposure *out)
{
    uint32_t most = (uint32_t)self->scenario.exam_exposure_iterations;
    for (size_t i = 0; i < self->n_items; i++)
        self->p[i] = 1;
    if (check_length(self, (double)self->scenario.exam_min_items, "at least") != ERR_OK ||
        run(self) != ERR_OK || check_length(self, mean_length(self), "on average") != ERR_OK)
        return self->err->code;
    *out = (struct engine_exposure){.is_calibrated = true, .n_iterations = 1};
    out->greatest_after = out->greatest_before = self->rate[greatest(self->rate, self->n_items)];
    if (out->greatest_before <= self->goal)
        return ERR_OK;
    if (search(self, most > EPOCH + N_SETTLING ? most - EPOCH - N_SETTLING : 1) != ERR_OK ||
        average(self, most) != ERR_OK)
        return self->err->code;
    out->n_iterations = self->n_runs;
    if (run(self) != ERR_OK)
        return self->err->code;
    out->greatest_after = self->rate[greatest(self->rate, self->n_items)];
    return check_reached(self);
}

static enum err_code calibrate_plan(struct scenario *scenario, const struct engine_options *options,
                                    struct engine_plan *plan, double *p, struct err *err)
{
    size_t n = plan->cat.n_scored;
    struct calibration self = {.options = options,
                               .plan = plan,
                               .scenario = *scenario,
                               .n_items = n,
                               .n_candidates = scenario->exam_exposure_candidates,
                               .p = p,
                               .rate = p + n,
                               .sum = p + 2 * n,
                               .sum_log = p + 3 * n,
                               .target = scenario->exam_exposure_target,
                               .z = dist_normal_quantile(1 - 0.001 / (double)n),
                               .err = err};
    double margin = self.z * error_of(&self, (double)EPOCH * (double)self.n_candidates);
    self.goal = self.target - real_min(margin, greatest_margin * self.target);
    if (init_trial(&self) == ERR_OK)
        calibrate(&self, &plan->exposure);
    pathway_design_free(&self.trial.pathway);
    person_design_free(&self.trial.person);
    return err->code;
}

bool engine_exposure_is_calibrated(const struct scenario *scenario)
{
    return scenario->exam_form == CONFIG_FORM_CAT && scenario->exam_exposure_file[0] == '\0' &&
           cat_exposure_has_parameters(scenario->exam_exposure_rule);
}

/* What an earlier calibration gave. */
static void recall(const struct engine_exposure_known *known, struct engine_plan *plan, double *p)
{
    memcpy(p, known->p, known->n_items * sizeof *p);
    plan->exposure = known->exposure;
    plan->exposure.n_controlled = 0; /* counted below */
}

enum err_code engine_exposure_init(struct scenario *scenario, const struct engine_options *options,
                                   struct engine_plan *plan, struct err *err)
{
    if (!cat_design_awaits_exposure(&plan->cat))
        return ERR_OK;
    size_t n = plan->cat.n_scored;
    double *p = calloc(4 * n, sizeof *p);
    if (!p)
        return err_set(err, ERR_MEMORY, "no memory for the exposure of %s",
                       wording_count(n, "item").text);
    if (scenario->exam_exposure_file[0])
        engine_exposure_read(scenario, plan, p, err);
    else if (options->exposure && options->exposure->n_items == n)
        recall(options->exposure, plan, p);
    else
        calibrate_plan(scenario, options, plan, p, err);
    if (err->code == ERR_OK)
        cat_design_expose(&plan->cat, p, err);
    for (size_t i = 0; err->code == ERR_OK && i < n; i++)
        plan->exposure.n_controlled += p[i] < 1;
    free(p);
    return err->code;
}
