/* What a rule of the examiner sees and what it implements. Self-contained, so that a rule can be
 * written outside the tree.
 *
 * The information barrier: a rule sees answers and times, never true ability.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_RULE_H
#define RETAKE_RULE_H

#include <stdbool.h>
#include <stdint.h>

/** The exam, the same for every session. */
struct rule_exam {
    double cut_theta;              /* passing point [logit] */
    double z;                      /* normal quantile of exam.stop.level, e.g. 1.96 */
    bool tie_passes;               /* an estimate exactly at the cut passes */
    uint32_t min_items, max_items; /* scored items */
};

/** Estimates this near the cut tie with it [logit]: they are known to about 1e-12, and a tie in the
 * reals must not be decided by the noise of the last digits. */
#define RULE_TIE 1e-9

/** The decision on an estimate. */
static inline bool rule_passes(const struct rule_exam *exam, double theta)
{
    double distance = theta - exam->cut_theta;
    return distance > RULE_TIE || (exam->tie_passes && distance >= -RULE_TIE);
}

/** A session as the examiner knows it. */
struct rule_session {
    double theta, se;     /* the estimate after the last scored answer [logit] */
    double elapsed_s;     /* time used by answered items [s]; 0 when untimed */
    uint32_t n_scored;    /* scored items answered */
    uint32_t n_seen;      /* items answered, pilots included */
    uint32_t n_above_cut; /* the latest estimates that lay above the cut, in a row */
};

/** A stop rule: asked after every scored answer from exam.min_items on; the maximum is not its job.
 */
struct rule_stop {
    const char *name, *doc;
    bool (*step)(const struct rule_exam *exam, const struct rule_session *session);
};

/** How a session that ran out of time is decided. */
struct rule_out_of_time {
    const char *name, *doc;
    bool (*passes)(const struct rule_exam *exam, const struct rule_session *session);
};

#endif
