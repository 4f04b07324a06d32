/* configs/credential.yaml against the real licensure data: mean and SD of the EAP by attempt, and
 * how many came back (configs/banks/README.md; the figures are those of 1,636 candidates).
 *
 * The tolerance of a mean is 2.5 standard errors of the real one, SD/sqrt(n), and of the
 * numbers 2.5 sqrt(n): the scenario's cut and leaving were fitted to them, so this is a check that
 * the fit holds, and that one cohort with one cut can give the whole drop. SPDX-License-Identifier:
 * Apache-2.0 */
#include "stat_journeys.h"

enum { N_COHORT = 16384, N_KNOWN = 4 };

static const double wide = 2.5;

struct by_attempt {
    double n, mean, sd;
};

static const struct by_attempt real[N_KNOWN] = {
    {1167, 0.1349, 0.4589}, {207, -0.2593, 0.3897}, {106, -0.3118, 0.4127}, {48, -0.4192, 0.3156}};

static void add(size_t candidate, const struct pathway_outcome *outcome,
                const struct pathway_sitting *sittings, void *context)
{
    struct by_attempt *sums = context;
    (void)candidate;
    for (size_t a = 0; a < outcome->n_sittings && a < N_KNOWN; a++) {
        sums[a].n++;
        sums[a].mean += sittings[a].theta;
        sums[a].sd += sittings[a].theta * sittings[a].theta;
    }
}

static void expect(const char *what, size_t attempt, double found, double wanted, double tolerance)
{
    printf("attempt %zu, %-10s %9.4f, real %9.4f +- %.4f\n", attempt, what, found, wanted,
           tolerance);
    cr_expect(fabs(found - wanted) <= tolerance, "attempt %zu, %s: %g, real %g", attempt, what,
              found, wanted);
}

Test(credential, drop_of_the_mean_from_first_timers_to_repeaters)
{
    const char *const sets[] = {NULL};
    struct by_attempt sums[N_KNOWN] = {{0}};
    stat_journeys("credential.yaml", sets, N_COHORT, add, sums);
    for (size_t a = 0; a < N_KNOWN; a++) {
        struct by_attempt m = sums[a], r = real[a];
        double mean = m.mean / m.n, error = r.sd / sqrt(r.n);
        expect("mean EAP", a + 1, mean, r.mean, wide * error);
        expect("SD of EAP", a + 1, sqrt(m.sd / m.n - mean * mean), r.sd, wide * error / sqrt(2));
        if (a > 0)
            expect("candidates", a + 1, m.n / sums[0].n * real[0].n, r.n, wide * sqrt(r.n));
    }
}
