/* Numbers rise; texts stay in the order in which they appear; bins are equal when their edges are.
 * SPDX-License-Identifier: Apache-2.0 */
#include "union_dim.h"

#include <stdint.h>
#include <string.h>

static bool edges_equal(const struct dataset_dim *a, size_t i, const struct dataset_dim *b,
                        size_t j)
{
    if (!a->bounds || !b->bounds)
        return !a->bounds == !b->bounds;
    return a->bounds[2 * i] == b->bounds[2 * j] && a->bounds[2 * i + 1] == b->bounds[2 * j + 1];
}

static bool equal(const struct dataset_dim *a, size_t i, const struct dataset_dim *b, size_t j)
{
    if (a->type != b->type)
        return false;
    if (a->type == DATASET_TEXT)
        return strcmp(a->text[i], b->text[j]) == 0;
    if (a->type == DATASET_COUNT)
        return a->count[i] == b->count[j];
    return a->real[i] == b->real[j] && edges_equal(a, i, b, j);
}

/* Whether the shorter of the two is the beginning of the other: as good as always. */
static bool one_begins_other(const struct dataset_dim *a, const struct dataset_dim *b)
{
    for (size_t i = 0; i < a->n && i < b->n; i++)
        if (!equal(a, i, b, i))
            return false;
    return a->type == b->type;
}

static size_t find(const struct dataset_dim *in, const struct dataset_dim *of, size_t i)
{
    size_t j = 0;
    while (j < in->n && !equal(of, i, in, j))
        j++;
    return j;
}

/* Where coordinate i of `from` goes among the n of `to`. */
static size_t place_of(const struct dataset_dim *to, const struct dataset_dim *from, size_t i)
{
    size_t at = to->n;
    if (to->type == DATASET_COUNT)
        while (at > 0 && to->count[at - 1] > from->count[i])
            at--;
    else if (to->type == DATASET_REAL)
        while (at > 0 && to->real[at - 1] > from->real[i])
            at--;
    return at;
}

static void insert(void *values, size_t n, size_t at, const void *value, size_t n_bytes)
{
    char *to = values;
    memmove(to + (at + 1) * n_bytes, to + at * n_bytes, (n - at) * n_bytes);
    memcpy(to + at * n_bytes, value, n_bytes);
}

/* Room for both, with the coordinates of self. */
static bool grow(struct dataset_dim *self, size_t n_more, struct arena *arena)
{
    const void *from = self->type == DATASET_REAL    ? (const void *)self->real
                       : self->type == DATASET_COUNT ? (const void *)self->count
                                                     : (const void *)self->text;
    void *values = arena_alloc(arena, (self->n + n_more) * 8);
    double *bounds = self->bounds ? arena_alloc(arena, (self->n + n_more) * 16) : NULL;
    if (!values || (self->bounds && !bounds))
        return false;
    memcpy(values, from, self->n * 8);
    if (bounds)
        memcpy(bounds, self->bounds, self->n * 16);
    self->real = self->type == DATASET_REAL ? values : NULL;
    self->count = self->type == DATASET_COUNT ? values : NULL;
    self->text = self->type == DATASET_TEXT ? values : NULL;
    self->bounds = bounds;
    return true;
}

static void take_in(struct dataset_dim *self, const struct dataset_dim *other, size_t i)
{
    size_t at = place_of(self, other, i);
    if (self->type == DATASET_REAL)
        insert((void *)self->real, self->n, at, &other->real[i], 8);
    else if (self->type == DATASET_COUNT)
        insert((void *)self->count, self->n, at, &other->count[i], 8);
    else
        insert((void *)self->text, self->n, at, &other->text[i], 8);
    if (self->bounds && other->bounds)
        insert((void *)self->bounds, self->n, at, &other->bounds[2 * i], 16);
    self->n++;
}

bool tally_union_add(struct union_dim *self, const struct dataset_dim *other, struct arena *arena)
{
    if (one_begins_other(&self->dim, other)) {
        if (other->n > self->dim.n)
            self->dim = *other;
        return true;
    }
    if (!grow(&self->dim, other->n, arena))
        return false;
    for (size_t i = 0; i < other->n; i++)
        if (find(&self->dim, other, i) == self->dim.n)
            take_in(&self->dim, other, i);
    return true;
}

void tally_union_map(struct union_dim *self, const struct dataset_dim *source)
{
    bool plain = one_begins_other(&self->dim, source);
    self->is_same = plain && self->dim.n == source->n;
    for (size_t i = 0; i < self->dim.n; i++) {
        size_t at = plain ? i : find(source, &self->dim, i);
        self->map[i] = at < source->n ? at : SIZE_MAX;
    }
}
