/* The loop of a run. The engine advances until the next checkpoint, the next place where a hook
 * wants to look, or the end; what it leaves is always without a gap. A checkpoint is a whole result
 * file of the candidates so far, written beside the output under a name of its own and put in the
 * place of the one before. SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/real.h>
#include <retake/base/wording.h>
#include <retake/study/durable.h>

#include <retake/engine/ranks.h>
#include <retake/study/exact_solver.h>
#include <retake/study/record.h>
#include <retake/study/single.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "output.h"
#include "part.h"

struct run {
    struct scenario *scenario;
    struct engine_options options;
    const struct study_durable *durable;
    struct err *err;
    struct study_output output;
    struct store_result description; /* attributes alone */
    struct store_result found;       /* the checkpoint to go on from */
    struct study_part part;          /* in it */
    struct engine_exposure_known exposure;
    bool is_resumed, warned, has_advanced;
    struct engine_plan plan;
    struct engine_state state;
    struct engine_ranks ranks;
    uint64_t first, end;
    double began_s, saved_s;
};

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* ---- before ---- */

/* What every file of this run says, and what it is recognised by. */
static enum err_code describe(struct run *self, const char *history)
{
    const struct study_durable *durable = self->durable;
    study_single_describe(self->scenario, history, &self->description, self->err);
    if (durable->n_shards > 0) {
        study_record_number(&self->description, "shard", (double)durable->shard, self->err);
        study_record_number(&self->description, "n_shards", (double)durable->n_shards, self->err);
    }
    return study_record_copy(&self->description,
                             &(struct store_provenance){durable->n_attributes, durable->attributes},
                             self->err);
}

/* Go on from a checkpoint, or read the finished result in the place of running. */
static enum err_code find_before(struct run *self, struct store_result *out, enum study_left *left)
{
    struct err reason = {0};
    const char *checkpoint = self->output.checkpoint;
    if (study_output_find(&self->output, &self->description.provenance, out, &self->found, left,
                          self->err) != ERR_OK ||
        *left != STUDY_LEFT_CHECKPOINT)
        return self->err->code;
    if (study_part_take(checkpoint, &self->found, &self->part, &reason) != ERR_OK)
        return err_set(self->err, reason.code, "%s; to start afresh, remove it", reason.detail);
    if (self->part.first != self->first || self->part.end != self->end)
        return err_set(self->err, ERR_INPUT, "%s: damaged: it is of other candidates", checkpoint);
    self->is_resumed = true;
    return ERR_OK;
}

/* Its counters, and of what library they are, if that came from a file. */
static enum err_code go_on(struct run *self)
{
    struct err reason = {0};
    const char *checkpoint = self->output.checkpoint;
    const struct engine_library *library = self->plan.library;
    const char *stated = store_result_text(&self->found, STUDY_LIBRARY_STATISTICS);
    if (study_part_count(checkpoint, &self->found, &self->part, &self->plan.shape,
                         self->state.total, &reason) != ERR_OK)
        return err_set(self->err, reason.code, "%s; to start afresh, remove it", reason.detail);
    if (stated && library && library->statistics_digest[0] &&
        strcmp(stated, library->statistics_digest) != 0)
        return err_set(self->err, ERR_INPUT,
                       "%s drew from another session library: its " STUDY_LIBRARY_STATISTICS
                       " is %s, not %s; to start afresh, remove it",
                       checkpoint, stated, library->statistics_digest);
    return ERR_OK;
}

static enum err_code begin(struct run *self)
{
    const struct study_hooks *hooks = self->durable->hooks;
    if (self->is_resumed) {
        self->exposure = self->part.exposure;
        self->options.exposure = &self->exposure;
    }
    if (engine_plan_prepare(self->scenario, &self->options, &self->plan, self->err) != ERR_OK)
        return self->err->code;
    if (engine_state_init(&self->plan, self->first, &self->state, self->err) != ERR_OK)
        return self->err->code;
    if (self->is_resumed) {
        if (go_on(self) != ERR_OK)
            return self->err->code;
        self->state.next = self->part.next;
        study_output_say(&self->output, "resumed at candidate %llu of %llu",
                         (unsigned long long)(self->state.next - self->first),
                         (unsigned long long)(self->end - self->first));
    }
    if (hooks && hooks->begun)
        hooks->begun(hooks->context, &self->plan, &self->state, self->is_resumed, self->err);
    return self->err->code;
}

/* ---- results ---- */

/* The candidates so far as a result. */
static enum err_code result_make(struct run *self, bool is_finished, struct store_result *out)
{
    const struct study_hooks *hooks = self->durable->hooks;
    unsigned long long n_done = self->state.next - self->first, n = self->end - self->first;
    char text[96];
    study_single_result(&self->plan, self->state.total, &self->description.provenance, out,
                        self->err);
    if (self->err->code == ERR_OK && !is_finished) {
        snprintf(text, sizeof text, "%llu of %s", n_done, wording_count(n, "candidate").text);
        study_record_text(out, "unfinished", text, self->err);
    } else if (self->err->code == ERR_OK && hooks && hooks->describe) {
        hooks->describe(hooks->context, &self->state, out, self->err);
    }
    if (self->err->code == ERR_OK && (!is_finished || self->durable->n_shards > 0)) {
        study_record_number(out, "first_candidate", (double)self->first, self->err);
        study_record_number(out, "next_candidate", (double)self->state.next, self->err);
        study_part_put(out, &self->plan, &self->state, self->end, self->err);
    }
    return self->err->code;
}

/* @param failure  why the file could not be written, where that is all that went wrong */
static enum err_code save(struct run *self, struct err *failure)
{
    const struct study_hooks *hooks = self->durable->hooks;
    struct store_result result = {0};
    if (hooks && hooks->saving)
        hooks->saving(hooks->context, &self->state, self->err);
    if (self->err->code == ERR_OK && result_make(self, false, &result) == ERR_OK &&
        study_output_keep(&self->output, &result, failure) == ERR_OK && hooks && hooks->saved)
        hooks->saved(hooks->context, &self->state, self->err);
    store_result_free(&result);
    self->saved_s = now_s();
    return self->err->code;
}

/* A checkpoint on the way: the run goes on without it, and the one before stays. */
static enum err_code save_or_warn(struct run *self)
{
    struct err failure = {0};
    if (save(self, &failure) == ERR_OK && failure.code && !self->warned) {
        study_output_say(&self->output, "warning: no checkpoint: %s; the run goes on",
                         failure.detail);
        self->warned = true;
    }
    return self->err->code;
}

/* ---- the loop ---- */

static bool is_told_to_stop(const struct run *self)
{
    return self->options.stop && __atomic_load_n(self->options.stop, __ATOMIC_RELAXED);
}

static enum err_code stop_here(struct run *self)
{
    struct err failure = {0};
    unsigned long long n_done = self->state.next - self->first, n = self->end - self->first;
    if (!self->output.is_kept)
        return err_set(self->err, ERR_INTERRUPTED, "interrupted after %llu of %s", n_done,
                       wording_count(n, "candidate").text);
    if (self->ranks.comm) { /* a rank may be dead: at first what is there */
        if (save(self, &failure) != ERR_OK ||
            engine_ranks_end(&self->ranks, &self->plan, &self->state, self->err) != ERR_OK)
            return self->err->code;
        n_done = self->state.next - self->first;
        err_clear(&failure);
    }
    if (save(self, &failure) != ERR_OK)
        return self->err->code;
    if (failure.code)
        return err_set(self->err, failure.code, "%s; stopped after %llu of %s", failure.detail,
                       n_done, wording_count(n, "candidate").text);
    return err_set(self->err, ERR_STOPPED, "stopped after %llu of %s; go on with --resume", n_done,
                   wording_count(n, "candidate").text);
}

/* Seconds until something is due; 0 = nothing is. */
static double pause_s(const struct run *self)
{
    const struct study_durable *durable = self->durable;
    double least = INFINITY, now = now_s();
    if (durable->checkpoint_s > 0)
        least = self->saved_s + durable->checkpoint_s - now;
    if (durable->max_time_s > 0)
        least = real_min(least, self->began_s + durable->max_time_s - now);
    return isinf(least) ? 0 : real_max(least, 1e-6);
}

static bool is_due(double since_s, double seconds)
{
    return seconds > 0 && now_s() >= since_s + seconds;
}

static uint64_t next_stop(const struct run *self)
{
    const struct study_hooks *hooks = self->durable->hooks;
    if (hooks && hooks->until)
        return hooks->until(hooks->context, &self->state, self->end);
    return self->end;
}

static enum err_code advance_all(struct run *self)
{
    const struct study_durable *durable = self->durable;
    for (uint64_t until; (until = next_stop(self)) > self->state.next;) {
        bool is_over = self->has_advanced && is_due(self->began_s, durable->max_time_s);
        if (is_told_to_stop(self) || is_over)
            return stop_here(self);
        if (is_due(self->saved_s, durable->checkpoint_s) && save_or_warn(self) != ERR_OK)
            return self->err->code;
        self->options.pause_s = pause_s(self);
        self->has_advanced = true; /* so that any limit of time lets the run end at last */
        if (engine_ranks_advance(&self->ranks, &self->plan, &self->options, until, &self->state,
                                 self->err) != ERR_OK)
            return self->err->code;
    }
    return ERR_OK;
}

static enum err_code finish(struct run *self, struct store_result *out)
{
    const struct study_hooks *hooks = self->durable->hooks;
    struct err ignored = {0};
    if (hooks && hooks->saving)
        hooks->saving(hooks->context, &self->state, self->err);
    if (self->err->code || result_make(self, true, out) != ERR_OK || !self->durable->output)
        return self->err->code;
    if (store_result_save(self->durable->output, out, self->err) != ERR_OK) {
        if (self->output.is_kept) /* perhaps that can be written */
            save(self, &ignored);
        return self->err->code;
    }
    if (self->output.is_kept)
        unlink(self->output.checkpoint);
    if (hooks && hooks->saved)
        hooks->saved(hooks->context, &self->state, self->err);
    return self->err->code;
}

/* Without candidates there is nothing to keep: the result is computed, and written. */
static enum err_code run_exact(struct run *self, struct store_result *out)
{
    if (self->durable->n_shards > 0 || self->durable->hooks)
        return config_scenario_error(self->scenario, "engine.sessions", self->err, ERR_INPUT,
                                     "exact has no candidates to shard, to keep or to count");
    if (engine_plan_prepare(self->scenario, &self->options, &self->plan, self->err) != ERR_OK ||
        study_exact_solve(&self->plan, &self->options, &out->dataset, self->err) != ERR_OK ||
        study_record_copy(out, &self->description.provenance, self->err) != ERR_OK)
        return self->err->code;
    return self->durable->output ? store_result_save(self->durable->output, out, self->err)
                                 : ERR_OK;
}

/* A rank other than the first: units until it is told to stop. Its failures are told by the first;
 * a signal is for the first too, units being short. */
static enum err_code help(struct scenario *scenario, const struct engine_options *options)
{
    struct err err = {0};
    struct engine_plan plan = {0};
    struct engine_comm *comm = options->comm;
    struct engine_options own = *options;
    uint64_t words[ENGINE_UNIT_WORDS];
    bool is_ready = false;
    own.stop = NULL;
    while (comm->receive(comm, words) > 0) {
        if (!is_ready) /* by now the first has prepared, so that a library is on the disk */
            engine_plan_prepare(scenario, &own, &plan, &err);
        is_ready = true;
        if (err.code == ERR_OK)
            engine_ranks_work(&plan, &own, words, &err);
        if (err.code)
            comm->send(comm, err.code, err.detail, strlen(err.detail));
    }
    engine_plan_free(&plan);
    return ERR_OK;
}

enum err_code study_durable_run(struct scenario *scenario, const struct engine_options *options,
                                const struct study_durable *durable, const char *history,
                                struct store_result *out, struct err *err)
{
    struct run self = {.scenario = scenario,
                       .options = *options,
                       .durable = durable,
                       .err = err,
                       .end = (uint64_t)scenario->engine_candidates,
                       .began_s = now_s()};
    enum study_left left;
    *out = (struct store_result){0};
    study_output_init(durable, "scenario", &self.output);
    self.saved_s = self.began_s;
    if (durable->n_shards > 0)
        study_part_range(self.end, (uint64_t)durable->shard, (uint64_t)durable->n_shards,
                         &self.first, &self.end);
    self.options.n_total = self.end - self.first;
    if (engine_comm_is_shared(options->comm) && options->comm->rank > 0)
        return help(scenario, options);
    if (engine_ranks_begin(options, &self.ranks, err) != ERR_OK)
        goto out;
    if (study_output_place(&self.output, err) != ERR_OK || describe(&self, history) != ERR_OK ||
        find_before(&self, out, &left) != ERR_OK || left == STUDY_LEFT_RESULT)
        goto out;
    if (scenario->engine_sessions == STUDY_EXACT) {
        run_exact(&self, out);
        goto out;
    }
    if (begin(&self) != ERR_OK) {
        study_output_translate(&self.output, err);
        goto out;
    }
    if (advance_all(&self) == ERR_OK)
        finish(&self, out);
out:
    engine_ranks_free(&self.ranks);
    engine_state_free(&self.state);
    engine_plan_free(&self.plan);
    store_result_free(&self.found);
    store_result_free(&self.description);
    study_output_free(&self.output);
    return err->code;
}
