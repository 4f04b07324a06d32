/* Policies inner, candidates outer. Policies that agree in all that acts before the first failure
 * form a class: its candidates are drawn, sit first and, if they pass, are licensed once; only
 * those who fail go on under each policy. Tallies by replicates are sums, so that what a class has
 * in common is counted once and added at the end.
 * SPDX-License-Identifier: Apache-2.0 */
#include "batch_library.h"

#include <retake/base/digest.h>
#include <retake/config/params.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "team.h"

/* The base is policy 0. */
struct grouping {
    const struct engine_batch *batch;
    size_t n_policies, n_classes, n_shapes;
    size_t *class_of, *shape_of;        /* [n_policies] */
    size_t *first_of, *class_of_shape;  /* [class], [shape]: a policy, a class */
    size_t *policy_of_shape;            /* [shape] */
    const struct engine_plan *roomiest; /* allows the most attempts */
};

struct own {
    struct tally **tallies; /* [n_policies] */
    struct tally **shared;  /* [n_shapes] */
    struct pathway_workspace *workspace;
    struct pathway_start *starts; /* [LIBRARY_BLOCK] */
};

struct advance {
    struct engine_batch *batch, *added;
    const struct engine_options *options;
    struct grouping groups;
};

static const struct engine_plan *plan_at(const struct engine_batch *batch, size_t k)
{
    return k == 0 ? batch->base : batch->plans[k - 1];
}

/* ---- classes ---- */

/* Whether a parameter acts only after a failed sitting. */
static bool is_after_failure(const char *path)
{
    static const char *const paths[] = {"study.none",
                                        "study.broad",
                                        "study.targeted",
                                        "study.plan",
                                        "study.hours_per_day",
                                        "study.repair",
                                        "policy.wait_days",
                                        "policy.attempts_per_cycle",
                                        "policy.max_cycles",
                                        "policy.max_attempts",
                                        "policy.cycle_wait_days",
                                        "policy.retake_cut_raise",
                                        "policy.refresher.",
                                        "policy.after_cycle",
                                        "policy.course.",
                                        "leave.",
                                        "title"};
    for (size_t k = 0; k < sizeof paths / sizeof paths[0]; k++)
        if (strncmp(path, paths[k], strlen(paths[k])) == 0)
            return true;
    return false;
}

static bool class_key(const struct scenario *scenario, char key[33])
{
    size_t n_params, n_bytes = 0;
    const struct param *params = config_params(&n_params);
    char *all = NULL, path[512], text[CONFIG_LIST_BYTES];
    FILE *out = open_memstream(&all, &n_bytes);
    for (size_t k = 0; out && k < n_params; k++)
        for (size_t m = 0; m < config_param_n_members(&params[k], scenario); m++) {
            config_param_path(&params[k], scenario, m, path, sizeof path);
            if (is_after_failure(path))
                continue;
            config_param_format(&params[k], scenario, m, text, sizeof text);
            fprintf(out, "%s=%s\n", path, text);
        }
    bool made = out && fclose(out) == 0;
    if (made)
        digest_hex(all, n_bytes, key);
    free(all);
    return made;
}

static bool same_shape(const struct tally_shape *a, const struct tally_shape *b)
{
    return a->n_attempts == b->n_attempts && a->n_cycles == b->n_cycles;
}

/* The class of policy k, and the shape within the class. */
static void place(struct grouping *self, const char (*keys)[33], size_t k)
{
    size_t c = 0, s = 0;
    while (c < self->n_classes && strcmp(keys[self->first_of[c]], keys[k]) != 0)
        c++;
    if (c == self->n_classes)
        self->first_of[self->n_classes++] = k;
    self->class_of[k] = c;
    while (s < self->n_shapes &&
           (self->class_of_shape[s] != c ||
            !same_shape(&plan_at(self->batch, self->policy_of_shape[s])->shape,
                        &plan_at(self->batch, k)->shape)))
        s++;
    if (s == self->n_shapes) {
        self->class_of_shape[s] = c;
        self->policy_of_shape[self->n_shapes++] = k;
    }
    self->shape_of[k] = s;
}

static void grouping_free(struct grouping *self)
{
    free(self->class_of);
}

static enum err_code grouping_init(const struct engine_batch *batch, struct grouping *self,
                                   struct err *err)
{
    size_t n = batch->n_plans + 1;
    char(*keys)[33] = calloc(n, sizeof *keys);
    size_t *numbers = calloc(5 * n, sizeof *numbers);
    bool made = keys && numbers;
    *self = (struct grouping){
        .batch = batch, .n_policies = n, .class_of = numbers, .roomiest = batch->base};
    if (numbers) {
        self->shape_of = numbers + n;
        self->first_of = numbers + 2 * n;
        self->class_of_shape = numbers + 3 * n;
        self->policy_of_shape = numbers + 4 * n;
    }
    for (size_t k = 0; made && k < n; k++) {
        const struct engine_plan *plan = plan_at(batch, k);
        made = class_key(plan->scenario, keys[k]);
        if (made)
            place(self, (const char(*)[33])keys, k);
        if (plan->pathway.max_attempts > self->roomiest->pathway.max_attempts)
            self->roomiest = plan;
    }
    free(keys);
    return made ? ERR_OK : err_set(err, ERR_MEMORY, "no memory for %zu policies", n);
}

/* ---- one thread ---- */

static void own_free(const struct grouping *groups, struct own *self)
{
    for (size_t k = 0; self->tallies && k < groups->n_policies; k++)
        tally_free(self->tallies[k]);
    for (size_t s = 0; self->shared && s < groups->n_shapes; s++)
        tally_free(self->shared[s]);
    pathway_workspace_free(self->workspace);
    free(self->tallies);
    free(self->shared);
    free(self->starts);
    free(self);
}

static bool own_init(const struct grouping *groups, struct own *self)
{
    const struct engine_batch *batch = groups->batch;
    self->tallies = calloc(groups->n_policies, sizeof *self->tallies);
    self->shared = calloc(groups->n_policies, sizeof *self->shared);
    self->workspace = pathway_workspace_new(&groups->roomiest->pathway, 1, LIBRARY_BLOCK);
    self->starts = pathway_starts_new(&groups->roomiest->pathway, LIBRARY_BLOCK);
    bool made = self->tallies && self->shared && self->workspace && self->starts;
    for (size_t k = 0; made && k < groups->n_policies; k++)
        made = (self->tallies[k] = tally_new(&plan_at(batch, k)->shape));
    for (size_t s = 0; made && s < groups->n_shapes; s++)
        made = (self->shared[s] = tally_new(&plan_at(batch, groups->policy_of_shape[s])->shape));
    return made;
}

static void *begin(void *context)
{
    const struct advance *advance = context;
    struct own *self = calloc(1, sizeof *self);
    if (!self || own_init(&advance->groups, self))
        return self;
    own_free(&advance->groups, self);
    return NULL;
}

static void run_class(const struct grouping *groups, struct own *own, size_t class_number,
                      uint64_t first, size_t n)
{
    const struct engine_batch *batch = groups->batch;
    const struct pathway_outcomes *outcomes;
    const struct engine_plan *plan = plan_at(batch, groups->first_of[class_number]);
    size_t n_failed =
        pathway_journeys_begin(&plan->pathway, first, n, own->workspace, own->starts, &outcomes);
    for (size_t s = 0; s < groups->n_shapes; s++)
        if (groups->class_of_shape[s] == class_number)
            tally_add_block(own->shared[s], outcomes, 0, outcomes->n);
    for (size_t k = 0; k < groups->n_policies; k++) {
        if (groups->class_of[k] != class_number)
            continue;
        outcomes = pathway_journeys_resume(&plan_at(batch, k)->pathway, first, own->starts,
                                           n_failed, own->workspace);
        tally_add_block(own->tallies[k], outcomes, 0, n_failed);
    }
}

static uint64_t chunk_first(const struct engine_batch *batch, uint64_t chunk)
{
    uint64_t first = batch->next + chunk * ENGINE_CHUNK;
    return first < batch->n_candidates ? first : batch->n_candidates;
}

static void run_chunk(void *context, void *memory, uint64_t chunk)
{
    const struct grouping *groups = &((const struct advance *)context)->groups;
    uint64_t end = chunk_first(groups->batch, chunk + 1);
    for (uint64_t first = chunk_first(groups->batch, chunk); first < end; first += LIBRARY_BLOCK)
        for (size_t c = 0; c < groups->n_classes; c++)
            run_class(groups, memory, c, first,
                      end - first < LIBRARY_BLOCK ? (size_t)(end - first) : LIBRARY_BLOCK);
}

static void report(void *context, uint64_t chunk)
{
    const struct advance *advance = context;
    const struct engine_batch *batch = advance->batch;
    struct engine_batch *added = advance->added;
    added->next += chunk_first(batch, chunk + 1) - chunk_first(batch, chunk);
    if (advance->options->progress)
        advance->options->progress((batch->next + added->next) * batch->n_plans,
                                   batch->n_candidates * batch->n_plans, advance->options->context);
}

static void end(void *context, void *memory)
{
    const struct advance *advance = context;
    struct own *own = memory;
    for (size_t k = 0; k < advance->groups.n_policies; k++) {
        struct tally *total = k == 0 ? advance->added->base_total : advance->added->totals[k - 1];
        tally_merge(total, own->tallies[k]);
        tally_merge(total, own->shared[advance->groups.shape_of[k]]);
    }
    own_free(&advance->groups, own);
}

static void merge(struct engine_batch *self, const struct engine_batch *other)
{
    tally_merge(self->base_total, other->base_total);
    for (size_t k = 0; k < self->n_plans; k++)
        tally_merge(self->totals[k], other->totals[k]);
}

enum err_code engine_batch_library_advance(struct engine_batch *self,
                                           const struct engine_options *options, struct err *err)
{
    struct engine_batch added;
    struct advance advance = {.batch = self, .added = &added, .options = options};
    struct engine_team team = {.options = options,
                               .n_chunks = (self->n_candidates - self->next + ENGINE_CHUNK - 1) /
                                           ENGINE_CHUNK,
                               .context = &advance,
                               .begin = begin,
                               .chunk = run_chunk,
                               .done = report,
                               .end = end};
    if (team.n_chunks == 0)
        return ERR_OK;
    if (engine_batch_init(self->base, self->plans, self->n_plans, &added, err) == ERR_OK &&
        grouping_init(self, &advance.groups, err) == ERR_OK) {
        engine_team_run(&team);
        if (team.out_of_memory)
            err_set(err, ERR_MEMORY, "no memory for a batch of %zu policies", self->n_plans);
        else
            merge(self, &added);
    }
    if (!err->code)
        self->next = chunk_first(self, team.next_chunk);
    grouping_free(&advance.groups);
    engine_batch_free(&added);
    return err->code;
}

enum err_code engine_batch_compare(struct engine_batch *self, struct err *err)
{
    for (size_t k = 0; self->base->pathway.library && k < self->n_plans && !err->code; k++)
        tally_pair_replicates(self->pairs[k], self->base_total, self->totals[k], err);
    return err->code;
}
