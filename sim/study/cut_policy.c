/* The policies of a cut study: the scenario with another cut, or with a change to its exam.
 *
 * A cut moves exam.cut_theta and exam.scale.cut together, so that reported scores stay on the scale
 * of today. Exposure parameters are those of the operational exam.
 * SPDX-License-Identifier: Apache-2.0 */
#include "cut_parts.h"

#include <retake/study/record.h>

#include <stdio.h>
#include <stdlib.h>

/* A copy that may allocate for itself. */
static struct scenario copy_of(const struct scenario *scenario)
{
    struct scenario out = *scenario;
    out.arena = (struct arena){0};
    return out;
}

/* ---- exposure parameters ---- */

/* Items of a changed bank that are copies of others stand behind the original ones and are named
 * as these. */
static size_t original_row(const struct irt_bank *bank, const struct irt_bank *original, size_t row)
{
    for (size_t i = 0; row >= original->n_items && i < original->n_items; i++)
        if (original->ids[i] == bank->ids[row])
            return i;
    return row;
}

static enum err_code expose(struct cut_study *self, struct cut_policy *policy)
{
    const struct cat_design *known = &self->base.cat;
    struct cat_design *cat = &policy->exam.cat;
    const struct irt_bank *original = &self->base.bank;
    if (!cat_design_awaits_exposure(cat))
        return ERR_OK;
    double *by_row = calloc(original->n_items, sizeof *by_row);
    double *p = calloc(cat->n_scored, sizeof *p);
    for (size_t i = 0; by_row && i < known->n_scored; i++)
        by_row[known->order[i]] = known->p_shown[i];
    for (size_t i = 0; by_row && p && i < cat->n_scored; i++)
        p[i] = by_row[original_row(&policy->exam.bank, original, cat->order[i])];
    if (by_row && p)
        cat_design_expose(cat, p, self->err);
    else
        err_set(self->err, ERR_MEMORY, "no memory for the exposure of items");
    free(by_row);
    free(p);
    return self->err->code;
}

/* ---- plans ---- */

static enum err_code init_exam(struct cut_study *self, struct cut_policy *policy)
{
    struct engine_plan *exam = &policy->exam;
    *exam = (struct engine_plan){.scenario = &policy->scenario, .bank = policy->bank};
    if (policy->scenario.exam_form == CONFIG_FORM_NORMAL)
        return ERR_OK;
    if (cat_design_init(&policy->scenario, &exam->bank, &exam->cat, self->err) != ERR_OK)
        return self->err->code;
    if (policy->n_form > 0 &&
        cat_design_add_stage(&policy->scenario, policy->n_form, &exam->cat, self->err) != ERR_OK)
        return self->err->code;
    cat_design_skip_se(&exam->cat);
    return expose(self, policy);
}

/* Candidates are those of the scenario: a bank that is changed does not change them. */
static void keep_candidates(const struct cut_study *self, struct engine_plan *plan)
{
    plan->person.domain_share = self->base.person.domain_share;
    plan->pathway.retrained.domain_share = self->base.person.domain_share;
}

enum err_code study_cut_policy_init(struct cut_study *self, struct cut_policy *policy)
{
    struct scenario *twin = &policy->twin_scenario;
    if (init_exam(self, policy) != ERR_OK ||
        engine_plan_share(&policy->scenario, &policy->exam, &policy->plan, self->err) != ERR_OK)
        return self->err->code;
    *twin = copy_of(&policy->scenario);
    twin->policy_max_attempts = 1;
    twin->policy_attempts_per_cycle = twin->policy_max_cycles = 1;
    if (engine_plan_share(twin, &policy->exam, &policy->twin, self->err) != ERR_OK)
        return self->err->code;
    policy->twin.pathway.key_offset = CUT_KEY_OFFSET;
    keep_candidates(self, &policy->plan);
    keep_candidates(self, &policy->twin);
    return ERR_OK;
}

static void set_cut(struct cut_study *self, size_t k, struct cut_policy *out)
{
    out->scenario = copy_of(self->scenario);
    out->bank = self->base.bank;
    out->scenario.exam_cut_theta = self->grid.cut_theta[k];
    out->scenario.exam_scale_cut = self->grid.cut[k];
}

static void policy_free(struct cut_policy *self)
{
    engine_plan_free(&self->plan);
    engine_plan_free(&self->twin);
    cat_design_free(&self->exam.cat);
    arena_free(&self->scenario.arena);
    arena_free(&self->twin_scenario.arena);
    *self = (struct cut_policy){.n_form = 0};
}

/* What an exam's other rules do not allow, such as more items than its domains may give, is no
 * change to compare. */
static enum err_code leave_out(struct cut_study *self, struct cut_policy *policy)
{
    char text[CUT_NAME_BYTES + 512];
    if (self->err->code != ERR_INPUT && self->err->code != ERR_RANGE)
        return self->err->code;
    snprintf(text, sizeof text, "left out: %s (%.400s)", policy->name, self->err->detail);
    err_clear(self->err);
    policy_free(policy);
    return study_record_warning(self->out, text, self->err);
}

static enum err_code init_changes(struct cut_study *self)
{
    size_t n_cuts = self->grid.n_cuts;
    struct cut_policy *wanted = study_cut_alloc(self, CUT_MAX_CHANGES, sizeof *wanted);
    for (size_t k = 0; wanted && k < CUT_MAX_CHANGES; k++)
        set_cut(self, self->grid.operational, &wanted[k]);
    size_t n = wanted ? study_cut_changes_list(self, wanted) : 0;
    for (size_t k = 0; k < n && !self->err->code; k++) {
        struct cut_policy *policy = &self->policies[n_cuts + self->n_changes];
        *policy = wanted[k];
        if (study_cut_policy_init(self, policy) == ERR_OK)
            self->n_changes++;
        else
            leave_out(self, policy);
    }
    self->n_policies = n_cuts + self->n_changes;
    return self->err->code;
}

enum err_code study_cut_policies_init(struct cut_study *self)
{
    size_t n_cuts = self->grid.n_cuts;
    self->policies = study_cut_alloc(self, n_cuts + CUT_MAX_CHANGES, sizeof *self->policies);
    for (size_t k = 0; k < n_cuts && !self->err->code; k++) {
        set_cut(self, k, &self->policies[k]);
        study_cut_policy_init(self, &self->policies[k]);
    }
    return self->err->code ? self->err->code : init_changes(self);
}

void study_cut_policies_free(struct cut_study *self)
{
    for (size_t k = 0; self->policies && k < self->grid.n_cuts + CUT_MAX_CHANGES; k++)
        policy_free(&self->policies[k]);
}
