/* The calendar of the exact solver: who sits on which days, as long as they fail.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_SIM_STUDY_EXACT_CALENDAR_H
#define RETAKE_SIM_STUDY_EXACT_CALENDAR_H

#include <retake/engine/plan.h>
#include <retake/pathway/timeline.h>

/** Candidates of a group whose journeys differ in nothing but the days of their results. */
struct exact_kind {
    uint32_t n_steps;
    struct pathway_step *steps; /* [n_steps] */
    double weight;              /* share of all candidates of the group */
};

/** One course day and one first day. */
struct exact_schedule {
    size_t kind;
    double weight;
    int32_t *result_days; /* [n_steps of the kind] */
};

struct exact_calendar {
    size_t n_kinds, n_schedules;
    struct exact_kind *kinds;
    struct exact_schedule *schedules;
    double never;       /* share that never sits */
    double n_forfeited; /* authorisations before the first sitting, a candidate */
    struct arena arena;
};

enum err_code study_exact_calendar_init(const struct engine_plan *plan, uint32_t group,
                                        struct exact_calendar *self, struct err *err);
void study_exact_calendar_free(struct exact_calendar *self);

#endif
