/* Nodes of a library: where they lie, and that places lead back to them.
 * SPDX-License-Identifier: Apache-2.0 */
#include "library_nodes.h"

#include <criterion/criterion.h>
#include <math.h>

static double place(double theta)
{
    return pathway_library_places(vec_all(theta))[0];
}

Test(library, places_of_nodes)
{
    for (size_t k = 0; k < LIBRARY_N_NODES; k++)
        cr_assert_float_eq(place(pathway_library_node(k)), (double)k, 1e-9, "%zu", k);
    cr_assert_float_eq(pathway_library_node(0), -10, 1e-12);
    cr_assert_float_eq(pathway_library_node(LIBRARY_N_NODES - 1), 10, 1e-12);
}

Test(library, nodes_are_symmetric_about_the_cut)
{
    for (size_t k = 0; k < LIBRARY_N_NODES; k++)
        cr_assert_float_eq(pathway_library_node(k), -pathway_library_node(LIBRARY_N_NODES - 1 - k),
                           1e-12);
}

Test(library, abilities_beyond_take_the_last_node)
{
    cr_assert_eq(place(-50), 0);
    cr_assert_eq(place(50), LIBRARY_N_NODES - 1);
    cr_assert_eq(place(-INFINITY), 0);
}

Test(library, every_second_node_is_coarse_and_in_the_middle)
{
    cr_assert_eq(LIBRARY_N_NODES, 2 * (LIBRARY_N_COARSE - 1) + 1);
    for (size_t k = 0; k + 2 < LIBRARY_N_NODES; k += 2)
        cr_assert_float_eq(pathway_library_node(k + 1),
                           0.5 * (pathway_library_node(k) + pathway_library_node(k + 2)), 1e-12);
}

Test(library, slow_places_of_nodes)
{
    for (size_t k = 0; k < 40; k++)
        cr_assert_float_eq(pathway_library_slow_place(pathway_library_slowness(k)), (double)k, 1e-9,
                           "%zu", k);
}

Test(library, parts_lie_side_by_side)
{
    struct pathway_library library = {
        .size = {.n_replicates = 3, .n_sittings = 8, .n_slow = 4, .n_speeds = 5}};
    const struct library_parts *parts = &library.parts;
    pathway_library_lay_out(&library);
    cr_assert_eq(parts->slow, 8u * LIBRARY_N_NODES);
    cr_assert_eq(parts->end, parts->slow + 4u * 5u * LIBRARY_N_COARSE);
    cr_assert_eq(library.per_replicate, parts->end);
}
