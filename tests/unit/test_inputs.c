/* Files that a scenario names are read once: whatever happens to them afterwards, digests and use
 * are of the same bytes.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/config/inputs.h>

#include <retake/base/digest.h>
#include <retake/engine/plan.h>
#include <retake/study/single.h>

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[] = "/tmp/test_inputs_XXXXXX";

static void enter(void)
{
    cr_assert_not_null(mkdtemp(folder));
    cr_assert_eq(chdir(folder), 0);
}

static void leave(void)
{
    char command[64];
    cr_assert_eq(chdir("/"), 0);
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    cr_assert_eq(system(command), 0);
}

TestSuite(inputs, .init = enter, .fini = leave);

static void write_text(const char *path, const char *text)
{
    struct err err = {0};
    cr_assert_eq(file_write(path, text, strlen(text), &err), ERR_OK, "%s", err.detail);
}

static const struct config_input *look(struct config_inputs *inputs, const char *path)
{
    struct err err = {0};
    const struct config_input *input = NULL;
    cr_assert_eq(config_inputs_look(inputs, path, 1000, &input, &err), ERR_OK);
    return input;
}

Test(inputs, the_first_look_counts)
{
    struct config_inputs inputs = {0};
    char digest[33];
    digest_hex("one", 3, digest);
    write_text("a", "one");
    cr_expect_str_eq(look(&inputs, "a")->text.bytes, "one");
    write_text("a", "two");
    cr_expect_str_eq(look(&inputs, "a")->text.bytes, "one");
    cr_expect_str_eq(look(&inputs, "a")->digest, digest);
    cr_expect_eq(look(&inputs, "b")->failure.code, ERR_INPUT);
    write_text("b", "late");
    cr_expect_eq(look(&inputs, "b")->failure.code, ERR_INPUT);
    config_inputs_free(&inputs);
    cr_expect_str_eq(look(&inputs, "a")->text.bytes, "two");
    cr_expect_str_eq(look(&inputs, "b")->text.bytes, "late");
    config_inputs_free(&inputs);
}

#define N_ITEMS 8

static void write_bank(const char *path, double b)
{
    char text[512] = "id,b\n";
    for (int k = 0; k < N_ITEMS; k++)
        sprintf(text + strlen(text), "i%d,%g\n", k, b);
    write_text(path, text);
}

static const char *digest_of(const struct store_result *result, const char *name)
{
    const char *text = store_result_text(result, name);
    return text ? text : "none";
}

/* The record is made first, then the plan; between the two somebody puts another file in place of
 * each, and takes one away. */
Test(inputs, a_record_tells_of_the_bytes_that_were_used)
{
    static const char text[] = "bank: bank.csv\n"
                               "exam: {min_items: 2, max_items: 4, pilot_items: 0}\n"
                               "population: {candidates_file: people.csv}\n"
                               "calendar: {holidays_file: days.csv}\n";
    struct scenario scenario;
    struct store_result record = {.provenance = {0}};
    struct engine_plan plan;
    struct err err = {0};
    write_text("s.yaml", text);
    write_bank("bank.csv", 0.25);
    write_text("people.csv", "id,theta\na,1\nb,2\n");
    write_text("days.csv", "date\n2026-12-25\n");
    cr_assert_eq(config_scenario_load("s.yaml", &scenario, &err), ERR_OK, "%s", err.detail);
    cr_assert_eq(study_single_describe(&scenario, "h", &record, &err), ERR_OK, "%s", err.detail);
    write_bank("bank.csv", 0.75);
    write_text("people.csv", "id,theta\nc,3\n");
    unlink("days.csv");
    cr_assert_eq(engine_plan_init(&scenario, &plan, &err), ERR_OK, "%s", err.detail);
    cr_expect_str_eq(plan.bank_digest, digest_of(&record, "bank_digest"));
    cr_expect_str_eq(plan.person.digest, digest_of(&record, "candidates_digest"));
    cr_expect_eq(plan.bank.items[0].b, 0.25);
    cr_expect_eq(plan.pathway.calendar.n_holidays, 1);
    digest_hex("date\n2026-12-25\n", 16, plan.bank_digest);
    cr_expect_str_eq(plan.bank_digest, digest_of(&record, "calendar.holidays_file_digest"));
    engine_plan_free(&plan);
    store_result_free(&record);
    config_scenario_free(&scenario);
}

/* What the record did not find, the plan does not either. */
Test(inputs, a_file_that_comes_late_is_not_used_without_a_digest)
{
    struct scenario scenario;
    struct store_result record = {.provenance = {0}};
    struct engine_plan plan;
    struct err err = {0};
    write_text("s.yaml", "{bank: bank.csv, exam: {min_items: 2, max_items: 4, pilot_items: 0}}\n");
    cr_assert_eq(config_scenario_load("s.yaml", &scenario, &err), ERR_OK, "%s", err.detail);
    cr_assert_eq(study_single_describe(&scenario, "h", &record, &err), ERR_OK, "%s", err.detail);
    cr_expect_str_eq(digest_of(&record, "bank_digest"), "none");
    write_bank("bank.csv", 0);
    cr_expect_eq(engine_plan_init(&scenario, &plan, &err), ERR_INPUT);
    cr_expect_str_eq(err.detail,
                     "s.yaml:1:8: bank: bank.csv: cannot open: No such file or directory");
    engine_plan_free(&plan);
    store_result_free(&record);
    config_scenario_free(&scenario);
}
