/* Datasets: adding, finding, the refusals, and what the digest sees.
 * SPDX-License-Identifier: Apache-2.0 */
#include "result_example.h"

#include <criterion/criterion.h>
#include <string.h>

static const double edges[] = {0, 1, 1, 2};
static const double centres[] = {0.5, 1.5};
static const char *const names[] = {"a", "b", "c"};

/* Two dimensions, a count and a real variable. */
static void small_dataset(struct dataset *self, const double *reals, const int64_t *counts)
{
    struct err err = {0};
    *self = (struct dataset){0};
    dataset_add_dim(self,
                    &(struct dataset_dim){.name = "bin",
                                          .n = 2,
                                          .type = DATASET_REAL,
                                          .real = centres,
                                          .bounds = edges,
                                          .unit = "day",
                                          .long_name = "bins"},
                    &err);
    dataset_add_dim(
        self, &(struct dataset_dim){.name = "group", .n = 3, .type = DATASET_TEXT, .text = names},
        &err);
    dataset_add_var(self,
                    &(struct dataset_var){.name = "rate",
                                          .type = DATASET_REAL,
                                          .n_dims = 2,
                                          .dim = {1, 0},
                                          .n = 6,
                                          .real = reals,
                                          .unit = "1",
                                          .ancillary = "rate_mcse"},
                    &err);
    dataset_add_var(
        self,
        &(struct dataset_var){
            .name = "total", .type = DATASET_COUNT, .n = 1, .count = counts, .long_name = "in all"},
        &err);
    cr_assert_eq(err.code, ERR_OK, "%s", err.detail);
}

static void small_digest(const double *reals, const int64_t *counts, char hex[33])
{
    struct dataset dataset;
    small_dataset(&dataset, reals, counts);
    dataset_digest(&dataset, hex);
    dataset_free(&dataset);
}

Test(dataset, finds_what_was_added_by_value)
{
    double reals[] = {1, 2, 3, 4, 5, 6};
    int64_t counts[] = {42};
    struct dataset dataset;
    small_dataset(&dataset, reals, counts);
    reals[5] = 0;
    counts[0] = 0;
    const struct dataset_var *rate = dataset_var(&dataset, "rate");
    const struct dataset_dim *group = dataset_dim(&dataset, "group");
    cr_assert(rate && group);
    cr_assert_eq(rate->real[5], 6);
    cr_assert_str_eq(rate->ancillary, "rate_mcse");
    cr_assert_null(rate->long_name);
    cr_assert_str_eq(group->text[2], "c");
    cr_assert_neq(group->text[2], names[2]);
    cr_assert_eq(dataset_dim(&dataset, "bin")->bounds[3], 2);
    cr_assert_eq(dataset_var(&dataset, "total")->count[0], 42);
    cr_assert_null(dataset_var(&dataset, "group"));
    cr_assert_null(dataset_dim(&dataset, "rate"));
    dataset_free(&dataset);
    cr_assert_eq(dataset.n_vars, 0);
}

Test(dataset, keeps_many_variables)
{
    struct dataset dataset = {0};
    struct err err = {0};
    for (int64_t i = 0; i < 1000; i++) {
        char name[16];
        snprintf(name, sizeof name, "v%d", (int)i);
        dataset_add_var(
            &dataset,
            &(struct dataset_var){.name = name, .type = DATASET_COUNT, .n = 1, .count = &i}, &err);
    }
    cr_assert_eq(err.code, ERR_OK, "%s", err.detail);
    cr_assert_eq(dataset.n_vars, 1000);
    cr_assert_eq(dataset_var(&dataset, "v777")->count[0], 777);
    dataset_free(&dataset);
}

static void expect_refused(struct dataset *dataset, const struct dataset_dim *dim,
                           const struct dataset_var *var, const char *why)
{
    struct err err = {0};
    size_t n_dims = dataset->n_dims, n_vars = dataset->n_vars;
    enum err_code code =
        dim ? dataset_add_dim(dataset, dim, &err) : dataset_add_var(dataset, var, &err);
    cr_expect_eq(code, ERR_INTERNAL);
    cr_expect(strstr(err.detail, why), "'%s' does not say '%s'", err.detail, why);
    cr_expect(dataset->n_dims == n_dims && dataset->n_vars == n_vars);
}

Test(dataset, refuses_what_does_not_fit)
{
    const double reals[] = {1, 2, 3, 4, 5, 6};
    const int64_t count = 1;
    struct dataset dataset;
    small_dataset(&dataset, reals, &count);
    struct dataset_dim dim = {.name = "group", .n = 2, .type = DATASET_REAL, .real = reals};
    expect_refused(&dataset, &dim, NULL, "the name 'group' is taken");
    dim.name = "rate";
    expect_refused(&dataset, &dim, NULL, "the name 'rate' is taken");
    dim.name = "a/b";
    expect_refused(&dataset, &dim, NULL, "'a/b' is no name");
    dim.name = NULL;
    expect_refused(&dataset, &dim, NULL, "'' is no name");
    dim.name = "empty", dim.n = 0;
    expect_refused(&dataset, &dim, NULL, "no coordinate");
    dim.n = 2, dim.real = NULL;
    expect_refused(&dataset, &dim, NULL, "no coordinate");

    struct dataset_var var = {.name = "v", .n_dims = 1, .dim = {0}, .n = 3, .real = reals};
    expect_refused(&dataset, NULL, &var, "wrong size");
    var.n = 2, var.dim[0] = 2;
    expect_refused(&dataset, NULL, &var, "wrong size");
    var.n_dims = DATASET_MAX_DIMS + 1;
    expect_refused(&dataset, NULL, &var, "wrong size");
    var.n_dims = 1, var.dim[0] = 0, var.real = NULL;
    expect_refused(&dataset, NULL, &var, "no values");
    var.type = DATASET_TEXT;
    expect_refused(&dataset, NULL, &var, "no values");
    dataset_free(&dataset);
}

/* The value comes from tests/unit/test_dataset.py's twin of the stream, see docs/results-format.md.
 */
Test(dataset, digest_is_the_documented_one)
{
    const double reals[] = {1, -0.0, 0.1, NAN, INFINITY, -6};
    const int64_t count = -7;
    char hex[33];
    small_digest(reals, &count, hex);
    cr_assert_str_eq(hex, "9462f59e805843aefb0050a83326af15");
}

Test(dataset, digest_sees_values_and_one_nan)
{
    const double reals[] = {1, 0.0, 3, NAN, 5, 6}, minus[] = {1, -0.0, 3, NAN, 5, 6};
    const double negative_nan[] = {1, 0.0, 3, -NAN, 5, 6};
    const int64_t one = 1, two = 2;
    char hex[33], other[33];
    small_digest(reals, &one, hex);
    small_digest(negative_nan, &one, other);
    cr_expect_str_eq(hex, other, "all NaN are one");
    small_digest(minus, &one, other);
    cr_expect_str_neq(hex, other, "-0 is not 0");
    small_digest(reals, &two, other);
    cr_expect_str_neq(hex, other);
}

Test(dataset, digest_sees_coordinates_but_no_words_for_people)
{
    const double reals[] = {1, 2, 3, 4, 5, 6};
    const int64_t count = 1;
    struct dataset dataset;
    small_dataset(&dataset, reals, &count);
    char hex[33], other[33];
    dataset_digest(&dataset, hex);
    dataset.vars[0].unit = "min";
    dataset.vars[0].long_name = "another";
    dataset.vars[0].ancillary = NULL;
    dataset.dims[0].unit = NULL;
    dataset_digest(&dataset, other);
    cr_expect_str_eq(hex, other);
    const char *const renamed[] = {"a", "b", "d"};
    dataset.dims[1].text = renamed;
    dataset_digest(&dataset, other);
    cr_expect_str_neq(hex, other);
    dataset.dims[1].text = names;
    dataset.dims[0].bounds = NULL;
    dataset_digest(&dataset, other);
    cr_expect_str_neq(hex, other);
    dataset_free(&dataset);
}

Test(dataset, digest_of_many_values_does_not_depend_on_its_buffer)
{
    struct err err = {0};
    struct dataset one, two;
    example_dataset(&one, 3, &err);
    example_dataset(&two, 3, &err);
    cr_assert_eq(err.code, ERR_OK, "%s", err.detail);
    char hex[33], other[33];
    dataset_digest(&one, hex);
    dataset_digest(&two, other);
    cr_expect_str_eq(hex, other);
    ((int64_t *)(uintptr_t)dataset_var(&two, "n_score")->count)[1259]++;
    dataset_digest(&two, other);
    cr_expect_str_neq(hex, other);
    dataset_free(&one);
    dataset_free(&two);
}
