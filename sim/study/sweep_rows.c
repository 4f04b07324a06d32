/* Rows in blocks. A block is a joined dataset with room for more rows than it has: its dimension of
 * rows grows as they come. Blocks of one shape double in size up to a limit and share the texts of
 * the first.
 * SPDX-License-Identifier: Apache-2.0 */
#include "sweep_rows.h"

#include "sweep_parts.h"
#include "sweep_row.h"

#include <retake/tally/join.h>

#include <stdlib.h>
#include <string.h>

enum { MAX_ROOM = 256, GROWTH = 4, MAX_OPEN = 64 };

struct study_block {
    struct study_block *older;
    struct dataset joined; /* dimension 0: the rows */
    size_t n_room;
};

enum err_code study_rows_init(struct study_rows *self, size_t first, size_t n, struct err *err)
{
    *self = (struct study_rows){.first = first, .n = n};
    self->rows = calloc(n + 1, sizeof *self->rows);
    return study_sweep_memory(self->rows, err);
}

void study_rows_forget(struct study_rows *self)
{
    for (struct study_block *block = self->newest, *older; block; block = older) {
        older = block->older;
        dataset_free(&block->joined);
        free(block);
    }
    self->newest = NULL;
    self->n_done = 0;
    if (self->rows)
        memset(self->rows, 0, self->n * sizeof *self->rows);
}

void study_rows_free(struct study_rows *self)
{
    study_rows_forget(self);
    free(self->rows);
    self->rows = NULL;
}

bool study_rows_is_done(const struct study_rows *self, size_t point)
{
    return self->rows[point - self->first].joined;
}

/* ---- shapes ---- */

static bool texts_equal(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static bool dims_equal(const struct dataset_dim *a, const struct dataset_dim *b)
{
    if (a->n != b->n || a->type != b->type || !a->bounds != !b->bounds ||
        !texts_equal(a->name, b->name))
        return false;
    for (size_t i = 0; a->type == DATASET_TEXT && i < a->n; i++)
        if (strcmp(a->text[i], b->text[i]) != 0)
            return false;
    return (a->type != DATASET_REAL || memcmp(a->real, b->real, a->n * sizeof *a->real) == 0) &&
           (a->type != DATASET_COUNT || memcmp(a->count, b->count, a->n * sizeof *a->count) == 0) &&
           (!a->bounds || memcmp(a->bounds, b->bounds, 2 * a->n * sizeof *a->bounds) == 0);
}

/* Whether a row goes into a block as it is. */
static bool has_shape(const struct dataset *joined, const struct dataset *row)
{
    if (joined->n_dims != row->n_dims + 1 || joined->n_vars != row->n_vars)
        return false;
    for (size_t d = 0; d < row->n_dims; d++)
        if (!dims_equal(&joined->dims[d + 1], &row->dims[d]))
            return false;
    for (size_t v = 0; v < row->n_vars; v++) {
        const struct dataset_var *a = &joined->vars[v], *b = &row->vars[v];
        if (a->type != b->type || a->n_dims != b->n_dims + 1 || !texts_equal(a->name, b->name))
            return false;
        for (size_t k = 0; k < b->n_dims; k++)
            if (a->dim[k + 1] != b->dim[k] + 1)
                return false;
    }
    return true;
}

/* ---- blocks ---- */

/* Room for the values of a variable. */
static bool values_new(struct dataset *joined, struct dataset_var *var, size_t n)
{
    void *values = arena_alloc(&joined->arena, n * 8);
    var->real = var->type == DATASET_REAL ? values : NULL;
    var->count = var->type == DATASET_COUNT ? values : NULL;
    var->text = var->type == DATASET_TEXT ? values : NULL;
    return values;
}

/* Of the shape of a joined dataset, whose texts and coordinates it shares. */
static struct study_block *block_like(const struct dataset *shape, size_t n_room)
{
    struct study_block *self = calloc(1, sizeof *self);
    if (!self)
        return NULL;
    struct dataset *joined = &self->joined;
    *joined = (struct dataset){.n_dims = shape->n_dims, .n_vars = shape->n_vars};
    self->n_room = n_room;
    joined->dims = arena_alloc(&joined->arena, shape->n_dims * sizeof *joined->dims);
    joined->vars = arena_alloc(&joined->arena, shape->n_vars * sizeof *joined->vars);
    int64_t *numbers = arena_alloc(&joined->arena, n_room * sizeof *numbers);
    bool is_made = joined->dims && joined->vars && numbers;
    if (is_made) {
        memcpy(joined->dims, shape->dims, shape->n_dims * sizeof *joined->dims);
        memcpy(joined->vars, shape->vars, shape->n_vars * sizeof *joined->vars);
        joined->dims[0].n = 0;
        joined->dims[0].count = numbers;
    }
    for (size_t v = 0; v < joined->n_vars && is_made; v++) {
        struct dataset_var *var = &joined->vars[v];
        size_t n_inner = shape->dims[0].n ? var->n / shape->dims[0].n : var->n;
        var->n = 0;
        is_made = values_new(joined, var, n_inner * n_room);
    }
    if (is_made)
        return self;
    dataset_free(joined);
    free(self);
    return NULL;
}

/* The first block of its shape: of the row itself. */
static struct study_block *block_first(const struct dataset *row, struct err *err)
{
    struct study_block *self = calloc(1, sizeof *self);
    if (study_sweep_memory(self, err) != ERR_OK)
        return NULL;
    const struct dataset_row one = {.dataset = row};
    const struct dataset_joint joint = {.dim = "scenario",
                                        .long_name = "number of the policy in the design",
                                        .n_rows = 1,
                                        .rows = &one};
    self->n_room = 1;
    if (dataset_join(&joint, &self->joined, err) == ERR_OK)
        return self;
    dataset_free(&self->joined);
    free(self);
    return NULL;
}

/* The values of a row behind those that are there. */
static bool block_append(struct study_block *self, const struct dataset *row)
{
    struct dataset *joined = &self->joined;
    size_t at = joined->dims[0].n;
    for (size_t v = 0; v < row->n_vars; v++) {
        const struct dataset_var *from = &row->vars[v];
        struct dataset_var *to = &joined->vars[v];
        size_t n = from->n;
        if (from->type == DATASET_REAL)
            memcpy((double *)to->real + at * n, from->real, n * sizeof *from->real);
        else if (from->type == DATASET_COUNT)
            memcpy((int64_t *)to->count + at * n, from->count, n * sizeof *from->count);
        else
            for (size_t i = 0; i < n; i++) {
                const char **texts = (const char **)to->text + at * n;
                bool repeats = at > 0 && strcmp(texts[i - n], from->text[i]) == 0;
                texts[i] = repeats
                               ? texts[i - n]
                               : arena_text(&joined->arena, from->text[i], strlen(from->text[i]));
                if (!texts[i])
                    return false;
            }
        to->n = (at + 1) * n;
    }
    joined->dims[0].n = at + 1;
    return true;
}

/* The block of a row's shape that was used last, among the newest; it then is the newest. */
static struct study_block *block_find(struct study_rows *self, const struct dataset *row)
{
    struct study_block **link = &self->newest;
    for (size_t k = 0; *link && k < MAX_OPEN; k++, link = &(*link)->older)
        if (has_shape(&(*link)->joined, row)) {
            struct study_block *found = *link;
            *link = found->older;
            found->older = self->newest;
            return self->newest = found;
        }
    return NULL;
}

static void block_push(struct study_rows *self, struct study_block *block)
{
    block->older = self->newest;
    self->newest = block;
}

static void row_enter(struct study_rows *self, size_t point, const struct dataset *joined)
{
    size_t at = joined->dims[0].n - 1;
    ((int64_t *)joined->dims[0].count)[at] = (int64_t)point + 1;
    self->rows[point - self->first].joined = joined;
    self->rows[point - self->first].at = at;
    self->n_done++;
}

enum err_code study_rows_add(struct study_rows *self, size_t point, const struct dataset *row,
                             struct err *err)
{
    struct study_block *block = block_find(self, row);
    if (!block) {
        block = block_first(row, err);
        if (!block)
            return err->code;
        block_push(self, block);
        row_enter(self, point, &block->joined);
        return ERR_OK;
    }
    if (block->joined.dims[0].n == block->n_room) {
        size_t room = block->n_room * GROWTH;
        block = block_like(&block->joined, room < MAX_ROOM ? room : MAX_ROOM);
        if (study_sweep_memory(block, err) != ERR_OK)
            return err->code;
        block_push(self, block);
    }
    if (!block_append(block, row))
        return study_sweep_memory(NULL, err);
    row_enter(self, point, &block->joined);
    return ERR_OK;
}

/* ---- all ---- */

bool study_rows_take(struct study_rows *self, const struct dataset *joined)
{
    const struct dataset_dim *dim = dataset_dim(joined, "scenario");
    if (!study_row_are_joined(joined))
        return false;
    for (size_t at = 0; dim && at < dim->n; at++) {
        size_t k = (size_t)dim->count[at] - 1 - self->first;
        if (k >= self->n || self->rows[k].joined)
            return false;
        self->rows[k].joined = joined;
        self->rows[k].at = at;
        self->n_done++;
    }
    return true;
}

const char *study_rows_text(const struct study_rows *self, size_t point, const char *name)
{
    const struct study_row *row = &self->rows[point - self->first];
    const struct dataset_var *var = row->joined ? dataset_var(row->joined, name) : NULL;
    return var && var->type == DATASET_TEXT && row->at < var->n ? var->text[row->at] : NULL;
}

enum err_code study_rows_join(const struct study_rows *self, const struct dataset *common,
                              struct dataset *out, struct err *err)
{
    size_t n = 0;
    struct dataset_row *rows = calloc(self->n_done + 1, sizeof *rows);
    if (study_sweep_memory(rows, err) != ERR_OK)
        return err->code;
    for (size_t k = 0; k < self->n; k++)
        if (self->rows[k].joined)
            rows[n++] = (struct dataset_row){.number = (int64_t)(self->first + k + 1),
                                             .dataset = self->rows[k].joined,
                                             .is_joined = true,
                                             .at = self->rows[k].at};
    const struct dataset_joint joint = {.dim = "scenario",
                                        .long_name = "number of the policy in the design",
                                        .n_rows = n,
                                        .rows = rows,
                                        .common = common};
    if (n > 0)
        dataset_join(&joint, out, err);
    free(rows);
    return err->code;
}
