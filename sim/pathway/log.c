/* The log of a lane. What study and courses did is seen from the deficits before and after, and
 * from those of a copy of the candidate who did nothing.
 * SPDX-License-Identifier: Apache-2.0 */
#include "log.h"

#include <string.h>

const char *const pathway_event_names[PATHWAY_N_EVENTS] = {
    "course_ended",  "verified",     "never_verified", "authorized",    "forfeited",
    "sat",           "result",       "studied",        "refresher",     "new_course",
    "left",          "dropped_out",  "exhausted",      "window_closed", "skills_failed",
    "skills_passed", "skills_never", "certified",      "licensed",      "licence_refused"};

void pathway_log_write(struct pathway_log *self, struct pathway_event event)
{
    if (self->n < self->capacity)
        self->events[self->n++] = event;
}

void pathway_log_change(const struct pathway_design *design, const struct lane *lane,
                        enum pathway_event_kind kind, double from, const struct person *before)
{
    struct person_state state;
    struct person idle = *before;
    struct pathway_event event = {
        .kind = kind, .attempt = lane->outcome.n_sittings, .day = from, .until = lane->person.day};
    person_state(design->person, before, &state);
    memcpy(event.before, state.deficit, sizeof event.before);
    person_advance(design->person, &idle, lane->person.day);
    person_state(design->person, &idle, &state);
    memcpy(event.idle, state.deficit, sizeof event.idle);
    person_state(design->person, &lane->person, &state);
    memcpy(event.after, state.deficit, sizeof event.after);
    pathway_log_write(lane->log, event);
}
