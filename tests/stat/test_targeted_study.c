/* Targeted study against broad study: the first sitting and every draw are the same, so that each
 * candidate is compared with themselves. The difference d of passing the second attempt is -1, 0 or
 * 1; its mean over candidates is known to its standard deviation / sqrt(n).
 * SPDX-License-Identifier: Apache-2.0 */
#include "stat_journeys.h"

enum { N_PEOPLE = 16384 };

static void note_second(size_t candidate, const struct pathway_outcome *outcome,
                        const struct pathway_sitting *sittings, void *context)
{
    signed char *passed = context;
    passed[candidate] = outcome->n_sittings > 1 && sittings[1].passed;
}

/* d of each candidate, for a population (deficits.cv) and a log (deficits.misread). */
static void compare(const char *concentration, const char *noise, signed char *d)
{
    signed char *broad = calloc(N_PEOPLE, 1);
    const char *sets[] = {concentration,
                          noise,
                          "study.none=0",
                          "study.broad=0",
                          "study.targeted=1",
                          "deficits.distribution=gamma",
                          "deficits.knowledge=0.3",
                          "deficits.sequence=0.3",
                          "deficits.scope=0.3",
                          "deficits.reading=0.3",
                          "deficits.pacing=0.3",
                          "population.groups.all.theta_mean=0.9",
                          "study.targeted_buckets=1",
                          "study.course_gain=0",
                          "leave.after_fail=0",
                          "policy.attempts_per_cycle=2",
                          "policy.max_cycles=1",
                          NULL};
    stat_journeys("emr.yaml", sets, N_PEOPLE, note_second, d);
    sets[3] = "study.broad=1";
    sets[4] = "study.targeted=0";
    stat_journeys("emr.yaml", sets, N_PEOPLE, note_second, broad);
    for (size_t i = 0; i < N_PEOPLE; i++)
        d[i] = (signed char)(d[i] - broad[i]);
    free(broad);
}

/* The mean of a - b in standard errors; b may be NULL. */
static double z_of(const char *what, const signed char *a, const signed char *b)
{
    double sum = 0, squares = 0;
    for (size_t i = 0; i < N_PEOPLE; i++) {
        double x = a[i] - (b ? b[i] : 0);
        sum += x / (double)N_PEOPLE;
        squares += x * x / (double)N_PEOPLE;
    }
    double z = sum / sqrt((squares - sum * sum) / (double)N_PEOPLE);
    printf("%-52s %+.4f of all candidates, z %+.1f\n", what, sum, z);
    return z;
}

Test(targeted_study, is_better_where_deficits_are_concentrated_and_the_log_is_clean)
{
    signed char *clean = calloc(N_PEOPLE, 1), *noisy = calloc(N_PEOPLE, 1);
    signed char *useless = calloc(N_PEOPLE, 1), *even = calloc(N_PEOPLE, 1);
    cr_assert(clean && noisy && useless && even);
    compare("deficits.cv=2", "deficits.misread=0", clean);
    compare("deficits.cv=2", "deficits.misread=0.6", noisy);
    compare("deficits.cv=2", "deficits.misread=0.8", useless);
    compare("deficits.cv=0", "deficits.misread=0", even);
    cr_expect_gt(z_of("concentrated, clean log: targeted - broad", clean, NULL), stat_limit);
    cr_expect_gt(z_of("the same less that of a log with 60 % misread", clean, noisy), stat_limit);
    cr_expect_gt(z_of("that less that of a log that says nothing", noisy, useless), stat_limit);
    cr_expect_gt(z_of("concentrated less even deficits", clean, even), stat_limit);
    cr_expect_lt(z_of("concentrated, log says nothing: targeted - broad", useless, NULL), 0);
    cr_expect_lt(z_of("even, clean log: targeted - broad", even, NULL), 0);
    free(clean);
    free(noisy);
    free(useless);
    free(even);
}
