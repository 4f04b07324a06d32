/* Files of microdata that follow each other, read row by row and written anew: blocks of the whole
 * do not begin where those of the parts do.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/store/microdata.h>

#include "hdf5_guard.h"
#include "micro_block.h"
#include "seal.h"

#include <stdlib.h>
#include <string.h>

struct part {
    const char *path;
    const struct tally_micro_schema *schema;
    struct err *err;
    hid_t file;
    hid_t arrays[TALLY_MICRO_N_TABLES][TALLY_MICRO_MAX_COLUMNS];
    uint64_t n_rows[TALLY_MICRO_N_TABLES], at[TALLY_MICRO_N_TABLES]; /* read so far */
    uint64_t first, next;                                            /* candidates */
};

static bool refuse(const struct part *self, const char *why)
{
    err_set(self->err, ERR_INPUT, "%s: %s", self->path, why);
    return false;
}

static hid_t native_type(enum tally_micro_type type)
{
    const hid_t types[TALLY_MICRO_N_TYPES] = {
        [TALLY_MICRO_I8] = H5T_NATIVE_INT8,   [TALLY_MICRO_U8] = H5T_NATIVE_UINT8,
        [TALLY_MICRO_I16] = H5T_NATIVE_INT16, [TALLY_MICRO_U16] = H5T_NATIVE_UINT16,
        [TALLY_MICRO_I32] = H5T_NATIVE_INT32, [TALLY_MICRO_I64] = H5T_NATIVE_INT64,
        [TALLY_MICRO_F32] = H5T_NATIVE_FLOAT};
    return types[type];
}

static bool attribute_read(const struct part *self, const char *name, hid_t type, void *out)
{
    hid_t attribute = H5Aopen(self->file, name, H5P_DEFAULT);
    bool read = attribute >= 0 && H5Aread(attribute, type, out) >= 0;
    if (attribute >= 0)
        H5Aclose(attribute);
    return read;
}

/* Whether an attribute is this text. */
static bool text_matches(const struct part *self, const char *name, const char *wanted)
{
    char *found = NULL;
    hid_t text = store_text_type();
    bool matches = text >= 0 && attribute_read(self, name, text, &found) && found &&
                   strcmp(found, wanted) == 0;
    if (found)
        H5free_memory(found);
    if (text >= 0)
        H5Tclose(text);
    return matches;
}

static bool array_open(struct part *self, int t, size_t k)
{
    const struct tally_micro_column *column = &self->schema->tables[t].columns[k];
    hid_t array = H5Dopen2(self->file, column->name, H5P_DEFAULT);
    self->arrays[t][k] = array;
    hid_t type = array < 0 ? H5I_INVALID_HID : H5Dget_type(array);
    hid_t space = array < 0 ? H5I_INVALID_HID : H5Dget_space(array);
    hssize_t n = space < 0 ? -1 : H5Sget_simple_extent_npoints(space);
    bool fits = type >= 0 && H5Tequal(type, native_type(column->type)) > 0 && n >= 0 &&
                (k == 0 || (uint64_t)n == self->n_rows[t]);
    self->n_rows[t] = n < 0 ? 0 : (uint64_t)n;
    if (type >= 0)
        H5Tclose(type);
    if (space >= 0)
        H5Sclose(space);
    return fits;
}

static bool part_open(struct part *self)
{
    int32_t version = 0;
    char keep[96];
    tally_micro_keep_format(&self->schema->keep, keep);
    for (int t = 0; t < TALLY_MICRO_N_TABLES; t++)
        for (size_t k = 0; k < TALLY_MICRO_MAX_COLUMNS; k++)
            self->arrays[t][k] = H5I_INVALID_HID;
    if (!store_seal_file_matches(self->path))
        return refuse(self, "missing, damaged, or changed since retake wrote it");
    self->file = H5Fopen(self->path, H5F_ACC_RDONLY, H5P_DEFAULT);
    if (self->file < 0 ||
        !attribute_read(self, "retake_microdata_version", H5T_NATIVE_INT32, &version) ||
        version != STORE_MICRO_VERSION ||
        !attribute_read(self, "first_candidate", H5T_NATIVE_UINT64, &self->first) ||
        !attribute_read(self, "next_candidate", H5T_NATIVE_UINT64, &self->next))
        return refuse(self, "not a file of microdata that this retake knows");
    if (!text_matches(self, "microdata_keep", keep))
        return refuse(self, "keeps other rows than the other parts (--microdata-keep)");
    for (int t = 0; t < TALLY_MICRO_N_TABLES; t++)
        for (size_t k = 0; k < self->schema->tables[t].n_columns; k++)
            if (!array_open(self, t, k))
                return refuse(self, "other columns than this scenario has");
    return true;
}

static void part_close(struct part *self)
{
    for (int t = 0; t < TALLY_MICRO_N_TABLES; t++)
        for (size_t k = 0; k < TALLY_MICRO_MAX_COLUMNS; k++)
            if (self->arrays[t][k] >= 0)
                H5Dclose(self->arrays[t][k]);
    if (self->file >= 0)
        H5Fclose(self->file);
}

static bool column_read(const struct part *self, int t, size_t k, hsize_t n, void *out)
{
    hsize_t at = self->at[t];
    hid_t disk = H5Dget_space(self->arrays[t][k]), memory = H5Screate_simple(1, &n, NULL);
    bool read =
        n == 0 || (H5Sselect_hyperslab(disk, H5S_SELECT_SET, &at, NULL, &n, NULL) >= 0 &&
                   H5Dread(self->arrays[t][k], native_type(self->schema->tables[t].columns[k].type),
                           memory, disk, H5P_DEFAULT, out) >= 0);
    if (disk >= 0)
        H5Sclose(disk);
    if (memory >= 0)
        H5Sclose(memory);
    return read;
}

/* Column 1 of candidates is n_sittings. @param n  candidates; then the sittings are theirs */
static bool sittings_count(const struct part *self, size_t n[TALLY_MICRO_N_TABLES])
{
    uint8_t *counts = malloc(n[TALLY_MICRO_CANDIDATES] + 1);
    bool read = counts && column_read(self, TALLY_MICRO_CANDIDATES, 1, n[0], counts);
    n[TALLY_MICRO_SITTINGS] = 0;
    for (size_t i = 0; read && i < n[TALLY_MICRO_CANDIDATES]; i++)
        n[TALLY_MICRO_SITTINGS] += counts[i];
    free(counts);
    return read && n[TALLY_MICRO_SITTINGS] <= self->n_rows[TALLY_MICRO_SITTINGS] - self->at[1];
}

/* The next rows; NULL after failure. The last ones say that all candidates of the part are there.
 */
static struct tally_micro_rows *rows_read(struct part *self)
{
    uint64_t left = self->n_rows[0] - self->at[0];
    size_t n[TALLY_MICRO_N_TABLES] = {left < STORE_MICRO_BLOCK ? left : STORE_MICRO_BLOCK};
    if (!sittings_count(self, n))
        return NULL;
    struct tally_micro_rows *rows = tally_micro_rows_new(self->schema, n);
    bool read = rows;
    for (int t = 0; t < TALLY_MICRO_N_TABLES; t++) {
        for (size_t k = 0; k < self->schema->tables[t].n_columns && read; k++)
            read = column_read(self, t, k, n[t], rows->values[t][k]);
        self->at[t] += n[t];
    }
    if (!read) {
        free(rows);
        return NULL;
    }
    rows->first = self->first;
    rows->n_candidates = n[0] == left ? self->next - self->first : 0;
    return rows;
}

/* @param first  the candidate after those of the part before */
static bool part_begin(struct part *self, uint64_t first, const char *digest)
{
    if (!part_open(self))
        return false;
    if (digest && !text_matches(self, "microdata_digest", digest))
        return refuse(self, "not the microdata of this part: its result states another digest");
    return self->first == first || refuse(self, "does not begin where the part before it ends");
}

/* HDF5 is left between pieces, so that other threads get to it. */
static bool part_copy(struct part *self, uint64_t first, const char *digest,
                      struct store_micro *store)
{
    struct store_guard guard;
    store_guard_begin(&guard);
    bool copied = part_begin(self, first, digest), more = copied;
    store_guard_end(&guard);
    while (more) {
        store_guard_begin(&guard);
        struct tally_micro_rows *rows = rows_read(self);
        store_guard_end(&guard);
        copied = rows ? true : refuse(self, "damaged, or no memory");
        more = copied && self->at[0] < self->n_rows[0];
        if (rows)
            store_micro_put(store, rows);
    }
    if (copied && self->at[1] != self->n_rows[1])
        copied = refuse(self, "its sittings and its candidates do not agree");
    store_guard_begin(&guard);
    part_close(self);
    store_guard_end(&guard);
    return copied;
}

enum err_code store_micro_join(const struct store_micro_part *parts, size_t n_parts,
                               const struct store_micro_options *options,
                               const struct store_provenance *provenance, char digest[33],
                               struct err *err)
{
    struct store_micro *store;
    uint64_t next = options->first;
    bool copied = store_micro_open(options, &store, err) == ERR_OK;
    for (size_t i = 0; i < n_parts && copied; i++) {
        struct part part = {
            .path = parts[i].path, .schema = options->schema, .err = err, .file = H5I_INVALID_HID};
        copied = part_copy(&part, next, parts[i].digest, store);
        next = part.next;
    }
    if (copied)
        store_micro_finish(store, provenance, digest, err);
    store_micro_close(store, true);
    return err->code;
}
