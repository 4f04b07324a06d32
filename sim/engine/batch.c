/* A thread takes a chunk of candidates, simulates the base, then each policy of the batch, and
 * pairs their blocks while both are at hand.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/engine/batch.h>

#include <retake/base/wording.h>

#include <stdlib.h>
#include <string.h>

#include "batch_library.h"
#include "team.h"

/* What one thread has: of the base first, then of each plan. */
struct own {
    struct tally **tallies;                /* [1 + n_plans] */
    struct pathway_workspace **workspaces; /* [1 + n_plans] */
    struct tally_pair **pairs;             /* [n_plans] */
    struct tally_cell *base;               /* [ENGINE_CHUNK_BLOCKS][cells] */
    struct tally_cell *cells;              /* of a block of a policy */
};

struct advance {
    struct engine_batch *batch, *added;
    const struct engine_options *options;
};

static const struct engine_plan *plan_at(const struct engine_batch *batch, size_t k)
{
    return k == 0 ? batch->base : batch->plans[k - 1];
}

/* ---- the batch ---- */

enum err_code engine_batch_init(const struct engine_plan *base,
                                const struct engine_plan *const *plans, size_t n_plans,
                                struct engine_batch *self, struct err *err)
{
    *self = (struct engine_batch){
        .base = base,
        .n_plans = n_plans,
        .plans = plans,
        .n_candidates = (uint64_t)base->scenario->engine_candidates,
        .base_total = tally_new(&base->shape),
        .totals = calloc(n_plans + 1, sizeof *self->totals),
        .pairs = calloc(n_plans + 1, sizeof *self->pairs),
    };
    bool made = self->base_total && self->totals && self->pairs;
    for (size_t k = 0; made && k < n_plans; k++) {
        self->totals[k] = tally_new(&plans[k]->shape);
        self->pairs[k] = tally_pair_new(&base->shape, &plans[k]->shape);
        made = self->totals[k] && self->pairs[k];
    }
    return made ? ERR_OK
                : err_set(err, ERR_MEMORY, "no memory for the tallies of %s",
                          wording_count(n_plans, "policy").text);
}

void engine_batch_free(struct engine_batch *self)
{
    tally_free(self->base_total);
    for (size_t k = 0; k < self->n_plans; k++) {
        if (self->totals)
            tally_free(self->totals[k]);
        if (self->pairs)
            tally_pair_free(self->pairs[k]);
    }
    free(self->totals);
    free(self->pairs);
    *self = (struct engine_batch){0};
}

static void merge(struct engine_batch *self, const struct engine_batch *other)
{
    tally_merge(self->base_total, other->base_total);
    for (size_t k = 0; k < self->n_plans; k++) {
        tally_merge(self->totals[k], other->totals[k]);
        tally_pair_merge(self->pairs[k], other->pairs[k]);
    }
}

/* ---- one thread ---- */

static void own_free(const struct engine_batch *batch, struct own *self)
{
    for (size_t k = 0; k <= batch->n_plans; k++) {
        if (self->tallies)
            tally_free(self->tallies[k]);
        if (self->workspaces)
            pathway_workspace_free(self->workspaces[k]);
        if (self->pairs && k > 0)
            tally_pair_free(self->pairs[k - 1]);
    }
    free(self->tallies);
    free(self->workspaces);
    free(self->pairs);
    free(self->base);
    free(self->cells);
    free(self);
}

static size_t most_cells(const struct engine_batch *batch)
{
    size_t most = 0;
    for (size_t k = 0; k <= batch->n_plans; k++) {
        size_t n = tally_block_n_cells(&plan_at(batch, k)->shape);
        most = n > most ? n : most;
    }
    return most;
}

static bool own_init(const struct engine_batch *batch, size_t n_lanes, struct own *self)
{
    size_t n_cells = most_cells(batch);
    self->tallies = calloc(batch->n_plans + 1, sizeof *self->tallies);
    self->workspaces = calloc(batch->n_plans + 1, sizeof *self->workspaces);
    self->pairs = calloc(batch->n_plans + 1, sizeof *self->pairs);
    self->base = calloc(ENGINE_CHUNK_BLOCKS * n_cells, sizeof *self->base);
    self->cells = calloc(n_cells, sizeof *self->cells);
    bool made = self->tallies && self->workspaces && self->pairs && self->base && self->cells;
    for (size_t k = 0; made && k <= batch->n_plans; k++) {
        const struct engine_plan *plan = plan_at(batch, k);
        self->tallies[k] = tally_new(&plan->shape);
        self->workspaces[k] = pathway_workspace_new(&plan->pathway, n_lanes, ENGINE_CHUNK);
        made = self->tallies[k] && self->workspaces[k];
        if (made && k > 0)
            made = (self->pairs[k - 1] = tally_pair_new(&batch->base->shape, &plan->shape));
    }
    return made;
}

static void *begin(void *context)
{
    const struct advance *advance = context;
    int n_lanes = advance->options->n_lanes > 0 ? advance->options->n_lanes : ENGINE_LANES;
    struct own *self = calloc(1, sizeof *self);
    if (!self || own_init(advance->batch, (size_t)n_lanes, self))
        return self;
    own_free(advance->batch, self);
    return NULL;
}

static uint64_t chunk_first(const struct engine_batch *batch, uint64_t chunk)
{
    uint64_t first = batch->next + chunk * ENGINE_CHUNK;
    return first < batch->n_candidates ? first : batch->n_candidates;
}

/* The base (k = 0) leaves the cells of its blocks; a policy meets them. */
static void run_plan(const struct engine_batch *batch, struct own *own, size_t k, uint64_t first,
                     size_t n)
{
    size_t n_base = tally_block_n_cells(&batch->base->shape);
    const struct pathway_outcomes *outcomes =
        pathway_journeys(&plan_at(batch, k)->pathway, first, n, own->workspaces[k]);
    for (size_t from = 0; from < n; from += TALLY_BLOCK) {
        size_t n_here = n - from < TALLY_BLOCK ? n - from : TALLY_BLOCK;
        struct tally_cell *base = own->base + from / TALLY_BLOCK * n_base;
        struct tally_cell *cells = k == 0 ? base : own->cells;
        tally_add_block(own->tallies[k], outcomes, from, n_here);
        tally_block_cells(own->tallies[k], outcomes, from, n_here, cells);
        if (k > 0)
            tally_pair_add_block(own->pairs[k - 1], base, cells);
    }
}

static void run_chunk(void *context, void *memory, uint64_t chunk)
{
    const struct engine_batch *batch = ((const struct advance *)context)->batch;
    uint64_t first = chunk_first(batch, chunk);
    size_t n = (size_t)(chunk_first(batch, chunk + 1) - first);
    for (size_t k = 0; k <= batch->n_plans; k++)
        run_plan(batch, memory, k, first, n);
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
    merge(advance->added, &(struct engine_batch){.n_plans = advance->batch->n_plans,
                                                 .base_total = own->tallies[0],
                                                 .totals = own->tallies + 1,
                                                 .pairs = own->pairs});
    own_free(advance->batch, own);
}

enum err_code engine_batch_advance(struct engine_batch *self, const struct engine_options *options,
                                   struct err *err)
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
    if (self->base->pathway.library)
        return engine_batch_library_advance(self, options, err);
    if (engine_batch_init(self->base, self->plans, self->n_plans, &added, err) == ERR_OK) {
        engine_team_run(&team);
        if (team.out_of_memory)
            err_set(err, ERR_MEMORY, "no memory for a batch of %s",
                    wording_count(self->n_plans, "policy").text);
        else
            merge(self, &added);
    }
    if (!err->code)
        self->next = chunk_first(self, team.next_chunk);
    engine_batch_free(&added);
    return err->code;
}

/* ---- bytes: next, the tally of the base, then a tally and a pair for each plan ---- */

size_t engine_batch_n_bytes(const struct engine_batch *self)
{
    size_t n = sizeof self->next + tally_n_bytes(&self->base->shape);
    for (size_t k = 0; k < self->n_plans; k++)
        n += tally_n_bytes(&self->plans[k]->shape) + tally_pair_n_bytes(self->pairs[k]);
    return n;
}

void engine_batch_pack(const struct engine_batch *self, void *bytes)
{
    char *to = bytes;
    memcpy(to, &self->next, sizeof self->next);
    to += sizeof self->next;
    tally_pack(self->base_total, to);
    to += tally_n_bytes(&self->base->shape);
    for (size_t k = 0; k < self->n_plans; k++) {
        tally_pack(self->totals[k], to);
        to += tally_n_bytes(&self->plans[k]->shape);
        tally_pair_pack(self->pairs[k], to);
        to += tally_pair_n_bytes(self->pairs[k]);
    }
}

static bool is_sound(const struct engine_batch *self)
{
    bool is_sound = self->next <= self->n_candidates &&
                    (self->next % ENGINE_CHUNK == 0 || self->next == self->n_candidates) &&
                    tally_is_sound(self->base_total, self->next);
    /* with a library pairs are made at the end */
    uint64_t n_paired = self->base->pathway.library ? 0 : self->next;
    uint64_t n_blocks = n_paired / TALLY_BLOCK + (n_paired % TALLY_BLOCK > 0);
    for (size_t k = 0; k < self->n_plans; k++)
        is_sound = is_sound && tally_is_sound(self->totals[k], self->next) &&
                   tally_pair_is_sound(self->pairs[k], n_blocks);
    return is_sound;
}

bool engine_batch_unpack(struct engine_batch *self, const void *bytes)
{
    const char *from = bytes;
    memcpy(&self->next, from, sizeof self->next);
    from += sizeof self->next;
    tally_unpack(self->base_total, from);
    from += tally_n_bytes(&self->base->shape);
    for (size_t k = 0; k < self->n_plans; k++) {
        tally_unpack(self->totals[k], from);
        from += tally_n_bytes(&self->plans[k]->shape);
        tally_pair_unpack(self->pairs[k], from);
        from += tally_pair_n_bytes(self->pairs[k]);
    }
    return is_sound(self);
}

size_t engine_batch_policy_bytes(const struct engine_plan *plan, int n_threads)
{
    size_t n_threads_used = n_threads > 0 ? (size_t)n_threads : (size_t)engine_default_threads();
    size_t n_seen = plan->pathway.cat ? plan->pathway.cat->max_seen : 0;
    size_t of_candidate = sizeof(struct pathway_outcome) +
                          2 * (sizeof(struct pathway_sitting) + n_seen * sizeof(uint32_t));
    size_t of_tally = tally_n_bytes(&plan->shape) + 32768;
    return (n_threads_used + 2) * of_tally + n_threads_used * ENGINE_CHUNK * of_candidate;
}
