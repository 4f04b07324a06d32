/* Exposure parameters of a plan: from a file, from a calibration, and what is refused.
 * SPDX-License-Identifier: Apache-2.0 */
#include "policy.h"

#define CONTROLLED                                                                                 \
    "engine: {candidates: 3000, seed: 7}\n"                                                        \
    "exam: {min_items: 5, max_items: 5, pilot_items: 2, stop: {rule: fixed},\n"                    \
    "  exposure: {rule: sympson_hetter, target: 0.5, candidates: 2000}}\n"

struct fixture {
    char bank[256], file[256];
    struct scenario scenario;
    struct engine_plan plan;
};

/* @param file  content of exam.exposure.file, or NULL */
static enum err_code init(struct fixture *self, const char *file, struct err *err)
{
    char set[512];
    policy_bank(20, self->bank);
    policy_scenario(CONTROLLED, self->bank, &self->scenario);
    self->file[0] = '\0';
    if (file) {
        policy_file(file, self->file);
        snprintf(set, sizeof set, "exam.exposure.file=%s", self->file);
        policy_set(&self->scenario, set);
    }
    return engine_plan_init(&self->scenario, &self->plan, err);
}

static void end(struct fixture *self)
{
    engine_plan_free(&self->plan);
    config_scenario_free(&self->scenario);
    unlink(self->bank);
    if (self->file[0])
        unlink(self->file);
}

Test(exposure_calibrate, calibration_and_its_file_are_the_same)
{
    struct fixture made, read;
    struct err err = {0};
    char *csv = NULL, *again = NULL;
    size_t n_bytes = 0, n_again = 0;
    cr_assert_eq(init(&made, NULL, &err), ERR_OK, "%s", err.detail);
    cr_expect(made.plan.exposure.is_calibrated);
    cr_expect_gt(made.plan.exposure.n_controlled, 0);
    cr_expect_eq(made.plan.exposure.greatest_before, 1);
    cr_expect_lt(made.plan.exposure.greatest_after, 0.55);
    cr_assert_eq(engine_exposure_csv(&made.plan, &csv, &n_bytes, &err), ERR_OK);
    cr_assert_eq(init(&read, csv, &err), ERR_OK, "%s", err.detail);
    cr_expect_not(read.plan.exposure.is_calibrated);
    cr_expect_eq(read.plan.exposure.n_controlled, made.plan.exposure.n_controlled);
    cr_expect_arr_eq(read.plan.cat.p_shown, made.plan.cat.p_shown, 20 * sizeof(double));
    cr_assert_eq(engine_exposure_csv(&read.plan, &again, &n_again, &err), ERR_OK);
    cr_expect_str_eq(again, csv);
    free(csv);
    free(again);
    end(&made);
    end(&read);
}

Test(exposure_calibrate, no_rule_no_parameters)
{
    char bank[256];
    struct scenario scenario;
    struct engine_plan plan;
    struct err err = {0};
    policy_bank(20, bank);
    policy_scenario(POLICY_CAT, bank, &scenario);
    cr_assert_eq(engine_plan_init(&scenario, &plan, &err), ERR_OK, "%s", err.detail);
    cr_expect_null(plan.cat.p_shown);
    cr_expect_not(engine_exposure_is_calibrated(&scenario));
    policy_set(&scenario, "exam.exposure.rule=eligibility");
    cr_expect(engine_exposure_is_calibrated(&scenario));
    policy_set(&scenario, "exam.form=linear");
    cr_expect_not(engine_exposure_is_calibrated(&scenario));
    engine_plan_free(&plan);
    config_scenario_free(&scenario);
    unlink(bank);
}

struct refusal {
    char file[64], says[96];
};

static void expect_refused(const struct refusal *row)
{
    struct fixture fixture;
    struct err err = {0};
    cr_expect_eq(init(&fixture, row->file, &err), ERR_INPUT);
    cr_expect(strstr(err.detail, row->says), "%s: wanted %s", err.detail, row->says);
    cr_expect(strstr(err.detail, fixture.file), "%s", err.detail);
    end(&fixture);
}

Test(exposure_calibrate, file_is_refused)
{
    static const struct refusal rows[] = {
        {"id,probability\nI0,0.5\nX,1\n", ":3:1: column id: "},
        {"id,probability\nI0,0.5\nI0,1\n", ":3:1: column id: repeated id 'I0'"},
        {"id,probability\nI20,0.5\n", "'I20' is a pilot item"},
        {"id,probability\nI0,0\n", ":2:4: column probability: 0 is out of range"},
        {"id,probability\nI0,1.01\n", ":2:4: column probability: 1.01 is out of range"},
        {"id,probability\nI0,half\n", ":2:4: column probability: "},
        {"id,probability\nI0,0.5\n", "no row for item 'I"},
        {"id,p\nI0,0.5\n", ":1:4: column p: unknown"},
        {"id\nI0\n", "the columns id and probability are needed"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        expect_refused(&rows[i]);
}

static void refuses(const char *set, const char *says)
{
    struct scenario scenario;
    struct engine_plan plan;
    struct err err = {0};
    char bank[256];
    policy_bank(20, bank);
    policy_scenario(CONTROLLED, bank, &scenario);
    policy_set(&scenario, set);
    cr_expect_eq(engine_plan_init(&scenario, &plan, &err), ERR_INPUT);
    cr_expect(strstr(err.detail, says), "%s", err.detail);
    engine_plan_free(&plan);
    config_scenario_free(&scenario);
    unlink(bank);
}

Test(exposure_calibrate, targets_that_no_control_can_reach)
{
    refuses("exam.exposure.target=0.2",
            "exam.exposure.target=0.2: 0.2, but 5 scored items at least "
            "from a pool of 20 show an item in 0.2500");
    refuses("exam.exposure.file=none.csv", "exam.exposure.file=none.csv: ");
}
