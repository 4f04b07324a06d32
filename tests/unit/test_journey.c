/* Journeys as a whole: any number of lanes and any cut of the candidates give the same; what a
 * retaker meets again; how many attempts there is room for.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/dist.h>
#include <retake/pathway/journey.h>

#include "fixture.h"

/* A short adaptive test, many failures, everything in play. */
static const char scenario_text[] =
    "bank: none.csv\n"
    "exam: {min_items: 6, max_items: 12, pilot_items: 3, time_limit_min: 12,\n"
    "       select: {rule: fisher, randomesque: 3}, stop: {rule: confidence, level: 0.8}}\n"
    "population:\n"
    "  first_test_days: {mean: 20, sd: 20}\n"
    "  groups:\n"
    "    x: {weight: 2, theta_mean: -0.3, theta_sd: 0.8}\n"
    "    y: {weight: 1, theta_mean: 0.4, theta_sd: 0.5}\n"
    "deficits: {knowledge: 0.3, sequence: 0.2, scope: 0.2, reading: 0.1, pacing: 0.2}\n"
    "study: {course_gain: 0.5}\n"
    "policy: {max_cycles: 3, window_days: 300}\n"
    "leave: {after_fail: 0.2, per_attempt: 0.1, per_100_points_short: 0.1}\n";

struct travel {
    struct irt_bank bank;
    struct scenario scenario;
    struct cat_design cat;
    struct person_design person;
    struct pathway_design pathway;
};

static void travel_init(struct travel *self, const char *set)
{
    struct err err = {0};
    struct rng rng = rng_published(51, 1);
    fixture_bank(&self->bank, 120);
    fixture_pilots(&self->bank, 20);
    for (size_t i = 0; i < 120; i++) {
        self->bank.items[i].b = dist_normal_quantile(rng_unit(&rng));
        for (int k = 0; k < IRT_N_DEMANDS; k++)
            self->bank.items[i].demand[k] = (float)rng_unit(&rng);
    }
    fixture_yaml(&self->scenario, scenario_text);
    if (set)
        fixture_set(&self->scenario, set);
    fixture_design(&self->scenario, &self->bank, &self->cat);
    cr_assert_eq(person_design_init(&self->scenario, &self->person, &err), ERR_OK);
    cr_assert_eq(
        pathway_design_init(&self->scenario, &self->person, &self->cat, &self->pathway, &err),
        ERR_OK, "%s", err.detail);
}

static void travel_free(struct travel *self)
{
    person_design_free(&self->person);
    cat_design_free(&self->cat);
    config_scenario_free(&self->scenario);
    irt_bank_free(&self->bank);
}

static void check_same_sitting(const struct pathway_outcomes *a, const struct pathway_sitting *x,
                               const struct pathway_outcomes *b, const struct pathway_sitting *y)
{
    cr_assert(x->theta == y->theta && x->se == y->se && x->score == y->score &&
              x->proficiency == y->proficiency && x->minutes == y->minutes);
    cr_assert(x->day == y->day && x->result_day == y->result_day && x->stop == y->stop &&
              x->passed == y->passed && x->is_competent == y->is_competent);
    cr_assert(x->n_scored == y->n_scored && x->n_seen == y->n_seen);
    cr_assert_eq(memcmp(x->misses, y->misses, sizeof x->misses), 0);
    cr_assert_eq(
        memcmp(a->items + x->first_item, b->items + y->first_item, x->n_seen * sizeof *a->items),
        0);
}

/* Outcome i of a is outcome j of b. */
static void check_same(const struct pathway_outcomes *a, size_t i, const struct pathway_outcomes *b,
                       size_t j)
{
    const struct pathway_outcome *x = &a->outcomes[i], *y = &b->outcomes[j];
    cr_assert(x->group == y->group && x->end == y->end && x->n_sittings == y->n_sittings &&
                  x->n_refreshers == y->n_refreshers && x->certified_day == y->certified_day &&
                  x->licensed_day == y->licensed_day && x->is_window_open == y->is_window_open,
              "candidate %zu", i);
    for (uint32_t k = 0; k < x->n_sittings; k++)
        check_same_sitting(a, &a->sittings[x->first_sitting + k], b,
                           &b->sittings[y->first_sitting + k]);
}

static void check_lanes(const char *set)
{
    enum { N = 400 };
    static const size_t lanes[] = {2, 7, 32, 64};
    struct travel travel;
    travel_init(&travel, set);
    struct pathway_workspace *one = pathway_workspace_new(&travel.pathway, 1, N);
    cr_assert(one);
    const struct pathway_outcomes *alone = pathway_journeys(&travel.pathway, 0, N, one);
    for (size_t k = 0; k < sizeof lanes / sizeof lanes[0]; k++) {
        struct pathway_workspace *many = pathway_workspace_new(&travel.pathway, lanes[k], N);
        cr_assert(many);
        const struct pathway_outcomes *all = pathway_journeys(&travel.pathway, 0, N, many);
        cr_assert(all->n_sittings == alone->n_sittings && all->n_items == alone->n_items);
        for (size_t i = 0; i < N; i++)
            check_same(alone, i, all, i);
        all = pathway_journeys(&travel.pathway, 150, 77, many); /* the memory is used again */
        cr_assert_eq(all->n, 77);
        for (size_t i = 0; i < 77; i++)
            check_same(alone, 150 + i, all, i);
        pathway_workspace_free(many);
    }
    pathway_workspace_free(one);
    travel_free(&travel);
}

Test(journey, any_number_of_lanes)
{
    check_lanes(NULL);
    check_lanes("exam.estimate.rule=ml");
    check_lanes("exam.exclude_seen=all");
    check_lanes("exam.time_limit_min=none");
    check_lanes("exam.select.rule=random");
}

/* ---- what is seen again ---- */

/* Compare the flags of a candidate's items with a search through the earlier sittings.
 * @return how many were seen before */
static int check_seen(const struct pathway_outcomes *all, const struct pathway_outcome *outcome,
                      bool *seen_last)
{
    const struct pathway_sitting *sittings = all->sittings + outcome->first_sitting;
    int n_again = 0;
    for (uint32_t k = 0; k < outcome->n_sittings; k++)
        for (uint32_t i = 0; i < sittings[k].n_seen; i++) {
            uint32_t item = all->items[sittings[k].first_item + i];
            uint32_t number = item & (PATHWAY_SEEN_BEFORE - 1);
            bool again = false;
            for (uint32_t j = 0; j < k; j++)
                for (uint32_t h = 0; h < sittings[j].n_seen; h++) {
                    uint32_t other = all->items[sittings[j].first_item + h];
                    if ((other & (PATHWAY_SEEN_BEFORE - 1)) != number)
                        continue;
                    again = true;
                    *seen_last |= j + 1 == k;
                }
            cr_assert_eq((item & PATHWAY_SEEN_BEFORE) != 0, again);
            n_again += again;
        }
    return n_again;
}

static int seen_again(const char *set, bool *seen_last)
{
    enum { N = 500 };
    struct travel travel;
    int n_again = 0;
    travel_init(&travel, set);
    struct pathway_workspace *workspace = pathway_workspace_new(&travel.pathway, 16, N);
    const struct pathway_outcomes *all = pathway_journeys(&travel.pathway, 0, N, workspace);
    *seen_last = false;
    for (size_t i = 0; i < N; i++)
        n_again += check_seen(all, &all->outcomes[i], seen_last);
    pathway_workspace_free(workspace);
    travel_free(&travel);
    return n_again;
}

Test(journey, items_seen_again)
{
    bool seen_last;
    cr_assert_gt(seen_again("exam.exclude_seen=none", &seen_last), 0);
    cr_assert(seen_last);
    cr_assert_gt(seen_again("exam.exclude_seen=last", &seen_last), 0);
    cr_assert_not(seen_last);
    cr_assert_eq(seen_again("exam.exclude_seen=all", &seen_last), 0);
}

/* ---- room for attempts ---- */

static uint32_t room(const char *set1, const char *set2, enum err_code *code)
{
    struct scenario scenario;
    struct person_design person = {0};
    struct pathway_design pathway;
    struct err err = {0};
    fixture_scenario(&scenario, set1, set2, NULL);
    *code = pathway_design_init(&scenario, &person, NULL, &pathway, &err);
    if (*code != ERR_OK)
        cr_assert(strstr(err.detail, "policy.attempts_per_cycle"), "%s", err.detail);
    config_scenario_free(&scenario);
    return pathway.max_attempts;
}

Test(journey, room_for_attempts)
{
    enum err_code code;
    cr_assert_eq(room("policy.max_cycles=2", "policy.attempts_per_cycle=3", &code), 6);
    cr_assert_eq(room("policy.max_cycles=2", "policy.max_attempts=4", &code), 4);
    cr_assert_eq(room("policy.wait_days=365", "policy.attempts_per_cycle=9", &code), 3);
    /* days 0, 15, ..., 720 */
    cr_assert_eq(room("policy.wait_days=15", "policy.attempts_per_cycle=1000", &code), 49);
    cr_assert_eq(code, ERR_OK);
    /* days 0, 15, 380; 0, 15, 30, ... of two years, at most 8 in each of three */
    cr_assert_eq(room("policy.wait_days=[15, 365]", "policy.attempts_per_cycle=9", &code), 3);
    cr_assert_eq(room("policy.max_attempts_per_year=8", "policy.attempts_per_cycle=1000", &code),
                 24);
    room("policy.wait_days=0", "policy.attempts_per_cycle=1000", &code);
    cr_assert_eq(code, ERR_INPUT);
}

/* Nobody leaves or passes: everyone sits as often as the time allows, on days 10, 25, ..., 715. */
Test(journey, as_many_attempts_as_there_is_room_for)
{
    struct scenario scenario;
    struct person_design person;
    struct pathway_design pathway;
    struct err err = {0};
    fixture_scenario(&scenario, "exam.form=normal", "exam.sem=0",
                     "population.groups.all.theta_mean=-2", "population.groups.all.theta_sd=0",
                     "policy.attempts_per_cycle=1000", "leave.after_fail=0",
                     "gates.verification.probability=1", "gates.verification.delay_days.mean=10",
                     "gates.verification.delay_days.sd=0", NULL);
    cr_assert_eq(person_design_init(&scenario, &person, &err), ERR_OK);
    cr_assert_eq(pathway_design_init(&scenario, &person, NULL, &pathway, &err), ERR_OK);
    struct pathway_workspace *workspace = pathway_workspace_new(&pathway, 8, 100);
    const struct pathway_outcomes *all = pathway_journeys(&pathway, 0, 100, workspace);
    for (size_t i = 0; i < 100; i++) {
        cr_assert_eq(all->outcomes[i].n_sittings, 48);
        cr_assert_eq(all->outcomes[i].end, PATHWAY_WINDOW_EXPIRED);
        cr_assert_eq(all->sittings[all->outcomes[i].first_sitting + 47].day, 10 + 47 * 15);
    }
    pathway_workspace_free(workspace);
    person_design_free(&person);
    config_scenario_free(&scenario);
}
