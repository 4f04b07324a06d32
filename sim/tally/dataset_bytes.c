/* A dataset as plain bytes (retake/base/pack.h), for another process of the same program.
 *
 * n_dims, per dimension: name, unit, long_name, type, n, values, 1 and bounds or 0; n_vars, per
 * variable: name, unit, long_name, ancillary, type, n_dims, their indices, n, values.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/tally/dataset_bytes.h>

#include <retake/base/wording.h>

#include <stdbool.h>
#include <stdlib.h>

enum { WORD = 8 };

/* ---- writing ---- */

static void put_values(struct pack_writer *self, enum dataset_type type, size_t n,
                       const double *real, const int64_t *count, const char *const *text)
{
    pack_put_word(self, n);
    for (size_t i = 0; type == DATASET_TEXT && i < n; i++)
        pack_put_text(self, text[i]);
    if (type != DATASET_TEXT)
        pack_put_bytes(self, type == DATASET_REAL ? (const void *)real : (const void *)count,
                       n * WORD);
}

static void put_dim(struct pack_writer *self, const struct dataset_dim *dim)
{
    pack_put_text(self, dim->name);
    pack_put_text(self, dim->unit);
    pack_put_text(self, dim->long_name);
    pack_put_word(self, dim->type);
    put_values(self, dim->type, dim->n, dim->real, dim->count, dim->text);
    pack_put_word(self, dim->bounds != NULL);
    if (dim->bounds)
        pack_put_bytes(self, dim->bounds, 2 * dim->n * WORD);
}

static void put_var(struct pack_writer *self, const struct dataset_var *var)
{
    pack_put_text(self, var->name);
    pack_put_text(self, var->unit);
    pack_put_text(self, var->long_name);
    pack_put_text(self, var->ancillary);
    pack_put_word(self, var->type);
    pack_put_word(self, var->n_dims);
    for (size_t k = 0; k < var->n_dims; k++)
        pack_put_word(self, var->dim[k]);
    put_values(self, var->type, var->n, var->real, var->count, var->text);
}

void dataset_put(const struct dataset *self, struct pack_writer *to)
{
    pack_put_word(to, self->n_dims);
    for (size_t k = 0; k < self->n_dims; k++)
        put_dim(to, &self->dims[k]);
    pack_put_word(to, self->n_vars);
    for (size_t k = 0; k < self->n_vars; k++)
        put_var(to, &self->vars[k]);
}

enum err_code dataset_pack(const struct dataset *self, void **bytes, size_t *n_bytes,
                           struct err *err)
{
    struct pack_writer count = {.bytes = NULL}, writer = {.n = 0};
    dataset_put(self, &count);
    writer.bytes = malloc(count.n);
    *bytes = writer.bytes;
    *n_bytes = count.n;
    if (!writer.bytes)
        return err_set(err, ERR_MEMORY, "no memory for a dataset of %s",
                       wording_count(count.n, "byte").text);
    dataset_put(self, &writer);
    return ERR_OK;
}

/* ---- reading ---- */

struct reader {
    struct pack_reader *from;
    struct arena *arena; /* for lists of texts */
    struct dataset *out;
    struct err *err;
};

/* Whether all that was taken is there, and no memory was missed. */
static bool is_good(const struct reader *self)
{
    return !self->from->is_bad && !self->err->code;
}

static const char *const *texts_take(struct reader *self, uint64_t n)
{
    if (n > self->from->n_left / WORD) {
        self->from->is_bad = true;
        return NULL;
    }
    const char **texts = arena_alloc(self->arena, ((size_t)n + 1) * sizeof *texts);
    if (!texts)
        err_set(self->err, ERR_MEMORY, "no memory for a dataset");
    for (size_t i = 0; texts && i < n; i++) {
        texts[i] = pack_take_text(self->from);
        self->from->is_bad = self->from->is_bad || !texts[i];
    }
    return texts;
}

static void dim_take(struct reader *self)
{
    struct pack_reader *from = self->from;
    struct dataset_dim dim = {.name = pack_take_text(from)};
    dim.unit = pack_take_text(from);
    dim.long_name = pack_take_text(from);
    dim.type = (enum dataset_type)pack_take_word(from);
    dim.n = pack_take_word(from);
    dim.text = dim.type == DATASET_TEXT ? texts_take(self, dim.n) : NULL;
    dim.real = dim.type == DATASET_REAL ? pack_take_bytes(from, dim.n, WORD) : NULL;
    dim.count = dim.type == DATASET_COUNT ? pack_take_bytes(from, dim.n, WORD) : NULL;
    dim.bounds = pack_take_word(from) ? pack_take_bytes(from, dim.n, 2 * WORD) : NULL;
    if (is_good(self))
        dataset_add_dim(self->out, &dim, self->err);
}

static void var_take(struct reader *self)
{
    struct pack_reader *from = self->from;
    struct dataset_var var = {.name = pack_take_text(from)};
    var.unit = pack_take_text(from);
    var.long_name = pack_take_text(from);
    var.ancillary = pack_take_text(from);
    var.type = (enum dataset_type)pack_take_word(from);
    var.n_dims = pack_take_word(from);
    from->is_bad = from->is_bad || var.n_dims > DATASET_MAX_DIMS;
    for (size_t k = 0; !from->is_bad && k < var.n_dims; k++)
        var.dim[k] = pack_take_word(from);
    var.n = pack_take_word(from);
    var.text = var.type == DATASET_TEXT ? texts_take(self, var.n) : NULL;
    var.real = var.type == DATASET_REAL ? pack_take_bytes(from, var.n, WORD) : NULL;
    var.count = var.type == DATASET_COUNT ? pack_take_bytes(from, var.n, WORD) : NULL;
    if (is_good(self))
        dataset_add_var(self->out, &var, self->err);
}

enum err_code dataset_take(struct pack_reader *from, struct dataset *out, struct err *err)
{
    struct arena scratch = {0};
    struct reader reader = {from, &scratch, out, err};
    *out = (struct dataset){0};
    uint64_t n_dims = pack_take_word(from);
    from->is_bad = from->is_bad || n_dims > DATASET_MAX_NAMES;
    for (uint64_t k = 0; k < n_dims && is_good(&reader); k++)
        dim_take(&reader);
    uint64_t n_vars = pack_take_word(from);
    from->is_bad = from->is_bad || n_vars > DATASET_MAX_NAMES;
    for (uint64_t k = 0; k < n_vars && is_good(&reader); k++)
        var_take(&reader);
    arena_free(&scratch);
    return from->is_bad ? err_set(err, ERR_INTERNAL, "these bytes are no dataset") : err->code;
}

enum err_code dataset_unpack(const void *bytes, size_t n_bytes, struct dataset *out,
                             struct err *err)
{
    struct pack_reader reader = {.bytes = bytes, .n_left = n_bytes / WORD * WORD};
    dataset_take(&reader, out, err);
    return reader.n_left > 0 ? err_set(err, ERR_INTERNAL, "these bytes are no dataset") : err->code;
}
