/* A plan from a scenario: bank, exam, people, pathway, tables.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/engine/run.h>

#include <retake/config/inputs.h>

#include <string.h>

#include "exposure.h"
#include "plan_library.h"

static enum err_code read_bank(struct scenario *scenario, struct engine_plan *self, struct err *err)
{
    const struct config_input *input;
    const char *path = config_scenario_bank_path(scenario);
    const char *key = scenario->bank_path ? NULL : "bank";
    if (!path)
        return err_set(err, ERR_MEMORY, "no memory for the path of the bank");
    if (config_scenario_input(scenario, key, path, &input, err) != ERR_OK)
        return err->code;
    memcpy(self->bank_digest, input->digest, sizeof self->bank_digest);
    return irt_bank_parse(path, input->text.bytes, input->text.n_bytes, &self->bank, err);
}

/* What rests on bank and exam: people and pathway. */
static enum err_code build_rest(struct scenario *scenario, struct engine_plan *self,
                                struct err *err)
{
    bool is_cat = scenario->exam_form != CONFIG_FORM_NORMAL;
    if (person_design_init(scenario, &self->person, err) == ERR_OK &&
        (!is_cat || person_design_meet_bank(scenario, &self->bank, &self->person, err) == ERR_OK))
        pathway_design_init(scenario, &self->person, is_cat ? &self->cat : NULL, &self->pathway,
                            err);
    return err->code;
}

static enum err_code build_shape(const struct scenario *scenario, struct engine_plan *self,
                                 struct err *err)
{
    bool is_cat = scenario->exam_form != CONFIG_FORM_NORMAL;
    return tally_shape_init(&self->pathway, is_cat ? &self->bank : NULL, &self->shape, err);
}

enum err_code engine_plan_prepare(struct scenario *scenario, const struct engine_options *options,
                                  struct engine_plan *self, struct err *err)
{
    *self = (struct engine_plan){.scenario = scenario};
    bool is_cat = scenario->exam_form != CONFIG_FORM_NORMAL;
    if (config_scenario_check(scenario, err) != ERR_OK)
        return err->code;
    if (is_cat && (read_bank(scenario, self, err) != ERR_OK ||
                   cat_design_init(scenario, &self->bank, &self->cat, err) != ERR_OK))
        return err->code;
    cat_design_skip_se(&self->cat);
    if (build_rest(scenario, self, err) != ERR_OK ||
        (is_cat && engine_exposure_init(scenario, options, self, err) != ERR_OK))
        return err->code;
    if (scenario->engine_sessions == CONFIG_SESSIONS_LIBRARY &&
        engine_library_init(scenario, options, self, err) != ERR_OK)
        return err->code;
    return build_shape(scenario, self, err);
}

enum err_code engine_plan_share(struct scenario *scenario, const struct engine_plan *exam,
                                struct engine_plan *self, struct err *err)
{
    *self = (struct engine_plan){.scenario = scenario,
                                 .bank = exam->bank,
                                 .cat = exam->cat,
                                 .exposure = exam->exposure,
                                 .borrows_exam = true};
    memcpy(self->bank_digest, exam->bank_digest, sizeof self->bank_digest);
    if (config_scenario_check(scenario, err) != ERR_OK)
        return err->code;
    if (build_rest(scenario, self, err) != ERR_OK)
        return err->code;
    if (scenario->engine_sessions == CONFIG_SESSIONS_LIBRARY &&
        engine_library_share(exam, self, err) != ERR_OK)
        return err->code;
    return build_shape(scenario, self, err);
}

enum err_code engine_plan_init(struct scenario *scenario, struct engine_plan *self, struct err *err)
{
    static const struct engine_options options = {0};
    return engine_plan_prepare(scenario, &options, self, err);
}

void engine_plan_leave_out_sessions(struct engine_plan *self)
{
    tally_shape_leave_out_sessions(&self->shape);
    self->pathway.counts_misses = false;
}

void engine_plan_free(struct engine_plan *self)
{
    engine_libraries_free(&self->libraries);
    pathway_design_free(&self->pathway);
    person_design_free(&self->person);
    if (self->borrows_exam)
        return;
    cat_design_free(&self->cat);
    irt_bank_free(&self->bank);
}
