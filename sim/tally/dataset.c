/* Datasets. Everything lives in the arena; the two tables double when their size is a power of two,
 * so that no capacity needs keeping.
 *
 * The digest is XXH3 with 128 bits over this stream, all numbers 64-bit little-endian and every
 * text preceded by its length in bytes: n_dims, per dimension: name, type, n, coordinate, 1 and the
 * bounds or 0; n_vars, per variable:  name, type, n_dims, the indices of its dimensions, values.
 * Any NaN is written as 7ff8000000000000; -0 stays -0.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/tally/dataset.h>

#include <stdbool.h>
#include <string.h>

#define XXH_INLINE_ALL /* the state can then live on the stack, and the digest cannot fail */
#include <xxhash.h>

void dataset_free(struct dataset *self)
{
    arena_free(&self->arena);
    *self = (struct dataset){0};
}

const struct dataset_var *dataset_var(const struct dataset *self, const char *name)
{
    for (size_t i = 0; i < self->n_vars; i++)
        if (strcmp(self->vars[i].name, name) == 0)
            return &self->vars[i];
    return NULL;
}

const struct dataset_dim *dataset_dim(const struct dataset *self, const char *name)
{
    for (size_t i = 0; i < self->n_dims; i++)
        if (strcmp(self->dims[i].name, name) == 0)
            return &self->dims[i];
    return NULL;
}

const struct dataset_var *dataset_var_over(const struct dataset *self, const char *name,
                                           enum dataset_type type, const char *const *dims)
{
    const struct dataset_var *var = dataset_var(self, name);
    if (!var || var->type != type)
        return NULL;
    for (size_t k = 0; k < var->n_dims; k++)
        if (!dims[k] || strcmp(self->dims[var->dim[k]].name, dims[k]) != 0)
            return NULL;
    return dims[var->n_dims] ? NULL : var;
}

/* ---- adding ---- */

/* A table with room for one more element than n, the first n copied; NULL when memory is out. */
static void *table_grow(struct arena *arena, void *table, size_t n, size_t element_bytes)
{
    if (n > 0 && (n & (n - 1)) != 0)
        return table;
    void *grown = arena_alloc(arena, (n ? 2 * n : 1) * element_bytes);
    if (grown && n > 0)
        memcpy(grown, table, n * element_bytes);
    return grown;
}

/* Copy an optional text. False only when memory is out. */
static bool text_copy(struct arena *arena, const char **text)
{
    if (!*text)
        return true;
    *text = arena_text(arena, *text, strlen(*text));
    return *text != NULL;
}

static void *values_copy(struct arena *arena, const void *values, size_t n)
{
    void *copy = n > SIZE_MAX / 16 ? NULL : arena_alloc(arena, n * 8);
    return copy ? memcpy(copy, values, n * 8) : NULL;
}

/* Copy each text of a list into the arena; one that is like the one before is the same copy. */
static bool texts_keep(struct arena *arena, const char **list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (i > 0 && strcmp(list[i], list[i - 1]) == 0)
            list[i] = list[i - 1];
        else if (!text_copy(arena, &list[i]))
            return false;
    return true;
}

static bool texts_copy(struct arena *arena, const char *const **texts, size_t n)
{
    const char **copy = n > SIZE_MAX / 16 ? NULL : arena_alloc(arena, n * sizeof *copy);
    if (!copy)
        return false;
    if (n > 0)
        memcpy(copy, *texts, n * sizeof *copy);
    *texts = copy;
    return texts_keep(arena, copy, n);
}

/* The values of a dimension or a variable: whichever of the three its type names. */
static bool all_copy(struct arena *arena, enum dataset_type type, size_t n, const double **real,
                     const int64_t **count, const char *const **text)
{
    if (type == DATASET_TEXT)
        return texts_copy(arena, text, n);
    if (type == DATASET_REAL)
        return (*real = values_copy(arena, *real, n)) != NULL;
    return (*count = values_copy(arena, *count, n)) != NULL;
}

static enum err_code name_check(const struct dataset *self, const char *name, struct err *err)
{
    if (!name || !*name || strchr(name, '/'))
        return err_set(err, ERR_INTERNAL, "dataset: '%s' is no name", name ? name : "");
    if (dataset_dim(self, name) || dataset_var(self, name))
        return err_set(err, ERR_INTERNAL, "dataset: the name '%s' is taken", name);
    return ERR_OK;
}

static bool values_are_there(enum dataset_type type, const void *real, const void *count,
                             const void *text)
{
    const void *const given[] = {real, count, text};
    return type <= DATASET_TEXT && given[type] != NULL;
}

enum err_code dataset_add_dim(struct dataset *self, const struct dataset_dim *dim, struct err *err)
{
    if (name_check(self, dim->name, err) != ERR_OK)
        return err->code;
    if (dim->n == 0 || !values_are_there(dim->type, dim->real, dim->count, dim->text))
        return err_set(err, ERR_INTERNAL, "dataset: dimension '%s' has no coordinate", dim->name);

    struct dataset_dim copy = *dim;
    struct arena *arena = &self->arena;
    bool copied = text_copy(arena, &copy.name) && text_copy(arena, &copy.unit) &&
                  text_copy(arena, &copy.long_name);
    copied = copied && all_copy(arena, dim->type, dim->n, &copy.real, &copy.count, &copy.text);
    if (copied && dim->bounds)
        copied = (copy.bounds = values_copy(arena, dim->bounds, 2 * dim->n)) != NULL;
    struct dataset_dim *table =
        copied ? table_grow(arena, self->dims, self->n_dims, sizeof *table) : NULL;
    if (!table)
        return err_set(err, ERR_MEMORY, "dataset: no memory for dimension '%s'", dim->name);
    self->dims = table;
    self->dims[self->n_dims++] = copy;
    return ERR_OK;
}

enum err_code dataset_add_names(struct dataset *self, const char *name, size_t n,
                                const char *const *text, const char *long_name, struct err *err)
{
    const struct dataset_dim dim = {.name = name,
                                    .n = n,
                                    .type = DATASET_TEXT,
                                    .text = text,
                                    .unit = "",
                                    .long_name = long_name};
    return err->code ? err->code : dataset_add_dim(self, &dim, err);
}

enum err_code dataset_add_bins(struct dataset *self, const char *name, double low, double width,
                               size_t n, const char *unit, const char *long_name, struct err *err)
{
    if (err->code)
        return err->code;
    struct arena scratch = {0};
    double *real = arena_alloc(&scratch, n * sizeof *real);
    double *bounds = arena_alloc(&scratch, 2 * n * sizeof *bounds);
    for (size_t k = 0; real && bounds && k < n; k++) {
        bounds[2 * k] = low + (double)k * width;
        bounds[2 * k + 1] = low + (double)(k + 1) * width;
        real[k] = 0.5 * (bounds[2 * k] + bounds[2 * k + 1]);
    }
    const struct dataset_dim dim = {.name = name,
                                    .n = n,
                                    .type = DATASET_REAL,
                                    .real = real,
                                    .bounds = bounds,
                                    .unit = unit,
                                    .long_name = long_name};
    if (!real || !bounds)
        err_set(err, ERR_MEMORY, "no memory for the dimension '%s'", name);
    else
        dataset_add_dim(self, &dim, err);
    arena_free(&scratch);
    return err->code;
}

/* Whether n is the product of the dimensions, all of which exist. */
static bool shape_fits(const struct dataset *self, const struct dataset_var *var)
{
    if (var->n_dims > DATASET_MAX_DIMS)
        return false;
    size_t n = 1;
    for (size_t i = 0; i < var->n_dims; i++)
        if (var->dim[i] >= self->n_dims || __builtin_mul_overflow(n, self->dims[var->dim[i]].n, &n))
            return false;
    return n == var->n;
}

static enum err_code var_check(const struct dataset *self, const struct dataset_var *var,
                               struct err *err)
{
    if (name_check(self, var->name, err) != ERR_OK)
        return err->code;
    if (!shape_fits(self, var))
        return err_set(err, ERR_INTERNAL, "dataset: '%s' has the wrong size", var->name);
    if (!values_are_there(var->type, var->real, var->count, var->text))
        return err_set(err, ERR_INTERNAL, "dataset: '%s' has no values", var->name);
    return ERR_OK;
}

/* A variable whose values are in the arena. */
static enum err_code var_enter(struct dataset *self, const struct dataset_var *var, struct err *err)
{
    struct dataset_var copy = *var;
    struct arena *arena = &self->arena;
    bool copied = text_copy(arena, &copy.name) && text_copy(arena, &copy.unit) &&
                  text_copy(arena, &copy.long_name) && text_copy(arena, &copy.ancillary);
    struct dataset_var *table =
        copied ? table_grow(arena, self->vars, self->n_vars, sizeof *table) : NULL;
    if (!table)
        return err_set(err, ERR_MEMORY, "dataset: no memory for '%s'", var->name);
    self->vars = table;
    self->vars[self->n_vars++] = copy;
    return ERR_OK;
}

enum err_code dataset_add_var(struct dataset *self, const struct dataset_var *var, struct err *err)
{
    struct dataset_var copy = *var;
    if (var_check(self, var, err) != ERR_OK)
        return err->code;
    if (!all_copy(&self->arena, var->type, var->n, &copy.real, &copy.count, &copy.text))
        return err_set(err, ERR_MEMORY, "dataset: no memory for '%s'", var->name);
    return var_enter(self, &copy, err);
}

enum err_code dataset_adopt_var(struct dataset *self, const struct dataset_var *var,
                                struct err *err)
{
    if (var_check(self, var, err) != ERR_OK)
        return err->code;
    if (var->type == DATASET_TEXT && !texts_keep(&self->arena, (const char **)var->text, var->n))
        return err_set(err, ERR_MEMORY, "dataset: no memory for '%s'", var->name);
    return var_enter(self, var, err);
}

/* ---- digest ---- */

/* Gathers words so that XXH3 is fed by the block and not by the word. */
struct digest {
    XXH3_state_t state;
    size_t n_bytes;
    unsigned char bytes[4096];
};

static void digest_flush(struct digest *self)
{
    XXH3_128bits_update(&self->state, self->bytes, self->n_bytes);
    self->n_bytes = 0;
}

static void digest_word(struct digest *self, uint64_t word)
{
    if (self->n_bytes + 8 > sizeof self->bytes)
        digest_flush(self);
    for (unsigned shift = 0; shift < 64; shift += 8)
        self->bytes[self->n_bytes++] = (unsigned char)(word >> shift);
}

static void digest_real(struct digest *self, double value)
{
    uint64_t word = UINT64_C(0x7ff8000000000000);
    if (value == value)
        memcpy(&word, &value, sizeof word);
    digest_word(self, word);
}

static void digest_text(struct digest *self, const char *text)
{
    size_t n = strlen(text);
    digest_word(self, n);
    digest_flush(self);
    XXH3_128bits_update(&self->state, text, n);
}

static void digest_reals(struct digest *self, const double *values, size_t n)
{
    for (size_t i = 0; i < n; i++)
        digest_real(self, values[i]);
}

static void digest_counts(struct digest *self, const int64_t *values, size_t n)
{
    for (size_t i = 0; i < n; i++)
        digest_word(self, (uint64_t)values[i]);
}

static void digest_values(struct digest *self, enum dataset_type type, size_t n, const double *real,
                          const int64_t *count, const char *const *text)
{
    if (type == DATASET_REAL)
        digest_reals(self, real, n);
    else if (type == DATASET_COUNT)
        digest_counts(self, count, n);
    else
        for (size_t i = 0; i < n; i++)
            digest_text(self, text[i]);
}

static void digest_dim(struct digest *self, const struct dataset_dim *dim)
{
    digest_text(self, dim->name);
    digest_word(self, (uint64_t)dim->type);
    digest_word(self, dim->n);
    digest_values(self, dim->type, dim->n, dim->real, dim->count, dim->text);
    digest_word(self, dim->bounds != NULL);
    if (dim->bounds)
        digest_reals(self, dim->bounds, 2 * dim->n);
}

static void digest_var(struct digest *self, const struct dataset_var *var)
{
    digest_text(self, var->name);
    digest_word(self, (uint64_t)var->type);
    digest_word(self, var->n_dims);
    for (size_t i = 0; i < var->n_dims; i++)
        digest_word(self, var->dim[i]);
    digest_values(self, var->type, var->n, var->real, var->count, var->text);
}

static void digest_hex(const struct digest *self, char hex[33])
{
    static const char digits[] = "0123456789abcdef";
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(&self->state));
    for (size_t i = 0; i < 16; i++) {
        hex[2 * i] = digits[canonical.digest[i] >> 4];
        hex[2 * i + 1] = digits[canonical.digest[i] & 15];
    }
    hex[32] = '\0';
}

void dataset_digest(const struct dataset *self, char hex[33])
{
    struct digest digest = {.n_bytes = 0};
    XXH3_128bits_reset(&digest.state);
    digest_word(&digest, self->n_dims);
    for (size_t i = 0; i < self->n_dims; i++)
        digest_dim(&digest, &self->dims[i]);
    digest_word(&digest, self->n_vars);
    for (size_t i = 0; i < self->n_vars; i++)
        digest_var(&digest, &self->vars[i]);
    digest_flush(&digest);
    digest_hex(&digest, hex);
}
