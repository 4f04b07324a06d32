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
uint64_t bench_sessions(const struct bench_exam *exam, size_t n_lanes, uint64_t n_sessions);

#endif
