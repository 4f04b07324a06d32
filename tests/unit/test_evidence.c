/* What rules can ask to know, against plain computation: a selection rule from outside the tree
 * looks at all of it before every item, the first included.
 * SPDX-License-Identifier: Apache-2.0 */
#include "hall.h"
#include "stop.h"

enum { N_ITEMS = 8, MAX_ITEMS = 5 };

static const struct hall *hall_now;
static double last_theta_min, last_theta_max;

static double log_ratio_of(uint32_t item, size_t x)
{
    const struct cat_design *design = &hall_now->design;
    double high[IRT_MAX_CATEGORIES], low[IRT_MAX_CATEGORIES];
    irt_probabilities(&design->items[item], design->exam.cut_theta + design->exam.stop_delta, high);
    irt_probabilities(&design->items[item], design->exam.cut_theta - design->exam.stop_delta, low);
    return log(high[x] / low[x]);
}

static double log_likelihood(const struct rule_session *session, double theta)
{
    double total = 0, p[IRT_MAX_CATEGORIES];
    for (uint32_t k = 0; k < session->n_scored; k++) {
        irt_probabilities(&hall_now->design.items[session->items[k]], theta, p);
        total += log(p[session->answers[k]]);
    }
    return total;
}

static double greatest_on_grid(const struct rule_session *session, double low, double high)
{
    double best = -INFINITY;
    const int n = 1000;
    for (int k = 0; k <= n; k++)
        best = fmax(best, log_likelihood(session, low + (high - low) * k / n));
    return best;
}

/* The least and the greatest sum over all ways to answer `left` more items from `first` on. */
static void complete(const bool *used, uint32_t first, uint32_t left, double sum, double *least,
                     double *greatest)
{
    if (left == 0) {
        *least = fmin(*least, sum);
        *greatest = fmax(*greatest, sum);
        return;
    }
    for (uint32_t item = first; item < N_ITEMS; item++)
        for (size_t x = 0; !used[item] && x < irt_n_categories(&hall_now->design.items[item]); x++)
            complete(used, item + 1, left - 1, sum + log_ratio_of(item, x), least, greatest);
}

static void check_bounds(const struct rule_session *session)
{
    bool used[N_ITEMS] = {false};
    double least = INFINITY, greatest = -INFINITY;
    for (uint32_t k = 0; k < session->n_scored; k++)
        used[session->items[k]] = true;
    complete(used, 0, MAX_ITEMS - session->n_scored, session->log_ratio, &least, &greatest);
    cr_assert_leq(session->least_ratio, least + 1e-12);
    cr_assert_geq(session->greatest_ratio, greatest - 1e-12);
    if (session->n_scored == 0) { /* nothing is used yet: the bounds are reached */
        cr_assert_float_eq(session->least_ratio, least, 1e-12);
        cr_assert_float_eq(session->greatest_ratio, greatest, 1e-12);
    }
}

static void check_ratios(const struct rule_exam *exam, const struct rule_session *session)
{
    double ratio = 0;
    for (uint32_t k = 0; k < session->n_scored; k++)
        ratio += log_ratio_of(session->items[k], session->answers[k]);
    cr_assert_float_eq(session->log_ratio, ratio, 1e-12);
    double high = exam->cut_theta + exam->stop_delta, low = exam->cut_theta - exam->stop_delta;
    double above = greatest_on_grid(session, high, last_theta_max);
    double below = greatest_on_grid(session, last_theta_min, low);
    cr_assert_float_eq(session->log_generalized_ratio, above - below, 1e-4, "%u: %.7f, grid %.7f",
                       session->n_scored, session->log_generalized_ratio, above - below);
}

static void check_information(const struct rule_session *session, const uint32_t *items, size_t n)
{
    double most = 0;
    for (size_t k = 0; k < n; k++)
        most = fmax(most, irt_information(&hall_now->design.items[items[k]], session->theta));
    cr_assert_float_eq(session->information_left, most, 1e-12);
}

static void look(const struct rule_exam *exam, const struct rule_session *session, double theta,
                 const uint32_t *items, size_t n, double *values)
{
    (void)theta;
    cr_assert_eq(n, N_ITEMS - session->n_scored);
    check_ratios(exam, session);
    check_bounds(session);
    check_information(session, items, n);
    for (size_t k = 0; k < n; k++)
        values[k] = sin(items[k] + session->n_scored + 10 * session->theta);
}

static const struct rule_select select_look = {
    .name = "look",
    .doc = "",
    .needs = RULE_NEEDS_RATIO | RULE_NEEDS_GENERALIZED_RATIO | RULE_NEEDS_INFORMATION_LEFT,
    .values = look};
static const struct rule_select *const selects[] = {&select_look, NULL};
static const struct rule_set rules = {.version = RULE_VERSION, .selects = selects};

static void check_kind(enum hall_kind kind, const char *estimator, const char *stop)
{
    struct rng rng = rng_keyed(7, (uint64_t)kind, 1, RNG_POOL);
    for (int bank = 0; bank < 2; bank++) {
        struct hall hall;
        hall_bank(&hall, N_ITEMS);
        for (size_t i = 0; i < N_ITEMS; i++)
            hall_random_item(&hall, &rng, kind, i);
        fixture_scenario(&hall.scenario, "exam.min_items=4", "exam.max_items=5",
                         "exam.pilot_items=0", "exam.time_limit_min=none", "exam.select.rule=look",
                         "exam.cut_theta=0.2", "exam.stop.delta=0.4", estimator, stop, NULL);
        hall.scenario.rules = &rules;
        hall_open(&hall, 1);
        hall_now = &hall;
        last_theta_min = hall.design.estimator.theta_min;
        last_theta_max = hall.design.estimator.theta_max;
        for (uint64_t key = 0; key < 3; key++)
            hall_sit(&hall, key, (double)key / 2 - 1);
        hall_close(&hall);
    }
}

Test(evidence, before_every_item)
{
    for (int kind = HALL_1PL; kind <= HALL_MIXED; kind++) {
        check_kind((enum hall_kind)kind, "exam.estimate.rule=eap", "exam.stop.rule=fixed");
        check_kind((enum hall_kind)kind, "exam.estimate.rule=ml", "exam.stop.rule=sprt");
        check_kind((enum hall_kind)kind, "exam.estimate.rule=map", "exam.stop.rule=se");
    }
}

/* ---- stop rules ---- */

static void open_stop(struct hall *self, const char *stop, bool curtails)
{
    struct rng rng = rng_keyed(9, 1, 1, RNG_POOL);
    hall_bank(self, 120);
    for (size_t i = 0; i < 120; i++)
        hall_random_item(self, &rng, i % 2 ? HALL_1PL : HALL_2PL, i);
    fixture_scenario(&self->scenario, "exam.min_items=1", "exam.max_items=80", "exam.pilot_items=0",
                     "exam.time_limit_min=none", "exam.select.rule=random", "exam.cut_theta=0.1",
                     "exam.stop.delta=0.2", stop, curtails ? "exam.stop.curtail=true" : NULL, NULL);
    hall_open(self, 1);
}

static struct rule_session last_of(const char *stop, bool curtails, uint64_t key, double theta)
{
    struct hall hall;
    open_stop(&hall, stop, curtails);
    struct rule_session seen = hall_sit(&hall, key, theta)->seen;
    hall_close(&hall);
    return seen;
}

/* The likelihood has one maximum, so the generalized ratio is the farther from 1: its test never
 * ends later, and often earlier, on the same items and answers. */
Test(evidence, the_generalized_test_is_no_longer)
{
    int n_earlier = 0;
    for (uint64_t key = 0; key < 60; key++) {
        double theta = (double)(key % 7) / 3 - 1;
        struct rule_session sprt = last_of("exam.stop.rule=sprt", false, key, theta);
        struct rule_session glr = last_of("exam.stop.rule=glr", false, key, theta);
        struct rule_session curtailed = last_of("exam.stop.rule=sprt", true, key, theta);
        cr_assert_leq(glr.n_scored, sprt.n_scored);
        cr_assert_leq(curtailed.n_scored, sprt.n_scored);
        cr_assert_geq(fabs(glr.log_generalized_ratio), fabs(glr.log_ratio) - 1e-9);
        cr_assert(sprt.log_ratio == 0 || curtailed.log_ratio * sprt.log_ratio > 0);
        n_earlier += glr.n_scored < sprt.n_scored;
    }
    cr_expect_gt(n_earlier, 20, "%d", n_earlier);
}

/* The rule information ends at the first item after which no item left has as much. */
Test(evidence, information_left)
{
    struct hall hall;
    struct rng rng = rng_keyed(3, 1, 1, RNG_POOL);
    for (int kind = HALL_1PL; kind <= HALL_MIXED; kind++) {
        hall_bank(&hall, 40);
        for (size_t i = 0; i < 40; i++)
            hall_random_item(&hall, &rng, (enum hall_kind)kind, i);
        fixture_scenario(&hall.scenario, "exam.min_items=3", "exam.max_items=40",
                         "exam.pilot_items=0", "exam.time_limit_min=none",
                         "exam.stop.rule=information", "exam.stop.information=0.22", NULL);
        hall_open(&hall, 1);
        for (uint64_t key = 0; key < 40; key++) {
            const struct cat_session *session = hall_sit(&hall, key, (double)(key % 5) - 2);
            double most = 0;
            for (uint32_t i = 0; i < 40; i++)
                if (!(session->blocked[0] >> i & 1))
                    most = fmax(most, irt_information(&hall.design.items[i], session->seen.theta));
            cr_assert_float_eq(session->seen.information_left, most, 1e-12);
            cr_assert_eq(session->stop == CAT_STOP_RULE, most < 0.22);
        }
        hall_close(&hall);
    }
}

/* The indifference region must lie within the range of the estimate. */
Test(evidence, regions_that_leave_the_scale)
{
    static const char *const cuts[] = {"exam.cut_theta=3.9", "exam.cut_theta=-3.8"};
    for (int k = 0; k < 2; k++) {
        struct hall hall;
        struct err err = {0};
        hall_bank(&hall, 5);
        fixture_scenario(&hall.scenario, "exam.min_items=2", "exam.max_items=5",
                         "exam.pilot_items=0", "exam.stop.rule=any(se, glr)", cuts[k], NULL);
        cr_expect_eq(cat_design_init(&hall.scenario, &hall.bank, &hall.design, &err), ERR_INPUT);
        cr_expect(strstr(err.detail, "exam.stop.delta") && strstr(err.detail, "between"), "%s",
                  err.detail);
        hall_close(&hall);
    }
}
