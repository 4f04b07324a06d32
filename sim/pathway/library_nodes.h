/* Where the sittings of a library lie.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_SIM_PATHWAY_LIBRARY_NODES_H
#define RETAKE_SIM_PATHWAY_LIBRARY_NODES_H

#include <retake/pathway/library.h>

/* Nodes of ability; every second of them is a coarse node. */
enum { LIBRARY_N_NODES = 217, LIBRARY_N_COARSE = 109 };

/* Ability of a node, and the place of an ability among the nodes, both relative to the centre. */
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

static inline double pathway_library_place(double theta)
{
    size_t k = 0;
    for (size_t z = 1; z < LIBRARY_N_ZONES; z++)
        k += theta >= library_zones[z].low;
    double place = (double)library_zones[k].first +
                   (theta - library_zones[k].low) * library_zones[k].per_logit;
    if (!(place > 0))
        return 0;
    return place < LIBRARY_N_NODES - 1 ? place : LIBRARY_N_NODES - 1;
}

/* Speed below the safe one of a node of the slow part, and its inverse. */
double pathway_library_slowness(size_t node);
double pathway_library_slow_place(double slowness);

/* The first sitting of each part of a replicate. */
struct library_parts {
    size_t plain, spread, slow, end;
};
struct library_parts pathway_library_parts(const struct library_size *size);

#endif
