/* Journeys in stages, from one result to the next.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/pathway/stage.h>

#include <assert.h>
#include <stddef.h>
#include <stdlib.h>

#include "gates.h"
#include "sitting.h"
#include "workspace.h"

/* A lane after a failed sitting, without what can be made anew. */
struct start {
    struct pathway_outcome outcome;
    struct lane_progress progress;
    struct pathway_sitting last;
    struct person person; /* last: its domains are cut off behind those in use; then come days */
};

struct pathway_starts {
    size_t n_person, n_days, stride; /* bytes of person and of a start */
    unsigned char *bytes;
};

static size_t person_bytes(size_t n_domains)
{
    return offsetof(struct person, domain) + n_domains * sizeof(double);
}

struct pathway_starts *pathway_starts_new(size_t n_domains, size_t n_days, size_t n)
{
    enum { LINE = 64 };
    struct pathway_starts *self = calloc(1, sizeof *self);
    if (!self)
        return NULL;
    size_t used = offsetof(struct start, person) + person_bytes(n_domains);
    self->n_person = person_bytes(n_domains);
    self->n_days = n_days;
    self->stride = (used + n_days * sizeof(int32_t) + LINE - 1) / LINE * LINE;
    self->bytes = aligned_alloc(LINE, n * self->stride);
    if (self->bytes)
        return self;
    free(self);
    return NULL;
}

void pathway_starts_free(struct pathway_starts *self)
{
    if (!self)
        return;
    free(self->bytes);
    free(self);
}

static struct start *start_at(const struct pathway_starts *self, size_t k)
{
    return (struct start *)(void *)(self->bytes + k * self->stride);
}

static int32_t *days_at(const struct pathway_starts *self, size_t k)
{
    return (int32_t *)(void *)(self->bytes + k * self->stride + offsetof(struct start, person) +
                               self->n_person);
}

static void keep(const struct lane *lane, struct pathway_starts *self, size_t k)
{
    struct start *to = start_at(self, k);
    uint32_t n = lane->outcome.n_sittings;
    to->outcome = lane->outcome;
    to->progress = lane->progress;
    to->last = lane->sittings[n - 1];
    memcpy(&to->person, &lane->person, self->n_person);
    for (uint32_t a = 0; self->n_days > 0 && a < n; a++)
        days_at(self, k)[a] = lane->sittings[a].day;
}

static void restore(const struct pathway_starts *self, size_t k, struct lane *out)
{
    const struct start *from = start_at(self, k);
    uint32_t n = from->outcome.n_sittings;
    out->outcome = from->outcome;
    out->progress = from->progress;
    out->n_items = 0;
    memcpy(&out->person, &from->person, self->n_person);
    for (uint32_t a = 0; self->n_days > 0 && a < n; a++)
        out->sittings[a].day = days_at(self, k)[a];
    out->sittings[n - 1] = from->last;
}

static void begin_outcomes(struct pathway_outcomes *out, uint64_t first)
{
    out->first = first;
    out->n = out->n_sittings = out->n_items = 0;
    out->n_before = 0;
}

/* The sittings from number `from` on (from 0) and the end, if it came. */
static void deliver(struct pathway_outcomes *out, const struct lane *lane, uint32_t from)
{
    struct pathway_outcome *outcome = &out->outcomes[out->n++];
    *outcome = lane->outcome;
    outcome->first_sitting = (uint32_t)out->n_sittings;
    for (uint32_t a = from; a < outcome->n_sittings; a++)
        out->sittings[out->n_sittings++] = lane->sittings[a];
}

/* End the sitting: true where it was failed. */
static bool fails(const struct pathway_design *design, struct lane *lane)
{
    pathway_sitting_finish(design, lane);
    if (!lane->sittings[lane->outcome.n_sittings - 1].passed)
        return true;
    pathway_lane_advance(design, lane);
    return false;
}

size_t pathway_stage_first(const struct pathway_design *design, uint64_t first, size_t n,
                           struct pathway_workspace *workspace, struct pathway_starts *starts,
                           const struct pathway_outcomes **outcomes)
{
    struct pathway_outcomes *out = &workspace->outcomes;
    size_t n_failed = 0, n_lanes = workspace->n_lanes;
    bool sits[CAT_MAX_LANES];
    assert(!pathway_is_stepped(design) && n <= workspace->n_candidates);
    begin_outcomes(out, first);
    for (size_t at = 0; at < n; at += n_lanes) {
        size_t n_here = n - at < n_lanes ? n - at : n_lanes;
        for (size_t k = 0; k < n_here; k++)
            sits[k] = pathway_lane_begin(design, first + at + k, &workspace->lanes[k]);
        pathway_sittings_begin(design, workspace->lanes, sits, n_here);
        for (size_t k = 0; k < n_here; k++) {
            struct lane *lane = &workspace->lanes[k];
            if (sits[k] && fails(design, lane)) {
                if (!design->scenario->gates_skills_parallel)
                    pathway_gates_foresee(design, lane);
                keep(lane, starts, n_failed++);
            }
            deliver(out, lane, 0);
        }
    }
    *outcomes = out;
    return n_failed;
}

size_t pathway_stage_next(const struct pathway_design *design, uint64_t first, size_t from,
                          size_t n, size_t to, struct pathway_workspace *workspace,
                          struct pathway_starts *starts, const struct pathway_outcomes **outcomes)
{
    struct pathway_outcomes *out = &workspace->outcomes;
    size_t n_failed = 0, n_lanes = workspace->n_lanes;
    bool sits[CAT_MAX_LANES];
    assert(to == from || to >= from + n);
    begin_outcomes(out, first);
    *outcomes = out;
    out->n_before = n > 0 ? start_at(starts, from)->outcome.n_sittings : 0;
    for (size_t at = 0; at < n; at += n_lanes) {
        size_t n_here = n - at < n_lanes ? n - at : n_lanes;
        for (size_t k = 0; k < n_here; k++) {
            struct lane *lane = &workspace->lanes[k];
            restore(starts, from + at + k, lane);
            assert(lane->outcome.n_sittings == out->n_before);
            sits[k] = pathway_lane_advance(design, lane);
        }
        pathway_sittings_begin(design, workspace->lanes, sits, n_here);
        for (size_t k = 0; k < n_here; k++) {
            struct lane *lane = &workspace->lanes[k];
            if (sits[k] && fails(design, lane))
                keep(lane, starts, to + n_failed++);
            deliver(out, lane, out->n_before - 1);
        }
    }
    return n_failed;
}
