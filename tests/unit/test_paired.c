/* Pairs of ratios against the definition: the sum over blocks of squared linearised differences.
 * Rows joined against what was put in.
 * SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include <retake/base/exact.h>
#include <retake/base/rng.h>
#include <retake/tally/join.h>

#include <math.h>
#include <string.h>

enum { N_BLOCKS = 500 };

Test(paired, error_is_that_of_the_linearised_difference)
{
    struct rng rng = rng_published(1, 1);
    int64_t cells[N_BLOCKS][4];
    struct exact_pair all = {0}, half = {0};
    for (size_t b = 0; b < N_BLOCKS; b++) {
        int64_t n0 = 200 + rng_below(&rng, 50), n1 = n0 - rng_below(&rng, 10);
        int64_t y0 = n0 / 2 + rng_below(&rng, 30), y1 = y0 + rng_below(&rng, 8);
        int64_t row[] = {y0, n0, y1, n1};
        for (int k = 0; k < 4; k++)
            cells[b][k] = row[k];
        exact_pair_add_block(b % 2 ? &half : &all, y0, n0, y1, n1);
    }
    exact_pair_merge(&all, &half);
    double sum[4] = {0}, squares = 0;
    for (size_t b = 0; b < N_BLOCKS; b++)
        for (int k = 0; k < 4; k++)
            sum[k] += (double)cells[b][k];
    double r0 = sum[0] / sum[1], r1 = sum[2] / sum[3];
    for (size_t b = 0; b < N_BLOCKS; b++) {
        double d = ((double)cells[b][2] - r1 * (double)cells[b][3]) / sum[3] -
                   ((double)cells[b][0] - r0 * (double)cells[b][1]) / sum[1];
        squares += d * d;
    }
    double expected = sqrt(squares * (double)N_BLOCKS / (N_BLOCKS - 1));
    cr_assert_float_eq(exact_pair_value(&all), r1 - r0, 1e-15);
    cr_assert_float_eq(exact_pair_error(&all, N_BLOCKS), expected, 1e-10 * expected);
}

Test(paired, the_same_policy_differs_by_nothing)
{
    struct rng rng = rng_published(2, 1);
    struct exact_pair pair = {0};
    for (size_t b = 0; b < N_BLOCKS; b++) {
        int64_t n = 256, y = 100 + rng_below(&rng, 50);
        exact_pair_add_block(&pair, y, n, y, n);
    }
    cr_assert_float_eq(exact_pair_value(&pair), 0, 0);
    cr_assert_float_eq(exact_pair_error(&pair, N_BLOCKS), 0, 0);
    cr_assert(isnan(exact_pair_error(&pair, 1)));
    cr_assert(isnan(exact_pair_value(&(struct exact_pair){0})));
}

/* ---- joining ---- */

/* pass_rate and cumulative_pass_rate over n attempts, n_attempted; rates begin at `first`. */
static void fill(struct dataset *self, size_t n, double first)
{
    struct err err = {0};
    int64_t attempts[4] = {1, 2, 3, 4}, counts[4] = {40, 30, 20, 10};
    double rates[4] = {first, first + 0.1, first + 0.2, first + 0.3};
    const struct dataset_dim dim = {
        .name = "attempt", .n = n, .type = DATASET_COUNT, .count = attempts};
    dataset_add_dim(self, &dim, &err);
    const struct dataset_var vars[] = {
        {.name = "pass_rate", .type = DATASET_REAL, .n_dims = 1, .n = n, .real = rates},
        {.name = "cumulative_pass_rate", .type = DATASET_REAL, .n_dims = 1, .n = n, .real = rates},
        {.name = "n_attempted", .type = DATASET_COUNT, .n_dims = 1, .n = n, .count = counts}};
    for (size_t k = 0; k < 3; k++)
        dataset_add_var(self, &vars[k], &err);
    cr_assert_eq(err.code, ERR_OK, "%s", err.detail);
}

Test(paired, shorter_rows_are_filled)
{
    struct dataset one = {0}, two = {0}, out, again;
    struct err err = {0};
    fill(&one, 2, 0.5);
    fill(&two, 4, 0.6);
    const struct dataset_row rows[] = {{.number = 1, .dataset = &one},
                                       {.number = 2, .dataset = &two}};
    struct dataset_joint joint = {.dim = "scenario", .n_rows = 2, .rows = rows};
    cr_assert_eq(dataset_join(&joint, &out, &err), ERR_OK, "%s", err.detail);
    const struct dataset_var *pass = dataset_var(&out, "pass_rate");
    const struct dataset_var *cumulative = dataset_var(&out, "cumulative_pass_rate");
    cr_assert_eq(pass->n, 8);
    cr_assert(pass->real[1] == 0.6 && isnan(pass->real[2]) && isnan(pass->real[3]));
    cr_assert(cumulative->real[1] == 0.6 && cumulative->real[2] == 0.6 &&
              cumulative->real[3] == 0.6);
    cr_assert_float_eq(cumulative->real[7], 0.9, 1e-15);
    cr_assert_eq(dataset_var(&out, "n_attempted")->count[3], 0);
    /* in parts, then joined: the same bytes */
    struct dataset parts[2];
    char hex[2][33];
    for (size_t k = 0; k < 2; k++) {
        joint = (struct dataset_joint){.dim = "scenario", .n_rows = 1, .rows = rows + k};
        cr_assert_eq(dataset_join(&joint, &parts[k], &err), ERR_OK);
    }
    const struct dataset_row joined[] = {{1, &parts[0], true, 0}, {2, &parts[1], true, 0}};
    joint = (struct dataset_joint){.dim = "scenario", .n_rows = 2, .rows = joined};
    cr_assert_eq(dataset_join(&joint, &again, &err), ERR_OK, "%s", err.detail);
    dataset_digest(&out, hex[0]);
    dataset_digest(&again, hex[1]);
    cr_assert_str_eq(hex[0], hex[1]);
    struct dataset *all[] = {&one, &two, &out, &again, &parts[0], &parts[1]};
    for (size_t k = 0; k < 6; k++)
        dataset_free(all[k]);
}

/* A part of a sweep may say anything under a good seal: another type of a variable or a dimension,
 * another rank. */
Test(paired, what_differs_between_parts_is_bad_input)
{
    static const double number = 1;
    static const char *const words[] = {"1", "2"};
    for (int k = 0; k < 3; k++) {
        struct dataset one = {0}, two = {0}, out;
        struct err err = {0};
        fill(&one, 2, 0.5);
        const struct dataset_dim attempts = {
            .name = "attempt", .n = 2, .type = DATASET_TEXT, .text = words};
        const struct dataset_var other[] = {
            {.name = "pass_rate", .type = DATASET_REAL, .n = 1, .real = &number},
            {.name = "pass_rate", .type = DATASET_TEXT, .n = 1, .text = words},
            {.name = "other", .type = DATASET_TEXT, .n_dims = 1, .n = 2, .text = words}};
        cr_assert_eq(dataset_add_dim(&two, &attempts, &err), ERR_OK);
        cr_assert_eq(dataset_add_var(&two, &other[k], &err), ERR_OK);
        const struct dataset_row rows[] = {{.number = 1, .dataset = &one},
                                           {.number = 2, .dataset = &two}};
        const struct dataset_joint joint = {.dim = "scenario", .n_rows = 2, .rows = rows};
        cr_expect_eq(dataset_join(&joint, &out, &err), ERR_INPUT, "%d", k);
        cr_expect(strstr(err.detail, k == 2 ? "attempt" : "pass_rate"), "%s", err.detail);
        dataset_free(&one);
        dataset_free(&two);
        dataset_free(&out);
    }
}
