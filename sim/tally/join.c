/* Joining: first the union of dimensions and the list of variables, then the values row by row.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/tally/join.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "union_dim.h"

enum { MAX_DIMS = 64, MAX_VARS = 1024 };

struct joined_var {
    struct dataset_var var; /* without the dimension of rows; names are of the sources */
    bool is_common;         /* of no row */
    size_t n_inner;
    void *values; /* [n_rows][n_inner] or [n_inner], 8 bytes each */
};

struct joiner {
    const char *row_dim; /* NULL: none is added */
    size_t n_rows;
    struct union_dim dims[MAX_DIMS];
    size_t n_dims;
    struct joined_var *vars; /* [MAX_VARS] */
    size_t n_vars;
    dataset_chooser choose; /* NULL: all under their own names */
    const void *context;
    const struct dataset *mapped; /* the source whose maps the dimensions hold */
    struct arena arena;
    struct err *err;
};

static bool ok(struct joiner *self, const void *memory)
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

static bool has_rows(const struct dataset *source, const struct dataset_var *var,
                     const char *row_dim)
{
    return var->n_dims > 0 && strcmp(source->dims[var->dim[0]].name, row_dim) == 0;
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

static const char *keep(struct joiner *self, const char *text)
{
    const char *copy = text ? arena_text(&self->arena, text, strlen(text)) : NULL;
    if (text)
        ok(self, copy);
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
        bool of_row = !is_joined || has_rows(source, var, self->row_dim);
        if (of_row != common)
            gather_var(self, source, var, is_joined && of_row ? 1 : 0, common);
    }
}

/* ---- values ---- */

static void fill(struct joined_var *self, size_t n)
{
    double *real = self->values;
    const char **text = self->values;
    for (size_t i = 0; i < n && self->var.type == DATASET_REAL; i++)
        real[i] = NAN;
    for (size_t i = 0; i < n && self->var.type == DATASET_TEXT; i++)
        text[i] = "";
}

static void reserve(struct joiner *self)
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
        fits = !__builtin_mul_overflow(n, var->n_inner, &n) && fits;
        var->values = fits ? calloc(n ? n : 1, 8) : NULL;
        if (ok(self, var->values))
            fill(var, n);
    }
    for (size_t d = 0; d < self->n_dims && !self->err->code; d++) {
        self->dims[d].map = arena_alloc(&self->arena, self->dims[d].dim.n * sizeof(size_t));
        ok(self, self->dims[d].map);
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
    self->mapped = source;
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

static void place(struct joiner *self, const struct dataset *source, const struct dataset_var *var,
                  size_t row, size_t at)
{
    char buffer[128];
    const char *name = chosen_name(self, var, buffer);
    struct joined_var *to = name ? find_var(self, name) : NULL;
    if (!to)
        return;
    const char *from = var->type == DATASET_REAL    ? (const char *)var->real
                       : var->type == DATASET_COUNT ? (const char *)var->count
                                                    : (const char *)var->text;
    size_t n_from = var->n;
    if (self->row_dim && has_rows(source, var, self->row_dim)) {
        n_from = var->n / source->dims[var->dim[0]].n;
        from += at * n_from * 8;
    }
    char *target = (char *)to->values + row * to->n_inner * 8;
    struct lie lie = lie_of(self, to, source);
    if (lie.is_same && n_from == to->n_inner) {
        memcpy(target, from, n_from * 8);
        return;
    }
    for (size_t i = 0; i < to->n_inner; i++) {
        size_t index = source_index(&lie, i);
        if (index < n_from)
            memcpy(target + i * 8, from + index * 8, 8);
    }
}

static void place_all(struct joiner *self, const struct dataset *source, bool is_joined,
                      bool common, size_t row, size_t at)
{
    if (self->mapped != source)
        map_source(self, source);
    for (size_t k = 0; k < source->n_vars; k++) {
        bool of_row = !is_joined || has_rows(source, &source->vars[k], self->row_dim);
        if (of_row != common)
            place(self, source, &source->vars[k], row, at);
    }
}

/* ---- out ---- */

static void emit_row_dim(struct joiner *self, const struct dataset_joint *joint,
                         struct dataset *out)
{
    int64_t *numbers = arena_alloc(&self->arena, (joint->n_rows + 1) * sizeof *numbers);
    if (!ok(self, numbers))
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
    dataset_add_var(out, &var, self->err);
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
    for (size_t k = 0; k < self->n_vars; k++)
        free(self->vars[k].values);
    free(self->vars);
    arena_free(&self->arena);
    return self->err->code;
}

enum err_code dataset_join(const struct dataset_joint *joint, struct dataset *out, struct err *err)
{
    struct joiner self = {.row_dim = joint->dim, .n_rows = joint->n_rows, .err = err};
    const struct dataset_row *rows = joint->rows;
    self.vars = calloc(MAX_VARS, sizeof *self.vars);
    *out = (struct dataset){0};
    ok(&self, self.vars);
    for (size_t k = 0; k < joint->n_rows && !err->code; k++)
        if (k == 0 || rows[k].dataset != rows[k - 1].dataset)
            gather(&self, rows[k].dataset, rows[k].is_joined, false);
    if (joint->common && !err->code)
        gather(&self, joint->common, true, true);
    if (!err->code)
        reserve(&self);
    for (size_t k = 0; k < joint->n_rows && !err->code; k++)
        place_all(&self, rows[k].dataset, rows[k].is_joined, false, k, rows[k].at);
    if (joint->common && !err->code)
        place_all(&self, joint->common, true, true, 0, 0);
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
    self.vars = calloc(MAX_VARS, sizeof *self.vars);
    if (ok(&self, self.vars))
        gather(&self, from, false, false);
    for (size_t d = 0; like && d < like->n_dims && !err->code; d++)
        if (find_dim(&self, like->dims[d].name) < self.n_dims)
            gather_dim(&self, &like->dims[d]);
    if (!err->code)
        reserve(&self);
    if (!err->code) {
        place_all(&self, from, false, false, 0, 0);
        emit(&self, out);
    }
    return joiner_end(&self);
}
