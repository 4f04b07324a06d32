/* Sessions: pilots, lengths, time, items that are excluded or run out; estimates within a session
 * against the estimators.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/dist.h>

#include "fixture.h"

enum { N_SCORED = 60, N_PILOTS = 20, MAX_LANES = 64 };

struct exam {
    struct irt_bank bank;
    struct scenario scenario;
    struct cat_design design;
    struct cat_workspace workspace;
};

/* 60 scored Rasch items and 20 pilots; 10 to 15 scored, 5 pilots. */
static void exam_init(struct exam *self, const char *set1, const char *set2, const char *set3)
{
    struct err err = {0};
    fixture_bank(&self->bank, N_SCORED + N_PILOTS);
    fixture_pilots(&self->bank, N_PILOTS);
    for (size_t i = 0; i < N_SCORED; i++)
        self->bank.items[i].b = (double)i / 10 - 3;
    fixture_scenario(&self->scenario, "exam.min_items=10", "exam.max_items=15",
                     "exam.pilot_items=5", "exam.time_limit_min=none", NULL);
    if (set1)
        fixture_set(&self->scenario, set1);
    if (set2)
        fixture_set(&self->scenario, set2);
    if (set3)
        fixture_set(&self->scenario, set3);
    fixture_design(&self->scenario, &self->bank, &self->design);
    cr_assert_eq(cat_workspace_init(&self->design, MAX_LANES, &self->workspace, &err), ERR_OK);
}

static void exam_free(struct exam *self)
{
    cat_workspace_free(&self->workspace);
    cat_design_free(&self->design);
    config_scenario_free(&self->scenario);
    irt_bank_free(&self->bank);
}

/* One session of an examinee of ability theta, each answer after some seconds. */
static struct cat_session *sit(struct exam *self, uint64_t key, double theta, double seconds,
                               const uint64_t *excluded)
{
    struct cat_session *session = self->workspace.sessions;
    struct rng answers = rng_keyed(1, key, 1, RNG_RESPONSE);
    cat_session_begin(&self->design, rng_keyed(1, key, 1, RNG_SELECT), excluded, session);
    while (session->stop == CAT_GOING) {
        cat_sessions_select(&self->design, &session, 1);
        if (session->stop != CAT_GOING)
            break;
        double p = irt_p(&self->design.items[session->item], theta);
        uint8_t answer = rng_unit(&answers) < p;
        cat_sessions_record(&self->design, &session, 1, &answer, &seconds);
    }
    return session;
}

static bool is_pilot(const struct exam *self, uint32_t item)
{
    return item >= self->design.n_scored;
}

/* Every session: no item twice, counts that add up, lengths within bounds. */
static void check_session(const struct exam *self, const struct cat_session *session)
{
    bool seen[N_SCORED + N_PILOTS] = {false};
    uint32_t n_pilots = 0;
    for (uint32_t i = 0; i < session->seen.n_seen; i++) {
        uint32_t item = session->items[i];
        cr_assert(item < self->design.n_items && !seen[item], "item %u again", item);
        seen[item] = true;
        n_pilots += is_pilot(self, item);
    }
    cr_assert_eq(session->seen.n_seen, session->seen.n_scored + n_pilots);
    cr_assert_leq(session->seen.n_scored, self->design.exam.max_items);
    cr_assert_leq(n_pilots, self->design.pilot_items);
}

static void count_pilots(const struct exam *self, const struct cat_session *session, int *at,
                         int *of)
{
    int n = 0;
    for (uint32_t i = 0; i < session->seen.n_seen; i++)
        if (is_pilot(self, session->items[i])) {
            n++;
            at[i]++;
            of[session->items[i] - self->design.n_scored]++;
        }
    cr_assert_eq(n, 5, "%d pilots", n);
}

/* Exactly five in every session, however early it stops; everywhere before the last item that
 * everyone takes, alike; every pilot item alike. Limits: 5 SD of a binomial. */
static void check_pilots(const char *min_items, const char *max_items, double theta, int min)
{
    enum { N = 4000, LONGEST = 15 + 5 };
    int at[LONGEST] = {0}, of[N_PILOTS] = {0};
    struct exam exam;
    exam_init(&exam, min_items, max_items, "exam.stop.level=0.5");
    for (int i = 0; i < N; i++) {
        const struct cat_session *session = sit(&exam, (uint64_t)i, theta, 0, NULL);
        check_session(&exam, session);
        count_pilots(&exam, session, at, of);
        cr_assert_geq((int)session->seen.n_scored, min);
    }
    int n_places = min + 5 - 1;
    double p = 5.0 / n_places, q = 5.0 / (double)N_PILOTS;
    for (int i = 0; i < LONGEST; i++)
        cr_assert_float_eq(at[i], i < n_places ? (double)N * p : 0,
                           5 * sqrt((double)N * p * (1 - p)), "at %d", i);
    for (int i = n_places; i < LONGEST; i++)
        cr_assert_eq(at[i], 0);
    for (int i = 0; i < N_PILOTS; i++)
        cr_assert_float_eq(of[i], (double)N * q, 5 * sqrt((double)N * q * (1 - q)), "pilot %d: %d",
                           i, of[i]);
    exam_free(&exam);
}

Test(session, pilots_all_come_and_evenly)
{
    check_pilots("exam.min_items=10", "exam.max_items=15", 2, 10);
    check_pilots("exam.min_items=10", "exam.max_items=15", 0, 10);
    check_pilots("exam.min_items=10", "exam.max_items=10", 0, 10);
    check_pilots("exam.min_items=1", "exam.max_items=15", 2, 1);
}

Test(session, minimum_and_maximum)
{
    struct exam exam;
    exam_init(&exam, "exam.stop.rule=fixed", NULL, NULL);
    for (uint64_t i = 0; i < 200; i++) {
        const struct cat_session *session = sit(&exam, i, 0, 0, NULL);
        cr_assert(session->seen.n_scored == 15 && session->stop == CAT_STOP_MAXIMUM);
        check_session(&exam, session);
    }
    exam_free(&exam);
    exam_init(&exam, "exam.stop.level=0.5", "exam.cut_theta=-3", NULL);
    for (uint64_t i = 0; i < 200; i++) {
        const struct cat_session *session = sit(&exam, i, 3, 0, NULL);
        cr_assert(session->seen.n_scored == 10 && session->stop == CAT_STOP_RULE);
        cr_assert_eq(session->seen.n_seen, 15);
        cr_assert(cat_session_passes(&exam.design, session));
    }
    exam_free(&exam);
}

/* 30 s an item in 6 minutes: the twelfth ends on the second, the thirteenth is too late. */
Test(session, time_limit)
{
    struct exam exam;
    exam_init(&exam, "exam.time_limit_min=6", NULL, NULL);
    for (uint64_t i = 0; i < 100; i++) {
        const struct cat_session *session = sit(&exam, i, 0, 30, NULL);
        cr_assert_eq(session->stop, CAT_STOP_TIME);
        cr_assert_eq(session->seen.n_seen, 12);
        cr_assert_eq(session->seen.elapsed_s, 360);
        check_session(&exam, session);
    }
    const struct cat_session *session = sit(&exam, 1, 0, 1000, NULL);
    cr_assert(session->stop == CAT_STOP_TIME && session->seen.n_seen == 0);
    cr_assert_not(cat_session_passes(&exam.design, session), "nothing answered is a fail");
    session = sit(&exam, 1, 0, 18, NULL); /* 20 items in 360 s: in time */
    cr_assert(session->stop != CAT_STOP_TIME);
    cr_assert_float_eq(session->seen.elapsed_s, 18.0 * session->seen.n_seen, 1e-9);
    exam_free(&exam);
}

Test(session, excluded_items_are_not_shown)
{
    struct exam exam;
    exam_init(&exam, "exam.stop.rule=fixed", NULL, NULL);
    struct rng rng = rng_published(41, 1);
    for (uint64_t i = 0; i < 300; i++) {
        uint64_t excluded[8] = {0};
        cr_assert_leq(exam.design.n_words, 8);
        for (uint32_t item = 0; item < exam.design.n_items; item++) {
            size_t bit = cat_item_bit(&exam.design, item);
            if (rng_unit(&rng) < 0.6)
                excluded[bit >> 6] |= UINT64_C(1) << (bit & 63);
        }
        const struct cat_session *session = sit(&exam, i, 0, 0, excluded);
        check_session(&exam, session);
        for (uint32_t k = 0; k < session->seen.n_seen; k++) {
            size_t bit = cat_item_bit(&exam.design, session->items[k]);
            cr_assert_not(excluded[bit >> 6] >> (bit & 63) & 1, "item %u", session->items[k]);
        }
    }
    exam_free(&exam);
}

/* 12 scored items are left and no pilot: the thirteenth cannot be shown. */
Test(session, no_item_left)
{
    struct exam exam;
    exam_init(&exam, "exam.stop.rule=fixed", NULL, NULL);
    uint64_t excluded[8];
    memset(excluded, 0xff, sizeof excluded);
    excluded[0] = ~UINT64_C(0xfff);
    const struct cat_session *session = sit(&exam, 3, 4, 0, excluded);
    cr_assert_eq(session->stop, CAT_STOP_NO_ITEM);
    cr_assert(session->seen.n_scored == 12 && session->seen.n_seen == 12);
    cr_assert_eq(cat_session_passes(&exam.design, session), session->seen.theta >= 0);
    check_session(&exam, session);
    excluded[0] = UINT64_MAX;
    session = sit(&exam, 3, 4, 0, excluded);
    cr_assert(session->stop == CAT_STOP_NO_ITEM && session->seen.n_seen == 0);
    cr_assert_not(cat_session_passes(&exam.design, session));
    exam_free(&exam);
}

/* ---- estimates ---- */

/* Posterior mean and SD over the design's grid in long double, from the session's scored items. */
static struct irt_estimate plain_eap(const struct exam *self, const struct cat_session *session)
{
    long double log_w[64], highest = -INFINITY, s0 = 0, s1 = 0, s2 = 0;
    const struct irt_grid *grid = &self->design.grid;
    for (size_t q = 0; q < grid->n_points; q++) {
        long double theta = (long double)grid->theta[q];
        log_w[q] = -theta * theta / 2 + (q == 0 || q + 1 == grid->n_points ? logl(0.5L) : 0);
        for (uint32_t i = 0; i < session->seen.n_seen; i++) {
            const struct irt_item *item = &self->design.items[session->items[i]];
            long double z = (long double)item->a * (theta - (long double)item->b);
            if (!is_pilot(self, session->items[i]))
                log_w[q] -= log1pl(expl(session->answers[i] ? -z : z));
        }
        highest = fmaxl(highest, log_w[q]);
    }
    for (size_t q = 0; q < grid->n_points; q++) {
        long double w = expl(log_w[q] - highest), theta = (long double)grid->theta[q];
        s0 += w;
        s1 += w * theta;
        s2 += w * theta * theta;
    }
    return (struct irt_estimate){(double)(s1 / s0), (double)sqrtl(s2 / s0 - s1 / s0 * (s1 / s0))};
}

Test(session, eap_against_plain_sums)
{
    struct exam exam;
    exam_init(&exam, NULL, NULL, NULL);
    for (uint64_t i = 0; i < 300; i++) {
        const struct cat_session *session = sit(&exam, i, (double)(i % 7) - 3, 0, NULL);
        struct irt_estimate plain = plain_eap(&exam, session);
        cr_assert_float_eq(session->seen.theta, plain.theta, 1e-12);
        cr_assert_float_eq(session->seen.se, plain.se, 1e-12);
    }
    exam_free(&exam);
}

/* Nobody reads them before min_items, but a session may end there, out of time. */
Test(session, standard_errors_left_out_are_given_at_the_end)
{
    struct exam kept, left_out;
    int n_early = 0;
    exam_init(&kept, "exam.time_limit_min=60", NULL, NULL);
    exam_init(&left_out, "exam.time_limit_min=60", NULL, NULL);
    cat_design_skip_se(&left_out.design);
    cr_assert_eq(left_out.design.se_from, 10);
    for (uint64_t i = 0; i < 300; i++) {
        double theta = (double)(i % 7) - 3, seconds = i % 3 == 0 ? 400 : 0;
        const struct cat_session *a = sit(&kept, i, theta, seconds, NULL);
        const struct cat_session *b = sit(&left_out, i, theta, seconds, NULL);
        n_early += a->seen.n_scored < 10;
        cr_assert_eq(a->stop, b->stop);
        cr_assert_eq(a->seen.n_scored, b->seen.n_scored);
        cr_assert_eq(a->seen.theta, b->seen.theta);
        cr_assert_eq(a->seen.se, b->seen.se, "%.17g, %.17g", a->seen.se, b->seen.se);
    }
    cr_assert_geq(n_early, 50);
    exam_free(&left_out);
    exam_free(&kept);
}

/* 2,000 answers with likelihoods far below the least double: the weights must not underflow. */
Test(session, eap_of_a_very_long_test)
{
    struct exam exam = {0};
    struct err err = {0};
    fixture_bank(&exam.bank, 2000);
    for (size_t i = 0; i < 2000; i++)
        exam.bank.items[i].b = (double)i / 250 - 4;
    fixture_scenario(&exam.scenario, "exam.min_items=2000", "exam.max_items=2000",
                     "exam.pilot_items=0", "exam.time_limit_min=none", "exam.select.rule=random",
                     NULL);
    fixture_design(&exam.scenario, &exam.bank, &exam.design);
    cr_assert_eq(cat_workspace_init(&exam.design, 1, &exam.workspace, &err), ERR_OK);
    for (int theta = -3; theta <= 3; theta++) {
        const struct cat_session *session = sit(&exam, 9, theta, 0, NULL);
        struct irt_estimate plain = plain_eap(&exam, session);
        cr_assert_eq(session->seen.n_scored, 2000);
        cr_assert_float_eq(session->seen.theta, plain.theta, 1e-11, "%g", session->seen.theta);
        cr_assert_float_eq(session->seen.se, plain.se, 1e-9);
    }
    exam_free(&exam);
}

/* The final ML estimate of a session, also of one that needed none on the way. */
static void check_ml(const char *select, const char *limit)
{
    struct exam exam;
    exam_init(&exam, "exam.estimate.rule=ml", select, limit);
    for (uint64_t i = 0; i < 300; i++) {
        const struct cat_session *session = sit(&exam, i, (double)(i % 5) - 2, 30, NULL);
        double columns[4][16] __attribute__((aligned(64))) = {{0}},
                              x[16] __attribute__((aligned(64)));
        size_t n = 0;
        for (uint32_t k = 0; k < session->seen.n_seen; k++)
            if (!is_pilot(&exam, session->items[k])) {
                const struct irt_item *item = &exam.design.items[session->items[k]];
                columns[0][n] = item->a;
                columns[1][n] = item->b;
                columns[2][n] = item->c;
                columns[3][n] = item->d;
                x[n++] = session->answers[k];
            }
        struct irt_answers answers = {.n = n,
                                      .a = columns[0],
                                      .b = columns[1],
                                      .c = columns[2],
                                      .d = columns[3],
                                      .x = x,
                                      .is_monotone = true,
                                      .is_logistic = true};
        struct irt_estimator estimator = {.method = IRT_ML, .theta_min = -4, .theta_max = 4};
        struct irt_estimate ml = irt_estimate_root(&estimator, &answers, 0);
        cr_assert_eq(n, session->seen.n_scored);
        cr_assert_float_eq(session->seen.theta, ml.theta, 1e-11, "%s %s %zu", select, limit, n);
        cr_assert_float_eq(session->seen.se / ml.se, 1, 1e-10);
    }
    exam_free(&exam);
}

Test(session, ml_at_the_end)
{
    check_ml("exam.select.rule=fisher", "exam.time_limit_min=none");
    check_ml("exam.select.rule=random", "exam.time_limit_min=none");
    check_ml("exam.select.rule=random", "exam.time_limit_min=4"); /* out of time before ten */
    check_ml("exam.select.rule=fisher", "exam.time_limit_min=4");
}

/* ---- many at a time ---- */

struct record {
    struct rule_session seen;
    enum cat_stop stop;
    uint32_t items[20];
};

static void sit_together(struct exam *self, uint64_t first, size_t n, struct record *out)
{
    struct cat_session *going[MAX_LANES];
    struct rng answers[MAX_LANES];
    size_t lane[MAX_LANES];
    for (size_t i = 0; i < n; i++) {
        answers[i] = rng_keyed(1, first + i, 1, RNG_RESPONSE);
        cat_session_begin(&self->design, rng_keyed(1, first + i, 1, RNG_SELECT), NULL,
                          &self->workspace.sessions[i]);
    }
    for (size_t n_going = n; n_going > 0;) {
        uint8_t answer[MAX_LANES];
        n_going = 0;
        for (size_t i = 0; i < n; i++)
            if (self->workspace.sessions[i].stop == CAT_GOING) {
                lane[n_going] = i;
                going[n_going++] = &self->workspace.sessions[i];
            }
        cat_sessions_select(&self->design, going, n_going);
        for (size_t k = 0; k < n_going; k++)
            answer[k] =
                rng_unit(&answers[lane[k]]) < irt_p(&self->design.items[going[k]->item], 0.3);
        cat_sessions_record(&self->design, going, n_going, answer, NULL);
    }
    for (size_t i = 0; i < n; i++) {
        const struct cat_session *session = &self->workspace.sessions[i];
        out[i] = (struct record){.seen = session->seen, .stop = session->stop};
        memcpy(out[i].items, session->items, session->seen.n_seen * sizeof out[i].items[0]);
    }
}

Test(session, does_not_depend_on_its_neighbours)
{
    static const size_t groups[] = {1, 3, 8, 13, 64};
    static struct record alone[MAX_LANES], together[MAX_LANES];
    static const char *const rules[] = {"exam.estimate.rule=eap", "exam.estimate.rule=ml"};
    for (int rule = 0; rule < 2; rule++) {
        struct exam exam;
        exam_init(&exam, rules[rule], NULL, NULL);
        for (uint64_t i = 0; i < MAX_LANES; i++)
            sit_together(&exam, i, 1, &alone[i]);
        for (size_t g = 0; g < sizeof groups / sizeof groups[0]; g++) {
            sit_together(&exam, 0, groups[g], together);
            for (size_t i = 0; i < groups[g]; i++) {
                cr_assert_eq(together[i].seen.theta, alone[i].seen.theta);
                cr_assert_eq(together[i].seen.se, alone[i].seen.se);
                cr_assert_eq(together[i].stop, alone[i].stop);
                cr_assert_eq(memcmp(together[i].items, alone[i].items, sizeof alone[i].items), 0);
            }
        }
        exam_free(&exam);
    }
}
