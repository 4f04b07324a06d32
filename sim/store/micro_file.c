/* The file of microdata: HDF5 that is also netCDF-4, with the rows of sittings as a contiguous
 * ragged array of the CF conventions. Compressed blocks are copied as they are (H5Dwrite_chunk):
 * nothing is compressed twice. Behind the HDF5 file stand the index and the seal.
 * SPDX-License-Identifier: Apache-2.0 */
#include "micro_file.h"

#include "attributes.h"
#include "hdf5_disk.h"
#include "hdf5_guard.h"
#include "micro_blocks.h"
#include "micro_index.h"
#include "seal.h"

#include <retake/base/apart.h>
#include <retake/base/date.h>
#include <retake/base/file.h>

#include <assert.h>
#include <hdf5_hl.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { MAX_COLUMNS = TALLY_MICRO_MAX_COLUMNS };

struct joiner {
    const struct store_micro_source *source;
    struct err *err; /* where it is not set, HDF5 knows the reason */
    struct store_micro_blocks blocks;
    struct store_micro_index index;
    struct store_disk disk;
    hid_t file, text, sitting;
    hid_t arrays[TALLY_MICRO_N_TABLES][MAX_COLUMNS];
};

/* ---- arrays ---- */

static hid_t type_of(enum tally_micro_type type)
{
    const hid_t types[TALLY_MICRO_N_TYPES] = {
        [TALLY_MICRO_I8] = H5T_STD_I8LE,   [TALLY_MICRO_U8] = H5T_STD_U8LE,
        [TALLY_MICRO_I16] = H5T_STD_I16LE, [TALLY_MICRO_U16] = H5T_STD_U16LE,
        [TALLY_MICRO_I32] = H5T_STD_I32LE, [TALLY_MICRO_I64] = H5T_STD_I64LE,
        [TALLY_MICRO_F32] = H5T_IEEE_F32LE};
    return types[type];
}

/* Filters as store_micro_block_pack applied them. */
static bool filters_set(hid_t layout, uint64_t n_rows, size_t width)
{
    hsize_t chunk[] = {n_rows < STORE_MICRO_BLOCK ? n_rows : STORE_MICRO_BLOCK};
    return n_rows == 0 ||
           (H5Pset_chunk(layout, 1, chunk) >= 0 && (width == 1 || H5Pset_shuffle(layout) >= 0) &&
            H5Pset_deflate(layout, 1) >= 0);
}

/* @param width  bytes of a value; 0: nothing is stored */
static hid_t array_make(const struct joiner *self, const char *name, hid_t type, uint64_t n_rows,
                        size_t width)
{
    hid_t array = H5I_INVALID_HID;
    hsize_t extent[] = {n_rows};
    hid_t space = H5Screate_simple(1, extent, NULL), layout = H5Pcreate(H5P_DATASET_CREATE);
    if (space >= 0 && layout >= 0 && H5Pset_obj_track_times(layout, false) >= 0 &&
        H5Pset_attr_creation_order(layout, STORE_ORDER) >= 0 &&
        (width == 0 || filters_set(layout, n_rows, width)))
        array = H5Dcreate2(self->file, name, type, space, H5P_DEFAULT, layout, H5P_DEFAULT);
    if (layout >= 0)
        H5Pclose(layout);
    if (space >= 0)
        H5Sclose(space);
    return array;
}

/* flag_values 0, 1, ... of the array's own type, as many as there are words. */
static bool flags_make(hid_t array, hid_t type, const char *meanings)
{
    hsize_t n = 1;
    for (const char *at = meanings; *at; at++)
        n += *at == ' ';
    int16_t *values = malloc(n * sizeof *values);
    for (hsize_t i = 0; values && i < n; i++)
        values[i] = (int16_t)i;
    hid_t space = H5Screate_simple(1, &n, NULL);
    hid_t attribute = H5Acreate2(array, "flag_values", type, space, H5P_DEFAULT, H5P_DEFAULT);
    bool made = values && attribute >= 0 && H5Awrite(attribute, H5T_NATIVE_INT16, values) >= 0;
    if (attribute >= 0)
        H5Aclose(attribute);
    if (space >= 0)
        H5Sclose(space);
    free(values);
    return made;
}

static bool column_attributes_make(const struct joiner *self, hid_t array,
                                   const struct tally_micro_column *column)
{
    bool is_date = strncmp(column->unit, "days since", 10) == 0;
    bool is_id = strcmp(column->name, "candidate") == 0;
    bool is_count = strcmp(column->name, "n_sittings") == 0;
    return store_attribute_text_make(array, self->text, "units", column->unit) &&
           store_attribute_text_make(array, self->text, "long_name", column->long_name) &&
           store_attribute_text_make(array, self->text, "calendar",
                                     is_date ? "proleptic_gregorian" : NULL) &&
           store_attribute_text_make(array, self->text, "cf_role",
                                     is_id ? "timeseries_id" : NULL) &&
           store_attribute_text_make(array, self->text, "sample_dimension",
                                     is_count ? "sitting" : NULL) &&
           (!column->meanings ||
            (flags_make(array, type_of(column->type), column->meanings) &&
             store_attribute_text_make(array, self->text, "flag_meanings", column->meanings)));
}

/* The dimension of sittings has no coordinate: netCDF marks that by the name of its scale. */
static bool sitting_make(struct joiner *self)
{
    char name[96];
    uint64_t n = self->index.n_rows[TALLY_MICRO_SITTINGS];
    snprintf(name, sizeof name, STORE_NO_COORDINATE "%10llu", (unsigned long long)n);
    self->sitting = array_make(self, "sitting", H5T_IEEE_F32BE, n, 0);
    return self->sitting >= 0 && H5DSset_scale(self->sitting, name) >= 0;
}

static bool arrays_make(struct joiner *self)
{
    for (int t = 0; t < TALLY_MICRO_N_TABLES; t++) {
        const struct tally_micro_table *table = &self->source->schema->tables[t];
        if (t == TALLY_MICRO_SITTINGS && !sitting_make(self))
            return false;
        for (size_t k = 0; k < table->n_columns; k++) {
            const struct tally_micro_column *column = &table->columns[k];
            hid_t array = array_make(self, column->name, type_of(column->type),
                                     self->index.n_rows[t], tally_micro_bytes[column->type]);
            self->arrays[t][k] = array;
            bool is_scale = t == TALLY_MICRO_CANDIDATES && k == 0;
            hid_t scale = t == TALLY_MICRO_CANDIDATES ? self->arrays[t][0] : self->sitting;
            if (array < 0 || !column_attributes_make(self, array, column) ||
                (is_scale ? H5DSset_scale(array, table->dimension)
                          : H5DSattach_scale(array, scale, 0)) < 0)
                return false;
        }
    }
    return true;
}

/* ---- values ---- */

/* What HDF5 makes of H5Dwrite_chunk is one piece of values on the disk: the index has its place. */
static bool chunk_write(struct joiner *self, hid_t array, uint64_t row, const unsigned char *bytes,
                        struct store_micro_chunk *chunk)
{
    const hsize_t at[] = {row};
    size_t n_raw = self->disk.n_raw;
    if (H5Dwrite_chunk(array, H5P_DEFAULT, 0, at, chunk->n_bytes, bytes) < 0)
        return false;
    assert(self->disk.n_raw == n_raw + 1 && self->disk.raw_bytes == chunk->n_bytes);
    chunk->offset = self->disk.raw_at;
    return self->disk.failure == 0;
}

static bool block_write(struct joiner *self, int t, size_t b, const struct store_micro_entry *entry,
                        const unsigned char *bytes)
{
    size_t n_columns = self->source->schema->tables[t].n_columns;
    for (size_t k = 0; k < n_columns; k++) {
        struct store_micro_chunk *chunk = &self->index.chunks[t][b * n_columns + k];
        chunk->n_bytes = entry->column_bytes[k];
        memcpy(chunk->digest, entry->digest[k], STORE_MICRO_DIGEST);
        if (!chunk_write(self, self->arrays[t][k], (uint64_t)b * STORE_MICRO_BLOCK, bytes, chunk))
            return false;
        bytes += chunk->n_bytes;
    }
    return true;
}

/* The rows behind the last whole block. */
static bool tail_write(struct joiner *self, int t)
{
    const struct store_micro_raw *raw = &self->source->raw[t];
    if (raw->n == 0)
        return true;
    struct store_micro_block *tail = store_micro_block_pack(
        &self->source->schema->tables[t], raw, store_micro_block_stored(self->index.n_rows[t]));
    if (!tail) {
        err_set(self->err, ERR_MEMORY, "no memory for microdata");
        return false;
    }
    bool written = block_write(self, t, self->blocks.n[t], &tail->entry, tail->bytes);
    store_micro_block_free(tail);
    return written;
}

static bool values_write(struct joiner *self)
{
    for (int t = 0; t < TALLY_MICRO_N_TABLES; t++) {
        for (size_t b = 0; b < self->blocks.n[t]; b++)
            if (store_micro_blocks_read(&self->blocks, t, b, self->err) != ERR_OK ||
                !block_write(self, t, b, &self->blocks.found[t][b].entry, self->blocks.bytes))
                return false;
        if (!tail_write(self, t))
            return false;
    }
    return true;
}

static bool root_make(struct joiner *self, const struct store_provenance *provenance,
                      char digest[33])
{
    const struct store_micro_source *source = self->source;
    char date[DATE_BYTES], keep[96];
    int32_t version = STORE_MICRO_VERSION;
    if (date_now(date, self->err) != ERR_OK)
        return false;
    tally_micro_keep_format(&source->schema->keep, keep);
    const char *const texts[][2] = {{"Conventions", "CF-1.10, ACDD-1.3"},
                                    {"featureType", "timeSeries"},
                                    {"microdata_digest", digest},
                                    {"microdata_keep", keep},
                                    {"date_created", date},
                                    {"zlib_version", zlibVersion()}};
    bool made =
        store_micro_index_digest(source->schema, &self->index, digest) &&
        store_attribute_make(self->file, "retake_microdata_version", H5T_NATIVE_INT32, &version) &&
        store_attribute_make(self->file, "first_candidate", H5T_NATIVE_UINT64, &source->first) &&
        store_attribute_make(self->file, "next_candidate", H5T_NATIVE_UINT64, &source->next);
    for (size_t i = 0; i < sizeof texts / sizeof *texts && made; i++)
        if (!store_attribute_find(provenance, texts[i][0]))
            made = store_attribute_text_make(self->file, self->text, texts[i][0], texts[i][1]);
    return made && store_provenance_make(self->file, self->text, provenance);
}

/* ---- the file ---- */

static hid_t file_make(struct store_disk *disk, const char *name)
{
    hid_t file = H5I_INVALID_HID;
    hid_t access = store_disk_access(disk), creation = H5Pcreate(H5P_FILE_CREATE);
    if (access >= 0 && creation >= 0 &&
        H5Pset_libver_bounds(access, H5F_LIBVER_V18, H5F_LIBVER_V18) >= 0 &&
        H5Pset_link_creation_order(creation, STORE_ORDER) >= 0 &&
        H5Pset_attr_creation_order(creation, STORE_ORDER) >= 0 &&
        H5Pset_obj_track_times(creation, false) >= 0)
        file = H5Fcreate(name, H5F_ACC_TRUNC, creation, access);
    if (creation >= 0)
        H5Pclose(creation);
    if (access >= 0)
        H5Pclose(access);
    return file;
}

static bool file_close(struct joiner *self)
{
    bool closed = true;
    for (int t = 0; t < TALLY_MICRO_N_TABLES; t++)
        for (size_t k = 0; k < MAX_COLUMNS; k++)
            if (self->arrays[t][k] >= 0)
                closed = H5Dclose(self->arrays[t][k]) >= 0 && closed;
    if (self->sitting >= 0)
        closed = H5Dclose(self->sitting) >= 0 && closed;
    if (self->text >= 0)
        H5Tclose(self->text);
    return self->file >= 0 && H5Fclose(self->file) >= 0 && closed;
}

static bool file_fill(struct joiner *self, const struct store_provenance *provenance,
                      char digest[33])
{
    for (int t = 0; t < TALLY_MICRO_N_TABLES; t++)
        for (size_t k = 0; k < MAX_COLUMNS; k++)
            self->arrays[t][k] = H5I_INVALID_HID;
    self->sitting = H5I_INVALID_HID;
    struct store_guard guard;
    store_guard_begin(&guard);
    self->text = store_text_type();
    self->file = file_make(&self->disk, self->source->place->path);
    bool made = self->file >= 0 && self->text >= 0 && arrays_make(self) && values_write(self) &&
                root_make(self, provenance, digest);
    made = file_close(self) && made;
    store_guard_end(&guard);
    const char *path = self->source->place->path;
    if (self->disk.failure)
        err_set(self->err, ERR_IO, "%s: cannot write: %s", path, strerror(self->disk.failure));
    else if (!made)
        err_set(self->err, ERR_IO, "%s: cannot write: HDF5: %s", path, guard.reason);
    return !self->err->code;
}

/* What stands behind the HDF5 file. */
static bool trailer_put(struct joiner *self)
{
    size_t n_bytes;
    unsigned char *bytes = store_micro_index_pack(self->source->schema, &self->index, &n_bytes);
    if (!bytes) {
        err_set(self->err, ERR_MEMORY, "no memory for microdata");
        return false;
    }
    bool put = store_seal_file_put(self->source->place->path, self->disk.descriptor, bytes, n_bytes,
                                   self->err) == ERR_OK;
    free(bytes);
    return put;
}

/* What file_make_apart needs in its process. */
struct filling {
    struct joiner *joiner;
    const struct store_provenance *provenance;
};

/* The file; what comes back is its digest. */
static enum err_code file_make_apart(void *context, struct apart_bytes *out, struct err *err)
{
    enum { DIGEST_BYTES = 33 };
    const struct filling *filling = context;
    char *digest = calloc(1, DIGEST_BYTES);
    if (!digest)
        return err_set(err, ERR_MEMORY, "no memory for microdata");
    *out = (struct apart_bytes){(unsigned char *)digest, DIGEST_BYTES};
    filling->joiner->err = err;
    if (file_fill(filling->joiner, filling->provenance, digest))
        trailer_put(filling->joiner);
    return err->code;
}

static bool file_write_apart(struct joiner *self, const struct store_provenance *provenance,
                             char digest[33])
{
    struct filling filling = {self, provenance};
    struct apart_bytes bytes;
    if (apart_do(self->source->place->path, file_make_apart, &filling, &bytes, self->err) == ERR_OK)
        memcpy(digest, bytes.bytes, bytes.n_bytes);
    free(bytes.bytes);
    return !self->err->code;
}

static bool joiner_init(struct joiner *self)
{
    const struct store_micro_source *source = self->source;
    if (store_micro_blocks_find(source->place, source->schema, source->n_segments, &self->blocks,
                                self->err) != ERR_OK)
        return false;
    self->blocks.n_foreign = source->n_foreign;
    uint64_t n_rows[TALLY_MICRO_N_TABLES];
    for (int t = 0; t < TALLY_MICRO_N_TABLES; t++)
        n_rows[t] = (uint64_t)self->blocks.n[t] * STORE_MICRO_BLOCK + source->raw[t].n;
    if (store_micro_index_init(source->schema, n_rows, &self->index, self->err) != ERR_OK)
        return false;
    self->index.first = source->first;
    self->index.next = source->next;
    return true;
}

enum err_code store_micro_file_write(const struct store_micro_source *source,
                                     const struct store_provenance *provenance, char digest[33],
                                     struct err *err)
{
    struct file_pending pending;
    struct joiner joiner = {.source = source, .err = err};
    if (joiner_init(&joiner) && file_begin(source->place->path, &pending, err) == ERR_OK) {
        joiner.disk.descriptor = pending.descriptor;
        if (file_write_apart(&joiner, provenance, digest))
            file_commit(&pending, err);
        file_discard(&pending);
    }
    store_micro_blocks_free(&joiner.blocks);
    store_micro_index_free(&joiner.index);
    return err->code;
}
