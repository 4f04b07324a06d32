/* Sessions that run out of time: the decision of each rule against the estimates noted on the way.
 * The item on the screen is not answered. SPDX-License-Identifier: Apache-2.0 */
#include "hall.h"

enum { N_ITEMS = 100, MIN_ITEMS = 20, SECONDS = 10 };

struct noted {
    size_t n;
    double theta[N_ITEMS];
};

static const struct cat_session *sit(struct hall *self, uint64_t key, double theta,
                                     struct noted *out)
{
    struct cat_session *session = hall_begin(self, key, 0);
    struct rng rng = rng_keyed(1, key, 1, RNG_RESPONSE);
    double seconds = SECONDS;
    out->n = 0;
    while (session->stop == CAT_GOING) {
        cat_sessions_select(&self->design, &session, 1);
        uint8_t answer = hall_answer(&self->design.items[session->item], theta, rng_unit(&rng));
        cat_sessions_record(&self->design, &session, 1, &answer, &seconds);
        if (session->stop != CAT_STOP_TIME)
            out->theta[out->n++] = session->seen.theta;
    }
    return session;
}

static bool by_hand(const char *rule, const struct noted *noted)
{
    bool last = noted->n > 0 && noted->theta[noted->n - 1] >= -1e-9;
    bool is_long = noted->n >= MIN_ITEMS;
    bool is_above = noted->n >= 60;
    for (size_t k = 0; is_above && k < 60; k++)
        is_above = noted->theta[noted->n - 1 - k] > 1e-9;
    if (strcmp(rule, "last_60") == 0)
        return is_long && is_above;
    return strcmp(rule, "fail_below_minimum") == 0 ? is_long && last : last;
}

static int check(const char *rule, const char *estimator, const char *select, int n_answers)
{
    char sets[2][64];
    struct hall hall;
    struct noted noted;
    int n_passed = 0;
    snprintf(sets[0], sizeof sets[0], "exam.out_of_time.rule=%s", rule);
    snprintf(sets[1], sizeof sets[1], "exam.time_limit_min=%.6f",
             (n_answers + 0.5) * (double)SECONDS / 60);
    hall_bank(&hall, N_ITEMS);
    for (size_t i = 0; i < N_ITEMS; i++)
        hall.bank.items[i].b = (double)i / 50 - 1;
    fixture_scenario(&hall.scenario, "exam.min_items=20", "exam.max_items=100",
                     "exam.pilot_items=0", "exam.stop.rule=fixed", estimator, select, sets[0],
                     sets[1], NULL);
    hall_open(&hall, 1);
    for (uint64_t key = 0; key < 60; key++) {
        const struct cat_session *session = sit(&hall, key, (double)(key % 4) / 4, &noted);
        bool passes = cat_session_passes(&hall.design, session);
        cr_assert_eq(session->stop, CAT_STOP_TIME);
        cr_assert_eq((int)session->seen.n_scored, n_answers);
        cr_assert_eq(session->seen.elapsed_s, hall.design.time_limit_s);
        if (!hall.design.is_lazy)
            cr_assert_eq(passes, by_hand(rule, &noted), "%s after %d", rule, n_answers);
        n_passed += passes;
    }
    hall_close(&hall);
    return n_passed;
}

Test(out_of_time, decisions)
{
    static const char *const rules[] = {"last_estimate", "fail_below_minimum", "last_60"};
    static const char *const estimators[] = {"exam.estimate.rule=eap", "exam.estimate.rule=ml"};
    static const char *const selects[] = {"exam.select.rule=fisher", "exam.select.rule=random"};
    static const int lengths[] = {0, 5, 19, 20, 40, 59, 60, 75};
    for (size_t l = 0; l < sizeof lengths / sizeof lengths[0]; l++)
        for (int e = 0; e < 4; e++) {
            int n[3];
            for (int r = 0; r < 3; r++)
                n[r] = check(rules[r], estimators[e % 2], selects[e / 2], lengths[l]);
            cr_expect(n[2] <= n[1] && n[1] <= n[0], "stricter rules pass fewer");
            cr_expect(lengths[l] >= MIN_ITEMS ? n[1] == n[0] : n[1] == 0);
            cr_expect(lengths[l] > 0 || n[0] == 0, "no answer, no pass");
            cr_expect(lengths[l] != 75 || (n[2] > 0 && n[2] < n[1]), "%d of %d", n[2], n[1]);
        }
}
