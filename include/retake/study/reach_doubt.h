/* A cut, raised for retakes or not, that no estimate can reach or that every estimate reaches: the
 * one home of the rule, for runs, sweeps, replays and checks.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_STUDY_REACH_DOUBT_H
#define RETAKE_STUDY_REACH_DOUBT_H

#include <retake/config/scenario.h>
#include <retake/irt/estimate.h>
#include <retake/tally/dataset.h>

enum { STUDY_REACH_DOUBT_BYTES = 256, STUDY_MOST_REACH_DOUBTS = 2 };

struct study_reach_doubt {
    const char *key;                    /* of the scenario */
    char text[STUDY_REACH_DOUBT_BYTES]; /* what is said of it */
};

/**
 * @param estimator     of the exam; NULL: not at hand, so that the rule of the scenario is asked,
 *                      and difficulties (exam.estimate.constant: dodd) are taken to have no bounds
 * @param max_attempts  how many cuts there are
 * @return how many doubts there are; 0 for exam.form: normal
 */
size_t study_reach_doubts(const struct scenario *scenario, const struct irt_estimator *estimator,
                          uint32_t max_attempts,
                          struct study_reach_doubt out[STUDY_MOST_REACH_DOUBTS]);

/** The first attempt whose cut an estimate does not reach; 0: none. */
uint32_t study_reach_first(const struct scenario *scenario, double theta, uint32_t max_attempts);

/** The doubts of the statistics of one policy, which tell how many attempts there are. */
size_t study_reach_doubts_of(const struct scenario *scenario, const struct dataset *dataset,
                             struct study_reach_doubt out[STUDY_MOST_REACH_DOUBTS]);

#endif
