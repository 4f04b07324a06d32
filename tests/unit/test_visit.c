/* Visits: every candidate of every plan once, pairs of the same candidates, whatever the threads;
 * draws of a plan with another key are independent and of the same people; progress and stop.
 * SPDX-License-Identifier: Apache-2.0 */
#include "policy.h"

#include <retake/engine/visit.h>

#include <math.h>

enum { MOST = 4000 };

struct seen {
    uint64_t n_plans_alone, n_agree, n_same_person, n_same_estimate, n_both;
    uint8_t times[2][MOST];
};

static void add(uint64_t *to, uint64_t x)
{
    __atomic_fetch_add(to, x, __ATOMIC_RELAXED);
}

static void take(void *context, size_t visit, const struct pathway_outcomes *first,
                 const struct pathway_outcomes *second)
{
    struct seen *self = context;
    add(&self->n_plans_alone, second ? 0 : first->n);
    for (size_t i = 0; i < first->n; i++) {
        self->times[visit][first->first + i]++;
        if (!second || first->outcomes[i].n_sittings == 0)
            continue;
        const struct pathway_sitting *a = first->sittings + first->outcomes[i].first_sitting;
        const struct pathway_sitting *b = second->sittings + second->outcomes[i].first_sitting;
        add(&self->n_both, 1);
        add(&self->n_same_person, a->proficiency == b->proficiency && a->day == b->day);
        add(&self->n_same_estimate, a->theta == b->theta);
        add(&self->n_agree, a->passed == b->passed);
    }
}

struct pair {
    struct scenario scenario;
    struct engine_plan plan, twin;
};

static void pair_init(const char *text, const char *bank, struct pair *self)
{
    struct err err = {0};
    policy_scenario(text, bank, &self->scenario);
    policy_set(&self->scenario, "engine.candidates=3333");
    cr_assert_eq(engine_plan_init(&self->scenario, &self->plan, &err), ERR_OK, "%s", err.detail);
    cr_assert_eq(engine_plan_share(&self->scenario, &self->plan, &self->twin, &err), ERR_OK);
    self->twin.pathway.key_offset = 1000;
}

static void pair_free(struct pair *self)
{
    engine_plan_free(&self->twin);
    engine_plan_free(&self->plan);
    config_scenario_free(&self->scenario);
}

static void expect_all(const char *text, const char *bank, int n_threads, struct seen *seen)
{
    struct pair pair;
    struct err err = {0};
    pair_init(text, bank, &pair);
    const struct engine_visit list[] = {{&pair.plan, &pair.twin, 0}, {&pair.plan, NULL, 0}};
    const struct engine_visits visits = {.n = 2, .list = list, .take = take, .context = seen};
    const struct engine_options options = {.n_threads = n_threads};
    cr_assert_eq(engine_visit_all(&visits, &options, &err), ERR_OK, "%s", err.detail);
    for (size_t i = 0; i < MOST; i++)
        for (size_t k = 0; k < 2; k++)
            cr_assert_eq(seen->times[k][i], i < 3333, "candidate %zu of visit %zu", i, k);
    pair_free(&pair);
}

Test(visit, the_same_people_other_draws)
{
    char bank[256];
    policy_bank(20, bank);
    const char *const texts[] = {POLICY_CAT, POLICY_NORMAL};
    for (size_t k = 0; k < 2; k++) {
        struct seen one = {0}, three = {0};
        expect_all(texts[k], k == 0 ? bank : NULL, 1, &one);
        expect_all(texts[k], k == 0 ? bank : NULL, 3, &three);
        cr_expect_arr_eq(&one, &three, sizeof one);
        cr_expect_eq(one.n_plans_alone, 3333);
        cr_expect_eq(one.n_same_person, one.n_both);
        cr_expect(one.n_both > 3000 && one.n_agree > one.n_both / 2 && one.n_agree < one.n_both);
        cr_expect(one.n_same_estimate < one.n_both / 2);
    }
    unlink(bank);
}

struct watch {
    uint64_t n_done, n_total;
    sig_atomic_t stop;
    bool stops;
};

static void note(uint64_t n_done, uint64_t n_total, void *context)
{
    struct watch *self = context;
    self->n_done = n_done;
    self->n_total = n_total;
    if (self->stops)
        __atomic_store_n(&self->stop, 1, __ATOMIC_RELAXED);
}

Test(visit, progress_and_stop)
{
    struct pair pair;
    pair_init(POLICY_NORMAL, NULL, &pair);
    const struct engine_visit list[] = {{&pair.plan, &pair.twin, 0}, {&pair.plan, NULL, 0}};
    for (int stops = 0; stops < 2; stops++) {
        struct seen seen = {0};
        struct err err = {0};
        struct watch watch = {.stops = stops};
        const struct engine_visits visits = {.n = 2, .list = list, .take = take, .context = &seen};
        const struct engine_options options = {
            .n_threads = 1, .progress = note, .context = &watch, .stop = &watch.stop};
        enum err_code code = engine_visit_all(&visits, &options, &err);
        cr_expect_eq(code, stops ? ERR_INTERRUPTED : ERR_OK);
        cr_expect_eq(watch.n_total, 3 * 3333);
        cr_expect(stops ? watch.n_done < watch.n_total : watch.n_done == watch.n_total);
        err_clear(&err);
    }
    pair_free(&pair);
}

/* Candidates at given ability, without deficits, with the speed of the first group. */
Test(visit, fixed_abilities)
{
    static const double theta[] = {-1, 0.25, 2};
    struct scenario scenario;
    struct person_design design;
    struct person person;
    struct err err = {0};
    policy_scenario(POLICY_NORMAL, NULL, &scenario);
    cr_assert_eq(person_design_init(&scenario, &design, &err), ERR_OK);
    cr_assert_eq(person_design_fix(&design, theta, 3, &err), ERR_OK);
    for (uint64_t n = 0; n < 30; n++) {
        person_draw(&design, n, &person);
        cr_expect_eq(person.theta, theta[n % 3]);
        cr_expect(isfinite(person.speed));
        for (int k = 0; k < PERSON_N_BUCKETS; k++)
            cr_expect_eq(person.initial[k], 0);
    }
    person_design_free(&design);
    config_scenario_free(&scenario);
}
