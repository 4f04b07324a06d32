/* The dataset of the exact solver. Names, dimensions and texts are those of a simulation: an empty
 * tally gives them, and the variables that can be computed take their values from here.
 * SPDX-License-Identifier: Apache-2.0 */
#include "exact_parts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

struct writer {
    const struct engine_plan *plan;
    const struct exact_sitting *sitting;
    const struct exact_group *groups;
    struct dataset empty; /* of the simulation */
    struct dataset *out;
    struct arena arena;
    struct err *err;
};

/* ---- shares of one group, in the order of a variable's other dimensions ---- */

typedef void fill(const struct writer *self, const struct exact_group *group, double *out);

static size_t n_attempts(const struct writer *self)
{
    return self->plan->shape.n_attempts;
}

static double cell(const struct exact_group *group, size_t attempt, int competent, int fate)
{
    return group->by_attempt[(attempt * 2 + (size_t)competent) * EXACT_N_FATES + (size_t)fate];
}

static void fill_one(const struct writer *self, const struct exact_group *group, double *out)
{
    (void)self, (void)group;
    out[0] = 1;
}

static void fill_attempted(const struct writer *self, const struct exact_group *group, double *out)
{
    for (size_t a = 0; a < n_attempts(self); a++)
        for (int c = 0; c < 2; c++)
            out[a] += cell(group, a, c, EXACT_PASS) + cell(group, a, c, EXACT_FAIL);
}

static void fill_passed(const struct writer *self, const struct exact_group *group, double *out)
{
    for (size_t a = 0; a < n_attempts(self); a++)
        out[a] = cell(group, a, 0, EXACT_PASS) + cell(group, a, 1, EXACT_PASS);
}

static void fill_decision(const struct writer *self, const struct exact_group *group, double *out)
{
    for (size_t a = 0; a < n_attempts(self); a++)
        for (int c = 0; c < 2; c++) {
            *out++ = cell(group, a, c, EXACT_FAIL);
            *out++ = cell(group, a, c, EXACT_PASS);
        }
}

static void fill_used(const struct writer *self, const struct exact_group *group, double *out)
{
    memcpy(out, group->used, (n_attempts(self) + 1) * sizeof *out);
}

static void fill_outcome(const struct writer *self, const struct exact_group *group, double *out)
{
    (void)self;
    memcpy(out, group->outcome, sizeof group->outcome);
}

static void fill_held(const struct writer *self, const struct exact_group *group, double *out)
{
    (void)self;
    memcpy(out, group->held, sizeof group->held);
}

static void fill_failed_all(const struct writer *self, const struct exact_group *group, double *out)
{
    (void)self;
    out[0] = group->failed_all;
}

static void fill_eligible(const struct writer *self, const struct exact_group *group, double *out)
{
    (void)self;
    out[0] = group->eligible;
}

static void fill_lapsed(const struct writer *self, const struct exact_group *group, double *out)
{
    (void)self;
    out[0] = group->lapsed;
}

static void fill_refreshers(const struct writer *self, const struct exact_group *group, double *out)
{
    memcpy(out, group->refreshers, self->plan->shape.n_cycles * sizeof *out);
}

static void fill_courses(const struct writer *self, const struct exact_group *group, double *out)
{
    memcpy(out, group->courses, self->plan->shape.n_cycles * sizeof *out);
}

static void fill_days(const struct writer *self, const struct exact_group *group, double *out)
{
    const struct tally_bins *days = &self->plan->shape.days;
    for (size_t d = 0; d < group->n_days; d++) {
        size_t bin = (size_t)(((double)d + 0.5) / days->width);
        if (group->certified_on[d] > 0)
            out[bin < days->n ? bin : days->n - 1] += group->certified_on[d];
    }
}

static void fill_seats(const struct writer *self, const struct exact_group *group, double *out)
{
    for (size_t a = 1; a <= n_attempts(self); a++)
        out[0] += (double)a * group->used[a];
}

static void fill_forfeited(const struct writer *self, const struct exact_group *group, double *out)
{
    (void)self;
    out[0] = group->n_forfeited;
}

/* ---- money ---- */

static void fill_fees(const struct writer *self, const struct exact_group *group, double *out)
{
    fill_seats(self, group, out);
    out[0] *= self->plan->scenario->policy_fee;
}

static double total(const double *values, size_t n)
{
    double sum = 0;
    for (size_t k = 0; k < n; k++)
        sum += values[k];
    return sum;
}

static void fill_refresher_fees(const struct writer *self, const struct exact_group *group,
                                double *out)
{
    out[0] = self->plan->scenario->policy_refresher_fee *
             total(group->refreshers, self->plan->shape.n_cycles);
}

static void fill_course_fees(const struct writer *self, const struct exact_group *group,
                             double *out)
{
    out[0] =
        self->plan->scenario->policy_course_fee * total(group->courses, self->plan->shape.n_cycles);
}

static void fill_authorization_fees(const struct writer *self, const struct exact_group *group,
                                    double *out)
{
    out[0] = self->plan->scenario->gates_authorization_fee * group->n_forfeited;
}

/* ---- ends of a test ---- */

static void fill_stops(const struct writer *self, const struct exact_group *group, double *out)
{
    size_t n = self->sitting->n_vectors * VEC_LANES;
    for (size_t a = 0; a < n_attempts(self); a++)
        for (size_t e = 0; e < self->sitting->n_ends; e++)
            out[a * (CAT_N_STOPS - 1) + (size_t)self->sitting->ends[e].stop - 1] +=
                group->ends[a * n + e];
}

static void fill_lengths(const struct writer *self, const struct exact_group *group, double *out)
{
    size_t n = self->sitting->n_vectors * VEC_LANES, width = self->plan->shape.n_lengths;
    for (size_t a = 0; a < n_attempts(self); a++)
        for (size_t e = 0; e < self->sitting->n_ends; e++)
            out[a * width + self->sitting->ends[e].n] += group->ends[a * n + e];
}

static void fill_scores(const struct writer *self, const struct exact_group *group, double *out)
{
    const struct tally_bins *bins = &self->plan->shape.score;
    size_t n = self->sitting->n_vectors * VEC_LANES;
    for (size_t a = 0; a < n_attempts(self); a++)
        for (size_t e = 0; e < self->sitting->n_ends; e++) {
            double at = (self->sitting->ends[e].score - bins->low) / bins->width;
            size_t bin = at < (double)bins->n ? (size_t)at : bins->n - 1;
            out[a * bins->n + bin] += group->ends[a * n + e];
        }
}

static const struct {
    const char *name;
    fill *fill;
    bool of_ends; /* of a test with items */
} sums[] = {{"n_candidates", fill_one, false},
            {"n_attempted", fill_attempted, false},
            {"n_passed", fill_passed, false},
            {"n_by_attempts_used", fill_used, false},
            {"n_outcome", fill_outcome, false},
            {"n_awaiting_by_gate", fill_held, false},
            {"n_failed_all", fill_failed_all, false},
            {"n_eligible_for_retest", fill_eligible, false},
            {"n_lapsed", fill_lapsed, false},
            {"n_refreshers", fill_refreshers, false},
            {"n_courses", fill_courses, false},
            {"n_days_to_certification", fill_days, false},
            {"n_decision", fill_decision, false},
            {"seats", fill_seats, false},
            {"fees", fill_fees, false},
            {"refresher_fees", fill_refresher_fees, false},
            {"course_fees", fill_course_fees, false},
            {"n_authorizations_forfeited", fill_forfeited, false},
            {"authorization_fees", fill_authorization_fees, false},
            {"n_score", fill_scores, true},
            {"n_stop_reason", fill_stops, true},
            {"n_session_length", fill_lengths, true}};

/* ---- rates, from the sums by attempt of one row ---- */

/* What close_group of the tally does, with shares. */
static void fill_rates(const double *cells, size_t n, double *pass, double *cumulative,
                       double *false_pass, double *false_fail)
{
    double so_far[2][2] = {{0}}, attempted = 0;
    for (size_t a = 0; a < n; a++) {
        const double *here = cells + a * 2 * EXACT_N_FATES;
        double passed = 0, sat = 0;
        for (int c = 0; c < 2; c++) {
            const double *of = here + c * EXACT_N_FATES, *before = of - 2 * EXACT_N_FATES;
            passed += of[EXACT_PASS];
            sat += of[EXACT_PASS] + of[EXACT_FAIL];
            so_far[c][0] += of[EXACT_FAIL] - (a > 0 ? before[EXACT_STAY] : 0);
            so_far[c][1] += of[EXACT_PASS];
        }
        attempted = a == 0 ? sat : attempted;
        pass[a] = sat > 0 ? passed / sat : (double)NAN;
        cumulative[a] = (so_far[0][1] + so_far[1][1]) / attempted;
        false_pass[a] = so_far[0][1] / (so_far[0][0] + so_far[0][1]);
        false_fail[a] = so_far[1][0] / (so_far[1][0] + so_far[1][1]);
    }
}

static double *numbers(struct writer *self, size_t n)
{
    double *memory = arena_alloc(&self->arena, n * sizeof *memory);
    if (!memory)
        err_set(self->err, ERR_MEMORY, "no memory for the statistics");
    return memory;
}

/* Sums over groups by row, "all" first unless it is alone. */
static void add_rows(const struct writer *self, size_t g, size_t n, const double *from, double *out)
{
    double weight = self->groups[g].weight;
    for (size_t k = 0; k < n; k++) {
        out[k] += weight * from[k];
        if (self->plan->shape.n_rows > 1)
            out[(g + 1) * n + k] = weight * from[k];
    }
}

static double *rate_of(struct writer *self, const char *name)
{
    static const char *const names[] = {"pass_rate", "cumulative_pass_rate", "false_pass_rate",
                                        "false_fail_rate"};
    size_t n = n_attempts(self), n_cells = n * 2 * EXACT_N_FATES, which = 0;
    while (which < 4 && strcmp(name, names[which]) != 0)
        which++;
    if (which == 4)
        return NULL;
    size_t n_rows = self->plan->shape.n_rows;
    double *cells = numbers(self, n_rows * n_cells), *out = numbers(self, 4 * n_rows * n);
    if (!cells || !out)
        return NULL;
    for (size_t g = 0; g < self->plan->shape.n_groups; g++)
        add_rows(self, g, n_cells, self->groups[g].by_attempt, cells);
    for (size_t row = 0; row < n_rows; row++) {
        double *at = out + row * n;
        size_t of = n_rows * n;
        fill_rates(cells + row * n_cells, n, at, at + of, at + 2 * of, at + 3 * of);
    }
    return out + which * n_rows * n;
}

static double *sums_of(struct writer *self, const struct dataset_var *var)
{
    size_t which = 0, n_rows = self->plan->shape.n_rows, n = var->n / n_rows;
    while (which < sizeof sums / sizeof *sums && strcmp(var->name, sums[which].name) != 0)
        which++;
    if (which == sizeof sums / sizeof *sums || (sums[which].of_ends && self->sitting->is_normal))
        return NULL;
    double *out = numbers(self, var->n), *group = numbers(self, n);
    for (size_t g = 0; out && group && g < self->plan->shape.n_groups; g++) {
        memset(group, 0, n * sizeof *group);
        sums[which].fill(self, &self->groups[g], group);
        add_rows(self, g, n, group, out);
    }
    double scale = (double)self->plan->scenario->engine_candidates;
    for (size_t k = 0; out && k < var->n; k++)
        out[k] *= scale;
    return out;
}

/* ---- writing ---- */

/* The dimension of the simulation in the output, added where it is not there yet. */
static size_t dim_of(struct writer *self, size_t index)
{
    const struct dataset_dim *dim = &self->empty.dims[index];
    if (!dataset_dim(self->out, dim->name))
        dataset_add_dim(self->out, dim, self->err);
    const struct dataset_dim *there = dataset_dim(self->out, dim->name);
    return there ? (size_t)(there - self->out->dims) : 0;
}

static void write(struct writer *self, const struct dataset_var *from, const double *values)
{
    struct dataset_var var = *from;
    int64_t *count = NULL;
    if (var.type == DATASET_COUNT)
        count = arena_alloc(&self->arena, var.n * sizeof *count);
    for (size_t k = 0; count && k < var.n; k++)
        count[k] = (int64_t)(values[k] + 0.5);
    for (size_t d = 0; d < var.n_dims; d++)
        var.dim[d] = dim_of(self, from->dim[d]);
    var.real = count ? NULL : values;
    var.count = count;
    if (!self->err->code)
        dataset_add_var(self->out, &var, self->err);
}

static void add_variable(struct writer *self, const struct dataset_var *var)
{
    double *values = rate_of(self, var->name);
    bool is_rate = values != NULL;
    if (!is_rate)
        values = sums_of(self, var);
    if (values)
        write(self, var, values);
    if (!is_rate)
        return;
    double *error = numbers(self, var->n);
    if (error && var->ancillary)
        write(self, dataset_var(&self->empty, var->ancillary), error);
}

enum err_code study_exact_add_pair(struct dataset *out, const struct dataset_var *var,
                                   const double *zeros, struct err *err)
{
    char mcse[128], text[256];
    struct dataset_var with = *var, error = *var;
    snprintf(mcse, sizeof mcse, "%s_mcse", var->name);
    snprintf(text, sizeof text, "Monte Carlo standard error of %s", var->name);
    with.ancillary = error.name = mcse;
    error.long_name = text;
    error.real = zeros;
    error.ancillary = NULL;
    if (dataset_add_var(out, &with, err) == ERR_OK)
        dataset_add_var(out, &error, err);
    return err->code;
}

enum err_code study_exact_dataset(const struct engine_plan *plan,
                                  const struct exact_sitting *sitting,
                                  const struct exact_group *groups, struct dataset *out,
                                  struct err *err)
{
    struct writer self = {
        .plan = plan, .sitting = sitting, .groups = groups, .out = out, .err = err};
    struct tally *tally = tally_new(&plan->shape);
    if (!tally)
        err_set(err, ERR_MEMORY, "no memory for the statistics");
    else
        tally_statistics(tally, &self.empty, err);
    for (size_t k = 0; k < self.empty.n_vars && !err->code; k++)
        add_variable(&self, &self.empty.vars[k]);
    if (!err->code)
        study_exact_means(plan, groups, out, err);
    tally_free(tally);
    dataset_free(&self.empty);
    arena_free(&self.arena);
    if (err->code)
        dataset_free(out);
    return err->code;
}
