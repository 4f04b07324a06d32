/* A dataset as an HDF5 file that is also netCDF-4 (docs/results-format.md), built in memory.
 * Every dimension is a dimension scale and is attached wherever it is used; links and attributes
 * keep their order of creation; no time stamps; text is of variable length.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/store/image.h>

#include <retake/base/apart.h>
#include <retake/base/date.h>

#include "attributes.h"
#include "hdf5_guard.h"
#include "hdf5_memory.h"
#include "seal.h"

#include <hdf5_hl.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    CHUNK_MIN_BYTES = 16384, /* smaller datasets are stored whole and plain */
    DEFLATE_LEVEL = 4,
    ORDER = STORE_ORDER
};

struct maker {
    const struct dataset *dataset;
    hid_t file, text;
    hid_t edge;   /* the scale of the two edges of a bin, where some dimension has bounds */
    hid_t *scale; /* [n_dims] */
};

/* ---- attributes ---- */

static bool attribute_text_make(const struct maker *self, hid_t object, const char *name,
                                const char *text)
{
    return store_attribute_text_make(object, self->text, name, text);
}

static bool root_attributes_make(const struct maker *self,
                                 const struct store_provenance *provenance, const char *date)
{
    char digest[33];
    int32_t version = STORE_FORMAT_VERSION;
    dataset_digest(self->dataset, digest);
    return attribute_text_make(self, self->file, "Conventions", "CF-1.10, ACDD-1.3") &&
           store_attribute_make(self->file, STORE_ATTRIBUTE_VERSION, H5T_NATIVE_INT32, &version) &&
           attribute_text_make(self, self->file, STORE_ATTRIBUTE_DIGEST, digest) &&
           attribute_text_make(self, self->file, "date_created", date) &&
           store_provenance_make(self->file, self->text, provenance);
}

/* ---- datasets ---- */

/* Chunks as whole as fits: cut the slowest dimensions first. */
static bool chunks_choose(hid_t layout, const hsize_t *extent, int rank, size_t n_bytes)
{
    hsize_t chunk[DATASET_MAX_DIMS], bytes = n_bytes; /* of one element */
    for (int i = 0; i < rank; i++)
        bytes *= chunk[i] = extent[i];
    for (int i = 0; i < rank && bytes > STORE_CHUNK_MAX_BYTES; i++) {
        hsize_t row = bytes / chunk[i];
        chunk[i] = row < STORE_CHUNK_MAX_BYTES ? STORE_CHUNK_MAX_BYTES / row : 1;
        bytes = row * chunk[i];
    }
    return H5Pset_chunk(layout, rank, chunk) >= 0 && H5Pset_shuffle(layout) >= 0 &&
           H5Pset_deflate(layout, DEFLATE_LEVEL) >= 0 && H5Pset_fletcher32(layout) >= 0;
}

static hid_t layout_make(const struct maker *self, hid_t type, const hsize_t *extent, int rank)
{
    hsize_t n = 1;
    for (int i = 0; i < rank; i++)
        n *= extent[i];
    size_t n_bytes = H5Tget_size(type);
    bool chunked = rank > 0 && type != self->text && n * n_bytes >= CHUNK_MIN_BYTES;
    hid_t layout = H5Pcreate(H5P_DATASET_CREATE);
    bool made = layout >= 0 && H5Pset_obj_track_times(layout, false) >= 0 &&
                H5Pset_attr_creation_order(layout, ORDER) >= 0 &&
                (!chunked || chunks_choose(layout, extent, rank, n_bytes));
    if (made)
        return layout;
    if (layout >= 0)
        H5Pclose(layout);
    return H5I_INVALID_HID;
}

/* A dataset, with its values unless they are NULL; the caller closes it. */
static hid_t array_make(const struct maker *self, const char *name, hid_t type, int rank,
                        const hsize_t *extent, const void *values)
{
    hid_t array = H5I_INVALID_HID;
    hid_t space = rank ? H5Screate_simple(rank, extent, NULL) : H5Screate(H5S_SCALAR);
    hid_t layout = layout_make(self, type, extent, rank);
    if (space >= 0 && layout >= 0)
        array = H5Dcreate2(self->file, name, type, space, H5P_DEFAULT, layout, H5P_DEFAULT);
    if (array >= 0 && values && H5Dwrite(array, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) < 0) {
        H5Dclose(array);
        array = H5I_INVALID_HID;
    }
    if (layout >= 0)
        H5Pclose(layout);
    if (space >= 0)
        H5Sclose(space);
    return array;
}

static bool dim_make(const struct maker *self, const struct dataset_dim *dim, hid_t *scale)
{
    const hid_t types[] = {H5T_IEEE_F64LE, H5T_STD_I64LE, self->text};
    const void *const values[] = {dim->real, dim->count, dim->text};
    char bounds[256] = "";
    if (dim->bounds)
        snprintf(bounds, sizeof bounds, "%s" STORE_BOUNDS_SUFFIX, dim->name);
    hsize_t extent[] = {dim->n};
    *scale = array_make(self, dim->name, types[dim->type], 1, extent, values[dim->type]);
    return *scale >= 0 && H5DSset_scale(*scale, dim->name) >= 0 &&
           attribute_text_make(self, *scale, "units", dim->unit) &&
           attribute_text_make(self, *scale, "long_name", dim->long_name) &&
           (!dim->bounds || attribute_text_make(self, *scale, "bounds", bounds));
}

/* A dimension without a coordinate: netCDF marks that by the name of its scale. */
static hid_t bare_scale_make(const struct maker *self, const char *dim, size_t n)
{
    char name[80];
    snprintf(name, sizeof name, STORE_NO_COORDINATE "%10zu", n);
    hsize_t extent[] = {n};
    hid_t scale = array_make(self, dim, H5T_IEEE_F32BE, 1, extent, NULL);
    if (scale >= 0 && H5DSset_scale(scale, name) < 0) {
        H5Dclose(scale);
        scale = H5I_INVALID_HID;
    }
    return scale;
}

static bool bounds_make(const struct maker *self, size_t i)
{
    const struct dataset_dim *dim = &self->dataset->dims[i];
    char name[256];
    snprintf(name, sizeof name, "%s" STORE_BOUNDS_SUFFIX, dim->name);
    hsize_t extent[] = {dim->n, 2};
    hid_t array = array_make(self, name, H5T_IEEE_F64LE, 2, extent, dim->bounds);
    if (array < 0)
        return false;
    bool made = H5DSattach_scale(array, self->scale[i], 0) >= 0 &&
                H5DSattach_scale(array, self->edge, 1) >= 0;
    return H5Dclose(array) >= 0 && made;
}

static bool var_make(const struct maker *self, const struct dataset_var *var)
{
    hsize_t extent[DATASET_MAX_DIMS];
    for (size_t i = 0; i < var->n_dims; i++)
        extent[i] = self->dataset->dims[var->dim[i]].n;
    const hid_t types[] = {H5T_IEEE_F64LE, H5T_STD_I64LE, self->text};
    const void *const values[] = {var->real, var->count, var->text};
    hid_t array =
        array_make(self, var->name, types[var->type], (int)var->n_dims, extent, values[var->type]);
    if (array < 0)
        return false;
    bool made = attribute_text_make(self, array, "units", var->unit) &&
                attribute_text_make(self, array, "long_name", var->long_name) &&
                attribute_text_make(self, array, "ancillary_variables", var->ancillary);
    for (size_t i = 0; i < var->n_dims && made; i++)
        made = H5DSattach_scale(array, self->scale[var->dim[i]], (unsigned)i) >= 0;
    return H5Dclose(array) >= 0 && made;
}

/* Last, so that readers meet it after all that is for people. */
static bool state_make(const struct maker *self, const struct store_state *state)
{
    if (state->n_bytes == 0)
        return true;
    hsize_t extent[] = {state->n_bytes};
    hid_t scale = bare_scale_make(self, STORE_STATE_BYTE, state->n_bytes);
    hid_t array = array_make(self, STORE_STATE, H5T_STD_U8LE, 1, extent, state->bytes);
    bool made = scale >= 0 && array >= 0 && H5DSattach_scale(array, scale, 0) >= 0 &&
                attribute_text_make(self, array, "long_name", "state for retake alone");
    if (array >= 0)
        made = H5Dclose(array) >= 0 && made;
    if (scale >= 0)
        H5Dclose(scale);
    return made;
}

/* ---- the file ---- */

/* Dimensions first, then the edges of bins, then variables: readers see them in this order. */
static bool datasets_make(struct maker *self)
{
    const struct dataset *dataset = self->dataset;
    bool made = true, bounded = false;
    for (size_t i = 0; i < dataset->n_dims && made; i++) {
        bounded = bounded || dataset->dims[i].bounds;
        made = dim_make(self, &dataset->dims[i], &self->scale[i]);
    }
    if (bounded)
        made = made && (self->edge = bare_scale_make(self, STORE_BOUNDS_EDGE, 2)) >= 0;
    for (size_t i = 0; i < dataset->n_dims && made; i++)
        made = !dataset->dims[i].bounds || bounds_make(self, i);
    for (size_t i = 0; i < dataset->n_vars && made; i++)
        made = var_make(self, &dataset->vars[i]);
    return made;
}

static hid_t file_make(struct store_memory *memory)
{
    hid_t file = H5I_INVALID_HID;
    hid_t creation = H5Pcreate(H5P_FILE_CREATE);
    if (memory && creation >= 0 && H5Pset_link_creation_order(creation, ORDER) >= 0 &&
        H5Pset_attr_creation_order(creation, ORDER) >= 0 &&
        H5Pset_obj_track_times(creation, false) >= 0)
        file = store_memory_create(memory, creation);
    if (creation >= 0)
        H5Pclose(creation);
    return file;
}

/* True when the file was closed properly, and so the image is whole. */
static bool maker_close(struct maker *self)
{
    for (size_t i = 0; self->scale && i < self->dataset->n_dims; i++)
        if (self->scale[i] >= 0)
            H5Dclose(self->scale[i]);
    free(self->scale);
    if (self->edge >= 0)
        H5Dclose(self->edge);
    if (self->text >= 0)
        H5Tclose(self->text);
    return self->file >= 0 && H5Fclose(self->file) >= 0;
}

/* HDF5's memory is larger than its file, which ends where the superblock says. */
static bool image_seal(unsigned char *bytes, struct apart_bytes *out)
{
    enum { SUPERBLOCK_BYTES = 48 };
    size_t n = store_seal_place(bytes, SUPERBLOCK_BYTES);
    out->bytes = n ? realloc(bytes, n + STORE_SEAL_BYTES) : NULL;
    if (!out->bytes) {
        free(bytes);
        return false;
    }
    out->n_bytes = n + STORE_SEAL_BYTES;
    store_seal_put(out->bytes, n);
    return true;
}

struct making {
    const char *name;
    const struct store_result *result;
};

static enum err_code image_make(void *context, struct apart_bytes *out, struct err *err)
{
    const struct making *making = context;
    const struct store_result *result = making->result;
    struct store_guard guard;
    char date[DATE_BYTES];
    if (date_now(date, err) != ERR_OK)
        return err->code;
    store_guard_begin(&guard);
    struct store_memory *memory = store_memory_new();
    struct maker maker = {&result->dataset, file_make(memory), store_text_type(), H5I_INVALID_HID,
                          NULL};
    maker.scale = malloc((result->dataset.n_dims + 1) * sizeof *maker.scale);
    for (size_t i = 0; maker.scale && i < result->dataset.n_dims; i++)
        maker.scale[i] = H5I_INVALID_HID;

    bool made = maker.scale && maker.file >= 0 && maker.text >= 0 && datasets_make(&maker) &&
                state_make(&maker, &result->state) &&
                root_attributes_make(&maker, &result->provenance, date);
    made = maker_close(&maker) && made;
    unsigned char *bytes = memory ? store_memory_take(memory) : NULL;
    store_memory_release(memory);
    store_guard_end(&guard);
    if (made && bytes && !image_seal(bytes, out))
        err_set(err, ERR_MEMORY, "%s: no memory for the result", making->name);
    else if (!made || !bytes) /* no file takes part */
        err_set(err, ERR_MEMORY, "%s: no memory for the result: HDF5: %s", making->name,
                guard.reason);
    if (!made)
        free(bytes);
    return err->code;
}

enum err_code store_image_make(const char *name, const struct store_result *result,
                               struct store_image *out, struct err *err)
{
    struct making making = {name, result};
    struct apart_bytes made;
    apart_do(name, image_make, &making, &made, err);
    *out = (struct store_image){made.bytes, made.n_bytes};
    return err->code;
}

void store_image_free(struct store_image *self)
{
    free(self->bytes);
    *self = (struct store_image){.bytes = NULL};
}
