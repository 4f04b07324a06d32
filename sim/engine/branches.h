/* Which policies of a batch share what, where sittings are drawn from a library.
 *
 * Policies that agree in all that acts before the first failure form a class: it draws a candidate
 * and the first sitting once. Those of a class that agree in all but the limits on attempts go on
 * together until a limit parts them. So a class is a tree of branches, each a set of policies after
 * a failed sitting.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_SIM_ENGINE_BRANCHES_H
#define RETAKE_SIM_ENGINE_BRANCHES_H

#include <retake/engine/plan.h>

struct engine_branch {
    const struct engine_plan *plan; /* of one of its policies */
    size_t tally;
    struct engine_branch *child, *sibling;
};

enum { ENGINE_BRANCH_TRUNK = -1 };

struct engine_branches {
    struct engine_branch *classes; /* up to the first result; siblings */
    size_t n_policies, n_tallies;
    struct tally_shape *shapes;          /* [n_tallies] */
    ptrdiff_t *parent_of;                /* [n_tallies] a tally before it that its policies share */
    size_t *tally_of;                    /* [n_policies] its last */
    const struct engine_plan *roomiest;  /* allows the most attempts */
    size_t n_domains, n_days, max_split; /* of pathway_starts; branches on a path with a sibling to
                                            follow */
    struct arena arena;
};

/** @return ERR_OK; ERR_MEMORY. engine_branches_free it, even after failure. The plans live on. */
enum err_code engine_branches_init(const struct engine_plan *const *plans, size_t n_plans,
                                   struct engine_branches *self, struct err *err);
void engine_branches_free(struct engine_branches *self);

#endif
