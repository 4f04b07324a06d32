/* A lane that fails every sitting: the calendar, study and forgetting are those of any other lane.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/pathway/stage.h>
#include <retake/pathway/timeline.h>

#include <stdlib.h>

#include "gates.h"

struct pathway_timeline {
    const struct pathway_design *design;
    struct lane lane;
    struct pathway_sitting sittings[]; /* [max_attempts] */
};

struct pathway_timeline *pathway_timeline_new(const struct pathway_design *design)
{
    size_t n_bytes = design->max_attempts * sizeof(struct pathway_sitting);
    struct pathway_timeline *self = calloc(1, sizeof *self + n_bytes);
    if (self) {
        self->design = design;
        self->lane.sittings = self->sittings;
    }
    return self;
}

void pathway_timeline_free(struct pathway_timeline *self)
{
    free(self);
}

double pathway_timeline_first(struct pathway_timeline *self, double verified, double planned,
                              uint32_t *n_forfeited)
{
    self->lane.outcome = (struct pathway_outcome){0};
    double day = pathway_gates_schedule(self->design, &self->lane, verified, 0, planned);
    *n_forfeited = self->lane.outcome.n_forfeited;
    return day;
}

bool pathway_timeline_may_begin(const struct pathway_timeline *self, double day)
{
    const struct scenario *s = self->design->scenario;
    return day < s->policy_window_days && day <= s->policy_horizon_days;
}

static void set_out(struct pathway_timeline *self, uint32_t group, int64_t course_day, double day)
{
    const struct person_design *design = self->design->person;
    struct lane *lane = &self->lane;
    lane->person = (struct person){.group = group};
    for (int k = 0; k < PERSON_N_BUCKETS; k++)
        lane->person.initial[k] = design->deficit_mean[k] * design->groups[group].deficits;
    pathway_lane_set_out(self->design, lane);
    lane->progress.course_day = course_day;
    lane->progress.next_day = day;
    person_advance(design, &lane->person, day);
}

/* The failed sitting of the day. */
static void sit(struct pathway_timeline *self, struct pathway_step *step)
{
    struct lane *lane = &self->lane;
    struct person_state state;
    double day = lane->progress.next_day;
    person_state(self->design->person, &lane->person, &state);
    double result_day = pathway_lane_result_day(self->design, lane, day);
    *step = (struct pathway_step){.day = day,
                                  .result_day = result_day,
                                  .years = (result_day - lane->progress.course_end) / 365,
                                  .ability = state.ability};
    for (int k = 0; k < PERSON_N_BUCKETS; k++)
        step->deficit[k] = state.deficit[k];
    step->threshold = self->design->person->competent_theta - state.proficiency;
    lane->sittings[lane->outcome.n_sittings++] =
        (struct pathway_sitting){.day = (int32_t)day, .result_day = (int32_t)result_day};
    lane->progress.n_in_cycle++;
}

static void go_on(struct pathway_timeline *self, struct pathway_step *step)
{
    struct lane *lane = &self->lane;
    const struct scenario *s = self->design->scenario;
    step->is_window_open_here = step->is_window_open_next = lane->outcome.is_window_open;
    step->is_cycle_over = lane->progress.n_in_cycle >= s->policy_attempts_per_cycle;
    step->next = PATHWAY_NEXT_EXHAUSTED;
    if (pathway_limit_after(s, lane->outcome.n_sittings, lane->progress.n_in_cycle,
                            lane->progress.n_cycles) == PATHWAY_NO_MORE)
        return;
    uint32_t n_forfeited = lane->outcome.n_forfeited, n_repairs = lane->outcome.n_refreshers;
    step->repair =
        (enum pathway_repair)config_list_at(&s->policy_after_cycle, lane->progress.n_cycles - 1);
    bool sits = pathway_lane_prepare(self->design, lane, step->result_day, step->is_cycle_over);
    step->next = sits ? PATHWAY_NEXT_SITS : PATHWAY_NEXT_EXPIRED;
    step->n_forfeited = lane->outcome.n_forfeited - n_forfeited;
    step->is_repaired = lane->outcome.n_refreshers > n_repairs;
    step->is_window_open_next = lane->outcome.is_window_open;
}

uint32_t pathway_timeline_follow(struct pathway_timeline *self, uint32_t group, int64_t course_day,
                                 double first_day, struct pathway_step *out)
{
    uint32_t n = 0;
    if (!pathway_timeline_may_begin(self, first_day))
        return 0;
    set_out(self, group, course_day, first_day);
    do {
        sit(self, &out[n]);
        go_on(self, &out[n]);
    } while (out[n++].next == PATHWAY_NEXT_SITS && n < self->design->max_attempts);
    return n;
}
