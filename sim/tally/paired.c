/* Paired blocks: cells of a block, and their sums for two policies at once.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/tally/paired.h>

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cells.h"

enum { CENTS = 100 };

struct tally_pair {
    const struct tally_shape *base, *policy;
    size_t n_attempts, n_pairs; /* attempts: of whoever allows more */
    int64_t n_blocks;
    struct exact_pair *pairs; /* [rate][row][attempt], then [row][mean] */
};

/* ---- cells of one block ---- */

static size_t n_rate_cells(const struct tally_shape *shape)
{
    return N_RATES * shape->n_rows * shape->n_attempts;
}

size_t tally_block_n_cells(const struct tally_shape *shape)
{
    return n_rate_cells(shape) + shape->n_rows * N_MEANS;
}

/* What a candidate pays, in cents. */
static int64_t cost_of(const struct scenario *s, const struct pathway_outcome *outcome)
{
    double cost =
        s->policy_fee * outcome->n_sittings + s->gates_authorization_fee * outcome->n_forfeited;
    for (uint32_t k = 0; k < outcome->n_refreshers; k++)
        cost += config_list_at(&s->policy_after_cycle, k) == (double)PATHWAY_COURSE
                    ? s->policy_course_fee
                    : s->policy_refresher_fee;
    return __builtin_llrint((double)CENTS * cost);
}

static void add_means(const struct scenario *s, const struct pathway_outcome *outcome,
                      struct tally_cell *row)
{
    for (int k = 0; k < MEAN_DAYS; k++)
        row[k].n++;
    row[MEAN_OUTCOME + (int)outcome->end].y++;
    row[MEAN_SEATS].y += outcome->n_sittings;
    row[MEAN_REFRESHERS].y += outcome->n_refreshers;
    row[MEAN_COST].y += cost_of(s, outcome);
    if (outcome->certified_day >= 0) {
        row[MEAN_DAYS].y += outcome->certified_day;
        row[MEAN_DAYS].n++;
    }
}

void tally_means_add(const struct tally_shape *shape, const struct pathway_outcomes *outcomes,
                     size_t from, size_t n, struct tally_cell *means)
{
    for (size_t i = from; i < from + n; i++) {
        const struct pathway_outcome *outcome = &outcomes->outcomes[i];
        if (outcome->end == PATHWAY_N_ENDS)
            continue;
        add_means(shape->scenario, outcome, means);
        if (shape->n_rows > 1)
            add_means(shape->scenario, outcome, means + (outcome->group + 1) * N_MEANS);
    }
}

void tally_block_cells(const struct tally *self, const struct pathway_outcomes *outcomes,
                       size_t from, size_t n, struct tally_cell *cells)
{
    const struct tally_shape *shape = self->shape;
    size_t n_rates = n_rate_cells(shape);
    memcpy(cells, self->block, n_rates * sizeof *cells); /* rates by attempt come first */
    struct tally_cell *means = cells + n_rates;
    memset(means, 0, shape->n_rows * N_MEANS * sizeof *means);
    tally_means_add(shape, outcomes, from, n, means);
}

/* The cells that are compared, of a replicate. */
static void replicate_cells(const struct tally *self, size_t replicate, struct tally_cell *cells)
{
    const struct tally_shape *shape = self->shape;
    size_t n_rates = n_rate_cells(shape);
    const struct tally_cell *from = self->replicates + replicate * tally_replicate_n_cells(self);
    memcpy(cells, from, n_rates * sizeof *cells);
    memcpy(cells + n_rates, from + self->n_ratios, shape->n_rows * N_MEANS * sizeof *cells);
}

enum err_code tally_pair_replicates(struct tally_pair *self, const struct tally *base,
                                    const struct tally *policy, struct err *err)
{
    size_t n_base = tally_block_n_cells(self->base), n_policy = tally_block_n_cells(self->policy);
    struct tally_cell *cells = calloc(n_base + n_policy, sizeof *cells);
    if (!cells)
        return err_set(err, ERR_MEMORY, "no memory to compare two policies");
    memset(self->pairs, 0, self->n_pairs * sizeof *self->pairs);
    self->n_blocks = 0;
    for (size_t r = 0; r < self->base->n_replicates; r++) {
        replicate_cells(base, r, cells);
        replicate_cells(policy, r, cells + n_base);
        if (cells[n_base - self->base->n_rows * N_MEANS].n > 0)
            tally_pair_add_block(self, cells, cells + n_base);
    }
    free(cells);
    return ERR_OK;
}

/* ---- two policies ---- */

struct tally_pair *tally_pair_new(const struct tally_shape *base, const struct tally_shape *policy)
{
    struct tally_pair *self = calloc(1, sizeof *self);
    if (!self)
        return NULL;
    assert(base->n_rows == policy->n_rows);
    self->base = base;
    self->policy = policy;
    self->n_attempts =
        base->n_attempts > policy->n_attempts ? base->n_attempts : policy->n_attempts;
    self->n_pairs = N_RATES * policy->n_rows * self->n_attempts + policy->n_rows * N_MEANS;
    self->pairs = calloc(self->n_pairs, sizeof *self->pairs);
    if (self->pairs)
        return self;
    free(self);
    return NULL;
}

void tally_pair_free(struct tally_pair *self)
{
    if (!self)
        return;
    free(self->pairs);
    free(self);
}

static bool goes_on(enum rate rate)
{
    return rate == RATE_CUMULATIVE || rate == RATE_FALSE_PASS || rate == RATE_FALSE_FAIL;
}

/* A rate at an attempt that the policy may not allow. */
static struct tally_cell cell_at(const struct tally_shape *shape, const struct tally_cell *cells,
                                 enum rate rate, size_t row, size_t attempt)
{
    if (attempt >= shape->n_attempts && !goes_on(rate))
        return (struct tally_cell){0, 0};
    if (attempt >= shape->n_attempts)
        attempt = shape->n_attempts - 1;
    return cells[tally_rate(shape, rate, row, attempt)];
}

static void add_cells(struct exact_pair *pair, struct tally_cell base, struct tally_cell policy)
{
    exact_pair_add_block(pair, base.y, base.n, policy.y, policy.n);
}

void tally_pair_add_block(struct tally_pair *self, const struct tally_cell *base,
                          const struct tally_cell *policy)
{
    struct exact_pair *pair = self->pairs;
    for (int rate = 0; rate < N_RATES; rate++)
        for (size_t row = 0; row < self->policy->n_rows; row++)
            for (size_t a = 0; a < self->n_attempts; a++)
                add_cells(pair++, cell_at(self->base, base, (enum rate)rate, row, a),
                          cell_at(self->policy, policy, (enum rate)rate, row, a));
    base += n_rate_cells(self->base);
    policy += n_rate_cells(self->policy);
    for (size_t k = 0; k < self->policy->n_rows * N_MEANS; k++)
        add_cells(pair++, base[k], policy[k]);
    self->n_blocks++;
}

void tally_pair_merge(struct tally_pair *self, const struct tally_pair *other)
{
    self->n_blocks += other->n_blocks;
    for (size_t k = 0; k < self->n_pairs; k++)
        exact_pair_merge(&self->pairs[k], &other->pairs[k]);
}

/* ---- bytes: n_blocks, pairs ---- */

size_t tally_pair_n_bytes(const struct tally_pair *self)
{
    return sizeof self->n_blocks + self->n_pairs * sizeof *self->pairs;
}

void tally_pair_pack(const struct tally_pair *self, void *bytes)
{
    memcpy(bytes, &self->n_blocks, sizeof self->n_blocks);
    memcpy((char *)bytes + sizeof self->n_blocks, self->pairs, self->n_pairs * sizeof *self->pairs);
}

void tally_pair_unpack(struct tally_pair *self, const void *bytes)
{
    memcpy(&self->n_blocks, bytes, sizeof self->n_blocks);
    memcpy(self->pairs, (const char *)bytes + sizeof self->n_blocks,
           self->n_pairs * sizeof *self->pairs);
}

bool tally_pair_is_sound(const struct tally_pair *self, uint64_t n_blocks)
{
    if (self->n_blocks < 0 || (uint64_t)self->n_blocks != n_blocks)
        return false;
    for (size_t k = 0; k < self->n_pairs; k++)
        if (!tally_sums_are_sound(&self->pairs[k]))
            return false;
    return true;
}

/* ---- statistics ---- */

struct adder {
    const struct tally_pair *pair;
    bool is_base; /* the means are those of the base */
    struct dataset *out;
    struct arena scratch;
    struct err *err;
};

/* A statistic that is compared: n pairs from `first` on, `stride` apart. */
struct compared {
    const char *name, *unit, *long_name;
    const char *const *dims;
    size_t first, n_inner, stride, n_outer; /* [n_outer][n_inner], rows `stride` apart */
    double scale;
};

static void add_var(struct adder *self, const struct compared *what, const char *suffix,
                    const char *long_name, const double *values, const char *ancillary)
{
    char name[96];
    snprintf(name, sizeof name, "%s%s", what->name, suffix);
    struct dataset_var var = {.name = name,
                              .type = DATASET_REAL,
                              .n = 1,
                              .real = values,
                              .unit = what->unit,
                              .long_name = long_name,
                              .ancillary = ancillary};
    for (size_t k = 0; what->dims[k] && !self->err->code; k++) {
        const struct dataset_dim *dim = dataset_dim(self->out, what->dims[k]);
        if (!dim) {
            err_set(self->err, ERR_INTERNAL, "no dimension %s", what->dims[k]);
            return;
        }
        var.dim[var.n_dims++] = (size_t)(dim - self->out->dims);
        var.n *= dim->n;
    }
    if (!self->err->code)
        dataset_add_var(self->out, &var, self->err);
}

static void add_both(struct adder *self, const struct compared *what, const char *suffix,
                     const char *long_name, double *const values[2])
{
    char of_error[128], ancillary[96], mcse[64];
    snprintf(mcse, sizeof mcse, "%s_mcse", suffix);
    snprintf(ancillary, sizeof ancillary, "%s%s", what->name, mcse);
    snprintf(of_error, sizeof of_error, "Monte Carlo standard error of %s%s", what->name, suffix);
    add_var(self, what, suffix, long_name, values[0], ancillary);
    add_var(self, what, mcse, of_error, values[1], NULL);
}

static bool reserve(struct adder *self, double *values[2], size_t n)
{
    for (int k = 0; k < 2; k++)
        values[k] = arena_alloc(&self->scratch, n * sizeof *values[k]);
    if (values[0] && values[1])
        return true;
    err_set(self->err, ERR_MEMORY, "no memory for the statistics");
    return false;
}

static void add_difference(struct adder *self, const struct compared *what)
{
    double *values[2];
    char text[256];
    int64_t n_blocks = self->pair->n_blocks;
    if (!reserve(self, values, what->n_outer * what->n_inner))
        return;
    for (size_t i = 0; i < what->n_outer * what->n_inner; i++) {
        const struct exact_pair *pair =
            &self->pair->pairs[what->first + i / what->n_inner * what->stride + i % what->n_inner];
        values[0][i] = what->scale * exact_pair_value(pair);
        values[1][i] = what->scale * exact_pair_error(pair, n_blocks);
    }
    snprintf(text, sizeof text, "%s less that of the base policy, on the same candidates",
             what->name);
    add_both(self, what, "_difference", text, values);
}

static void add_mean(struct adder *self, const struct compared *what)
{
    double *values[2];
    int64_t n_blocks = self->pair->n_blocks;
    if (!reserve(self, values, what->n_outer * what->n_inner))
        return;
    for (size_t i = 0; i < what->n_outer * what->n_inner; i++) {
        const struct exact_pair *pair =
            &self->pair->pairs[what->first + i / what->n_inner * what->stride + i % what->n_inner];
        const struct exact_ratio *ratio = self->is_base ? &pair->first : &pair->second;
        values[0][i] = what->scale * exact_ratio_value(ratio);
        values[1][i] = what->scale * exact_ratio_error(ratio, n_blocks);
    }
    add_both(self, what, "", what->long_name, values);
}

#define DIMS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void add_rate_differences(struct adder *self)
{
    static const struct {
        enum rate rate;
        const char *name, *unit;
        double scale;
    } rates[] = {{RATE_PASS, "pass_rate", "1", 1},
                 {RATE_CUMULATIVE, "cumulative_pass_rate", "1", 1},
                 {RATE_FALSE_PASS, "false_pass_rate", "1", 1},
                 {RATE_FALSE_FAIL, "false_fail_rate", "1", 1},
                 {RATE_MINUTES, "session_minutes_mean", "min", 1.0 / (1 << EXACT_FRACTION_BITS)}};
    size_t n_rows = self->pair->policy->n_rows, n_attempts = self->pair->n_attempts;
    for (size_t k = 0; k < sizeof rates / sizeof *rates; k++) {
        struct compared what = {.name = rates[k].name,
                                .unit = rates[k].unit,
                                .dims = DIMS("group", "attempt"),
                                .first = (size_t)rates[k].rate * n_rows * n_attempts,
                                .n_inner = n_attempts,
                                .stride = n_attempts,
                                .n_outer = n_rows,
                                .scale = rates[k].scale};
        if (rates[k].rate != RATE_MINUTES || dataset_var(self->out, what.name))
            add_difference(self, &what);
    }
}

static void add_means_of(struct adder *self, bool differences)
{
    size_t n_rows = self->pair->policy->n_rows;
    size_t first = N_RATES * n_rows * self->pair->n_attempts;
    const struct compared means[] = {
        {"outcome_rate", "1", "share of the candidates who ended there", DIMS("group", "outcome"),
         first + MEAN_OUTCOME, PATHWAY_N_ENDS, N_MEANS, n_rows, 1},
        {"seats_per_candidate", "1", "mean number of sittings", DIMS("group"), first + MEAN_SEATS,
         1, N_MEANS, n_rows, 1},
        {"refreshers_per_candidate", "1", "mean number of refreshers and whole new courses",
         DIMS("group"), first + MEAN_REFRESHERS, 1, N_MEANS, n_rows, 1},
        {"cost_per_candidate", "USD", "mean of all fees that a candidate pays", DIMS("group"),
         first + MEAN_COST, 1, N_MEANS, n_rows, 1.0 / (double)CENTS},
        {"days_to_certification_mean", "day",
         "mean days from the end of the course to certification, of those certified", DIMS("group"),
         first + MEAN_DAYS, 1, N_MEANS, n_rows, 1}};
    for (size_t k = 0; k < sizeof means / sizeof *means; k++) {
        add_mean(self, &means[k]);
        if (differences)
            add_difference(self, &means[k]);
    }
}

enum err_code tally_pair_statistics(const struct tally_pair *self, bool differences,
                                    struct dataset *out, struct err *err)
{
    struct adder adder = {.pair = self, .out = out, .err = err};
    if (differences)
        add_rate_differences(&adder);
    add_means_of(&adder, differences);
    arena_free(&adder.scratch);
    return err->code;
}

enum err_code tally_pair_base_statistics(const struct tally_pair *self, struct dataset *out,
                                         struct err *err)
{
    struct adder adder = {.pair = self, .is_base = true, .out = out, .err = err};
    add_means_of(&adder, false);
    arena_free(&adder.scratch);
    return err->code;
}
