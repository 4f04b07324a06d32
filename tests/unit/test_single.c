/* One policy with its provenance: what the record says, the warning about coarse grids, failures.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/study/single.h>

#include "policy.h"

#include <retake/base/digest.h>

static const struct engine_options defaults = {.n_threads = 2};

static const struct store_attribute *attribute(const struct store_result *self, const char *name)
{
    for (size_t i = 0; i < self->provenance.n_attributes; i++)
        if (strcmp(self->provenance.attributes[i].name, name) == 0)
            return &self->provenance.attributes[i];
    cr_assert_fail("no attribute %s", name);
    return NULL;
}

static void expect_text(const struct store_result *self, const char *name, const char *text)
{
    const struct store_attribute *found = attribute(self, name);
    cr_expect(found->text && strcmp(found->text, text) == 0, "%s: %s", name, found->text);
}

Test(single, records_what_was_run)
{
    char bank[256];
    struct scenario scenario;
    struct store_result result;
    struct err err = {0};
    policy_bank(20, bank);
    policy_scenario("title: a title\n" POLICY_CAT "population: {groups: {g: {theta_mean: 0.25}}}\n",
                    bank, &scenario);
    policy_set(&scenario, "policy.wait_days=31");
    cr_assert_eq(study_single_run(&scenario, &defaults, "retake run x", &result, &err), ERR_OK,
                 "%s", err.detail);
    expect_text(&result, "title", "a title");
    expect_text(&result, "history", "retake run x");
    expect_text(&result, "bank", bank);
    expect_text(&result, "exam.form", "cat");
    cr_expect_eq(attribute(&result, "policy.wait_days")->number, 31);
    cr_expect_eq(attribute(&result, "population.groups.g.theta_mean")->number, 0.25);
    cr_expect_eq(attribute(&result, "engine.seed")->number, 7);
    cr_expect_eq(strlen(attribute(&result, "bank_digest")->text), 32);
    cr_expect_eq(dataset_var(&result.dataset, "n_candidates")->count[0], 3000);
    store_result_free(&result);
    config_scenario_free(&scenario);
    unlink(bank);
}

Test(single, each_attribute_once)
{
    struct scenario scenario;
    struct store_result result;
    struct err err = {0};
    policy_scenario(POLICY_NORMAL, NULL, &scenario);
    cr_assert_eq(study_single_run(&scenario, &defaults, "h", &result, &err), ERR_OK);
    for (size_t i = 0; i < result.provenance.n_attributes; i++)
        cr_expect_eq(attribute(&result, result.provenance.attributes[i].name),
                     &result.provenance.attributes[i], "%s stands twice",
                     result.provenance.attributes[i].name);
    store_result_free(&result);
    config_scenario_free(&scenario);
}

/* Nine points over [-4, 4] are a logit apart. */
Test(single, warns_of_a_coarse_grid_only)
{
    char bank[256];
    struct scenario scenario;
    struct store_result result;
    struct err err = {0};
    policy_bank(100, bank);
    policy_scenario("engine: {candidates: 500}\n"
                    "exam: {min_items: 40, max_items: 60, pilot_items: 0}\n",
                    bank, &scenario);
    for (int coarse = 1; coarse >= 0; coarse--) {
        policy_set(&scenario, coarse ? "exam.estimate.points=9" : "exam.estimate.points=65");
        cr_assert_eq(study_single_run(&scenario, &defaults, "h", &result, &err), ERR_OK, "%s",
                     err.detail);
        const char *warning = store_result_text(&result, "warning");
        cr_expect_eq(warning != NULL, coarse, "%s", warning);
        if (warning)
            cr_expect(strstr(warning, "exam.estimate.points"), "%s", warning);
        store_result_free(&result);
    }
    config_scenario_free(&scenario);
    unlink(bank);
}

Test(single, fails_as_its_parts_do)
{
    struct scenario scenario;
    struct store_result result;
    struct err err = {0};
    const volatile sig_atomic_t stop = 1;
    struct engine_options stopped = {.n_threads = 2, .stop = &stop};
    policy_scenario(POLICY_NORMAL, NULL, &scenario);
    cr_expect_eq(study_single_run(&scenario, &stopped, "h", &result, &err), ERR_INTERRUPTED);
    store_result_free(&result);
    err_clear(&err);
    policy_set(&scenario, "study.none=1");
    cr_expect_eq(study_single_run(&scenario, &defaults, "h", &result, &err), ERR_RANGE);
    store_result_free(&result);
    config_scenario_free(&scenario);
}
