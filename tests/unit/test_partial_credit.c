/* Items with partial credit in the hands of examinees, in sessions and in journeys: answers follow
 * the model, estimates are the posterior's, exam.scaling_constant multiplies a.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/pathway/journey.h>
#include <retake/person/response.h>

#include "hall.h"

enum { N_ITEMS = 40, N_ANSWERS = 20000 };

/* ---- answers ---- */

/* The 0.9999 quantile of chi-square with 1 to 5 degrees of freedom. */
static const double chi_square_limit[] = {0, 15.14, 18.42, 21.11, 23.51, 25.74};

/* person_answer, eight examinees of ability theta at a time, counted by category. */
static void count_answers(const struct irt_item *item, double theta, uint64_t key, double *counts)
{
    static struct person_lane lanes[VEC_LANES];
    const struct irt_item *items[VEC_LANES];
    struct person_lane *pointers[VEC_LANES];
    uint8_t answers[VEC_LANES];
    for (size_t i = 0; i < VEC_LANES; i++) {
        memset(&lanes[i], 0, sizeof lanes[i]);
        lanes[i].state.ability = theta;
        lanes[i].response = rng_keyed(11, key * VEC_LANES + i, 1, RNG_RESPONSE);
        lanes[i].latency = rng_keyed(11, key * VEC_LANES + i, 1, RNG_LATENCY);
        items[i] = item;
        pointers[i] = &lanes[i];
    }
    for (int k = 0; k < N_ANSWERS; k += VEC_LANES) {
        person_answer(items, pointers, VEC_LANES, answers, NULL);
        for (size_t i = 0; i < VEC_LANES; i++) {
            counts[answers[i]]++;
            bool is_full = answers[i] + 1u == irt_n_categories(item);
            cr_assert_eq(lanes[i].miss == PERSON_N_BUCKETS, is_full, "full credit is no miss");
        }
    }
}

Test(partial_credit, answers_follow_the_model)
{
    struct hall hall;
    struct rng rng = rng_keyed(8, 1, 1, RNG_POOL);
    double worst = 0;
    hall_bank(&hall, N_ITEMS);
    for (size_t i = 0; i < N_ITEMS; i++) {
        double counts[IRT_MAX_CATEGORIES] = {0}, p[IRT_MAX_CATEGORIES], chi_square = 0;
        double theta = 4 * rng_unit(&rng) - 2;
        hall_random_item(&hall, &rng, (enum hall_kind)(i % HALL_MIXED), i);
        const struct irt_item *item = &hall.bank.items[i];
        size_t n = irt_n_categories(item), df = n - 1;
        count_answers(item, theta, i, counts);
        irt_probabilities(item, theta, p);
        for (size_t x = 0; x < n; x++)
            chi_square += pow(counts[x] - (double)N_ANSWERS * p[x], 2) / ((double)N_ANSWERS * p[x]);
        worst = fmax(worst, chi_square / chi_square_limit[df]);
        cr_expect_lt(chi_square, chi_square_limit[df], "item %zu: %g with %zu df", i, chi_square,
                     df);
    }
    printf("chi-square: at most %.2f of the 0.9999 quantile, %d items\n", worst, N_ITEMS);
    irt_bank_free(&hall.bank);
}

/* ---- sessions ---- */

static void open_mixed(struct hall *self, const char *set1, const char *set2)
{
    struct rng rng = rng_keyed(12, 1, 1, RNG_POOL);
    hall_bank(self, N_ITEMS);
    fixture_pilots(&self->bank, 5);
    for (size_t i = 0; i < N_ITEMS; i++)
        hall_random_item(self, &rng, HALL_MIXED, i);
    fixture_scenario(&self->scenario, "exam.min_items=8", "exam.max_items=15", "exam.pilot_items=3",
                     "exam.time_limit_min=none", "exam.estimate.points=41", set1, set2, NULL);
    hall_open(self, 1);
}

/* The posterior from the bank's own items, a multiplied by hand. */
static struct irt_estimate plain_posterior(const struct hall *self,
                                           const struct cat_session *session, double scaling)
{
    long double s0 = 0, s1 = 0, s2 = 0;
    double p[IRT_MAX_CATEGORIES];
    for (int q = 0; q < 41; q++) {
        double theta = -4 + q / 5.0;
        long double w = expl(-(long double)(theta * theta) / 2) * (q % 40 ? 1 : 0.5L);
        for (uint32_t k = 0; k < session->seen.n_seen; k++) {
            struct irt_item item = self->bank.items[self->design.order[session->items[k]]];
            item.a *= scaling;
            irt_probabilities(&item, theta, p);
            w *= item.is_pilot ? 1 : (long double)p[session->answers[k]];
        }
        s0 += w;
        s1 += w * (long double)theta;
        s2 += w * (long double)(theta * theta);
    }
    return (struct irt_estimate){(double)(s1 / s0), (double)sqrtl(s2 / s0 - s1 * s1 / (s0 * s0))};
}

static void check_posteriors(const char *select, double scaling)
{
    struct hall hall;
    char set[64];
    snprintf(set, sizeof set, "exam.scaling_constant=%g", scaling);
    open_mixed(&hall, select, set);
    for (uint64_t key = 0; key < 60; key++) {
        const struct cat_session *session = hall_sit(&hall, key, (double)(key % 5) - 2);
        struct irt_estimate plain = plain_posterior(&hall, session, scaling);
        cr_assert_float_eq(session->seen.theta, plain.theta, 1e-11, "%s", select);
        cr_assert_float_eq(session->seen.se, plain.se, 1e-10, "%s", select);
    }
    hall_close(&hall);
}

Test(partial_credit, sessions)
{
    check_posteriors("exam.select.rule=fisher", 1);
    check_posteriors("exam.select.rule=random", 1);
    check_posteriors("exam.select.rule=klp", 1);
    check_posteriors("exam.select.rule=fisher", 1.702);
}

/* A scaling constant of 1.7 is a bank whose a are 1.7 times as large. */
Test(partial_credit, scaling_constant)
{
    static const char *const rules[] = {"exam.estimate.rule=eap", "exam.estimate.rule=ml",
                                        "exam.estimate.rule=wl"};
    for (size_t r = 0; r < 3; r++) {
        struct hall by_constant, by_bank;
        open_mixed(&by_constant, rules[r], "exam.scaling_constant=1.7");
        open_mixed(&by_bank, rules[r], NULL);
        cat_workspace_free(&by_bank.workspace);
        cat_design_free(&by_bank.design);
        for (size_t i = 0; i < N_ITEMS; i++)
            by_bank.bank.items[i].a *= 1.7;
        hall_open(&by_bank, 1);
        for (uint64_t key = 0; key < 60; key++) {
            const struct cat_session *one = hall_sit(&by_constant, key, 0.4);
            const struct cat_session *two = hall_sit(&by_bank, key, 0.4);
            cr_assert_eq(one->seen.theta, two->seen.theta);
            cr_assert_eq(one->seen.se, two->seen.se);
            cr_assert_eq(one->seen.n_seen, two->seen.n_seen);
        }
        hall_close(&by_constant);
        hall_close(&by_bank);
    }
}

/* ---- journeys ---- */

enum { N_JOURNEYS = 300, MAX_SITTINGS = 3 * N_JOURNEYS };

struct record {
    size_t n_sittings, n_items;
    double theta[MAX_SITTINGS], se[MAX_SITTINGS];
    uint16_t n_scored[MAX_SITTINGS];
    uint32_t items[MAX_SITTINGS * 18];
};

static void note(const struct pathway_outcomes *all, const struct pathway_sitting *sitting,
                 struct record *out)
{
    size_t k = out->n_sittings++;
    cr_assert_lt(k, MAX_SITTINGS);
    cr_assert(fabs(sitting->theta) <= 4 && sitting->se > 0 && sitting->se < 1.1);
    cr_assert(sitting->n_scored >= 8 && sitting->n_scored <= 15 && sitting->n_seen <= 18);
    out->theta[k] = sitting->theta;
    out->se[k] = sitting->se;
    out->n_scored[k] = sitting->n_scored;
    memcpy(out->items + out->n_items, all->items + sitting->first_item,
           sitting->n_seen * sizeof out->items[0]);
    out->n_items += sitting->n_seen;
}

/* The sittings of each candidate in turn, whatever the order in which they ended. */
static void travel(const struct pathway_design *pathway, size_t n_lanes, struct record *out)
{
    struct pathway_workspace *workspace = pathway_workspace_new(pathway, n_lanes, N_JOURNEYS);
    cr_assert(workspace);
    const struct pathway_outcomes *all = pathway_journeys(pathway, 0, N_JOURNEYS, workspace);
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < all->n; i++)
        for (uint32_t k = 0; k < all->outcomes[i].n_sittings; k++)
            note(all, &all->sittings[all->outcomes[i].first_sitting + k], out);
    pathway_workspace_free(workspace);
}

/* Whole journeys on a mixed bank: one at a time as many together. */
Test(partial_credit, journeys_in_any_lanes)
{
    static struct record alone, together;
    struct hall hall;
    struct person_design people;
    struct pathway_design pathway;
    struct err err = {0};
    open_mixed(&hall, "policy.max_cycles=1", "exam.exclude_seen=last");
    cr_assert_eq(person_design_init(&hall.scenario, &people, &err), ERR_OK, "%s", err.detail);
    cr_assert_eq(pathway_design_init(&hall.scenario, &people, &hall.design, &pathway, &err), ERR_OK,
                 "%s", err.detail);
    travel(&pathway, 1, &alone);
    cr_assert_gt(alone.n_sittings, N_JOURNEYS);
    for (size_t n_lanes = 3; n_lanes <= CAT_MAX_LANES; n_lanes *= 4) {
        travel(&pathway, n_lanes, &together);
        cr_assert_eq(memcmp(&alone, &together, sizeof alone), 0, "%zu lanes", n_lanes);
    }
    person_design_free(&people);
    hall_close(&hall);
}
