/* Exposure parameters, and exposure rules from outside the tree.
 * SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include <retake/base/wording.h>

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

bool cat_exposure_has_parameters(const char *rule)
{
    for (size_t k = 0; cat_exposure_rules[k]; k++)
        if (strcmp(cat_exposure_rules[k]->name, rule) == 0)
            return cat_exposure_rules[k]->is_calibrated;
    return false;
}

bool cat_design_awaits_exposure(const struct cat_design *self)
{
    return self->exposure && self->exposure->is_calibrated && !self->p_shown;
}

enum err_code cat_design_expose(struct cat_design *self, const double *p_shown, struct err *err)
{
    double *copy = arena_alloc(&self->arena, self->n_scored * sizeof *copy);
    if (!copy)
        return err_set(err, ERR_MEMORY, "no memory for the exposure of %s",
                       wording_count(self->n_scored, "item").text);
    self->p_shown = memcpy(copy, p_shown, self->n_scored * sizeof *copy);
    return ERR_OK;
}
