/* A plan for the rest of a test, kept beside the session: so many items of each cell until
 * min_items and after it, such that every limit is met at the end. The next item must leave a plan.
 * One of a planned cell does; for another the plan is mended, one swap at a time, by the swap that
 * lowers the misses most, with the last moves forbidden for a while (tabu search; Glover 1989). As
 * the plan is always at hand, a test never runs into a dead end, which a choice that only looks at
 * counts can; a full plan of the rest is what a shadow test is (van der Linden & Reese 1998), found
 * here by search and so not the most informative one. Until min_items the least numbers count what
 * is planned until there, for the test may end then; afterwards all.
 * SPDX-License-Identifier: Apache-2.0 */
#include "blueprint.h"

#include <string.h>

enum { STEPS_OF_ITEM = 24, STEPS_OF_TEST = 3000, TENURE = 7, SAMPLE = 256 };

struct cat_blueprint_state *cat_blueprint_state_new(const struct cat_blueprint *self,
                                                    struct arena *arena)
{
    size_t n_numbers = 3 * self->n_cells + 3 * self->n_rows + self->n_shares;
    struct cat_blueprint_state *states[3] = {NULL, NULL, NULL};
    for (int k = 0; k < 3; k++) {
        struct cat_blueprint_state *state = states[k] = arena_alloc(arena, sizeof *state);
        uint32_t *numbers = arena_alloc(arena, (n_numbers + 1) * sizeof *numbers);
        if (!state || !numbers)
            return NULL;
        state->plan[0] = numbers;
        state->plan[1] = numbers + self->n_cells;
        state->n_free = numbers + 2 * self->n_cells;
        state->v0 = numbers + 3 * self->n_cells;
        state->v = state->v0 + self->n_rows;
        state->shown = state->v + self->n_rows;
        state->n_shown = state->shown + self->n_rows;
    }
    struct cat_blueprint_state *state = states[0];
    state->best = states[1];
    state->before = states[2];
    state->open = arena_alloc(arena, (self->n_words + 1) * sizeof *state->open);
    state->is_closed = arena_alloc(arena, self->n_cells + 1);
    state->is_open = arena_alloc(arena, self->greatest_group + 1);
    state->gain = arena_alloc(arena, (self->n_rows + 1) * sizeof *state->gain);
    for (int p = 0; p < 2; p++)
        state->until[p] = arena_alloc(arena, (2 * self->n_cells + 1) * sizeof *state->until[p]);
    bool is_whole = state->open && state->is_closed && state->is_open && state->gain &&
                    state->until[0] && state->until[1];
    return is_whole ? state : NULL;
}

/* The numbers that a plan is, from one state to another. */
static void copy_state(const struct cat_blueprint *self, const struct cat_blueprint_state *from,
                       struct cat_blueprint_state *to)
{
    size_t n_numbers = 3 * self->n_cells + 3 * self->n_rows + self->n_shares;
    memcpy(to->plan[0], from->plan[0], n_numbers * sizeof *to->plan[0]);
    memcpy(to->left, from->left, sizeof to->left);
    memcpy(to->planned, from->planned, sizeof to->planned);
    to->misses = from->misses;
    to->is_stale = from->is_stale;
}

void cat_blueprint_begin(const struct cat_blueprint *self, struct cat_blueprint_state *state)
{
    copy_state(self, self->base, state);
}

/* ---- misses ---- */

/* Whether the test has gone on behind min_items. */
static bool is_behind(const struct cat_blueprint *self, const struct cat_blueprint_state *state)
{
    return state->left[1] < self->length[1];
}

/* What least numbers count. */
static const uint32_t *low_values(const struct cat_blueprint *self,
                                  const struct cat_blueprint_state *state)
{
    return is_behind(self, state) ? state->v : state->v0;
}

static uint32_t count_misses(const struct cat_blueprint *self,
                             const struct cat_blueprint_state *state)
{
    const uint32_t *low = low_values(self, state);
    uint32_t n = state->left[0] - state->planned[0] + state->left[1] - state->planned[1];
    for (size_t r = 0; r < self->n_rows; r++) {
        n += low[r] < self->least[r] ? self->least[r] - low[r] : 0;
        n += state->v[r] > self->most[r] ? state->v[r] - self->most[r] : 0;
    }
    return n;
}

static void plan_change(const struct cat_blueprint *self, struct cat_blueprint_state *state, int p,
                        size_t cell, uint32_t by)
{
    state->plan[p][cell] += by;
    state->planned[p] += by;
    for (uint32_t k = self->first_row[cell]; k < self->first_row[cell + 1]; k++) {
        state->v[self->rows[k]] += by;
        if (p == 0)
            state->v0[self->rows[k]] += by;
    }
}

static const uint32_t less = UINT32_MAX; /* -1 */

/* What one more item of a row, in phase p, adds to the misses. */
static void find_gains(const struct cat_blueprint *self, struct cat_blueprint_state *state, int p)
{
    bool is_low = p == 0 || is_behind(self, state);
    const uint32_t *low = low_values(self, state);
    for (size_t r = 0; r < self->n_rows; r++)
        state->gain[r] = (state->v[r] >= self->most[r]) - (is_low && low[r] < self->least[r]);
}

static int32_t gain_of(const struct cat_blueprint *self, const struct cat_blueprint_state *state,
                       size_t cell)
{
    int32_t sum = 0;
    for (uint32_t k = self->first_row[cell]; k < self->first_row[cell + 1]; k++)
        sum += state->gain[self->rows[k]];
    return sum;
}

static bool has_room(const struct cat_blueprint_state *state, size_t cell)
{
    return state->plan[0][cell] + state->plan[1][cell] < state->n_free[cell];
}

/* Cells to choose from: those of a row, or all. */
struct cells {
    const uint32_t *list; /* NULL: all */
    size_t n;
};

static inline size_t cell_at(const struct cells *self, size_t k)
{
    return self->list ? self->list[k] : k;
}

static struct cells cells_of(const struct cat_blueprint *self, size_t row)
{
    return (struct cells){self->cells + self->first_cell[row],
                          self->first_cell[row + 1] - self->first_cell[row]};
}

/* Of many cells a step looks at an even sample, of which each step has another. */
static size_t stride_of(const struct cells *cells, uint32_t step)
{
    return step > 0 ? 1 + cells->n / SAMPLE : 1;
}

/* The cell with room that one more item of misses least; n_cells: none has. */
static size_t best_addition(const struct cat_blueprint *self, struct cat_blueprint_state *state,
                            const struct cells *cells, int p, uint32_t step, int32_t *gain)
{
    size_t best = self->n_cells;
    find_gains(self, state, p);
    size_t stride = stride_of(cells, step);
    for (size_t k = step % stride; k < cells->n; k += stride) {
        size_t c = cell_at(cells, k);
        if (!has_room(state, c) || state->until[p][c] > step)
            continue;
        int32_t sum = gain_of(self, state, c);
        if (best == self->n_cells || sum < *gain) {
            best = c;
            *gain = sum;
        }
    }
    return best;
}

/* ---- moves ---- */

struct move {
    int phase;
    size_t from, to;
    bool is_exchange; /* from goes behind min_items, to comes before it */
    uint32_t misses;
};

/* Two planned cells change places over min_items; from has left its place and stands behind. */
static void consider_exchanges(const struct cat_blueprint *self, struct cat_blueprint_state *state,
                               const struct cells *cells, size_t from, uint32_t step,
                               struct move *best)
{
    size_t stride = stride_of(cells, step);
    for (size_t k = step % stride; k < cells->n; k += stride) {
        size_t to = cell_at(cells, k);
        if (to == from || !state->plan[1][to] || state->until[0][self->n_cells + to] > step)
            continue;
        plan_change(self, state, 1, to, less);
        plan_change(self, state, 0, to, 1);
        uint32_t misses = count_misses(self, state);
        plan_change(self, state, 0, to, less);
        plan_change(self, state, 1, to, 1);
        if (misses < best->misses)
            *best = (struct move){0, from, to, true, misses};
    }
}

/* The best thing to do with one planned item of a cell, with another of some cells in its place. */
static void consider_cell(const struct cat_blueprint *self, struct cat_blueprint_state *state,
                          const struct cells *cells, int p, size_t from, uint32_t step,
                          struct move *best)
{
    int32_t gain = 0;
    uint32_t was = state->until[p][from];
    state->until[p][from] = UINT32_MAX;
    plan_change(self, state, p, from, less);
    size_t to = best_addition(self, state, cells, p, step, &gain);
    uint32_t misses = count_misses(self, state) - 1; /* one of p is lacking */
    if (to < self->n_cells && (uint32_t)((int32_t)misses + gain) < best->misses)
        *best = (struct move){p, from, to, false, (uint32_t)((int32_t)misses + gain)};
    if (p == 0 && state->planned[1] > 0) {
        plan_change(self, state, 1, from, 1);
        consider_exchanges(self, state, cells, from, step, best);
        plan_change(self, state, 1, from, less);
    }
    plan_change(self, state, p, from, 1);
    state->until[p][from] = was;
}

/* The moves that help a row: another item for one of too many, or one of its own for any. */
static void consider_row(const struct cat_blueprint *self, struct cat_blueprint_state *state,
                         size_t row, uint32_t step, struct move *best)
{
    const struct cells of_row = cells_of(self, row), all = {NULL, self->n_cells};
    bool is_excess = state->v[row] > self->most[row];
    const struct cells *from = is_excess ? &of_row : &all, *to = is_excess ? &all : &of_row;
    for (int p = 0; p < 2; p++)
        for (size_t k = 0; k < from->n; k++) {
            size_t c = cell_at(from, k);
            if (state->plan[p][c] > 0 && state->until[p][self->n_cells + c] <= step)
                consider_cell(self, state, to, p, c, step, best);
        }
}

/* A row whose limits are missed, from some row on; n_rows: none. */
static size_t missed_row(const struct cat_blueprint *self, const struct cat_blueprint_state *state,
                         size_t first)
{
    const uint32_t *low = low_values(self, state);
    for (size_t k = 0; k < self->n_rows; k++) {
        size_t r = (first + k) % self->n_rows;
        if (low[r] < self->least[r] || state->v[r] > self->most[r])
            return r;
    }
    return self->n_rows;
}

static void make_move(const struct cat_blueprint *self, struct cat_blueprint_state *state,
                      const struct move *move, uint32_t step)
{
    size_t n = self->n_cells;
    plan_change(self, state, move->phase, move->from, less);
    if (move->is_exchange) {
        plan_change(self, state, 1, move->from, 1);
        plan_change(self, state, 1, move->to, less);
        state->until[0][n + move->from] = step + TENURE;
    }
    plan_change(self, state, move->phase, move->to, 1);
    state->until[move->phase][move->from] = step + TENURE;   /* not to be added again */
    state->until[move->phase][n + move->to] = step + TENURE; /* nor this one removed */
    state->misses = move->misses;
}

/* Fill what the plan lacks. */
static void fill_plan(const struct cat_blueprint *self, struct cat_blueprint_state *state)
{
    const struct cells all = {NULL, self->n_cells};
    int32_t gain = 0;
    size_t cell;
    for (int p = 0; p < 2; p++)
        while (state->planned[p] < state->left[p] &&
               (cell = best_addition(self, state, &all, p, 0, &gain)) < self->n_cells)
            plan_change(self, state, p, cell, 1);
    state->misses = count_misses(self, state);
}

/* Swap until no limit is missed by more than enough; the best plan that was met stays. */
static void mend_plan(const struct cat_blueprint *self, struct cat_blueprint_state *state,
                      uint32_t enough, uint32_t n_steps)
{
    struct cat_blueprint_state *best = state->best;
    for (int p = 0; p < 2; p++)
        memset(state->until[p], 0, 2 * self->n_cells * sizeof *state->until[p]);
    fill_plan(self, state);
    if (state->misses <= enough)
        return;
    copy_state(self, state, best);
    uint32_t patience = n_steps / 2, last = patience;
    for (uint32_t step = 1; step <= last && state->misses > enough; step++) {
        struct move move = {.misses = UINT32_MAX};
        size_t row = missed_row(self, state, step * 7 % self->n_rows);
        if (row < self->n_rows)
            consider_row(self, state, row, step, &move);
        if (move.misses == UINT32_MAX)
            break;
        make_move(self, state, &move, step);
        if (state->misses < best->misses) {
            copy_state(self, state, best);
            last = step + patience < n_steps ? step + patience : n_steps;
        }
    }
    if (best->misses < state->misses)
        copy_state(self, best, state);
}

bool cat_blueprint_solve(const struct cat_blueprint *self, struct cat_blueprint_state *state)
{
    memcpy(state->n_free, self->n_items, self->n_cells * sizeof *state->n_free);
    memcpy(state->left, self->length, sizeof state->left);
    mend_plan(self, state, 0, STEPS_OF_TEST);
    return state->misses == 0;
}

void cat_blueprint_refresh(const struct cat_blueprint *self, struct cat_blueprint_state *state)
{
    bool is_changed = false;
    if (!state->is_stale)
        return;
    state->is_stale = false;
    for (size_t c = 0; c < self->n_cells; c++)
        for (int p = 1; state->plan[0][c] + state->plan[1][c] > state->n_free[c];) {
            p = state->plan[1][c] > 0;
            plan_change(self, state, p, c, less);
            is_changed = true;
        }
    if (is_changed || state->misses > 0)
        mend_plan(self, state, 0, STEPS_OF_ITEM);
}

/* ---- the next item ---- */

static void note_shown(const struct cat_blueprint *self, struct cat_blueprint_state *state,
                       uint32_t cell, int p)
{
    state->left[p]--;
    for (uint32_t k = self->first_row[cell]; k < self->first_row[cell + 1]; k++)
        state->shown[self->rows[k]]++;
}

/* An item that was not planned takes the place of the one that is missed least. */
static void make_place(const struct cat_blueprint *self, struct cat_blueprint_state *state,
                       uint32_t cell, int p)
{
    size_t best = self->n_cells;
    uint32_t fewest = UINT32_MAX;
    for (uint32_t k = self->first_row[cell]; k < self->first_row[cell + 1]; k++) {
        state->v[self->rows[k]]++;
        state->v0[self->rows[k]] += p == 0;
    }
    for (size_t c = 0; c < self->n_cells && state->planned[p] > state->left[p]; c++) {
        if (!state->plan[p][c])
            continue;
        plan_change(self, state, p, c, less);
        uint32_t misses = count_misses(self, state);
        plan_change(self, state, p, c, 1);
        if (misses < fewest) {
            fewest = misses;
            best = c;
        }
    }
    if (best < self->n_cells)
        plan_change(self, state, p, best, less);
}

static bool replan(const struct cat_blueprint *self, struct cat_blueprint_state *state,
                   uint32_t cell, int p, bool by_force)
{
    uint32_t enough = state->misses;
    copy_state(self, state, state->before);
    note_shown(self, state, cell, p);
    state->n_free[cell]--;
    make_place(self, state, cell, p);
    state->misses = count_misses(self, state);
    if (state->misses > enough)
        mend_plan(self, state, enough, STEPS_OF_ITEM);
    if (state->misses > enough && !by_force) {
        copy_state(self, state->before, state);
        return false;
    }
    state->n_free[cell]++; /* blocking the item takes it away */
    return true;
}

bool cat_blueprint_take(const struct cat_blueprint *self, struct cat_blueprint_state *state,
                        uint32_t cell, bool by_force)
{
    int p = state->left[0] == 0;
    if (state->plan[p][cell] > 0) {
        state->plan[p][cell]--;
        state->planned[p]--;
        note_shown(self, state, cell, p);
        if (state->misses > 0)
            state->misses = count_misses(self, state);
        return true;
    }
    return replan(self, state, cell, p, by_force);
}
