/* Counting outcomes.
 *
 * Within a block every rate has a cell (y, n); when the block is complete the cells are folded into
 * the sums of the ratio estimator. Real numbers (errors of the estimate) enter as fixed-point
 * integers (exact.h).
 *
 * Cumulative statements about attempt a are made of what is known then: a candidate's last sitting
 * up to a. decided[] counts sittings; superseded[] those that a later sitting replaced.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/real.h>
#include <retake/tally/tally.h>

#include <retake/pathway/library.h>

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cells.h"

static struct tally_bins bins(double low, double high, double width, size_t most)
{
    double n = ceil((high - low) / width);
    if (n > (double)most) {
        n = (double)most;
        width = (high - low) / n;
    }
    return (struct tally_bins){.low = low, .width = width, .n = n < 1 ? 1 : (size_t)n};
}

static size_t bin_of(const struct tally_bins *self, double x)
{
    double position = (x - self->low) / self->width;
    if (!(position > 0))
        return 0;
    return position < (double)self->n ? (size_t)position : self->n - 1;
}

enum err_code tally_shape_init(const struct pathway_design *pathway, const struct irt_bank *bank,
                               struct tally_shape *self, struct err *err)
{
    const struct scenario *s = pathway->scenario;
    size_t cycles = (pathway->max_attempts + (size_t)s->policy_attempts_per_cycle - 1) /
                    (size_t)s->policy_attempts_per_cycle;
    for (size_t g = 0; s->n_groups > 1 && g < s->n_groups; g++)
        if (strcmp(s->groups[g].name, "all") == 0)
            return config_scenario_error(
                s, "population.groups.all.weight", err, ERR_INPUT,
                "'all' names the sum of several groups; choose another name");
    bool is_alone = s->n_groups == 1 && strcmp(s->groups[0].name, "all") == 0;
    *self = (struct tally_shape){
        .scenario = s,
        .bank = bank,
        .cat = pathway->cat,
        .n_items = bank && !pathway->library ? bank->n_items : 0,
        .n_replicates = pathway->library ? pathway->library->size.n_replicates : 0,
        .has_limits = pathway->cat && !pathway->library && cat_design_has_constraints(pathway->cat),
        .is_timed = bank && isfinite(s->exam_time_limit_min),
        .counts_sessions = true,
        .n_groups = s->n_groups,
        .n_rows = is_alone ? 1 : s->n_groups + 1,
        .n_attempts = pathway->max_attempts,
        .n_cycles = cycles,
        .n_lengths = bank ? (size_t)s->exam_max_items + 1 : 0,
        .score = bins(s->exam_scale_min, s->exam_scale_max, 10, 1000),
        .days = bins(0, s->policy_horizon_days + 1, 1, 1000),
        .theta = bins(-5, 5, 0.25, 40),
    };
    if (self->is_timed)
        self->minutes = bins(0, real_min(s->exam_time_limit_min, 600), 5, 120);
    return ERR_OK;
}

void tally_shape_leave_out_sessions(struct tally_shape *self)
{
    self->counts_sessions = false;
    self->theta.n = self->score.n = self->minutes.n = self->n_lengths = 0;
}

/* Values of each table of counts for one group. */
void tally_table_sizes(const struct tally_shape *shape, size_t out[N_COUNTS])
{
    size_t a = shape->n_attempts, of_sessions = shape->counts_sessions ? a : 0;
    const size_t sizes[N_COUNTS] = {
        [COUNT_CANDIDATES] = 1,
        [COUNT_ATTEMPTS_USED] = a + 1,
        [COUNT_OUTCOME] = PATHWAY_N_ENDS,
        [COUNT_REFRESHERS] = shape->n_cycles,
        [COUNT_DAYS] = shape->days.n,
        [COUNT_SCORE] = a * shape->score.n,
        [COUNT_LENGTH] = a * shape->n_lengths,
        [COUNT_MINUTES] = a * shape->minutes.n,
        [COUNT_STOP] = of_sessions * (CAT_N_STOPS - 1),
        [COUNT_DECISION] = a * 4,
        [COUNT_MISSES] = of_sessions * PERSON_N_BUCKETS,
        [COUNT_MISSES_BEFORE] = of_sessions * PERSON_N_BUCKETS,
        [COUNT_MISSED_LIMITS] = shape->has_limits ? a : 0,
        [COUNT_RUSHED] = of_sessions,
        [COUNT_SEATS] = 1,
        [COUNT_FAILED_ALL] = 1,
        [COUNT_ELIGIBLE] = 1,
        [COUNT_LAPSED] = 1,
        [COUNT_COURSES] = shape->n_cycles,
        [COUNT_AWAITING] = PATHWAY_N_GATES,
        [COUNT_FORFEITED] = 1,
        [COUNT_END_AFTER] = (a + 1) * PATHWAY_N_ENDS,
        [COUNT_DAYS_WITHDREW] = shape->days.n,
        [COUNT_DAYS_FAILED] = shape->days.n,
    };
    memcpy(out, sizes, sizeof sizes);
}

/* Each has the counts of four decisions and two superseded. */
static size_t n_decisions(const struct tally_shape *shape)
{
    return shape->n_groups * shape->n_attempts;
}

struct tally *tally_new(const struct tally_shape *shape)
{
    struct tally *self = calloc(1, sizeof *self);
    size_t sizes[N_COUNTS];
    if (!self)
        return NULL;
    self->shape = shape;
    tally_table_sizes(shape, sizes);
    for (size_t k = 0; k < N_COUNTS; k++) {
        bool by_attempt = k >= COUNT_SCORE && k <= COUNT_RUSHED;
        self->table[k + 1] = self->table[k] + sizes[k] * shape->n_groups;
        self->of_group[k] = sizes[k];
        self->of_attempt[k] = by_attempt ? sizes[k] / shape->n_attempts : 0;
    }
    self->n_counts = self->table[N_COUNTS];
    self->n_ratios = tally_item_rate(shape, N_ITEM_RATES, 0);
    self->counts = arena_alloc(&self->arena, self->n_counts * sizeof *self->counts);
    self->ratios = arena_alloc(&self->arena, self->n_ratios * sizeof *self->ratios);
    self->block = arena_alloc(&self->arena, self->n_ratios * sizeof *self->block);
    size_t n_units = shape->n_replicates > 0 ? shape->n_replicates : 1;
    self->decided = self->all_decided =
        arena_alloc(&self->arena, n_units * 6 * n_decisions(shape) * sizeof *self->decided);
    self->is_open = arena_alloc(&self->arena, n_units * sizeof *self->is_open);
    self->is_used = arena_alloc(&self->arena, n_units * sizeof *self->is_used);
    /* megabytes: left to calloc, which need not write zeros into fresh pages */
    self->replicates =
        calloc(shape->n_replicates * tally_replicate_n_cells(self) + 1, sizeof *self->replicates);
    bool made = self->counts && self->ratios && self->block && self->decided && self->is_open &&
                self->is_used && self->replicates;
    if (made) {
        self->superseded = self->decided + 4 * n_decisions(shape);
        return self;
    }
    tally_free(self);
    return NULL;
}

void tally_free(struct tally *self)
{
    if (!self)
        return;
    arena_free(&self->arena);
    free(self->replicates);
    free(self);
}

/* ---- one sitting, one candidate ---- */

static void add_estimate(struct tally *self, const struct pathway_sitting *sitting, size_t attempt)
{
    const struct tally_shape *shape = self->shape;
    size_t bin = bin_of(&shape->theta, sitting->proficiency);
    double error = sitting->theta - sitting->proficiency;
    const int64_t values[N_THETA_RATES] = {
        [THETA_PASS] = sitting->passed,
        [THETA_BIAS] = exact_fixed(error),
        [THETA_SQUARE] = exact_fixed(error * error),
        [THETA_SE] = exact_fixed(real_min(sitting->se, 1e6)),
    };
    for (int k = 0; k < N_THETA_RATES; k++) {
        struct tally_cell *cell =
            &self->block[tally_theta_rate(shape, (enum theta_rate)k, attempt, bin)];
        if (k == THETA_SE && !isfinite(sitting->se))
            continue; /* nothing was answered: no standard error to average */
        cell->y += values[k];
        cell->n++;
    }
}

static void add_items(struct tally *self, const struct pathway_sitting *sitting,
                      const uint32_t *items, size_t attempt)
{
    struct tally_cell *exposure = self->block + tally_item_rate(self->shape, ITEM_EXPOSURE, 0);
    struct tally_cell *again = self->block + tally_item_rate(self->shape, ITEM_SEEN_AGAIN, 0);
    items += sitting->first_item;
    for (size_t i = 0; i < sitting->n_seen; i++) {
        uint32_t item = items[i] & (PATHWAY_SEEN_BEFORE - 1);
        exposure[item].y++;
        again[item].y += (items[i] & PATHWAY_SEEN_BEFORE) != 0;
    }
    exposure[0].n++; /* every sitting counts for every item: spread when the block closes */
    again[0].n += attempt > 0;
}

static void add_minutes(struct tally *self, double minutes, size_t row, size_t attempt)
{
    struct tally_cell *cell = &self->block[tally_rate(self->shape, RATE_MINUTES, row, attempt)];
    cell->y += exact_fixed(minutes);
    cell->n++;
}

static void add_session(struct tally *self, const struct pathway_sitting *sitting, size_t group,
                        size_t attempt)
{
    const struct tally_shape *shape = self->shape;
    tally_count(self, COUNT_SCORE, group, attempt)[bin_of(&shape->score, sitting->score)]++;
    tally_count(self, COUNT_STOP, group, attempt)[sitting->stop - 1]++;
    if (shape->bank)
        tally_count(self, COUNT_LENGTH, group, attempt)[sitting->n_scored]++;
    if (shape->is_timed) {
        size_t bin = bin_of(&shape->minutes, (double)sitting->minutes);
        tally_count(self, COUNT_MINUTES, group, attempt)[bin]++;
    }
    tally_count(self, COUNT_RUSHED, group, attempt)[0] += sitting->n_rushed;
    for (int k = 0; k < PERSON_N_BUCKETS; k++)
        tally_count(self, COUNT_MISSES, group, attempt)[k] += sitting->misses[k];
    add_estimate(self, sitting, attempt);
}

static void add_sitting(struct tally *self, const struct pathway_sitting *sitting, size_t group,
                        size_t attempt)
{
    const struct tally_shape *shape = self->shape;
    if (shape->is_timed)
        add_minutes(self, (double)sitting->minutes, 0, attempt);
    if (shape->is_timed && shape->n_rows > 1)
        add_minutes(self, (double)sitting->minutes, group + 1, attempt);
    tally_count(self, COUNT_DECISION, group,
                attempt)[2 * sitting->is_competent + sitting->passed]++;
    if (shape->has_limits)
        tally_count(self, COUNT_MISSED_LIMITS, group, attempt)[0] += sitting->misses_limits;
    if (shape->counts_sessions)
        add_session(self, sitting, group, attempt);
}

static void add_decision(struct tally *self, const struct pathway_sitting *sitting, size_t group,
                         size_t attempt)
{
    size_t at = (group * self->shape->n_attempts + attempt) * 2 + sitting->is_competent;
    self->decided[2 * at + sitting->passed]++;
}

/* A sitting before the attempt, which was failed. */
static void add_superseded(struct tally *self, const struct pathway_sitting *failed, size_t group,
                           size_t attempt)
{
    size_t at = (group * self->shape->n_attempts + attempt - 1) * 2 + failed->is_competent;
    self->superseded[at]++;
    for (int k = 0; self->shape->counts_sessions && k < PERSON_N_BUCKETS; k++)
        tally_count(self, COUNT_MISSES_BEFORE, group, attempt - 1)[k] += failed->misses[k];
}

/* Refreshers and whole new courses, one after each of the first cycles. */
static void add_repairs(struct tally *self, const struct pathway_outcome *outcome)
{
    const struct scenario_list *after = &self->shape->scenario->policy_after_cycle;
    assert(outcome->n_refreshers <= self->shape->n_cycles);
    for (uint32_t k = 0; k < outcome->n_refreshers; k++) {
        bool is_course = config_list_at(after, k) == (double)PATHWAY_COURSE;
        tally_count(self, is_course ? COUNT_COURSES : COUNT_REFRESHERS, outcome->group, 0)[k]++;
    }
}

static void add_day(struct tally *self, enum count which, uint32_t group, int32_t day)
{
    tally_count(self, which, group, 0)[bin_of(&self->shape->days, day + 0.5)]++;
}

/* The day of the last result, of those who never passed. */
static void add_day_failed(struct tally *self, const struct pathway_outcome *outcome,
                           int32_t posted)
{
    if (outcome->end == PATHWAY_WITHDREW)
        add_day(self, COUNT_DAYS_WITHDREW, outcome->group, posted);
    if (outcome->end == PATHWAY_ATTEMPTS_EXHAUSTED)
        add_day(self, COUNT_DAYS_FAILED, outcome->group, posted);
}

static void add_end(struct tally *self, const struct pathway_outcome *outcome)
{
    size_t group = outcome->group, used = outcome->n_sittings;
    tally_count(self, COUNT_CANDIDATES, group, 0)[0]++;
    tally_count(self, COUNT_ATTEMPTS_USED, group, 0)[used]++;
    tally_count(self, COUNT_OUTCOME, group, 0)[outcome->end]++;
    tally_count(self, COUNT_END_AFTER, group, 0)[used * PATHWAY_N_ENDS + outcome->end]++;
    tally_count(self, COUNT_SEATS, group, 0)[0] += (int64_t)used;
    add_repairs(self, outcome);
    if (outcome->certified_day >= 0)
        add_day(self, COUNT_DAYS, outcome->group, outcome->certified_day);
    tally_count(self, COUNT_FORFEITED, group, 0)[0] += outcome->n_forfeited;
    if (outcome->held_by < PATHWAY_N_GATES)
        tally_count(self, COUNT_AWAITING, group, 0)[outcome->held_by]++;
    bool passed = outcome->end <= PATHWAY_AWAITING_GATE;
    if (passed || used == 0)
        return;
    enum count fate = outcome->end == PATHWAY_ATTEMPTS_EXHAUSTED ? COUNT_FAILED_ALL
                      : outcome->is_window_open                  ? COUNT_ELIGIBLE
                                                                 : COUNT_LAPSED;
    tally_count(self, fate, group, 0)[0]++;
}

static void add_candidate(struct tally *self, const struct pathway_outcomes *outcomes, size_t i)
{
    const struct pathway_outcome *outcome = &outcomes->outcomes[i];
    uint32_t n_before = outcomes->n_before, n = outcome->n_sittings;
    const struct pathway_sitting *sitting = outcomes->sittings + outcome->first_sitting;
    sitting += n_before > 0;
    for (size_t a = n_before; a < n; a++, sitting++) {
        if (a > 0)
            add_superseded(self, sitting - 1, outcome->group, a);
        add_decision(self, sitting, outcome->group, a);
        add_sitting(self, sitting, outcome->group, a);
        if (self->shape->n_items > 0)
            add_items(self, sitting, outcomes->items, a);
    }
    if (outcome->end == PATHWAY_N_ENDS)
        return;
    add_end(self, outcome);
    if (n > 0)
        add_day_failed(self, outcome, (sitting - 1)->result_day);
}

/* ---- one block ---- */

/* The cells of a group by attempt, from its decisions. */
static void close_group(struct tally *self, size_t group, size_t row)
{
    const struct tally_shape *shape = self->shape;
    int64_t so_far[2][2] = {{0}}, attempted = 0;
    for (size_t a = 0; a < shape->n_attempts; a++) {
        const int64_t *decided = self->decided + (group * shape->n_attempts + a) * 4;
        const int64_t *superseded = self->superseded + (group * shape->n_attempts + a) * 2;
        int64_t n = decided[0] + decided[1] + decided[2] + decided[3];
        if (a == 0)
            attempted = n;
        else
            for (int c = 0; c < 2; c++)
                so_far[c][0] -= superseded[c - 2];
        for (int k = 0; k < 4; k++)
            so_far[k / 2][k % 2] += decided[k];
        const struct tally_cell cells[N_RATES] = {
            [RATE_PASS] = {decided[1] + decided[3], n},
            [RATE_CUMULATIVE] = {so_far[0][1] + so_far[1][1], attempted},
            [RATE_FALSE_PASS] = {so_far[0][1], so_far[0][0] + so_far[0][1]},
            [RATE_FALSE_FAIL] = {so_far[1][0], so_far[1][0] + so_far[1][1]},
        };
        for (int k = 0; k < N_RATES; k++) {
            struct tally_cell *cell = &self->block[tally_rate(shape, (enum rate)k, row, a)];
            cell->y += cells[k].y;
            cell->n += cells[k].n;
        }
    }
}

static void close_block(struct tally *self)
{
    const struct tally_shape *shape = self->shape;
    for (size_t g = 0; g < shape->n_groups; g++) {
        close_group(self, g, 0);
        if (shape->n_rows > 1)
            close_group(self, g, g + 1);
    }
    for (int k = 0; k < N_ITEM_RATES; k++) {
        struct tally_cell *cell = self->block + tally_item_rate(shape, (enum item_rate)k, 0);
        for (size_t i = 1; i < shape->n_items; i++)
            cell[i].n = cell[0].n;
    }
    self->n_blocks++;
}

static void add_to_ratios(struct tally *self)
{
    for (size_t k = 0; k < self->n_ratios; k++)
        if (self->block[k].n != 0)
            exact_ratio_add_block(&self->ratios[k], self->block[k].y, self->block[k].n);
}

struct exact_ratio tally_ratio(const struct tally *self, size_t k)
{
    struct exact_ratio out = {.y = 0};
    if (self->shape->n_replicates == 0)
        return self->ratios[k];
    for (size_t r = 0; r < self->shape->n_replicates; r++) {
        const struct tally_cell *cell = &self->replicates[r * tally_replicate_n_cells(self) + k];
        if (cell->n != 0)
            exact_ratio_add_block(&out, cell->y, cell->n);
    }
    return out;
}

int64_t tally_n_units(const struct tally *self)
{
    int64_t n = 0;
    for (size_t r = 0; r < self->shape->n_replicates; r++)
        n += self->replicates[r * tally_replicate_n_cells(self) + self->n_ratios].n > 0;
    return self->shape->n_replicates > 0 ? n : self->n_blocks;
}

static void count(struct tally *self, const struct pathway_outcomes *outcomes, size_t from,
                  size_t n)
{
    for (size_t i = from; i < from + n; i++)
        add_candidate(self, outcomes, i);
}

/* Let cells and decisions be those of a replicate. */
static void choose_replicate(struct tally *self, size_t replicate)
{
    self->block = self->replicates + replicate * tally_replicate_n_cells(self);
    self->decided = self->all_decided + replicate * 6 * n_decisions(self->shape);
    self->superseded = self->decided + 4 * n_decisions(self->shape);
}

/* What the blocks of one replicate have in common is not independent: they share its cells. */
static void count_replicate(struct tally *self, const struct pathway_outcomes *outcomes,
                            size_t from, size_t n)
{
    size_t replicate = (outcomes->first + from) / LIBRARY_BLOCK % self->shape->n_replicates;
    choose_replicate(self, replicate);
    self->is_open[replicate] = self->is_used[replicate] = true;
    count(self, outcomes, from, n);
    tally_means_add(self->shape, outcomes, from, n, self->block + self->n_ratios);
}

void tally_add_stage(struct tally *self, const struct pathway_outcomes *outcomes)
{
    if (outcomes->n > 0)
        count_replicate(self, outcomes, 0, outcomes->n);
}

void tally_settle(struct tally *self)
{
    for (size_t r = 0; r < self->shape->n_replicates; r++)
        if (self->is_open[r]) {
            choose_replicate(self, r);
            close_block(self);
            memset(self->decided, 0, 6 * n_decisions(self->shape) * sizeof *self->decided);
            self->is_open[r] = false;
        }
}

void tally_add_block(struct tally *self, const struct pathway_outcomes *outcomes, size_t from,
                     size_t n)
{
    if (self->shape->n_replicates > 0) {
        count_replicate(self, outcomes, from, n);
        tally_settle(self);
        return;
    }
    memset(self->block, 0, self->n_ratios * sizeof *self->block);
    memset(self->decided, 0, 6 * n_decisions(self->shape) * sizeof *self->decided);
    count(self, outcomes, from, n);
    close_block(self);
    add_to_ratios(self);
}
