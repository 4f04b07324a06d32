/* Delays, and the gates besides the exam: independent of theta, so that the days on which results
 * of passes post are all that they need to know.
 *
 * A delay is round(X), X lognormal: P(k) = F(k + 1/2) - F(k - 1/2), F(x) = Phi((ln x - m)/s).
 * SPDX-License-Identifier: Apache-2.0 */
#include "exact_parts.h"

#include <retake/base/dist.h>
#include <retake/base/wording.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

void study_exact_delay(double mean, double sd, size_t n, double *p)
{
    memset(p, 0, n * sizeof *p);
    if (!(mean > 0) || !(sd > 0)) {
        double day = floor(mean + 0.5);
        if (day < (double)n)
            p[(size_t)day] = 1;
        return;
    }
    double ratio = sd / mean, variance = vec_log1(1 + ratio * ratio), s = sqrt(variance);
    double m = vec_log1(mean) - 0.5 * variance, below = 0;
    for (size_t k = 0; k < n; k++) {
        double upto = dist_normal_cdf((vec_log1((double)k + 0.5) - m) / s);
        p[k] = upto - below;
        below = upto;
    }
}

/* out = x * y, truncated to n days. */
static void convolve(const double *x, const double *y, size_t n, double *out)
{
    memset(out, 0, n * sizeof *out);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; x[i] > 0 && i + j < n; j++)
            out[i + j] += x[i] * y[j];
}

/* P(the skills check is passed k days after its clock starts): the tries are geometric. */
static void skills(const struct scenario *s, size_t n, double *scratch, double *out)
{
    double *here = scratch, *again = scratch + n, *next = scratch + 2 * n;
    double p = s->gates_skills_p_pass, weight = s->gates_skills_probability;
    study_exact_delay(s->gates_skills_delay_days_mean, s->gates_skills_delay_days_sd, n, here);
    study_exact_delay(s->gates_skills_retake_days_mean, s->gates_skills_retake_days_sd, n, again);
    memset(out, 0, n * sizeof *out);
    for (int64_t k = 1; k <= s->gates_skills_max_tries; k++) {
        for (size_t day = 0; day < n; day++)
            out[day] += weight * p * here[day];
        weight *= 1 - p;
        if (p >= 1)
            break;
        convolve(here, again, n, next);
        memcpy(here, next, n * sizeof *here);
    }
}

/* Passed by a result on day t; the skills check is passed on day `skill` or later. */
static void hold(struct exact_group *self, enum pathway_gate gate, double mass)
{
    self->held[gate] += mass;
    if (gate != PATHWAY_GATE_LICENSURE)
        self->outcome[PATHWAY_AWAITING_GATE] += mass;
}

/* The later of the two, both clocks having started at the course. */
static void certify_parallel(const double *skill, struct exact_group *self, size_t horizon)
{
    double passed = 0, done = 0; /* results, skills until the day before */
    for (size_t t = 0; t < self->n_days; t++) {
        double mass = self->passed_on[t];
        if (t <= horizon) {
            self->certified_on[t] = passed * skill[t] + mass * (done + skill[t]);
        } else {
            hold(self, PATHWAY_GATE_RESULT, mass * (done + skill[t]));
            hold(self, PATHWAY_GATE_SKILLS, mass * (1 - done - skill[t]));
        }
        if (t <= horizon)
            passed += mass;
        done += skill[t];
        if (t == horizon)
            hold(self, PATHWAY_GATE_SKILLS, passed * (1 - done));
    }
}

static void certify_after(const double *skill, struct exact_group *self, size_t horizon)
{
    for (size_t t = 0; t < self->n_days; t++) {
        double mass = self->passed_on[t], done = 0;
        if (mass <= 0)
            continue;
        for (size_t k = 0; t + k <= horizon; k++) {
            self->certified_on[t + k] += mass * skill[k];
            done += skill[k];
        }
        if (t > horizon) {
            hold(self, PATHWAY_GATE_RESULT, mass * skill[0]);
            done = skill[0];
        }
        hold(self, PATHWAY_GATE_SKILLS, mass * (1 - done));
    }
}

static void license(const struct scenario *s, const double *delay, struct exact_group *self,
                    size_t horizon)
{
    double certified = 0, licensed = 0, in_time = 0;
    for (size_t c = horizon + 1; c-- > 0;) {
        in_time += delay[horizon - c];
        certified += self->certified_on[c];
        licensed += self->certified_on[c] * in_time;
    }
    licensed *= s->gates_licensure_required ? s->gates_licensure_probability : 0;
    self->outcome[PATHWAY_LICENSED] = licensed;
    self->outcome[PATHWAY_CERTIFIED_ONLY] = certified - licensed;
    if (s->gates_licensure_required)
        hold(self, PATHWAY_GATE_LICENSURE, certified - licensed);
}

enum err_code study_exact_gates(const struct scenario *s, struct exact_group *self, struct err *err)
{
    size_t n = self->n_days, horizon = (size_t)s->policy_horizon_days;
    double *scratch = calloc(5 * n, sizeof *scratch);
    if (!scratch)
        return err_set(err, ERR_MEMORY, "no memory for %s", wording_count(n, "day").text);
    double *skill = scratch + 3 * n, *licence = scratch + 4 * n;
    skills(s, n, scratch, skill);
    study_exact_delay(s->gates_licensure_delay_days_mean, s->gates_licensure_delay_days_sd, n,
                      licence);
    if (s->gates_skills_parallel)
        certify_parallel(skill, self, horizon);
    else
        certify_after(skill, self, horizon);
    license(s, licence, self, horizon);
    free(scratch);
    return ERR_OK;
}
