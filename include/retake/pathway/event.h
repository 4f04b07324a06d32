/* What happened to one candidate, event by event, for those who ask: a log that a workspace may
 * carry. Without one, nothing is written and nothing is paid.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_PATHWAY_EVENT_H
#define RETAKE_PATHWAY_EVENT_H

#include <retake/pathway/journey.h>

enum pathway_event_kind {
    PATHWAY_EVENT_COURSE_ENDED,
    PATHWAY_EVENT_VERIFIED,
    PATHWAY_EVENT_NEVER_VERIFIED,
    PATHWAY_EVENT_AUTHORIZED, /* until the day on which it runs out */
    PATHWAY_EVENT_FORFEITED,
    PATHWAY_EVENT_SAT,     /* attempt */
    PATHWAY_EVENT_RESULT,  /* of attempt */
    PATHWAY_EVENT_STUDIED, /* until the next sitting; deficits */
    PATHWAY_EVENT_REFRESHED,
    PATHWAY_EVENT_RETRAINED, /* a whole new course; both from day until until */
    PATHWAY_EVENT_LEFT,
    PATHWAY_EVENT_DROPPED_OUT, /* did not complete what the cycle required */
    PATHWAY_EVENT_EXHAUSTED,
    PATHWAY_EVENT_WINDOW_CLOSED, /* or the horizon came, before the day on which they would sit */
    PATHWAY_EVENT_SKILLS_FAILED,
    PATHWAY_EVENT_SKILLS_PASSED,
    PATHWAY_EVENT_SKILLS_NEVER,
    PATHWAY_EVENT_CERTIFIED,
    PATHWAY_EVENT_LICENSED,
    PATHWAY_EVENT_LICENCE_REFUSED,
    PATHWAY_N_EVENTS
};

extern const char *const pathway_event_names[PATHWAY_N_EVENTS];

struct pathway_event {
    enum pathway_event_kind kind;
    uint32_t attempt;  /* from 1; 0 where none is meant */
    double day, until; /* from the end of the course; until = day where nothing lasts */
    /* of what lasts: deficits on day, on until, and on until had nothing been done */
    double before[PERSON_N_BUCKETS], after[PERSON_N_BUCKETS], idle[PERSON_N_BUCKETS];
};

/** Events in the order in which they were decided, which is not quite that of their days. */
struct pathway_log {
    struct pathway_event *events; /* [capacity]; what does not fit is left out */
    size_t n, capacity;
    int64_t course_day; /* end of the course, since 1970-01-01: the date of day 0 */
};

/** Let the next pathway_journeys, of a single candidate, write into a log; NULL ends it. */
void pathway_workspace_log(struct pathway_workspace *self, struct pathway_log *log);

#endif
