/* Where the sittings of a library lie.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_SIM_PATHWAY_LIBRARY_NODES_H
#define RETAKE_SIM_PATHWAY_LIBRARY_NODES_H

#include <retake/base/vec.h>
#include <retake/pathway/library.h>

/* Nodes of ability; every second of them is a coarse node. */
enum { LIBRARY_N_NODES = 217, LIBRARY_N_COARSE = 109 };

/* Ability of a node, relative to the centre. */
double pathway_library_node(size_t node);
struct library_zone {
    double low, step, per_logit; /* nodes */
    size_t first;                /* node */
};

static const struct library_zone library_zones[] = {{-10, 0.5, 2, 0},
                                                    {-4, 0.0625, 16, 12},
                                                    {-2, 0.03125, 32, 44},
                                                    {2, 0.0625, 16, 172},
                                                    {4, 0.5, 2, 204}};

enum { LIBRARY_N_ZONES = sizeof library_zones / sizeof library_zones[0] };

/* Where a pilot begins to look for the safe speed; it ends at the negative. */
static const double library_fastest = 6;

/* The places among the nodes of eight abilities, relative to the centre. */
VEC_INLINE vec8 pathway_library_places(vec8 theta)
{
    vec8 low = vec_all(library_zones[0].low), per_logit = vec_all(library_zones[0].per_logit);
    vec8 first = vec_all((double)library_zones[0].first);
    for (size_t z = 1; z < LIBRARY_N_ZONES; z++) {
        vec8i is_below = vec_less(theta, vec_all(library_zones[z].low));
        low = vec_choose(is_below, low, vec_all(library_zones[z].low));
        per_logit = vec_choose(is_below, per_logit, vec_all(library_zones[z].per_logit));
        first = vec_choose(is_below, first, vec_all((double)library_zones[z].first));
    }
    return vec_clamp(first + (theta - low) * per_logit, 0, LIBRARY_N_NODES - 1);
}

/* Speed below the safe one of a node of the slow part, and its inverse. */
double pathway_library_slowness(size_t node);
double pathway_library_slow_place(double slowness);

#endif
