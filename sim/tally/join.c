/* Joining: first the union of dimensions and the list of variables, then the values row by row.
 * SPDX-License-Identifier: Apache-2.0 */
#include "joiner.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

bool tally_join_ok(struct joiner *self, const void *memory)
{
    if (!memory)
        err_set(self->err, ERR_MEMORY, "no memory to join datasets");
    return memory;
}

/* ---- the union ---- */

static size_t find_dim(const struct joiner *self, const char *name)
{
    size_t d = 0;
    while (d < self->n_dims && strcmp(self->dims[d].dim.name, name) != 0)
        d++;
    return d;
}

static enum err_code gather_dim(struct joiner *self, const struct dataset_dim *dim)
{
    size_t d = find_dim(self, dim->name);
    if (d == MAX_DIMS)
        return err_set(self->err, ERR_INPUT, "more than %d dimensions", MAX_DIMS);
    if (d == self->n_dims) {
        self->dims[self->n_dims++] = (struct union_dim){.dim = *dim};
        return ERR_OK;
    }
    if (self->dims[d].dim.type != dim->type)
        return err_set(self->err, ERR_INPUT, "%s differs between what is joined", dim->name);
    if (!tally_union_add(&self->dims[d], dim, &self->arena))
        return err_set(self->err, ERR_MEMORY, "no memory to join dimension %s", dim->name);
    return ERR_OK;
}

bool tally_join_is_by_row(const struct joiner *self, const struct dataset *source,
                          const struct dataset_var *var)
{
    return self->row_dim && var->n_dims > 0 &&
           strcmp(source->dims[var->dim[0]].name, self->row_dim) == 0;
}

static struct joined_var *find_var(const struct joiner *self, const char *name)
{
    for (size_t k = 0; k < self->n_vars; k++)
        if (strcmp(self->vars[k].var.name, name) == 0)
            return &self->vars[k];
    return NULL;
}

/* The name under which a variable goes on, or NULL. */
static const char *chosen_name(const struct joiner *self, const struct dataset_var *var,
                               char buffer[128])
{
    return self->choose ? self->choose(var->name, buffer, self->context) : var->name;
}

struct joined_var *tally_join_target(const struct joiner *self, const struct dataset_var *var)
{
    char buffer[128];
    const char *name = chosen_name(self, var, buffer);
    return name ? find_var(self, name) : NULL;
}

static const char *keep(struct joiner *self, const char *text)
{
    const char *copy = text ? arena_text(&self->arena, text, strlen(text)) : NULL;
    if (text)
        tally_join_ok(self, copy);
    return copy;
}

/* A variable of a source; first: the first of its dimensions that is not of rows. */
static void gather_var(struct joiner *self, const struct dataset *source,
                       const struct dataset_var *var, size_t first, bool is_common)
{
    char buffer[128];
    size_t dims[DATASET_MAX_DIMS], n = 0;
    const char *name = chosen_name(self, var, buffer);
    if (!name)
        return;
    for (size_t k = first; k < var->n_dims && !self->err->code; k++) {
        gather_dim(self, &source->dims[var->dim[k]]);
        dims[n++] = find_dim(self, source->dims[var->dim[k]].name);
    }
    struct joined_var *known = find_var(self, name);
    if (self->err->code)
        return;
    if (known && (known->var.type != var->type || known->var.n_dims != n ||
                  memcmp(known->var.dim, dims, n * sizeof *dims) != 0))
        err_set(self->err, ERR_INPUT, "%s differs between what is joined", name);
    else if (!known && self->n_vars == MAX_VARS)
        err_set(self->err, ERR_INPUT, "more than %d variables", MAX_VARS);
    if (known || self->err->code)
        return;
    struct joined_var *added = &self->vars[self->n_vars++];
    *added = (struct joined_var){.var = *var, .is_common = is_common};
    added->var.name = keep(self, name);
    if (var->ancillary && name == buffer) {
        const char *mcse = self->choose(var->ancillary, buffer, self->context);
        added->var.ancillary = keep(self, mcse);
    }
    added->var.n_dims = n;
    memcpy(added->var.dim, dims, n * sizeof *dims);
}

static void gather(struct joiner *self, const struct dataset *source, bool is_joined, bool common)
{
    for (size_t k = 0; k < source->n_vars && !self->err->code; k++) {
        const struct dataset_var *var = &source->vars[k];
        bool of_row = !is_joined || tally_join_is_by_row(self, source, var);
        if (of_row != common)
            gather_var(self, source, var, is_joined && of_row ? 1 : 0, common);
    }
}

/* ---- sources ---- */

/* Where a dataset is in the table of hashes, or is to go. */
static uint32_t *source_place(const struct joiner *self, const struct dataset *dataset)
{
    size_t n = 2 * self->n_source_room;
    size_t at = (size_t)(((uint64_t)(uintptr_t)dataset >> 4) * UINT64_C(0x9e3779b97f4a7c15) >> 20);
    while (self->places[at % n] && self->sources[self->places[at % n] - 1].dataset != dataset)
        at++;
    return &self->places[at % n];
}

static bool sources_grow(struct joiner *self)
{
    size_t n = 2 * self->n_source_room + 8;
    struct source *grown = realloc(self->sources, n * sizeof *grown);
    self->sources = grown ? grown : self->sources;
    free(self->places);
    self->places = calloc(2 * n, sizeof *self->places);
    self->n_source_room = n;
    if (!tally_join_ok(self, grown) || !tally_join_ok(self, self->places))
        return false;
    for (size_t i = 0; i < self->n_sources; i++)
        *source_place(self, self->sources[i].dataset) = (uint32_t)i + 1;
    return true;
}

/* The source of a dataset; one that is new is gathered. NULL: err says why. */
static struct source *source_find(struct joiner *self, const struct dataset *dataset,
                                  bool is_joined)
{
    if (self->n_sources == self->n_source_room && !sources_grow(self))
        return NULL;
    uint32_t *place = source_place(self, dataset);
    if (*place == 0) {
        self->sources[self->n_sources++] = (struct source){dataset, is_joined, NULL};
        *place = (uint32_t)self->n_sources;
        gather(self, dataset, is_joined, false);
    }
    return self->err->code ? NULL : &self->sources[*place - 1];
}

/* ---- out ---- */

static void emit_row_dim(struct joiner *self, const struct dataset_joint *joint,
                         struct dataset *out)
{
    int64_t *numbers = arena_alloc(&self->arena, (joint->n_rows + 1) * sizeof *numbers);
    if (!tally_join_ok(self, numbers))
        return;
    for (size_t row = 0; row < joint->n_rows; row++)
        numbers[row] = joint->rows[row].number;
    struct dataset_dim dim = {.name = joint->dim,
                              .n = joint->n_rows,
                              .type = DATASET_COUNT,
                              .count = numbers,
                              .unit = "1",
                              .long_name = joint->long_name};
    dataset_add_dim(out, &dim, self->err);
}

static void emit_var(struct joiner *self, const struct joined_var *from, struct dataset *out)
{
    struct dataset_var var = from->var;
    bool of_row = self->row_dim && !from->is_common;
    size_t before = self->row_dim && self->n_rows ? 1 : 0;
    for (size_t k = 0; k < from->var.n_dims; k++)
        var.dim[k + (of_row ? 1 : 0)] = from->var.dim[k] + before;
    if (of_row)
        var.dim[0] = 0;
    var.n_dims += of_row ? 1 : 0;
    var.n = from->n_inner * (of_row ? self->n_rows : 1);
    var.real = var.type == DATASET_REAL ? from->values : NULL;
    var.count = var.type == DATASET_COUNT ? from->values : NULL;
    var.text = var.type == DATASET_TEXT ? from->values : NULL;
    dataset_adopt_var(out, &var, self->err);
}

static void emit(struct joiner *self, struct dataset *out)
{
    for (size_t d = 0; d < self->n_dims && !self->err->code; d++)
        dataset_add_dim(out, &self->dims[d].dim, self->err);
    for (size_t k = 0; k < self->n_vars && !self->err->code; k++)
        emit_var(self, &self->vars[k], out);
}

static enum err_code joiner_end(struct joiner *self)
{
    free(self->vars);
    free(self->sources);
    free(self->places);
    arena_free(&self->arena);
    return self->err->code;
}

enum err_code dataset_join(const struct dataset_joint *joint, struct dataset *out, struct err *err)
{
    struct joiner self = {.row_dim = joint->dim, .n_rows = joint->n_rows, .err = err};
    const struct dataset_row *rows = joint->rows;
    struct source common = {joint->common, true, NULL};
    self.vars = calloc(MAX_VARS, sizeof *self.vars);
    *out = (struct dataset){0};
    tally_join_ok(&self, self.vars);
    for (size_t k = 0; k < joint->n_rows && !err->code; k++)
        if (k == 0 || rows[k].dataset != rows[k - 1].dataset)
            source_find(&self, rows[k].dataset, rows[k].is_joined);
    if (joint->common && !err->code)
        gather(&self, joint->common, true, true);
    if (!err->code)
        tally_join_reserve(&self, out);
    for (size_t k = 0; k < joint->n_rows && !err->code; k++)
        tally_join_place(&self, source_find(&self, rows[k].dataset, rows[k].is_joined), false, k,
                         rows[k].at);
    if (joint->common && !err->code)
        tally_join_place(&self, &common, true, 0, 0);
    if (joint->n_rows > 0 && !err->code)
        emit_row_dim(&self, joint, out);
    if (!err->code)
        emit(&self, out);
    if (err->code == ERR_INTERNAL) /* of two sources, one's variable is the other's dimension */
        err->code = ERR_INPUT;
    return joiner_end(&self);
}

enum err_code dataset_pick(const struct dataset *from, const struct dataset *like,
                           dataset_chooser choose, const void *context, struct dataset *out,
                           struct err *err)
{
    struct joiner self = {.choose = choose, .context = context, .err = err};
    struct source source = {from, false, NULL};
    self.vars = calloc(MAX_VARS, sizeof *self.vars);
    if (tally_join_ok(&self, self.vars))
        gather(&self, from, false, false);
    for (size_t d = 0; like && d < like->n_dims && !err->code; d++)
        if (find_dim(&self, like->dims[d].name) < self.n_dims)
            gather_dim(&self, &like->dims[d]);
    if (!err->code)
        tally_join_reserve(&self, out);
    if (!err->code) {
        tally_join_place(&self, &source, false, 0, 0);
        emit(&self, out);
    }
    return joiner_end(&self);
}
