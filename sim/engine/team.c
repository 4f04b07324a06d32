/* Chunks are handed out in order and always finished, so that what is done has no gap.
 * SPDX-License-Identifier: Apache-2.0 */
#include "team.h"

#include <omp.h>

struct shared {
    struct engine_team *team;
    double ends_at;  /* 0 = when all is done */
    omp_lock_t lock; /* of this run: what a callback does may make another */
};

static bool must_stop(const struct shared *shared)
{
    const struct engine_options *options = shared->team->options;
    if (options->stop && __atomic_load_n(options->stop, __ATOMIC_RELAXED))
        return true;
    if (shared->team->next_chunk > 0 && shared->ends_at > 0 && omp_get_wtime() >= shared->ends_at)
        return true; /* but never without anything done */
    bool failed;
#pragma omp atomic read
    failed = shared->team->out_of_memory;
    return failed;
}

/* The next chunk in order; n_chunks when there is none. */
static uint64_t take_chunk(struct shared *shared)
{
    struct engine_team *team = shared->team;
    uint64_t chunk = team->n_chunks;
    omp_set_lock(&shared->lock);
    if (team->next_chunk < team->n_chunks && !must_stop(shared))
        chunk = team->next_chunk++;
    omp_unset_lock(&shared->lock);
    return chunk;
}

static void run_thread(struct shared *shared)
{
    struct engine_team *team = shared->team;
    void *own = team->begin(team->context);
    if (!own) {
#pragma omp atomic write
        team->out_of_memory = true;
    }
#pragma omp barrier
#pragma omp single
    if (team->options->pause_s > 0)
        shared->ends_at = omp_get_wtime() + team->options->pause_s;
    for (uint64_t chunk; (chunk = take_chunk(shared)) < team->n_chunks;) {
        team->chunk(team->context, own, chunk);
        omp_set_lock(&shared->lock);
        team->done(team->context, chunk);
        omp_unset_lock(&shared->lock);
    }
    omp_set_lock(&shared->lock);
    if (own)
        team->end(team->context, own);
    omp_unset_lock(&shared->lock);
}

/* More threads than chunks would only cost memory. */
static int choose_threads(const struct engine_team *team)
{
    int n = team->options->n_threads > 0 ? team->options->n_threads : engine_default_threads();
    return (uint64_t)n < team->n_chunks ? n : (int)team->n_chunks;
}

void engine_team_run(struct engine_team *self)
{
    struct shared shared = {.team = self};
    int n_threads = choose_threads(self);
    self->next_chunk = 0;
    self->out_of_memory = false;
    omp_init_lock(&shared.lock);
#pragma omp parallel num_threads(n_threads)
    run_thread(&shared);
    omp_destroy_lock(&shared.lock);
}
