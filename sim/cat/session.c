/* Sessions: begin, select, record. The work of one step is done for all lanes before the next step
 * of any, so that the processor can overlap what is independent.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/cat/session.h>

#include <assert.h>
#include <math.h>
#include <string.h>

#include "rules.h"

/* ---- memory ---- */

static bool lane_init(const struct cat_design *design, struct cat_session *self,
                      struct arena *arena)
{
    size_t n_weights = design->grid.n_vectors * VEC_LANES;
    size_t n_padded = (design->exam.max_items + VEC_LANES - 1) / VEC_LANES * VEC_LANES;
    double *answers = arena_alloc(arena, 5 * n_padded * sizeof(double));
    self->weight = arena_alloc(arena, n_weights * sizeof(double));
    self->used = arena_alloc(arena, design->n_words * sizeof *self->used);
    self->items = arena_alloc(arena, design->max_seen * sizeof *self->items);
    self->answers = arena_alloc(arena, design->max_seen);
    if (!answers || !self->weight || !self->used || !self->items || !self->answers)
        return false;
    self->a = answers;
    self->b = answers + n_padded;
    self->c = answers + 2 * n_padded;
    self->d = answers + 3 * n_padded;
    self->x = answers + 4 * n_padded;
    return true;
}

enum err_code cat_workspace_init(const struct cat_design *design, size_t n_lanes,
                                 struct cat_workspace *self, struct err *err)
{
    assert(n_lanes >= 1 && n_lanes <= CAT_MAX_LANES);
    *self = (struct cat_workspace){.n_lanes = n_lanes};
    self->sessions = arena_alloc(&self->arena, n_lanes * sizeof *self->sessions);
    if (!self->sessions)
        return err_set(err, ERR_MEMORY, "no memory for %zu sessions", n_lanes);
    for (size_t i = 0; i < n_lanes; i++)
        if (!lane_init(design, &self->sessions[i], &self->arena))
            return err_set(err, ERR_MEMORY, "no memory for %zu sessions", n_lanes);
    return ERR_OK;
}

void cat_workspace_free(struct cat_workspace *self)
{
    arena_free(&self->arena);
    *self = (struct cat_workspace){0};
}

/* ---- sets of items ---- */

static uint64_t clear_bits(const uint64_t *words, size_t word, size_t end)
{
    uint64_t bits = ~words[word];
    return end >= (word + 1) * 64 ? bits : bits & ((UINT64_C(1) << (end & 63)) - 1);
}

uint32_t cat_count_clear(const uint64_t *words, size_t first, size_t n)
{
    uint32_t count = 0;
    for (size_t word = first / 64; word * 64 < first + n; word++)
        count += (uint32_t)__builtin_popcountll(clear_bits(words, word, first + n));
    return count;
}

uint32_t cat_clear_bit(const uint64_t *words, size_t first, size_t n, uint32_t r)
{
    for (size_t word = first / 64; word * 64 < first + n; word++) {
        uint64_t bits = clear_bits(words, word, first + n);
        uint32_t count = (uint32_t)__builtin_popcountll(bits);
        if (r >= count) {
            r -= count;
            continue;
        }
        while (r-- > 0)
            bits &= bits - 1;
        return (uint32_t)(word * 64) + (uint32_t)__builtin_ctzll(bits);
    }
    return UINT32_MAX;
}

/* ---- maximum likelihood ---- */

static void estimate_ml(const struct cat_design *design, struct cat_session *self)
{
    struct irt_answers answers = {.n = self->seen.n_scored,
                                  .a = self->a,
                                  .b = self->b,
                                  .c = self->c,
                                  .d = self->d,
                                  .x = self->x,
                                  .is_monotone = design->is_monotone,
                                  .is_logistic = true};
    struct irt_estimator ml = {
        .method = IRT_ML, .theta_min = design->theta_min, .theta_max = design->theta_max};
    struct irt_estimate estimate = irt_estimate_root(&ml, &answers, self->seen.theta);
    self->seen.theta = estimate.theta;
    self->seen.se = estimate.se;
}

/* The estimate that a lazy session owes when it ends before the minimum. */
static void settle(const struct cat_design *design, struct cat_session *self)
{
    if (design->is_lazy && self->seen.n_scored > 0 && self->seen.n_scored < design->exam.min_items)
        estimate_ml(design, self);
}

/* ---- begin and select ---- */

void cat_session_begin(const struct cat_design *design, struct rng rng, const uint64_t *excluded,
                       struct cat_session *self)
{
    self->seen = (struct rule_session){.theta = design->start_theta, .se = INFINITY};
    self->stop = CAT_GOING;
    self->n_pilots = 0;
    self->rng = rng;
    memcpy(self->weight, design->grid.prior, design->grid.n_vectors * sizeof(vec8));
    if (excluded)
        memcpy(self->used, excluded, design->n_words * sizeof *self->used);
    else
        memset(self->used, 0, design->n_words * sizeof *self->used);
}

/* Whether the next item is a pilot: the pilots are a random subset of the first n_slots positions.
 */
static bool is_pilot_next(const struct cat_design *design, struct cat_session *self)
{
    uint32_t left = design->pilot_items - self->n_pilots;
    if (left == 0 || self->seen.n_seen >= design->n_slots)
        return false;
    return rng_below(&self->rng, design->n_slots - self->seen.n_seen) < left;
}

static uint32_t pilot_item(const struct cat_design *design, struct cat_session *self)
{
    size_t n_pilots = design->n_items - design->n_scored;
    uint32_t n_free = cat_count_clear(self->used, design->pilot_bit, n_pilots);
    self->n_pilots++;
    if (n_free == 0)
        return UINT32_MAX;
    uint32_t bit =
        cat_clear_bit(self->used, design->pilot_bit, n_pilots, rng_below(&self->rng, n_free));
    return bit - (uint32_t)design->pilot_bit + (uint32_t)design->n_scored;
}

static uint32_t scored_item(const struct cat_design *design, struct cat_session *self)
{
    const struct cat_select_rule *rule = self->seen.n_scored == 0 ? design->start : design->select;
    double theta = self->seen.n_scored == 0 ? design->start_theta : self->seen.theta;
    return rule->step(design, self, theta);
}

void cat_sessions_select(const struct cat_design *design, struct cat_session *const *sessions,
                         size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct cat_session *self = sessions[i];
        self->item = is_pilot_next(design, self) ? pilot_item(design, self) : UINT32_MAX;
        if (self->item == UINT32_MAX)
            self->item = scored_item(design, self);
        if (self->item == UINT32_MAX) {
            self->stop = CAT_STOP_NO_ITEM;
            settle(design, self);
            continue;
        }
        size_t bit = cat_item_bit(design, self->item);
        self->used[bit >> 6] |= UINT64_C(1) << (bit & 63);
    }
}

/* ---- record ---- */

struct moments {
    double s0[VEC_LANES], s1[VEC_LANES], s2[VEC_LANES]; /* sums of w, w theta, w theta^2 */
};

/* Multiply the posterior by a row of the likelihood and take its moments. */
VEC_INLINE void multiply(const struct irt_grid *grid, size_t n_vectors, const vec8 *row,
                         vec8 *weight, struct moments *out, size_t lane)
{
    const vec8 *theta = (const vec8 *)grid->theta;
    vec8 s0 = {0}, s1 = {0}, s2 = {0};
    for (size_t v = 0; v < n_vectors; v++) {
        vec8 w = weight[v] * row[v], m = w * theta[v];
        weight[v] = w;
        s0 += w;
        s1 += m;
        s2 += m * theta[v];
    }
    out->s0[lane] = vec_sum(s0);
    out->s1[lane] = vec_sum(s1);
    out->s2[lane] = vec_sum(s2);
}

/* Keep the weights of a long test from underflow: a power of two changes no bit of the estimate. */
static void rescale(const struct irt_grid *grid, double *weight)
{
    for (size_t q = 0; q < grid->n_points; q++)
        weight[q] *= 0x1p500;
}

/* EAP of up to VEC_LANES sessions, each after one more scored answer. */
VEC_CLONES static void update_eap(const struct cat_design *design,
                                  struct cat_session *const *sessions, size_t n,
                                  const uint8_t *answer)
{
    const struct irt_grid *grid = &design->grid;
    struct moments moments __attribute__((aligned(64))) = {{1, 1, 1, 1, 1, 1, 1, 1}, {0}, {0}};
    for (size_t i = 0; i < n; i++) {
        const vec8 *row = (const vec8 *)design->likelihood +
                          (2 * (size_t)sessions[i]->item + answer[i]) * grid->n_vectors;
        if (grid->n_vectors == 5)
            multiply(grid, 5, row, (vec8 *)sessions[i]->weight, &moments, i);
        else
            multiply(grid, grid->n_vectors, row, (vec8 *)sessions[i]->weight, &moments, i);
    }
    vec8 s0 = *(vec8 *)moments.s0;
    vec8 mean = *(vec8 *)moments.s1 / s0, variance = *(vec8 *)moments.s2 / s0 - mean * mean;
    vec8 se = vec_sqrt(vec_choose((vec8i)(variance > 0.0), variance, vec_all(0)));
    for (size_t i = 0; i < n; i++) {
        sessions[i]->seen.theta = mean[i];
        sessions[i]->seen.se = se[i];
        if (moments.s0[i] < 0x1p-500)
            rescale(grid, sessions[i]->weight);
    }
}

static void update_ml(const struct cat_design *design, struct cat_session *self, uint8_t answer)
{
    const struct irt_item *item = &design->items[self->item];
    size_t k = self->seen.n_scored - 1;
    self->a[k] = item->a;
    self->b[k] = item->b;
    self->c[k] = item->c;
    self->d[k] = item->d;
    self->x[k] = answer;
    if (!design->is_lazy || self->seen.n_scored >= design->exam.min_items)
        estimate_ml(design, self);
}

/* Log an answer and charge its time; false when time ran out before it was given. */
static bool take_answer(const struct cat_design *design, struct cat_session *self, uint8_t answer,
                        double seconds)
{
    if (self->seen.elapsed_s + seconds > design->time_limit_s) {
        self->stop = CAT_STOP_TIME;
        self->seen.elapsed_s = design->time_limit_s;
        settle(design, self);
        return false;
    }
    self->seen.elapsed_s += seconds;
    self->items[self->seen.n_seen] = self->item;
    self->answers[self->seen.n_seen] = answer;
    self->seen.n_seen++;
    return true;
}

static void check_stop(const struct cat_design *design, struct cat_session *self)
{
    struct rule_session *seen = &self->seen;
    double distance = seen->theta - design->exam.cut_theta;
    seen->n_above_cut = distance > RULE_TIE ? seen->n_above_cut + 1 : 0;
    if (seen->n_scored >= design->exam.min_items && design->stop->step(&design->exam, seen))
        self->stop = CAT_STOP_RULE;
    else if (seen->n_scored >= design->exam.max_items)
        self->stop = CAT_STOP_MAXIMUM;
}

void cat_sessions_record(const struct cat_design *design, struct cat_session *const *sessions,
                         size_t n, const uint8_t *answer, const double *seconds)
{
    struct cat_session *scored[CAT_MAX_LANES];
    uint8_t scored_answer[CAT_MAX_LANES];
    bool is_timed = isfinite(design->time_limit_s);
    size_t n_scored = 0;
    for (size_t i = 0; i < n; i++) {
        if (!take_answer(design, sessions[i], answer[i], is_timed ? seconds[i] : 0) ||
            sessions[i]->item >= design->n_scored)
            continue;
        sessions[i]->seen.n_scored++;
        scored[n_scored] = sessions[i];
        scored_answer[n_scored++] = answer[i];
    }
    for (size_t i = 0; design->is_ml && i < n_scored; i++)
        update_ml(design, scored[i], scored_answer[i]);
    for (size_t i = 0; !design->is_ml && i < n_scored; i += VEC_LANES)
        update_eap(design, scored + i, n_scored - i < VEC_LANES ? n_scored - i : VEC_LANES,
                   scored_answer + i);
    for (size_t i = 0; i < n_scored; i++)
        check_stop(design, scored[i]);
}

bool cat_session_passes(const struct cat_design *design, const struct cat_session *self)
{
    if (self->stop == CAT_STOP_TIME)
        return design->out_of_time->passes(&design->exam, &self->seen);
    return cat_out_of_time_last_estimate.passes(&design->exam, &self->seen);
}
