/* Many sessions of an exam, without the pathway: what rules of content and exposure do to each one.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_STAT_SESSIONS_H
#define TESTS_STAT_SESSIONS_H

#include <retake/cat/session.h>
#include <retake/person/response.h>
#include <retake/study/pool.h>

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/** An exam on a generated pool. */
struct sessions_exam {
    struct scenario scenario;
    struct irt_bank bank;
    struct cat_design cat;
    struct person_design person;
};

/** A pool of n_items 2PL items and n_pilots pilots, in the domains of the EMR blueprint. */
static inline void sessions_pool(struct sessions_exam *self, size_t n_items, size_t n_pilots)
{
    struct study_pool pool = study_pool_emr();
    struct err err = {0};
    char *csv = NULL;
    size_t n_bytes = 0;
    memset(self, 0, sizeof *self);
    pool.model = STUDY_2PL;
    pool.n_items = n_items;
    pool.n_pilots = n_pilots;
    cr_assert_eq(study_pool_csv(&pool, &csv, &n_bytes, &err), ERR_OK, "%s", err.detail);
    cr_assert_eq(irt_bank_parse("pool", csv, n_bytes, &self->bank, &err), ERR_OK, "%s", err.detail);
    free(csv);
}

/** The exam itself, after what a test wants to change in the bank. */
static inline void sessions_init(struct sessions_exam *self, const char *yaml)
{
    struct err err = {0};
    bool good =
        config_scenario_parse("sessions", yaml, strlen(yaml), &self->scenario, &err) == ERR_OK &&
        config_scenario_check(&self->scenario, &err) == ERR_OK &&
        cat_design_init(&self->scenario, &self->bank, &self->cat, &err) == ERR_OK &&
        person_design_init(&self->scenario, &self->person, &err) == ERR_OK;
    cr_assert(good, "%s\n%s", err.detail, yaml);
}

static inline void sessions_free(struct sessions_exam *self)
{
    person_design_free(&self->person);
    cat_design_free(&self->cat);
    irt_bank_free(&self->bank);
    config_scenario_free(&self->scenario);
}

/** Called with each finished session; number counts from 0. */
typedef void sessions_check(const struct sessions_exam *exam, const struct cat_session *session,
                            uint64_t number, void *context);

enum { SESSIONS_LANES = 32 };

struct sessions_lane {
    struct cat_session *session;
    struct person_lane examinee;
    uint64_t number;
    const uint64_t *excluded;
};

static inline void sessions_begin(const struct sessions_exam *exam, struct sessions_lane *lane)
{
    struct person person;
    person_draw(&exam->person, lane->number, &person);
    person_lane_begin(&exam->person, &person, 1, &lane->examinee);
    cat_session_begin(&exam->cat, rng_keyed(1, lane->number, 1, RNG_SELECT), lane->excluded,
                      lane->session);
}

/* One item for each lane. */
static inline void sessions_step(const struct sessions_exam *exam, struct sessions_lane *lanes,
                                 size_t n)
{
    struct cat_session *sessions[SESSIONS_LANES], *going[SESSIONS_LANES];
    struct person_lane *examinees[SESSIONS_LANES];
    const struct irt_item *items[SESSIONS_LANES];
    uint8_t answers[SESSIONS_LANES];
    size_t n_going = 0;
    for (size_t k = 0; k < n; k++)
        sessions[k] = lanes[k].session;
    cat_sessions_select(&exam->cat, sessions, n);
    for (size_t k = 0; k < n; k++) {
        if (sessions[k]->stop != CAT_GOING)
            continue;
        going[n_going] = sessions[k];
        examinees[n_going] = &lanes[k].examinee;
        items[n_going++] = &exam->cat.items[sessions[k]->item];
    }
    person_answer(items, examinees, n_going, answers, NULL);
    cat_sessions_record(&exam->cat, going, n_going, answers, NULL);
}

/** Run n untimed sessions and look at each. @param excluded items that nobody may meet, or NULL */
static inline void sessions_run(const struct sessions_exam *exam, uint64_t n,
                                const uint64_t *excluded, sessions_check *check, void *context)
{
    struct sessions_lane lanes[SESSIONS_LANES];
    struct cat_workspace workspace;
    struct err err = {0};
    uint64_t next = 0;
    size_t n_active = n < SESSIONS_LANES ? (size_t)n : SESSIONS_LANES;
    cr_assert_eq(cat_workspace_init(&exam->cat, n_active, &workspace, &err), ERR_OK);
    for (size_t k = 0; k < n_active; k++) {
        lanes[k] = (struct sessions_lane){
            .session = &workspace.sessions[k], .number = next++, .excluded = excluded};
        sessions_begin(exam, &lanes[k]);
    }
    while (n_active > 0) {
        sessions_step(exam, lanes, n_active);
        for (size_t k = n_active; k-- > 0;) {
            if (lanes[k].session->stop == CAT_GOING)
                continue;
            check(exam, lanes[k].session, lanes[k].number, context);
            if (next == n) {
                lanes[k] = lanes[--n_active];
                continue;
            }
            lanes[k].number = next++;
            sessions_begin(exam, &lanes[k]);
        }
    }
    cat_workspace_free(&workspace);
}

#endif
