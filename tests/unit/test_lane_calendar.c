/* Edges of the calendar, worked by hand on the days of travel.h: day 0 is Monday 2026-01-05, the
 * first sitting is on day 10, Thursday 2026-01-15, and without holidays its result posts on day 14.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/dist.h>

#include "travel.h"

enum { MAX_SETS = 8, MAX_SITTINGS = 4, N_CANDIDATES = 3 };

static const struct edge {
    const char *name, *sets[MAX_SETS];
    enum pathway_end end;
    int32_t days[MAX_SITTINGS], results[MAX_SITTINGS]; /* 0 ends the list */
    uint32_t n_refreshers, n_forfeited;
    int32_t certified; /* 0 = not */
    enum pathway_gate held_by;
} edges[] = {
    /* day 11 is Friday 01-16; Monday 01-19 is no business day: Tuesday, Wednesday 01-21 */
    {"a failure on a Friday before a holiday",
     {"population.first_test_days.mean=4", "calendar.holidays=2026-01-19"},
     PATHWAY_ATTEMPTS_EXHAUSTED,
     {11, 26, 41},
     {16, 29, 43},
     0,
     0,
     0,
     PATHWAY_N_GATES},
    {"who may sit again as soon as the result is there waits for it over the holiday",
     {"population.first_test_days.mean=4", "calendar.holidays=[2026-01-19]", "policy.wait_days=1"},
     PATHWAY_ATTEMPTS_EXHAUSTED,
     {11, 16, 18},
     {16, 18, 22},
     0,
     0,
     0,
     PATHWAY_N_GATES},
    {"a pass before three holidays in a row: Thursday, Friday 01-23",
     {PASSES, "population.first_test_days.mean=4",
      "calendar.holidays=[2026-01-21, 2026-01-19, 2026-01-20, 2026-01-18]"},
     PATHWAY_LICENSED,
     {11},
     {18},
     0,
     0,
     18,
     PATHWAY_N_GATES},
    {"the window ends during the wait",
     {"policy.window_days=20"},
     PATHWAY_WINDOW_EXPIRED,
     {10},
     {14},
     0,
     0,
     0,
     PATHWAY_N_GATES},
    /* from the result on day 14 to day 44 */
    {"a refresher that outlasts the window",
     {"policy.attempts_per_cycle=1", "policy.max_cycles=2", "policy.window_days=40"},
     PATHWAY_WINDOW_EXPIRED,
     {10},
     {14},
     1,
     0,
     0,
     PATHWAY_N_GATES},
    {"a new course that outlasts the window renews it",
     {"policy.attempts_per_cycle=1", "policy.max_cycles=2", "policy.window_days=40",
      "policy.after_cycle=course", "policy.course.days=30", "policy.course.p_completed=1"},
     PATHWAY_ATTEMPTS_EXHAUSTED,
     {10, 44},
     {14, 46},
     1,
     0,
     0,
     PATHWAY_N_GATES},
    /* 14 + 30 = 44, then 46 + 60 = 106, a Tuesday */
    {"a refresher after the first cycle, a course after the second",
     {"policy.attempts_per_cycle=1", "policy.max_cycles=3",
      "policy.after_cycle=[refresher, course]", "policy.course.p_completed=1"},
     PATHWAY_ATTEMPTS_EXHAUSTED,
     {10, 44, 106},
     {14, 46, 108},
     2,
     0,
     0,
     PATHWAY_N_GATES},
    {"nobody completes the course",
     {"policy.attempts_per_cycle=1", "policy.max_cycles=3", "policy.after_cycle=course",
      "policy.course.p_completed=0"},
     PATHWAY_WITHDREW,
     {10},
     {14},
     0,
     0,
     0,
     PATHWAY_N_GATES},
    {"the skills check fails after a pass",
     {PASSES, "gates.skills.parallel=false", "gates.skills.p_pass=0"},
     PATHWAY_AWAITING_GATE,
     {10},
     {14},
     0,
     0,
     0,
     PATHWAY_GATE_SKILLS},
    {"the skills check comes after the horizon",
     {PASSES, "gates.skills.delay_days.mean=300", "policy.horizon_days=200"},
     PATHWAY_AWAITING_GATE,
     {10},
     {14},
     0,
     0,
     0,
     PATHWAY_GATE_SKILLS},
    {"the result comes after the horizon",
     {PASSES, "gates.skills.delay_days.mean=5", "policy.horizon_days=13"},
     PATHWAY_AWAITING_GATE,
     {10},
     {14},
     0,
     0,
     0,
     PATHWAY_GATE_RESULT},
    {"the licence is refused",
     {PASSES, "gates.licensure.probability=0"},
     PATHWAY_CERTIFIED_ONLY,
     {10},
     {14},
     0,
     0,
     14,
     PATHWAY_GATE_LICENSURE},
    {"no licence is needed",
     {PASSES, "gates.licensure.required=false"},
     PATHWAY_CERTIFIED_ONLY,
     {10},
     {14},
     0,
     0,
     14,
     PATHWAY_N_GATES},
    /* authorised on day 7, planned on day 19: valid on 7 to 11, 12 to 16, 17 to 21 */
    {"two authorisations run out",
     {PASSES, "population.first_test_days.mean=12", "gates.authorization.valid_days=5"},
     PATHWAY_LICENSED,
     {19},
     {22},
     0,
     2,
     22,
     PATHWAY_N_GATES},
    {"the sitting is on the last day of the authorisation",
     {PASSES, "population.first_test_days.mean=4", "gates.authorization.valid_days=5"},
     PATHWAY_LICENSED,
     {11},
     {15},
     0,
     0,
     15,
     PATHWAY_N_GATES},
    /* authorised on 16, planned on 28; valid on 16 to 20; a new one on 21 + 9 = 30, a Wednesday */
    {"the new authorisation comes after the day that was planned",
     {PASSES, "population.first_test_days.mean=12", "gates.authorization.valid_days=5",
      "gates.authorization.delay_days.mean=9"},
     PATHWAY_LICENSED,
     {30},
     {32},
     0,
     1,
     32,
     PATHWAY_N_GATES},
    /* Sunday 01-18, Thursday 02-05, Monday 02-23 */
    {"each sitting waits three days for a seat",
     {"gates.seat.delay_days.mean=3"},
     PATHWAY_ATTEMPTS_EXHAUSTED,
     {13, 31, 49},
     {15, 35, 51},
     0,
     0,
     0,
     PATHWAY_N_GATES},
    {"a list of waits",
     {"policy.wait_days=[15, 30]"},
     PATHWAY_ATTEMPTS_EXHAUSTED,
     {10, 25, 55},
     {14, 29, 57},
     0,
     0,
     0,
     PATHWAY_N_GATES},
    {"the last wait of a list repeats",
     {"policy.wait_days=[20, 15]", "policy.attempts_per_cycle=4"},
     PATHWAY_ATTEMPTS_EXHAUSTED,
     {10, 30, 45, 60},
     {14, 32, 49, 64},
     0,
     0,
     0,
     PATHWAY_N_GATES},
    {"waits after cycles",
     {"policy.attempts_per_cycle=1", "policy.max_cycles=3", "policy.refresher.days=0",
      "policy.cycle_wait_days=[20, 40]"},
     PATHWAY_ATTEMPTS_EXHAUSTED,
     {10, 30, 70},
     {14, 32, 72},
     2,
     0,
     0,
     PATHWAY_N_GATES},
    /* day 375 is Friday 2027-01-15 */
    {"two sittings a year",
     {"policy.max_attempts_per_year=2"},
     PATHWAY_ATTEMPTS_EXHAUSTED,
     {10, 25, 375},
     {14, 29, 379},
     0,
     0,
     0,
     PATHWAY_N_GATES},
};

static void check_edge(const struct edge *expected)
{
    struct travel travel;
    travel_init(&travel, expected->sets, N_CANDIDATES);
    for (size_t i = 0; i < N_CANDIDATES; i++) {
        const struct pathway_outcome *outcome = &travel.outcomes->outcomes[i];
        const struct pathway_sitting *sittings = travel.outcomes->sittings + outcome->first_sitting;
        cr_expect_eq(outcome->end, expected->end, "%s: %s", expected->name,
                     pathway_end_names[outcome->end]);
        for (uint32_t k = 0; k < outcome->n_sittings && k < MAX_SITTINGS; k++)
            cr_expect(sittings[k].day == expected->days[k] &&
                          sittings[k].result_day == expected->results[k],
                      "%s: sitting %u on %d, result %d", expected->name, k, sittings[k].day,
                      sittings[k].result_day);
        cr_expect(outcome->n_sittings == MAX_SITTINGS ||
                      (expected->days[outcome->n_sittings] == 0 &&
                       expected->days[outcome->n_sittings - 1] != 0),
                  "%s: %u sittings", expected->name, outcome->n_sittings);
        cr_expect_eq(outcome->n_refreshers, expected->n_refreshers, "%s", expected->name);
        cr_expect_eq(outcome->n_forfeited, expected->n_forfeited, "%s: %u forfeited",
                     expected->name, outcome->n_forfeited);
        cr_expect_eq(outcome->certified_day, expected->certified ? expected->certified : -1, "%s",
                     expected->name);
        cr_expect_eq(outcome->held_by, expected->held_by, "%s", expected->name);
    }
    travel_free(&travel);
}

Test(lane_calendar, edges_worked_by_hand)
{
    for (size_t k = 0; k < sizeof edges / sizeof edges[0]; k++)
        check_edge(&edges[k]);
}

/* Tries on days 14 + 14 = 28, 42 and 56, each passed by half. */
Test(lane_calendar, tries_of_the_skills_check_after_a_pass)
{
    enum { N = 4000 };
    static const char *const sets[] = {PASSES, "gates.skills.parallel=false",
                                       "gates.skills.p_pass=0.5", NULL};
    static const double shares[] = {0.125, 0.5, 0.25, 0.125}; /* never, then by try */
    struct travel travel;
    size_t n[4] = {0};
    travel_init(&travel, sets, N);
    for (size_t i = 0; i < N; i++) {
        const struct pathway_outcome *outcome = &travel.outcomes->outcomes[i];
        int try_ = outcome->certified_day < 0 ? 0 : (outcome->certified_day - 14) / 14;
        cr_assert(try_ <= 3 && (try_ == 0 || outcome->certified_day == 14 + 14 * try_));
        cr_assert_eq(outcome->held_by, try_ ? PATHWAY_N_GATES : PATHWAY_GATE_SKILLS);
        n[try_]++;
    }
    for (int k = 0; k < 4; k++)
        cr_expect_float_eq((double)n[k] / (double)N, shares[k],
                           4 * sqrt(shares[k] * (1 - shares[k]) / (double)N), "%d: %zu", k, n[k]);
    travel_free(&travel);
}

/* As in test_lane.c: the second estimate is 0.3 - 0.6 exp(-2.2) = 0.2335. */
static bool passes_second(const char *raise)
{
    const char *const sets[] = {"population.groups.all.theta_mean=0.3",
                                "deficits.knowledge=0.6",
                                "deficits.cv=0",
                                "study.broad=1",
                                "study.none=0",
                                "study.repair_per_hour=1",
                                "policy.attempts_per_cycle=2",
                                raise,
                                NULL};
    struct travel travel;
    travel_init(&travel, sets, 1);
    const struct pathway_outcome *outcome = &travel.outcomes->outcomes[0];
    bool passed = outcome->n_sittings == 2 && outcome->end == PATHWAY_LICENSED;
    cr_assert(passed || outcome->end == PATHWAY_ATTEMPTS_EXHAUSTED);
    travel_free(&travel);
    return passed;
}

Test(lane_calendar, a_higher_cut_for_repeaters)
{
    cr_expect(passes_second("policy.retake_cut_raise=0"));
    cr_expect(passes_second("policy.retake_cut_raise=0.23"));
    cr_expect_not(passes_second("policy.retake_cut_raise=0.24"));
    cr_expect(passes_second("policy.retake_cut_raise=[0.1, 5]"));
}

/* The result posts 14 days after the course: logit p = 0 + 20 * 14/365. */
Test(lane_calendar, leaving_depends_on_the_time_since_the_course)
{
    enum { N = 4000 };
    static const char *const sets[] = {"leave.after_fail=0.5", "leave.per_year_since_course=20",
                                       "policy.attempts_per_cycle=2", NULL};
    double p = dist_logistic(20 * 14.0 / 365);
    struct travel travel;
    size_t n_left = 0;
    travel_init(&travel, sets, N);
    for (size_t i = 0; i < N; i++)
        n_left += travel.outcomes->outcomes[i].end == PATHWAY_WITHDREW;
    cr_expect_float_eq((double)n_left / (double)N, p, 4 * sqrt(p * (1 - p) / (double)N), "%zu left",
                       n_left);
    travel_free(&travel);
}

/* Monday 2026-01-19 = 20472 is a holiday; to sit on it changes nothing about what follows. */
Test(lane_calendar, holidays_are_no_business_days)
{
    static const int64_t days[] = {20472, 20473};
    const struct pathway_calendar calendar = {.n_holidays = 2, .holidays = days};
    cr_expect_eq(pathway_calendar_add(&calendar, 20469, 0), 20469); /* Friday */
    cr_expect_eq(pathway_calendar_add(&calendar, 20469, 1), 20474); /* Wednesday */
    cr_expect_eq(pathway_calendar_add(&calendar, 20470, 1), 20474); /* from Saturday */
    cr_expect_eq(pathway_calendar_add(&calendar, 20472, 1), 20474);
    cr_expect_eq(pathway_calendar_add(&calendar, 20468, 2), 20474); /* from Thursday */
    cr_expect_eq(pathway_calendar_add(&calendar, 20468, 4), 20476); /* Friday after */
    cr_expect_eq(pathway_calendar_add(&calendar, 20468, 5), 20479); /* over the weekend */
}
