/* A dataset as plain bytes, for another process of the same program: 64-bit words in this machine's
 * order. A text is its length + 1 (0: there is none) and its bytes, filled up to whole words, so
 * that values lie as they do in memory.
 *
 * n_dims, per dimension: name, unit, long_name, type, n, values, 1 and bounds or 0; n_vars, per
 * variable: name, unit, long_name, ancillary, type, n_dims, their indices, n, values.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/tally/dataset_bytes.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { WORD = 8 };

/* ---- writing ---- */

struct writer {
    unsigned char *bytes; /* NULL: only count */
    size_t n;
};

static void put(struct writer *self, const void *from, size_t n_bytes)
{
    size_t filled = (n_bytes + WORD - 1) / WORD * WORD;
    if (self->bytes) {
        memset(self->bytes + self->n + n_bytes, 0, filled - n_bytes);
        memcpy(self->bytes + self->n, from, n_bytes);
    }
    self->n += filled;
}

static void put_word(struct writer *self, uint64_t word)
{
    put(self, &word, sizeof word);
}

static void put_text(struct writer *self, const char *text)
{
    put_word(self, text ? strlen(text) + 1 : 0);
    if (text)
        put(self, text, strlen(text));
}

static void put_values(struct writer *self, enum dataset_type type, size_t n, const double *real,
                       const int64_t *count, const char *const *text)
{
    put_word(self, n);
    for (size_t i = 0; type == DATASET_TEXT && i < n; i++)
        put_text(self, text[i]);
    if (type != DATASET_TEXT)
        put(self, type == DATASET_REAL ? (const void *)real : (const void *)count, n * WORD);
}

static void put_dim(struct writer *self, const struct dataset_dim *dim)
{
    put_text(self, dim->name);
    put_text(self, dim->unit);
    put_text(self, dim->long_name);
    put_word(self, dim->type);
    put_values(self, dim->type, dim->n, dim->real, dim->count, dim->text);
    put_word(self, dim->bounds != NULL);
    if (dim->bounds)
        put(self, dim->bounds, 2 * dim->n * WORD);
}

static void put_var(struct writer *self, const struct dataset_var *var)
{
    put_text(self, var->name);
    put_text(self, var->unit);
    put_text(self, var->long_name);
    put_text(self, var->ancillary);
    put_word(self, var->type);
    put_word(self, var->n_dims);
    for (size_t k = 0; k < var->n_dims; k++)
        put_word(self, var->dim[k]);
    put_values(self, var->type, var->n, var->real, var->count, var->text);
}

static void put_all(struct writer *self, const struct dataset *from)
{
    put_word(self, from->n_dims);
    for (size_t k = 0; k < from->n_dims; k++)
        put_dim(self, &from->dims[k]);
    put_word(self, from->n_vars);
    for (size_t k = 0; k < from->n_vars; k++)
        put_var(self, &from->vars[k]);
}

enum err_code dataset_pack(const struct dataset *self, void **bytes, size_t *n_bytes,
                           struct err *err)
{
    struct writer count = {.bytes = NULL}, writer = {.n = 0};
    put_all(&count, self);
    writer.bytes = malloc(count.n);
    *bytes = writer.bytes;
    *n_bytes = count.n;
    if (!writer.bytes)
        return err_set(err, ERR_MEMORY, "no memory for a dataset of %zu bytes", count.n);
    put_all(&writer, self);
    return ERR_OK;
}

/* ---- reading ---- */

struct reader {
    const unsigned char *bytes;
    size_t n_left;
    bool is_bad;         /* then everything is 0 */
    struct arena *arena; /* for lists of texts */
};

/* n elements of a size; NULL where there are not so many. */
static const void *take(struct reader *self, uint64_t n, size_t size)
{
    const void *from = self->bytes;
    if (self->is_bad || n > self->n_left / size) {
        self->is_bad = true;
        return NULL;
    }
    size_t filled = ((size_t)n * size + WORD - 1) / WORD * WORD;
    self->bytes += filled;
    self->n_left -= filled;
    return from;
}

static uint64_t take_word(struct reader *self)
{
    uint64_t word = 0;
    const void *from = take(self, 1, WORD);
    if (from)
        memcpy(&word, from, sizeof word);
    return word;
}

static const char *take_text(struct reader *self)
{
    uint64_t n = take_word(self);
    const char *from = n > 0 ? take(self, n - 1, 1) : NULL;
    const char *text = from ? arena_text(self->arena, from, (size_t)n - 1) : NULL;
    self->is_bad = self->is_bad || (n > 0 && !text);
    return text;
}

static const char *const *take_texts(struct reader *self, uint64_t n)
{
    if (n > self->n_left / WORD) {
        self->is_bad = true;
        return NULL;
    }
    const char **texts = arena_alloc(self->arena, ((size_t)n + 1) * sizeof *texts);
    for (size_t i = 0; texts && i < n; i++) {
        texts[i] = take_text(self);
        self->is_bad = self->is_bad || !texts[i];
    }
    self->is_bad = self->is_bad || !texts;
    return texts;
}

static void take_dim(struct reader *self, struct dataset *out, struct err *err)
{
    struct dataset_dim dim = {.name = take_text(self)};
    dim.unit = take_text(self);
    dim.long_name = take_text(self);
    dim.type = (enum dataset_type)take_word(self);
    dim.n = take_word(self);
    dim.text = dim.type == DATASET_TEXT ? take_texts(self, dim.n) : NULL;
    dim.real = dim.type == DATASET_REAL ? take(self, dim.n, WORD) : NULL;
    dim.count = dim.type == DATASET_COUNT ? take(self, dim.n, WORD) : NULL;
    dim.bounds = take_word(self) ? take(self, dim.n, 2 * WORD) : NULL;
    if (!self->is_bad)
        dataset_add_dim(out, &dim, err);
}

static void take_var(struct reader *self, struct dataset *out, struct err *err)
{
    struct dataset_var var = {.name = take_text(self)};
    var.unit = take_text(self);
    var.long_name = take_text(self);
    var.ancillary = take_text(self);
    var.type = (enum dataset_type)take_word(self);
    var.n_dims = take_word(self);
    self->is_bad = self->is_bad || var.n_dims > DATASET_MAX_DIMS;
    for (size_t k = 0; !self->is_bad && k < var.n_dims; k++)
        var.dim[k] = take_word(self);
    var.n = take_word(self);
    var.text = var.type == DATASET_TEXT ? take_texts(self, var.n) : NULL;
    var.real = var.type == DATASET_REAL ? take(self, var.n, WORD) : NULL;
    var.count = var.type == DATASET_COUNT ? take(self, var.n, WORD) : NULL;
    if (!self->is_bad)
        dataset_add_var(out, &var, err);
}

enum err_code dataset_unpack(const void *bytes, size_t n_bytes, struct dataset *out,
                             struct err *err)
{
    struct arena scratch = {0};
    struct reader reader = {.bytes = bytes, .n_left = n_bytes / WORD * WORD, .arena = &scratch};
    *out = (struct dataset){0};
    uint64_t n_dims = take_word(&reader);
    for (uint64_t k = 0; k < n_dims && !reader.is_bad && !err->code; k++)
        take_dim(&reader, out, err);
    uint64_t n_vars = take_word(&reader);
    for (uint64_t k = 0; k < n_vars && !reader.is_bad && !err->code; k++)
        take_var(&reader, out, err);
    if (!err->code && (reader.is_bad || reader.n_left > 0))
        err_set(err, ERR_INTERNAL, "these bytes are no dataset");
    arena_free(&scratch);
    return err->code;
}
