/* Between two sittings: the wait, what a cycle that is over requires, study.
 *
 * The next sitting is allowed from the day of the failed one plus policy.wait_days on; after the
 * last of a cycle also plus policy.cycle_wait_days; where only so many sittings are allowed within
 * 365 days, from the 365th day after the one that many sittings ago on. A refresher or a whole new
 * course begins when the result posts. What is left of the wait is for study.
 *
 * A whole new course counts as the course: it renews the window and the clock of leaving.
 * SPDX-License-Identifier: Apache-2.0 */
#include "gates.h"
#include "log.h"

static double later(double a, double b)
{
    return a > b ? a : b;
}

static enum pathway_repair required(const struct scenario *s, const struct lane *self)
{
    return (enum pathway_repair)config_list_at(&s->policy_after_cycle, self->progress.n_cycles - 1);
}

/* The first day on which the rules allow the next sitting. */
static double allowed_from(const struct scenario *s, const struct lane *self, bool is_cycle_over)
{
    uint32_t n = self->outcome.n_sittings;
    double failed = self->sittings[n - 1].day;
    double day = failed + config_list_at(&s->policy_wait_days, n - 1);
    if (is_cycle_over)
        day = later(
            day, failed + config_list_at(&s->policy_cycle_wait_days, self->progress.n_cycles - 1));
    if (n >= s->policy_max_attempts_per_year)
        day = later(day, self->sittings[n - (uint32_t)s->policy_max_attempts_per_year].day + 365.0);
    return day;
}

/* A refresher or a whole new course that ends on a day. */
static void repeat_course(const struct pathway_design *design, struct lane *self, double posted,
                          double day)
{
    const struct scenario *s = design->scenario;
    struct person before;
    bool is_whole = required(s, self) == PATHWAY_COURSE;
    if (self->log)
        before = self->person;
    person_refresh(is_whole ? &design->retrained : design->person, &self->person, day);
    if (self->log)
        pathway_log_change(design, self,
                           is_whole ? PATHWAY_EVENT_RETRAINED : PATHWAY_EVENT_REFRESHED, posted,
                           &before);
    self->progress.n_cycles++;
    self->progress.n_in_cycle = 0;
    self->outcome.n_refreshers++;
    if (is_whole)
        self->progress.course_end = day;
    if (is_whole || s->policy_refresher_renews_window)
        self->progress.window_end = day + s->policy_window_days;
    self->outcome.is_window_open = s->policy_horizon_days < self->progress.window_end;
}

static void study(const struct pathway_design *design, struct lane *self)
{
    const struct pathway_sitting *failed = &self->sittings[self->outcome.n_sittings - 1];
    uint32_t misses[PERSON_N_BUCKETS];
    struct person before;
    if (self->log)
        before = self->person;
    for (int k = 0; k < PERSON_N_BUCKETS; k++)
        misses[k] = failed->misses[k];
    person_study(design->person, &self->person, self->progress.draws.u_plan, misses,
                 self->progress.next_day);
    if (self->log)
        pathway_log_change(design, self, PATHWAY_EVENT_STUDIED, before.day, &before);
}

static bool expire(struct lane *self, double day)
{
    pathway_log_event(self, PATHWAY_EVENT_WINDOW_CLOSED, day, day);
    return pathway_lane_end(self, PATHWAY_WINDOW_EXPIRED);
}

bool pathway_lane_prepare(const struct pathway_design *design, struct lane *self, double posted,
                          bool is_cycle_over)
{
    const struct scenario *s = design->scenario;
    double from = posted, ready = allowed_from(s, self, is_cycle_over);
    if (is_cycle_over)
        from +=
            required(s, self) == PATHWAY_COURSE ? s->policy_course_days : s->policy_refresher_days;
    if (is_cycle_over && from > s->policy_horizon_days)
        return expire(self, from);
    if (is_cycle_over)
        repeat_course(design, self, posted, from);
    self->progress.next_day = pathway_gates_schedule(design, self, from, ready, 0);
    if (!pathway_lane_may_sit(design, self, self->progress.next_day))
        return expire(self, self->progress.next_day);
    if (!is_cycle_over)
        person_advance(design->person, &self->person, from);
    study(design, self);
    return true;
}
