/* A scenario as a function of some of its parameters: its statistics, without a record.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/study/evaluate.h>

#include <retake/study/exact_solver.h>

enum err_code study_statistics(const struct engine_plan *plan, const struct engine_options *options,
                               struct dataset *out, struct err *err)
{
    struct tally *tally = NULL;
    *out = (struct dataset){0};
    if (plan->scenario->engine_sessions == STUDY_EXACT)
        return study_exact_solve(plan, options, out, err);
    if (engine_run(plan, options, &tally, err) == ERR_OK)
        tally_statistics(tally, out, err);
    tally_free(tally);
    return err->code;
}

enum err_code study_evaluate(struct scenario *scenario, const char *const *sets, size_t n_sets,
                             const struct engine_options *options, struct dataset *out,
                             struct err *err)
{
    struct engine_plan plan = {0};
    *out = (struct dataset){0};
    for (size_t k = 0; k < n_sets; k++)
        if (config_scenario_set(scenario, sets[k], err) != ERR_OK)
            return err->code;
    if (engine_plan_init(scenario, &plan, err) == ERR_OK)
        study_statistics(&plan, options, out, err);
    engine_plan_free(&plan);
    return err->code;
}
