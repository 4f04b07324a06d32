/* Post-hoc simulation: the exam of a scenario, given recorded answers in place of simulated ones.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_STUDY_REPLAY_H
#define RETAKE_STUDY_REPLAY_H

#include <retake/base/err.h>
#include <retake/config/scenario.h>
#include <retake/study/grid_doubt.h>
#include <retake/study/reach_doubt.h>

#include <stddef.h>

struct study_replay_options {
    const char *responses;       /* CSV: examinee, then a column per item id; categories from 0 */
    const char *times;           /* CSV of the same shape: seconds; NULL: untimed */
    bool missing_is_unavailable; /* an item without an answer cannot be shown; else an error */
};

struct study_replay {
    size_t n_examinees, n_passed, n_steps;
    char *csv; /* the trace; owned */
    size_t n_bytes;
    size_t n_reach;
    struct study_reach_doubt reach[STUDY_MOST_REACH_DOUBTS]; /* [n_reach]: of the cut */
    char warning[STUDY_GRID_DOUBT_BYTES]; /* a grid too coarse for these examinees; "": none */
};

/**
 * Replay every examinee. Scored items only: exam.pilot_items counts as 0; without times the exam is
 * untimed. What is random (randomesque, exposure, ...) draws from engine.seed and the row.
 * @param scenario  changed accordingly
 * @param out  caller's; study_replay_free it, even after failure
 * @return ERR_OK; ERR_INPUT with file:line:column; what engine_plan_init returns
 */
enum err_code study_replay_run(struct scenario *scenario,
                               const struct study_replay_options *options, struct study_replay *out,
                               struct err *err);
void study_replay_free(struct study_replay *self);

#endif
