/* Stop rules and out-of-time rules: hand-made sessions; and the confidence rule over every path of
 * a test of 60 to 80 equal items, against probabilities computed exactly (docs: check V6).
 * SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"
#include "lists.h"

static const struct rule_exam exam = {
    .cut_theta = 0.5, .z = 2, .tie_passes = true, .min_items = 60, .max_items = 80};

Test(stop_rules, confidence_interval_beyond_the_cut)
{
    static const struct {
        double theta, se;
        bool stops;
    } table[] = {{1.5, 0.25, true},     {1.0, 0.25, false},   {1.0625, 0.25, true},
                 {0.5, 0.001, false},   {-0.5, 0.25, true},   {0.0, 0.25, false},
                 {-0.0625, 0.25, true}, {4, INFINITY, false}, {4, 0, true},
                 {0.5, 0, false}};
    for (size_t k = 0; k < sizeof table / sizeof table[0]; k++) {
        struct rule_session session = {.theta = table[k].theta, .se = table[k].se, .n_scored = 60};
        cr_assert_eq(cat_stop_confidence.step(&exam, &session), table[k].stops, "case %zu", k);
        cr_assert_not(cat_stop_fixed.step(&exam, &session));
    }
}

Test(stop_rules, level_is_two_sided)
{
    struct scenario scenario;
    struct irt_bank bank;
    struct cat_design design;
    fixture_scenario(&scenario, "exam.pilot_items=0", "exam.stop.level=0.95", NULL);
    fixture_bank(&bank, 80);
    fixture_design(&scenario, &bank, &design);
    cr_assert_float_eq(design.exam.z, 1.959963984540054, 1e-14);
    cat_design_free(&design);
    irt_bank_free(&bank);
    config_scenario_free(&scenario);
}

/* P(stop with a pass), mean length; probabilities over the number right after each item. */
struct result {
    double p_pass, length;
};

static bool is_over(const struct rule_exam *e, int n, int right, double *theta)
{
    double odds = (double)right / (n - right), se = sqrt(n / ((double)right * (n - right)));
    if (right == 0 || right == n) { /* of no weight: probability below 1e-12 */
        *theta = right ? 4 : -4;
        return n >= (int)e->min_items;
    }
    *theta = log(odds);
    struct rule_session session = {.theta = *theta, .se = se, .n_scored = (uint32_t)n};
    return n >= (int)e->max_items ||
           (n >= (int)e->min_items && cat_stop_confidence.step(e, &session));
}

static struct result walk(const struct rule_exam *e, double ability)
{
    double p = 1 / (1 + exp(-ability)), at[82] = {1}, next[82], theta;
    struct result result = {0, 0};
    for (int n = 1; n <= (int)e->max_items; n++) {
        memset(next, 0, sizeof next);
        for (int right = 0; right < n; right++) {
            next[right] += at[right] * (1 - p);
            next[right + 1] += at[right] * p;
        }
        for (int right = 0; right <= n; right++) {
            at[right] = next[right];
            if (!is_over(e, n, right, &theta))
                continue;
            result.length += n * at[right];
            result.p_pass += theta >= e->cut_theta ? at[right] : 0;
            at[right] = 0;
        }
        at[n + 1] = 0;
    }
    return result;
}

Test(stop_rules, confidence_rule_against_dynamic_programming)
{
    static const double table[][3] = {{-0.5, .017033, 68.0527},
                                      {-0.25, .156669, 75.3914},
                                      {0, .544461, 78.4131},
                                      {0.25, .891005, 75.3914},
                                      {0.5, .990456, 68.0527}};
    const struct rule_exam e = {.z = 1.96, .tie_passes = true, .min_items = 60, .max_items = 80};
    for (size_t k = 0; k < 5; k++) {
        struct result result = walk(&e, table[k][0]);
        cr_assert_float_eq(result.p_pass, table[k][1], 1e-6, "theta %g: %.6f", table[k][0],
                           result.p_pass);
        cr_assert_float_eq(result.length, table[k][2], 1e-4, "theta %g: %.4f", table[k][0],
                           result.length);
    }
}

Test(stop_rules, out_of_time)
{
    static const struct {
        struct rule_session session;
        bool last_estimate, fail_below_minimum, last_60;
    } table[] = {
        {{.theta = 1, .n_scored = 0}, false, false, false},
        {{.theta = 1, .n_scored = 10, .n_above_cut = 10}, true, false, false},
        {{.theta = 1, .n_scored = 59, .n_above_cut = 59}, true, false, false},
        {{.theta = 1, .n_scored = 60, .n_above_cut = 60}, true, true, true},
        {{.theta = 1, .n_scored = 70, .n_above_cut = 59}, true, true, false},
        {{.theta = 1, .n_scored = 70, .n_above_cut = 61}, true, true, true},
        {{.theta = 0.5, .n_scored = 70, .n_above_cut = 0}, true, true, false}, /* a tie */
        {{.theta = 0.4, .n_scored = 70, .n_above_cut = 0}, false, false, false},
    };
    for (size_t k = 0; k < sizeof table / sizeof table[0]; k++) {
        const struct rule_session *s = &table[k].session;
        cr_assert_eq(cat_out_of_time_last_estimate.passes(&exam, s), table[k].last_estimate,
                     "case %zu", k);
        cr_assert_eq(cat_out_of_time_fail_below_minimum.passes(&exam, s),
                     table[k].fail_below_minimum, "case %zu", k);
        cr_assert_eq(cat_out_of_time_last_60.passes(&exam, s), table[k].last_60, "case %zu", k);
    }
    struct rule_exam strict = exam;
    strict.tie_passes = false;
    cr_assert_not(cat_out_of_time_last_estimate.passes(&strict, &table[6].session));
}
