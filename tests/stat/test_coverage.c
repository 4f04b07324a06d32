/* Whether the reported Monte Carlo standard errors cover: +-1.96 mcse around the estimate should
 * hold the truth in 95 % of runs.
 *
 * Many small runs of V7 with different seeds. The standard error comes from B blocks, so that
 * (estimate - truth)/mcse has about a t distribution with B - 1 degrees of freedom, and +-1.96
 * covers P(|t| < 1.96): .9352 with 20 blocks, .9428 with 40, .9456 with 64. B = 64 keeps this loss
 * below what the test resolves. Over M runs the observed coverage has the standard error
 * sqrt(.9456 .0544/M): .0051 with 2,000, so that an error too small by a tenth (coverage .921)
 * would be seen; .0101 with the 500 of every day. Four of these are the limits.
 *
 * The spread of the estimates over runs must also equal the mean mcse: with M runs the ratio of
 * the two has the standard error 1/sqrt(2 M) = .016, and a limit of 4 of these.
 * Ability stratified: 200 runs, of which the ratio is known to 5 %, and coverage to 1.6 percentage
 * points; 100 every day. 1,000 runs of each scheme: tests/repro/coverage_long.py.
 * SPDX-License-Identifier: Apache-2.0 */
#include "stat_run.h"

#include "stat_size.h"

enum { N_BLOCKS = 64, N_ATTEMPTS = 3 };

static const double cut = -0.5244005127080407 / 0.9486832980505138; /* Phi^-1(.7), sqrt(.9) */

/* A rate with its exact values by attempt (tests/oracle/exact.py), and what was seen of it. */
struct rate {
    const char *name, *error;
    double exact[N_ATTEMPTS];
    int n_covered[N_ATTEMPTS];
    double square[N_ATTEMPTS], error_square[N_ATTEMPTS]; /* sums over runs */
};

static void run(const char *sampling, int seed, struct dataset *out)
{
    char text[2048];
    snprintf(text, sizeof text,
             "engine: {candidates: %d, seed: %d, sampling: %s}\n"
             "exam: {form: normal, sem: %.17g, cut_theta: %.17g, time_limit_min: none}\n"
             "population:\n"
             "  competent_theta: %.17g\n"
             "  groups: {all: {theta_mean: 0, theta_sd: 1}}\n"
             "policy: {wait_days: 15, attempts_per_cycle: 3, max_cycles: 1, window_days: 3650,\n"
             "  horizon_days: 3650}\n" STAT_PATHWAY,
             N_BLOCKS * TALLY_BLOCK, seed, sampling, 1.0 / 3, cut, cut);
    stat_run(text, out);
}

static void look(struct rate *self, const struct dataset *data)
{
    for (size_t a = 0; a < N_ATTEMPTS; a++) {
        double error = stat_real(data, self->error, a + 1);
        double off = stat_real(data, self->name, a + 1) - self->exact[a];
        self->n_covered[a] += fabs(off) <= 1.96 * error;
        self->square[a] += off * off;
        self->error_square[a] += error * error;
    }
}

static void check(const struct rate *self, int n_runs)
{
    const double expected = 0.9456; /* P(|t| < 1.96) with 63 degrees of freedom */
    double limit = stat_limit * sqrt(expected * (1 - expected) / n_runs);
    for (size_t a = 0; a < N_ATTEMPTS; a++) {
        double coverage = (double)self->n_covered[a] / n_runs;
        double ratio = sqrt(self->square[a] / self->error_square[a]);
        printf("%-22s attempt %zu: coverage %.4f, spread / mcse %.4f\n", self->name, a + 1,
               coverage, ratio);
        cr_expect(fabs(coverage - expected) < limit, "%s, attempt %zu: coverage %.4f", self->name,
                  a + 1, coverage);
        cr_expect(fabs(ratio - 1) < stat_limit / sqrt(2.0 * n_runs),
                  "%s, attempt %zu: spread / mcse %.4f", self->name, a + 1, ratio);
    }
}

static void cover(const char *sampling, int n_runs)
{
    struct rate rates[] = {
        {"cumulative_pass_rate",
         "cumulative_pass_rate_mcse",
         {0.700000000000, 0.762413074733, 0.791007198116},
         {0},
         {0},
         {0}},
        {"false_pass_rate",
         "false_pass_rate_mcse",
         {0.136161595689, 0.230020387739, 0.297090314332},
         {0},
         {0},
         {0}},
        {"false_fail_rate",
         "false_fail_rate_mcse",
         {0.069463065852, 0.019907219727, 0.007044720234},
         {0},
         {0},
         {0}},
    };
    enum { N_RATES_SEEN = sizeof rates / sizeof rates[0] };
    for (int seed = 0; seed < n_runs; seed++) {
        struct dataset data;
        run(sampling, seed, &data);
        for (size_t k = 0; k < N_RATES_SEEN; k++)
            look(&rates[k], &data);
        dataset_free(&data);
    }
    for (size_t k = 0; k < N_RATES_SEEN; k++)
        check(&rates[k], n_runs);
}

Test(coverage, intervals_cover, .timeout = 400)
{
    cover("random", stat_size(500, 2000));
}

Test(coverage, intervals_cover_when_stratified, .timeout = 400)
{
    cover("stratified", stat_size(100, 200));
}
