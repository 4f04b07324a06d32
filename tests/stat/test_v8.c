/* V8: the adaptive test of V6 with retakes, over theta ~ N(.411, .8). All return, nothing is
 * learnt; competent = theta at or above the cut 0.
 *
 * The exact figures mix the dynamic programming of V6 over theta (tests/oracle/exact.py).
 * Candidates are independent: standard errors as in test_v7.c. The length of first sittings has an
 * exact standard deviation of 9.2763. SPDX-License-Identifier: Apache-2.0 */
#include "stat_run.h"

#include "stat_size.h"

static int n_candidates(void)
{
    return stat_size(100000, 500000);
}

static const double theta_mean = 0.411, theta_sd = 0.8;
static const double mean_length = 67.174251505864, sd_length = 9.276336785;

static const struct {
    size_t attempts;
    double passed, false_pass, false_fail;
} exact[] = {
    {1, 0.700166573749, 0.131053250007, 0.051591770805},
    {2, 0.753157842699, 0.217895336886, 0.013365896953},
    {3, 0.777786560247, 0.278192967917, 0.004295609969},
    {6, 0.811880617075, 0.381101385725, 0.000217703135},
};

static void run(struct dataset *out)
{
    char bank[256], text[2048];
    stat_bank_at_cut(80, bank);
    snprintf(text, sizeof text,
             "engine: {candidates: %d, seed: 8}\n"
             "bank: %s\n"
             "exam:\n"
             "  min_items: 60\n"
             "  max_items: 80\n"
             "  pilot_items: 0\n"
             "  time_limit_min: none\n"
             "  select: {rule: random}\n"
             "  estimate: {rule: ml}\n"
             "  stop: {rule: confidence, level: 0.95}\n"
             "  cut_theta: 0\n"
             "population:\n"
             "  competent_theta: 0\n"
             "  groups: {all: {theta_mean: %.17g, theta_sd: %.17g}}\n"
             "policy: {wait_days: 15, attempts_per_cycle: 6, max_cycles: 1, window_days: 3650,\n"
             "  horizon_days: 3650}\n" STAT_PATHWAY,
             n_candidates(), bank, theta_mean, theta_sd);
    stat_run(text, out);
    unlink(bank);
}

static void check_row(const struct dataset *data, size_t i)
{
    char what[64];
    double competent = 0.5 * erfc(-theta_mean / theta_sd / sqrt(2));
    snprintf(what, sizeof what, "within %zu: passed", exact[i].attempts);
    stat_expect_proportion(what, stat_real(data, "cumulative_pass_rate", exact[i].attempts),
                           exact[i].passed, n_candidates());
    snprintf(what, sizeof what, "within %zu: false pass", exact[i].attempts);
    stat_expect_proportion(what, stat_real(data, "false_pass_rate", exact[i].attempts),
                           exact[i].false_pass, n_candidates() * (1 - competent));
    snprintf(what, sizeof what, "within %zu: false fail", exact[i].attempts);
    stat_expect_proportion(what, stat_real(data, "false_fail_rate", exact[i].attempts),
                           exact[i].false_fail, n_candidates() * competent);
}

Test(v8, population, .timeout = 300)
{
    struct dataset data;
    run(&data);
    for (size_t i = 0; i < sizeof exact / sizeof exact[0]; i++)
        check_row(&data, i);
    stat_expect_mean("mean length of the first attempt", stat_mean_length(&data, 1), mean_length,
                     sd_length, n_candidates());
    dataset_free(&data);
}
