/* The run. Candidates are cut into chunks of whole blocks, handed to threads in order as they come
 * free; each thread counts into its own tally, and integers are added at the end, so that nothing
 * depends on which thread took which chunk. A run that is stopped finishes the chunks that were
 * handed out: what is done has no gap. Memory does not grow with the number of candidates.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/engine/run.h>

#include <retake/base/wording.h>

#include <assert.h>
#include <omp.h>

enum { CHUNK_BLOCKS = 4, CHUNK = CHUNK_BLOCKS * TALLY_BLOCK };

struct shared {
    const struct engine_plan *plan;
    const struct engine_options *options;
    const struct engine_state *state;
    uint64_t until;
    uint64_t n_chunks, next_chunk; /* of this advance; the next to be handed out */
    uint64_t n_done;               /* candidates */
    double ends_at;                /* 0 = when all is done */
    struct tally *added;           /* what this advance counted */
    omp_lock_t progress; /* of this run: the callback of one may wait for, or make, another */
    bool out_of_memory;
};

int engine_default_threads(void)
{
    return omp_get_max_threads();
}

double engine_time_s(void)
{
    return omp_get_wtime();
}

static bool is_stopped(const struct engine_options *options)
{
    return options->stop && __atomic_load_n(options->stop, __ATOMIC_RELAXED);
}

/* ---- state ---- */

enum err_code engine_state_init(const struct engine_plan *plan, uint64_t first,
                                struct engine_state *self, struct err *err)
{
    assert(first % TALLY_BLOCK == 0 || first == (uint64_t)plan->scenario->engine_candidates);
    *self = (struct engine_state){.first = first, .next = first, .total = tally_new(&plan->shape)};
    return self->total ? ERR_OK : err_set(err, ERR_MEMORY, "no memory for the tallies");
}

void engine_state_free(struct engine_state *self)
{
    tally_free(self->total);
    *self = (struct engine_state){0};
}

/* ---- one chunk ---- */

static uint64_t chunk_first(const struct shared *shared, uint64_t chunk)
{
    uint64_t first = shared->state->next + chunk * CHUNK;
    return first < shared->until ? first : shared->until;
}

static void run_chunk(const struct shared *shared, uint64_t chunk,
                      struct pathway_workspace *workspace, struct tally *tally)
{
    uint64_t first = chunk_first(shared, chunk);
    size_t n = (size_t)(chunk_first(shared, chunk + 1) - first);
    const struct pathway_outcomes *outcomes =
        pathway_journeys(&shared->plan->pathway, first, n, workspace);
    for (size_t from = 0; from < n; from += TALLY_BLOCK)
        tally_add_block(tally, outcomes, from, n - from < TALLY_BLOCK ? n - from : TALLY_BLOCK);
    if (shared->options->chunk_done)
        shared->options->chunk_done(outcomes, first, shared->options->chunk_context);
}

/* Count a finished chunk and tell the caller. */
static void report(struct shared *shared, uint64_t chunk)
{
    uint64_t n_total = shared->options->n_total
                           ? shared->options->n_total
                           : (uint64_t)shared->plan->scenario->engine_candidates;
    omp_set_lock(&shared->progress);
    shared->n_done += chunk_first(shared, chunk + 1) - chunk_first(shared, chunk);
    if (shared->options->progress)
        shared->options->progress(shared->n_done, n_total, shared->options->context);
    omp_unset_lock(&shared->progress);
}

/* However short the pause: a chunk is done, so that the run gets on. */
static bool must_stop(const struct shared *shared)
{
    if (is_stopped(shared->options))
        return true;
    if (shared->next_chunk > 0 && shared->ends_at > 0 && omp_get_wtime() >= shared->ends_at)
        return true;
    bool failed;
#pragma omp atomic read
    failed = shared->out_of_memory;
    return failed;
}

/* The next chunk in order; n_chunks when there is none. What was handed out will be done. */
static uint64_t take_chunk(struct shared *shared)
{
    uint64_t chunk = shared->n_chunks;
#pragma omp critical(take)
    if (shared->next_chunk < shared->n_chunks && !must_stop(shared))
        chunk = shared->next_chunk++;
    return chunk;
}

/* ---- threads ---- */

/* What one thread of the team does. */
static void run_thread(struct shared *shared)
{
    int n_lanes = shared->options->n_lanes > 0 ? shared->options->n_lanes : ENGINE_LANES;
    struct tally *tally = tally_new(&shared->plan->shape);
    struct pathway_workspace *workspace =
        pathway_workspace_new(&shared->plan->pathway, (size_t)n_lanes, CHUNK);
    if (!tally || !workspace) {
#pragma omp atomic write
        shared->out_of_memory = true;
    }
#pragma omp barrier
    for (uint64_t chunk; (chunk = take_chunk(shared)) < shared->n_chunks;) {
        run_chunk(shared, chunk, workspace, tally);
        report(shared, chunk);
    }
#pragma omp critical(merge)
    if (tally)
        tally_merge(shared->added, tally);
    pathway_workspace_free(workspace);
    tally_free(tally);
}

/* More threads than chunks would only cost memory. */
static int choose_threads(const struct shared *shared)
{
    int n = shared->options->n_threads > 0 ? shared->options->n_threads : engine_default_threads();
    return (uint64_t)n < shared->n_chunks ? n : (int)shared->n_chunks;
}

enum err_code engine_advance(const struct engine_plan *plan, const struct engine_options *options,
                             uint64_t until, struct engine_state *state, struct err *err)
{
    if (until <= state->next)
        return ERR_OK;
    struct shared shared = {.plan = plan,
                            .options = options,
                            .state = state,
                            .until = until,
                            .n_chunks = (until - state->next + CHUNK - 1) / CHUNK,
                            .n_done = state->next - state->first,
                            .ends_at =
                                options->pause_s > 0 ? omp_get_wtime() + options->pause_s : 0,
                            .added = tally_new(&plan->shape)};
    int n_threads = choose_threads(&shared);
    if (!shared.added)
        return err_set(err, ERR_MEMORY, "no memory for the tallies");
    omp_init_lock(&shared.progress);
#pragma omp parallel num_threads(n_threads)
    run_thread(&shared);
    omp_destroy_lock(&shared.progress);
    if (shared.out_of_memory) {
        err_set(err, ERR_MEMORY, "no memory for %s",
                wording_count((uint64_t)n_threads, "thread").text);
    } else {
        tally_merge(state->total, shared.added);
        state->next = chunk_first(&shared, shared.next_chunk);
    }
    tally_free(shared.added);
    return err->code;
}

enum err_code engine_run(const struct engine_plan *plan, const struct engine_options *options,
                         struct tally **out, struct err *err)
{
    uint64_t n = (uint64_t)plan->scenario->engine_candidates;
    struct engine_state state = {0};
    *out = NULL;
    if (engine_state_init(plan, 0, &state, err) != ERR_OK)
        goto out;
    while (state.next < n && !is_stopped(options))
        if (engine_advance(plan, options, n, &state, err) != ERR_OK)
            goto out;
    if (state.next < n) {
        err_set(err, ERR_INTERRUPTED, "interrupted after %llu of %s",
                (unsigned long long)state.next, wording_count(n, "candidate").text);
        goto out;
    }
    *out = state.total;
    state.total = NULL;
out:
    engine_state_free(&state);
    return err->code;
}
