/* A plan: what it holds, and each way in which a scenario cannot become one.
 * SPDX-License-Identifier: Apache-2.0 */
#include "policy.h"

#include <retake/base/digest.h>

Test(plan, of_an_adaptive_test)
{
    char bank[256], hex[33];
    struct scenario scenario;
    struct engine_plan plan;
    struct err err = {0};
    policy_file("id,b,pilot\nA,1,0\nB,0,0\nC,0,1\n", bank);
    policy_scenario("exam: {min_items: 1, max_items: 2, pilot_items: 1}\n", bank, &scenario);
    cr_assert_eq(engine_plan_init(&scenario, &plan, &err), ERR_OK, "%s", err.detail);
    cr_expect_eq(plan.bank.n_items, 3);
    cr_expect_eq(plan.cat.n_scored, 2);
    cr_expect_eq(plan.cat.order[0], 1, "items by rising difficulty");
    cr_expect_eq(plan.pathway.cat, &plan.cat);
    cr_expect_eq(plan.shape.bank, &plan.bank);
    cr_expect_eq(plan.scenario, &scenario);
    static const char bytes[] = "id,b,pilot\nA,1,0\nB,0,0\nC,0,1\n";
    digest_hex(bytes, sizeof bytes - 1, hex);
    cr_expect_str_eq(plan.bank_digest, hex);
    engine_plan_free(&plan);
    config_scenario_free(&scenario);
    unlink(bank);
}

Test(plan, of_the_normal_form_needs_no_bank)
{
    struct scenario scenario;
    struct engine_plan plan;
    struct err err = {0};
    policy_scenario(POLICY_NORMAL, "none.csv", &scenario);
    cr_assert_eq(engine_plan_init(&scenario, &plan, &err), ERR_OK, "%s", err.detail);
    cr_expect_eq(plan.bank.n_items, 0);
    cr_expect_null(plan.pathway.cat);
    cr_expect_null(plan.shape.bank);
    cr_expect_str_eq(plan.bank_digest, "");
    engine_plan_free(&plan);
    config_scenario_free(&scenario);
}

struct refusal {
    char set[64]; /* on top of POLICY_CAT and a bank of 20 scored items and 4 pilots */
    enum err_code code;
    char says[64];
};

static void expect_refused(const struct refusal *row)
{
    char bank[256];
    struct scenario scenario;
    struct engine_plan plan;
    struct err err = {0};
    policy_bank(20, bank);
    policy_scenario(POLICY_CAT, bank, &scenario);
    policy_set(&scenario, row->set);
    cr_expect_eq(engine_plan_init(&scenario, &plan, &err), row->code, "%s: %s", row->set,
                 err.detail);
    cr_expect(strstr(err.detail, row->says), "%s: %s", row->set, err.detail);
    engine_plan_free(&plan);
    config_scenario_free(&scenario);
    unlink(bank);
}

Test(plan, refuses)
{
    static const struct refusal rows[] = {
        {"bank=none.csv", ERR_INPUT, "none.csv: cannot open"},
        {"bank=.", ERR_INPUT, "not a regular file"},
        {"exam.min_items=11", ERR_RANGE, "exam.max_items"},
        {"exam.max_items=21", ERR_INPUT, "has only 20 scored items"},
        {"exam.pilot_items=5", ERR_INPUT, "has only 4 pilot items"},
        {"exam.select.rule=fishr", ERR_INPUT, "did you mean 'fisher'?"},
        {"exam.start.rule=sme", ERR_INPUT, "did you mean 'same'?"},
        {"exam.stop.rule=fixd", ERR_INPUT, "did you mean 'fixed'?"},
        {"exam.out_of_time.rule=last_6", ERR_INPUT, "did you mean 'last_60'?"},
        {"exam.estimate.rule=eapp", ERR_INPUT, "did you mean 'eap'?"},
        {"exam.content.rule=non", ERR_INPUT, "did you mean 'none'?"},
        {"exam.exposure.rule=non", ERR_INPUT, "did you mean 'none'?"},
        {"exam.estimate.theta_min=4", ERR_RANGE, "exam.estimate.theta_max"},
        {"study.none=1", ERR_RANGE, "must be 1"},
        {"population.groups.all.weight=0", ERR_RANGE, "sum to 0"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        expect_refused(&rows[i]);
}

Test(plan, names_the_wrong_cell_of_its_bank)
{
    char bank[256], expected[512];
    struct scenario scenario;
    struct engine_plan plan;
    struct err err = {0};
    policy_file("id,b\nA,1\nB,one\n", bank);
    policy_scenario(POLICY_CAT, bank, &scenario);
    cr_expect_eq(engine_plan_init(&scenario, &plan, &err), ERR_INPUT);
    snprintf(expected, sizeof expected, "%s:3:3: column b: ", bank);
    cr_expect_eq(strncmp(err.detail, expected, strlen(expected)), 0, "%s", err.detail);
    engine_plan_free(&plan);
    config_scenario_free(&scenario);
    unlink(bank);
}

Test(plan, two_groups_of_which_one_is_all)
{
    struct scenario scenario;
    struct engine_plan plan;
    struct err err = {0};
    policy_scenario(POLICY_NORMAL "population: {groups: {all: {weight: 1}, some: {weight: 1}}}\n",
                    NULL, &scenario);
    cr_expect_eq(engine_plan_init(&scenario, &plan, &err), ERR_INPUT);
    cr_expect(strstr(err.detail, "all"), "%s", err.detail);
    engine_plan_free(&plan);
    config_scenario_free(&scenario);
}
