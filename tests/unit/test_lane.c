/* Journeys worked by hand, on the days of travel.h.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/dist.h>

#include "travel.h"

enum { MAX_SETS = 8, MAX_SITTINGS = 5 };

struct journey {
    const char *name, *sets[MAX_SETS];
    enum pathway_end end;
    int32_t days[MAX_SITTINGS], results[MAX_SITTINGS]; /* 0 ends the list */
    uint32_t n_refreshers;
    int32_t certified, licensed; /* 0 = not */
    bool is_window_open;
};

static const struct journey journeys[] = {
    {"licensed", {PASSES}, PATHWAY_LICENSED, {10}, {14}, 0, 14, 24, false},
    {"licensed on the horizon",
     {PASSES, "policy.horizon_days=24"},
     PATHWAY_LICENSED,
     {10},
     {14},
     0,
     14,
     24,
     true},
    {"licensed a day after the horizon",
     {PASSES, "policy.horizon_days=23"},
     PATHWAY_CERTIFIED_ONLY,
     {10},
     {14},
     0,
     14,
     0,
     true},
    {"licence refused",
     {PASSES, "gates.licensure.probability=0"},
     PATHWAY_CERTIFIED_ONLY,
     {10},
     {14},
     0,
     14,
     0,
     false},
    {"no licence needed",
     {PASSES, "gates.licensure.required=false"},
     PATHWAY_CERTIFIED_ONLY,
     {10},
     {14},
     0,
     14,
     0,
     false},
    {"skills begin at the result",
     {PASSES, "gates.skills.parallel=false"},
     PATHWAY_LICENSED,
     {10},
     {14},
     0,
     28,
     38,
     false},
    {"skills take longer than the exam",
     {PASSES, "gates.skills.delay_days.mean=100"},
     PATHWAY_LICENSED,
     {10},
     {14},
     0,
     100,
     110,
     false},
    {"skills never",
     {PASSES, "gates.skills.probability=0"},
     PATHWAY_AWAITING_GATE,
     {10},
     {14},
     0,
     0,
     0,
     false},
    {"certified on the horizon",
     {PASSES, "policy.horizon_days=14"},
     PATHWAY_CERTIFIED_ONLY,
     {10},
     {14},
     0,
     14,
     0,
     true},
    {"result after the horizon",
     {PASSES, "policy.horizon_days=13"},
     PATHWAY_AWAITING_GATE,
     {10},
     {14},
     0,
     0,
     0,
     true},
    {"result at once",
     {PASSES, "policy.results_business_days=0"},
     PATHWAY_LICENSED,
     {10},
     {10},
     0,
     14,
     24,
     false},
    {"leaves", {"leave.after_fail=1"}, PATHWAY_WITHDREW, {10}, {14}, 0, 0, 0, false},
    {"does not complete the refresher",
     {"policy.attempts_per_cycle=1", "policy.max_cycles=2", "policy.refresher.p_completed=0"},
     PATHWAY_WITHDREW,
     {10},
     {14},
     0,
     0,
     0,
     false},
    /* day 25 is a Friday: Tuesday, day 29; day 40 a Saturday: Tuesday, day 43 */
    {"three attempts",
     {NULL},
     PATHWAY_ATTEMPTS_EXHAUSTED,
     {10, 25, 40},
     {14, 29, 43},
     0,
     0,
     0,
     false},
    {"two attempts in all",
     {"policy.max_attempts=2"},
     PATHWAY_ATTEMPTS_EXHAUSTED,
     {10, 25},
     {14, 29},
     0,
     0,
     0,
     false},
    {"a wait shorter than the result",
     {"policy.wait_days=1"},
     PATHWAY_ATTEMPTS_EXHAUSTED,
     {10, 14, 16},
     {14, 16, 18},
     0,
     0,
     0,
     false},
    {"a wait of part of a day",
     {"policy.wait_days=14.3"},
     PATHWAY_ATTEMPTS_EXHAUSTED,
     {10, 25, 40},
     {14, 29, 43},
     0,
     0,
     0,
     false},
    {"the window ends on the day of the third",
     {"policy.window_days=40"},
     PATHWAY_WINDOW_EXPIRED,
     {10, 25},
     {14, 29},
     0,
     0,
     0,
     false},
    {"the window ends the day after",
     {"policy.window_days=41"},
     PATHWAY_ATTEMPTS_EXHAUSTED,
     {10, 25, 40},
     {14, 29, 43},
     0,
     0,
     0,
     false},
    {"the horizon is the day of the third",
     {"policy.horizon_days=40"},
     PATHWAY_ATTEMPTS_EXHAUSTED,
     {10, 25, 40},
     {14, 29, 43},
     0,
     0,
     0,
     true},
    {"the horizon is the day before: eligible for retest",
     {"policy.horizon_days=39"},
     PATHWAY_WINDOW_EXPIRED,
     {10, 25},
     {14, 29},
     0,
     0,
     0,
     true},
    {"never verified",
     {"gates.verification.probability=0"},
     PATHWAY_NEVER_TESTED,
     {0},
     {0},
     0,
     0,
     0,
     false},
    {"the window ends on the first day",
     {"policy.window_days=10"},
     PATHWAY_NEVER_TESTED,
     {0},
     {0},
     0,
     0,
     0,
     false},
    {"the window ends after the first day",
     {"policy.window_days=11", PASSES},
     PATHWAY_LICENSED,
     {10},
     {14},
     0,
     14,
     24,
     false},
    {"the horizon ends before the first day",
     {"policy.horizon_days=9"},
     PATHWAY_NEVER_TESTED,
     {0},
     {0},
     0,
     0,
     0,
     true},
    /* refreshers end on 14 + 30 = 44, a Wednesday, and 46 + 30 = 76, a Sunday */
    {"two refreshers",
     {"policy.attempts_per_cycle=1", "policy.max_cycles=3"},
     PATHWAY_ATTEMPTS_EXHAUSTED,
     {10, 44, 76},
     {14, 46, 78},
     2,
     0,
     0,
     false},
    {"a refresher shorter than the wait",
     {"policy.attempts_per_cycle=1", "policy.max_cycles=2", "policy.refresher.days=2"},
     PATHWAY_ATTEMPTS_EXHAUSTED,
     {10, 25},
     {14, 29},
     1,
     0,
     0,
     false},
    {"a refresher of part of a day",
     {"policy.attempts_per_cycle=1", "policy.max_cycles=2", "policy.refresher.days=30.4"},
     PATHWAY_ATTEMPTS_EXHAUSTED,
     {10, 45},
     {14, 49},
     1,
     0,
     0,
     false},
    {"the window ends during the second refresher",
     {"policy.attempts_per_cycle=1", "policy.max_cycles=3", "policy.window_days=50"},
     PATHWAY_WINDOW_EXPIRED,
     {10, 44},
     {14, 46},
     2,
     0,
     0,
     false},
    {"each refresher renews the window",
     {"policy.attempts_per_cycle=1", "policy.max_cycles=3", "policy.window_days=50",
      "policy.refresher.renews_window=true", "policy.horizon_days=100"},
     PATHWAY_ATTEMPTS_EXHAUSTED,
     {10, 44, 76},
     {14, 46, 78},
     2,
     0,
     0,
     true},
    {"the horizon ends during the refresher",
     {"policy.attempts_per_cycle=1", "policy.max_cycles=3", "policy.horizon_days=43"},
     PATHWAY_WINDOW_EXPIRED,
     {10},
     {14},
     0,
     0,
     0,
     true},
    {"cycles of two: a wait, then a refresher",
     {"policy.attempts_per_cycle=2", "policy.max_cycles=2"},
     PATHWAY_ATTEMPTS_EXHAUSTED,
     {10, 25, 59, 74},
     {14, 29, 63, 78},
     1,
     0,
     0,
     false},
};

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
