/* The values of a join: where each variable of a source goes is found once, then rows are copied.
 * SPDX-License-Identifier: Apache-2.0 */
#include "joiner.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

static void fill(struct joined_var *self, size_t n)
{
    double *real = self->values;
    const char **text = self->values;
    for (size_t i = 0; i < n && self->var.type == DATASET_REAL; i++)
        real[i] = NAN;
    for (size_t i = 0; i < n && self->var.type == DATASET_TEXT; i++)
        text[i] = "";
}

void tally_join_reserve(struct joiner *self, struct dataset *out)
{
    for (size_t k = 0; k < self->n_vars && !self->err->code; k++) {
        struct joined_var *var = &self->vars[k];
        size_t n = var->is_common || !self->row_dim ? 1 : self->n_rows;
        bool fits = true;
        var->n_inner = 1;
        for (size_t d = 0; d < var->var.n_dims; d++)
            fits = !__builtin_mul_overflow(var->n_inner, self->dims[var->var.dim[d]].dim.n,
                                           &var->n_inner) &&
                   fits;
        fits = !__builtin_mul_overflow(n, var->n_inner, &n) && n <= SIZE_MAX / 16 && fits;
        var->values = fits ? arena_alloc(&out->arena, n * 8) : NULL;
        if (tally_join_ok(self, var->values))
            fill(var, n);
    }
    for (size_t d = 0; d < self->n_dims && !self->err->code; d++) {
        self->dims[d].map = arena_alloc(&self->arena, self->dims[d].dim.n * sizeof(size_t));
        tally_join_ok(self, self->dims[d].map);
    }
}

/* A statement about all attempts so far holds for later ones that nobody can take. */
static bool goes_on(const char *name)
{
    static const char *const names[] = {"cumulative_pass_rate", "false_pass_rate",
                                        "false_fail_rate"};
    for (size_t k = 0; k < sizeof names / sizeof *names; k++)
        if (strncmp(name, names[k], strlen(names[k])) == 0)
            return true;
    return false;
}

static void map_source(struct joiner *self, const struct dataset *source)
{
    for (size_t d = 0; d < self->n_dims; d++) {
        const struct dataset_dim *dim = dataset_dim(source, self->dims[d].dim.name);
        if (dim)
            tally_union_map(&self->dims[d], dim);
    }
}

/* How the values of a variable lie in its source. */
struct lie {
    size_t n_dims;
    const struct union_dim *dims[DATASET_MAX_DIMS];
    size_t n_here[DATASET_MAX_DIMS]; /* of the source */
    bool goes_on[DATASET_MAX_DIMS];
    bool is_same; /* as in the union */
};

static struct lie lie_of(const struct joiner *self, const struct joined_var *to,
                         const struct dataset *source)
{
    struct lie lie = {.n_dims = to->var.n_dims, .is_same = true};
    for (size_t k = 0; k < lie.n_dims; k++) {
        const struct union_dim *dim = &self->dims[to->var.dim[k]];
        lie.dims[k] = dim;
        lie.n_here[k] = dataset_dim(source, dim->dim.name)->n;
        lie.goes_on[k] = strcmp(dim->dim.name, "attempt") == 0 && goes_on(to->var.name);
        lie.is_same = lie.is_same && dim->is_same;
    }
    return lie;
}

/* Where value `inner` of a joined variable is in the source, or SIZE_MAX. */
static size_t source_index(const struct lie *self, size_t inner)
{
    size_t index = 0, stride = 1;
    for (size_t k = self->n_dims; k-- > 0;) {
        const struct union_dim *dim = self->dims[k];
        size_t at = dim->map[inner % dim->dim.n];
        inner /= dim->dim.n;
        if (at == SIZE_MAX && self->goes_on[k])
            at = self->n_here[k] - 1;
        if (at == SIZE_MAX)
            return SIZE_MAX;
        index += at * stride;
        stride *= self->n_here[k];
    }
    return index;
}

static void placement_make(struct joiner *self, const struct dataset *source,
                           const struct dataset_var *var, struct placement *out)
{
    struct joined_var *to = tally_join_target(self, var);
    *out = (struct placement){.to = to, .n_from = var->n};
    if (!to)
        return;
    if (tally_join_is_by_row(self, source, var))
        out->n_from = var->n / source->dims[var->dim[0]].n;
    struct lie lie = lie_of(self, to, source);
    if (lie.is_same && out->n_from == to->n_inner)
        return;
    out->from = arena_alloc(&self->arena, to->n_inner * sizeof *out->from);
    for (size_t i = 0; tally_join_ok(self, out->from) && i < to->n_inner; i++) {
        size_t index = source_index(&lie, i);
        out->from[i] = index < out->n_from ? index : SIZE_MAX;
    }
}

static void placements_make(struct joiner *self, struct source *source)
{
    const struct dataset *dataset = source->dataset;
    source->placements =
        arena_alloc(&self->arena, (dataset->n_vars + 1) * sizeof *source->placements);
    if (!tally_join_ok(self, source->placements))
        return;
    map_source(self, dataset);
    for (size_t k = 0; k < dataset->n_vars && !self->err->code; k++)
        placement_make(self, dataset, &dataset->vars[k], &source->placements[k]);
}

static void place(const struct placement *self, const struct dataset_var *var, size_t row,
                  size_t at)
{
    const char *from = var->type == DATASET_REAL    ? (const char *)var->real
                       : var->type == DATASET_COUNT ? (const char *)var->count
                                                    : (const char *)var->text;
    size_t n = self->to->n_inner;
    char *target = (char *)self->to->values + row * n * 8;
    from += at * self->n_from * 8;
    if (!self->from) {
        memcpy(target, from, n * 8);
        return;
    }
    for (size_t i = 0; i < n; i++)
        if (self->from[i] != SIZE_MAX)
            memcpy(target + i * 8, from + self->from[i] * 8, 8);
}

void tally_join_place(struct joiner *self, struct source *source, bool common, size_t row,
                      size_t at)
{
    const struct dataset *dataset = source->dataset;
    if (!source->placements)
        placements_make(self, source);
    for (size_t k = 0; k < dataset->n_vars && !self->err->code; k++) {
        const struct dataset_var *var = &dataset->vars[k];
        bool is_by_row = tally_join_is_by_row(self, dataset, var);
        if ((source->is_joined && !is_by_row) == common && source->placements[k].to)
            place(&source->placements[k], var, row, is_by_row ? at : 0);
    }
}
