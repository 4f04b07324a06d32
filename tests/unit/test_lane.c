/* Journeys worked by hand, on the days of travel.h.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/dist.h>

#include "lane_journeys.h"

static void check_sittings(const struct journey *expected, const struct pathway_outcomes *all,
                           const struct pathway_outcome *outcome)
{
    uint32_t n = 0;
    while (n < MAX_SITTINGS && expected->days[n] > 0)
        n++;
    cr_assert_eq(outcome->n_sittings, n, "%s: %u sittings", expected->name, outcome->n_sittings);
    for (uint32_t k = 0; k < n; k++) {
        const struct pathway_sitting *sitting = &all->sittings[outcome->first_sitting + k];
        cr_assert_eq(sitting->day, expected->days[k], "%s: sitting %u on %d", expected->name, k,
                     sitting->day);
        cr_assert_eq(sitting->result_day, expected->results[k], "%s: result %u on %d",
                     expected->name, k, sitting->result_day);
        cr_assert_eq(sitting->passed, outcome->end <= PATHWAY_AWAITING_GATE);
        cr_assert_eq(sitting->is_competent, sitting->passed);
        cr_assert_eq(sitting->score, sitting->passed ? 1150 : 750);
    }
}

static void check_journey(const struct journey *expected)
{
    enum { N = 5 };
    struct travel travel;
    travel_init(&travel, expected->sets, N);
    cr_assert_eq(travel.outcomes->n, N);
    for (size_t i = 0; i < N; i++) {
        const struct pathway_outcome *outcome = &travel.outcomes->outcomes[i];
        cr_assert_eq(outcome->end, expected->end, "%s: %s", expected->name,
                     pathway_end_names[outcome->end]);
        check_sittings(expected, travel.outcomes, outcome);
        cr_assert_eq(outcome->n_refreshers, expected->n_refreshers, "%s", expected->name);
        cr_assert_eq(outcome->certified_day, expected->certified ? expected->certified : -1, "%s",
                     expected->name);
        cr_assert_eq(outcome->licensed_day, expected->licensed ? expected->licensed : -1, "%s",
                     expected->name);
        cr_assert_eq(outcome->is_window_open, expected->is_window_open, "%s", expected->name);
    }
    travel_free(&travel);
}

Test(lane, journeys_worked_by_hand)
{
    for (size_t k = 0; k < sizeof journeys / sizeof journeys[0]; k++)
        check_journey(&journeys[k]);
}

/* Ability 0.3, knowledge deficit 0.6: fails with -0.3. Study from the result (day 14) to the next
 * sitting (day 25), 11 days at 1 h and 1/h, a fifth for knowledge: 0.6 exp(-2.2) is left. */
Test(lane, study_from_the_result_to_the_next_sitting)
{
    static const char *const sets[] = {"population.groups.all.theta_mean=0.3",
                                       "deficits.knowledge=0.6",
                                       "deficits.cv=0",
                                       "study.broad=1",
                                       "study.none=0",
                                       "study.repair_per_hour=1",
                                       NULL};
    struct travel travel;
    travel_init(&travel, sets, 3);
    for (size_t i = 0; i < 3; i++) {
        const struct pathway_outcome *outcome = &travel.outcomes->outcomes[i];
        const struct pathway_sitting *sittings = travel.outcomes->sittings + outcome->first_sitting;
        double second = 0.3 - 0.6 * exp(-2.2);
        cr_assert_eq(outcome->n_sittings, 2);
        cr_assert_eq(outcome->end, PATHWAY_LICENSED);
        cr_assert_float_eq(sittings[0].theta, -0.3, 1e-14);
        cr_assert_float_eq(sittings[0].score, 890, 1e-10);
        cr_assert_float_eq(sittings[1].theta, second, 1e-14);
        cr_assert_float_eq(sittings[1].proficiency, second, 1e-14);
        cr_assert_float_eq(sittings[1].score, 950 + 200 * second, 1e-10);
        cr_assert(!sittings[0].is_competent && sittings[1].is_competent && sittings[1].passed);
        cr_assert_eq(outcome->certified_day, 29);
    }
    travel_free(&travel);
}

/* A refresher that closes half: 0.6 is 0.3 on its last day; ability 0.3 - 0.3 ties and passes. */
Test(lane, refresher_repairs)
{
    static const char *const sets[] = {"population.groups.all.theta_mean=0.5",
                                       "deficits.knowledge=0.75",
                                       "deficits.cv=0",
                                       "policy.attempts_per_cycle=1",
                                       "policy.max_cycles=2",
                                       "policy.refresher.repairs=0.5",
                                       NULL};
    struct travel travel;
    travel_init(&travel, sets, 1);
    const struct pathway_outcome *outcome = &travel.outcomes->outcomes[0];
    const struct pathway_sitting *sittings = travel.outcomes->sittings + outcome->first_sitting;
    cr_assert_eq(outcome->end, PATHWAY_LICENSED);
    cr_assert_eq(outcome->n_sittings, 2);
    cr_assert_eq(sittings[0].theta, -0.25);
    cr_assert_eq(sittings[1].theta, 0.125);
    cr_assert_eq(sittings[1].day, 44);
    travel_free(&travel);
}
