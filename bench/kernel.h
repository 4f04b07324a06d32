/* What the benches share: a clock, and an exam with examinees made from a few lines.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_BENCH_KERNEL_H
#define RETAKE_BENCH_KERNEL_H

#include <retake/cat/session.h>
#include <retake/person/response.h>
#include <retake/study/pool.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static inline double bench_now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/** An exam, its items and its population. */
struct bench_exam {
    struct scenario scenario;
    struct irt_bank bank;
    struct cat_design cat;
    struct person_design person;
};

static inline void bench_exam_init(struct bench_exam *self, const char *yaml,
                                   const struct study_pool *pool)
{
    struct err err = {0};
    char *csv = NULL;
    size_t n_bytes = 0;
    memset(self, 0, sizeof *self);
    if (study_pool_csv(pool, &csv, &n_bytes, &err) ||
        irt_bank_parse("pool", csv, n_bytes, &self->bank, &err) ||
        config_scenario_parse("bench", yaml, strlen(yaml), &self->scenario, &err) ||
        cat_design_init(&self->scenario, &self->bank, &self->cat, &err) ||
        person_design_init(&self->scenario, &self->person, &err)) {
        fprintf(stderr, "bench: %s\n", err.detail);
        exit(1);
    }
    cat_design_skip_se(&self->cat); /* as the engine does */
    free(csv);
}

static inline void bench_exam_free(struct bench_exam *self)
{
    person_design_free(&self->person);
    cat_design_free(&self->cat);
    irt_bank_free(&self->bank);
    config_scenario_free(&self->scenario);
}

/** Sessions of candidates 0 .. n_sessions - 1 on n_lanes lanes; returns the items administered. */
static inline uint64_t bench_sessions(const struct bench_exam *exam, size_t n_lanes,
                                      uint64_t n_sessions)
{
    struct err err = {0};
    struct cat_workspace workspace;
    struct cat_session *active[CAT_MAX_LANES];
    struct person_lane lanes[CAT_MAX_LANES], *examinees[CAT_MAX_LANES];
    const struct irt_item *items[CAT_MAX_LANES] = {0};
    uint8_t answers[CAT_MAX_LANES];
    uint64_t next = 0, n_items = 0;
    size_t n_active = n_lanes;
    if (cat_workspace_init(&exam->cat, n_lanes, &workspace, &err) != ERR_OK)
        exit(1);
    for (size_t k = 0; k < n_lanes; k++) {
        active[k] = &workspace.sessions[k];
        examinees[k] = &lanes[k];
        active[k]->stop = CAT_STOP_RULE;
    }
    while (n_active > 0) {
        for (size_t k = n_active; k-- > 0;) {
            if (active[k]->stop == CAT_GOING)
                continue;
            struct person person;
            n_items += active[k]->seen.n_seen;
            if (next == n_sessions) {
                active[k] = active[--n_active];
                examinees[k] = examinees[n_active];
                continue;
            }
            person_draw(&exam->person, next, &person);
            person_lane_begin(&exam->person, &person, 1, examinees[k]);
            cat_session_begin(&exam->cat, rng_keyed(1, next++, 1, RNG_SELECT), NULL, active[k]);
        }
        cat_sessions_select(&exam->cat, active, n_active);
        for (size_t k = 0; k < n_active; k++)
            items[k] = &exam->cat.items[active[k]->item];
        person_answer(items, examinees, n_active, answers, NULL);
        cat_sessions_record(&exam->cat, active, n_active, answers, NULL);
    }
    cat_workspace_free(&workspace);
    return n_items;
}

#endif
