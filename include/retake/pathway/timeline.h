/* What a pathway holds for a candidate who fails every sitting and never leaves: the days, and what
 * the candidate brings to each sitting. Of use where nothing of it is random; and the rules of a
 * pathway as pure functions.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_PATHWAY_TIMELINE_H
#define RETAKE_PATHWAY_TIMELINE_H

#include <retake/pathway/journey.h>

/** What follows a failure. */
enum pathway_next { PATHWAY_NEXT_SITS, PATHWAY_NEXT_EXHAUSTED, PATHWAY_NEXT_EXPIRED };

/** One sitting, failed, and what follows for one who stays. Days count from the course. */
struct pathway_step {
    double day, result_day;
    double years;                     /* from the last whole course to the result */
    double ability;                   /* on the day, for theta 0 [logit] */
    double deficit[PERSON_N_BUCKETS]; /* on the day */
    double threshold;                 /* theta from which on the candidate is competent */
    enum pathway_next next;
    bool is_cycle_over;         /* something is required before the next sitting */
    bool is_repaired;           /* a refresher or a course was completed after it */
    enum pathway_repair repair; /* what is required where the cycle is over */
    bool is_window_open_here;   /* on the horizon day, for one who leaves now */
    bool is_window_open_next;   /* for one who stays */
    uint32_t n_forfeited;       /* authorisations that ran out before the next sitting */
};

/** Memory for timelines of one design. NULL when memory is out. */
struct pathway_timeline;
struct pathway_timeline *pathway_timeline_new(const struct pathway_design *design);
void pathway_timeline_free(struct pathway_timeline *self);

/** The day of the first sitting of a candidate who is verified on a day and plans to sit some days
 * later, and the authorisations that ran out before; deterministic where their delays are. */
double pathway_timeline_first(struct pathway_timeline *self, double verified, double planned,
                              uint32_t *n_forfeited);

/** Whether a first sitting is allowed on a day. */
bool pathway_timeline_may_begin(const struct pathway_timeline *self, double day);

/**
 * Follow a candidate of a group whose course ended on course_day (since 1970-01-01) and who first
 * sits on a day. Deficits begin at their means.
 * @param out  [max_attempts]
 * @return how many sittings there are; 0: a first sitting is not allowed on that day
 */
uint32_t pathway_timeline_follow(struct pathway_timeline *self, uint32_t group, int64_t course_day,
                                 double first_day, struct pathway_step *out);

/** P(leaving for good) after failure number attempt (from 1), `years` after the last whole course.
 */
double pathway_p_leaves(const struct pathway_design *design, uint32_t attempt, double score,
                        double years);

/** The report scale: clamp(cut + per_logit (theta - cut_theta), min, max). */
double pathway_report_score(const struct scenario *s, double theta);

/** By how much the passing point of an attempt (from 1) lies above that of the first. */
double pathway_cut_raise(const struct scenario *s, uint32_t attempt);

/** Whether an estimate reaches a passing point that was raised. */
bool pathway_reaches_cut(const struct scenario *s, double theta, double raise);

#endif
