/* What stratified ability and common random numbers save on V7 and V8: ratios of variances over
 * blocks.
 *
 * With P the probability to pass an attempt, of one ability, and p_k = E[1 - (1 - P)^k] of all,
 * ability stratified leaves E[P_k (1 - P_k)] of p_k (1 - p_k), but for what varies within strata of
 * 1/256. On common random numbers the difference of 6 and 3 attempts is the share d = p_6 - p_3 who
 * pass in attempts 4 to 6: variance d (1 - d), against p_3 (1 - p_3) + p_6 (1 - p_6) of independent
 * runs. The figures are quadratures over tests/oracle/exact.py.
 *
 * Block shares of 256 candidates are nearly normal, so that the logarithm of a ratio of two
 * independent variances over B blocks has the standard error sqrt(4/(B - 1)); the same limit is
 * safe for the two variances that share a run, which are positively correlated. V8 is dear: few
 * blocks here, 2,000 in bench/bench_variance.c.
 * SPDX-License-Identifier: Apache-2.0 */
#include "stat_run.h"

#include "blocks.h"
#include "stat_size.h"

struct exact {
    double stratified[N_WITHIN]; /* ratios */
    double p3, p6;
};

static void expect_ratio(const char *what, double observed, double exact, size_t n)
{
    double z = log(observed / exact) / sqrt(4.0 / (double)(n - 1));
    printf("%-44s %.3f, exact %.3f, z %+.2f\n", what, observed, exact, z);
    cr_expect(fabs(z) < stat_limit, "%s: %.3f, exact %.3f, z = %.2f", what, observed, exact, z);
}

static void run(struct blocks_retakes retakes, const char *sampling, int attempts, int seed,
                struct blocks *out)
{
    struct err err = {0};
    retakes.sampling = sampling;
    retakes.attempts = attempts;
    retakes.seed = seed;
    cr_assert_eq(blocks_retakes(&retakes, out, &err), ERR_OK, "%s", err.detail);
}

/* @return the exact ratio of common random numbers */
static double check(const struct blocks_retakes *retakes, const struct exact *exact)
{
    static const char *const names[] = {"stratified: first attempt", "stratified: within 3",
                                        "stratified: within 6"};
    struct blocks own = {0}, six = {0}, three = {0}, stratified = {0};
    run(*retakes, "random", 6, 11, &own);
    run(*retakes, "random", 6, 12, &six);
    run(*retakes, "random", 3, 12, &three);
    run(*retakes, "stratified", 6, 13, &stratified);
    for (int k = 0; k < N_WITHIN; k++)
        expect_ratio(names[k],
                     blocks_variance(&own, k, NULL, 0) / blocks_variance(&stratified, k, NULL, 0),
                     exact->stratified[k], own.n);
    double p3 = exact->p3, p6 = exact->p6, d = p6 - p3;
    double ratio = (p3 * (1 - p3) + p6 * (1 - p6)) / (d * (1 - d));
    expect_ratio("common random numbers, 6 less 3 attempts",
                 blocks_variance(&own, WITHIN_6, &three, WITHIN_6) /
                     blocks_variance(&six, WITHIN_6, &three, WITHIN_6),
                 ratio, own.n);
    blocks_free(&own);
    blocks_free(&six);
    blocks_free(&three);
    blocks_free(&stratified);
    return ratio;
}

Test(variance, v7, .timeout = 300)
{
    static const struct exact exact = {
        {3.364679611, 4.261426299, 4.802687027}, 0.791007198116, 0.829800503230};
    const struct blocks_retakes v7 = {
        .exam = "form: normal, sem: 0.33333333333333331, cut_theta: -0.55276667543916047, "
                "time_limit_min: none",
        .bank = "none",
        .theta_sd = 1,
        .n_blocks = stat_size(1000, 3000)};
    check(&v7, &exact);
}

Test(variance, v8, .timeout = 300)
{
    static const struct exact exact = {
        {3.961659098, 5.069347653, 5.735783752}, 0.777786560247, 0.811880617075};
    struct err err = {0};
    char bank[256];
    cr_assert_eq(blocks_bank(80, bank, &err), ERR_OK, "%s", err.detail);
    const struct blocks_retakes v8 = {.bank = bank,
                                      .exam = BLOCKS_V8_EXAM,
                                      .theta_mean = 0.411,
                                      .theta_sd = 0.8,
                                      .n_blocks = 128};
    double common = check(&v8, &exact);
    unlink(bank);
    cr_expect(common >= 9 && exact.stratified[WITHIN_1] >= 3);
}
