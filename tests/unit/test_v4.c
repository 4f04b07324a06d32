/* V4: Wright's adaptive test by hand (Rasch Measurement Transactions 2:2, 1988). After L items of
 * total difficulty H, of which R were answered right,
 *
 *     next difficulty  D + 2/L after a right answer, D - 2/L after a wrong one
 *     ability          H/L + ln(R/(L - R))
 *     standard error   sqrt(L/(R (L - R)))
 *
 * The trace below was made with these formulas. On items of one difficulty they are maximum
 * likelihood exactly; on the difficulties of the trace, whose spread the formulas neglect, an
 * approximation: the expansion of the score around H/L has no first-order term in the deviations,
 * so the ability differs by the order of their variance, and the standard error of retake is the
 * greater one. SPDX-License-Identifier: Apache-2.0 */
#include "hall.h"

enum { LENGTH = 12 };

/* One examinee, by hand: difficulty, answer, then H, R, ability and standard error. */
static const struct step {
    double difficulty;
    int answer;
    double total;
    int right;
    double ability, se;
} trace[LENGTH] = {
    {0.000, 1, 0.000, 1, INFINITY, INFINITY}, {2.000, 0, 2.000, 1, 1.000, 1.414},
    {1.000, 1, 3.000, 2, 1.693, 1.225},       {1.667, 0, 4.667, 2, 1.167, 1.000},
    {1.167, 0, 5.833, 2, 0.761, 0.913},       {0.767, 1, 6.600, 3, 1.100, 0.816},
    {1.100, 1, 7.700, 4, 1.388, 0.764},       {1.386, 0, 9.086, 4, 1.136, 0.707},
    {1.136, 1, 10.221, 5, 1.359, 0.671},      {1.358, 0, 11.579, 5, 1.158, 0.632},
    {1.158, 0, 12.737, 5, 0.976, 0.606},      {0.976, 1, 13.713, 6, 1.143, 0.577},
};

/* The trace is what the formulas give, to the three decimals written down. */
Test(v4, the_trace_follows_the_formulas)
{
    double difficulty = 0, total = 0;
    int right = 0;
    for (int k = 0; k < LENGTH; k++) {
        int n = k + 1;
        total += difficulty;
        right += trace[k].answer;
        cr_expect_float_eq(trace[k].difficulty, difficulty, 6e-4, "difficulty %d: %.4f", n,
                           difficulty);
        cr_expect_float_eq(trace[k].total, total, 6e-4, "H %d: %.4f", n, total);
        cr_expect_eq(trace[k].right, right, "R %d: %d", n, right);
        if (right > 0 && right < n) {
            double ability = total / n + log((double)right / (n - right));
            double se = sqrt((double)n / (right * (n - right)));
            cr_expect_float_eq(trace[k].ability, ability, 6e-4, "ability %d: %.4f", n, ability);
            cr_expect_float_eq(trace[k].se, se, 6e-4, "se %d: %.4f", n, se);
        }
        difficulty += (trace[k].answer ? 2.0 : -2.0) / n;
    }
}

/* The items of a linear form in the order of the trace; the estimate after each. */
static void replay(double spread, struct irt_estimate *out)
{
    struct hall hall;
    hall_bank(&hall, LENGTH);
    for (size_t i = 0; i < LENGTH; i++)
        hall.bank.items[i].b = 1 + spread * (trace[i].difficulty - 1);
    fixture_scenario(&hall.scenario, "exam.form=linear", "exam.max_items=12", "exam.pilot_items=0",
                     "exam.time_limit_min=none", "exam.estimate.rule=ml",
                     "exam.out_of_time.rule=last_60", NULL);
    hall_open(&hall, 1);
    struct cat_session *session = hall_begin(&hall, 1, 0);
    for (size_t k = 0; k < LENGTH; k++) {
        uint8_t answer = (uint8_t)trace[k].answer;
        double seconds = 0;
        cat_sessions_select(&hall.design, &session, 1);
        cr_assert_eq(hall.design.order[session->item], k);
        cat_sessions_record(&hall.design, &session, 1, &answer, &seconds);
        out[k] = (struct irt_estimate){session->seen.theta, session->seen.se};
    }
    cr_expect_eq(session->stop, CAT_STOP_MAXIMUM);
    hall_close(&hall);
}

Test(v4, exact_on_equal_items)
{
    struct irt_estimate estimate[LENGTH];
    replay(0, estimate);
    for (int k = 1; k < LENGTH; k++) {
        double n = k + 1, right = trace[k].right;
        cr_expect_float_eq(estimate[k].theta, 1 + log(right / (n - right)), 1e-10);
        cr_expect_float_eq(estimate[k].se, sqrt(n / (right * (n - right))), 1e-9);
    }
}

/* Half of the variance of the difficulties is more than the expansion's term: |P'''/P'| <= 1 times
 * variance/2. */
Test(v4, near_on_the_items_of_the_trace)
{
    struct irt_estimate estimate[LENGTH];
    replay(1, estimate);
    for (int k = 1; k < LENGTH; k++) {
        double mean = trace[k].total / (k + 1), variance = 0;
        for (int i = 0; i <= k; i++)
            variance += (trace[i].difficulty - mean) * (trace[i].difficulty - mean) / (k + 1);
        printf("%2d items: ability by hand %.3f, ML %.3f; se by hand %.3f, ML %.3f\n", k + 1,
               trace[k].ability, estimate[k].theta, trace[k].se, estimate[k].se);
        cr_expect_float_eq(estimate[k].theta, trace[k].ability, variance / 2 + 6e-4);
        cr_expect_gt(estimate[k].se, trace[k].se - 6e-4);
        cr_expect_lt(estimate[k].se, trace[k].se * (1 + variance / 2));
    }
}
