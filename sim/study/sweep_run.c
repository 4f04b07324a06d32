/* The loop over batches. Policies of one exam come together, so that its tables are built once; the
 * results are in the order of the design all the same, for every policy is a row of its own. A
 * checkpoint is a result of the policies so far, with the batch under way as its state.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/real.h>
#include <retake/study/sweep_run.h>

#include <retake/base/file.h>
#include <retake/study/record.h>

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sweep_loop.h"

enum { BATCH_BYTES = 512 << 20 };

double study_loop_now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* ---- before ---- */

static int compare_keys(const void *a, const void *b)
{
    const struct study_order *one = a, *two = b;
    int order = strcmp(one->key, two->key);
    return order ? order : (one->point > two->point) - (one->point < two->point);
}

void study_sweep_shard(const struct study_sweep *sweep, const struct study_durable *durable,
                       size_t *first, size_t *n)
{
    size_t all = sweep->n_points, edge[2] = {0, all};
    size_t shards = (size_t)durable->n_shards;
    for (size_t k = 0; k < 2 && shards > 0; k++) {
        size_t before = (size_t)durable->shard - 1 + k, more = all % shards;
        edge[k] = all / shards * before + (before < more ? before : more);
    }
    *first = edge[0];
    *n = edge[1] - edge[0];
}

/* The policies of this shard, those of one exam together. */
static enum err_code order_make(struct study_loop *self)
{
    study_sweep_shard(self->sweep, &self->options->durable, &self->first, &self->n_policies);
    self->order = calloc(self->n_policies + 1, sizeof *self->order);
    if (study_sweep_memory(self->order, self->err) != ERR_OK ||
        study_rows_init(&self->rows, self->first, self->n_policies, self->err) != ERR_OK)
        return self->err->code;
    for (size_t k = 0; k < self->n_policies; k++) {
        self->order[k].point = self->first + k;
        study_exams_key(&self->exams, self->first + k, self->order[k].key);
    }
    qsort(self->order, self->n_policies, sizeof *self->order, compare_keys);
    return ERR_OK;
}

/* All variables that there can be, from empty tallies. */
static enum err_code check_outputs(struct study_loop *self)
{
    struct tally *tally = tally_new(&self->plan.shape);
    struct tally_pair *pair = tally_pair_new(&self->plan.shape, &self->plan.shape);
    struct dataset all = {0};
    if (study_sweep_memory(tally && pair ? tally : NULL, self->err) == ERR_OK &&
        tally_statistics(tally, &all, self->err) == ERR_OK &&
        tally_pair_statistics(pair, true, &all, self->err) == ERR_OK)
        study_row_check(self->sweep, &all, self->err);
    dataset_free(&all);
    tally_pair_free(pair);
    tally_free(tally);
    return self->err->code;
}

enum err_code study_loop_begin(struct study_loop *self)
{
    if (study_sweep_base(self->sweep, &self->base, self->err) != ERR_OK ||
        study_producer_find(&self->base, &self->producer, self->err) != ERR_OK ||
        engine_plan_prepare(&self->base, &self->engine, &self->plan, self->err) != ERR_OK)
        return self->err->code;
    self->n_candidates = (uint64_t)self->base.engine_candidates;
    study_exams_init(self->sweep, &self->engine, &self->base, &self->plan, &self->exams);
    if (check_outputs(self) != ERR_OK)
        return self->err->code;
    if (self->plan.pathway.library && !study_row_asks_for_sessions(self->sweep))
        engine_plan_leave_out_sessions(&self->plan);
    return order_make(self);
}

void study_loop_end(struct study_loop *self)
{
    study_loop_batch_end(self);
    study_rows_free(&self->rows);
    dataset_free(&self->base_statistics);
    dataset_free(&self->base_row);
    study_ranks_free(self);
    free(self->order);
    study_exams_free(&self->exams);
    engine_plan_free(&self->plan);
    config_scenario_free(&self->base);
    store_result_free(&self->found);
    store_result_free(&self->description);
}

/* ---- a batch ---- */

size_t study_loop_most_policies(const struct study_loop *self)
{
    size_t bytes = engine_batch_policy_bytes(&self->plan, self->engine.n_threads);
    size_t most = BATCH_BYTES / bytes, asked = self->options->batch;
    if (asked > 0 && (!self->producer->base_is_fixed || asked < self->producer->most))
        return asked; /* one after the other, more at a time would only take memory */
    return most < 1 ? 1 : most < self->producer->most ? most : self->producer->most;
}

static enum err_code add_row(struct study_loop *self, size_t point,
                             const struct dataset *statistics, const char *message)
{
    struct dataset row = {0};
    assert(!study_rows_is_done(&self->rows, point));
    if (study_row_make(self->sweep, point, statistics, message, &row, self->err) == ERR_OK)
        study_rows_add(&self->rows, point, &row, self->err);
    dataset_free(&row);
    return self->err->code;
}

/* A row that says why there are no statistics, or with --strict the end of the sweep. */
static enum err_code fail_policy(struct study_loop *self, size_t point, const struct err *why)
{
    if (self->options->strict)
        return err_set(self->err, why->code, "policy %zu: %s", point + 1,
                       study_row_reason(why->detail));
    return add_row(self, point, NULL, study_row_reason(why->detail));
}

/* A policy for the batch, or a row that says why not. */
static enum err_code take_policy(struct study_loop *self, size_t point)
{
    struct study_policy *policy = &self->policies[self->work.n_plans];
    if (study_policy_build(&self->exams, point, policy, self->err) != ERR_OK)
        return self->err->code;
    if (policy->failure.code == ERR_OK) {
        self->plans[self->work.n_plans++] = &policy->plan;
        return ERR_OK;
    }
    fail_policy(self, point, &policy->failure);
    study_policy_free(policy);
    return self->err->code;
}

static enum err_code batch_reserve(struct study_loop *self, size_t n)
{
    self->policies = calloc(n + 1, sizeof *self->policies);
    self->plans = calloc(n + 1, sizeof *self->plans);
    self->work = (struct study_work){.sweep = self->sweep,
                                     .base = &self->plan,
                                     .plans = self->plans,
                                     .base_statistics = &self->base_statistics};
    return study_sweep_memory(self->policies && self->plans ? self : NULL, self->err);
}

size_t study_loop_next(struct study_loop *self, size_t most, size_t *points)
{
    size_t n = 0;
    while (n < most && self->next < self->n_policies) {
        size_t point = self->order[self->next++].point;
        const struct study_row *row = &self->rows.rows[point - self->first];
        if (!row->joined && !row->is_at_work)
            points[n++] = point;
    }
    return n;
}

enum err_code study_loop_batch_begin(struct study_loop *self, const size_t *points, size_t n)
{
    char(*keys)[33] = calloc(n + 1, sizeof *keys);
    if (study_sweep_memory(keys, self->err) != ERR_OK || batch_reserve(self, n) != ERR_OK) {
        free(keys);
        return self->err->code;
    }
    for (size_t k = 0; k < n; k++)
        study_exams_key(&self->exams, points[k], keys[k]);
    study_exams_trim(&self->exams, (const char(*)[33])keys, n);
    free(keys);
    for (size_t k = 0; k < n && !self->err->code; k++)
        take_policy(self, points[k]);
    if (!self->err->code && self->work.n_plans > 0) {
        self->is_at_work = true;
        self->producer->begin(&self->work, self->err);
    }
    return self->err->code;
}

void study_loop_batch_end(struct study_loop *self)
{
    if (self->is_at_work)
        self->producer->end(&self->work);
    for (size_t k = 0; self->policies && k < self->work.n_plans; k++)
        study_policy_free(&self->policies[k]);
    free(self->policies);
    free(self->plans);
    self->policies = NULL;
    self->plans = NULL;
    self->work = (struct study_work){.n_plans = 0};
    self->is_at_work = false;
    self->n_taken = 0;
    if (self->producer && !self->producer->base_is_fixed)
        dataset_free(&self->base_statistics);
}

static enum err_code take_base(struct study_loop *self)
{
    if (self->base_statistics.n_vars == 0 && self->producer->base(&self->work, self->err) != ERR_OK)
        return self->err->code;
    if (!self->has_base && study_row_warn(&self->base, &self->base_statistics, self->err) == ERR_OK)
        study_row_base(self->sweep, &self->base_statistics, &self->base_row, self->err);
    self->has_base = true;
    return self->err->code;
}

/* What the producer knows of policy k of the batch, as a row. */
static enum err_code take_one(struct study_loop *self, size_t k)
{
    struct dataset statistics = {0};
    size_t point = self->policies[k].point;
    const struct err *why =
        self->producer->refusal ? self->producer->refusal(&self->work, k) : NULL;
    if (why)
        return fail_policy(self, point, why);
    if (self->producer->finish(&self->work, k, &statistics, self->err) == ERR_OK &&
        study_row_warn(&self->policies[k].scenario, &statistics, self->err) == ERR_OK)
        add_row(self, point, &statistics, "");
    dataset_free(&statistics);
    return self->err->code;
}

enum err_code study_loop_batch_take(struct study_loop *self, size_t n)
{
    if (n > self->n_taken && take_base(self) != ERR_OK)
        return self->err->code;
    for (; self->n_taken < n && !self->err->code; self->n_taken++)
        take_one(self, self->n_taken);
    return self->err->code;
}

enum err_code study_loop_batch_take_ready(struct study_loop *self)
{
    return self->is_at_work ? study_loop_batch_take(self, self->producer->n_ready(&self->work))
                            : ERR_OK;
}

bool study_loop_batch_goes_on(const struct study_loop *self)
{
    return self->is_at_work && self->producer->n_ready(&self->work) < self->work.n_plans;
}

/* ---- the loop ---- */

static bool is_told_to_stop(const struct study_loop *self)
{
    return self->engine.stop && __atomic_load_n(self->engine.stop, __ATOMIC_RELAXED);
}

static bool is_due(double since_s, double seconds)
{
    return seconds > 0 && study_loop_now_s() >= since_s + seconds;
}

/* Seconds until something is due; 0 = nothing is. */
static double pause_s(const struct study_loop *self)
{
    const struct study_durable *durable = &self->options->durable;
    double least = INFINITY, now = study_loop_now_s();
    if (durable->checkpoint_s > 0)
        least = self->saved_s + durable->checkpoint_s - now;
    if (durable->max_time_s > 0)
        least = real_min(least, self->began_s + durable->max_time_s - now);
    return isinf(least) ? 0 : real_max(least, 1e-6);
}

static void progress(uint64_t n_done, uint64_t n_total, void *context)
{
    struct study_loop *self = context;
    (void)n_total;
    if (self->options->engine.progress)
        self->options->engine.progress(self->rows.n_done * self->n_candidates + n_done,
                                       self->n_policies * self->n_candidates,
                                       self->options->engine.context);
}

enum err_code study_loop_look_around(struct study_loop *self)
{
    const struct study_durable *durable = &self->options->durable;
    if (self->comm && study_ranks_absorb(self) != ERR_OK)
        return self->err->code;
    bool is_over = self->has_advanced && is_due(self->began_s, durable->max_time_s);
    if (is_told_to_stop(self) || is_over)
        return study_loop_stop(self);
    if (is_due(self->saved_s, durable->checkpoint_s))
        return study_loop_save_or_warn(self);
    return ERR_OK;
}

enum err_code study_loop_batch_run(struct study_loop *self)
{
    while (study_loop_batch_goes_on(self)) {
        if (study_loop_look_around(self) != ERR_OK)
            return self->err->code;
        self->engine.pause_s = pause_s(self);
        self->has_advanced = true; /* so that any limit of time lets the sweep end at last */
        if (self->producer->advance(&self->work, &self->engine, self->err) != ERR_OK ||
            study_loop_batch_take_ready(self) != ERR_OK)
            return self->err->code;
        if (!self->producer->n_done)
            progress(0, 0, self);
    }
    if (study_loop_batch_take_ready(self) != ERR_OK) /* of a checkpoint, all may be ready */
        return self->err->code;
    study_loop_batch_end(self);
    return ERR_OK;
}

/* Policies whose set-up was interrupted are begun anew. */
enum err_code study_loop_batch_of(struct study_loop *self, const size_t *points, size_t n)
{
    if (study_loop_batch_begin(self, points, n) == ERR_OK)
        return study_loop_batch_run(self);
    if (self->err->code == ERR_INTERRUPTED && self->output.is_kept) {
        study_loop_batch_end(self);
        err_clear(self->err);
        study_loop_stop(self);
    }
    return self->err->code;
}

enum err_code study_loop_run(struct study_loop *self)
{
    size_t most = study_loop_most_policies(self);
    size_t *points = calloc(most, sizeof *points);
    self->engine.progress = progress;
    self->engine.context = self;
    if (self->comm) {
        free(points);
        return study_ranks_run(self);
    }
    if (study_sweep_memory(points, self->err) != ERR_OK)
        return self->err->code;
    study_loop_batch_run(self); /* the one of the checkpoint */
    while (!self->err->code && self->rows.n_done < self->n_policies) {
        size_t n = study_loop_next(self, most, points);
        if (study_loop_look_around(self) == ERR_OK)
            study_loop_batch_of(self, points, n);
    }
    free(points);
    return self->err->code;
}
