/* Visits: chunks of all plans in one queue, so that threads do not wait for each other between two
 * plans. A thread keeps the workspaces of the visit it is at.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/engine/visit.h>

#include <retake/base/wording.h>

#include <stdlib.h>
#include <time.h>

#include "team.h"

struct tour {
    const struct engine_visits *visits;
    struct engine_team team;
    uint64_t *first_chunk; /* [n + 1] */
    uint64_t n_done, n_total;
};

struct visitor {
    size_t visit; /* that the workspaces are for; visits->n at first */
    size_t n_lanes;
    struct pathway_workspace *first, *second;
};

static uint64_t n_candidates(const struct engine_visit *visit)
{
    return (uint64_t)visit->first->scenario->engine_candidates;
}

/* What a candidate counts in the progress. */
static uint64_t cost_of(const struct engine_visit *visit)
{
    return visit->cost_ns > 0 ? visit->cost_ns : visit->second ? 2 : 1;
}

static size_t visit_of(const struct tour *self, uint64_t chunk)
{
    size_t low = 0, high = self->visits->n;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (chunk < self->first_chunk[middle])
            high = middle;
        else
            low = middle;
    }
    return low;
}

/* ---- a trial ---- */

double engine_thread_time_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* Seconds of the first n candidates. */
static enum err_code time_plan(const struct engine_plan *plan, size_t n, double *seconds,
                               struct err *err)
{
    struct pathway_workspace *workspace = pathway_workspace_new(&plan->pathway, ENGINE_LANES, n);
    if (!workspace)
        return err_set(err, ERR_MEMORY, "no memory for a trial");
    double began = engine_thread_time_s();
    pathway_journeys(&plan->pathway, 0, n, workspace);
    *seconds += engine_thread_time_s() - began;
    pathway_workspace_free(workspace);
    return ERR_OK;
}

enum err_code engine_visit_try(struct engine_visit *self, size_t few, size_t n, struct err *err)
{
    const double quick_s = 0.02;
    const size_t sizes[] = {few, n};
    uint64_t n_all = n_candidates(self);
    for (int k = 0; k < 2 && sizes[k] > 0; k++) {
        size_t size = sizes[k] < n_all ? sizes[k] : (size_t)n_all;
        double seconds = 0;
        if (time_plan(self->first, size, &seconds, err) != ERR_OK ||
            (self->second && time_plan(self->second, size, &seconds, err) != ERR_OK))
            return err->code;
        self->cost_ns = 1 + (uint64_t)(1e9 * seconds / (double)size);
        if (seconds > quick_s || few == n)
            break;
    }
    return ERR_OK;
}

/* ---- the tour ---- */

/* The candidates of a chunk of a visit. */
static size_t chunk_range(const struct tour *self, uint64_t chunk, size_t visit, uint64_t *first)
{
    uint64_t n = n_candidates(&self->visits->list[visit]);
    *first = (chunk - self->first_chunk[visit]) * ENGINE_CHUNK;
    return (size_t)(n - *first < ENGINE_CHUNK ? n - *first : ENGINE_CHUNK);
}

static void leave(struct visitor *self)
{
    pathway_workspace_free(self->first);
    pathway_workspace_free(self->second);
    self->first = self->second = NULL;
}

static bool arrive(const struct tour *tour, size_t visit, struct visitor *self)
{
    const struct engine_visit *at = &tour->visits->list[visit];
    leave(self);
    self->visit = visit;
    self->first = pathway_workspace_new(&at->first->pathway, self->n_lanes, ENGINE_CHUNK);
    if (at->second)
        self->second = pathway_workspace_new(&at->second->pathway, self->n_lanes, ENGINE_CHUNK);
    return self->first && (self->second || !at->second);
}

static void *begin(void *context)
{
    const struct tour *tour = context;
    int n_lanes = tour->team.options->n_lanes;
    struct visitor *self = calloc(1, sizeof *self);
    if (!self)
        return NULL;
    self->n_lanes = n_lanes > 0 ? (size_t)n_lanes : ENGINE_LANES;
    self->visit = tour->visits->n;
    return self;
}

static void run_chunk(void *context, void *own, uint64_t chunk)
{
    struct tour *tour = context;
    struct visitor *self = own;
    uint64_t first;
    size_t visit = visit_of(tour, chunk), n = chunk_range(tour, chunk, visit, &first);
    const struct engine_visit *at = &tour->visits->list[visit];
    if ((self->visit != visit || !self->first) && !arrive(tour, visit, self)) {
        leave(self);
        __atomic_store_n(&tour->team.out_of_memory, true, __ATOMIC_RELAXED);
        return;
    }
    const struct pathway_outcomes *second =
        at->second ? pathway_journeys(&at->second->pathway, first, n, self->second) : NULL;
    tour->visits->take(tour->visits->context, visit,
                       pathway_journeys(&at->first->pathway, first, n, self->first), second);
}

static void report(void *context, uint64_t chunk)
{
    struct tour *tour = context;
    const struct engine_options *options = tour->team.options;
    uint64_t first;
    size_t visit = visit_of(tour, chunk);
    tour->n_done += chunk_range(tour, chunk, visit, &first) * cost_of(&tour->visits->list[visit]);
    if (options->progress)
        options->progress(tour->n_done, tour->n_total, options->context);
}

static void end(void *context, void *own)
{
    (void)context;
    leave(own);
    free(own);
}

enum err_code engine_visit_all(const struct engine_visits *self,
                               const struct engine_options *options, struct err *err)
{
    struct engine_options without_pause = *options;
    without_pause.pause_s = 0;
    struct tour tour = {.visits = self, .first_chunk = calloc(self->n + 1, sizeof(uint64_t))};
    if (!tour.first_chunk)
        return err_set(err, ERR_MEMORY, "no memory for %s", wording_count(self->n, "policy").text);
    for (size_t k = 0; k < self->n; k++) {
        uint64_t n = n_candidates(&self->list[k]);
        tour.first_chunk[k + 1] = tour.first_chunk[k] + (n + ENGINE_CHUNK - 1) / ENGINE_CHUNK;
        tour.n_total += n * cost_of(&self->list[k]);
    }
    tour.team = (struct engine_team){.options = &without_pause,
                                     .n_chunks = tour.first_chunk[self->n],
                                     .context = &tour,
                                     .begin = begin,
                                     .chunk = run_chunk,
                                     .done = report,
                                     .end = end};
    if (tour.team.n_chunks > 0)
        engine_team_run(&tour.team);
    if (tour.team.out_of_memory)
        err_set(err, ERR_MEMORY, "no memory for %s", wording_count(self->n, "policy").text);
    else if (tour.team.next_chunk < tour.team.n_chunks)
        err_set(err, ERR_INTERRUPTED, "interrupted after %.0f %% of the simulation",
                100 * (double)tour.n_done / (double)tour.n_total);
    free(tour.first_chunk);
    return err->code;
}
