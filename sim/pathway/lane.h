/* One lane: a candidate on the way, and the rules that move them on.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_PATHWAY_LANE_H
#define RETAKE_PATHWAY_LANE_H

#include <retake/pathway/draw.h>

struct pathway_log;

/* What a candidate will meet at the gates, drawn at once. */
struct lane_gates {
    double u_skills, u_licensure; /* whether these gates ever close */
    double skills_delay, licensure_delay;
    struct rng tries;   /* of the skills check */
    double skills_wait; /* from the start of its clock until it is passed; NaN: not known yet */
    double skills_day; /* passed on this day; INFINITY = never. Known after a pass, or at once where
                          the check runs in parallel */
};

/* What a candidate who failed will do, each uniform, keyed by the attempt: the same under every
 * policy. */
struct lane_draws {
    double u_leaves, u_completes; /* leaves for good; what the end of a cycle requires */
    double u_plan;                /* of study */
};

/* Where a candidate stands between two sittings. */
struct lane_progress {
    int64_t course_day;            /* end of the course, since 1970-01-01 */
    double course_end;             /* of the last whole course, counted from course_day */
    double next_day;               /* of the next sitting */
    double window_end;             /* sittings are allowed before this day */
    uint32_t n_in_cycle, n_cycles; /* attempts in this cycle; cycles begun */
    struct lane_gates gates;
    struct lane_draws draws; /* after a failed sitting */
};

struct lane {
    size_t slot; /* of the candidate in this call */
    struct person person;
    struct person_lane examinee;
    struct cat_session *session; /* NULL with exam.form: normal */
    struct pathway_outcome outcome;
    struct pathway_drawn drawn;
    struct pathway_sitting *sittings; /* [design->max_attempts] */
    uint32_t *items;                  /* [max_attempts * max_seen] */
    uint32_t n_items;
    uint64_t *seen_last, *seen_all; /* sets of items */
    struct lane_progress progress;
    struct pathway_log *log; /* NULL: nobody asks */
};

/** Whether sittings go item by item. */
static inline bool pathway_is_stepped(const struct pathway_design *design)
{
    return design->cat && !design->library;
}

/** Draw the candidate and pass the gates before the exam. false: the journey is over. */
bool pathway_lane_begin(const struct pathway_design *design, uint64_t candidate, struct lane *self);

/** Nothing has happened yet; person is there. */
void pathway_lane_set_out(const struct pathway_design *design, struct lane *self);

/** The day on which the result of a sitting posts, counted from the end of the course. */
double pathway_lane_result_day(const struct pathway_design *design, const struct lane *self,
                               double day);

/** The last sitting was failed: draw what follows from that alone. */
void pathway_lane_fail(const struct pathway_design *design, struct lane *self);

/** After a sitting: pass or fail, wait, study, refresher. true: sits again on next_day. */
bool pathway_lane_advance(const struct pathway_design *design, struct lane *self);

/** Whether a sitting is allowed on a day. */
static inline bool pathway_lane_may_sit(const struct pathway_design *design,
                                        const struct lane *self, double day)
{
    return day < self->progress.window_end && day <= design->scenario->policy_horizon_days;
}

/** The journey is over; false, for the caller to return. */
static inline bool pathway_lane_end(struct lane *self, enum pathway_end how)
{
    self->outcome.end = how;
    return false;
}

/** After a failure whose result posted: the wait, or what a cycle that is over requires, and study
 * (between.c). true: sits again on next_day. */
bool pathway_lane_prepare(const struct pathway_design *design, struct lane *self, double posted,
                          bool is_cycle_over);

#endif
