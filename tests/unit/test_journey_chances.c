/* The chances of a journey: shares of many candidates within five standard errors.
 * SPDX-License-Identifier: Apache-2.0 */
#include "travel.h"

enum { MANY = 20000 };

static void check_share(double count, double n, double p, const char *what)
{
    cr_assert_float_eq(count, n * p, 5 * sqrt(n * p * (1 - p)), "%s: %g of %g, p = %g", what, count,
                       n, p);
}

/* Score 750, two hundreds short: logit p = logit .33 + 0.5 (k - 1) + 0.4 * 2 after failure k. */
Test(journey_chances, leaving_depends_on_attempt_and_margin)
{
    static const char *const sets[] = {"leave.after_fail=0.33", "leave.per_attempt=0.5",
                                       "leave.per_100_points_short=0.4", NULL};
    struct travel travel;
    travel_init(&travel, sets, MANY);
    double n[5] = {0};
    for (size_t i = 0; i < MANY; i++)
        n[travel.outcomes->outcomes[i].n_sittings]++;
    cr_assert(n[0] == 0 && n[4] == 0);
    double logit = log(0.33 / 0.67) + 0.8;
    check_share(n[1], MANY, 1 / (1 + exp(-logit)), "after the first");
    check_share(n[2], (double)MANY - n[1], 1 / (1 + exp(-logit - 0.5)), "after the second");
    travel_free(&travel);
}

Test(journey_chances, gates_close_with_their_probabilities)
{
    static const char *const sets[] = {PASSES, "gates.verification.probability=0.9",
                                       "gates.skills.probability=0.8",
                                       "gates.licensure.probability=0.7", NULL};
    struct travel travel;
    double n[PATHWAY_N_ENDS] = {0};
    travel_init(&travel, sets, MANY);
    for (size_t i = 0; i < MANY; i++)
        n[travel.outcomes->outcomes[i].end]++;
    check_share(n[PATHWAY_NEVER_TESTED], MANY, 0.1, "never tested");
    check_share(n[PATHWAY_AWAITING_GATE], MANY, 0.9 * 0.2, "awaiting");
    check_share(n[PATHWAY_CERTIFIED_ONLY], MANY, 0.9 * 0.8 * 0.3, "certified");
    check_share(n[PATHWAY_LICENSED], MANY, 0.9 * 0.8 * 0.7, "licensed");
    travel_free(&travel);
}

/* Courses end evenly over 7 days: the two business days after a Thursday sitting take 4 days, and
 * so do those after a Friday's; after a Saturday's 3, a Sunday's 2. */
Test(journey_chances, courses_end_on_all_weekdays)
{
    static const char *const sets[] = {PASSES, "population.course_ends.spread_days=7", NULL};
    struct travel travel;
    double n[5] = {0};
    travel_init(&travel, sets, MANY);
    for (size_t i = 0; i < MANY; i++) {
        const struct pathway_sitting *sitting =
            &travel.outcomes->sittings[travel.outcomes->outcomes[i].first_sitting];
        cr_assert(sitting->day == 10 && sitting->result_day >= 12 && sitting->result_day <= 14);
        n[sitting->result_day - 10]++;
    }
    check_share(n[2], MANY, 4.0 / 7, "Sunday to Wednesday");
    check_share(n[3], MANY, 1.0 / 7, "Saturday");
    check_share(n[4], MANY, 2.0 / 7, "Thursday and Friday");
    travel_free(&travel);
}
