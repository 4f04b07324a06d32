/* The rules of the pathway, one candidate.
 *
 * course -> verification -> first sitting -> pass -> skills check and certification -> licence
 *                              | fail: leave for good, or wait and study, or refresher, and sit
 * again
 *
 * A sitting is allowed on day d when d < window_end and d <= horizon. Gates draw one uniform for
 * whether they ever close and one for their delay, before anything else happens, so that candidates
 * meet the same gates under every policy.
 *
 * Leaving: logit p = logit(leave.after_fail) + leave.per_attempt (k - 1)
 *                    + leave.per_100_points_short (cut - score)/100     after failure k.
 * SPDX-License-Identifier: Apache-2.0 */
#include "lane.h"

#include <retake/base/dist.h>
#include <retake/pathway/calendar.h>

#include <math.h>

static double whole_days(double delay)
{
    return floor(delay + 0.5);
}

static bool is_allowed(const struct pathway_design *design, const struct lane *self, double day)
{
    return day < self->window_end && day <= design->scenario->policy_horizon_days;
}

/* The day on which the result of a sitting posts, counted from the end of the course. */
static double result_day(const struct pathway_design *design, const struct lane *self, double day)
{
    int64_t date = self->course_day + (int64_t)day;
    int64_t posted =
        pathway_add_business_days(date, design->scenario->policy_results_business_days);
    return day + (double)(posted - date);
}

static bool end(struct lane *self, enum pathway_end how)
{
    self->outcome.end = how;
    return false;
}

bool pathway_lane_begin(const struct pathway_design *design, uint64_t candidate, struct lane *self)
{
    const struct scenario *s = design->scenario;
    struct rng rng = rng_keyed(design->person->seed, candidate, 0, RNG_GATES);
    person_draw(design->person, candidate, &self->person);
    self->outcome = (struct pathway_outcome){
        .group = self->person.group, .certified_day = -1, .licensed_day = -1};
    double u_course = rng_unit(&rng), u_verification = rng_unit(&rng);
    double verified = dist_lognormal(rng_unit(&rng), s->gates_verification_delay_days_mean,
                                     s->gates_verification_delay_days_sd);
    double scheduled = dist_lognormal(rng_unit(&rng), s->population_first_test_days_mean,
                                      s->population_first_test_days_sd);
    self->u_skills = rng_unit(&rng);
    self->skills_delay = whole_days(dist_lognormal(rng_unit(&rng), s->gates_skills_delay_days_mean,
                                                   s->gates_skills_delay_days_sd));
    self->u_licensure = rng_unit(&rng);
    self->licensure_delay = whole_days(dist_lognormal(
        rng_unit(&rng), s->gates_licensure_delay_days_mean, s->gates_licensure_delay_days_sd));
    self->course_day = s->population_course_ends_first +
                       (int64_t)(u_course * (double)s->population_course_ends_spread_days);
    self->next_day = whole_days(verified) + whole_days(scheduled);
    self->window_end = s->policy_window_days;
    self->n_in_cycle = 0;
    self->n_cycles = 1;
    self->n_items = 0;
    self->outcome.is_window_open = s->policy_horizon_days < self->window_end;
    if (u_verification >= s->gates_verification_probability ||
        !is_allowed(design, self, self->next_day))
        return end(self, PATHWAY_NEVER_TESTED);
    person_advance(design->person, &self->person, self->next_day);
    return true;
}

/* After a pass: the gates that are still open. */
static bool certify(const struct pathway_design *design, struct lane *self, double posted)
{
    const struct scenario *s = design->scenario;
    double skills = self->skills_delay + (s->gates_skills_parallel ? 0 : posted);
    double certified = skills > posted ? skills : posted;
    if (self->u_skills >= s->gates_skills_probability || certified > s->policy_horizon_days)
        return end(self, PATHWAY_AWAITING_GATE);
    self->outcome.certified_day = (int32_t)certified;
    double licensed = certified + self->licensure_delay;
    if (!s->gates_licensure_required || self->u_licensure >= s->gates_licensure_probability ||
        licensed > s->policy_horizon_days)
        return end(self, PATHWAY_CERTIFIED_ONLY);
    self->outcome.licensed_day = (int32_t)licensed;
    return end(self, PATHWAY_LICENSED);
}

static double p_leaves(const struct pathway_design *design, const struct pathway_sitting *failed,
                       uint32_t attempt)
{
    const struct scenario *s = design->scenario;
    double short_of = (s->exam_scale_cut - failed->score) / 100;
    return dist_logistic(design->leave_logit + s->leave_per_attempt * (attempt - 1) +
                         s->leave_per_100_points_short * (short_of > 0 ? short_of : 0));
}

/* A refresher that ends on a day. */
static void refresh(const struct pathway_design *design, struct lane *self, double day)
{
    const struct scenario *s = design->scenario;
    person_refresh(design->person, &self->person, day);
    self->n_cycles++;
    self->n_in_cycle = 0;
    self->outcome.n_refreshers++;
    if (s->policy_refresher_renews_window)
        self->window_end = day + s->policy_window_days;
    self->outcome.is_window_open = s->policy_horizon_days < self->window_end;
}

/* Wait, study and, at the end of a cycle, the refresher; then the next sitting. */
static bool prepare(const struct pathway_design *design, struct lane *self, double posted,
                    bool refresher)
{
    const struct scenario *s = design->scenario;
    const struct pathway_sitting *failed = &self->sittings[self->outcome.n_sittings - 1];
    uint32_t misses[PERSON_N_BUCKETS];
    double ready = failed->day + s->policy_wait_days, finished = posted + s->policy_refresher_days;
    for (int k = 0; k < PERSON_N_BUCKETS; k++)
        misses[k] = failed->misses[k];
    if (refresher && finished > s->policy_horizon_days)
        return end(self, PATHWAY_WINDOW_EXPIRED);
    if (refresher)
        refresh(design, self, finished);
    double from = refresher ? finished : posted;
    self->next_day = ceil(ready > from ? ready : from);
    if (!is_allowed(design, self, self->next_day))
        return end(self, PATHWAY_WINDOW_EXPIRED);
    if (!refresher)
        person_advance(design->person, &self->person, from);
    person_study(design->person, &self->person, self->outcome.n_sittings, misses, self->next_day);
    return true;
}

bool pathway_lane_advance(const struct pathway_design *design, struct lane *self)
{
    const struct scenario *s = design->scenario;
    struct pathway_sitting *last = &self->sittings[self->outcome.n_sittings - 1];
    double posted = result_day(design, self, last->day);
    last->result_day = (int32_t)posted;
    self->n_in_cycle++;
    if (last->passed)
        return certify(design, self, posted);
    uint32_t attempt = self->outcome.n_sittings;
    bool cycle_over = self->n_in_cycle >= s->policy_attempts_per_cycle;
    if (attempt >= s->policy_max_attempts || (cycle_over && self->n_cycles >= s->policy_max_cycles))
        return end(self, PATHWAY_ATTEMPTS_EXHAUSTED);
    struct rng rng = rng_keyed(design->person->seed, self->person.candidate, attempt, RNG_LEAVE);
    double u_leave = rng_unit(&rng), u_refresher = rng_unit(&rng);
    if (u_leave < p_leaves(design, last, attempt) ||
        (cycle_over && u_refresher >= s->policy_refresher_p_completed))
        return end(self, PATHWAY_WITHDREW);
    return prepare(design, self, posted, cycle_over);
}
