/* Replays of recorded answers: the sessions that the examiner's own functions give, in a trace;
 * missing answers, times, partial credit; each status provoked. SPDX-License-Identifier: Apache-2.0
 */
#include <retake/study/replay.h>

#include <math.h>

#include "policy.h"

enum { N_EXAMINEES = 12, N_ITEMS = 40 };

#define EXAM                                                                                       \
    "engine: {seed: 7}\n"                                                                          \
    "exam: {min_items: 5, max_items: 10, pilot_items: 2, stop: {rule: 'any(confidence, se)', se: " \
    "0.6}}\n"

static struct err try_replay(const char *exam, const char *bank,
                             struct study_replay_options options, struct study_replay *out)
{
    struct scenario scenario;
    struct err err = {0};
    policy_scenario(exam, NULL, &scenario);
    scenario.bank_path = bank;
    study_replay_run(&scenario, &options, out, &err);
    config_scenario_free(&scenario);
    return err;
}

/* What replay says of an exam, a bank and two matrices as texts; times may be NULL. */
static struct err replay_texts(const char *exam, const char *bank, const char *responses,
                               const char *times, bool may_miss, struct study_replay *out)
{
    char bank_path[256], responses_path[256], times_path[256];
    policy_file(bank, bank_path);
    policy_file(responses, responses_path);
    policy_file(times ? times : "", times_path);
    struct study_replay_options options = {responses_path, times ? times_path : NULL, may_miss};
    struct err err = try_replay(exam, bank_path, options, out);
    unlink(bank_path);
    unlink(responses_path);
    unlink(times_path);
    return err;
}

/* ---- the same session ---- */

/* A matrix of answers that depend on nothing but row and item. */
static uint8_t answer_of(size_t row, size_t item)
{
    return (row * 7 + item * 5 + row * item) % 3 != 0;
}

static void write_answers(char *text, size_t n_text)
{
    size_t at = (size_t)snprintf(text, n_text, "examinee");
    for (size_t i = N_ITEMS; i-- > 0;) /* any order */
        at += (size_t)snprintf(text + at, n_text - at, ",I%zu", i);
    for (size_t row = 0; row < N_EXAMINEES; row++) {
        at += (size_t)snprintf(text + at, n_text - at, "\nE%zu", row);
        for (size_t i = N_ITEMS; i-- > 0;)
            at += (size_t)snprintf(text + at, n_text - at, ",%d", answer_of(row, i));
    }
    cr_assert_lt(at, n_text);
}

/* The session as `retake run` would hold it, against its lines of the trace. */
static const char *compare_session(const struct engine_plan *plan, struct cat_session *session,
                                   size_t row, const char *line)
{
    char expected[256];
    struct cat_design design = plan->cat;
    design.se_from = 0; /* with every standard error */
    cat_session_begin(&design, rng_keyed(7, row, 1, RNG_SELECT), NULL, session);
    while (session->stop == CAT_GOING) {
        cat_sessions_select(&design, &session, 1);
        uint32_t item = design.order[session->item];
        uint8_t answer = answer_of(row, item);
        cat_sessions_record(&design, &session, 1, &answer, NULL);
        int n = snprintf(expected, sizeof expected, "E%zu,%u,I%u,%d,%.17g,%.17g,", row,
                         session->seen.n_seen, item, answer, session->seen.theta, session->seen.se);
        cr_assert_eq(strncmp(line, expected, (size_t)n), 0, "%.80s instead of %s", line, expected);
        line += n;
        if (session->stop == CAT_GOING)
            cr_assert_eq(strncmp(line, ",,\n", 3), 0);
        else
            cr_assert_eq(
                strncmp(line, cat_stop_names[session->stop], strlen(cat_stop_names[session->stop])),
                0);
        line = strchr(line, '\n') + 1;
    }
    return line;
}

static void compare_all(const char *exam)
{
    static char answers[N_EXAMINEES * N_ITEMS * 8];
    char bank[256], responses[256];
    struct study_replay replay;
    struct scenario scenario;
    struct engine_plan plan;
    struct cat_workspace workspace;
    struct err err = {0};
    policy_bank(N_ITEMS, bank);
    write_answers(answers, sizeof answers);
    policy_file(answers, responses);
    err = try_replay(exam, bank, (struct study_replay_options){.responses = responses}, &replay);
    cr_assert_eq(err.code, ERR_OK, "%s", err.detail);
    cr_expect_eq(replay.n_examinees, N_EXAMINEES);
    policy_scenario(exam, bank, &scenario);
    policy_set(&scenario, "exam.pilot_items=0");
    policy_set(&scenario, "exam.time_limit_min=none");
    cr_assert_eq(engine_plan_init(&scenario, &plan, &err), ERR_OK, "%s", err.detail);
    cr_assert_eq(cat_workspace_init(&plan.cat, 1, &workspace, &err), ERR_OK);
    const char *line = strchr(replay.csv, '\n') + 1;
    for (size_t row = 0; row < N_EXAMINEES; row++)
        line = compare_session(&plan, workspace.sessions, row, line);
    cr_expect_eq(*line, '\0');
    cat_workspace_free(&workspace);
    engine_plan_free(&plan);
    config_scenario_free(&scenario);
    study_replay_free(&replay);
    unlink(bank);
    unlink(responses);
}

Test(replay, the_sessions_of_a_run)
{
    compare_all(EXAM);
    compare_all("engine: {seed: 7}\nexam: {min_items: 5, max_items: 9, estimate: {rule: wl}}\n");
    compare_all(
        "engine: {seed: 7}\nexam: {min_items: 5, max_items: 9, select: {randomesque: 5}}\n");
    compare_all("engine: {seed: 7}\nexam: {form: linear, min_items: 5, max_items: 9}\n");
}

/* ---- the trace ---- */

#define BANK "id,model,a,b,b1,b2\n\"q,1\",2pl,1,0,,\nq2,gpcm,1,,-1,1\nq3,2pl,1,1,,\n"
#define SHORT "exam: {min_items: 2, max_items: 3, pilot_items: 0, stop: {rule: fixed}}\n"

static void check_trace(const char *responses, const char *times, const char *const *starts,
                        size_t n, const char *exam)
{
    struct study_replay replay;
    struct err err = replay_texts(exam, BANK, responses, times, true, &replay);
    cr_assert_eq(err.code, ERR_OK, "%s", err.detail);
    const char *line = replay.csv;
    for (size_t k = 0; k < n; k++) {
        cr_assert(line && *line, "only %zu lines", k);
        cr_expect_eq(strncmp(line, starts[k], strlen(starts[k])), 0, "%.60s", line);
        line = strchr(line, '\n') + 1;
    }
    cr_expect_eq(*line, '\0', "more than %zu lines", n);
    study_replay_free(&replay);
}

Test(replay, missing_answers_and_categories)
{
    static const char *const starts[] = {
        "examinee,step,item,response,theta,se,stop_reason,stop_rules,passed\n",
        "\"Ann \"\"A\"\"\",1,q2,2,",
        "\"Ann \"\"A\"\"\",2,q3,0,",
        "\"Ann \"\"A\"\"\",3,\"q,1\",1,",
        "Bob,1,\"q,1\",1,",
        "Bob,2,q3,1,",
        "Cid,0,,,0,inf,no_item,,"};
    check_trace("who,\"q,1\",q3,q2\n\"Ann \"\"A\"\"\",1,0,2\nBob,1.0,1,NA\nCid,,,NaN\n", NULL,
                starts, 7, SHORT);
}

Test(replay, times)
{
    static const char *const starts[] = {"examinee", "a,1,q2,2,", "a,2,q3,1,", "b,1,q2,0,",
                                         "c,0,,,0,inf,time,,"};
    check_trace(
        "examinee,q2,\"q,1\",q3\na,2,0,1\nb,0,1,1\nc,1,1,1\n",
        "examinee,\"q,1\",q3,q2\na,30,31,29\nb,50,1,55.5\nc,1,1,61\n", starts, 5,
        "exam: {min_items: 2, max_items: 3, pilot_items: 0, time_limit_min: 1, stop: {rule: "
        "fixed}}\n");
}

Test(replay, names_every_rule_that_held)
{
    struct study_replay replay;
    struct err err =
        replay_texts("exam: {min_items: 2, max_items: 3, pilot_items: 0, stop: {rule: "
                     "'any(se, all(confidence, fixed), information)', se: 5, information: 9}}\n",
                     BANK, "who,\"q,1\",q3,q2\na,1,0,2\n", NULL, false, &replay);
    cr_assert_eq(err.code, ERR_OK, "%s", err.detail);
    cr_expect(strstr(replay.csv, ",stop_rule,se+information,"), "%s", replay.csv);
    cr_expect_eq(replay.n_steps, 2);
    study_replay_free(&replay);
}

/* ---- refusals ---- */

static void refuse(const char *responses, const char *times, bool may_miss, const char *what)
{
    struct study_replay replay;
    struct err err = replay_texts(SHORT, BANK, responses, times, may_miss, &replay);
    cr_expect_eq(err.code, ERR_INPUT, "%s", responses);
    cr_expect(strstr(err.detail, what), "'%s' is not in: %s", what, err.detail);
    study_replay_free(&replay);
}

Test(replay, refuses_answers)
{
    const char *header = "examinee,\"q,1\",q2,q3\n";
    char text[256];
    static const char *const rows[][2] = {
        {"a,1,2,\n", ":2:7: column q3: no answer"},
        {"a,1,NA,0\n", ":2:5: column q2: no answer"},
        {"a,1,3,0\n", ":2:5: column q2: 3 is no answer; this item has 0 to 2"},
        {"a,0.5,0,0\n", ":2:3: column q,1: 0.5 is no answer; this item has 0 to 1"},
        {"a,1,x,0\n", ":2:5: column q2: expected a number"},
        {"a,1,0,0\na,1,0,0\n", ":3:1: column examinee: repeated: 'a'"},
        {",1,0,0\n", ":2:1: column examinee: empty"},
        {"", ":1:1: no examinees"},
    };
    for (size_t k = 0; k < sizeof rows / sizeof rows[0]; k++) {
        snprintf(text, sizeof text, "%s%s", header, rows[k][0]);
        refuse(text, NULL, false, rows[k][1]);
    }
    refuse("examinee,\"q,1\",q2\na,1,1\n", NULL, false, ":1:1: no column for item 'q3'");
    refuse("q2,\"q,1\",q3\n1,1,1\n", NULL, false, ":1:1: column q2: an item, where");
    refuse("examinee,\"q,1\",q2,qq3\na,1,1,1\n", NULL, true,
           "has no such item; did you mean 'q3'?");
}

Test(replay, refuses_times)
{
    const char *answers = "examinee,\"q,1\",q2,q3\na,1,2,0\nb,1,2,NA\n";
    refuse(answers, "examinee,\"q,1\",q2,q3\na,1,,1\nb,1,1,1\n", true, ":2:5: column q2: no time");
    refuse(answers, "examinee,\"q,1\",q2\na,1,1\nb,1,1\n", true,
           "no time for the answer to item 'q3'");
    refuse(answers, "examinee,\"q,1\",q2,q3\na,1,-1,1\nb,1,1,1\n", true, "-1 is out of range");
    refuse(answers, "examinee,\"q,1\",q2,q3\nb,1,1,1\na,1,1,1\n", true, "'b', but this row of");
    refuse(answers, "examinee,\"q,1\",q2,q3\na,1,1,1\n", true, "1 examinee, but");
    refuse(answers, "examinee,\"q,1\",q2,q3\na,1,1,1\nb,1,1,1\nc,1,1,1\n", true, "is 'missing'");
}

Test(replay, refuses_what_it_cannot_replay)
{
    struct study_replay replay;
    struct err err = replay_texts(POLICY_NORMAL, BANK, "a\n", NULL, false, &replay);
    cr_expect_eq(err.code, ERR_INPUT);
    cr_expect(strstr(err.detail, "exam.form: normal has no items to replay"), "%s", err.detail);
    struct study_replay_options options = {.responses = "none.csv"};
    char bank[256];
    policy_file(BANK, bank);
    err = try_replay(SHORT, bank, options, &replay);
    cr_expect_eq(err.code, ERR_INPUT);
    cr_expect(strstr(err.detail, "none.csv: cannot open"), "%s", err.detail);
    err = try_replay(SHORT, "none.csv", options, &replay);
    cr_expect_eq(strncmp(err.detail, "none.csv: cannot open", 21), 0, "%s", err.detail);
    unlink(bank);
}
