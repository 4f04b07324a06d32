/* V6: the confidence-interval rule against dynamic programming.
 *
 * Every item has b = 0 = the cut, so after n answers, R of them right, theta_hat = ln(R/(n - R))
 * and SE = sqrt(n/(R (n - R))), and (n, R) is a Markov chain. The exact figures are those of
 * tests/oracle/exact.py. Candidates are independent and alike (theta_sd 0): the standard error of
 * P(pass) is sqrt(p (1 - p)/N), that of the mean length its exact standard deviation over sqrt(N).
 * SPDX-License-Identifier: Apache-2.0 */
#include "stat_run.h"

#include "stat_size.h"

static size_t n_candidates(void)
{
    return (size_t)stat_size(200000, 1000000);
}

/* A tie (R = n/2 at 80 items) at theta 0 moves P(pass) from .4555 to .5445. */
static const struct exact {
    double theta, p_pass, mean_length, sd_length;
} exact[] = {
    {-0.50, 0.017032713912, 68.052742985422, 9.124908562},
    {-0.25, 0.156668895108, 75.391446609374, 7.939361414},
    {0.00, 0.544461162580, 78.413058710828, 5.095962393},
    {0.25, 0.891005005551, 75.391446609374, 7.939361414},
    {0.50, 0.990455864250, 68.052742985422, 9.124908562},
};

static void run(const struct exact *self, const char *rule, size_t n, bool tie_passes,
                struct dataset *out)
{
    char bank[256], text[2048];
    stat_bank_at_cut(80, bank);
    snprintf(text, sizeof text,
             "engine: {candidates: %zu, seed: 60%d}\n"
             "bank: %s\n"
             "exam:\n"
             "  min_items: 60\n"
             "  max_items: 80\n"
             "  pilot_items: 0\n"
             "  time_limit_min: none\n"
             "  select: {rule: %s}\n"
             "  estimate: {rule: ml}\n"
             "  stop: {rule: confidence, level: 0.95}\n"
             "  cut_theta: 0\n"
             "  tie_passes: %s\n"
             "population: {groups: {all: {theta_mean: %g, theta_sd: 0}}}\n"
             "policy: {attempts_per_cycle: 1, max_cycles: 1}\n" STAT_PATHWAY,
             n, (int)(self - exact), bank, rule, tie_passes ? "true" : "false", self->theta);
    stat_run(text, out);
    unlink(bank);
}

static void check(const struct exact *self, const char *rule, size_t n)
{
    struct dataset data;
    char what[64];
    run(self, rule, n, true, &data);
    snprintf(what, sizeof what, "theta %+.2f, %s: P(pass)", self->theta, rule);
    stat_expect_proportion(what, stat_real(&data, "pass_rate", 1), self->p_pass, (double)n);
    snprintf(what, sizeof what, "theta %+.2f, %s: mean length", self->theta, rule);
    stat_expect_mean(what, stat_mean_length(&data, 1), self->mean_length, self->sd_length,
                     (double)n);
    dataset_free(&data);
}

Test(v6, random_items, .timeout = 300)
{
    for (size_t i = 0; i < sizeof exact / sizeof exact[0]; i++)
        check(&exact[i], "random", n_candidates());
}

/* With fisher the estimate is made after every answer; the numbers must be the same. */
Test(v6, fisher, .timeout = 300)
{
    check(&exact[2], "fisher", n_candidates() / 25);
    check(&exact[3], "fisher", n_candidates() / 25);
}

Test(v6, a_tie_fails, .timeout = 300)
{
    struct dataset data;
    run(&exact[2], "random", n_candidates() / 10, false, &data);
    stat_expect_proportion("theta 0, a tie fails: P(pass)", stat_real(&data, "pass_rate", 1),
                           1 - exact[2].p_pass, (double)(n_candidates() / 10));
    dataset_free(&data);
}
