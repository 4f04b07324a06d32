/* Where the sittings of a library lie.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_SIM_PATHWAY_LIBRARY_NODES_H
#define RETAKE_SIM_PATHWAY_LIBRARY_NODES_H

#include <retake/pathway/library.h>

/* Nodes of ability; every second of them is a coarse node. */
enum { LIBRARY_N_NODES = 217, LIBRARY_N_COARSE = 109 };

/* Ability of a node, and the place of an ability among the nodes, both relative to the centre. */
double pathway_library_node(size_t node);
double pathway_library_place(double theta);

/* Speed below the safe one of a node of the slow part, and its inverse. */
double pathway_library_slowness(size_t node);
double pathway_library_slow_place(double slowness);

/* The first sitting of each part of a replicate. */
struct library_parts {
    size_t plain, spread, slow, end;
};
struct library_parts pathway_library_parts(const struct library_size *size);

#endif
