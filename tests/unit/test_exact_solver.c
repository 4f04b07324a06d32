/* The exact solver against figures that others computed: the quadratures and dynamic programmes of
 * tests/oracle/exact.py (V6, V7, V8), and closed forms where everybody is alike.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/study/exact_solver.h>

#include "../stat/stat_run.h"

static void solve(const char *text, struct dataset *out, struct err *err)
{
    struct scenario scenario;
    struct engine_plan plan = {0};
    struct err wrong = {0};
    cr_assert(config_scenario_parse("exact.yaml", text, strlen(text), &scenario, &wrong) == ERR_OK,
              "%s", wrong.detail);
    cr_assert(engine_plan_init(&scenario, &plan, &wrong) == ERR_OK, "%s", wrong.detail);
    study_exact_solve(&plan, NULL, out, err);
    engine_plan_free(&plan);
    config_scenario_free(&scenario);
}

static void expect(const struct dataset *data, const char *name, size_t attempt, double exact)
{
    double value = stat_real(data, name, attempt);
    cr_expect(fabs(value - exact) < 1e-8, "%s[%zu]: %.12f, exact %.12f", name, attempt, value,
              exact);
}

static void expect_count(const struct dataset *data, const char *name, size_t index, double exact)
{
    const struct dataset_var *var = dataset_var(data, name);
    cr_assert(var && index < var->n, "%s", name);
    double value = var->type == DATASET_COUNT ? (double)var->count[index] : var->real[index];
    cr_expect(fabs(value - exact) <= 0.5 + 1e-9 * exact, "%s[%zu]: %.12g, exact %.12g", name, index,
              value, exact);
}

struct within {
    size_t attempts;
    double passed, false_pass, false_fail;
};

static void expect_rows(const struct dataset *data, const struct within *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        expect(data, "cumulative_pass_rate", rows[i].attempts, rows[i].passed);
        expect(data, "false_pass_rate", rows[i].attempts, rows[i].false_pass);
        expect(data, "false_fail_rate", rows[i].attempts, rows[i].false_fail);
    }
}

/* An estimate within 1e-9 of the cut ties with it (RULE_TIE), so the cut is 1e-9 lower. */
Test(exact_solver, v7)
{
    static const struct within rows[] = {{1, 0.700000000000, 0.136161595689, 0.069463065852},
                                         {2, 0.762413074733, 0.230020387739, 0.019907219727},
                                         {3, 0.791007198116, 0.297090314332, 0.007044720234},
                                         {6, 0.829800503230, 0.414692424180, 0.000474016645}};
    const double cut = -0.5244005127080407 / 0.9486832980505138;
    struct dataset data;
    struct err err = {0};
    char text[2048];
    snprintf(text, sizeof text,
             "exam: {form: normal, sem: %.17g, cut_theta: %.17g, time_limit_min: none}\n"
             "population:\n"
             "  competent_theta: %.17g\n"
             "  groups: {all: {theta_mean: 0, theta_sd: 1}}\n"
             "policy: {wait_days: 15, attempts_per_cycle: 6, max_cycles: 1, window_days: 3650,\n"
             "  horizon_days: 3650}\n" STAT_PATHWAY,
             1.0 / 3, cut + 1e-9, cut);
    solve(text, &data, &err);
    cr_assert(err.code == ERR_OK, "%s", err.detail);
    expect_rows(&data, rows, sizeof rows / sizeof *rows);
    dataset_free(&data);
}

#define CAT_AT_CUT                                                                                 \
    "exam:\n"                                                                                      \
    "  min_items: 60\n"                                                                            \
    "  max_items: 80\n"                                                                            \
    "  pilot_items: %d\n"                                                                          \
    "  time_limit_min: none\n"                                                                     \
    "  select: {rule: random}\n"                                                                   \
    "  estimate: {rule: ml}\n"                                                                     \
    "  stop: {rule: confidence, level: 0.95}\n"                                                    \
    "  cut_theta: 0\n"

Test(exact_solver, v8)
{
    static const struct within rows[] = {{1, 0.700166573749, 0.131053250007, 0.051591770805},
                                         {2, 0.753157842699, 0.217895336886, 0.013365896953},
                                         {3, 0.777786560247, 0.278192967917, 0.004295609969},
                                         {6, 0.811880617075, 0.381101385725, 0.000217703135}};
    struct dataset data;
    struct err err = {0};
    char bank[256], text[2048];
    stat_bank_at_cut(80, bank);
    snprintf(text, sizeof text,
             "engine: {candidates: 1000000000000}\n"
             "bank: %s\n" CAT_AT_CUT "population:\n"
             "  competent_theta: 0\n"
             "  groups: {all: {theta_mean: 0.411, theta_sd: 0.8}}\n"
             "policy: {wait_days: 15, attempts_per_cycle: 6, max_cycles: 1, window_days: 3650,\n"
             "  horizon_days: 3650}\n" STAT_PATHWAY,
             bank, 0);
    solve(text, &data, &err);
    cr_assert(err.code == ERR_OK, "%s", err.detail);
    expect_rows(&data, rows, sizeof rows / sizeof *rows);
    double length = stat_mean_length(&data, 1);
    cr_expect(fabs(length - 67.174251505864) < 1e-8, "mean length %.12f", length);
    dataset_free(&data);
    unlink(bank);
}

/* At theta 0 a first attempt passes with .544461..., V6; pilots change nothing. */
Test(exact_solver, v6_with_pilots)
{
    struct dataset data;
    struct err err = {0};
    char bank[256], text[2048];
    stat_bank_at_cut(0, bank);
    FILE *file = fopen(bank, "w");
    cr_assert(file);
    fputs("id,b,pilot\n", file);
    for (int i = 0; i < 110; i++)
        fprintf(file, "I%d,0,%d\n", i, i >= 80);
    fclose(file);
    snprintf(text, sizeof text,
             "bank: %s\n" CAT_AT_CUT "population: {groups: {all: {theta_sd: 0}}}\n"
             "policy: {attempts_per_cycle: 6, max_cycles: 1}\n" STAT_PATHWAY,
             bank, 30);
    solve(text, &data, &err);
    cr_assert(err.code == ERR_OK, "%s", err.detail);
    for (size_t k = 1; k <= 6; k++)
        expect(&data, "cumulative_pass_rate", k, 1 - pow(1 - 0.544461162580, (double)k));
    dataset_free(&data);
    unlink(bank);
}

/* At the cut an attempt passes with 1/2. One in ten leaves after each failure, seven in ten
 * complete the refresher after the third. */
Test(exact_solver, at_the_cut)
{
    struct dataset data;
    struct err err = {0};
    double reach = 1, passed = 0;
    const char *text = "engine: {candidates: 1000000000}\n"
                       "exam: {form: normal, sem: 0.3, time_limit_min: none, cut_theta: 1e-9}\n"
                       "population: {groups: {all: {theta_sd: 0}}}\n"
                       "study: {none: 1, broad: 0, targeted: 0}\n"
                       "policy: {attempts_per_cycle: 3, max_cycles: 2,\n"
                       "  refresher: {p_completed: 0.7}}\n"
                       "leave: {after_fail: 0.1}\n"
                       "gates:\n"
                       "  verification: {probability: 0.9, delay_days: {mean: 0, sd: 0}}\n"
                       "  skills: {probability: 0.8, delay_days: {mean: 0, sd: 0}}\n"
                       "  licensure: {required: true, probability: 0.75, delay_days: {mean: 0}}\n";
    solve(text, &data, &err);
    cr_assert(err.code == ERR_OK, "%s", err.detail);
    for (size_t k = 1; k <= 6; k++) {
        expect_count(&data, "n_attempted", k - 1, 1e9 * 0.9 * reach);
        passed += reach / 2;
        expect(&data, "cumulative_pass_rate", k, passed);
        reach *= 0.5 * 0.9 * (k == 3 ? 0.7 : 1);
    }
    expect_count(&data, "n_outcome", PATHWAY_NEVER_TESTED, 1e9 * 0.1);
    expect_count(&data, "n_outcome", PATHWAY_AWAITING_GATE, 1e9 * 0.9 * passed * 0.2);
    expect_count(&data, "n_outcome", PATHWAY_LICENSED, 1e9 * 0.9 * passed * 0.8 * 0.75);
    expect_count(&data, "n_outcome", PATHWAY_CERTIFIED_ONLY, 1e9 * 0.9 * passed * 0.8 * 0.25);
    expect_count(&data, "n_refreshers", 0, 1e9 * 0.9 * pow(0.45, 3) * 0.7);
    dataset_free(&data);
}

/* The number right on five Rasch items of different difficulty, counted out over all 32 patterns;
 * with ml and the cut at -9 everything but five misses passes. */
Test(exact_solver, linear_form)
{
    static const double b[5] = {-1.5, -0.2, 0, 0.7, 1.6};
    struct dataset data;
    struct err err = {0};
    char bank[256], text[2048];
    stat_bank_at_cut(0, bank);
    FILE *file = fopen(bank, "a");
    cr_assert(file);
    double none = 1;
    for (int i = 0; i < 5; i++) {
        fprintf(file, "X%d,%g\n", i, b[i]);
        none *= 1 - 1 / (1 + exp(-(0.3 - b[i])));
    }
    fclose(file);
    snprintf(text, sizeof text,
             "bank: %s\n"
             "exam: {form: linear, min_items: 5, max_items: 5, pilot_items: 0,\n"
             "  time_limit_min: none, cut_theta: -3.9, estimate: {rule: ml}}\n"
             "population: {groups: {all: {theta_mean: 0.3, theta_sd: 0}}}\n" STAT_PATHWAY,
             bank);
    solve(text, &data, &err);
    cr_assert(err.code == ERR_OK, "%s", err.detail);
    expect(&data, "pass_rate", 1, 1 - none);
    dataset_free(&data);
    unlink(bank);
}

static void expect_refusal(const char *text, const char *key)
{
    struct dataset data;
    struct err err = {0};
    solve(text, &data, &err);
    cr_expect(err.code == ERR_INPUT && strstr(err.detail, key) && !strchr(err.detail, '\n'), "%s",
              err.detail);
}

Test(exact_solver, refuses)
{
    expect_refusal("exam: {form: normal}\ndeficits: {knowledge: 0.2}\n", "deficits.cv");
    expect_refusal("exam: {form: normal}\ndeficits: {knowledge: 0.2, cv: 0}\n", "study.targeted");
    expect_refusal("exam: {form: normal}\ngates: {seat: {delay_days: {mean: 3, sd: 1}}}\n",
                   "gates.seat.delay_days.sd");
    char bank[256], text[512];
    stat_bank_at_cut(80, bank);
    snprintf(text, sizeof text, "bank: %s\nexam: {pilot_items: 0}\n", bank);
    expect_refusal(text, "exam.time_limit_min");
    snprintf(text, sizeof text,
             "bank: %s\nexam: {pilot_items: 0, time_limit_min: none, exclude_seen: last}\n", bank);
    expect_refusal(text, "exam.exclude_seen");
    unlink(bank);
}
