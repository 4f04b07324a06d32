/* Journeys in which nothing is left to chance: probabilities are 0 or 1, delays constant, ability
 * fixed, the estimate exact. The course ends on Monday 2026-01-05 = day 0; the first sitting is on
 * day 7 + 3 = 10, a Thursday, its result posts two business days later, on Monday, day 14.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_TESTS_TRAVEL_H
#define RETAKE_TESTS_TRAVEL_H

#include <retake/pathway/journey.h>

#include "fixture.h"

#define PASSES "population.groups.all.theta_mean=1"

static const char travel_scenario[] =
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

static inline void travel_init(struct travel *self, const char *const *sets, size_t n)
{
    struct err err = {0};
    fixture_yaml(&self->scenario, travel_scenario);
    for (; *sets; sets++)
        fixture_set(&self->scenario, *sets);
    cr_assert_eq(person_design_init(&self->scenario, &self->person, &err), ERR_OK);
    cr_assert_eq(pathway_design_init(&self->scenario, &self->person, NULL, &self->pathway, &err),
                 ERR_OK, "%s", err.detail);
    self->workspace = pathway_workspace_new(&self->pathway, 4, n);
    cr_assert(self->workspace);
    self->outcomes = pathway_journeys(&self->pathway, 0, n, self->workspace);
}

static inline void travel_free(struct travel *self)
{
    pathway_workspace_free(self->workspace);
    pathway_design_free(&self->pathway);
    person_design_free(&self->person);
    config_scenario_free(&self->scenario);
}

#endif
