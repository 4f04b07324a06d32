/* exam.form: linear. Everyone meets the first max_items scored items of the bank in its order,
 * whatever they answer and whatever the rules of adaptive tests say; pilots lie between them; every
 * estimator's last estimate is that of the plain answers.
 * SPDX-License-Identifier: Apache-2.0 */
#include "hall.h"

enum { N_ITEMS = 40, N_PILOTS = 6, LENGTH = 20, N_SESSIONS = 200 };

/* Scored and pilot items in turn at first; difficulties without order. */
static void open_linear(struct hall *self, enum hall_kind kind, const char *set1, const char *set2)
{
    struct rng rng = rng_keyed(5, (uint64_t)kind, 1, RNG_POOL);
    hall_bank(self, N_ITEMS);
    for (size_t i = 0; i < N_ITEMS; i++)
        hall_random_item(self, &rng, kind, i);
    for (size_t i = 0; i < N_PILOTS; i++)
        self->bank.items[2 * i + 1].is_pilot = 1;
    self->bank.n_pilots = N_PILOTS;
    fixture_scenario(&self->scenario, "exam.form=linear", "exam.min_items=10", "exam.max_items=20",
                     "exam.pilot_items=4", "exam.time_limit_min=none", set1, set2, NULL);
    hall_open(self, 1);
}

/* Scored item k of the form is the k-th scored row of the bank. */
static size_t row_of(size_t k)
{
    return k < N_PILOTS ? 2 * k : k + N_PILOTS;
}

static void check_form(const struct hall *self, const struct cat_session *session)
{
    size_t k = 0, n_pilots = 0;
    cr_assert_eq(session->seen.n_scored, LENGTH);
    cr_assert_eq(session->stop, CAT_STOP_MAXIMUM);
    for (uint32_t i = 0; i < session->seen.n_seen; i++) {
        uint32_t row = self->design.order[session->items[i]];
        if (self->bank.items[row].is_pilot)
            n_pilots++;
        else
            cr_assert_eq(row, row_of(k++), "scored item %zu is row %u", k, row);
    }
    cr_assert_eq(n_pilots, 4);
    cr_assert_not(
        self->bank.items[self->design.order[session->items[session->seen.n_seen - 1]]].is_pilot,
        "the last item is scored");
}

Test(linear_form, the_same_items_for_everyone)
{
    static const char *const sets[][2] = {
        {"exam.select.rule=fisher", "exam.stop.rule=se"},
        {"exam.select.rule=random", "exam.select.randomesque=5"},
        {"exam.select.rule=a_stratified", "exam.stop.rule=any(confidence, sprt)"},
        {"exam.start.rule=random", "exam.exposure.rule=eligibility"},
        {"exam.content.rule=kingsbury_zara", "exam.content.domains.all.target=1"},
    };
    for (size_t s = 0; s < sizeof sets / sizeof sets[0]; s++) {
        struct hall hall;
        open_linear(&hall, HALL_3PL, sets[s][0], sets[s][1]);
        for (uint64_t key = 0; key < N_SESSIONS; key++)
            check_form(&hall, hall_sit(&hall, key, (double)(key % 7) - 3));
        hall_close(&hall);
    }
}

/* Every place before the last scored item has a pilot in 4 of 23 sessions. Limits: 5 SD. */
Test(linear_form, pilots_are_interspersed)
{
    enum { N = 4000, PLACES = LENGTH + 4 - 1 };
    int at[PLACES + 1] = {0};
    struct hall hall;
    open_linear(&hall, HALL_1PL, NULL, NULL);
    for (uint64_t key = 0; key < N; key++) {
        const struct cat_session *session = hall_sit(&hall, key, 0);
        for (uint32_t i = 0; i < session->seen.n_seen; i++)
            at[i] += session->items[i] >= hall.design.n_scored;
    }
    double p = 4.0 / (double)PLACES;
    for (int i = 0; i < PLACES; i++)
        cr_expect_float_eq(at[i], (double)N * p, 5 * sqrt((double)N * p * (1 - p)), "place %d: %d",
                           i, at[i]);
    cr_expect_eq(at[PLACES], 0);
    hall_close(&hall);
}

/* Each estimator, each model: what irt says of the same answers. */
static void check_estimate(const char *rule, enum hall_kind kind)
{
    struct hall hall;
    open_linear(&hall, kind, rule, "exam.estimate.points=81");
    for (uint64_t key = 0; key < 20; key++) {
        const struct cat_session *session = hall_sit(&hall, key, (double)(key % 5) - 2);
        const struct irt_item *items[LENGTH];
        struct irt_answers answers = {.n = LENGTH, .items = items};
        for (size_t k = 0; k < LENGTH; k++)
            items[k] = &hall.bank.items[row_of(k)];
        answers.categories = session->scored_answers;
        struct irt_estimate estimate = irt_estimate_root(&hall.design.estimator, &answers, 0);
        cr_assert_float_eq(session->seen.theta, estimate.theta, 1e-9, "%s", rule);
        cr_assert_float_eq(session->seen.se, estimate.se, 1e-9, "%s", rule);
    }
    hall_close(&hall);
}

Test(linear_form, every_estimator)
{
    static const char *const rules[] = {"exam.estimate.rule=map", "exam.estimate.rule=ml",
                                        "exam.estimate.rule=wl", "exam.estimate.rule=robust"};
    for (int kind = HALL_1PL; kind <= HALL_MIXED; kind++)
        for (size_t r = 0; r < sizeof rules / sizeof rules[0]; r++)
            check_estimate(rules[r], (enum hall_kind)kind);
}

/* EAP by plain sums over the grid. */
Test(linear_form, eap)
{
    for (int kind = HALL_1PL; kind <= HALL_MIXED; kind++) {
        struct hall hall;
        open_linear(&hall, (enum hall_kind)kind, "exam.estimate.points=161", NULL);
        const struct cat_session *session = hall_sit(&hall, 3, 0.5);
        double s0 = 0, s1 = 0, s2 = 0, p[IRT_MAX_CATEGORIES];
        for (int q = 0; q < 161; q++) {
            double theta = -4 + q / 20.0, w = exp(-theta * theta / 2) * (q % 160 ? 1 : 0.5);
            for (size_t k = 0; k < LENGTH; k++) {
                irt_probabilities(&hall.bank.items[row_of(k)], theta, p);
                w *= p[session->scored_answers[k]];
            }
            s0 += w;
            s1 += w * theta;
            s2 += w * theta * theta;
        }
        cr_assert_float_eq(session->seen.theta, s1 / s0, 1e-10);
        cr_assert_float_eq(session->seen.se, sqrt(s2 / s0 - s1 * s1 / (s0 * s0)), 1e-9);
        hall_close(&hall);
    }
}

Test(linear_form, a_form_longer_than_the_bank)
{
    struct hall hall;
    struct err err = {0};
    hall_bank(&hall, 10);
    fixture_scenario(&hall.scenario, "exam.form=linear", "exam.max_items=11", "exam.min_items=1",
                     "exam.pilot_items=0", NULL);
    cr_expect_eq(cat_design_init(&hall.scenario, &hall.bank, &hall.design, &err), ERR_INPUT);
    cr_expect(strstr(err.detail, "exam.max_items"), "%s", err.detail);
    hall_close(&hall);
}
