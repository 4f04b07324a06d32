/* exam.stop.rule: what expressions mean, and what is wrong with others, to the character.
 * SPDX-License-Identifier: Apache-2.0 */
#include "hall.h"
#include "stop.h"

static bool yes(const struct rule_exam *exam, const struct rule_session *session)
{
    (void)exam, (void)session;
    return true;
}

static bool no(const struct rule_exam *exam, const struct rule_session *session)
{
    (void)exam, (void)session;
    return false;
}

static const struct rule_stop rule_yes = {.name = "yes", .doc = "", .step = yes},
                              rule_no = {.name = "no", .doc = "", .step = no};
static const struct rule_stop *const stops[] = {&rule_yes, &rule_no, NULL};
static const struct rule_set rules = {.version = RULE_VERSION, .stops = stops};

/* The message for an expression, or "" and what it comes to. */
static bool evaluate(const char *text, char message[1200])
{
    struct hall hall;
    struct err err = {0};
    char set[512];
    bool stops_now = false;
    hall_bank(&hall, 5);
    fixture_scenario(&hall.scenario, "exam.min_items=2", "exam.max_items=5", "exam.pilot_items=0",
                     NULL);
    snprintf(set, sizeof set, "exam.stop.rule=%s", text);
    fixture_set(&hall.scenario, set);
    hall.scenario.rules = &rules;
    if (cat_design_init(&hall.scenario, &hall.bank, &hall.design, &err) == ERR_OK) {
        struct rule_session seen = {.n_scored = 3};
        stops_now = cat_stop_step(&hall.design, &seen);
    }
    cr_assert(err.code == ERR_OK || err.code == ERR_INPUT, "%s", text);
    snprintf(message, 1200, "%s", err.code ? err.detail : "");
    hall_close(&hall);
    return stops_now;
}

Test(stop_expression, meaning)
{
    static const struct {
        const char *text;
        bool stops;
    } rows[] = {
        {"yes", true},
        {"no", false},
        {"  yes  ", true},
        {"any(yes)", true},
        {"all(no)", false},
        {"any(no,yes)", true},
        {"any(no, no, no)", false},
        {"all(yes,yes)", true},
        {"all(yes, no, yes)", false},
        {"any(all(yes, no), all(yes, yes))", true},
        {"all(any(yes, no), any(no, no))", false},
        {"all( any(no , all ( yes,yes ) ),any( yes ) )", true},
        {"any(any(any(any(any(no), yes))))", true},
        {"all(yes, all(yes, any(no, all(no))))", false},
        {"any(fixed, yes)", true},
    };
    char message[1200];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bool stops_now = evaluate(rows[i].text, message);
        cr_expect_str_eq(message, "", "%s: %s", rows[i].text, message);
        cr_expect_eq(stops_now, rows[i].stops, "%s", rows[i].text);
    }
}

Test(stop_expression, mistakes)
{
    static const char *const rows[][2] = {
        {"any(", "'any(': the name of a rule is missing at character 5"},
        {"any()", "the name of a rule is missing at character 5"},
        {"any(yes", "',' or ')' is missing at character 8"},
        {"any(yes no)", "',' or ')' is missing at character 9"},
        {"any(yes,)", "the name of a rule is missing at character 9"},
        {"any(,yes)", "the name of a rule is missing at character 5"},
        {"yes no", "the end was expected at character 5"},
        {"yes)", "the end was expected at character 4"},
        {"any(yes))", "the end was expected at character 9"},
        {"both(yes, no)", "only any(...) and all(...) join rules, not '(' at character 5"},
        {"anyone(yes)", "only any(...) and all(...) join rules, not '(' at character 7"},
        {"(yes)", "the name of a rule is missing at character 1"},
        {"yes & no", "the end was expected at character 5"},
        {"confidense", "unknown rule 'confidense'; did you mean 'confidence'?"},
        {"any(yes, sprd)", "unknown rule 'sprd'; did you mean 'sprt'?"},
        {"any(yes, yess)", "unknown rule 'yess'; did you mean 'yes'?"},
        {"any", "unknown rule 'any'"},
        {"all", "unknown rule 'all'"},
        {"ye", "unknown rule 'ye'"},
    };
    char message[1200];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        evaluate(rows[i][0], message);
        cr_expect(strstr(message, rows[i][1]), "%s: %s", rows[i][0], message);
        cr_expect(strstr(message, "exam.stop.rule"), "%s", message);
    }
}

static void nested(int depth, char *text)
{
    text[0] = '\0';
    for (int k = 0; k < depth; k++)
        strcat(text, k % 2 ? "all(" : "any(");
    strcat(text, "yes");
    for (int k = 0; k < depth; k++)
        strcat(text, ")");
}

Test(stop_expression, depth)
{
    char text[400], message[1200];
    nested(16, text);
    cr_expect(evaluate(text, message), "%s", message);
    nested(17, text);
    evaluate(text, message);
    cr_expect(strstr(message, "too deeply nested at character 72"), "%s", message);
}

/* A rule of 400 letters is cut in the message, not beyond its memory. */
Test(stop_expression, long_names)
{
    char text[401], message[1200];
    memset(text, 'x', 400);
    text[400] = '\0';
    evaluate(text, message);
    cr_expect(strstr(message, "unknown rule 'xxx"), "%s", message);
}
