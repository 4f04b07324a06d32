/* A scenario as a function of some of its parameters: its statistics, without a record.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/study/evaluate.h>

enum err_code study_evaluate(struct scenario *scenario, const char *const *sets, size_t n_sets,
                             const struct engine_options *options, struct dataset *out,
                             struct err *err)
{
    struct engine_plan plan = {0};
    struct tally *tally = NULL;
    *out = (struct dataset){0};
    for (size_t k = 0; k < n_sets; k++)
        if (config_scenario_set(scenario, sets[k], err) != ERR_OK)
            return err->code;
    if (engine_plan_init(scenario, &plan, err) == ERR_OK &&
        engine_run(&plan, options, &tally, err) == ERR_OK)
        tally_statistics(tally, out, err);
    tally_free(tally);
    engine_plan_free(&plan);
    return err->code;
}
