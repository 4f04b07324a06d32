/* Solving, against closed forms of the normal form: with theta ~ N(0, 1) and an error sem, the
 * first attempt passes with Phi(-cut/sqrt(1 + sem^2)); at theta = cut, K attempts pass with 1 -
 * 2^-K.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/study/solve.h>

#include <retake/base/dist.h>

#include "../stat/stat_run.h"

#define PEOPLE(sd, attempts, sessions)                                                             \
    "engine: {sessions: " sessions "}\n"                                                           \
    "exam: {form: normal, sem: 0.5, time_limit_min: none}\n"                                       \
    "population: {groups: {all: {theta_mean: 0, theta_sd: " sd "}}}\n"                             \
    "policy: {attempts_per_cycle: " attempts ", max_cycles: 1, wait_days: 15}\n" STAT_PATHWAY

static enum err_code solve(const char *text, const char *free, const char *target, uint64_t seed,
                           struct study_solution *out, struct err *err)
{
    struct scenario scenario = {0};
    struct study_question question;
    struct study_solve_options options = {.n_candidates = 32768, .seed = seed, .n_threads = 1};
    cr_assert(config_scenario_parse("solve.yaml", text, strlen(text), &scenario, err) == ERR_OK,
              "%s", err->detail);
    if (study_question_read(free, target, &question, err) == ERR_OK)
        study_solve(&scenario, &question, &options, out, err);
    config_scenario_free(&scenario);
    return err->code;
}

static double cut_for(double passed)
{
    return -dist_normal_quantile(passed) * sqrt(1 + 0.25);
}

Test(solve, exact_cut)
{
    struct study_solution found;
    struct err err = {0};
    solve(PEOPLE("1", "1", "exact"), "exam.cut_theta=-2:2", "pass_rate[attempt=1]=0.8", 1, &found,
          &err);
    cr_assert(err.code == ERR_OK, "%s", err.detail);
    cr_expect(fabs(found.value - cut_for(0.8)) < 1e-8, "%.12f", found.value - cut_for(0.8));
    cr_expect(found.is_exact && found.is_monotone && found.n_crossings == 1);
    cr_expect(fabs(found.reached.value - 0.8) < 1e-8);
}

/* The estimate is normal to first order: within four of its standard errors, of two seeds. */
Test(solve, simulated_cut, .timeout = 120)
{
    for (uint64_t seed = 1; seed <= 2; seed++) {
        struct study_solution found;
        struct err err = {0};
        solve(PEOPLE("1", "1", "simulate"), "exam.cut_theta=-2:2", "pass_rate[attempt=1]=0.8", seed,
              &found, &err);
        cr_assert(err.code == ERR_OK, "%s", err.detail);
        double se = (found.high - found.low) / (2 * 1.959963984540054);
        double expected_se = sqrt(0.8 * 0.2 / 32768) / fabs(found.slope);
        cr_expect(fabs(found.value - cut_for(0.8)) < stat_limit * se, "seed %d: %.6f +- %.6f",
                  (int)seed, found.value - cut_for(0.8), se);
        cr_expect(fabs(se / expected_se - 1) < 0.3, "se %.6f, of independent candidates %.6f", se,
                  expected_se);
    }
}

/* 1 - 2^-4 = .9375 is the first that reaches .9, 1 - 2^-3 = .875 the last below. */
Test(solve, attempts)
{
    static const struct {
        const char *target;
        double value;
    } cases[] = {{"cumulative_pass_rate[attempt=9]>=0.9", 4},
                 {"cumulative_pass_rate[attempt=9]<=0.9", 3},
                 {"cumulative_pass_rate[attempt=9]=0.9", 3},
                 {"cumulative_pass_rate[attempt=9]=0.92", 4}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++)
        for (int simulated = 0; simulated < 2; simulated++) {
            struct study_solution found;
            struct err err = {0};
            solve(simulated ? PEOPLE("0", "2", "simulate") : PEOPLE("0", "2", "exact"),
                  "policy.attempts_per_cycle=1:9", cases[k].target, 1, &found, &err);
            cr_assert(err.code == ERR_OK, "%s", err.detail);
            cr_expect(found.value == cases[k].value, "%s: %g", cases[k].target, found.value);
            cr_expect(found.low == found.value && found.high == found.value);
            cr_expect(found.below.x == 3 && found.above.x == 4);
        }
}

Test(solve, refuses)
{
    struct study_solution found;
    struct err err = {0};
    const char *text = PEOPLE("1", "1", "exact");
    solve(text, "exam.cut_theta=1:2", "pass_rate[attempt=1]=0.8", 1, &found, &err);
    cr_expect(err.code == ERR_INPUT && strstr(err.detail, "exam.cut_theta=1"), "%s", err.detail);
    err = (struct err){0};
    solve(text, "exam.cut_theta=1:2", "pass_rat[attempt=1]=0.8", 1, &found, &err);
    cr_expect(err.code == ERR_INPUT && strstr(err.detail, "pass_rate"), "%s", err.detail);
    err = (struct err){0};
    solve(text, "exam.cut_theta=1:2", "n_passed[attempt=1]=0.8", 1, &found, &err);
    cr_expect(err.code == ERR_INPUT && strstr(err.detail, "divide"), "%s", err.detail);
    err = (struct err){0};
    solve(text, "exam.cut_thet=1:2", "pass_rate[attempt=1]=0.8", 1, &found, &err);
    cr_expect(err.code == ERR_USAGE && strstr(err.detail, "exam.cut_theta"), "%s", err.detail);
    err = (struct err){0};
    solve(text, "policy.max_cycles=1.5:3", "pass_rate[attempt=1]=0.8", 1, &found, &err);
    cr_expect(err.code == ERR_USAGE, "%s", err.detail);
    err = (struct err){0};
    solve(text, "exam.cut_theta=1:2", "pass_rate[attempt=1]", 1, &found, &err);
    cr_expect(err.code == ERR_USAGE, "%s", err.detail);
}

/* Competent candidates who fail are few where all are incompetent and few where all are able: the
 * share has its maximum in between, and the target is crossed twice. */
Test(solve, two_crossings)
{
    struct study_solution found;
    struct err err = {0};
    solve(PEOPLE("1", "1", "exact"), "population.groups.all.theta_mean=-3:3",
          "n_decision[attempt=1,competent=1,passed=0]/n_candidates=0.05", 1, &found, &err);
    cr_assert(err.code == ERR_OK, "%s", err.detail);
    cr_expect(found.n_crossings == 2 && !found.is_monotone, "%zu", found.n_crossings);
}
