/* V7: retakes with a normal error of measurement, through the whole journey.
 *
 * theta ~ N(0, 1), reliability .9: se = sqrt(.1/.9), cut = -Phi^-1(.7)/sqrt(.9), so that 70 % pass
 * the first attempt. All return, nothing is learnt; competent = theta at or above the cut. The
 * exact figures are the quadratures of tests/oracle/exact.py. Candidates are independent: a rate
 * over a fixed share q of them has the standard error sqrt(p (1 - p)/(q N)) to first order (the
 * number of competent candidates is itself random, which the ratio does not feel).
 * SPDX-License-Identifier: Apache-2.0 */
#include "stat_run.h"

#include "stat_size.h"

static int n_candidates(void)
{
    return stat_size(500000, 2000000);
}

static const double cut = -0.5244005127080407 / 0.9486832980505138; /* Phi^-1(.7), sqrt(.9) */
static const double sem = 1.0 / 3;                                  /* sqrt(.1/.9) */

static void run(double mean, double sd, int seed, const char *raise, struct dataset *out)
{
    char text[2048];
    snprintf(text, sizeof text,
             "engine: {candidates: %d, seed: %d}\n"
             "exam: {form: normal, sem: %.17g, cut_theta: %.17g, time_limit_min: none}\n"
             "population:\n"
             "  competent_theta: %.17g\n"
             "  groups: {all: {theta_mean: %.17g, theta_sd: %.17g}}\n"
             "policy: {wait_days: 15, attempts_per_cycle: 6, max_cycles: 1, window_days: 3650,\n"
             "  retake_cut_raise: %s, horizon_days: 3650}\n" STAT_PATHWAY,
             n_candidates(), seed, sem, cut, cut, mean, sd, raise);
    stat_run(text, out);
}

static const struct {
    size_t attempts;
    double passed, false_pass, false_fail;
} exact[] = {
    {1, 0.700000000000, 0.136161595689, 0.069463065852},
    {2, 0.762413074733, 0.230020387739, 0.019907219727},
    {3, 0.791007198116, 0.297090314332, 0.007044720234},
    {6, 0.829800503230, 0.414692424180, 0.000474016645},
};

Test(v7, population, .timeout = 300)
{
    struct dataset data;
    double competent = 0.5 * erfc(cut / sqrt(2));
    run(0, 1, 71, "0", &data);
    for (size_t i = 0; i < sizeof exact / sizeof exact[0]; i++) {
        char what[64];
        snprintf(what, sizeof what, "within %zu: passed", exact[i].attempts);
        stat_expect_proportion(what, stat_real(&data, "cumulative_pass_rate", exact[i].attempts),
                               exact[i].passed, n_candidates());
        snprintf(what, sizeof what, "within %zu: false pass", exact[i].attempts);
        stat_expect_proportion(what, stat_real(&data, "false_pass_rate", exact[i].attempts),
                               exact[i].false_pass, n_candidates() * (1 - competent));
        snprintf(what, sizeof what, "within %zu: false fail", exact[i].attempts);
        stat_expect_proportion(what, stat_real(&data, "false_fail_rate", exact[i].attempts),
                               exact[i].false_fail, n_candidates() * competent);
    }
    dataset_free(&data);
}

/* An attempt passes with p = Phi(distance), K attempts with 1 - (1 - p)^K. */
static void check_distance(double sems, int seed)
{
    struct dataset data;
    double p = 0.5 * erfc(-sems / sqrt(2));
    run(cut + sems * sem, 0, seed, "0", &data);
    for (size_t attempts = 1; attempts <= 6; attempts++) {
        char what[64];
        snprintf(what, sizeof what, "%+.0f SEM, within %zu", sems, attempts);
        stat_expect_proportion(what, stat_real(&data, "cumulative_pass_rate", attempts),
                               1 - pow(1 - p, (double)attempts), n_candidates());
    }
    dataset_free(&data);
}

Test(v7, at_the_cut, .timeout = 300)
{
    check_distance(0, 72);
}

Test(v7, below_the_cut, .timeout = 300)
{
    check_distance(-1, 73);
}

/* Millman's remedy: at the cut, attempt k passes with Phi(-raise_k/sem). */
Test(v7, a_higher_cut_for_repeaters, .timeout = 300)
{
    static const double raises[] = {0, 0.1, 0.25, 0.25, 0.25, 0.25};
    struct dataset data;
    double none = 1;
    run(cut, 0, 74, "[0.1, 0.25]", &data);
    for (size_t attempts = 1; attempts <= 6; attempts++) {
        char what[64];
        none *= 0.5 * erfc(-raises[attempts - 1] / sem / sqrt(2));
        snprintf(what, sizeof what, "a higher cut, within %zu", attempts);
        stat_expect_proportion(what, stat_real(&data, "cumulative_pass_rate", attempts), 1 - none,
                               n_candidates());
    }
    dataset_free(&data);
}
