/* One lane: a candidate on the way, and the rules that move them on.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_PATHWAY_LANE_H
#define RETAKE_PATHWAY_LANE_H

#include <retake/pathway/journey.h>

struct lane {
    size_t slot; /* of the candidate in this call */
    struct person person;
    struct person_lane examinee;
    struct cat_session *session; /* NULL with exam.form: normal */
    struct pathway_outcome outcome;
    struct pathway_sitting *sittings; /* [design->max_attempts] */
    uint32_t *items;                  /* [max_attempts * max_seen] */
    uint32_t n_items;
    uint64_t *seen_last, *seen_all; /* sets of items */
    int64_t course_day;             /* end of the course, since 1970-01-01 */
    double next_day;                /* of the next sitting */
    double window_end;              /* sittings are allowed before this day */
    uint32_t n_in_cycle, n_cycles;  /* attempts in this cycle; cycles begun */
    double u_skills, u_licensure;   /* whether these gates ever close */
    double skills_delay, licensure_delay;
};

/** Draw the candidate and pass the gates before the exam. false: the journey is over. */
bool pathway_lane_begin(const struct pathway_design *design, uint64_t candidate, struct lane *self);

/** After a sitting: pass or fail, wait, study, refresher. true: sits again on next_day. */
bool pathway_lane_advance(const struct pathway_design *design, struct lane *self);

#endif
