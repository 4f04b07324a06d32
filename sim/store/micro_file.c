/* Joining segments into the file of microdata: HDF5 that is also netCDF-4, with the rows of
 * sittings as a contiguous ragged array of the CF conventions. Compressed blocks are copied as they
 * are (H5Dwrite_chunk): nothing is compressed twice.
 *
 * The digest is XXH3 (128 bits) over, for each variable in the order of the file, its name (number
 * of bytes, then UTF-8), its number of values, and the canonical XXH3 (128 bits) of the canonical
 * XXH3 (128 bits) of each 65,536 values; numbers are 64 bits, all little-endian.
 * SPDX-License-Identifier: Apache-2.0 */
#include "micro_file.h"

#include "attributes.h"
#include "hdf5_guard.h"
#include "seal.h"

#include <retake/base/apart.h>
#include <retake/base/file.h>

#include <errno.h>
#include <hdf5_hl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xxhash.h>
#include <zlib.h>

enum { MAX_COLUMNS = TALLY_MICRO_MAX_COLUMNS };

/* A block somewhere on the disk. */
struct found {
    unsigned segment;
    struct store_micro_entry entry;
};

struct joiner {
    const struct store_micro_source *source;
    struct err *err; /* where it is not set, HDF5 knows the reason */
    size_t n_blocks[TALLY_MICRO_N_TABLES];
    struct found *blocks[TALLY_MICRO_N_TABLES]; /* [n_blocks] in order */
    uint64_t n_rows[TALLY_MICRO_N_TABLES];
    hid_t file, text, sitting;
    hid_t arrays[TALLY_MICRO_N_TABLES][MAX_COLUMNS];
    struct store_micro_block *tail[TALLY_MICRO_N_TABLES]; /* behind the last whole block */
    FILE *stream;                                         /* of segment `open` */
    unsigned open;
    char *name;
    unsigned char *bytes; /* of one block */
    size_t capacity;
};

/* ---- the blocks of all segments ---- */

static bool blocks_note(struct joiner *self, unsigned segment,
                        const struct store_micro_entry *entries, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct store_micro_entry *entry = &entries[i];
        bool fits = entry->table < TALLY_MICRO_N_TABLES &&
                    entry->block < self->n_blocks[entry->table] &&
                    entry->n_rows == STORE_MICRO_BLOCK &&
                    self->blocks[entry->table][entry->block].entry.n_rows == 0;
        if (!fits) {
            err_set(self->err, ERR_INPUT, "%s: segment %u: blocks do not fit",
                    self->source->place->path, segment);
            return false;
        }
        self->blocks[entry->table][entry->block] = (struct found){segment, *entry};
        if (entry->n_bytes > self->capacity)
            self->capacity = entry->n_bytes;
    }
    return true;
}

static bool blocks_alloc(struct joiner *self, const struct store_micro_span *last)
{
    for (int t = 0; t < TALLY_MICRO_N_TABLES; t++) {
        self->n_blocks[t] = last->n_blocks[t];
        self->n_rows[t] = last->n_blocks[t] * STORE_MICRO_BLOCK + self->source->raw[t].n;
        self->blocks[t] = calloc(self->n_blocks[t] + 1, sizeof *self->blocks[t]);
        if (!self->blocks[t])
            return false;
    }
    return true;
}

static bool blocks_find(struct joiner *self)
{
    const struct store_micro_source *source = self->source;
    struct store_micro_span span = {0};
    if (source->n_segments > 0 && store_micro_segment_read(source->place, source->n_segments - 1,
                                                           &span, NULL, NULL, self->err) != ERR_OK)
        return false;
    if (!blocks_alloc(self, &span)) {
        err_set(self->err, ERR_MEMORY, "no memory for microdata");
        return false;
    }
    size_t n_found = 0;
    for (unsigned s = 0; s < source->n_segments; s++) {
        struct store_micro_entry *entries;
        size_t n;
        if (store_micro_segment_read(source->place, s, &span, &entries, &n, self->err) != ERR_OK)
            return false;
        bool noted = blocks_note(self, s, entries, n);
        free(entries);
        if (!noted)
            return false;
        n_found += n;
    }
    if (n_found != self->n_blocks[0] + self->n_blocks[1])
        err_set(self->err, ERR_INPUT, "%s: segments: a block is missing", source->place->path);
    self->bytes = malloc(self->capacity + 1);
    if (!self->bytes)
        err_set(self->err, ERR_MEMORY, "no memory for microdata");
    return self->err->code == ERR_OK;
}

/* The bytes of a block, its segment being opened unless it is. */
static bool block_read(struct joiner *self, const struct found *found)
{
    if (!self->stream || self->open != found->segment) {
        if (self->stream)
            fclose(self->stream);
        free(self->name);
        self->name = store_micro_name(self->source->place, found->segment, "segment");
        self->stream = self->name ? fopen(self->name, "rb") : NULL;
        self->open = found->segment;
        if (!self->stream) {
            err_set(self->err, ERR_INPUT, "%s: cannot open: %s",
                    self->name ? self->name : self->source->place->path, strerror(errno));
            return false;
        }
    }
    return store_micro_entry_read(self->name, self->stream, &found->entry, self->bytes,
                                  self->err) == ERR_OK;
}

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
    uint64_t n = self->n_rows[TALLY_MICRO_SITTINGS];
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
            hid_t array = array_make(self, column->name, type_of(column->type), self->n_rows[t],
                                     tally_micro_bytes[column->type]);
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

static bool block_write(struct joiner *self, int t, const struct store_micro_entry *entry,
                        const unsigned char *bytes)
{
    const hsize_t at[] = {entry->block * STORE_MICRO_BLOCK};
    for (size_t k = 0; k < self->source->schema->tables[t].n_columns; k++) {
        if (H5Dwrite_chunk(self->arrays[t][k], H5P_DEFAULT, 0, at, entry->column_bytes[k], bytes) <
            0)
            return false;
        bytes += entry->column_bytes[k];
    }
    return true;
}

/* The rows behind the last whole block. */
static bool tail_write(struct joiner *self, int t)
{
    const struct store_micro_raw *raw = &self->source->raw[t];
    if (raw->n == 0)
        return true;
    self->tail[t] = store_micro_block_pack(&self->source->schema->tables[t], raw,
                                           self->n_blocks[t] > 0 ? STORE_MICRO_BLOCK : raw->n);
    if (!self->tail[t]) {
        err_set(self->err, ERR_MEMORY, "no memory for microdata");
        return false;
    }
    self->tail[t]->entry.block = self->n_blocks[t];
    return block_write(self, t, &self->tail[t]->entry, self->tail[t]->bytes);
}

static bool values_write(struct joiner *self)
{
    for (int t = 0; t < TALLY_MICRO_N_TABLES; t++) {
        for (size_t b = 0; b < self->n_blocks[t]; b++)
            if (!block_read(self, &self->blocks[t][b]) ||
                !block_write(self, t, &self->blocks[t][b].entry, self->bytes))
                return false;
        if (!tail_write(self, t))
            return false;
    }
    return true;
}

static XXH128_canonical_t digest_of_column(const struct joiner *self, int t, size_t k,
                                           XXH3_state_t *hash)
{
    XXH128_canonical_t canonical;
    XXH3_128bits_reset(hash);
    for (size_t b = 0; b < self->n_blocks[t]; b++)
        XXH3_128bits_update(hash, self->blocks[t][b].entry.digest[k], STORE_MICRO_DIGEST);
    if (self->tail[t])
        XXH3_128bits_update(hash, self->tail[t]->entry.digest[k], STORE_MICRO_DIGEST);
    XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(hash));
    return canonical;
}

static bool digest_make(const struct joiner *self, char hex[33])
{
    XXH3_state_t *all = XXH3_createState(), *one = XXH3_createState();
    XXH128_canonical_t canonical;
    bool made = all && one && XXH3_128bits_reset(all) == XXH_OK;
    for (int t = 0; t < TALLY_MICRO_N_TABLES && made; t++)
        for (size_t k = 0; k < self->source->schema->tables[t].n_columns; k++) {
            const char *name = self->source->schema->tables[t].columns[k].name;
            uint64_t n_name = strlen(name);
            canonical = digest_of_column(self, t, k, one);
            XXH3_128bits_update(all, &n_name, sizeof n_name);
            XXH3_128bits_update(all, name, n_name);
            XXH3_128bits_update(all, &self->n_rows[t], sizeof self->n_rows[t]);
            XXH3_128bits_update(all, &canonical, sizeof canonical);
        }
    if (made)
        XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(all));
    for (int i = 0; i < STORE_MICRO_DIGEST && made; i++)
        snprintf(hex + 2 * i, 3, "%02x", canonical.digest[i]);
    XXH3_freeState(all);
    XXH3_freeState(one);
    return made;
}

static bool has_attribute(const struct store_provenance *provenance, const char *name)
{
    for (size_t i = 0; i < provenance->n_attributes; i++)
        if (strcmp(provenance->attributes[i].name, name) == 0)
            return true;
    return false;
}

static bool root_make(struct joiner *self, const struct store_provenance *provenance,
                      char digest[33])
{
    const struct store_micro_source *source = self->source;
    char date[32], keep[96];
    int32_t version = STORE_MICRO_VERSION;
    store_date_now(date);
    tally_micro_keep_format(&source->schema->keep, keep);
    const char *const texts[][2] = {{"Conventions", "CF-1.10, ACDD-1.3"},
                                    {"featureType", "timeSeries"},
                                    {"microdata_digest", digest},
                                    {"microdata_keep", keep},
                                    {"date_created", date},
                                    {"zlib_version", zlibVersion()}};
    bool made =
        digest_make(self, digest) &&
        store_attribute_make(self->file, "retake_microdata_version", H5T_NATIVE_INT32, &version) &&
        store_attribute_make(self->file, "first_candidate", H5T_NATIVE_UINT64, &source->first) &&
        store_attribute_make(self->file, "next_candidate", H5T_NATIVE_UINT64, &source->next);
    for (size_t i = 0; i < sizeof texts / sizeof *texts && made; i++)
        if (!has_attribute(provenance, texts[i][0]))
            made = store_attribute_text_make(self->file, self->text, texts[i][0], texts[i][1]);
    return made && store_provenance_make(self->file, self->text, provenance);
}

/* ---- the file ---- */

static hid_t file_make(const char *name)
{
    hid_t file = H5I_INVALID_HID;
    hid_t access = H5Pcreate(H5P_FILE_ACCESS), creation = H5Pcreate(H5P_FILE_CREATE);
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

/* A disk that is full would leave HDF5 unable to close its file, and complaining about it to the
 * end of the program: what was written is given up first, which makes room. */
static bool file_close(struct joiner *self, const char *name, bool made)
{
    if (!made || (self->file >= 0 && H5Fflush(self->file, H5F_SCOPE_LOCAL) < 0)) {
        made = false;
        if (truncate(name, 0) != 0)
            errno = 0;
    }
    for (int t = 0; t < TALLY_MICRO_N_TABLES; t++)
        for (size_t k = 0; k < MAX_COLUMNS; k++)
            if (self->arrays[t][k] >= 0)
                made = H5Dclose(self->arrays[t][k]) >= 0 && made;
    if (self->sitting >= 0)
        made = H5Dclose(self->sitting) >= 0 && made;
    if (self->text >= 0)
        H5Tclose(self->text);
    return self->file >= 0 && H5Fclose(self->file) >= 0 && made;
}

/* What file_fill needs in its process. */
struct filling {
    struct joiner *joiner;
    const char *name;
    const struct store_provenance *provenance;
};

/* The file; what comes back is its digest. */
static enum err_code file_fill(void *context, struct apart_bytes *out, struct err *err)
{
    enum { DIGEST_BYTES = 33 };
    const struct filling *filling = context;
    struct joiner *self = filling->joiner;
    char *digest = calloc(1, DIGEST_BYTES);
    if (!digest)
        return err_set(err, ERR_MEMORY, "no memory for microdata");
    *out = (struct apart_bytes){(unsigned char *)digest, DIGEST_BYTES};
    self->err = err;
    for (int t = 0; t < TALLY_MICRO_N_TABLES; t++)
        for (size_t k = 0; k < MAX_COLUMNS; k++)
            self->arrays[t][k] = H5I_INVALID_HID;
    self->sitting = H5I_INVALID_HID;
    struct store_guard guard;
    store_guard_begin(&guard);
    self->text = store_text_type();
    self->file = file_make(filling->name);
    bool made = self->file >= 0 && self->text >= 0 && arrays_make(self) && values_write(self) &&
                root_make(self, filling->provenance, digest);
    made = file_close(self, filling->name, made);
    store_guard_end(&guard);
    if (!made)
        err_set(err, ERR_IO, "%s: cannot write: HDF5: %s", self->source->place->path, guard.reason);
    return err->code;
}

static bool file_fill_apart(struct joiner *self, const char *name,
                            const struct store_provenance *provenance, char digest[33])
{
    struct filling filling = {self, name, provenance};
    struct apart_bytes bytes;
    if (apart_do(self->source->place->path, file_fill, &filling, &bytes, self->err) == ERR_OK)
        memcpy(digest, bytes.bytes, bytes.n_bytes);
    free(bytes.bytes);
    return !self->err->code;
}

static void joiner_free(struct joiner *self)
{
    for (int t = 0; t < TALLY_MICRO_N_TABLES; t++) {
        free(self->blocks[t]);
        store_micro_block_free(self->tail[t]);
    }
    if (self->stream)
        fclose(self->stream);
    free(self->name);
    free(self->bytes);
}

/* Write under a name that does not depend on the process: one that was killed leaves no litter. */
static enum err_code pending_rename(struct file_pending *self, struct err *err)
{
    static const char suffix[] = ".open";
    size_t n = strlen(self->target);
    char *name = malloc(n + sizeof suffix);
    if (!name)
        return err_set(err, ERR_MEMORY, "no memory for a file name");
    memcpy(name, self->target, n);
    memcpy(name + n, suffix, sizeof suffix);
    unlink(self->temporary);
    free(self->temporary);
    self->temporary = name;
    return ERR_OK;
}

enum err_code store_micro_file_write(const struct store_micro_source *source,
                                     const struct store_provenance *provenance, char digest[33],
                                     struct err *err)
{
    struct file_pending pending = {.path = NULL};
    struct joiner joiner = {.source = source, .err = err};
    bool made = blocks_find(&joiner) && file_begin(source->place->path, &pending, err) == ERR_OK &&
                pending_rename(&pending, err) == ERR_OK &&
                file_fill_apart(&joiner, pending.temporary, provenance, digest);
    if (made && store_seal_file_put(pending.temporary))
        file_commit(&pending, err);
    else if (made)
        err_set(err, ERR_IO, "%s: cannot write: %s", source->place->path, strerror(errno));
    file_discard(&pending);
    joiner_free(&joiner);
    return err->code;
}
