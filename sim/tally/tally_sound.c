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

/* x to the power of 2, within the range of SUM_BITS. */
static bool is_square(exact_int x, exact_int square)
{
    exact_int own;
    return !__builtin_mul_overflow(x, x, &own) && own == square;
}

/* What the sums over blocks say of each other, whatever the blocks were: where the denominators are
 * 0 so is all; of one block the sums of squares are its squares; of several Cauchy-Schwarz holds,
 * and what is never negative has a square of the sum above the sum of squares. So nothing that a
 * statistic does not show, since it is NaN or does not depend on it, comes in with later blocks. */
static bool ratio_fits(const struct exact_ratio *ratio, int64_t n_blocks, bool is_of_counts)
{
    const double slack = 1 + 1e-9, b = (double)n_blocks; /* the products are rounded */
    double y = (double)ratio->y, n = (double)ratio->n, yy = (double)ratio->yy,
           yn = (double)ratio->yn, nn = (double)ratio->nn;
    if (ratio->n == 0)
        return ratio->y == 0 && ratio->yy == 0 && ratio->yn == 0 && ratio->nn == 0;
    if (n_blocks == 1)
        return is_square(ratio->y, ratio->yy) && is_square(ratio->n, ratio->nn) &&
               yn * yn >= yy * nn / slack && yn * yn <= yy * nn * slack;
    return y * y <= b * yy * slack && n * n <= b * nn * slack && nn <= n * n * slack &&
           yn * yn <= yy * nn * slack &&
           (!is_of_counts || (yy <= y * y * slack && yy <= yn * slack));
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
           (cell->n > 0 || cell->y == 0) && (!is_of_counts || (cell->y >= 0 && cell->y <= cell->n));
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

static bool denominators_are_same(const struct tally *self, size_t a, size_t b)
{
    const struct exact_ratio *one = &self->ratios[a], *other = &self->ratios[b];
    return one->n == other->n && one->nn == other->nn;
}

/* Whoever sat is in three rates of a bin of ability, and every item in each rate of items. */
static bool denominators_agree(const struct tally *self)
{
    const struct tally_shape *shape = self->shape;
    size_t pass = tally_theta_rate(shape, THETA_PASS, 0, 0),
           bias = tally_theta_rate(shape, THETA_BIAS, 0, 0),
           square = tally_theta_rate(shape, THETA_SQUARE, 0, 0),
           exposure = tally_item_rate(shape, ITEM_EXPOSURE, 0),
           again = tally_item_rate(shape, ITEM_SEEN_AGAIN, 0);
    bool agree = true;
    for (size_t k = 0; k < bias - pass; k++)
        agree = agree && denominators_are_same(self, pass + k, bias + k) &&
                denominators_are_same(self, pass + k, square + k);
    for (size_t k = 0; k < again - exposure; k++)
        agree = agree && denominators_are_same(self, exposure, exposure + k) &&
                denominators_are_same(self, again, again + k);
    return agree;
}

static bool ratios_are_sound(const struct tally *self)
{
    bool is_sound = true;
    for (size_t r = 0; r < self->shape->n_replicates; r++)
        is_sound = is_sound && replicate_is_sound(self, r);
    for (size_t k = 0; k < self->n_ratios && self->shape->n_replicates == 0; k++) {
        bool is_of_counts = is_share(self->shape, k);
        is_sound = is_sound && ratio_is_sound(&self->ratios[k], is_of_counts) &&
                   ratio_fits(&self->ratios[k], self->n_blocks, is_of_counts);
    }
    return is_sound && (self->shape->n_replicates > 0 || denominators_agree(self));
}

bool tally_is_sound(const struct tally *self, uint64_t n_candidates)
{
    uint64_t n_blocks = n_candidates / TALLY_BLOCK + (n_candidates % TALLY_BLOCK > 0);
    bool blocks_agree = self->shape->n_replicates > 0
                            ? self->n_blocks >= 0 && is_within(self->n_blocks, COUNT_BITS)
                            : self->n_blocks >= 0 && (uint64_t)self->n_blocks == n_blocks;
    return blocks_agree && counts_are_sound(self, n_candidates) && ratios_are_sound(self);
}
