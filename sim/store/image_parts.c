/* Arrays of an image, and what the parts of an image may take. A part is as large as its bytes in
 * the file allow: numbers are deflated at most by the ratio that zlib reaches, texts lie there as
 * they are, and no byte serves twice.
 * SPDX-License-Identifier: Apache-2.0 */
#include "image_parts.h"

#include "hdf5_guard.h"

#include <stdlib.h>
#include <string.h>

enum {
    DEFLATE_MAX_RATIO = 1100, /* zlib reaches 1032 */
    NUMBER_BYTES = 8,
    TEXT_BYTES = 16, /* length, address and number of an object on the heap of the file */
    LINK_MIN_BYTES = 16,
    MAX_LINKS = 16384
};

/* ---- the reader ---- */

bool store_reader_refuse(const struct store_reader *self, const char *why, const char *what)
{
    err_set(self->err, ERR_INPUT, "%s: %s%s%s", self->name, why, *what ? ": " : "", what);
    return false;
}

bool store_reader_memory_out(const struct store_reader *self)
{
    err_set(self->err, ERR_MEMORY, "%s: no memory for the result", self->name);
    return false;
}

bool store_reader_spend(const struct store_reader *self, size_t n_bytes)
{
    if (n_bytes > *self->n_left)
        return store_reader_refuse(self, "damaged: its parts are larger than the file", "");
    *self->n_left -= n_bytes;
    return true;
}

bool store_reader_count(const struct store_reader *self, size_t n)
{
    if (n > self->n_bytes / LINK_MIN_BYTES || n > MAX_LINKS)
        return store_reader_refuse(self, "not a retake result: it has too many parts", "");
    return true;
}

const char *store_text_keep(const struct store_reader *self, const char *text)
{
    const char *copy = arena_text(&self->out->dataset.arena, text, strlen(text));
    if (!copy)
        store_reader_memory_out(self);
    return copy;
}

/* ---- how an array is stored ---- */

/* Shuffle, deflate and Fletcher's checksum, each at most once; no other is looked for. */
static bool filters_are_known(hid_t layout)
{
    static const H5Z_filter_t known[] = {H5Z_FILTER_SHUFFLE, H5Z_FILTER_DEFLATE,
                                         H5Z_FILTER_FLETCHER32};
    enum { N_KNOWN = sizeof known / sizeof *known };
    bool is_there[N_KNOWN] = {false};
    int n = H5Pget_nfilters(layout);
    for (int i = 0; i < n; i++) {
        unsigned flags, config;
        size_t n_values = 0, k = 0;
        H5Z_filter_t filter =
            H5Pget_filter2(layout, (unsigned)i, &flags, &n_values, NULL, 0, NULL, &config);
        while (k < N_KNOWN && known[k] != filter)
            k++;
        if (k == N_KNOWN || is_there[k])
            return false;
        is_there[k] = true;
    }
    return n >= 0;
}

/* @param n_bytes  of an element */
static bool chunks_are_small(hid_t layout, int rank, size_t n_bytes)
{
    hsize_t chunk[DATASET_MAX_DIMS], n = n_bytes;
    if (H5Pget_chunk(layout, DATASET_MAX_DIMS, chunk) != rank)
        return false;
    for (int i = 0; i < rank; i++)
        if (__builtin_mul_overflow(n, chunk[i], &n) || n > STORE_CHUNK_MAX_BYTES)
            return false;
    return true;
}

/* Whole, in the header of the object, or in chunks; never in another file. */
static bool layout_is_known(hid_t layout, int rank, size_t n_bytes, bool *is_chunked)
{
    H5D_layout_t kind = H5Pget_layout(layout);
    *is_chunked = kind == H5D_CHUNKED;
    if (!filters_are_known(layout))
        return false;
    return *is_chunked ? chunks_are_small(layout, rank, n_bytes)
                       : kind == H5D_COMPACT ||
                             (kind == H5D_CONTIGUOUS && H5Pget_external_count(layout) == 0);
}

/* An array's shape and storage, before anything of it is read. */
static bool extent_read(hid_t array, struct store_values *out)
{
    hid_t space = H5Dget_space(array);
    if (space < 0)
        return false;
    out->rank = H5Sget_simple_extent_ndims(space);
    bool read = out->rank >= 0 && out->rank <= DATASET_MAX_DIMS &&
                H5Sget_simple_extent_type(space) != H5S_NULL &&
                H5Sget_simple_extent_dims(space, out->extent, NULL) >= 0;
    H5Sclose(space);
    out->n = 1;
    for (int i = 0; i < out->rank && read; i++)
        read = !__builtin_mul_overflow(out->n, out->extent[i], &out->n);
    return read && out->n > 0;
}

/* @param n_bytes  of an element in the file */
static bool shape_read(const struct store_reader *self, hid_t array, size_t n_bytes,
                       struct store_values *out)
{
    bool is_chunked = false;
    hid_t layout = H5Dget_create_plist(array);
    /* HDF5 opens the sources of a virtual array when it is asked for the extent. */
    bool read = layout >= 0 && H5Pget_layout(layout) != H5D_VIRTUAL && extent_read(array, out) &&
                layout_is_known(layout, out->rank, n_bytes, &is_chunked);
    if (layout >= 0)
        H5Pclose(layout);
    if (!read)
        return store_reader_refuse(self, "not a retake result",
                                   "a dataset has a shape or storage of another kind");
    size_t n_stored = H5Dget_storage_size(array), n_wanted;
    if (__builtin_mul_overflow(out->n, n_bytes, &n_wanted))
        n_wanted = SIZE_MAX;
    if (is_chunked ? n_stored == 0 || n_wanted / DEFLATE_MAX_RATIO > n_stored
                   : n_wanted != n_stored)
        return store_reader_refuse(self, "damaged", "a dataset is larger than what is stored");
    return store_reader_spend(self, n_stored);
}

/* ---- values ---- */

void store_values_free(struct store_values *self)
{
    arena_free(&self->texts);
    free(self->memory);
}

/* The types that retake writes; in memory they are the same. */
static bool type_read(hid_t type, enum dataset_type *out)
{
    if (H5Tget_class(type) == H5T_STRING && H5Tis_variable_str(type) > 0)
        *out = DATASET_TEXT;
    else if (H5Tequal(type, H5T_STD_I64LE) > 0)
        *out = DATASET_COUNT;
    else if (H5Tequal(type, H5T_IEEE_F64LE) > 0)
        *out = DATASET_REAL;
    else
        return false;
    return true;
}

/* Memory for the texts of an array, as HDF5 reads them. */
struct texts {
    const struct store_reader *reader;
    struct arena *arena;
};

static void *text_new(size_t n_bytes, void *data)
{
    const struct texts *self = data;
    if (!store_reader_spend(self->reader, n_bytes > 0 ? n_bytes - 1 : 0))
        return NULL;
    void *memory = arena_alloc(self->arena, n_bytes);
    if (!memory)
        store_reader_memory_out(self->reader);
    return memory;
}

static void text_keep(void *memory, void *data)
{
    (void)memory, (void)data; /* until the arena goes */
}

static bool texts_read(const struct store_reader *self, hid_t array, hid_t type,
                       struct store_values *out)
{
    struct texts texts = {self, &out->texts};
    hid_t transfer = H5Pcreate(H5P_DATASET_XFER);
    bool read = transfer >= 0 &&
                H5Pset_vlen_mem_manager(transfer, text_new, &texts, text_keep, &texts) >= 0 &&
                H5Dread(array, type, H5S_ALL, H5S_ALL, transfer, out->memory) >= 0;
    if (transfer >= 0)
        H5Pclose(transfer);
    char **text = out->memory;
    for (size_t i = 0; read && i < out->n; i++)
        if (!text[i])
            return store_reader_refuse(self, "damaged", "a text is missing");
    return read;
}

static bool values_load(const struct store_reader *self, hid_t array, hid_t type,
                        struct store_values *out)
{
    if (!type_read(type, &out->type))
        return store_reader_refuse(self, "not a retake result",
                                   "a dataset has a type of another kind");
    if (!shape_read(self, array, out->type == DATASET_TEXT ? TEXT_BYTES : NUMBER_BYTES, out))
        return false;
    out->memory = calloc(out->n + 1, sizeof(uint64_t));
    if (!out->memory)
        return store_reader_memory_out(self);
    if (out->type == DATASET_TEXT)
        return texts_read(self, array, type, out);
    return H5Dread(array, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, out->memory) >= 0;
}

bool store_values_read(const struct store_reader *self, hid_t array, struct store_values *out)
{
    *out = (struct store_values){.memory = NULL};
    hid_t type = H5Dget_type(array);
    bool read = type >= 0 && values_load(self, array, type, out);
    if (type >= 0)
        H5Tclose(type);
    return read;
}

bool store_state_read(const struct store_reader *self, hid_t array)
{
    struct store_values shape = {.memory = NULL};
    hid_t type = H5Dget_type(array);
    bool is_bytes = type >= 0 && H5Tequal(type, H5T_STD_U8LE) > 0;
    if (type >= 0)
        H5Tclose(type);
    if (!is_bytes)
        return store_reader_refuse(self, "not a retake result", "its state is of another kind");
    if (!shape_read(self, array, 1, &shape))
        return false;
    unsigned char *bytes = store_result_state_new(self->out, shape.n);
    if (!bytes)
        return store_reader_memory_out(self);
    return H5Dread(array, H5T_STD_U8LE, H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes) >= 0;
}
