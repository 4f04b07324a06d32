/* What a tally is about, from a scenario.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/tally/tally.h>

#include "fixture.h"

Test(tally_shape, a_group_of_several_may_not_be_called_all)
{
    struct scenario scenario;
    struct tally_shape shape;
    struct err err = {0};
    fixture_yaml(&scenario, "bank: x\npopulation: {groups: {all: {weight: 1}, b: {weight: 1}}}\n");
    struct pathway_design pathway = {.scenario = &scenario, .max_attempts = 6};
    cr_assert_eq(tally_shape_init(&pathway, NULL, &shape, &err), ERR_INPUT);
    cr_assert(strstr(err.detail, "fixture.yaml:2") && strstr(err.detail, "all"), "%s", err.detail);
    config_scenario_free(&scenario);
}

static void variables(const struct tally_shape *shape, struct dataset *out)
{
    struct err err = {0};
    struct tally *tally = tally_new(shape);
    cr_assert(tally);
    cr_assert_eq(tally_statistics(tally, out, &err), ERR_OK, "%s", err.detail);
    tally_free(tally);
}

/* What is left out are the variables that tally_is_of_sessions names. */
Test(tally_shape, sessions_may_be_left_out)
{
    struct scenario scenario;
    struct irt_bank bank;
    struct tally_shape shape;
    struct dataset all, less;
    struct err err = {0};
    size_t n_left_out = 0;
    fixture_yaml(&scenario, "bank: x\nexam: {min_items: 2, max_items: 10, pilot_items: 3, "
                            "time_limit_min: 30}\npacing: {rush_speedup: 2}\n");
    fixture_bank(&bank, 30);
    struct pathway_design pathway = {.scenario = &scenario, .max_attempts = 6};
    cr_assert_eq(tally_shape_init(&pathway, &bank, &shape, &err), ERR_OK, "%s", err.detail);
    variables(&shape, &all);
    tally_shape_leave_out_sessions(&shape);
    variables(&shape, &less);
    for (size_t k = 0; k < all.n_vars; k++) {
        bool is_out = tally_is_of_sessions(all.vars[k].name);
        cr_assert_eq(dataset_var(&less, all.vars[k].name) == NULL, is_out, "%s", all.vars[k].name);
        n_left_out += is_out;
    }
    cr_assert_eq(less.n_vars + n_left_out, all.n_vars);
    cr_assert_eq(n_left_out, 13 + 4); /* and the errors of four of them */
    dataset_free(&all);
    dataset_free(&less);
    irt_bank_free(&bank);
    config_scenario_free(&scenario);
}
