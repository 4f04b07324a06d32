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
