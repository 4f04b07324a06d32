/* The adequacy of a bank for one scenario by itself: a run, and score points about the cut.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/study/cut_bank.h>
#include <retake/study/evaluate.h>

/* 2 logits about the cut, a quarter apart. */
static enum err_code dim_points(const struct scenario *s, struct dataset *out, struct err *err)
{
    enum { N_SIDE = 8 };
    double points[2 * N_SIDE + 1];
    for (int k = 0; k <= 2 * N_SIDE; k++)
        points[k] = s->exam_scale_cut + 0.25 * (k - N_SIDE) * s->exam_scale_per_logit;
    struct dataset_dim dim = {.name = "score_point",
                              .n = 2 * N_SIDE + 1,
                              .type = DATASET_REAL,
                              .real = points,
                              .unit = "points",
                              .long_name = "true ability, as a score on the report scale"};
    return dataset_add_dim(out, &dim, err);
}

enum err_code study_bank_adequacy(struct scenario *scenario, const struct engine_options *options,
                                  const struct study_bank_demand *demand, struct dataset *out,
                                  struct err *err)
{
    struct engine_plan plan = {0};
    struct dataset run = {0};
    *out = (struct dataset){0};
    if (scenario->exam_form == CONFIG_FORM_NORMAL)
        return config_scenario_error(scenario, "exam.form", err, ERR_INPUT,
                                     "'normal' has no items, hence no bank to judge");
    if (engine_plan_prepare(scenario, options, &plan, err) == ERR_OK &&
        study_statistics(&plan, options, &run, err) == ERR_OK &&
        dim_points(scenario, out, err) == ERR_OK && study_bank_dims(&plan, out, err) == ERR_OK)
        study_bank_add(&plan, &run, demand, out, err);
    dataset_free(&run);
    engine_plan_free(&plan);
    return err->code;
}
