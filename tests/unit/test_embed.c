/* The embedding API as another program uses it; each status that it can return.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake.h>

#include "policy.h"

#include <retake/store/result.h>

#include <math.h>
#include <signal.h>

/* A handle with a scenario loaded from a file that is gone again. */
static struct retake *load(const char *text)
{
    char path[256];
    struct retake *handle = retake_new();
    cr_assert(handle);
    policy_file(text, path);
    cr_assert_eq(retake_load(handle, path), 0, "%s", retake_message(handle));
    cr_assert_str_eq(retake_message(handle), "");
    unlink(path);
    return handle;
}

Test(embed, version)
{
    cr_expect_eq(strspn(retake_version(), "0123456789."), strlen(retake_version()));
}

Test(embed, load_set_run_values_write)
{
    char path[256];
    double passed[6], more[100];
    struct retake *handle = load(POLICY_NORMAL);
    cr_expect_eq(retake_values(handle, "n_passed", NULL, 0), 0, "nothing before a run");
    cr_assert_eq(retake_set(handle, "policy.attempts_per_cycle=2"), 0);
    cr_assert_eq(retake_set(handle, "policy.max_cycles=1"), 0);
    cr_assert_eq(retake_run(handle, 2, NULL, NULL), 0, "%s", retake_message(handle));
    cr_expect_eq(retake_values(handle, "n_passed", passed, 6), 2);
    cr_expect(passed[0] > passed[1] && passed[1] > 0);
    cr_expect_eq(retake_values(handle, "no_such", passed, 6), 0);
    more[1] = -1;
    cr_expect_eq(retake_values(handle, "n_passed", more, 1), 2, "the length in any case");
    cr_expect(more[0] == passed[0] && more[1] == -1, "no more than asked for");
    cr_expect_eq(retake_values(handle, "cumulative_pass_rate", more, 100), 2);
    cr_expect(more[0] > 0 && more[0] < more[1] && more[1] < 1);

    policy_file("an older result", path);
    cr_assert_eq(retake_write(handle, path), 0, "%s", retake_message(handle));
    struct store_result result;
    struct err err = {0};
    cr_expect_eq(store_result_read(path, &result, &err), ERR_OK, "%s", err.detail);
    cr_expect_eq(dataset_var(&result.dataset, "n_passed")->count[1], (int64_t)passed[1]);
    store_result_free(&result);
    unlink(path);
    retake_free(handle);
}

Test(embed, one_number)
{
    double rate, mcse, all[100];
    struct retake *handle = load(POLICY_NORMAL);
    cr_expect_eq(retake_number(handle, "n_candidates", &rate, NULL), 2, "nothing before a run");
    cr_assert_eq(retake_run(handle, 1, NULL, NULL), 0, "%s", retake_message(handle));
    cr_expect_eq(retake_number(handle, "cumulative_pass_rate[attempt=2]", &rate, &mcse), 0);
    retake_values(handle, "cumulative_pass_rate", all, 100);
    cr_expect(rate == all[1]);
    retake_values(handle, "cumulative_pass_rate_mcse", all, 100);
    cr_expect(mcse == all[1]);
    cr_expect_eq(retake_number(handle, "n_candidates", &rate, &mcse), 0);
    cr_expect(rate > 0 && isnan(mcse), "a count of all has no error");
    cr_expect_eq(retake_number(handle, "n_candidates", NULL, NULL), 0, "both may be left out");
    rate = -1;
    cr_expect_eq(retake_number(handle, "cumulative_pas_rate[attempt=2]", &rate, NULL), 65);
    cr_expect(strstr(retake_message(handle), "cumulative_pass_rate"), "%s", retake_message(handle));
    cr_expect_eq(retake_number(handle, "cumulative_pass_rate[attempt=99]", &rate, NULL), 65);
    cr_expect_eq(rate, -1, "left alone");
    retake_free(handle);
}

Test(embed, the_same_numbers_whatever_the_threads)
{
    double few[100], many[100];
    struct retake *handle = load(POLICY_NORMAL);
    cr_assert_eq(retake_run(handle, 1, NULL, NULL), 0);
    size_t n = retake_values(handle, "pass_rate_mcse", few, 100);
    cr_assert_eq(retake_run(handle, 8, NULL, NULL), 0);
    cr_expect_eq(retake_values(handle, "pass_rate_mcse", many, 100), n);
    cr_expect(n > 0 && n <= 100 && memcmp(few, many, n * sizeof *few) == 0);
    retake_free(handle);
}

Test(embed, calls_out_of_order)
{
    struct retake *handle = retake_new();
    cr_expect_eq(retake_set(handle, "policy.wait_days=3"), 2);
    cr_expect_str_eq(retake_message(handle), "no scenario is loaded");
    cr_expect_eq(retake_run(handle, 1, NULL, NULL), 2);
    cr_expect_eq(retake_write(handle, "x.h5"), 2);
    cr_expect_str_eq(retake_message(handle), "no run has been made");
    cr_expect_eq(access("x.h5", F_OK), -1);
    retake_free(handle);
    retake_free(NULL);
}

Test(embed, bad_input)
{
    struct retake *handle = load(POLICY_NORMAL);
    cr_expect_eq(retake_set(handle, "policy.wait_day=3"), 65);
    cr_expect(strstr(retake_message(handle), "did you mean 'policy.wait_days'?"));
    cr_expect_eq(retake_set(handle, "policy.wait_days=-3"), 65);
    cr_expect_eq(retake_set(handle, "policy.wait_days=3"), 0);
    cr_expect_str_eq(retake_message(handle), "", "cleared by the next call");
    cr_assert_eq(retake_set(handle, "exam.form=cat"), 0);
    cr_expect_eq(retake_run(handle, 1, NULL, NULL), 65, "no bank");
    cr_expect_eq(retake_load(handle, "none.yaml"), 65);
    cr_expect(strstr(retake_message(handle), "none.yaml: cannot open"));
    cr_expect_eq(retake_run(handle, 1, NULL, NULL), 2, "a failed load leaves nothing loaded");
    retake_free(handle);
}

Test(embed, a_file_that_cannot_be_written)
{
    struct retake *handle = load(POLICY_NORMAL);
    cr_assert_eq(retake_run(handle, 1, NULL, NULL), 0);
    cr_expect_eq(retake_write(handle, "/nowhere/at/all.h5"), 74);
    cr_expect(strstr(retake_message(handle), "/nowhere/at/all.h5: cannot write"));
    cr_expect_gt(retake_values(handle, "n_passed", NULL, 0), 0, "the result is still there");
    retake_free(handle);
}

static int stop_at_once(uint64_t n_done, uint64_t n_total, void *context)
{
    *(uint64_t *)context += n_done < n_total;
    return 1;
}

Test(embed, interrupted_and_run_again)
{
    uint64_t n_calls = 0;
    struct retake *handle = load(POLICY_NORMAL);
    cr_assert_eq(retake_run(handle, 1, NULL, NULL), 0);
    cr_expect_eq(retake_run(handle, 1, stop_at_once, &n_calls), 130);
    cr_expect_eq(n_calls, 1);
    cr_expect(strstr(retake_message(handle), "interrupted after 1024 of 5000"));
    cr_expect_eq(retake_values(handle, "n_passed", NULL, 0), 0, "no result, not the last one");
    cr_expect_eq(retake_write(handle, "x.h5"), 2);
    cr_expect_eq(retake_run(handle, 1, NULL, NULL), 0, "%s", retake_message(handle));
    retake_free(handle);
}

Test(embed, loading_replaces_all)
{
    char path[256];
    double n[8];
    struct retake *handle = load(POLICY_NORMAL);
    cr_assert_eq(retake_set(handle, "engine.candidates=100"), 0);
    cr_assert_eq(retake_run(handle, 1, NULL, NULL), 0);
    policy_file("engine: {candidates: 200}\nexam: {form: normal}\n", path);
    cr_assert_eq(retake_load(handle, path), 0);
    cr_expect_eq(retake_values(handle, "n_candidates", n, 8), 0);
    cr_assert_eq(retake_run(handle, 1, NULL, NULL), 0);
    cr_expect_eq(retake_values(handle, "n_candidates", n, 8), 1);
    cr_expect_eq(n[0], 200);
    unlink(path);
    retake_free(handle);
}

/* ---- misuse ---- */

Test(embed, null_is_refused_and_leaves_all_else)
{
    double value = -1, mcse = -1;
    struct retake *handle = load(POLICY_NORMAL);
    cr_assert_eq(retake_set(handle, "engine.candidates=256"), 0);
    cr_assert_eq(retake_run(handle, 1, NULL, NULL), 0, "%s", retake_message(handle));
    cr_expect_eq(retake_load(handle, NULL), 2);
    cr_expect_str_eq(retake_message(handle), "no path: NULL");
    cr_expect_eq(retake_set(handle, NULL), 2);
    cr_expect_str_eq(retake_message(handle), "no assignment: NULL");
    cr_expect_eq(retake_number(handle, NULL, &value, &mcse), 2);
    cr_expect_str_eq(retake_message(handle), "no address: NULL");
    cr_expect(value == -1 && mcse == -1, "left alone");
    cr_expect_eq(retake_write(handle, NULL), 2);
    cr_expect_eq(retake_values(handle, NULL, &value, 1), 0);
    cr_expect_eq(retake_run(handle, -5, NULL, NULL), 2);
    cr_expect_str_eq(retake_message(handle), "n_threads is negative");
    cr_expect_eq(retake_number(handle, "n_candidates", &value, NULL), 0,
                 "the result is still there");
    cr_expect_eq(value, 256);
    cr_expect_eq(retake_add_rules(handle, NULL), 0);
    cr_expect_eq(retake_check(handle), 0, "the scenario is still there");
    retake_free(handle);
}

Test(embed, no_handle)
{
    double value = -1;
    cr_expect_eq(retake_load(NULL, "x"), 2);
    cr_expect_eq(retake_load(NULL, NULL), 2);
    cr_expect_eq(retake_set(NULL, "policy.wait_days=3"), 2);
    cr_expect_eq(retake_add_rules(NULL, NULL), 2);
    cr_expect_eq(retake_check(NULL), 2);
    cr_expect_eq(retake_run(NULL, 1, NULL, NULL), 2);
    cr_expect_eq(retake_values(NULL, "n_passed", &value, 1), 0);
    cr_expect_eq(retake_number(NULL, "n_passed", &value, &value), 2);
    cr_expect_eq(retake_write(NULL, "x.h5"), 2);
    cr_expect_eq(value, -1);
    cr_expect_str_eq(retake_message(NULL), "no handle: NULL");
    retake_free(NULL);
}

Test(embed, junk_before_and_after_a_run)
{
    static const char *const addresses[] = {
        "", "[[[[", "a[",
        "n_passed[attempt=", "cumulative_pass_rate[attempt=\033[31m99999999999999999999]"};
    struct retake *handle = load(POLICY_NORMAL);
    cr_assert_eq(retake_set(handle, "engine.candidates=256"), 0);
    cr_assert_eq(retake_run(handle, 1, NULL, NULL), 0);
    for (size_t k = 0; k < sizeof addresses / sizeof *addresses; k++) {
        cr_expect_eq(retake_number(handle, addresses[k], NULL, NULL), 65, "%s", addresses[k]);
        cr_expect(!strpbrk(retake_message(handle), "\033\n") && *retake_message(handle));
    }
    retake_free(handle);
}

/* A build with sanitizers, in which AddressSanitizer is first to see these, has no clones. */
#ifndef RETAKE_NO_CLONES
Test(embed, freed_twice, .signal = SIGABRT)
{
    struct retake *handle = load(POLICY_NORMAL);
    retake_free(handle);
    retake_free(handle);
}

Test(embed, used_after_it_was_freed, .signal = SIGABRT)
{
    struct retake *handle = load(POLICY_NORMAL);
    retake_free(handle);
    retake_set(handle, "policy.wait_days=3");
}

Test(embed, no_handle_of_retake_new, .signal = SIGABRT)
{
    static double memory[4096];
    retake_check((struct retake *)(void *)memory);
}
#endif
