/* Journeys worked by hand: probabilities are 0 or 1, delays constant, ability fixed, the estimate
 * exact. The course ends on Monday 2026-01-05 = day 0; the first sitting is on day 7 + 3 = 10, a
 * Thursday, its result posts two business days later, on Monday, day 14.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/dist.h>
#include <retake/pathway/journey.h>

#include "fixture.h"
#include "lane_journeys.h"

static const char scenario_text[] =
    "exam: {form: normal, sem: 0}\n"
    "population:\n"
    "  groups: {all: {theta_mean: -1, theta_sd: 0, speed_sd: 0}}\n"
    "  first_test_days: {mean: 3, sd: 0}\n"
    "  course_ends: {first: 2026-01-05, spread_days: 1}\n"
    "study: {none: 1, broad: 0, targeted: 0, half_life_days: 10000000}\n"
    "policy: {wait_days: 15, attempts_per_cycle: 3, max_cycles: 1,\n"
    "         refresher: {days: 30, p_completed: 1, repairs: 0}}\n"
    "leave: {after_fail: 0}\n"
    "gates:\n"
    "  verification: {probability: 1, delay_days: {mean: 7, sd: 0}}\n"
    "  skills: {probability: 1, delay_days: {mean: 14, sd: 0}}\n"
    "  licensure: {probability: 1, delay_days: {mean: 10, sd: 0}}\n";

struct travel {
    struct scenario scenario;
    struct person_design person;
    struct pathway_design pathway;
    struct pathway_workspace *workspace;
    const struct pathway_outcomes *outcomes;
};

static void travel_init(struct travel *self, const char *const *sets, size_t n)
{
    struct err err = {0};
    fixture_yaml(&self->scenario, scenario_text);
    for (; *sets; sets++)
        fixture_set(&self->scenario, *sets);
    cr_assert_eq(person_design_init(&self->scenario, &self->person, &err), ERR_OK);
    cr_assert_eq(pathway_design_init(&self->scenario, &self->person, NULL, &self->pathway, &err),
                 ERR_OK, "%s", err.detail);
    self->workspace = pathway_workspace_new(&self->pathway, 4, n);
    cr_assert(self->workspace);
    self->outcomes = pathway_journeys(&self->pathway, 0, n, self->workspace);
}

static void travel_free(struct travel *self)
{
    pathway_workspace_free(self->workspace);
    person_design_free(&self->person);
    config_scenario_free(&self->scenario);
}

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

/* ---- probabilities ---- */

enum { MANY = 20000 };

static void check_share(double count, double n, double p, const char *what)
{
    cr_assert_float_eq(count, n * p, 5 * sqrt(n * p * (1 - p)), "%s: %g of %g, p = %g", what, count,
                       n, p);
}

/* Score 750, two hundreds short: logit p = logit .33 + 0.5 (k - 1) + 0.4 * 2 after failure k. */
Test(lane, leaving_depends_on_attempt_and_margin)
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
    check_share(n[2], MANY - n[1], 1 / (1 + exp(-logit - 0.5)), "after the second");
    travel_free(&travel);
}

Test(lane, gates_close_with_their_probabilities)
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
Test(lane, courses_end_on_all_weekdays)
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
