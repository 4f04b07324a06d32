/* The table of parameters, and values as one would write them.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/config/params.h>

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static void parse(const char *text, struct scenario *self)
{
    struct err err = {0};
    cr_assert_eq(config_scenario_parse("a.yaml", text, strlen(text), self, &err), ERR_OK, "%s",
                 err.detail);
}

Test(params, every_row_is_complete)
{
    size_t n;
    const struct param *params = config_params(&n);
    cr_assert_gt(n, 50);
    for (size_t i = 0; i < n; i++) {
        const struct param *p = &params[i];
        cr_expect(p->path && p->default_text && p->unit && p->grade && p->doc, "row %zu", i);
        cr_expect_gt(strlen(p->doc), 5, "%s", p->path);
        cr_expect_neq(p->doc[strlen(p->doc) - 1], '.', "%s", p->path);
        cr_expect(p->type > PARAM_COUNT || p->min < p->max, "%s", p->path);
        cr_expect_eq(p->type == PARAM_CHOICE || p->type == PARAM_WORDS, p->choices && *p->choices,
                     "%s", p->path);
        cr_expect_eq(p->family != FAMILY_NONE, strchr(p->path, '*') != NULL, "%s", p->path);
    }
}

Test(params, rows_of_a_family_lie_within_its_section)
{
    size_t n;
    const struct param *params = config_params(&n);
    for (size_t i = 0; i < n; i++) {
        if (params[i].family == FAMILY_NONE)
            continue;
        const char *path = config_family(params[i].family)->path;
        size_t length = strlen(path);
        cr_expect_eq(strncmp(params[i].path, path, length), 0, "%s", params[i].path);
        cr_expect_eq(strncmp(params[i].path + length, ".*.", 3), 0, "%s", params[i].path);
    }
}

Test(params, values_of_a_family_are_one_for_each_member)
{
    struct scenario s;
    char text[64];
    const struct param *max = config_param_find("exam.content.domains.x.max_items");
    const struct param *wait = config_param_find("policy.wait_days");
    parse("exam: {form: normal, content: {domains: {a: {max_items: 3}, b-2: {}}}}", &s);
    cr_assert_eq(config_param_n_members(max, &s), 2);
    config_param_path(max, &s, 1, text, sizeof text);
    cr_expect_str_eq(text, "exam.content.domains.b-2.max_items");
    config_param_format(max, &s, 0, text, sizeof text);
    cr_expect_str_eq(text, "3");
    config_param_format(max, &s, 1, text, sizeof text);
    cr_expect_str_eq(text, "none");
    cr_expect_eq(config_param_field(max, &s, 1), (const void *)&s.domains[1].max_items);
    cr_expect_eq(config_param_n_members(wait, &s), 1);
    config_param_path(wait, &s, 0, text, sizeof text);
    cr_expect_str_eq(text, "policy.wait_days");
    cr_expect_eq(config_param_field(wait, &s, 0), (const void *)&s.policy_wait_days);
    config_scenario_free(&s);
}

Test(params, paths_are_unique_and_no_path_is_a_section)
{
    size_t n;
    const struct param *params = config_params(&n);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            size_t length = strlen(params[i].path);
            bool within = strncmp(params[i].path, params[j].path, length) == 0 &&
                          (params[j].path[length] == '.' || params[j].path[length] == '\0');
            cr_expect(i == j || !within, "%s and %s", params[i].path, params[j].path);
        }
}

Test(params, defaults_are_written_as_in_yaml)
{
    cr_expect_str_eq(config_param_find("policy.max_attempts")->default_text, "none");
    cr_expect_str_eq(config_param_find("exam.sem")->default_text, "0.3333333333333333");
    cr_expect_str_eq(config_param_find("exam.tie_passes")->default_text, "true");
    cr_expect_str_eq(config_param_find("exam.time_limit_min")->default_text, "105");
    cr_expect_str_eq(config_param_find("population.course_ends.first")->default_text, "2026-01-05");
    cr_expect_str_eq(config_param_find("policy.wait_days")->grade, "rule");
}

Test(params, every_default_is_the_value_of_an_empty_scenario)
{
    struct scenario s;
    size_t n;
    const struct param *params = config_params(&n);
    parse("{exam.form: normal, exam.content: {domains: {a: {}}, constraints: {b: {}}}}", &s);
    s.exam_form = 0;
    for (size_t i = 0; i < n; i++) {
        char text[256];
        config_param_format(&params[i], &s, 0, text, sizeof text);
        cr_expect_str_eq(text, *params[i].default_text ? params[i].default_text : "\"\"", "%s",
                         params[i].path);
    }
    config_scenario_free(&s);
}

Test(params, find)
{
    static const char *const unknown[] = {"",
                                          "policy",
                                          "policy.",
                                          "policy.wait_day",
                                          ".",
                                          "wait_days",
                                          "policy.wait_days.",
                                          "policy.wait_dayss",
                                          "population.groups.all",
                                          "population.groups..weight",
                                          "population.groups.a.b.weight",
                                          "population.groups.",
                                          "exam.content.domains",
                                          "exam.content.domains.a",
                                          "exam.content.domains.a.weight"};
    cr_expect_str_eq(config_param_find("policy.wait_days")->path, "policy.wait_days");
    cr_expect_str_eq(config_param_find("population.groups.rural.weight")->path,
                     "population.groups.*.weight");
    cr_expect_str_eq(config_param_find("population.groups.*.weight")->path,
                     "population.groups.*.weight");
    cr_expect_str_eq(config_param_find("exam.content.domains.weight.target")->path,
                     "exam.content.domains.*.target");
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++)
        cr_expect_null(config_param_find(unknown[i]), "'%s'", unknown[i]);
}

/* What is written for a value reads back as the same value, by file and by --set. */
static void expect_round_trip(const char *key, const char *assignment)
{
    struct scenario a, b;
    struct err err = {0};
    char text[600], again[600], line[700];
    const struct param *param = config_param_find(key);
    parse("exam.form: normal", &a);
    parse("exam.form: normal", &b);
    snprintf(line, sizeof line, "%s=%s", key, assignment);
    cr_assert_eq(config_scenario_set(&a, line, &err), ERR_OK, "%s", err.detail);
    config_param_format(param, &a, 0, text, sizeof text);
    snprintf(line, sizeof line, "%s=%s", key, text);
    cr_assert_eq(config_scenario_set(&b, line, &err), ERR_OK, "%s", err.detail);
    config_param_format(param, &b, 0, again, sizeof again);
    cr_expect_str_eq(again, text);
    config_scenario_free(&b);
    snprintf(line, sizeof line, "%s%s: %s", strcmp(key, "exam.form") ? "exam.form: normal\n" : "",
             key, text);
    parse(line, &b);
    config_param_format(param, &b, 0, again, sizeof again);
    cr_expect_str_eq(again, text);
    if (param->type == PARAM_TEXT)
        cr_expect_str_eq(b.title, a.title);
    config_scenario_free(&a);
    config_scenario_free(&b);
}

Test(params, values_round_trip)
{
    expect_round_trip("policy.wait_days", "0.1");
    expect_round_trip("policy.wait_days", "1234.56789012345678");
    expect_round_trip("policy.wait_days", "[15, 15, 60.5]");
    expect_round_trip("calendar.holidays", "[2026-12-25, 2027-01-01]");
    expect_round_trip("calendar.holidays", "2026-12-25");
    expect_round_trip("calendar.holidays", "none");
    expect_round_trip("policy.after_cycle", "[refresher, course]");
    expect_round_trip("policy.after_cycle", "course");
    expect_round_trip("policy.max_attempts", "none");
    expect_round_trip("policy.max_attempts", "6");
    expect_round_trip("engine.seed", "9223372036854775807");
    expect_round_trip("exam.tie_passes", "no");
    expect_round_trip("exam.exclude_seen", "all");
    expect_round_trip("exam.stop.rule", "fixed");
    expect_round_trip("population.course_ends.first", "2024-02-29");
    expect_round_trip("exam.content.domains.a.target", "0.3");
    expect_round_trip("exam.content.domains.a.min_items", "12");
    expect_round_trip("exam.content.domains.a.max_items", "none");
    expect_round_trip("exam.content.domains.a.max_items", "12");
    expect_round_trip("exam.estimate.se", "asymptotic");
    expect_round_trip("exam.select.theta_min", "-3.5");
    expect_round_trip("exam.select.theta_min", "none");
    expect_round_trip("population.groups.all.theta_speed_corr", "-0.28");
}

Test(params, texts_round_trip)
{
    static const char *const titles[] = {"EMR, three attempts",
                                         "\"\"",
                                         "\"null\"",
                                         "'~'",
                                         "a: b",
                                         "a #b",
                                         "\"a\\nb\\tc\"",
                                         "'\"quoted\"'",
                                         "caf\xC3\xA9",
                                         "\"\\u2028\\uFEFF\"",
                                         "x\\y",
                                         "\"- a\"",
                                         "\"[a]\"",
                                         "\" blanks \"",
                                         "\"\\x85\\x90\"",
                                         "\xF0\x9F\x98\x80",
                                         "30",
                                         "..."};
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
        expect_round_trip("title", titles[i]);
}

Test(params, a_short_buffer_is_respected)
{
    struct scenario s;
    char text[8];
    parse("{exam.form: normal, title: \"long: and to be quoted\", bank: a_long_path.csv}", &s);
    memset(text, 'x', sizeof text);
    config_param_format(config_param_find("title"), &s, 0, text, 6);
    cr_expect(strlen(text) < 6 && text[6] == 'x');
    config_param_format(config_param_find("bank"), &s, 0, text, 6);
    cr_expect(strlen(text) < 6 && text[6] == 'x');
    config_scenario_free(&s);
}
