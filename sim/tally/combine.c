/* Tallies added up, and as bytes.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/tally/tally.h>

#include <assert.h>
#include <string.h>

#include "cells.h"

static void merge_replicate(struct tally *self, const struct tally *other, size_t replicate)
{
    size_t n_cells = tally_replicate_n_cells(self);
    struct tally_cell *to = self->replicates + replicate * n_cells;
    const struct tally_cell *from = other->replicates + replicate * n_cells;
    if (from[self->n_ratios].n == 0) /* no candidates */
        return;
    for (size_t k = 0; k < n_cells; k++) {
        to[k].y += from[k].y;
        to[k].n += from[k].n;
    }
}

void tally_merge(struct tally *self, const struct tally *other)
{
    self->n_blocks += other->n_blocks;
    for (size_t k = 0; k < self->n_counts; k++)
        self->counts[k] += other->counts[k];
    for (size_t k = 0; k < self->n_ratios; k++)
        exact_ratio_merge(&self->ratios[k], &other->ratios[k]);
    for (size_t r = 0; r < self->shape->n_replicates; r++)
        merge_replicate(self, other, r);
}

/* ---- what policies share, taken over by one that may have fewer attempts and cycles ---- */

static void add_counts(const struct tally *from, struct tally *to)
{
    for (size_t k = 0; k < N_COUNTS; k++) {
        size_t n = to->of_group[k] < from->of_group[k] ? to->of_group[k] : from->of_group[k];
        for (size_t g = 0; g < to->shape->n_groups; g++) {
            const int64_t *of = tally_count(from, (enum count)k, g, 0);
            int64_t *sum = tally_count(to, (enum count)k, g, 0);
            for (size_t i = 0; i < n; i++)
                sum[i] += of[i];
        }
    }
}

static void add_cells(const struct tally_cell *from, size_t n, struct tally_cell *to)
{
    for (size_t k = 0; k < n; k++) {
        to[k].y += from[k].y;
        to[k].n += from[k].n;
    }
}

static void add_replicate(const struct tally *from, size_t replicate, struct tally *to)
{
    const struct tally_shape *old = from->shape, *new = to->shape;
    const struct tally_cell *of = from->replicates + replicate * tally_replicate_n_cells(from);
    struct tally_cell *sum = to->replicates + replicate * tally_replicate_n_cells(to);
    for (int k = 0; k < N_RATES; k++)
        for (size_t row = 0; row < new->n_rows; row++)
            add_cells(of + tally_rate(old, (enum rate)k, row, 0), new->n_attempts,
                      sum + tally_rate(new, (enum rate)k, row, 0));
    for (int k = 0; k < N_THETA_RATES; k++)
        add_cells(of + tally_theta_rate(old, (enum theta_rate)k, 0, 0),
                  new->n_attempts *new->theta.n,
                  sum + tally_theta_rate(new, (enum theta_rate)k, 0, 0));
    add_cells(of + from->n_ratios, new->n_rows *N_MEANS, sum + to->n_ratios);
}

void tally_inherit(struct tally *self, const struct tally *shared)
{
    assert(self->shape->n_attempts <= shared->shape->n_attempts);
    self->n_blocks += shared->n_blocks;
    add_counts(shared, self);
    for (size_t r = 0; r < self->shape->n_replicates; r++)
        if (shared->is_used[r]) {
            add_replicate(shared, r, self);
            self->is_used[r] = true;
        }
}

/* ---- bytes: n_blocks, counts, then ratios or, with a library, the cells of its replicates ---- */

static size_t n_ratio_bytes(const struct tally_shape *shape)
{
    size_t n = tally_item_rate(shape, N_ITEM_RATES, 0);
    if (shape->n_replicates == 0)
        return n * sizeof(struct exact_ratio);
    return shape->n_replicates * (n + shape->n_rows * N_MEANS) * sizeof(struct tally_cell);
}

static void *ratio_bytes(const struct tally *self)
{
    return self->shape->n_replicates > 0 ? (void *)self->replicates : (void *)self->ratios;
}

size_t tally_n_bytes(const struct tally_shape *shape)
{
    size_t sizes[N_COUNTS], n_counts = 0;
    tally_table_sizes(shape, sizes);
    for (size_t k = 0; k < N_COUNTS; k++)
        n_counts += sizes[k] * shape->n_groups;
    return (1 + n_counts) * sizeof(int64_t) + n_ratio_bytes(shape);
}

void tally_pack(const struct tally *self, void *bytes)
{
    char *to = bytes;
    size_t n_counts = self->n_counts * sizeof *self->counts;
    memcpy(to, &self->n_blocks, sizeof self->n_blocks);
    memcpy(to + sizeof self->n_blocks, self->counts, n_counts);
    memcpy(to + sizeof self->n_blocks + n_counts, ratio_bytes(self), n_ratio_bytes(self->shape));
}

void tally_unpack(struct tally *self, const void *bytes)
{
    const char *from = bytes;
    size_t n_counts = self->n_counts * sizeof *self->counts;
    memcpy(&self->n_blocks, from, sizeof self->n_blocks);
    memcpy(self->counts, from + sizeof self->n_blocks, n_counts);
    memcpy(ratio_bytes(self), from + sizeof self->n_blocks + n_counts, n_ratio_bytes(self->shape));
}
