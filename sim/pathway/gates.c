/* The gates besides the exam.
 *
 * What happens once in a life (skills, licence) is drawn from the stream of gates at the outset, so
 * that candidates meet the same gates under every policy; the tries of the skills check come from
 * what is left of that stream. The authorisation and the seat of attempt a are drawn from the
 * stream of gates keyed by a.
 *
 * An authorisation granted on day A is valid on days A <= d < A + valid_days. When the planned
 * sitting lies beyond, it is forfeited; a new one begins after valid_days and another delay, until
 * one covers the day, which moves only where the new one begins later.
 * SPDX-License-Identifier: Apache-2.0 */
#include "gates.h"

#include "log.h"

#include <retake/base/dist.h>

#include <math.h>

double pathway_gates_delay(struct rng *rng, double mean, double sd)
{
    return floor(dist_lognormal(rng_unit(rng), mean, sd) + 0.5);
}

static double later(double a, double b)
{
    return a > b ? a : b;
}

/* The day on which the skills check is passed when its clock starts on a day. */
static double pass_skills(const struct pathway_design *design, const struct lane *self,
                          double start)
{
    const struct scenario *s = design->scenario;
    if (!isnan(self->progress.gates.skills_wait))
        return start + self->progress.gates.skills_wait;
    struct rng tries = self->progress.gates.tries;
    double day = start + self->progress.gates.skills_delay, p_pass = s->gates_skills_p_pass;
    bool ever = self->progress.gates.u_skills < s->gates_skills_probability;
    for (int64_t n = 1; ever && p_pass < 1 && rng_unit(&tries) >= p_pass; n++) {
        pathway_log_event(self, PATHWAY_EVENT_SKILLS_FAILED, day, day);
        ever = n < s->gates_skills_max_tries;
        if (ever)
            day += pathway_gates_delay(&tries, s->gates_skills_retake_days_mean,
                                       s->gates_skills_retake_days_sd);
    }
    pathway_log_event(self, ever ? PATHWAY_EVENT_SKILLS_PASSED : PATHWAY_EVENT_SKILLS_NEVER, day,
                      day);
    return ever ? day : (double)INFINITY;
}

void pathway_gates_draw(const struct pathway_design *design, struct rng *rng, struct lane *self)
{
    const struct scenario *s = design->scenario;
    struct lane_gates *gates = &self->progress.gates;
    gates->u_skills = rng_unit(rng);
    gates->skills_delay =
        pathway_gates_delay(rng, s->gates_skills_delay_days_mean, s->gates_skills_delay_days_sd);
    gates->u_licensure = rng_unit(rng);
    gates->licensure_delay = pathway_gates_delay(rng, s->gates_licensure_delay_days_mean,
                                                 s->gates_licensure_delay_days_sd);
    gates->tries = *rng;
    gates->skills_wait = (double)NAN;
    if (s->gates_skills_parallel)
        gates->skills_day = pass_skills(design, self, 0);
}

void pathway_gates_foresee(const struct pathway_design *design, struct lane *self)
{
    self->progress.gates.skills_wait = pass_skills(design, self, 0);
}

/* ---- authorisation and seat ---- */

static bool is_scheduling_free(const struct scenario *s)
{
    return isinf(s->gates_authorization_valid_days) &&
           s->gates_authorization_delay_days_mean == 0 && s->gates_seat_delay_days_mean == 0;
}

static double authorization_delay(const struct scenario *s, struct rng *rng)
{
    return pathway_gates_delay(rng, s->gates_authorization_delay_days_mean,
                               s->gates_authorization_delay_days_sd);
}

double pathway_gates_schedule(const struct pathway_design *design, struct lane *self,
                              double applied, double ready, double planned)
{
    const struct scenario *s = design->scenario;
    double valid = s->gates_authorization_valid_days;
    if (is_scheduling_free(s))
        return ceil(later(applied, ready) + planned);
    struct rng rng = rng_keyed(design->person->seed, self->person.candidate,
                               self->outcome.n_sittings + 1, RNG_GATES);
    double granted = ceil(later(applied + authorization_delay(s, &rng), ready));
    double seat =
        pathway_gates_delay(&rng, s->gates_seat_delay_days_mean, s->gates_seat_delay_days_sd);
    double day = granted + planned + seat;
    pathway_log_event(self, PATHWAY_EVENT_AUTHORIZED, granted, granted + valid);
    while (day >= granted + valid && granted + valid <= s->policy_horizon_days) {
        self->outcome.n_forfeited++;
        pathway_log_event(self, PATHWAY_EVENT_FORFEITED, granted + valid, granted + valid);
        granted = ceil(granted + valid + authorization_delay(s, &rng));
        day = later(day, granted);
        pathway_log_event(self, PATHWAY_EVENT_AUTHORIZED, granted, granted + valid);
    }
    return day;
}

/* ---- after a pass ---- */

static bool held(struct lane *self, enum pathway_end how, enum pathway_gate gate)
{
    self->outcome.held_by = gate;
    return pathway_lane_end(self, how);
}

static bool license(const struct pathway_design *design, struct lane *self, double certified)
{
    const struct scenario *s = design->scenario;
    double licensed = certified + self->progress.gates.licensure_delay;
    bool is_granted = self->progress.gates.u_licensure < s->gates_licensure_probability;
    if (!s->gates_licensure_required)
        return pathway_lane_end(self, PATHWAY_CERTIFIED_ONLY);
    pathway_log_event(self, is_granted ? PATHWAY_EVENT_LICENSED : PATHWAY_EVENT_LICENCE_REFUSED,
                      licensed, licensed);
    if (!is_granted || licensed > s->policy_horizon_days)
        return held(self, PATHWAY_CERTIFIED_ONLY, PATHWAY_GATE_LICENSURE);
    self->outcome.licensed_day = (int32_t)licensed;
    return pathway_lane_end(self, PATHWAY_LICENSED);
}

bool pathway_gates_certify(const struct pathway_design *design, struct lane *self, double posted)
{
    struct lane_gates *gates = &self->progress.gates;
    if (!design->scenario->gates_skills_parallel)
        gates->skills_day = pass_skills(design, self, posted);
    double certified = later(gates->skills_day, posted);
    if (certified > design->scenario->policy_horizon_days)
        return held(self, PATHWAY_AWAITING_GATE,
                    gates->skills_day > posted ? PATHWAY_GATE_SKILLS : PATHWAY_GATE_RESULT);
    self->outcome.certified_day = (int32_t)certified;
    pathway_log_event(self, PATHWAY_EVENT_CERTIFIED, certified, certified);
    return license(design, self, certified);
}
