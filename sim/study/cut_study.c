/* The cut study from scenario to result.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/study/cut.h>

#include <retake/study/cut_bank.h>
#include <retake/study/evaluate.h>
#include <retake/study/record.h>
#include <retake/study/single.h>

#include "cut_rates.h"

static const char caveat[] =
    "A simulation shows how consistent decisions are, and what errors follow if competence lies "
    "where it is assumed. It does not show that the cut is right: that is a judgement about what "
    "a candidate must be able to do.";

static void take(void *context, size_t visit, const struct pathway_outcomes *first,
                 const struct pathway_outcomes *second)
{
    struct cut_study *self = context;
    if (visit < self->n_policies)
        study_cut_counts_take(self, visit, first, second);
    else
        study_cut_given_take(self, first);
}

static enum err_code simulate(struct cut_study *self)
{
    struct engine_options options;
    struct cut_work_watch watch;
    const struct engine_visits visits = {
        .n = self->n_policies + 1, .list = self->visits, .take = take, .context = self};
    study_cut_work_options(self, CUT_STAGE_VISITS, &watch, &options);
    if (engine_visit_all(&visits, &options, self->err) == ERR_OK)
        study_cut_counts_fold(self);
    return self->err->code;
}

/* The operational exam once more, as a run: how often each item is used. */
static void add_bank(struct cut_study *self)
{
    struct engine_options options;
    struct cut_work_watch watch;
    struct dataset run = {0};
    const struct study_bank_demand demand = {self->scenario->validate_volume,
                                             self->scenario->validate_greatest_exposure};
    study_cut_work_options(self, CUT_STAGE_BANK, &watch, &options);
    if (self->err->code || self->scenario->exam_form == CONFIG_FORM_NORMAL)
        return;
    if (study_statistics(&self->base, &options, &run, self->err) == ERR_OK &&
        study_bank_dims(&self->base, &self->out->dataset, self->err) == ERR_OK)
        study_bank_add(&self->base, &run, &demand, &self->out->dataset, self->err);
    dataset_free(&run);
}

static enum err_code init_study(struct cut_study *self)
{
    if (config_scenario_check(self->scenario, self->err) != ERR_OK ||
        study_cut_grid_init(self) != ERR_OK || study_cut_panel_check(self) != ERR_OK ||
        engine_plan_prepare(self->scenario, self->options, &self->base, self->err) != ERR_OK)
        return self->err->code;
    study_cut_grid_meet(self);
    if (study_cut_policies_init(self) != ERR_OK || study_cut_given_init(self) != ERR_OK)
        return self->err->code;
    return study_cut_counts_init(self) == ERR_OK ? study_cut_work_init(self) : self->err->code;
}

/* Each cut and change has tables of its own, and trials take time too: all of it is a study's. */
static enum err_code prepare(struct cut_study *self)
{
    double began = engine_time_s();
    enum err_code code = init_study(self);
    self->work.prepare_s = engine_time_s() - began;
    return code;
}

static enum err_code fill(struct cut_study *self)
{
    study_cut_add_dims(self);
    study_cut_decisions_add(self);
    study_cut_loss_add(self);
    study_cut_given_add(self);
    study_cut_index_add(self);
    study_cut_bands_add(self);
    study_cut_panel_add(self);
    study_cut_change_add(self);
    add_bank(self);
    return self->err->code;
}

static enum err_code describe(struct cut_study *self, const char *history)
{
    if (study_single_describe(self->scenario, history, self->out, self->err) == ERR_OK &&
        study_record_text(self->out, "kind", "cut study", self->err) == ERR_OK)
        study_record_text(self->out, "caveat", caveat, self->err);
    return self->err->code;
}

static void release(struct cut_study *self)
{
    study_cut_policies_free(self);
    study_cut_given_free(self);
    engine_plan_free(&self->base);
    arena_free(&self->arena);
}

static void tell_estimate(const struct cut_study *self)
{
    struct study_cut_estimate estimate;
    char text[512];
    study_cut_work_estimate(self, &estimate);
    study_cut_estimate_text(&estimate, text);
    if (self->options->note)
        self->options->note(text, self->options->note_context);
}

enum err_code study_cut_try(struct scenario *scenario, const struct engine_options *options,
                            struct study_cut_estimate *out, struct err *err)
{
    struct store_result left_out = {0}; /* holds the warnings of changes that cannot be had */
    struct cut_study self = {
        .scenario = scenario, .options = options, .out = &left_out, .err = err};
    if (prepare(&self) == ERR_OK)
        study_cut_work_estimate(&self, out);
    release(&self);
    store_result_free(&left_out);
    return err->code;
}

enum err_code study_cut_run(struct scenario *scenario, const struct engine_options *options,
                            const char *history, struct store_result *out, struct err *err)
{
    struct cut_study self = {.scenario = scenario, .options = options, .out = out, .err = err};
    *out = (struct store_result){0};
    if (prepare(&self) == ERR_OK) {
        tell_estimate(&self);
        if (simulate(&self) == ERR_OK && fill(&self) == ERR_OK)
            describe(&self, history);
    }
    release(&self);
    return err->code;
}
