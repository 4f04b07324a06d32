/* The run. Candidates are cut into chunks of whole blocks, handed to threads as they come free;
 * each thread counts into its own tally, and integers are added at the end, so that nothing depends
 * on which thread took which chunk. Memory does not grow with the number of candidates.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/engine/run.h>

#include <omp.h>

enum { CHUNK_BLOCKS = 4, CHUNK = CHUNK_BLOCKS * TALLY_BLOCK };

struct shared {
    const struct engine_plan *plan;
    const struct engine_options *options;
    int64_t n_chunks;
    uint64_t n_candidates, n_done;
    struct tally *total;
    omp_lock_t progress; /* of this run: the callback of one may wait for, or make, another */
    bool out_of_memory, is_stopped;
};

int engine_default_threads(void)
{
    return omp_get_max_threads();
}

static void run_chunk(const struct shared *shared, int64_t chunk,
                      struct pathway_workspace *workspace, struct tally *tally)
{
    uint64_t first = (uint64_t)chunk * CHUNK, left = shared->n_candidates - first;
    size_t n = left < CHUNK ? (size_t)left : CHUNK;
    const struct pathway_outcomes *outcomes =
        pathway_journeys(&shared->plan->pathway, first, n, workspace);
    for (size_t from = 0; from < n; from += TALLY_BLOCK)
        tally_add_block(tally, outcomes, from, n - from < TALLY_BLOCK ? n - from : TALLY_BLOCK);
}

/* Count a finished chunk and tell the caller. */
static void report(struct shared *shared)
{
    omp_set_lock(&shared->progress);
    shared->n_done += CHUNK;
    if (shared->n_done > shared->n_candidates)
        shared->n_done = shared->n_candidates;
    if (shared->options->progress)
        shared->options->progress(shared->n_done, shared->n_candidates, shared->options->context);
    omp_unset_lock(&shared->progress);
}

static bool must_stop(struct shared *shared)
{
    if (shared->options->stop && __atomic_load_n(shared->options->stop, __ATOMIC_RELAXED)) {
#pragma omp atomic write
        shared->is_stopped = true;
    }
    bool stop, failed;
#pragma omp atomic read
    stop = shared->is_stopped;
#pragma omp atomic read
    failed = shared->out_of_memory;
    return stop || failed;
}

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
#pragma omp for schedule(dynamic, 1)
    for (int64_t chunk = 0; chunk < shared->n_chunks; chunk++) {
        if (must_stop(shared))
            continue;
        run_chunk(shared, chunk, workspace, tally);
        report(shared);
    }
#pragma omp critical(merge)
    if (tally)
        tally_merge(shared->total, tally);
    pathway_workspace_free(workspace);
    tally_free(tally);
}

/* More threads than chunks would only cost memory. */
static int choose_threads(const struct shared *shared)
{
    int n = shared->options->n_threads > 0 ? shared->options->n_threads : engine_default_threads();
    return n < shared->n_chunks ? n : (int)shared->n_chunks;
}

enum err_code engine_run(const struct engine_plan *plan, const struct engine_options *options,
                         struct tally **out, struct err *err)
{
    uint64_t n = (uint64_t)plan->scenario->engine_candidates;
    struct shared shared = {.plan = plan,
                            .options = options,
                            .n_chunks = (int64_t)((n + CHUNK - 1) / CHUNK),
                            .n_candidates = n,
                            .total = tally_new(&plan->shape)};
    int n_threads = choose_threads(&shared);
    *out = NULL;
    if (!shared.total)
        return err_set(err, ERR_MEMORY, "no memory for the tallies");
    omp_init_lock(&shared.progress);
#pragma omp parallel num_threads(n_threads)
    run_thread(&shared);
    omp_destroy_lock(&shared.progress);
    if (shared.out_of_memory)
        err_set(err, ERR_MEMORY, "no memory for %d threads", n_threads);
    else if (shared.is_stopped)
        err_set(err, ERR_INTERRUPTED, "interrupted after %llu of %llu candidates",
                (unsigned long long)shared.n_done, (unsigned long long)n);
    if (err->code == ERR_OK)
        *out = shared.total;
    else
        tally_free(shared.total);
    return err->code;
}
