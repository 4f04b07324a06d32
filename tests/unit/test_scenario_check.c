/* The checks that involve several keys: the line names the key that was set last.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/config/scenario.h>

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

/* clang-format off */
static const struct { const char *text; enum err_code code; const char *detail; } bad[] = {
    {"exam: {min_items: 90}", ERR_RANGE, "a.yaml:1:19: exam.min_items: 90 must be at most exam.max_items (80)"},
    {"exam: {max_items: 50}", ERR_RANGE, "a.yaml:1:19: exam.max_items: 50 must be at least exam.min_items (60)"},
    {"exam: {max_items: 50, min_items: 51}", ERR_RANGE, "a.yaml:1:34: exam.min_items: 51 must be at most exam.max_items (50)"},
    {"exam: {estimate: {theta_min: 4}}", ERR_RANGE, "a.yaml:1:30: exam.estimate.theta_min: 4 must be less than exam.estimate.theta_max (4)"},
    {"exam: {estimate: {theta_max: -5}}", ERR_RANGE, "a.yaml:1:30: exam.estimate.theta_max: -5 must be greater than exam.estimate.theta_min (-4)"},
    {"exam: {scale: {cut: 100}}", ERR_RANGE, "a.yaml:1:21: exam.scale.cut: 100 must be greater than exam.scale.min (100)"},
    {"exam: {scale: {min: 1000}}", ERR_RANGE, "a.yaml:1:21: exam.scale.min: 1000 must be less than exam.scale.cut (950)"},
    {"exam: {scale: {max: 950}}", ERR_RANGE, "a.yaml:1:21: exam.scale.max: 950 must be greater than exam.scale.cut (950)"},
    {"exam: {scale: {cut: 1500.5}}", ERR_RANGE, "a.yaml:1:21: exam.scale.cut: 1500.5 must be less than exam.scale.max (1500)"},
    {"study: {targeted: 0.4, none: 0.2}", ERR_RANGE, "a.yaml:1:30: study.none: study.none + study.broad + study.targeted is 1.1, must be 1"},
    {"study: {broad: 0}", ERR_RANGE, "a.yaml:1:16: study.broad: study.none + study.broad + study.targeted is 0.5, must be 1"},
    {"study: {broad: 0.50000001}", ERR_RANGE, "a.yaml:1:16: study.broad: study.none + study.broad + study.targeted is 1.00000001, must be 1"},
    {"population: {groups: {a: {weight: 0}, b: {weight: 0}}}", ERR_RANGE, "a.yaml:1:51: population.groups.b.weight: the weights of all groups sum to 0, must be positive"},
    {"policy: {max_attempts: 2.5}", ERR_INPUT, "a.yaml:1:24: policy.max_attempts: expected a whole number or none, not '2.5'"},
    {"exam: {estimate: {prior_min: 4}}", ERR_RANGE, "a.yaml:1:30: exam.estimate.prior_min: 4 must be less than exam.estimate.prior_max (4)"},
    {"exam: {estimate: {prior_max: -4}}", ERR_RANGE, "a.yaml:1:30: exam.estimate.prior_max: -4 must be greater than exam.estimate.prior_min (-4)"},
    {"exam: {select: {theta_min: 4}}", ERR_RANGE, "a.yaml:1:28: exam.select.theta_min: 4 must be less than exam.estimate.theta_max (4)"},
    {"exam: {select: {theta_max: -4}}", ERR_RANGE, "a.yaml:1:28: exam.select.theta_max: -4 must be greater than exam.estimate.theta_min (-4)"},
    {"exam: {select: {theta_min: 2, theta_max: 1}}", ERR_RANGE, "a.yaml:1:42: exam.select.theta_max: 1 must be greater than exam.select.theta_min (2)"},
    {"exam: {select: {theta_min: 2}, estimate: {theta_max: 2}}", ERR_RANGE, "a.yaml:1:54: exam.estimate.theta_max: 2 must be greater than exam.select.theta_min (2)"},
    {"exam: {select: {points: 7.5}}", ERR_INPUT, "a.yaml:1:25: exam.select.points: expected a whole number or none, not '7.5'"},
    {"exam: {estimate: {quadrature: simpson38}}", ERR_RANGE, "a.yaml:1:31: exam.estimate.quadrature: simpson38 needs 4, 7, 10, ... exam.estimate.points, not 33"},
    {"exam: {estimate: {quadrature: simpson38, points: 36}}", ERR_RANGE, "a.yaml:1:50: exam.estimate.points: simpson38 needs 4, 7, 10, ... exam.estimate.points, not 36"},
    {"exam: {content: {domains: {a: {min_items: 4, max_items: 3}}}}", ERR_RANGE, "a.yaml:1:57: exam.content.domains.a.max_items: 3 must be at least exam.content.domains.a.min_items (4)"},
    {"exam: {content: {domains: {b: {}, a: {max_items: 3, min_items: 4}}}}", ERR_RANGE, "a.yaml:1:64: exam.content.domains.a.min_items: 4 must be at most exam.content.domains.a.max_items (3)"},
    {"exam: {content: {domains: {a: {max_items: 3.5}}}}", ERR_INPUT, "a.yaml:1:43: exam.content.domains.a.max_items: expected a whole number or none, not '3.5'"},
    {"exam: {content: {domains: {a: {min_items: 41}, b: {min_items: 40}}}}", ERR_RANGE, "a.yaml:1:63: exam.content.domains.b.min_items: min_items of all domains sum to 81, must be at most exam.max_items (80)"},
    {"exam: {content: {domains: {a: {min_items: 61}}}, max_items: 60}", ERR_RANGE, "a.yaml:1:61: exam.max_items: min_items of all domains sum to 61, must be at most exam.max_items (60)"},
    {"exam: {content: {rule: some, domains: {a: {target: 0.5}, b: {target: 0.4}}}}", ERR_RANGE, "a.yaml:1:70: exam.content.domains.b.target: the targets of exam.content.domains sum to 0.9, must be 1"},
    {"exam: {content: {domains: {a: {target: 0.5}}, rule: some}}", ERR_RANGE, "a.yaml:1:53: exam.content.rule: the targets of exam.content.domains sum to 0.5, must be 1"},
    {"exam: {form: linear}", ERR_INPUT, "a.yaml:1:14: exam.form: form linear needs an item bank; set bank to a CSV file"},
    {"title: x", ERR_INPUT, "a.yaml: bank: form cat needs an item bank; set bank to a CSV file (default)"},
    {"exam: {form: cat}", ERR_INPUT, "a.yaml:1:14: exam.form: form cat needs an item bank; set bank to a CSV file"},
    {"bank: ''", ERR_INPUT, "a.yaml:1:7: bank: form cat needs an item bank; set bank to a CSV file"},
};
/* clang-format on */

static void expect_mistake(size_t row)
{
    struct scenario s;
    struct err err = {0};
    config_scenario_parse("a.yaml", bad[row].text, strlen(bad[row].text), &s, &err);
    cr_expect_eq(err.code, ERR_OK, "%s", err.detail);
    cr_expect_eq(config_scenario_check(&s, &err), bad[row].code);
    cr_expect_str_eq(err.detail, bad[row].detail);
    config_scenario_free(&s);
}

Test(scenario_check, mistakes)
{
    for (size_t row = 0; row < sizeof bad / sizeof *bad; row++)
        expect_mistake(row);
}

static enum err_code parse(const char *text, struct scenario *self, struct err *err)
{
    return config_scenario_parse("a.yaml", text, strlen(text), self, err);
}

Test(scenario_check, what_agrees_passes)
{
    static const char *const texts[] = {
        "{bank: x.csv, exam: {min_items: 80}}",
        "{bank: x.csv, study: {none: 0.1, broad: 0.2, targeted: 0.7}}",
        "{bank: x.csv, study: {none: 0, broad: 0, targeted: 1}}",
        "{exam: {form: normal}, policy: {max_attempts: 6, window_days: 0, horizon_days: 36500}}",
        "{exam: {form: normal}, population: {groups: {a: {weight: 0}, b: {}}}}",
        "{bank: x.csv, exam: {form: linear}}",
        "{bank: x.csv, exam: {estimate: {quadrature: simpson38, points: 34}}}",
        "{bank: x.csv, exam: {estimate: {quadrature: sum, points: 36}}}",
        "{bank: x.csv, exam: {select: {theta_min: 5, theta_max: 6, points: 61}}}",
        "{bank: x.csv, exam: {select: {theta_min: -6}, estimate: {prior_min: -5}}}",
        "{bank: x.csv, exam: {content: {domains: {a: {target: 0.3}, b: {target: 0.3}}}}}",
        ("{bank: x.csv, exam: {content: {rule: some, domains: {a: {target: 0.1, min_items: 40}, "
         "b: {target: 0.7, min_items: 40, max_items: 40}, c: {target: 0.2, max_items: 0}}}}}")};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct scenario s;
        struct err err = {0};
        cr_expect_eq(parse(texts[i], &s, &err), ERR_OK, "%s", err.detail);
        cr_expect_eq(config_scenario_check(&s, &err), ERR_OK, "%s", err.detail);
        config_scenario_free(&s);
    }
}

Test(scenario_check, the_domain_that_was_set_last_is_named)
{
    static const char text[] = "exam: {form: normal, content: {rule: some, domains: {a: {target: "
                               "0.5}, b: {target: 0.5}}}}";
    struct scenario s;
    struct err err = {0};
    cr_assert_eq(parse(text, &s, &err), ERR_OK);
    cr_assert_eq(config_scenario_set(&s, "exam.content.domains.a.target=0.25", &err), ERR_OK);
    cr_expect_eq(config_scenario_check(&s, &err), ERR_RANGE);
    cr_expect_str_eq(err.detail, "--set exam.content.domains.a.target=0.25: the targets of "
                                 "exam.content.domains sum to 0.75, must be 1");
    err_clear(&err);
    cr_assert_eq(config_scenario_set(&s, "exam.content.domains.c.target=0.25", &err), ERR_OK);
    cr_expect_eq(config_scenario_check(&s, &err), ERR_OK, "%s", err.detail);
    config_scenario_free(&s);
}

Test(scenario_check, assignments_are_checked_together)
{
    struct scenario s;
    struct err err = {0};
    cr_assert_eq(parse("exam: {form: normal}", &s, &err), ERR_OK);
    cr_assert_eq(config_scenario_set(&s, "exam.min_items=90", &err), ERR_OK);
    cr_expect_eq(config_scenario_check(&s, &err), ERR_RANGE);
    cr_expect_str_eq(err.detail, "--set exam.min_items=90: 90 must be at most exam.max_items (80)");
    err_clear(&err);
    cr_assert_eq(config_scenario_set(&s, "exam.max_items=100", &err), ERR_OK);
    cr_expect_eq(config_scenario_check(&s, &err), ERR_OK, "%s", err.detail);
    config_scenario_free(&s);
}
