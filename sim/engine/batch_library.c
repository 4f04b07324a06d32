/* Policies inner, candidates outer, and of the policies what they share first (branches.h). Tallies
 * by replicates are sums, so that what policies have in common is counted once and added at the
 * end.
 * SPDX-License-Identifier: Apache-2.0 */
#include "batch_library.h"

#include <retake/base/wording.h>
#include <retake/pathway/library.h>
#include <retake/pathway/stage.h>

#include <stdlib.h>

#include "branches.h"
#include "team.h"

enum { N_LANES = 8 };

struct own {
    struct tally **tallies; /* [branches.n_tallies] */
    struct pathway_workspace *workspace;
    struct pathway_starts *starts;
};

struct advance {
    struct engine_batch *batch, *added;
    const struct engine_options *options;
    struct engine_branches branches;
};

/* The base is policy 0. */
static enum err_code find_branches(const struct engine_batch *batch, struct engine_branches *self,
                                   struct err *err)
{
    const struct engine_plan **plans = calloc(batch->n_plans + 1, sizeof *plans);
    *self = (struct engine_branches){0};
    if (!plans)
        return err_set(err, ERR_MEMORY, "no memory for %s",
                       wording_count(batch->n_plans, "policy").text);
    plans[0] = batch->base;
    for (size_t k = 0; k < batch->n_plans; k++)
        plans[k + 1] = batch->plans[k];
    engine_branches_init(plans, batch->n_plans + 1, self, err);
    free(plans);
    return err->code;
}

/* ---- one thread ---- */

static void own_free(const struct engine_branches *branches, struct own *self)
{
    for (size_t t = 0; self->tallies && t < branches->n_tallies; t++)
        tally_free(self->tallies[t]);
    pathway_workspace_free(self->workspace);
    pathway_starts_free(self->starts);
    free(self->tallies);
    free(self);
}

static bool own_init(const struct engine_branches *branches, struct own *self)
{
    self->tallies = calloc(branches->n_tallies, sizeof *self->tallies);
    self->workspace = pathway_workspace_new(&branches->roomiest->pathway, N_LANES, LIBRARY_BLOCK);
    self->starts = pathway_starts_new(branches->n_domains, branches->n_days,
                                      (branches->max_split + 1) * LIBRARY_BLOCK);
    bool made = self->tallies && self->workspace && self->starts;
    for (size_t t = 0; made && t < branches->n_tallies; t++)
        made = (self->tallies[t] = tally_new(&branches->shapes[t]));
    return made;
}

static void *begin(void *context)
{
    const struct advance *advance = context;
    struct own *self = calloc(1, sizeof *self);
    if (!self || own_init(&advance->branches, self))
        return self;
    own_free(&advance->branches, self);
    return NULL;
}

/* Branches after a failed sitting and theirs, on starts from .. from + n - 1. The last of siblings
 * may overwrite them. */
static void run_branches(const struct engine_branch *branch, struct own *own, uint64_t first,
                         size_t from, size_t n)
{
    const struct pathway_outcomes *outcomes;
    for (; branch && n > 0; branch = branch->sibling) {
        size_t to = branch->sibling ? from + n : from;
        size_t n_failed = pathway_stage_next(&branch->plan->pathway, first, from, n, to,
                                             own->workspace, own->starts, &outcomes);
        tally_add_stage(own->tallies[branch->tally], outcomes);
        run_branches(branch->child, own, first, to, n_failed);
    }
}

static void run_class(const struct engine_branch *branch, struct own *own, uint64_t first, size_t n)
{
    const struct pathway_outcomes *outcomes;
    size_t n_failed = pathway_stage_first(&branch->plan->pathway, first, n, own->workspace,
                                          own->starts, &outcomes);
    tally_add_stage(own->tallies[branch->tally], outcomes);
    run_branches(branch->child, own, first, 0, n_failed);
}

static uint64_t chunk_first(const struct engine_batch *batch, uint64_t chunk)
{
    uint64_t first = batch->next + chunk * ENGINE_CHUNK;
    return first < batch->n_candidates ? first : batch->n_candidates;
}

static void run_chunk(void *context, void *memory, uint64_t chunk)
{
    const struct advance *advance = context;
    uint64_t end = chunk_first(advance->batch, chunk + 1);
    for (uint64_t first = chunk_first(advance->batch, chunk); first < end; first += LIBRARY_BLOCK)
        for (const struct engine_branch *of = advance->branches.classes; of; of = of->sibling)
            run_class(of, memory, first,
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

/* A tally comes after the one that it shares. */
static void end(void *context, void *memory)
{
    const struct advance *advance = context;
    const struct engine_branches *branches = &advance->branches;
    struct own *own = memory;
    for (size_t t = 0; t < branches->n_tallies; t++) {
        tally_settle(own->tallies[t]);
        if (branches->parent_of[t] != ENGINE_BRANCH_TRUNK)
            tally_inherit(own->tallies[t], own->tallies[branches->parent_of[t]]);
    }
    for (size_t k = 0; k < branches->n_policies; k++)
        tally_inherit(k == 0 ? advance->added->base_total : advance->added->totals[k - 1],
                      own->tallies[branches->tally_of[k]]);
    own_free(branches, own);
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
    struct advance advance = {.batch = self, .added = &added, .options = options, .branches = {0}};
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
        find_branches(self, &advance.branches, err) == ERR_OK) {
        engine_team_run(&team);
        if (team.out_of_memory)
            err_set(err, ERR_MEMORY, "no memory for a batch of %s",
                    wording_count(self->n_plans, "policy").text);
        else
            merge(self, &added);
    }
    if (!err->code)
        self->next = chunk_first(self, team.next_chunk);
    engine_branches_free(&advance.branches);
    engine_batch_free(&added);
    return err->code;
}

enum err_code engine_batch_compare(struct engine_batch *self, struct err *err)
{
    for (size_t k = 0; self->base->pathway.library && k < self->n_plans && !err->code; k++)
        tally_pair_replicates(self->pairs[k], self->base_total, self->totals[k], err);
    return err->code;
}
