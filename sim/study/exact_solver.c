/* The exact solver from plan to dataset: for each group the kinds of journeys, the integral over
 * theta for each, and what comes of it.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/study/exact_solver.h>

#include <math.h>
#include <string.h>

#include "exact_parts.h"

struct solver {
    const struct engine_plan *plan;
    const volatile sig_atomic_t *stop; /* may be NULL */
    struct exact_sitting sitting;
    struct exact_group *groups;
    struct exact_shares shares; /* of the kind at hand; values [n] */
    double *passed;             /* [n_kinds][n_attempts] shares */
    struct arena arena;
    struct err *err;
};

static double *numbers(struct solver *self, size_t n)
{
    double *memory = arena_alloc(&self->arena, (n ? n : 1) * sizeof *memory);
    if (!memory)
        err_set(self->err, ERR_MEMORY, "no memory for the exact solver");
    return memory;
}

/* The day after the last on which a result can post. */
static size_t count_days(const struct engine_plan *plan, const struct exact_calendar *calendar)
{
    int32_t most = (int32_t)plan->scenario->policy_horizon_days + 1;
    for (size_t k = 0; k < calendar->n_schedules; k++)
        for (uint32_t a = 0; a < calendar->kinds[calendar->schedules[k].kind].n_steps; a++)
            if (calendar->schedules[k].result_days[a] > most)
                most = calendar->schedules[k].result_days[a];
    return (size_t)most + 1;
}

static enum err_code group_init(struct solver *self, const struct exact_calendar *calendar,
                                uint32_t group, struct exact_group *out)
{
    const struct person_design *person = &self->plan->person;
    size_t a = self->plan->shape.n_attempts, ends = a * self->sitting.n_vectors * VEC_LANES;
    out->weight = person->share[group] - (group > 0 ? person->share[group - 1] : 0);
    out->n_days = count_days(self->plan, calendar);
    out->by_attempt = numbers(self, a * 2 * EXACT_N_FATES);
    out->ends = numbers(self, ends);
    out->used = numbers(self, a + 1);
    out->refreshers = numbers(self, self->plan->shape.n_cycles);
    out->courses = numbers(self, self->plan->shape.n_cycles);
    out->passed_on = numbers(self, out->n_days);
    out->certified_on = numbers(self, out->n_days);
    out->n_forfeited = calendar->n_forfeited;
    out->used[0] = calendar->never;
    out->outcome[PATHWAY_NEVER_TESTED] = calendar->never;
    return self->err->code;
}

/* Those who did not pass and end after attempt k: left, exhausted or out of time. */
static void end_after(struct exact_group *out, const struct pathway_step *step, double left,
                      double stayed)
{
    out->outcome[PATHWAY_WITHDREW] += left;
    *(step->is_window_open_here ? &out->eligible : &out->lapsed) += left;
    if (step->next != PATHWAY_NEXT_EXPIRED)
        return;
    out->outcome[PATHWAY_WINDOW_EXPIRED] += stayed;
    *(step->is_window_open_next ? &out->eligible : &out->lapsed) += stayed;
}

/* One step of one kind: pass, fail and stay are shares of all of the group. */
static void add_step(struct exact_group *out, const struct pathway_step *step, uint32_t k,
                     uint32_t *n_repairs, double pass, double fail, double stay)
{
    bool sits_again = step->next == PATHWAY_NEXT_SITS;
    out->used[k + 1] += pass + fail - (sits_again ? stay : 0);
    out->n_forfeited += stay * step->n_forfeited;
    if (step->is_repaired) {
        bool is_course = step->repair == PATHWAY_COURSE;
        (is_course ? out->courses : out->refreshers)[(*n_repairs)++] += stay;
    }
    if (step->next == PATHWAY_NEXT_EXHAUSTED) {
        out->outcome[PATHWAY_ATTEMPTS_EXHAUSTED] += fail;
        out->failed_all += fail;
    } else {
        end_after(out, step, fail - stay, stay);
    }
}

static void add_kind(struct solver *self, const struct exact_kind *kind, double *passed,
                     struct exact_group *out)
{
    size_t n_ends = self->sitting.n_vectors * VEC_LANES;
    uint32_t n_repairs = 0;
    for (uint32_t k = 0; k < kind->n_steps; k++) {
        const struct pathway_step *step = &kind->steps[k];
        double sums[EXACT_N_FATES] = {0};
        for (int c = 0; c < 2; c++)
            for (int f = 0; f < EXACT_N_FATES; f++) {
                double share = kind->weight * study_exact_share(&self->shares, k, c, f);
                bool counts = f != EXACT_STAY || step->next == PATHWAY_NEXT_SITS;
                out->by_attempt[(k * 2 + (size_t)c) * EXACT_N_FATES + (size_t)f] +=
                    counts ? share : 0;
                sums[f] += share;
            }
        passed[k] = sums[EXACT_PASS] / kind->weight;
        add_step(out, step, k, &n_repairs, sums[EXACT_PASS], sums[EXACT_FAIL], sums[EXACT_STAY]);
        const double *ends = self->shares.values + self->shares.n_fates + k * n_ends;
        for (size_t e = 0; e < n_ends; e++)
            out->ends[k * n_ends + e] += kind->weight * ends[e];
    }
}

static enum err_code add_kinds(struct solver *self, uint32_t group,
                               const struct exact_calendar *calendar, struct exact_group *out)
{
    size_t n_attempts = self->plan->shape.n_attempts;
    self->passed = numbers(self, calendar->n_kinds * n_attempts);
    for (size_t k = 0; k < calendar->n_kinds && !self->err->code; k++) {
        if (self->stop && __atomic_load_n(self->stop, __ATOMIC_RELAXED))
            return err_set(self->err, ERR_INTERRUPTED, "interrupted; nothing was written");
        memset(self->shares.values, 0, self->shares.n * sizeof *self->shares.values);
        if (study_exact_chain(&self->sitting, group, &calendar->kinds[k], &self->shares,
                              self->err) == ERR_OK)
            add_kind(self, &calendar->kinds[k], self->passed + k * n_attempts, out);
    }
    return self->err->code;
}

static enum err_code solve_group(struct solver *self, uint32_t group,
                                 const struct exact_calendar *calendar)
{
    struct exact_group *out = &self->groups[group];
    if (group_init(self, calendar, group, out) != ERR_OK ||
        add_kinds(self, group, calendar, out) != ERR_OK)
        return self->err->code;
    for (size_t k = 0; k < calendar->n_schedules; k++) {
        const struct exact_schedule *schedule = &calendar->schedules[k];
        const double *passed = self->passed + schedule->kind * self->plan->shape.n_attempts;
        for (uint32_t a = 0; a < calendar->kinds[schedule->kind].n_steps; a++)
            out->passed_on[schedule->result_days[a]] += schedule->weight * passed[a];
    }
    return study_exact_gates(self->plan->scenario, out, self->err);
}

/* Groups that bring the same deficits have the same calendar. */
static enum err_code solve(struct solver *self)
{
    const struct person_design *person = &self->plan->person;
    struct exact_calendar calendar = {0};
    for (uint32_t g = 0; g < person->n_groups && !self->err->code; g++) {
        if (g == 0 || person->groups[g].deficits != person->groups[g - 1].deficits) {
            study_exact_calendar_free(&calendar);
            study_exact_calendar_init(self->plan, g, &calendar, self->err);
        }
        if (!self->err->code)
            solve_group(self, g, &calendar);
    }
    study_exact_calendar_free(&calendar);
    return self->err->code;
}

enum err_code study_exact_solve(const struct engine_plan *plan,
                                const struct engine_options *options, struct dataset *out,
                                struct err *err)
{
    struct solver self = {.plan = plan, .stop = options ? options->stop : NULL, .err = err};
    size_t n_attempts = plan->shape.n_attempts;
    *out = (struct dataset){0};
    if (study_exact_check(plan, err) != ERR_OK ||
        study_exact_sitting_init(plan, &self.sitting, err) != ERR_OK)
        goto out;
    self.groups = arena_alloc(&self.arena, plan->person.n_groups * sizeof *self.groups);
    self.shares.n_attempts = n_attempts;
    self.shares.n_fates = n_attempts * 2 * EXACT_N_FATES;
    self.shares.n = self.shares.n_fates + n_attempts * self.sitting.n_vectors * VEC_LANES;
    self.shares.values = numbers(&self, self.shares.n);
    if (!self.groups)
        err_set(err, ERR_MEMORY, "no memory for the exact solver");
    if (!err->code && solve(&self) == ERR_OK)
        study_exact_dataset(plan, &self.sitting, self.groups, out, err);
out:
    study_exact_sitting_free(&self.sitting);
    arena_free(&self.arena);
    return err->code;
}
