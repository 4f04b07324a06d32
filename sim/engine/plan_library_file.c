/* The file of a library: a result file whose variables are the sittings, packed in words of 64 bits
 * as they lie in memory, the profiles likewise, and the demands.
 * SPDX-License-Identifier: Apache-2.0 */
#include "plan_library.h"

#include <retake/base/file.h>
#include <retake/store/result.h>

#include <stdlib.h>
#include <string.h>

enum {
    SITTING_WORDS = sizeof(struct library_sitting) / 8,
    PROFILE_WORDS = sizeof(struct library_profile) / 8,
    DEMAND_WORDS = sizeof(struct library_demands) / 8,
    N_TABLES = 4
};

enum { SPEEDS = 3, SAFE_SPEED = 7, N_NUMBERS }; /* numbers of a library */

_Static_assert(sizeof(struct library_sitting) == SITTING_WORDS * 8, "whole words");
_Static_assert(sizeof(struct library_profile) == PROFILE_WORDS * 8, "whole words");
_Static_assert(sizeof(struct library_demands) == DEMAND_WORDS * 8, "whole words");

/* The numbers of a library, by name, to and from. */
static void numbers_of(const struct pathway_library *self, const char *name[N_NUMBERS],
                       double value[N_NUMBERS])
{
    static const char *const names[N_NUMBERS] = {
        "library_replicates", "library_sittings", "library_slow",   "library_speeds",
        "library_domains",    "library_seed",     "library_center", "library_safe_speed"};
    const double values[N_NUMBERS] = {
        self->size.n_replicates, self->size.n_sittings, self->size.n_slow, self->size.n_speeds,
        self->size.n_domains,    (double)self->seed,    self->center,      self->safe_speed};
    for (int k = 0; k < N_NUMBERS; k++) {
        name[k] = names[k];
        value[k] = values[k];
    }
}

struct table {
    const char *name, *rows, *words;
    size_t n_rows, n_words;
    void *values;
};

static void tables_of(const struct pathway_library *self, struct table out[N_TABLES])
{
    out[0] = (struct table){"sitting",           "sitting_of_replicate", "sitting_word",
                            self->per_replicate, SITTING_WORDS,          self->sittings};
    out[1] =
        (struct table){"profile",     "node",        "profile_word", pathway_library_n_coarse(),
                       PROFILE_WORDS, self->profiles};
    out[2] = (struct table){"demand",     "node",       "demand_word", pathway_library_n_coarse(),
                            DEMAND_WORDS, self->demands};
    out[3] = (struct table){"detail",
                            "sitting_of_replicate",
                            "detail_word",
                            self->per_replicate,
                            pathway_library_n_details(&self->size) / 4,
                            self->details};
}

static void add_dim(struct dataset *data, const char *name, size_t n, struct err *err)
{
    int64_t *count = calloc(n, sizeof *count);
    struct dataset_dim dim = {.name = name,
                              .n = n,
                              .type = DATASET_COUNT,
                              .count = count,
                              .unit = "1",
                              .long_name = name};
    for (size_t k = 0; count && k < n; k++)
        count[k] = (int64_t)k;
    if (!count)
        err_set(err, ERR_MEMORY, "no memory to write a library");
    else if (!dataset_dim(data, name))
        dataset_add_dim(data, &dim, err);
    free(count);
}

static size_t dim_of(const struct dataset *data, const char *name)
{
    return (size_t)(dataset_dim(data, name) - data->dims);
}

static void add_table(struct dataset *data, const struct table *table, size_t n_replicates,
                      struct err *err)
{
    bool is_real = strcmp(table->name, "demand") == 0;
    struct dataset_var var = {.name = table->name,
                              .type = is_real ? DATASET_REAL : DATASET_COUNT,
                              .unit = "1",
                              .long_name = "part of a session library, for retake alone"};
    if (err->code)
        return;
    var.n = table->n_rows * table->n_words * (is_real ? 1 : n_replicates);
    if (!is_real)
        var.dim[var.n_dims++] = dim_of(data, "replicate");
    var.dim[var.n_dims++] = dim_of(data, table->rows);
    var.dim[var.n_dims++] = dim_of(data, table->words);
    if (is_real)
        var.real = table->values;
    else
        var.count = table->values;
    dataset_add_var(data, &var, err);
}

enum err_code engine_library_write(const char *path, struct engine_library *self, struct err *err)
{
    const struct pathway_library *library = &self->sittings;
    struct dataset data = {0};
    struct table tables[N_TABLES];
    struct store_attribute attributes[N_NUMBERS + 1] = {{"library_digest", self->digest, 0}};
    const char *name[N_NUMBERS];
    double value[N_NUMBERS];
    tables_of(library, tables);
    numbers_of(library, name, value);
    for (int k = 0; k < N_NUMBERS; k++)
        attributes[k + 1] = (struct store_attribute){name[k], NULL, value[k]};
    add_dim(&data, "replicate", library->size.n_replicates, err);
    for (int k = 0; k < N_TABLES && !err->code; k++) {
        add_dim(&data, tables[k].rows, tables[k].n_rows, err);
        add_dim(&data, tables[k].words, tables[k].n_words, err);
    }
    for (int k = 0; k < N_TABLES; k++)
        add_table(&data, &tables[k], library->size.n_replicates, err);
    const struct store_result result = {.dataset = data, .provenance = {N_NUMBERS + 1, attributes}};
    if (!err->code && store_result_save_beside(path, FILE_NO_OUTPUT, &result, err) == ERR_OK)
        dataset_digest(&data, self->statistics_digest);
    dataset_free(&data);
    return err->code;
}

/* ---- reading ---- */

static bool number(const struct store_result *file, const char *name, double *out)
{
    for (size_t k = 0; k < file->provenance.n_attributes; k++)
        if (strcmp(file->provenance.attributes[k].name, name) == 0 &&
            !file->provenance.attributes[k].text) {
            *out = file->provenance.attributes[k].number;
            return true;
        }
    return false;
}

/* The exam has clocks or none, which the pilot found out; everything else was asked for. */
static bool numbers_read(const struct store_result *file, const struct library_size *size,
                         struct pathway_library *out)
{
    const char *name[N_NUMBERS];
    double asked[N_NUMBERS], value[N_NUMBERS];
    numbers_of(out, name, asked);
    for (int k = 0; k < N_NUMBERS; k++)
        if (!number(file, name[k], &value[k]) ||
            (k < SAFE_SPEED && value[k] != asked[k] && !(k == SPEEDS && value[k] == 0)))
            return false;
    out->size = *size;
    out->size.n_speeds = value[SPEEDS] > 0 ? size->n_speeds : 0;
    out->safe_speed = value[SAFE_SPEED];
    pathway_library_lay_out(out);
    return true;
}

static const void *table_values(const struct store_result *file, const struct table *table,
                                size_t n_replicates)
{
    const struct dataset_var *var = dataset_var(&file->dataset, table->name);
    bool is_real = strcmp(table->name, "demand") == 0;
    size_t n = table->n_rows * table->n_words * (is_real ? 1 : n_replicates);
    if (!var || var->n != n || var->type != (is_real ? DATASET_REAL : DATASET_COUNT))
        return NULL;
    return is_real ? (const void *)var->real : (const void *)var->count;
}

static enum err_code tables_read(const char *path, const struct store_result *file,
                                 struct pathway_library *out, struct err *err)
{
    struct table tables[N_TABLES];
    tables_of(out, tables);
    void **to[N_TABLES] = {(void **)&out->sittings, (void **)&out->profiles, (void **)&out->demands,
                           (void **)&out->details};
    for (int k = 0; k < N_TABLES; k++) {
        const void *values = table_values(file, &tables[k], out->size.n_replicates);
        if (!values)
            return err_set(err, ERR_INPUT, "%s: not a session library", path);
        size_t n = tables[k].n_rows * tables[k].n_words * (k == 2 ? 1 : out->size.n_replicates);
        *to[k] = arena_alloc(&out->arena, n * 8);
        if (!*to[k])
            return err_set(err, ERR_MEMORY, "no memory for a library");
        memcpy(*to[k], values, n * 8);
    }
    return ERR_OK;
}

enum err_code engine_library_read(const char *path, const struct cat_design *cat,
                                  const struct pathway_library *asked, struct engine_library *self,
                                  struct err *err)
{
    struct store_result file = {0};
    struct pathway_library *out = &self->sittings;
    *out = (struct pathway_library){
        .size = asked->size, .seed = asked->seed, .center = cat->exam.cut_theta};
    if (store_result_read(path, &file, err) != ERR_OK)
        goto out;
    const char *digest = store_result_text(&file, "library_digest");
    if (!digest || strcmp(digest, self->digest) != 0 || !numbers_read(&file, &asked->size, out)) {
        err_set(err, ERR_INPUT, "%s: not the session library that its name says", path);
        goto out;
    }
    if (tables_read(path, &file, out, err) == ERR_OK && !pathway_library_is_sound(out, cat))
        err_set(err, ERR_INPUT, "%s: not a session library", path);
    dataset_digest(&file.dataset, self->statistics_digest);
out:
    store_result_free(&file);
    return err->code;
}
