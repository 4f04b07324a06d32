/* Pacing costs time and nothing else: without a limit it changes no answer of the first sitting;
 * with one it shows as tests out of time, which rushing turns into answers given in haste.
 * SPDX-License-Identifier: Apache-2.0 */
#include "stat_journeys.h"

enum { N_RUSHED = 8192 };

struct firsts {
    double theta[N_RUSHED];
    double n, n_out_of_time, n_seen, passed;
};

static void note_first(size_t candidate, const struct pathway_outcome *outcome,
                       const struct pathway_sitting *sittings, void *context)
{
    struct firsts *self = context;
    if (outcome->n_sittings == 0)
        return;
    self->n++;
    self->theta[candidate] = sittings[0].theta;
    self->n_out_of_time += sittings[0].stop == CAT_STOP_TIME;
    self->n_seen += sittings[0].n_seen;
    self->passed += sittings[0].passed;
}

static struct firsts *first_sittings(const char *limit, const char *pacing, const char *rush)
{
    const char *const sets[] = {limit,
                                pacing,
                                rush,
                                "exam.stop.rule=fixed",
                                "exam.out_of_time.rule=fail_below_minimum",
                                "policy.attempts_per_cycle=1",
                                "policy.max_cycles=1",
                                NULL};
    struct firsts *self = calloc(1, sizeof *self);
    cr_assert(self);
    stat_journeys("emr.yaml", sets, N_RUSHED, note_first, self);
    return self;
}

Test(rushing, pacing_takes_nothing_from_ability)
{
    const char *untimed = "exam.time_limit_min=none", *rush = "pacing.rush_speedup=4";
    struct firsts *slow = first_sittings(untimed, "deficits.pacing=0.4", rush);
    struct firsts *quick = first_sittings(untimed, "deficits.pacing=0", rush);
    cr_expect_eq(memcmp(slow->theta, quick->theta, sizeof slow->theta), 0);
    cr_expect_eq(slow->n_out_of_time, 0);
    free(slow);
    free(quick);
}

/* Shares of independent candidates: error of a difference at most sqrt(1/(2 n)). */
Test(rushing, shows_as_fewer_tests_out_of_time_and_more_items_answered)
{
    const char *limit = "exam.time_limit_min=90", *slow = "deficits.pacing=0.3";
    struct firsts *calm = first_sittings(limit, slow, "pacing.rush_speedup=1");
    struct firsts *rushing = first_sittings(limit, slow, "pacing.rush_speedup=4");
    struct firsts *quick = first_sittings(limit, "deficits.pacing=0", "pacing.rush_speedup=1");
    double error = sqrt(0.5 / calm->n);
    printf("out of time: %.3f, rushing %.3f, without the deficit %.3f\n",
           calm->n_out_of_time / calm->n, rushing->n_out_of_time / rushing->n,
           quick->n_out_of_time / quick->n);
    printf("items answered: %.1f, rushing %.1f, without the deficit %.1f\n", calm->n_seen / calm->n,
           rushing->n_seen / rushing->n, quick->n_seen / quick->n);
    printf("passed: %.3f, rushing %.3f, without the deficit %.3f\n", calm->passed / calm->n,
           rushing->passed / rushing->n, quick->passed / quick->n);
    cr_expect_gt((calm->n_out_of_time - rushing->n_out_of_time) / calm->n, stat_limit * error);
    cr_expect_gt((calm->n_out_of_time - quick->n_out_of_time) / calm->n, stat_limit * error);
    cr_expect_gt(rushing->n_seen, calm->n_seen);
    free(calm);
    free(rushing);
    free(quick);
}
