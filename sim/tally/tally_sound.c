/* Whether counters from a file can be those of so many candidates. The bounds leave room to add two
 * sound tallies, so that nothing overflows before the sum is looked at in turn.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/tally/tally.h>

#include "cells.h"

enum { COUNT_BITS = 61, CELL_BITS = 57, SUM_BITS = 120 };

static bool is_within(exact_int x, int n_bits)
{
    return x <= (exact_int)1 << n_bits && x >= -((exact_int)1 << n_bits);
}

/* ---- counts ---- */

/* Of a table, a group or all; -1 where a count is negative. */
static exact_int table_total(const struct tally *self, enum count which, size_t from, size_t n)
{
    exact_int sum = 0;
    for (size_t i = from; i < from + n; i++) {
        int64_t x = self->counts[self->table[which] + i];
        if (x < 0)
            return -1;
        sum += x;
    }
    return sum;
}

/* Each candidate is in these tables once. */
static bool groups_agree(const struct tally *self)
{
    static const enum count once[] = {COUNT_ATTEMPTS_USED, COUNT_OUTCOME, COUNT_END_AFTER};
    for (size_t g = 0; g < self->shape->n_groups; g++)
        for (size_t k = 0; k < sizeof once / sizeof once[0]; k++) {
            size_t n = self->of_group[once[k]];
            if (table_total(self, once[k], g * n, n) != *tally_count(self, COUNT_CANDIDATES, g, 0))
                return false;
        }
    return true;
}

static bool counts_are_sound(const struct tally *self, uint64_t n_candidates)
{
    for (int k = 0; k < N_COUNTS; k++) {
        exact_int sum = table_total(self, (enum count)k, 0, self->table[k + 1] - self->table[k]);
        if (sum < 0 || !is_within(sum, COUNT_BITS))
            return false;
    }
    return table_total(self, COUNT_CANDIDATES, 0, self->shape->n_groups) ==
               (exact_int)n_candidates &&
           groups_agree(self);
}

/* ---- ratios ---- */

/* Whether ratio k is of one count within another; the others have fixed-point sums. */
static bool is_share(const struct tally_shape *shape, size_t k)
{
    return k < tally_rate(shape, RATE_MINUTES, 0, 0) ||
           (k >= tally_theta_rate(shape, THETA_PASS, 0, 0) &&
            k < tally_theta_rate(shape, THETA_BIAS, 0, 0)) ||
           k >= tally_item_rate(shape, ITEM_EXPOSURE, 0);
}

static bool ratio_is_sound(const struct exact_ratio *ratio, bool is_of_counts)
{
    return is_within(ratio->y, is_of_counts ? COUNT_BITS : SUM_BITS) &&
           is_within(ratio->n, COUNT_BITS) && is_within(ratio->yy, SUM_BITS) &&
           is_within(ratio->yn, SUM_BITS) && is_within(ratio->nn, SUM_BITS) && ratio->n >= 0 &&
           ratio->yy >= 0 && ratio->nn >= 0 &&
           (!is_of_counts || (ratio->y >= 0 && ratio->y <= ratio->n));
}

bool tally_sums_are_sound(const struct exact_pair *pair)
{
    return ratio_is_sound(&pair->first, false) && ratio_is_sound(&pair->second, false) &&
           is_within(pair->yy, SUM_BITS) && is_within(pair->yn, SUM_BITS) &&
           is_within(pair->ny, SUM_BITS) && is_within(pair->nn, SUM_BITS);
}

static bool cell_is_sound(const struct tally_cell *cell, bool is_of_counts)
{
    return is_within(cell->y, CELL_BITS) && is_within(cell->n, CELL_BITS) && cell->n >= 0 &&
           (!is_of_counts || (cell->y >= 0 && cell->y <= cell->n));
}

static bool replicate_is_sound(const struct tally *self, size_t replicate)
{
    size_t n_cells = tally_replicate_n_cells(self);
    const struct tally_cell *cells = self->replicates + replicate * n_cells;
    for (size_t k = 0; k < n_cells; k++)
        if (!cell_is_sound(&cells[k], k < self->n_ratios && is_share(self->shape, k)))
            return false;
    return true;
}

static bool ratios_are_sound(const struct tally *self)
{
    bool is_sound = true;
    for (size_t r = 0; r < self->shape->n_replicates; r++)
        is_sound = is_sound && replicate_is_sound(self, r);
    for (size_t k = 0; k < self->n_ratios && self->shape->n_replicates == 0; k++)
        is_sound = is_sound && ratio_is_sound(&self->ratios[k], is_share(self->shape, k));
    return is_sound;
}

bool tally_is_sound(const struct tally *self, uint64_t n_candidates)
{
    uint64_t n_blocks = n_candidates / TALLY_BLOCK + (n_candidates % TALLY_BLOCK > 0);
    bool blocks_agree = self->shape->n_replicates > 0
                            ? self->n_blocks >= 0 && is_within(self->n_blocks, COUNT_BITS)
                            : self->n_blocks >= 0 && (uint64_t)self->n_blocks == n_blocks;
    return blocks_agree && counts_are_sound(self, n_candidates) && ratios_are_sound(self);
}
