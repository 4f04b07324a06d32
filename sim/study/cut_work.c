/* What a cut study costs, and how far it is. Its stages cost very different amounts a unit of work,
 * so each is tried before it begins: the visits and the run for the bank on a few candidates, the
 * bootstrap on one draw, Lee's index at one cut. Progress is told in microseconds of what that
 * comes to on the threads at hand, and ends when all is done. SPDX-License-Identifier: Apache-2.0
 */
#include "cut_parts.h"

#include <retake/base/wording.h>

#include <stdio.h>

enum { FEW = 16, TRIAL_CANDIDATES = 128, MOST_TRIAL_POINTS = 1024 };

static int n_threads(const struct cut_study *self)
{
    return self->options->n_threads > 0 ? self->options->n_threads : engine_default_threads();
}

/* Seconds of all candidates of a visit on all threads. */
static double seconds_of(const struct cut_study *self, const struct engine_visit *visit)
{
    double n = (double)visit->first->scenario->engine_candidates;
    return 1e-9 * (double)visit->cost_ns * n / n_threads(self);
}

static double try_visit(struct cut_study *self, struct engine_visit *visit, size_t few, size_t n)
{
    if (self->err->code || engine_visit_try(visit, few, n, self->err) != ERR_OK)
        return 0;
    return seconds_of(self, visit);
}

/* Between two cuts that were tried. */
static void interpolate(struct engine_visit *list, size_t from, size_t to)
{
    double low = (double)list[from].cost_ns, high = (double)list[to].cost_ns;
    for (size_t k = from + 1; k < to; k++)
        list[k].cost_ns = (uint64_t)(low + (high - low) * (double)(k - from) / (double)(to - from));
}

static double try_visits(struct cut_study *self)
{
    struct engine_visit *list = self->visits;
    const struct cut_grid *grid = &self->grid;
    size_t last = grid->n_cuts - 1, n = self->n_policies, n_points = grid->n_points;
    double seconds = 0;
    for (size_t k = 0; k < n; k++)
        if (k == 0 || k >= last || k == grid->operational)
            try_visit(self, &list[k], FEW, TRIAL_CANDIDATES);
    size_t n_each = n_points < MOST_TRIAL_POINTS ? n_points : MOST_TRIAL_POINTS;
    try_visit(self, &list[n], n_each, n_each); /* abilities differ in what they cost */
    interpolate(list, 0, grid->operational);
    interpolate(list, grid->operational, last);
    for (size_t k = 0; k <= n; k++)
        seconds += seconds_of(self, &list[k]);
    return seconds;
}

enum err_code study_cut_work_init(struct cut_study *self)
{
    size_t n = self->n_policies;
    struct engine_visit bank = {.first = &self->base};
    struct cut_work *work = &self->work;
    self->visits = study_cut_alloc(self, n + 1, sizeof *self->visits);
    if (!self->visits)
        return self->err->code;
    for (size_t k = 0; k < n; k++)
        self->visits[k] = (struct engine_visit){.first = &self->policies[k].plan,
                                                .second = &self->policies[k].twin};
    self->visits[n] = (struct engine_visit){.first = &self->given.plan};
    work->seconds[CUT_STAGE_VISITS] = try_visits(self);
    if (self->scenario->exam_form != CONFIG_FORM_NORMAL)
        work->seconds[CUT_STAGE_BANK] = try_visit(self, &bank, FEW, TRIAL_CANDIDATES);
    work->seconds[CUT_STAGE_LOSS] = study_cut_loss_try(self);
    work->seconds[CUT_STAGE_INDEX] = study_cut_index_try(self);
    for (int k = 0; k < CUT_N_STAGES; k++)
        work->total_s += work->seconds[k];
    return self->err->code;
}

static void tell(const struct cut_study *self, enum cut_stage stage, double share)
{
    double done_s = share * self->work.seconds[stage];
    for (int k = 0; k < (int)stage; k++)
        done_s += self->work.seconds[k];
    if (self->options->progress)
        self->options->progress((uint64_t)(1e6 * done_s), (uint64_t)(1e6 * self->work.total_s),
                                self->options->context);
}

enum err_code study_cut_work_tell(struct cut_study *self, enum cut_stage stage, double share)
{
    const volatile sig_atomic_t *stop = self->options->stop;
    if (stop && __atomic_load_n(stop, __ATOMIC_RELAXED))
        return err_set(self->err, ERR_INTERRUPTED, "interrupted after the simulation");
    tell(self, stage, share);
    return ERR_OK;
}

static void watch_stage(uint64_t n_done, uint64_t n_total, void *context)
{
    const struct cut_work_watch *watch = context;
    tell(watch->study, watch->stage, (double)n_done / (double)n_total);
}

void study_cut_work_options(struct cut_study *self, enum cut_stage stage,
                            struct cut_work_watch *watch, struct engine_options *out)
{
    *watch = (struct cut_work_watch){self, stage};
    *out = *self->options;
    out->progress = watch_stage;
    out->context = watch;
}

/* ---- beforehand ---- */

void study_cut_work_estimate(const struct cut_study *self, struct study_cut_estimate *out)
{
    const struct cut_grid *grid = &self->grid;
    *out = (struct study_cut_estimate){
        .n_cuts = grid->n_cuts,
        .n_changes = self->n_changes,
        .n_points = grid->n_points,
        .first_cut = grid->cut[0],
        .last_cut = grid->cut[grid->n_cuts - 1],
        .n_candidates = (uint64_t)self->scenario->engine_candidates,
        .n_sittings = (uint64_t)self->scenario->validate_sittings,
        .n_threads = n_threads(self),
        .prepare_s = self->work.prepare_s,
        .seconds = self->work.total_s,
    };
}

void study_cut_estimate_text(const struct study_cut_estimate *self, char text[512])
{
    snprintf(text, 512, "%s and %s, %s each, %s with %s each: about %s on %s",
             wording_count(self->n_cuts, "cut").text, wording_count(self->n_changes, "change").text,
             wording_count(self->n_candidates, "candidate").text,
             wording_count(self->n_points, "score point").text,
             wording_count(self->n_sittings, "sitting").text, wording_duration(self->seconds).text,
             wording_count((uint64_t)self->n_threads, "thread").text);
}
