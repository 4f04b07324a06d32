/* The absorbing chain of attempts at one theta, and its integral over theta.
 *
 * At theta, attempt k is reached with r_k, passed with p_k, and failed by one who does not leave
 * with s_k:  r_(k+1) = r_k s_k P(completes what a cycle requires). Competence at attempt k is
 * theta >= threshold_k.
 *
 * Panels of Gauss-Legendre quadrature end where the integrand or the density has a kink or a step,
 * and are halved until the halves agree with the whole to 1e-9: their own error is smaller by a
 * factor of 2^32 where the integrand is smooth.
 * SPDX-License-Identifier: Apache-2.0 */
#include "exact_parts.h"

#include <retake/base/real.h>
#include <retake/person/density.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_DEPTH = 40 };

static const double tolerance = 1e-9;

const struct study_gauss study_gauss[STUDY_GAUSS_POINTS] = {
#define PAIR(x, w)                                                                                 \
    {0.5 - 0.5 * (x), 0.5 * (w)},                                                                  \
    {                                                                                              \
        0.5 + 0.5 * (x), 0.5 * (w)                                                                 \
    }
    PAIR(0.98940093499164994, 0.027152459411751852),
    PAIR(0.9445750230732326, 0.062253523938647776),
    PAIR(0.86563120238783176, 0.095158511682492897),
    PAIR(0.755404408355003, 0.12462897125553395),
    PAIR(0.61787624440264377, 0.14959598881657682),
    PAIR(0.45801677765722737, 0.16915651939500242),
    PAIR(0.28160355077925892, 0.18260341504492361),
    PAIR(0.095012509837637441, 0.18945061045506847)
#undef PAIR
};

struct chain {
    const struct exact_sitting *sitting;
    const struct exact_kind *kind;
    struct exact_attempt *attempts; /* [n_steps] */
    double *p_completed;            /* [n_steps] */
    double *ends;                   /* [8 n_vectors] */
    struct person_density density;
    struct exact_shares *out;
    struct arena arena;
};

/* ---- one theta ---- */

static bool brings_the_same(const struct pathway_step *a, const struct pathway_step *b)
{
    return a->ability == b->ability && memcmp(a->deficit, b->deficit, sizeof a->deficit) == 0;
}

/* Add weight times the shares at theta to values. */
static void add_theta(const struct chain *self, double theta, double weight, double *values)
{
    const struct exact_sitting *sitting = self->sitting;
    size_t n_ends = sitting->n_vectors * VEC_LANES;
    double reach = weight;
    for (uint32_t k = 0; k < self->kind->n_steps && reach > 1e-15; k++) {
        const struct pathway_step *step = &self->kind->steps[k];
        double pass, stay;
        if (n_ends > 0 && (k == 0 || !brings_the_same(step, step - 1)))
            study_exact_ends(sitting, step, theta, self->ends);
        study_exact_decide(sitting, &self->attempts[k], theta, self->ends, &pass, &stay);
        stay *= self->p_completed[k];
        double *cell = values + (k * 2 + (theta >= step->threshold)) * EXACT_N_FATES;
        cell[EXACT_PASS] += reach * pass;
        cell[EXACT_FAIL] += reach * (1 - pass);
        cell[EXACT_STAY] += reach * stay;
        double *ends = values + self->out->n_fates + k * n_ends;
        for (size_t e = 0; e < n_ends; e++)
            ends[e] += reach * self->ends[e];
        reach *= stay;
    }
}

/* ---- integration ---- */

static void add_panel(const struct chain *self, double low, double high, double *values)
{
    double width = high - low;
    for (size_t i = 0; i < STUDY_GAUSS_POINTS; i++) {
        double theta = low + study_gauss[i].at * width;
        double density = person_density_at(&self->density, theta);
        add_theta(self, theta, study_gauss[i].weight * width * density, values);
    }
}

static double difference(const double *a, const double *b, size_t n)
{
    double most = 0;
    for (size_t k = 0; k < n; k++)
        most = real_max(most, fabs(a[k] - b[k]));
    return most;
}

/* Halve until it is right. @param scratch  [2 n] */
static void integrate(const struct chain *self, double low, double high, double *scratch)
{
    size_t n = self->out->n;
    struct {
        double low, high;
        int depth;
    } stack[MAX_DEPTH + 2] = {{low, high, 0}};
    for (size_t n_stack = 1; n_stack > 0;) {
        n_stack--;
        double a = stack[n_stack].low, b = stack[n_stack].high, middle = 0.5 * (a + b);
        int depth = stack[n_stack].depth;
        memset(scratch, 0, 2 * n * sizeof *scratch);
        add_panel(self, a, b, scratch);
        add_panel(self, a, middle, scratch + n);
        add_panel(self, middle, b, scratch + n);
        if (depth < MAX_DEPTH && difference(scratch, scratch + n, self->out->n_fates) > tolerance) {
            stack[n_stack].high = middle;
            stack[n_stack++].depth = depth + 1;
            stack[n_stack].low = middle;
            stack[n_stack].high = b;
            stack[n_stack++].depth = depth + 1;
            continue;
        }
        for (size_t k = 0; k < n; k++)
            self->out->values[k] += scratch[n + k];
    }
}

static int rising(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/* Where panels end: where the density has its own, where competence begins and, without an error
 * of measurement, at the cuts. */
static size_t list_breaks(const struct chain *self, double *out)
{
    const struct scenario *s = self->sitting->plan->scenario;
    size_t n = person_density_breaks(&self->density, out), n_own = n;
    bool is_step = self->sitting->is_normal && !(s->exam_sem > 0);
    for (uint32_t k = 0; n_own > 0 && k < self->kind->n_steps; k++) {
        const struct pathway_step *step = &self->kind->steps[k];
        const double at[] = {step->threshold, study_exact_cut(s, self->attempts[k].raise) -
                                                  study_exact_normal_shift(step)};
        for (int i = 0; i < (is_step ? 2 : 1); i++)
            if (at[i] > out[0] && at[i] < out[n_own - 1])
                out[n++] = at[i];
    }
    qsort(out, n, sizeof *out, rising);
    return n;
}

static enum err_code sum_up(struct chain *self, struct err *err)
{
    size_t n = PERSON_DENSITY_MAX_BREAKS + 2 * (size_t)self->kind->n_steps;
    double *breaks = arena_alloc(&self->arena, n * sizeof *breaks);
    double *scratch = arena_alloc(&self->arena, 2 * self->out->n * sizeof *scratch);
    if (!breaks || !scratch)
        return err_set(err, ERR_MEMORY, "no memory for an integral");
    n = list_breaks(self, breaks);
    for (size_t k = 1; k < n; k++)
        if (breaks[k] > breaks[k - 1])
            integrate(self, breaks[k - 1], breaks[k], scratch);
    for (size_t k = 0; k < self->density.n_atoms; k++) {
        double weight, theta = person_density_atom(&self->density, k, &weight);
        add_theta(self, theta, weight, self->out->values);
    }
    return ERR_OK;
}

/* ---- preparation ---- */

static enum err_code prepare_ends(struct chain *self, uint32_t k, struct err *err)
{
    const struct exact_sitting *sitting = self->sitting;
    const struct scenario *s = sitting->plan->scenario;
    struct exact_attempt *attempt = &self->attempts[k];
    size_t n = sitting->n_vectors * VEC_LANES;
    double *pass = arena_alloc(&self->arena, n * sizeof *pass);
    double *stay = arena_alloc(&self->arena, n * sizeof *stay);
    if (!pass || !stay)
        return err_set(err, ERR_MEMORY, "no memory for the ends of a test");
    for (size_t e = 0; e < sitting->n_ends; e++) {
        const struct exact_end *end = &sitting->ends[e];
        pass[e] = end->passes &&
                  (attempt->raise == 0 || pathway_reaches_cut(s, end->theta, attempt->raise));
        double leaves = pathway_p_leaves(&sitting->plan->pathway, attempt->attempt, end->score,
                                         attempt->step->years);
        stay[e] = pass[e] > 0 ? 0 : 1 - leaves;
    }
    attempt->pass = pass;
    attempt->stay_by_end = stay;
    return ERR_OK;
}

/* A table of another number of years is begun anew. */
static double *table_of(const struct exact_sitting *sitting, uint32_t k, double years)
{
    struct exact_table *table = &sitting->tables[k];
    for (size_t i = 0; table->years != years && i < EXACT_TABLE_POINTS; i++)
        table->values[i] = (double)NAN;
    table->years = years;
    return table->values;
}

static enum err_code prepare(struct chain *self, struct err *err)
{
    const struct engine_plan *plan = self->sitting->plan;
    const struct scenario *s = plan->scenario;
    for (uint32_t k = 0; k < self->kind->n_steps; k++) {
        const struct pathway_step *step = &self->kind->steps[k];
        bool is_course = step->repair == PATHWAY_COURSE;
        self->attempts[k] = (struct exact_attempt){
            .attempt = k + 1,
            .step = step,
            .raise = pathway_cut_raise(s, k + 1),
            .by_score = s->leave_per_100_points_short != 0,
            .stay = 1 - pathway_p_leaves(&plan->pathway, k + 1, s->exam_scale_cut, step->years)};
        if (self->attempts[k].by_score && self->sitting->is_normal)
            self->attempts[k].table = table_of(self->sitting, k, step->years);
        self->p_completed[k] = 1;
        if (step->is_cycle_over)
            self->p_completed[k] =
                is_course ? s->policy_course_p_completed : s->policy_refresher_p_completed;
        if (step->next == PATHWAY_NEXT_EXHAUSTED)
            self->p_completed[k] = 0;
        if (!self->sitting->is_normal && prepare_ends(self, k, err) != ERR_OK)
            return err->code;
    }
    return ERR_OK;
}

enum err_code study_exact_chain(const struct exact_sitting *sitting, uint32_t group,
                                const struct exact_kind *kind, struct exact_shares *out,
                                struct err *err)
{
    struct chain self = {.sitting = sitting, .kind = kind, .out = out};
    size_t n_ends = sitting->n_vectors * VEC_LANES;
    person_density_init(&sitting->plan->person, group, &self.density);
    self.attempts = arena_alloc(&self.arena, kind->n_steps * sizeof *self.attempts);
    self.p_completed = arena_alloc(&self.arena, kind->n_steps * sizeof *self.p_completed);
    self.ends = arena_alloc(&self.arena, (n_ends + VEC_LANES) * sizeof *self.ends);
    if (!self.attempts || !self.p_completed || !self.ends)
        err_set(err, ERR_MEMORY, "no memory for a chain of attempts");
    else if (prepare(&self, err) == ERR_OK)
        sum_up(&self, err);
    arena_free(&self.arena);
    return err->code;
}
