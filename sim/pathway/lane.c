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
 *                    + leave.per_100_points_short (cut - score)/100
 *                    + leave.per_year_since_course (days from the last whole course)/365
 * after failure k.
 * SPDX-License-Identifier: Apache-2.0 */
#include "lane.h"

#include "gates.h"
#include "log.h"

#include <math.h>

#include <retake/base/dist.h>
#include <retake/pathway/calendar.h>
#include <retake/pathway/stage.h>
#include <retake/pathway/timeline.h>

double pathway_lane_result_day(const struct pathway_design *design, const struct lane *self,
                               double day)
{
    int64_t date = self->progress.course_day + (int64_t)day;
    int64_t posted = pathway_calendar_add(&design->calendar, date,
                                          design->scenario->policy_results_business_days);
    return day + (double)(posted - date);
}

static bool never_tested(struct lane *self, enum pathway_event_kind why, double day)
{
    pathway_log_event(self, why, day, day);
    return pathway_lane_end(self, PATHWAY_NEVER_TESTED);
}

void pathway_lane_set_out(const struct pathway_design *design, struct lane *self)
{
    const struct scenario *s = design->scenario;
    self->outcome = (struct pathway_outcome){.group = self->person.group,
                                             .ability = self->person.theta,
                                             .speed = self->person.speed,
                                             .end = PATHWAY_N_ENDS,
                                             .certified_day = -1,
                                             .licensed_day = -1,
                                             .held_by = PATHWAY_N_GATES};
    self->progress.course_end = 0;
    self->progress.window_end = s->policy_window_days;
    self->progress.n_in_cycle = 0;
    self->progress.n_cycles = 1;
    self->n_items = 0;
    self->outcome.is_window_open = s->policy_horizon_days < self->progress.window_end;
}

static void set_out(const struct pathway_design *design, struct lane *self, double u_course)
{
    const struct scenario *s = design->scenario;
    self->progress.course_day = s->population_course_ends_first +
                                (int64_t)(u_course * (double)s->population_course_ends_spread_days);
    if (self->log)
        self->log->course_day = self->progress.course_day;
    pathway_lane_set_out(design, self);
    self->outcome.course_day = (int32_t)self->progress.course_day;
    pathway_log_event(self, PATHWAY_EVENT_COURSE_ENDED, 0, 0);
}

bool pathway_lane_begin(const struct pathway_design *design, uint64_t candidate, struct lane *self)
{
    const struct scenario *s = design->scenario;
    struct rng rng = rng_keyed(design->person->seed, candidate, 0, RNG_GATES);
    person_draw(design->person, candidate, &self->person);
    set_out(design, self, rng_unit(&rng));
    double u_verification = rng_unit(&rng);
    double verified = pathway_gates_delay(&rng, s->gates_verification_delay_days_mean,
                                          s->gates_verification_delay_days_sd);
    double planned = pathway_gates_delay(&rng, s->population_first_test_days_mean,
                                         s->population_first_test_days_sd);
    pathway_gates_draw(design, &rng, self);
    if (u_verification >= s->gates_verification_probability)
        return never_tested(self, PATHWAY_EVENT_NEVER_VERIFIED, verified);
    pathway_log_event(self, PATHWAY_EVENT_VERIFIED, verified, verified);
    self->progress.next_day = pathway_gates_schedule(design, self, verified, 0, planned);
    if (!pathway_lane_may_sit(design, self, self->progress.next_day))
        return never_tested(self, PATHWAY_EVENT_WINDOW_CLOSED, self->progress.next_day);
    person_advance(design->person, &self->person, self->progress.next_day);
    return true;
}

double pathway_p_leaves(const struct pathway_design *design, uint32_t attempt, double score,
                        double years)
{
    const struct scenario *s = design->scenario;
    if (!isnan(design->p_leaves))
        return design->p_leaves;
    double short_of = (s->exam_scale_cut - score) / 100;
    return dist_logistic(design->leave_logit + s->leave_per_attempt * (attempt - 1) +
                         s->leave_per_100_points_short * (short_of > 0 ? short_of : 0) +
                         s->leave_per_year_since_course * years);
}

void pathway_lane_fail(const struct pathway_design *design, struct lane *self)
{
    uint32_t attempt = self->outcome.n_sittings;
    struct rng rng = rng_keyed(design->person->seed, self->person.candidate, attempt, RNG_LEAVE);
    self->progress.draws.u_leaves = rng_unit(&rng);
    self->progress.draws.u_completes = rng_unit(&rng);
    self->progress.draws.u_plan = person_plan(design->person, &self->person, attempt);
}

/* After a failure, unless the attempts are used up: whether the candidate leaves for good or does
 * not complete what the end of a cycle requires. */
static bool gives_up(const struct pathway_design *design, const struct lane *self,
                     const struct pathway_sitting *failed, bool is_cycle_over)
{
    const struct scenario *s = design->scenario;
    const struct lane_draws *draws = &self->progress.draws;
    uint32_t attempt = self->outcome.n_sittings;
    int required = (int)config_list_at(&s->policy_after_cycle, self->progress.n_cycles - 1);
    double p_completed =
        required == PATHWAY_COURSE ? s->policy_course_p_completed : s->policy_refresher_p_completed;
    double years = (failed->result_day - self->progress.course_end) / 365;
    bool leaves = draws->u_leaves < pathway_p_leaves(design, attempt, failed->score, years);
    bool drops_out = is_cycle_over && draws->u_completes >= p_completed;
    if (leaves || drops_out)
        pathway_log_event(self, leaves ? PATHWAY_EVENT_LEFT : PATHWAY_EVENT_DROPPED_OUT,
                          failed->result_day, failed->result_day);
    return leaves || drops_out;
}

enum pathway_limit pathway_limit_after(const struct scenario *scenario, uint32_t n_sittings,
                                       uint32_t n_in_cycle, uint32_t n_cycle)
{
    bool is_cycle_over = n_in_cycle >= scenario->policy_attempts_per_cycle;
    if (n_sittings >= scenario->policy_max_attempts ||
        (is_cycle_over && n_cycle >= scenario->policy_max_cycles))
        return PATHWAY_NO_MORE;
    return is_cycle_over ? PATHWAY_CYCLE_OVER : PATHWAY_SAME_CYCLE;
}

bool pathway_lane_advance(const struct pathway_design *design, struct lane *self)
{
    const struct scenario *s = design->scenario;
    struct pathway_sitting *last = &self->sittings[self->outcome.n_sittings - 1];
    double posted = pathway_lane_result_day(design, self, last->day);
    last->result_day = (int32_t)posted;
    pathway_log_event(self, PATHWAY_EVENT_SAT, last->day, last->day);
    pathway_log_event(self, PATHWAY_EVENT_RESULT, posted, posted);
    self->progress.n_in_cycle++;
    if (last->passed)
        return pathway_gates_certify(design, self, posted);
    enum pathway_limit limit = pathway_limit_after(
        s, self->outcome.n_sittings, self->progress.n_in_cycle, self->progress.n_cycles);
    bool is_cycle_over = limit == PATHWAY_CYCLE_OVER;
    if (limit == PATHWAY_NO_MORE) {
        pathway_log_event(self, PATHWAY_EVENT_EXHAUSTED, posted, posted);
        return pathway_lane_end(self, PATHWAY_ATTEMPTS_EXHAUSTED);
    }
    if (gives_up(design, self, last, is_cycle_over))
        return pathway_lane_end(self, PATHWAY_WITHDREW);
    return pathway_lane_prepare(design, self, posted, is_cycle_over);
}
