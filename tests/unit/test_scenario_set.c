/* --set: the same checks, messages that begin with the assignment.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/config/scenario.h>

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const char base[] = "exam: {form: normal}\npolicy: {wait_days: 7}\n"
                           "population: {groups: {urban: {}, rural: {weight: 2}}}\n";

static void parse_base(struct scenario *self)
{
    struct err err = {0};
    cr_assert_eq(config_scenario_parse("a.yaml", base, sizeof base - 1, self, &err), ERR_OK, "%s",
                 err.detail);
}

static void set(struct scenario *self, const char *assignment)
{
    struct err err = {0};
    cr_expect_eq(config_scenario_set(self, assignment, &err), ERR_OK, "%s", err.detail);
}

Test(scenario_set, values_change)
{
    struct scenario s;
    parse_base(&s);
    set(&s, "policy.wait_days=30");
    set(&s, "policy.wait_days=31");
    set(&s, "policy.max_attempts = none");
    set(&s, "population.groups.rural.weight=3.5");
    set(&s, "title=EMR: six attempts = more");
    set(&s, "bank=\"b c.csv\"");
    set(&s, "exam.tie_passes=false");
    set(&s, "engine.candidates=1e3");
    cr_expect(s.policy_wait_days.values[0] == 31 && isinf(s.policy_max_attempts) &&
              s.groups[1].weight == 3.5);
    cr_expect_str_eq(s.title, "EMR: six attempts = more");
    cr_expect_str_eq(s.bank, "b c.csv");
    cr_expect(!s.exam_tie_passes && s.engine_candidates == 1000);
    config_scenario_free(&s);
}

Test(scenario_set, a_domain_may_be_new)
{
    struct scenario s;
    struct err err = {0};
    parse_base(&s);
    set(&s, "exam.content.domains.scene.target=0.2");
    set(&s, "exam.content.domains.trauma-1.max_items=20");
    set(&s, "exam.content.domains.scene.min_items=3");
    set(&s, "exam.content.domains.trauma-1.max_items=none");
    cr_assert_eq(s.n_domains, 2);
    cr_expect_str_eq(s.domains[0].name, "scene");
    cr_expect(s.domains[0].target == 0.2 && s.domains[0].min_items == 3);
    cr_expect_str_eq(s.domains[1].name, "trauma-1");
    cr_expect(isinf(s.domains[1].max_items));
    config_scenario_error(&s, "exam.content.domains.scene.min_items", &err, ERR_INPUT, "odd");
    cr_expect_str_eq(err.detail, "--set exam.content.domains.scene.min_items=3: odd");
    err_clear(&err);
    config_scenario_error(&s, "exam.content.domains.trauma-1.target", &err, ERR_INPUT, "odd");
    cr_expect_str_eq(err.detail, "a.yaml: exam.content.domains.trauma-1.target: odd (default)");
    config_scenario_free(&s);
}

/* The place of the refused member is not that of the next one. */
Test(scenario_set, a_domain_that_comes_after_a_refused_one_is_new)
{
    struct scenario s;
    struct err err = {0};
    parse_base(&s);
    set(&s, "exam.content.domains.a.target=0.25");
    cr_expect_eq(config_scenario_set(&s, "exam.content.domains.b.target=2", &err), ERR_RANGE);
    err_clear(&err);
    cr_assert_eq(s.n_domains, 1);
    set(&s, "exam.content.domains.c.min_items=1");
    cr_assert_eq(s.n_domains, 2);
    cr_expect(s.domains[0].target == 0.25 && s.domains[1].target == 0);
    cr_expect_str_eq(s.domains[1].name, "c");
    config_scenario_error(&s, "exam.content.domains.c.target", &err, ERR_INPUT, "odd");
    cr_expect_str_eq(err.detail, "a.yaml: exam.content.domains.c.target: odd (default)");
    config_scenario_free(&s);
}

/* clang-format off */
static const struct { const char *assignment; enum err_code code; const char *what; } bad[] = {
    {"policy.wait_days", ERR_USAGE, "expected KEY=VALUE"},
    {"=3", ERR_USAGE, "expected KEY=VALUE"},
    {"", ERR_USAGE, "expected KEY=VALUE"},
    {" =3", ERR_INPUT, "unknown key"},
    {"policy.wait_days=", ERR_INPUT, "has no value; expected a number or a list of numbers"},
    {"policy.wait_days=null", ERR_INPUT, "has no value; expected a number or a list of numbers"},
    {"policy.wait_days=x", ERR_INPUT, "expected a number or a list of numbers, not 'x'"},
    {"policy.wait_days='3'", ERR_INPUT, "expected a number or a list of numbers, not the quoted text '3'"},
    {"policy.wait_days=[3, x]", ERR_INPUT, "expected a number or a list of numbers, not 'x'"},
    {"policy.max_cycles=[3]", ERR_INPUT, "expected a whole number, not a list"},
    {"policy.wait_days=[3", ERR_INPUT, "the value is not a YAML scalar"},
    {"policy.wait_days=*x", ERR_INPUT, "the value is not a YAML scalar"},
    {"policy.wait_days=4000", ERR_RANGE, "'4000' is out of range 0 to 3650 day"},
    {"policy.wait_day=3", ERR_INPUT, "unknown key; did you mean 'policy.wait_days'?"},
    {"policy=3", ERR_INPUT, "a section: expected keys such as policy.wait_days, not a single value"},
    {"policy={wait_days: 3}", ERR_INPUT, "a section: expected keys such as policy.wait_days, not a mapping"},
    {"policy.wait_days={a: 3}", ERR_INPUT, "expected a number or a list of numbers, not a mapping"},
    {"population.groups.rurl.weight=3", ERR_INPUT, "no group is named 'rurl'; did you mean 'rural'?"},
    {"population.groups.zzz.weight=3", ERR_INPUT, "no group is named 'zzz'"},
    {"population.groups.r r.weight=3", ERR_INPUT, "no group is named 'r r'"},
    {"population.groups.rural=3", ERR_INPUT, "a section: expected keys such as population.groups.rural.weight, not a single value"},
    {"exam.content.domains.new.target=3", ERR_RANGE, "'3' is out of range 0 to 1"},
    {"exam.content.domains.new.target=x", ERR_INPUT, "expected a number, not 'x'"},
    {"exam.content.domains.new=3", ERR_INPUT, "a section: expected keys such as exam.content.domains.new.target, not a single value"},
    {"exam.content.domains=3", ERR_INPUT, "a section: expected keys such as exam.content.domains.NAME.target, not a single value"},
    {"exam.content.domains.\"\".target=1", ERR_INPUT, "no name of a domain: 1 to 128 bytes without control characters, in double quotes where a dot or = is in it"},
    {"exam.content.domains..target=1", ERR_INPUT, "unknown key; did you mean 'exam.content.domains.NAME.target'?"},
    {"population.groups.rural.wieght=3", ERR_INPUT, "unknown key; did you mean 'population.groups.rural.weight'?"},
};
/* clang-format on */

static void expect_mistake(size_t row)
{
    struct scenario s;
    struct err err = {0};
    char expected[512];
    parse_base(&s);
    snprintf(expected, sizeof expected, "--set %s: %s", bad[row].assignment, bad[row].what);
    cr_expect_eq(config_scenario_set(&s, bad[row].assignment, &err), bad[row].code);
    cr_expect_str_eq(err.detail, expected);
    cr_expect(s.policy_wait_days.values[0] == 7 && s.groups[1].weight == 2 && s.n_groups == 2 &&
              s.n_domains == 0);
    config_scenario_free(&s);
}

Test(scenario_set, mistakes)
{
    for (size_t row = 0; row < sizeof bad / sizeof *bad; row++)
        expect_mistake(row);
}

Test(scenario_set, a_message_stays_one_line)
{
    struct scenario s;
    struct err err = {0};
    char assignment[3000] = "policy.wait_days=\n";
    parse_base(&s);
    cr_expect_eq(config_scenario_set(&s, assignment, &err), ERR_INPUT);
    cr_expect_str_eq(err.detail,
                     "--set policy.wait_days=?: expected a number or a list of numbers, not '?'");
    err_clear(&err);
    cr_expect_eq(config_scenario_set(&s, "title=\xFF", &err), ERR_INPUT);
    cr_expect_str_eq(err.detail, "--set title=?: not UTF-8");
    err_clear(&err);
    memset(assignment, 'k', sizeof assignment - 2);
    assignment[2000] = '=';
    cr_expect_eq(config_scenario_set(&s, assignment, &err), ERR_INPUT);
    cr_expect_str_eq(err.detail + strlen(err.detail) - 16, "...: unknown key");
    config_scenario_free(&s);
}

Test(scenario_set, later_messages_name_the_assignment)
{
    struct scenario s;
    struct err err = {0};
    parse_base(&s);
    set(&s, "exam.stop.rule=odd");
    config_scenario_error(&s, "exam.stop.rule", &err, ERR_INPUT, "no such rule");
    cr_expect_str_eq(err.detail, "--set exam.stop.rule=odd: no such rule");
    config_scenario_free(&s);
}
