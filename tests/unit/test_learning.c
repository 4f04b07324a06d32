/* Study, forgetting and the refresher: numbers worked by hand.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/rng.h>
#include <retake/person/population.h>

#include "fixture.h"

/* Half of everything is forgotten in 100 days. */
static struct person_design design_of(double p_none, double p_broad, double repair_per_day)
{
    return (struct person_design){.seed = 1,
                                  .p_none = p_none,
                                  .p_broad = p_broad,
                                  .targeted_buckets = 2,
                                  .repair_per_day = repair_per_day,
                                  .repair_power = 1,
                                  .repair_rate = {1, 1, 1, 1, 1},
                                  .decay_per_day = log(2) / 100,
                                  .course_gain = 0.8,
                                  .refresher_repairs = 0.5};
}

static void study(const struct person_design *design, struct person *person, uint32_t attempt,
                  const uint32_t *misses, double day)
{
    person_study(design, person, person_plan(design, person, attempt), misses, day);
}

/* Deficits of 1 in every bucket, half of each repaired. */
static struct person half_repaired(void)
{
    return (struct person){
        .theta = 1, .initial = {1, 1, 1, 1, 1}, .repaired = {0.5, 0.5, 0.5, 0.5, 0.5}};
}

static void check_deficits(const struct person *person, const double *expected)
{
    for (int k = 0; k < PERSON_N_BUCKETS; k++)
        cr_assert_float_eq(person->initial[k] - person->repaired[k], expected[k], 1e-14,
                           "bucket %d: %.17g, not %.17g", k,
                           person->initial[k] - person->repaired[k], expected[k]);
}

Test(learning, repairs_halve_with_the_half_life)
{
    struct person_design design = design_of(1, 0, 0);
    struct person person = half_repaired();
    person_advance(&design, &person, 100);
    check_deficits(&person, (const double[]){0.75, 0.75, 0.75, 0.75, 0.75});
    person_advance(&design, &person, 200);
    check_deficits(&person, (const double[]){0.875, 0.875, 0.875, 0.875, 0.875});
    person_advance(&design, &person, 200);
    check_deficits(&person, (const double[]){0.875, 0.875, 0.875, 0.875, 0.875});
    cr_assert_eq(person.day, 200);
}

Test(learning, a_wait_without_study_only_forgets)
{
    struct person_design design = design_of(1, 0, 0.3);
    struct person person = half_repaired();
    const uint32_t misses[5] = {9, 1, 1, 1, 1};
    study(&design, &person, 1, misses, 100);
    check_deficits(&person, (const double[]){0.75, 0.75, 0.75, 0.75, 0.75});
}

/* 100 days at 0.05: 5 in all, 1 for each bucket, after half the repairs were forgotten. */
Test(learning, broad_study_gives_each_bucket_a_fifth)
{
    struct person_design design = design_of(0, 1, 0.05);
    struct person person = half_repaired();
    const uint32_t misses[5] = {9, 1, 1, 1, 1};
    study(&design, &person, 1, misses, 100);
    double left = 0.75 * exp(-1);
    check_deficits(&person, (const double[]){left, left, left, left, left});
}

/* The same 5: 2.5 for each of the two buckets with the most misses. */
static void check_targeted(const uint32_t *misses, int first, int second)
{
    struct person_design design = design_of(0, 0, 0.05);
    struct person person = half_repaired();
    double expected[5] = {0.75, 0.75, 0.75, 0.75, 0.75};
    expected[first] = expected[second] = 0.75 * exp(-2.5);
    study(&design, &person, 2, misses, 100);
    check_deficits(&person, expected);
}

Test(learning, targeted_study_takes_the_two_most_missed)
{
    check_targeted((const uint32_t[]){3, 0, 7, 1, 0}, 2, 0);
    check_targeted((const uint32_t[]){0, 1, 2, 3, 4}, 4, 3);
    check_targeted((const uint32_t[]){9, 1, 2, 3, 4}, 0, 4);
    check_targeted((const uint32_t[]){2, 5, 5, 0, 5}, 1, 2); /* equals: the first first */
    check_targeted((const uint32_t[]){5, 5, 5, 5, 5}, 0, 1);
    check_targeted((const uint32_t[]){0, 0, 0, 0, 0}, 0, 1);
    check_targeted((const uint32_t[]){0, 0, 0, 0, 1}, 4, 0);
}

Test(learning, refresher_closes_a_fraction_and_renews_the_course)
{
    struct person_design design = design_of(1, 0, 0);
    struct person person = half_repaired();
    struct person_state state;
    person_advance(&design, &person, 100);
    person_state(&design, &person, &state);
    cr_assert_float_eq(state.ability, 1 - 0.8 * 0.5, 1e-15);
    person_refresh(&design, &person, 200); /* deficits .875 by then; half of that is closed */
    check_deficits(&person, (const double[]){0.4375, 0.4375, 0.4375, 0.4375, 0.4375});
    person_state(&design, &person, &state);
    cr_assert_eq(state.ability, 1);
    person_advance(&design, &person, 400);
    person_state(&design, &person, &state);
    cr_assert_float_eq(state.ability, 1 - 0.8 * 0.75, 1e-15);
    cr_assert_float_eq(state.deficit[0], 1 - 0.5625 / 4, 1e-15);
}

/* What is done in a wait: 0.2 nothing, 0.5 broad, 0.3 targeted; keyed by candidate and attempt. */
Test(learning, shares_of_the_kinds_of_study)
{
    enum { N = 20000 };
    struct person_design design = design_of(0.2, 0.5, 0.05);
    const uint32_t misses[5] = {9, 8, 1, 1, 1};
    int n_none = 0, n_broad = 0;
    for (uint64_t i = 0; i < N; i++) {
        struct person person = half_repaired(), again = half_repaired();
        person.candidate = again.candidate = i / 2;
        uint32_t attempt = 1 + i % 2;
        study(&design, &person, attempt, misses, 100);
        study(&design, &again, attempt, misses, 100);
        cr_assert_eq(memcmp(person.repaired, again.repaired, sizeof person.repaired), 0);
        n_none += person.repaired[0] < 0.26;
        n_broad += person.repaired[4] > 0.26;
    }
    cr_assert_float_eq(n_none, 0.2 * (double)N, 5 * sqrt((double)N * 0.16));
    cr_assert_float_eq(n_broad, 0.5 * (double)N, 5 * sqrt((double)N * 0.25));
}

/* ---- one bucket, returns, own rates, one plan for life ---- */

Test(learning, one_targeted_bucket_gets_all_hours)
{
    struct person_design design = design_of(0, 0, 0.05);
    struct person person = half_repaired();
    design.targeted_buckets = 1;
    study(&design, &person, 1, (const uint32_t[]){3, 0, 7, 1, 0}, 100);
    check_deficits(&person, (const double[]){0.75, 0.75, 0.75 * exp(-5), 0.75, 0.75});
}

/* An amount of 1 each, where every power leaves 1/e; of 4 in all with the power 1/2: 4/5 each. */
Test(learning, returns_diminish_with_the_power)
{
    struct person_design design = design_of(0, 1, 0.05);
    struct person person = half_repaired();
    double left = 0.75 * exp(-1);
    design.repair_power = 0.5;
    study(&design, &person, 1, (const uint32_t[5]){0}, 100);
    check_deficits(&person, (const double[]){left, left, left, left, left});
    person = half_repaired();
    design.repair_per_day = 0.04;
    study(&design, &person, 1, (const uint32_t[5]){0}, 100);
    left = 0.75 * exp(-sqrt(0.8));
    check_deficits(&person, (const double[]){left, left, left, left, left});
    person = half_repaired();
    design.repair_per_day = 0;
    study(&design, &person, 1, (const uint32_t[5]){0}, 100);
    check_deficits(&person, (const double[]){0.75, 0.75, 0.75, 0.75, 0.75});
}

Test(learning, each_bucket_has_its_own_rate)
{
    struct person_design design = design_of(0, 1, 0.05);
    struct person person = half_repaired();
    double rates[] = {1, 2, 0, 0.5, 3}, expected[5];
    memcpy(design.repair_rate, rates, sizeof rates);
    for (int k = 0; k < 5; k++)
        expected[k] = 0.75 * exp(-rates[k]);
    study(&design, &person, 1, (const uint32_t[5]){0}, 100);
    check_deficits(&person, expected);
}

Test(learning, a_plan_may_be_kept_for_life)
{
    struct person_design design = design_of(0.5, 0.5, 0.05);
    int n_studies = 0, n_changes = 0;
    design.keeps_plan = true;
    for (uint64_t i = 0; i < 1000; i++) {
        struct person first = half_repaired(), second = half_repaired();
        first.candidate = second.candidate = i;
        study(&design, &first, 1, (const uint32_t[5]){0}, 100);
        study(&design, &second, 2, (const uint32_t[5]){0}, 100);
        n_studies += first.repaired[0] > 0.26;
        n_changes += memcmp(first.repaired, second.repaired, sizeof first.repaired) != 0;
    }
    cr_expect_eq(n_changes, 0);
    cr_expect_float_eq(n_studies, 500, 5 * sqrt(250));
}

/* Whole days are read from tables, of a design made from a scenario; others are computed. */
Test(learning, tables_hold_what_the_formulas_give)
{
    static const char *const scenarios[] = {
        "bank: none.csv\nstudy: {none: 0.2, broad: 0.4, targeted: 0.4}\n",
        "bank: none.csv\nstudy: {none: 0, broad: 0.5, targeted: 0.5, repair_power: 0.6, "
        "targeted_buckets: 1}\n"};
    const uint32_t misses[5] = {3, 1, 9, 1, 1};
    for (size_t k = 0; k < 2; k++) {
        struct scenario scenario;
        struct person_design design, plain;
        struct err err = {0};
        fixture_yaml(&scenario, scenarios[k]);
        cr_assert_eq(person_design_init(&scenario, &design, &err), ERR_OK);
        plain = design;
        plain.by_day = NULL;
        for (uint64_t i = 0; i < 600; i++) {
            double day = (double)i / 8; /* halves of days, and beyond the tables */
            struct person one = half_repaired(), two = half_repaired();
            struct person_state by_table, by_formula;
            one.candidate = two.candidate = i;
            study(&design, &one, 1, misses, 4 * day);
            study(&plain, &two, 1, misses, 4 * day);
            cr_assert_arr_eq(one.repaired, two.repaired, sizeof one.repaired, "day %g", 4 * day);
            person_state(&design, &one, &by_table);
            person_state(&plain, &two, &by_formula);
            cr_assert_eq(by_table.ability, by_formula.ability, "day %g", 4 * day);
        }
        person_design_free(&design);
        config_scenario_free(&scenario);
    }
}
