/* Sweep files: designs, conditions, and what is refused.
 * SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include <retake/study/sweep.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[] = "/tmp/test_sweep_XXXXXX";
static char base_path[64], sweep_path[64];

static void write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    cr_assert(file);
    fputs(text, file);
    fclose(file);
}

static void set_up(void)
{
    cr_assert(mkdtemp(folder));
    snprintf(base_path, sizeof base_path, "%s/base.yaml", folder);
    snprintf(sweep_path, sizeof sweep_path, "%s/sweep.yaml", folder);
    write_text(base_path, "exam: {form: normal}\n");
}

static void tear_down(void)
{
    unlink(base_path);
    unlink(sweep_path);
    rmdir(folder);
}

TestSuite(sweep, .init = set_up, .fini = tear_down);

static struct study_sweep made(const char *text)
{
    struct study_sweep sweep;
    struct err err = {0};
    write_text(sweep_path, text);
    cr_assert_eq(study_sweep_load(sweep_path, &sweep, &err), ERR_OK, "%s", err.detail);
    cr_assert_eq(study_sweep_design(&sweep, &err), ERR_OK, "%s", err.detail);
    return sweep;
}

static const char *value(const struct study_sweep *sweep, size_t point, size_t column)
{
    return sweep->values[point * sweep->n_columns + column];
}

Test(sweep, grid_is_every_combination_the_last_axis_fastest)
{
    struct study_sweep sweep = made("base: base.yaml\naxes:\n"
                                    "  policy.wait_days: [15, 30, '[15, 60]']\n"
                                    "  policy.attempts_per_cycle: {from: 1, to: 7, by: 2}\n");
    cr_assert_eq(sweep.n_points, 12);
    cr_assert_str_eq(value(&sweep, 0, 0), "15");
    cr_assert_str_eq(value(&sweep, 1, 1), "3");
    cr_assert_str_eq(value(&sweep, 11, 0), "[15, 60]");
    cr_assert_str_eq(value(&sweep, 11, 1), "7");
    cr_assert(!sweep.columns[0].is_number && sweep.columns[1].is_number);
    study_sweep_free(&sweep);
}

Test(sweep, range_by_number_has_both_ends)
{
    struct study_sweep sweep =
        made("base: base.yaml\naxes:\n  exam.cut_theta: {from: 0.1, to: 0.5, n: 5}\n");
    static const char *const expected[] = {"0.1", "0.2", "0.3", "0.4", "0.5"};
    cr_assert_eq(sweep.n_points, 5);
    for (size_t k = 0; k < 5; k++)
        cr_assert_str_eq(value(&sweep, k, 0), expected[k]);
    study_sweep_free(&sweep);
}

/* One value in each of n equal slices of every axis: a Latin hypercube's definition. */
Test(sweep, lhs_has_one_point_in_each_slice)
{
    enum { N = 100 };
    struct study_sweep sweep = made("base: base.yaml\ndesign: {rule: lhs, n: 100, seed: 7}\naxes:\n"
                                    "  policy.refresher.repairs: {uniform: [0, 1]}\n"
                                    "  exam.sem: {uniform: [0, 2]}\n"
                                    "  policy.max_cycles: {uniform: [1, 10]}\n");
    for (size_t c = 0; c < 2; c++) {
        int seen[N] = {0};
        for (size_t k = 0; k < N; k++)
            seen[(size_t)(strtod(value(&sweep, k, c), NULL) * (double)N / (c ? 2 : 1))]++;
        for (size_t k = 0; k < N; k++)
            cr_assert_eq(seen[k], 1, "axis %zu, slice %zu: %d", c, k, seen[k]);
    }
    int whole[11] = {0}; /* a whole parameter: each of 1 to 10 ten times */
    for (size_t k = 0; k < N; k++)
        whole[strtol(value(&sweep, k, 2), NULL, 10)]++;
    for (size_t k = 1; k <= 10; k++)
        cr_assert_eq(whole[k], 10);
    study_sweep_free(&sweep);
}

/* Quantiles: of 2^10 points of a digitally shifted Sobol' sequence the mean and the shares are
 * those of the distribution to a few slices of 1/1024. */
Test(sweep, sobol_follows_the_distributions)
{
    struct study_sweep sweep = made("base: base.yaml\ndesign: {rule: sobol, n: 1024}\naxes:\n"
                                    "  exam.cut_theta: {normal: {mean: 0.5, sd: 0.1}}\n"
                                    "  study.half_life_days: {loguniform: [10, 1000]}\n"
                                    "  policy.refresher.days: {triangular: [10, 20, 60]}\n"
                                    "  policy.wait_days: {choice: [15, 30]}\n");
    size_t below[4] = {0};
    for (size_t k = 0; k < 1024; k++) {
        below[0] += strtod(value(&sweep, k, 0), NULL) < 0.6; /* Phi(1) = 0.84134 */
        below[1] += strtod(value(&sweep, k, 1), NULL) < 100; /* half */
        below[2] += strtod(value(&sweep, k, 2), NULL) < 20;  /* (20 - 10)/(60 - 10) = 0.2 */
        below[3] += strcmp(value(&sweep, k, 3), "15") == 0;  /* half */
    }
    static const double expected[] = {0.84134, 0.5, 0.2, 0.5};
    for (size_t c = 0; c < 4; c++)
        cr_assert_float_eq((double)below[c] / 1024, expected[c], 2.0 / 1024, "axis %zu: %zu", c,
                           below[c]);
    study_sweep_free(&sweep);
}

Test(sweep, conditions_filter_with_values_of_the_base)
{
    struct study_sweep sweep = made("base: base.yaml\nset: {policy: {max_cycles: 3}}\naxes:\n"
                                    "  policy.wait_days: [10, 20, 30]\n"
                                    "  policy.attempts_per_cycle: [1, 2, 3]\n"
                                    "where:\n"
                                    "  - policy.wait_days * policy.attempts_per_cycle <= 40\n"
                                    "  - not (policy.wait_days - 10 == 2 * 5 and policy.max_cycles "
                                    "== 3) or policy.attempts_per_cycle > 1\n");
    static const char *const expected[][2] = {
        {"10", "1"}, {"10", "2"}, {"10", "3"}, {"20", "2"}, {"30", "1"}};
    cr_assert_eq(sweep.n_points, 5, "%zu", sweep.n_points);
    cr_assert_eq(sweep.n_drawn, 9);
    for (size_t k = 0; k < 5; k++)
        for (size_t c = 0; c < 2; c++)
            cr_assert_str_eq(value(&sweep, k, c), expected[k][c]);
    study_sweep_free(&sweep);
}

Test(sweep, an_axis_can_set_several_parameters)
{
    struct study_sweep sweep =
        made("base: base.yaml\naxes:\n  cut: {sets: [exam.cut_theta, population.competent_theta], "
             "values: [[0, 0], [0.3, 0.2]], labels: [low, high]}\n");
    struct scenario scenario;
    struct err err = {0};
    cr_assert_eq(sweep.n_columns, 2);
    cr_assert_eq(sweep.choices[1], 1);
    cr_assert_eq(study_sweep_policy(&sweep, 1, &scenario, &err), ERR_OK, "%s", err.detail);
    cr_assert_float_eq(scenario.exam_cut_theta, 0.3, 0);
    cr_assert_float_eq(scenario.population_competent_theta, 0.2, 0);
    config_scenario_free(&scenario);
    study_sweep_free(&sweep);
}

/* ---- what is refused ---- */

struct refused {
    char text[300], message[200]; /* behind the name of the file */
};

static void expect_refused(const struct refused *row)
{
    struct study_sweep sweep;
    struct err err = {0};
    write_text(sweep_path, row->text);
    cr_assert_neq(study_sweep_load(sweep_path, &sweep, &err), ERR_OK, "accepted: %s", row->text);
    size_t n = strlen(sweep_path);
    cr_assert(strncmp(err.detail, sweep_path, n) == 0, "%s", err.detail);
    cr_assert(strncmp(err.detail + n, row->message, strlen(row->message)) == 0, "%s\n%s",
              err.detail + n, row->message);
    study_sweep_free(&sweep);
}

Test(sweep, refusals)
{
    static const struct refused rows[] = {
        {"base: b\naxis: {}\n", ":2:1: axis: unknown key; did you mean 'axes'?"},
        {"axes:\n  exam.sem: [1]\n", ": base: missing"},
        {"base: b\n", ": axes: missing"},
        {"base: b\naxes:\n  policy.wait_day: [1]\n",
         ":3:3: policy.wait_day: unknown key; did you mean 'policy.wait_days'?"},
        {"base: b\naxes:\n  engine.candidates: [1]\n", ":3:3: engine.candidates: no axis"},
        {"base: b\naxes:\n  engine.sessions: [exact]\n", ":3:3: engine.sessions: no axis"},
        {"base: b\naxes:\n  exam.sem: 3\n", ":3:13: exam.sem: expected a list"},
        {"base: b\naxes:\n  exam.sem: {from: 1, to: 2}\n", ":3:13: exam.sem: a range has"},
        {"base: b\naxes:\n  exam.sem: {from: 1, too: 2, n: 2}\n",
         ":3:23: exam.sem: unknown key 'too'; did you mean 'to'?"},
        {"base: b\naxes:\n  exam.sem: {uniform: [2, 1]}\n", ":3:23: exam.sem: uniform needs"},
        {"base: b\naxes:\n  exam.sem: {normal: [0, 0]}\n", ":3:22: exam.sem: normal needs mean"},
        {"base: b\ndesign: {rule: lsh}\naxes:\n  exam.sem: [1]\n",
         ":2:16: design.rule: one of grid, lhs, sobol, saltelli, rows; did you mean 'lhs'?"},
        {"base: b\ndesign: {rule: lhs}\naxes:\n  exam.sem: [1]\n", ": design: lhs needs n"},
        {"base: b\naxes:\n  exam.sem: [1]\nwhere: exam.sem <\n", ":4:18: where: expected a number"},
        {"base: b\naxes:\n  exam.sem: [1]\nwhere: exam.smm < 1\n",
         ":4:8: where: unknown parameter 'exam.smm'; did you mean 'exam.sem'?"},
        {"base: b\naxes:\n  exam.sem: [1]\nwhere: exam.sem 1\n", ":4:17: where: expected an op"},
        {"base: b\naxes:\n  cut: {sets: [exam.sem], values: [[1, 2]]}\n",
         ":3:36: cut: expected a list with one value for each key"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        expect_refused(&rows[i]);
}

Test(sweep, a_grid_takes_no_distribution)
{
    struct study_sweep sweep;
    struct err err = {0};
    write_text(sweep_path, "base: base.yaml\naxes:\n  exam.sem: {uniform: [1, 2]}\n");
    cr_assert_eq(study_sweep_load(sweep_path, &sweep, &err), ERR_OK, "%s", err.detail);
    cr_assert_eq(study_sweep_design(&sweep, &err), ERR_INPUT);
    cr_assert(strstr(err.detail, "a grid needs a list or a range here"), "%s", err.detail);
    study_sweep_free(&sweep);
}
