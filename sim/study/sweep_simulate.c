/* Policies by full simulation or from a library of sessions, and the table of producers.
 * SPDX-License-Identifier: Apache-2.0 */
#include "sweep_work.h"

#include <retake/tally/join.h>

#include <stdlib.h>

static enum err_code begin(struct study_work *work, struct err *err)
{
    struct engine_batch *batch = calloc(1, sizeof *batch);
    work->own = batch;
    if (study_sweep_memory(batch, err) != ERR_OK)
        return err->code;
    return engine_batch_init(work->base, work->plans, work->n_plans, batch, err);
}

static enum err_code advance(struct study_work *work, const struct engine_options *options,
                             struct err *err)
{
    struct engine_batch *batch = work->own;
    if (engine_batch_advance(batch, options, err) == ERR_OK && batch->next >= batch->n_candidates)
        engine_batch_compare(batch, err);
    return err->code;
}

/* All at the end: they are simulated on the same candidates. */
static size_t n_ready(const struct study_work *work)
{
    const struct engine_batch *batch = work->own;
    return batch->next >= batch->n_candidates ? work->n_plans : 0;
}

static uint64_t n_done(const struct study_work *work)
{
    const struct engine_batch *batch = work->own;
    return batch->next;
}

static size_t n_bytes(const struct study_work *work)
{
    return engine_batch_n_bytes(work->own);
}

static void pack(const struct study_work *work, void *bytes)
{
    engine_batch_pack(work->own, bytes);
}

static bool unpack(struct study_work *work, const void *bytes)
{
    return engine_batch_unpack(work->own, bytes);
}

static enum err_code finish(struct study_work *work, size_t k, struct dataset *out, struct err *err)
{
    const struct engine_batch *batch = work->own;
    struct dataset own = {0};
    if (tally_statistics(batch->totals[k], &own, err) == ERR_OK &&
        dataset_pick(&own, work->base_statistics, NULL, NULL, out, err) == ERR_OK)
        tally_pair_statistics(batch->pairs[k], work->sweep->compares, out, err);
    dataset_free(&own);
    return err->code;
}

static enum err_code base_of(const struct study_work *work, struct err *err)
{
    const struct engine_batch *batch = work->own;
    struct dataset *out = work->base_statistics;
    if (tally_statistics(batch->base_total, out, err) == ERR_OK && batch->n_plans > 0)
        tally_pair_base_statistics(batch->pairs[0], out, err);
    return err->code;
}

static void end(struct study_work *work)
{
    if (work->own)
        engine_batch_free(work->own);
    free(work->own);
    work->own = NULL;
}

static const struct study_producer simulate = {.most = 64,
                                               .begin = begin,
                                               .advance = advance,
                                               .n_ready = n_ready,
                                               .n_done = n_done,
                                               .n_bytes = n_bytes,
                                               .pack = pack,
                                               .unpack = unpack,
                                               .finish = finish,
                                               .base = base_of,
                                               .end = end};

/* In the order of the words of engine.sessions. */
static const struct study_producer *const producers[] = {&simulate, &simulate,
                                                         &study_producer_exact};

enum err_code study_producer_find(const struct scenario *base, const struct study_producer **out,
                                  struct err *err)
{
    size_t k = (size_t)base->engine_sessions;
    *out = k < sizeof producers / sizeof *producers ? producers[k] : NULL;
    if (*out)
        return ERR_OK;
    return config_scenario_error(base, "engine.sessions", err, ERR_INPUT,
                                 "not available in a sweep; simulate and exact are");
}
