/* A part says all that its shape needs: the scenario's text and every parameter as used, the ids of
 * the items and the attempts that the policy leaves room for. So parts are merged where neither the
 * bank nor any other file of the scenario is at hand. SPDX-License-Identifier: Apache-2.0 */
#include "merge_shape.h"

#include <retake/base/wording.h>
#include <retake/config/params.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum err_code set_param(struct scenario *scenario, const struct store_attribute *attribute,
                               struct err *err)
{
    size_t n = strlen(attribute->name) + (attribute->text ? strlen(attribute->text) : 0) + 64;
    char *assignment = malloc(n);
    if (!assignment)
        return err_set(err, ERR_MEMORY, "no memory for a parameter");
    if (attribute->text)
        snprintf(assignment, n, "%s=%s", attribute->name, attribute->text);
    else
        snprintf(assignment, n, "%s=%.17g", attribute->name, attribute->number);
    config_scenario_set(scenario, assignment, err);
    free(assignment);
    return err->code;
}

/* The scenario as used; the files that it names are not looked at. */
static enum err_code scenario_restore(const char *name, const struct store_result *part,
                                      struct scenario *out, struct err *err)
{
    struct err reason = {0};
    const char *text = store_result_text(part, "scenario");
    if (!text)
        return err_set(err, ERR_INPUT, "%s: not the result of a run: it has no scenario", name);
    config_scenario_parse(name, text, strlen(text), out, &reason);
    for (size_t i = 0; i < part->provenance.n_attributes && !reason.code; i++) {
        const struct param *param = config_param_find(part->provenance.attributes[i].name);
        if (param && param->type != PARAM_TEXT)
            set_param(out, &part->provenance.attributes[i], &reason);
    }
    return reason.code ? err_set(err, reason.code, "%s: its scenario: %s", name, reason.detail)
                       : ERR_OK;
}

/* In the order of the bank, and as if every item were scored. */
static enum err_code exposure_restore(const struct dataset_var *p, struct study_shape *self,
                                      struct err *err)
{
    uint32_t *order = arena_alloc(&self->arena, p->n * sizeof *order);
    if (!order)
        return err_set(err, ERR_MEMORY, "no memory for %s",
                       wording_count(p->n, "exposure parameter").text);
    for (size_t i = 0; i < p->n; i++)
        order[i] = (uint32_t)i;
    self->cat.n_items = self->cat.n_scored = p->n;
    self->cat.order = order;
    self->cat.p_shown = p->real;
    return ERR_OK;
}

enum err_code study_shape_init(const char *name, const struct store_result *part,
                               struct study_shape *self, struct err *err)
{
    const struct dataset_dim *attempts = dataset_dim(&part->dataset, "attempt");
    const struct dataset_dim *items = dataset_dim(&part->dataset, "item");
    const struct dataset_var *p = dataset_var(&part->dataset, "item_exposure_parameter");
    *self = (struct study_shape){0};
    if (!attempts || (items && items->type != DATASET_TEXT) ||
        (p && (!items || p->type != DATASET_REAL || p->n != items->n)))
        return err_set(err, ERR_INPUT, "%s: not the result of a run", name);
    if (scenario_restore(name, part, &self->scenario, err) != ERR_OK)
        return err->code;
    if (items) {
        self->bank.n_items = items->n;
        self->bank.ids = items->text;
    }
    if (p && exposure_restore(p, self, err) != ERR_OK)
        return err->code;
    struct pathway_design pathway = {.scenario = &self->scenario,
                                     .cat = items ? &self->cat : NULL,
                                     .max_attempts = (uint32_t)attempts->n};
    return tally_shape_init(&pathway, items ? &self->bank : NULL, &self->shape, err);
}

void study_shape_free(struct study_shape *self)
{
    config_scenario_free(&self->scenario);
    arena_free(&self->arena);
}
