/* Rules from outside the tree: what is refused and how; that retake finds the others.
 * SPDX-License-Identifier: Apache-2.0 */
#include "hall.h"

static bool decide(const struct rule_exam *exam, const struct rule_session *session)
{
    (void)exam;
    return session->n_scored >= 3;
}

static double shown(const struct rule_exam *exam, const struct rule_session *session, uint32_t item)
{
    (void)exam, (void)session, (void)item;
    return 1;
}

/* NaN for all but the last. */
static void last_of_all(const struct rule_exam *exam, const struct rule_session *session,
                        double theta, const uint32_t *items, size_t n, double *values)
{
    (void)exam, (void)session, (void)theta, (void)items;
    for (size_t k = 0; k < n; k++)
        values[k] = k + 1 == n ? -1e300 : NAN;
}

static void expect_refused(const struct rule_set *rules, const char *what)
{
    struct err err = {0};
    cr_expect_eq(cat_rule_set_check(rules, &err), ERR_INPUT, "%s", what);
    cr_expect(strstr(err.detail, what), "%s, not: %s", what, err.detail);
    cr_expect_null(strchr(err.detail, '\n'));
}

#define SET(list, type, ...)                                                                       \
    &(const struct rule_set)                                                                       \
    {                                                                                              \
        .version = RULE_VERSION, .list = (const struct type *const[])                              \
        {                                                                                          \
            __VA_ARGS__, NULL                                                                      \
        }                                                                                          \
    }
#define STOP(word)                                                                                 \
    &(const struct rule_stop)                                                                      \
    {                                                                                              \
        .name = word, .doc = "", .step = decide                                                    \
    }

Test(rule_set, refused)
{
    static char long_name[80];
    memset(long_name, 'x', sizeof long_name - 1);
    char versions[80];
    snprintf(versions, sizeof versions,
             "rules: made for version %d of retake/rule.h, this is version %d", RULE_VERSION + 1,
             RULE_VERSION);
    expect_refused(&(const struct rule_set){.version = RULE_VERSION + 1}, versions);
    expect_refused(&(const struct rule_set){0}, "made for version 0");
    expect_refused(SET(stops, rule_stop, STOP("good"), STOP(NULL)), "stop rule 2 has the name ''");
    expect_refused(SET(stops, rule_stop, STOP("")), "stop rule 1 has the name ''");
    expect_refused(SET(stops, rule_stop, STOP("a b")), "stop rule 1 has the name 'a b'");
    expect_refused(SET(stops, rule_stop, STOP(long_name)), "stop rule 1 has the name 'xxx");
    expect_refused(SET(stops, rule_stop, STOP("sprt")), "'sprt': retake has a rule of this name");
    expect_refused(SET(stops, rule_stop, STOP("any")), "'any': retake has a rule of this name");
    expect_refused(SET(stops, rule_stop, STOP("one"), STOP("one")),
                   "stop rule 'one' is there twice");
    expect_refused(SET(stops, rule_stop, &(const struct rule_stop){.name = "one", .doc = ""}),
                   "stop rule 'one' has no function step");
    expect_refused(SET(selects, rule_select, &(const struct rule_select){.name = "one"}),
                   "selection rule 'one' has no function values");
    expect_refused(SET(selects, rule_select,
                       &(const struct rule_select){.name = "same", .values = last_of_all}),
                   "selection rule 'same': retake has a rule of this name");
    expect_refused(SET(selects, rule_select,
                       &(const struct rule_select){.name = "fisher", .values = last_of_all}),
                   "selection rule 'fisher'");
    expect_refused(SET(exposures, rule_exposure, &(const struct rule_exposure){.name = "one"}),
                   "exposure rule 'one' has no function p_shown");
    expect_refused(SET(exposures, rule_exposure,
                       &(const struct rule_exposure){.name = "none", .p_shown = shown}),
                   "exposure rule 'none'");
    expect_refused(
        SET(outs_of_time, rule_out_of_time, &(const struct rule_out_of_time){.name = "one"}),
        "out-of-time rule 'one' has no function passes");
    expect_refused(SET(stops, rule_stop,
                       &(const struct rule_stop){.name = "one", .needs = 64, .step = decide}),
                   "stop rule 'one' needs what is not known (0x40)");
}

Test(rule_set, at_most_so_many)
{
    static char names[RULE_MAX + 1][16];
    static struct rule_stop rows[RULE_MAX + 1];
    static const struct rule_stop *list[RULE_MAX + 2];
    const struct rule_set rules = {.version = RULE_VERSION, .stops = list};
    struct err err = {0};
    for (int k = 0; k < RULE_MAX; k++) {
        snprintf(names[k], sizeof names[k], "r%d", k);
        rows[k] = (struct rule_stop){.name = names[k], .step = decide};
        list[k] = &rows[k];
    }
    cr_expect_eq(cat_rule_set_check(&rules, &err), ERR_OK, "%s", err.detail);
    rows[RULE_MAX] = (struct rule_stop){.name = "more", .step = decide};
    list[RULE_MAX] = &rows[RULE_MAX];
    expect_refused(&rules, "rules: more than 32 stop rules");
}

Test(rule_set, an_empty_set_is_good)
{
    struct err err = {0};
    const struct rule_set empty = {.version = RULE_VERSION};
    cr_expect_eq(cat_rule_set_check(&empty, &err), ERR_OK);
}

/* A scenario whose set is bad is refused, whoever set it. */
Test(rule_set, a_design_checks_it)
{
    struct hall hall;
    struct err err = {0};
    hall_bank(&hall, 5);
    fixture_scenario(&hall.scenario, "exam.min_items=2", "exam.max_items=5", "exam.pilot_items=0",
                     NULL);
    hall.scenario.rules = SET(stops, rule_stop, STOP("se"));
    cr_expect_eq(cat_design_init(&hall.scenario, &hall.bank, &hall.design, &err), ERR_INPUT);
    cr_expect(strstr(err.detail, "stop rule 'se'"), "%s", err.detail);
    hall_close(&hall);
}

/* By start and by selection; NaN is the least of values. */
Test(rule_set, found_by_name)
{
    struct hall hall;
    hall_bank(&hall, 9);
    for (size_t i = 0; i < 9; i++)
        hall.bank.items[i].b = (double)i;
    fixture_scenario(&hall.scenario, "exam.min_items=1", "exam.max_items=5", "exam.pilot_items=0",
                     "exam.time_limit_min=none", "exam.start.rule=last", "exam.select.rule=last",
                     "exam.stop.rule=third", NULL);
    const struct rule_select last = {.name = "last", .doc = "", .values = last_of_all};
    hall.scenario.rules =
        &(const struct rule_set){.version = RULE_VERSION,
                                 .stops = (const struct rule_stop *const[]){STOP("third"), NULL},
                                 .selects = (const struct rule_select *const[]){&last, NULL}};
    hall_open(&hall, 1);
    const struct cat_session *session = hall_sit(&hall, 1, 0);
    cr_expect(session->seen.n_scored == 3 && session->stop == CAT_STOP_RULE);
    for (uint32_t k = 0; k < 3; k++)
        cr_expect_eq(hall.design.order[session->items[k]], 8 - k);
    hall_close(&hall);
}
