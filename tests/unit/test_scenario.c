/* Scenarios from YAML: defaults, values, groups, and the exact line for each kind of mistake.
 * SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <retake/config/params.h>
#include <retake/config/scenario.h>

#include <criterion/criterion.h>
#include <glob.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static enum err_code parse(const char *text, struct scenario *self, struct err *err)
{
    return config_scenario_parse("dir/a.yaml", text, strlen(text), self, err);
}

static void parse_good(const char *text, struct scenario *self)
{
    struct err err = {0};
    cr_assert_eq(parse(text, self, &err), ERR_OK, "%s", err.detail);
}

Test(scenario, what_is_absent_has_its_default)
{
    struct scenario s;
    parse_good("exam.form: normal\n", &s);
    cr_expect_str_eq(s.title, "");
    cr_expect(s.engine_candidates == 1000000 && s.exam_min_items == 60 && s.exam_tie_passes);
    cr_expect(s.policy_wait_days.n == 1 && s.policy_wait_days.values[0] == 15 &&
              isinf(s.policy_max_attempts));
    cr_expect_eq(s.population_course_ends_first, 20458);
    cr_expect_str_eq(s.exam_stop_rule, "confidence");
    cr_assert_eq(s.n_groups, 1);
    cr_expect_str_eq(s.groups[0].name, "all");
    cr_expect(s.groups[0].weight == 1 && s.groups[0].theta_sd == 1 && s.groups[0].speed_sd == 0.18);
    cr_expect_str_eq(s.path, "dir/a.yaml");
    cr_expect_str_eq(s.source_text, "exam.form: normal\n");
    config_scenario_free(&s);
    config_scenario_free(&s);
}

Test(scenario, values_of_every_type)
{
    struct scenario s;
    parse_good(
        "title: \"a: b\"\nbank: banks/x.csv\nengine: {candidates: 1e6, seed: 9223372036854775807}\n"
        "exam:\n  exclude_seen: all\n  time_limit_min: none\n  tie_passes: no\n  stop.level: .9\n"
        "  scale: {cut: 950.5}\npolicy.max_attempts: 6\n"
        "population: {course_ends.first: 2024-02-29, competent_theta: -1.5e-1}\n",
        &s);
    cr_expect_str_eq(s.title, "a: b");
    cr_expect(s.engine_candidates == 1000000 && s.engine_seed == INT64_MAX);
    cr_expect(s.exam_exclude_seen == 2 && isinf(s.exam_time_limit_min) && !s.exam_tie_passes);
    cr_expect(s.exam_stop_level == 0.9 && s.exam_scale_cut == 950.5 && s.policy_max_attempts == 6);
    cr_expect(s.population_course_ends_first == 19782 && s.population_competent_theta == -0.15);
    cr_expect_str_eq(config_scenario_bank_path(&s), "dir/banks/x.csv");
    config_scenario_free(&s);
}

Test(scenario, words_for_true_and_false)
{
    static const char *const words[] = {"true", "yes", "True", "YES", "false", "no", "False", "NO"};
    for (size_t i = 0; i < 8; i++) {
        struct scenario s;
        char text[64];
        snprintf(text, sizeof text, "exam: {form: normal, tie_passes: %s}", words[i]);
        parse_good(text, &s);
        cr_expect_eq(s.exam_tie_passes, i < 4, "%s", words[i]);
        config_scenario_free(&s);
    }
}

Test(scenario, groups_nested_and_dotted)
{
    struct scenario s;
    parse_good("exam.form: normal\npopulation:\n  groups:\n    rural-1: {weight: 2}\n    b_2: {}\n"
               "population.groups.c.theta_mean: 1\npopulation.groups.b_2.weight: 0\n",
               &s);
    cr_assert_eq(s.n_groups, 3);
    cr_expect_str_eq(s.groups[0].name, "rural-1");
    cr_expect(s.groups[0].weight == 2 && s.groups[1].weight == 0 && s.groups[1].theta_sd == 1);
    cr_expect(s.groups[2].theta_mean == 1 && s.groups[2].weight == 1);
    config_scenario_free(&s);
    parse_good("exam.form: normal\npopulation: {groups: {}}\n", &s);
    cr_expect(s.n_groups == 1 && strcmp(s.groups[0].name, "all") == 0);
    config_scenario_free(&s);
}

Test(scenario, domains_nested_and_dotted)
{
    struct scenario s;
    parse_good("exam:\n  form: normal\n  content:\n    domains:\n      scene-1: {target: .2, "
               "min_items: 3, max_items: 9}\n      b_2: {}\n"
               "exam.content.domains.c.target: 0.5\nexam.content.domains.b_2.max_items: none\n",
               &s);
    cr_assert_eq(s.n_domains, 3);
    cr_expect_str_eq(s.domains[0].name, "scene-1");
    cr_expect(s.domains[0].target == 0.2 && s.domains[0].min_items == 3 &&
              s.domains[0].max_items == 9);
    cr_expect_str_eq(s.domains[1].name, "b_2");
    cr_expect(s.domains[1].target == 0 && s.domains[1].min_items == 0 &&
              isinf(s.domains[1].max_items));
    cr_expect_str_eq(s.domains[2].name, "c");
    cr_expect_eq(s.domains[2].target, 0.5);
    cr_expect_eq(s.n_groups, 1);
    config_scenario_free(&s);
    parse_good("exam: {form: normal, content: {domains: {}}}\n", &s);
    cr_expect(s.n_domains == 0 && !s.domains);
    config_scenario_free(&s);
}

Test(scenario, many_groups_keep_their_values)
{
    struct scenario s;
    char text[8000] = "exam.form: normal\npopulation:\n  groups:\n";
    for (int i = 0; i < 100; i++)
        sprintf(text + strlen(text), "    g%d: {weight: %d}\n", i, i + 1);
    parse_good(text, &s);
    cr_assert_eq(s.n_groups, 100);
    for (size_t i = 0; i < 100; i++)
        cr_expect_eq(s.groups[i].weight, (double)i + 1);
    struct err err = {0};
    config_scenario_error(&s, "population.groups.g3.weight", &err, ERR_INPUT, "wrong");
    cr_expect_str_eq(err.detail, "dir/a.yaml:7:18: population.groups.g3.weight: wrong");
    config_scenario_free(&s);
}

/* clang-format off */
static const struct { const char *text; enum err_code code; const char *detail; } bad[] = {
    {"polcy: {wait_days: 3}", ERR_INPUT, "dir/a.yaml:1:1: polcy: unknown key; did you mean 'policy'?"},
    {"policy:\n  wait_day: 3", ERR_INPUT, "dir/a.yaml:2:3: policy.wait_day: unknown key; did you mean 'policy.wait_days'?"},
    {"policy.wait_day: 3", ERR_INPUT, "dir/a.yaml:1:1: policy.wait_day: unknown key; did you mean 'policy.wait_days'?"},
    {"wait_days: 3", ERR_INPUT, "dir/a.yaml:1:1: wait_days: unknown key; did you mean 'policy.wait_days'?"},
    {"title: t\nnonsense: [1]", ERR_INPUT, "dir/a.yaml:2:1: nonsense: unknown key"},
    {"title: t\n'': 1", ERR_INPUT, "dir/a.yaml:2:1: : unknown key"},
    {"policy.: 1", ERR_INPUT, "dir/a.yaml:1:1: policy.: unknown key; did you mean 'policy'?"},
    {"<<: {a: 1}\ntitle: t", ERR_INPUT, "dir/a.yaml:1:1: <<: unknown key"},
    {"title: t\n\"a\\nb\": 1", ERR_INPUT, "dir/a.yaml:2:1: a?b: unknown key"},
    {"password: hunter2\ntoken: sesame", ERR_INPUT, "dir/a.yaml:1:1: not a scenario: it has no key of one"},
    {"password: a\npassword: b", ERR_INPUT, "dir/a.yaml:2:1: repeated key; it stands at line 1 already"},
    {"policy.wait_days.x: 1", ERR_INPUT, "dir/a.yaml:1:1: policy.wait_days.x: unknown key; did you mean 'policy.wait_days'?"},
    {"policy: {wait_days: {x: 1}}", ERR_INPUT, "dir/a.yaml:1:21: policy.wait_days: expected a number or a list of numbers, not a mapping"},
    {"policy: {wait_days: []}", ERR_INPUT, "dir/a.yaml:1:21: policy.wait_days: an empty list"},
    {"policy: {wait_days: [15, x]}", ERR_INPUT, "dir/a.yaml:1:26: policy.wait_days: expected a number or a list of numbers, not 'x'"},
    {"policy: {wait_days: [15, 4000]}", ERR_RANGE, "dir/a.yaml:1:26: policy.wait_days: '4000' is out of range 0 to 3650 day"},
    {"policy: {wait_days: [15, [3]]}", ERR_INPUT, "dir/a.yaml:1:26: policy.wait_days: expected a number or a list of numbers, but an element is a list"},
    {"policy: {wait_days: [15, ~]}", ERR_INPUT, "dir/a.yaml:1:26: policy.wait_days: expected a number or a list of numbers, but an element is nothing"},
    {"policy: {after_cycle: [refresher, curse]}", ERR_INPUT, "dir/a.yaml:1:35: policy.after_cycle: expected one or a list of refresher, course, not 'curse'; did you mean 'course'?"},
    {"calendar: {holidays: [2026-12-25, 2026-02-30]}", ERR_INPUT, "dir/a.yaml:1:35: calendar.holidays: expected a date as YYYY-MM-DD, a list of dates, or none, not '2026-02-30'"},
    {"policy: {attempts_per_cycle: [3]}", ERR_INPUT, "dir/a.yaml:1:30: policy.attempts_per_cycle: expected a whole number, not a list"},
    {"policy:\n  wait_days: abc", ERR_INPUT, "dir/a.yaml:2:14: policy.wait_days: expected a number or a list of numbers, not 'abc'"},
    {"policy:\n  wait_days: 1x", ERR_INPUT, "dir/a.yaml:2:14: policy.wait_days: expected a number or a list of numbers, not '1x'"},
    {"policy:\n  wait_days: \"15\"", ERR_INPUT, "dir/a.yaml:2:14: policy.wait_days: expected a number or a list of numbers, not the quoted text '15'"},
    {"policy:\n  wait_days: .nan", ERR_INPUT, "dir/a.yaml:2:14: policy.wait_days: expected a number or a list of numbers, not '.nan'"},
    {"policy:\n  wait_days: .inf", ERR_INPUT, "dir/a.yaml:2:14: policy.wait_days: expected a number or a list of numbers, not '.inf'"},
    {"policy:\n  wait_days: none", ERR_INPUT, "dir/a.yaml:2:14: policy.wait_days: expected a number or a list of numbers, not 'none'"},
    {"policy:\n  wait_days: 0x10", ERR_INPUT, "dir/a.yaml:2:14: policy.wait_days: expected a number or a list of numbers, not '0x10'"},
    {"policy:\n  wait_days: 1_000", ERR_INPUT, "dir/a.yaml:2:14: policy.wait_days: expected a number or a list of numbers, not '1_000'"},
    {"policy:\n  wait_days: 1,5", ERR_INPUT, "dir/a.yaml:2:14: policy.wait_days: expected a number or a list of numbers, not '1,5'"},
    {"policy:\n  wait_days: true", ERR_INPUT, "dir/a.yaml:2:14: policy.wait_days: expected a number or a list of numbers, not 'true'"},
    {"policy:\n  wait_days: |\n    a\n    b", ERR_INPUT, "dir/a.yaml:2:14: policy.wait_days: expected a number or a list of numbers, not the quoted text 'a?b'"},
    {"policy:\n  wait_days:", ERR_INPUT, "dir/a.yaml:2:3: policy.wait_days: has no value; expected a number or a list of numbers"},
    {"policy:\n  wait_days: ~", ERR_INPUT, "dir/a.yaml:2:14: policy.wait_days: has no value; expected a number or a list of numbers"},
    {"title: null", ERR_INPUT, "dir/a.yaml:1:8: title: has no value; expected a text"},
    {"policy:", ERR_INPUT, "dir/a.yaml:1:1: policy: a section: expected keys such as policy.wait_days, not nothing"},
    {"exam: 3", ERR_INPUT, "dir/a.yaml:1:7: exam: a section: expected keys such as exam.form, not a single value"},
    {"exam:\n  estimate: eap", ERR_INPUT, "dir/a.yaml:2:13: exam.estimate: a section: expected keys such as exam.estimate.rule, not a single value"},
    {"exam: [form, cat]", ERR_INPUT, "dir/a.yaml:1:7: exam: a section: expected keys such as exam.form, not a list"},
    {"policy:\n  wait_days: 4000", ERR_RANGE, "dir/a.yaml:2:14: policy.wait_days: '4000' is out of range 0 to 3650 day"},
    {"policy:\n  wait_days: -1", ERR_RANGE, "dir/a.yaml:2:14: policy.wait_days: '-1' is out of range 0 to 3650 day"},
    {"policy:\n  wait_days: 1e999", ERR_RANGE, "dir/a.yaml:2:14: policy.wait_days: '1e999' is out of range 0 to 3650 day"},
    {"leave: {after_fail: 1.0000001}", ERR_RANGE, "dir/a.yaml:1:21: leave.after_fail: '1.0000001' is out of range 0 to 1"},
    {"exam: {min_items: 0}", ERR_RANGE, "dir/a.yaml:1:19: exam.min_items: '0' is out of range 1 to 2000 items"},
    {"exam: {min_items: 60.5}", ERR_INPUT, "dir/a.yaml:1:19: exam.min_items: expected a whole number, not '60.5'"},
    {"exam: {min_items: none}", ERR_INPUT, "dir/a.yaml:1:19: exam.min_items: expected a whole number, not 'none'"},
    {"engine: {seed: 9223372036854775808}", ERR_RANGE, "dir/a.yaml:1:16: engine.seed: '9223372036854775808' is out of range 0 to 9223372036854775807"},
    {"engine: {seed: -1}", ERR_RANGE, "dir/a.yaml:1:16: engine.seed: '-1' is out of range 0 to 9223372036854775807"},
    {"engine: {candidates: 1000000000001}", ERR_RANGE, "dir/a.yaml:1:22: engine.candidates: '1000000000001' is out of range 1 to 1000000000000"},
    {"exam: {time_limit_min: never}", ERR_INPUT, "dir/a.yaml:1:24: exam.time_limit_min: expected a number or none, not 'never'"},
    {"exam: {time_limit_min: 0}", ERR_RANGE, "dir/a.yaml:1:24: exam.time_limit_min: '0' is out of range 0.01 to 10000000 min"},
    {"exam: {tie_passes: 1}", ERR_INPUT, "dir/a.yaml:1:20: exam.tie_passes: expected true or false, not '1'"},
    {"exam: {tie_passes: ture}", ERR_INPUT, "dir/a.yaml:1:20: exam.tie_passes: expected true or false, not 'ture'; did you mean 'true'?"},
    {"exam: {tie_passes: 'true'}", ERR_INPUT, "dir/a.yaml:1:20: exam.tie_passes: expected true or false, not the quoted text 'true'"},
    {"exam: {form: caat}", ERR_INPUT, "dir/a.yaml:1:14: exam.form: expected one of cat, linear, normal, not 'caat'; did you mean 'cat'?"},
    {"exam: {form: fixed}", ERR_INPUT, "dir/a.yaml:1:14: exam.form: expected one of cat, linear, normal, not 'fixed'"},
    {"exam: {stop: {rule: ''}}", ERR_INPUT, "dir/a.yaml:1:21: exam.stop.rule: expected the name of a rule, not the quoted text ''"},
    {"population: {course_ends: {first: 2026-02-29}}", ERR_INPUT, "dir/a.yaml:1:35: population.course_ends.first: expected a date as YYYY-MM-DD, not '2026-02-29'"},
    {"population: {course_ends: {first: 5}}", ERR_INPUT, "dir/a.yaml:1:35: population.course_ends.first: expected a date as YYYY-MM-DD, not '5'"},
    {"exam.form: normal\nexam: {form: cat}", ERR_INPUT, "dir/a.yaml:2:8: exam.form: repeated key; it stands at line 1 already"},
    {"exam: {form: normal}\nexam.form: normal", ERR_INPUT, "dir/a.yaml:2:1: exam.form: repeated key; it stands at line 1 already"},
    {"exam: {form: normal}\nexam: {sem: 1}", ERR_INPUT, "dir/a.yaml:2:1: exam: repeated key; it stands at line 1 already"},
    {"population.groups.a.weight: 1\npopulation: {groups: {a: {weight: 2}}}", ERR_INPUT, "dir/a.yaml:2:27: population.groups.a.weight: repeated key; it stands at line 1 already"},
    {"population: {groups: {'\"a': {weight: 2}}}", ERR_INPUT, "dir/a.yaml:1:23: population.groups.\"a: no name of a group: 1 to 128 bytes without control characters, in double quotes where a dot or = is in it"},
    {"population: {groups: {a: }}", ERR_INPUT, "dir/a.yaml:1:23: population.groups.a: a section: expected keys such as population.groups.a.weight, not nothing"},
    {"population: {groups: {a: 1}}", ERR_INPUT, "dir/a.yaml:1:26: population.groups.a: a section: expected keys such as population.groups.a.weight, not a single value"},
    {"population: {groups: [a]}", ERR_INPUT, "dir/a.yaml:1:22: population.groups: a section: expected keys such as population.groups.NAME.weight, not a list"},
    {"population: {groups: {a: {wieght: 1}}}", ERR_INPUT, "dir/a.yaml:1:27: population.groups.a.wieght: unknown key; did you mean 'population.groups.a.weight'?"},
    {"population: {groups: {a: {theta_sd: -1}}}", ERR_RANGE, "dir/a.yaml:1:37: population.groups.a.theta_sd: '-1' is out of range 0 to 20 logit"},
    {"population: {groups: {'': {weight: 1}}}", ERR_INPUT, "dir/a.yaml:1:23: population.groups.: unknown key; did you mean 'population.groups'?"},
    {"exam.content.domains.a.target: .1\nexam: {content: {domains: {a: {target: .2}}}}", ERR_INPUT, "dir/a.yaml:2:32: exam.content.domains.a.target: repeated key; it stands at line 1 already"},
    {"exam: {content: {domains: {'\"a': {target: 1}}}}", ERR_INPUT, "dir/a.yaml:1:28: exam.content.domains.\"a: no name of a domain: 1 to 128 bytes without control characters, in double quotes where a dot or = is in it"},
    {"exam: {content: {domains: {a: 1}}}", ERR_INPUT, "dir/a.yaml:1:31: exam.content.domains.a: a section: expected keys such as exam.content.domains.a.target, not a single value"},
    {"exam: {content: {domains: [a]}}", ERR_INPUT, "dir/a.yaml:1:27: exam.content.domains: a section: expected keys such as exam.content.domains.NAME.target, not a list"},
    {"exam: {content: {domains: {a: {tagret: 1}}}}", ERR_INPUT, "dir/a.yaml:1:32: exam.content.domains.a.tagret: unknown key; did you mean 'exam.content.domains.a.target'?"},
    {"exam: {content: {domains: {a: {weight: 1}}}}", ERR_INPUT, "dir/a.yaml:1:32: exam.content.domains.a.weight: unknown key; did you mean 'exam.content.domains.a.target'?"},
    {"exam: {content: {domains: {a: {target: 1.5}}}}", ERR_RANGE, "dir/a.yaml:1:40: exam.content.domains.a.target: '1.5' is out of range 0 to 1"},
    {"exam: {content: {domains: {a: {min_items: 1.5}}}}", ERR_INPUT, "dir/a.yaml:1:43: exam.content.domains.a.min_items: expected a whole number, not '1.5'"},
    {"exam: {content: {domains: {a: {min_items: none}}}}", ERR_INPUT, "dir/a.yaml:1:43: exam.content.domains.a.min_items: expected a whole number, not 'none'"},
    {"exam: {content: {domains: {a: {max_items: -1}}}}", ERR_RANGE, "dir/a.yaml:1:43: exam.content.domains.a.max_items: '-1' is out of range 0 to 2000 items"},
    {"exam: {estimate: {quadrature: simpson}}", ERR_INPUT, "dir/a.yaml:1:31: exam.estimate.quadrature: expected one of trapezoid, sum, simpson38, not 'simpson'"},
    {"a: [", ERR_INPUT, "dir/a.yaml:2:1: not valid YAML: did not find expected node content while parsing a flow node"},
};
/* clang-format on */

static void expect_mistake(size_t row)
{
    struct scenario s;
    struct err err = {0};
    cr_expect_eq(parse(bad[row].text, &s, &err), bad[row].code);
    cr_expect_str_eq(err.detail, bad[row].detail);
    config_scenario_free(&s);
}

Test(scenario, mistakes)
{
    for (size_t row = 0; row < sizeof bad / sizeof *bad; row++)
        expect_mistake(row);
}

Test(scenario, a_very_long_key_is_unknown)
{
    struct scenario s;
    struct err err = {0};
    char text[600] = "exam:\n  ";
    memset(text + 8, 'k', 500);
    strcpy(text + 508, ": 1\n");
    cr_expect_eq(parse(text, &s, &err), ERR_INPUT);
    cr_expect_eq(strncmp(err.detail, "dir/a.yaml:2:3: exam.kkkkkk", 27), 0, "%s", err.detail);
    cr_expect_str_eq(err.detail + strlen(err.detail) - 16, "...: unknown key");
    config_scenario_free(&s);
}

Test(scenario, an_absent_file_is_bad_input)
{
    struct scenario s;
    struct err err = {0};
    cr_expect_eq(config_scenario_load("absent.yaml", &s, &err), ERR_INPUT);
    cr_expect_str_eq(err.detail, "absent.yaml: cannot open: No such file or directory");
    config_scenario_free(&s);
}

Test(scenario, a_file_is_loaded)
{
    struct scenario s;
    struct err err = {0};
    char path[] = "/tmp/test_scenario_XXXXXX";
    int descriptor = mkstemp(path);
    cr_assert_eq(write(descriptor, "exam.form: normal", 17), 17);
    close(descriptor);
    cr_expect_eq(config_scenario_load(path, &s, &err), ERR_OK, "%s", err.detail);
    cr_expect_str_eq(s.source_text, "exam.form: normal");
    config_scenario_free(&s);
    unlink(path);
}

/* A sweep, which names a base, is not a scenario. */
static bool is_scenario(const char *path)
{
    char line[256];
    bool has_base = false;
    FILE *stream = fopen(path, "r");
    cr_assert_not_null(stream);
    while (fgets(line, sizeof line, stream))
        has_base |= strncmp(line, "base:", 5) == 0;
    fclose(stream);
    return !has_base;
}

Test(scenario, every_shipped_scenario_loads)
{
    const char *source = getenv("RETAKE_SOURCE_DIR");
    char pattern[4096];
    glob_t found = {0};
    snprintf(pattern, sizeof pattern, "%s/configs/*.yaml", source ? source : ".");
    glob(pattern, 0, NULL, &found);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        struct scenario s = {0};
        struct err err = {0};
        if (is_scenario(found.gl_pathv[i]))
            cr_expect_eq(config_scenario_load(found.gl_pathv[i], &s, &err), ERR_OK, "%s",
                         err.detail);
        config_scenario_free(&s);
    }
    cr_expect(!source || found.gl_pathc > 0);
    globfree(&found);
}

Test(scenario, errors_of_the_rooms_above_are_placed)
{
    struct scenario s;
    struct err err = {0};
    parse_good("exam: {form: normal, stop: {rule: confidense}}", &s);
    config_scenario_error(&s, "exam.stop.rule", &err, ERR_INPUT, "no rule '%s'", s.exam_stop_rule);
    cr_expect_str_eq(err.detail, "dir/a.yaml:1:35: exam.stop.rule: no rule 'confidense'");
    err_clear(&err);
    cr_expect_eq(config_scenario_error(&s, "bank", &err, ERR_RANGE, "too short"), ERR_RANGE);
    cr_expect_str_eq(err.detail, "dir/a.yaml: bank: too short (default)");
    err_clear(&err);
    config_scenario_error(&s, "exam.stop", &err, ERR_INPUT, "odd");
    cr_expect_str_eq(err.detail, "dir/a.yaml: exam.stop: odd");
    config_scenario_free(&s);
}

Test(scenario, the_locale_does_not_matter)
{
    struct scenario s;
    setlocale(LC_ALL, "de_DE.UTF-8");
    parse_good("exam: {form: normal, sem: 0.25}", &s);
    cr_expect_eq(s.exam_sem, 0.25);
    config_scenario_free(&s);
}
