/* The memory of journeys.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_SIM_PATHWAY_WORKSPACE_H
#define RETAKE_SIM_PATHWAY_WORKSPACE_H

#include <string.h>

#include "lane.h"

struct pathway_workspace {
    size_t n_lanes, n_candidates;
    struct lane *lanes; /* [n_lanes] */
    struct cat_workspace cat;
    struct pathway_outcomes outcomes;
    struct arena arena;
};

/* Move a finished lane's records to the outcomes. */
static inline void pathway_deliver(struct pathway_outcomes *out, const struct lane *lane)
{
    struct pathway_outcome *outcome = &out->outcomes[lane->slot];
    *outcome = lane->outcome;
    outcome->first_sitting = (uint32_t)out->n_sittings;
    for (uint32_t k = 0; k < outcome->n_sittings; k++) {
        out->sittings[out->n_sittings] = lane->sittings[k];
        out->sittings[out->n_sittings++].first_item += (uint32_t)out->n_items;
    }
    if (lane->n_items > 0)
        memcpy(out->items + out->n_items, lane->items, lane->n_items * sizeof *lane->items);
    out->n_items += lane->n_items;
}

#endif
