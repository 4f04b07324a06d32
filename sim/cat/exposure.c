/* Exposure rules from outside the tree. SPDX-License-Identifier: Apache-2.0 */
#include "rules.h"
#include "select.h"

static bool outside_accepts(const struct cat_design *design, struct cat_session *session,
                            uint32_t item)
{
    const struct rule_exposure *rule = design->exposure->outside;
    return rng_unit(&session->rng) < rule->p_shown(&design->exam, &session->seen, item);
}

const struct cat_exposure_rule *cat_exposure_adapt(const struct rule_exposure *outside,
                                                   struct arena *arena)
{
    struct cat_exposure_rule *rule = arena_alloc(arena, sizeof *rule);
    if (rule)
        *rule = (struct cat_exposure_rule){.name = outside->name,
                                           .doc = outside->doc,
                                           .parameters = outside->parameters,
                                           .accepts = outside_accepts,
                                           .outside = outside};
    return rule;
}
