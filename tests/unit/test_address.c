/* Addresses of statistics: what they find, and what each wrong one is told.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/tally/address.h>

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

static struct dataset data;

static void add_dims(struct err *err)
{
    static const char *const groups[] = {"all", "urban"};
    static const int64_t attempts[] = {1, 2, 3};
    static const double days[] = {15, 45}, bounds[] = {0, 30, 30, 60};
    const struct dataset_dim dims[] = {
        {.name = "group", .n = 2, .type = DATASET_TEXT, .text = groups},
        {.name = "attempt", .n = 3, .type = DATASET_COUNT, .count = attempts},
        {.name = "day_bin", .n = 2, .type = DATASET_REAL, .real = days, .bounds = bounds}};
    for (size_t i = 0; i < 3; i++)
        dataset_add_dim(&data, &dims[i], err);
}

static void set_up(void)
{
    static const double rate[] = {.7, .8, .85, .6, .65, NAN},
                        error[] = {.01, .02, .03, .04, .05, .06};
    static const int64_t attempted[] = {1000, 300, 200, 400, 100, 0}, days[] = {7, 9}, all[] = {12};
    struct err err = {0};
    data = (struct dataset){0};
    add_dims(&err);
    const struct dataset_var vars[] = {
        {.name = "pass_rate",
         .type = DATASET_REAL,
         .n_dims = 2,
         .dim = {0, 1},
         .n = 6,
         .real = rate,
         .ancillary = "pass_rate_mcse"},
        {.name = "pass_rate_mcse",
         .type = DATASET_REAL,
         .n_dims = 2,
         .dim = {0, 1},
         .n = 6,
         .real = error},
        {.name = "n_attempted",
         .type = DATASET_COUNT,
         .n_dims = 2,
         .dim = {0, 1},
         .n = 6,
         .count = attempted},
        {.name = "n_days", .type = DATASET_COUNT, .n_dims = 1, .dim = {2}, .n = 2, .count = days},
        {.name = "seats", .type = DATASET_COUNT, .n = 1, .count = all}};
    for (size_t i = 0; i < sizeof vars / sizeof *vars; i++)
        dataset_add_var(&data, &vars[i], &err);
    cr_assert_eq(err.code, ERR_OK, "%s", err.detail);
}

static void tear_down(void)
{
    dataset_free(&data);
}

TestSuite(address, .init = set_up, .fini = tear_down);

static struct tally_number at(const char *text)
{
    struct err err = {0};
    struct tally_number number;
    cr_assert_eq(tally_address_read(&data, text, &number, &err), ERR_OK, "%s", err.detail);
    return number;
}

Test(address, finds_a_rate_and_its_error)
{
    struct tally_number number = at("pass_rate[attempt=2,group=urban]");
    cr_expect_eq(number.value, .65);
    cr_expect_eq(number.mcse, .05);
    cr_expect_not(number.is_count);
    cr_expect_eq(at(" pass_rate [ group = urban , attempt = 2 ] ").value, .65);
    cr_expect_eq(at("pass_rate_mcse[attempt=3]").value, .03);
    cr_expect(isnan(at("pass_rate[attempt=3,group=urban]").value));
}

Test(address, group_is_all_unless_given)
{
    cr_expect_eq(at("pass_rate[attempt=1]").value, .7);
    cr_expect_eq(at("seats").value, 12);
    cr_expect(at("seats").is_count);
}

Test(address, a_number_within_a_bin_names_it)
{
    cr_expect_eq(at("n_days[day_bin=15]").value, 7);
    cr_expect_eq(at("n_days[day_bin=30]").value, 9);
    cr_expect_eq(at("n_days[day_bin=59.5]").value, 9);
}

Test(address, a_ratio_of_counts_is_a_share)
{
    struct tally_number number = at("n_attempted[attempt=2] / n_attempted[attempt=1]");
    cr_expect_float_eq(number.value, .3, 1e-15);
    cr_expect_float_eq(number.mcse, sqrt(.3 * .7 / 1000), 1e-15);
    cr_expect_not(number.is_count);
}

Test(address, is_taken_apart)
{
    struct err err = {0};
    struct tally_address address;
    cr_assert_eq(tally_address_parse("a[b=1,c=x y]", &address, NULL, &err), ERR_OK);
    cr_expect_str_eq(address.variable, "a");
    cr_expect_str_eq(tally_address_label(&address, "c"), "x y");
    cr_expect_null(tally_address_label(&address, "d"));
}

Test(address, wrong_ones_are_told_why)
{
    static const char *const wrong[][2] = {
        {"pas_rate[attempt=1]", "unknown statistic 'pas_rate'; did you mean 'pass_rate'?"},
        {"pass_rate[atempt=1]", "pass_rate has no dimension 'atempt'; did you mean 'attempt'?"},
        {"pass_rate[attempt=1,group=urbn]", "no group is 'urbn'; did you mean 'urban'?"},
        {"pass_rate[attempt=4]", "no attempt is '4'; they are 1 to 3"},
        {"pass_rate[attempt=1x]", "no attempt is '1x'"},
        {"n_days[day_bin=60]", "no day_bin is '60'; they are 15 to 45"},
        {"pass_rate", "which attempt? Write pass_rate[attempt=...]"},
        {"pass_rate[attempt=1,attempt=2]", "attempt stands twice"},
        {"pass_rate[attempt=1]/seats", "only counts can be divided"},
        {"seats/set", "unknown statistic 'set'"},
        {"pass_rate[attempt=1", "not the address of a statistic"},
        {"pass_rate[attempt=1]x", "not the address of a statistic"},
        {"pass_rate[attempt]", "not the address of a statistic"},
        {"pass_rate[]", "not the address of a statistic"},
        {"pass_rate]", "unknown statistic 'pass_rate]'"},
        {"[attempt=1]", "not the address of a statistic"},
        {"seats/", "not the address of a statistic"},
        {"", "not the address of a statistic"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct err err = {0};
        struct tally_number number;
        cr_expect_eq(tally_address_read(&data, wrong[i][0], &number, &err), ERR_INPUT, "%s",
                     wrong[i][0]);
        cr_expect(strstr(err.detail, wrong[i][1]), "%s: %s", wrong[i][0], err.detail);
    }
}
