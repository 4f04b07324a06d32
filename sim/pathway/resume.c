/* Journeys in two parts: up to the first failure, and what follows under each of several policies.
 * SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <stddef.h>
#include <stdlib.h>

#include "sitting.h"
#include "workspace.h"

/* A lane after its first sitting, without what policies do not differ in or can make anew. */
struct pathway_start {
    struct pathway_outcome outcome;
    int64_t course_day;
    double course_end, next_day, window_end;
    uint32_t n_in_cycle, n_cycles;
    struct lane_gates gates;
    struct pathway_sitting first;
    struct person person; /* last: of its domains only those in use are copied */
};

struct pathway_start *pathway_starts_new(const struct pathway_design *design, size_t n)
{
    (void)design;
    return malloc(n * sizeof(struct pathway_start));
}

static size_t person_bytes(const struct pathway_design *design)
{
    return offsetof(struct person, domain) + design->person->n_domains * sizeof(double);
}

static void keep(const struct lane *lane, size_t n_person, struct pathway_start *out)
{
    out->outcome = lane->outcome;
    out->course_day = lane->course_day;
    out->course_end = lane->course_end;
    out->next_day = lane->next_day;
    out->window_end = lane->window_end;
    out->n_in_cycle = lane->n_in_cycle;
    out->n_cycles = lane->n_cycles;
    out->gates = lane->gates;
    out->first = lane->sittings[0];
    memcpy(&out->person, &lane->person, n_person);
}

static void restore(const struct pathway_start *start, size_t n_person, struct lane *out)
{
    out->outcome = start->outcome;
    out->course_day = start->course_day;
    out->course_end = start->course_end;
    out->next_day = start->next_day;
    out->window_end = start->window_end;
    out->n_in_cycle = start->n_in_cycle;
    out->n_cycles = start->n_cycles;
    out->gates = start->gates;
    out->sittings[0] = start->first;
    out->n_items = 0;
    memcpy(&out->person, &start->person, n_person);
}

static void begin_outcomes(struct pathway_outcomes *out, uint64_t first)
{
    out->first = first;
    out->n = out->n_sittings = out->n_items = 0;
}

size_t pathway_journeys_begin(const struct pathway_design *design, uint64_t first, size_t n,
                              struct pathway_workspace *workspace, struct pathway_start *starts,
                              const struct pathway_outcomes **outcomes)
{
    struct pathway_outcomes *out = &workspace->outcomes;
    struct lane *lane = &workspace->lanes[0];
    size_t n_failed = 0, n_person = person_bytes(design);
    assert(!pathway_is_stepped(design) && n <= workspace->n_candidates);
    begin_outcomes(out, first);
    for (size_t k = 0; k < n; k++) {
        lane->slot = out->n;
        if (pathway_lane_begin(design, first + k, lane)) {
            pathway_sitting_begin(design, lane);
            pathway_sitting_finish(design, lane);
            if (!lane->sittings[0].passed) {
                keep(lane, n_person, &starts[n_failed++]);
                continue;
            }
            pathway_lane_advance(design, lane);
        }
        pathway_deliver(out, lane);
        out->n++;
    }
    *outcomes = out;
    return n_failed;
}

/* The sittings are written where they are delivered. */
static void finish(const struct pathway_design *design, struct lane *lane,
                   struct pathway_outcomes *out)
{
    while (pathway_lane_advance(design, lane)) {
        pathway_sitting_begin(design, lane);
        pathway_sitting_finish(design, lane);
    }
    struct pathway_outcome *outcome = &out->outcomes[out->n++];
    *outcome = lane->outcome;
    outcome->first_sitting = (uint32_t)out->n_sittings;
    out->n_sittings += outcome->n_sittings;
}

const struct pathway_outcomes *pathway_journeys_resume(const struct pathway_design *design,
                                                       uint64_t first,
                                                       const struct pathway_start *starts,
                                                       size_t n_starts,
                                                       struct pathway_workspace *workspace)
{
    struct pathway_outcomes *out = &workspace->outcomes;
    struct lane *lane = &workspace->lanes[0];
    struct pathway_sitting *own = lane->sittings;
    size_t n_person = person_bytes(design);
    begin_outcomes(out, first);
    for (size_t k = 0; k < n_starts; k++) {
        lane->sittings = out->sittings + out->n_sittings;
        restore(&starts[k], n_person, lane);
        finish(design, lane, out);
    }
    lane->sittings = own;
    return out;
}
