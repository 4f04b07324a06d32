/* The image of a result read back into a dataset. Datasets that are dimension scales become
 * dimensions, their `bounds` come along, and every other dataset becomes a variable; the order is
 * that of creation, so that the digest can be compared.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/store/image.h>

#include "hdf5_guard.h"
#include "hdf5_memory.h"
#include "image_parts.h"
#include "image_read.h"
#include "seal.h"

#include <hdf5_hl.h>

#include <string.h>

enum {
    NAME_BYTES = 256,
    DEFLATE_MAX_RATIO = 1100, /* zlib reaches 1032 */
    SLACK_BYTES = 65536
};

/* What a dataset refuses is bad input here. */
static bool added(const struct store_reader *self, const struct err *err)
{
    if (err->code == ERR_OK)
        return true;
    return err->code == ERR_MEMORY ? store_reader_memory_out(self)
                                   : store_reader_refuse(self, "not a retake result", err->detail);
}

/* ---- root attributes ---- */

/* The attributes of the root, gathered by H5Aiterate2 into a table that doubles. */
struct gather {
    const struct store_reader *reader;
    struct store_attribute *table;
    size_t n, n_room;
};

static bool gather_grow(struct gather *self)
{
    if (self->n < self->n_room)
        return true;
    size_t n_room = 2 * self->n_room + 16;
    struct arena *arena = &self->reader->out->dataset.arena;
    struct store_attribute *table = arena_alloc(arena, n_room * sizeof *table);
    if (!table)
        return store_reader_memory_out(self->reader);
    if (self->n)
        memcpy(table, self->table, self->n * sizeof *table);
    self->table = table;
    self->n_room = n_room;
    return true;
}

static herr_t attribute_gather(hid_t root, const char *name, const H5A_info_t *info, void *data)
{
    (void)info;
    struct gather *self = data;
    struct store_attribute value = {.name = NULL};
    bool known = false;
    hid_t attribute = H5Aopen(root, name, H5P_DEFAULT);
    bool read = attribute >= 0 && store_attribute_value(self->reader, attribute, &value, &known);
    if (attribute >= 0)
        H5Aclose(attribute);
    if (!read || !gather_grow(self))
        return -1;
    if (!known)
        return 0;
    value.name = store_text_keep(self->reader, name);
    self->table[self->n++] = value;
    return value.name ? 0 : -1;
}

static bool provenance_read(const struct store_reader *self)
{
    struct gather gather = {.reader = self};
    if (H5Aiterate2(self->file, H5_INDEX_CRT_ORDER, H5_ITER_INC, NULL, attribute_gather, &gather) <
        0)
        return false;
    self->out->provenance = (struct store_provenance){gather.n, gather.table};
    return true;
}

/* Whether the file is of the one version that this program knows. */
static bool version_check(const struct store_reader *self)
{
    hid_t attribute = H5I_INVALID_HID;
    struct store_attribute version = {.number = 0};
    bool known = false;
    if (H5Aexists(self->file, STORE_ATTRIBUTE_VERSION) > 0)
        attribute = H5Aopen(self->file, STORE_ATTRIBUTE_VERSION, H5P_DEFAULT);
    if (attribute >= 0) {
        if (!store_attribute_value(self, attribute, &version, &known))
            known = false;
        H5Aclose(attribute);
    }
    if (!known || version.text)
        return store_reader_refuse(self, "not a retake result: it has no " STORE_ATTRIBUTE_VERSION,
                                   "");
    if (version.number == (double)STORE_FORMAT_VERSION)
        return true;
    err_set(self->err, ERR_INPUT, "%s: written by %s retake: format version %.17g, not %d",
            self->name, version.number > (double)STORE_FORMAT_VERSION ? "a newer" : "another",
            version.number, STORE_FORMAT_VERSION);
    return false;
}

/* ---- dimensions and variables ---- */

static bool bounds_read(const struct store_reader *self, const char *name, size_t n,
                        struct store_values *out)
{
    hid_t array = H5Dopen2(self->file, name, H5P_DEFAULT);
    bool read = array >= 0 && store_values_read(self, array, out);
    if (array >= 0)
        H5Dclose(array);
    if (read && (out->type != DATASET_REAL || out->rank != 2 || out->n != 2 * n))
        return store_reader_refuse(self, "not a retake result: bounds of another shape", name);
    return read;
}

static bool dim_fill(const struct store_reader *self, hid_t scale, const char *name,
                     struct store_values *values, struct store_values *edges)
{
    struct dataset_dim dim = {.name = name};
    const char *bounds;
    if (!store_values_read(self, scale, values) ||
        !store_attribute_text(self, scale, "units", &dim.unit) ||
        !store_attribute_text(self, scale, "long_name", &dim.long_name) ||
        !store_attribute_text(self, scale, "bounds", &bounds))
        return false;
    if (values->rank != 1)
        return store_reader_refuse(self, "not a retake result: a coordinate of several dimensions",
                                   name);
    if (bounds && !bounds_read(self, bounds, values->n, edges))
        return false;
    dim.n = values->n;
    dim.type = values->type;
    dim.real = values->memory;
    dim.count = values->memory;
    dim.text = values->memory;
    dim.bounds = edges->memory;
    if (dim.type != DATASET_REAL)
        dim.real = NULL;
    if (dim.type != DATASET_COUNT)
        dim.count = NULL;
    if (dim.type != DATASET_TEXT)
        dim.text = NULL;
    struct err err = {0};
    dataset_add_dim(&self->out->dataset, &dim, &err);
    return added(self, &err);
}

/* A scale is a dimension, unless its name says that it has no coordinate. */
static bool dim_read(const struct store_reader *self, hid_t scale, const char *name)
{
    char scale_name[NAME_BYTES] = "";
    if (H5DSget_scale_name(scale, scale_name, sizeof scale_name) < 0)
        return false;
    if (strncmp(scale_name, STORE_NO_COORDINATE, strlen(STORE_NO_COORDINATE)) == 0)
        return true;
    struct store_values values = {.memory = NULL}, edges = {.memory = NULL};
    bool read = dim_fill(self, scale, name, &values, &edges);
    store_values_free(&values);
    store_values_free(&edges);
    return read;
}

static herr_t scale_name_take(hid_t array, unsigned axis, hid_t scale, void *name)
{
    (void)array, (void)axis;
    return H5Iget_name(scale, name, NAME_BYTES) > 0 ? 1 : -1;
}

/* The index of the dimension whose scale is attached to an axis. */
static bool axis_read(const struct store_reader *self, hid_t array, int axis, size_t *index)
{
    char path[NAME_BYTES] = "";
    if (H5DSiterate_scales(array, (unsigned)axis, NULL, scale_name_take, path) < 0)
        return false;
    const struct dataset *dataset = &self->out->dataset;
    const struct dataset_dim *dim = path[0] == '/' ? dataset_dim(dataset, path + 1) : NULL;
    if (!dim)
        return store_reader_refuse(self, "not a retake result: unknown dimension", path);
    *index = (size_t)(dim - dataset->dims);
    return true;
}

static bool var_fill(const struct store_reader *self, hid_t array, const char *name,
                     struct store_values *values)
{
    struct dataset_var var = {.name = name};
    if (!store_values_read(self, array, values) ||
        !store_attribute_text(self, array, "units", &var.unit) ||
        !store_attribute_text(self, array, "long_name", &var.long_name) ||
        !store_attribute_text(self, array, "ancillary_variables", &var.ancillary))
        return false;
    for (int i = 0; i < values->rank; i++)
        if (!axis_read(self, array, i, &var.dim[i]))
            return false;
    var.n_dims = (size_t)values->rank;
    var.n = values->n;
    var.type = values->type;
    if (var.type == DATASET_REAL)
        var.real = values->memory;
    if (var.type == DATASET_COUNT)
        var.count = values->memory;
    if (var.type == DATASET_TEXT)
        var.text = values->memory;
    struct err err = {0};
    dataset_add_var(&self->out->dataset, &var, &err);
    return added(self, &err);
}

/* Whether a name is that of the bounds of a dimension already read. */
static bool is_bounds(const struct dataset *dataset, const char *name)
{
    size_t n = strlen(name), n_suffix = strlen(STORE_BOUNDS_SUFFIX);
    if (n <= n_suffix || strcmp(name + n - n_suffix, STORE_BOUNDS_SUFFIX) != 0)
        return false;
    for (size_t i = 0; i < dataset->n_dims; i++)
        if (dataset->dims[i].bounds && strlen(dataset->dims[i].name) == n - n_suffix &&
            memcmp(dataset->dims[i].name, name, n - n_suffix) == 0)
            return true;
    return false;
}

static bool var_read(const struct store_reader *self, hid_t array, const char *name)
{
    if (strcmp(name, STORE_STATE) == 0)
        return store_state_read(self, array);
    struct store_values values = {.memory = NULL};
    bool read = is_bounds(&self->out->dataset, name) || var_fill(self, array, name, &values);
    store_values_free(&values);
    return read;
}

/* ---- the file ---- */

/* Object i of the root, read if it is a dataset and, as asked, a scale or none. */
static bool object_read(const struct store_reader *self, hsize_t i, bool scales)
{
    char name[NAME_BYTES];
    ssize_t n = H5Lget_name_by_idx(self->file, ".", H5_INDEX_CRT_ORDER, H5_ITER_INC, i, name,
                                   sizeof name, H5P_DEFAULT);
    if (n <= 0 || (size_t)n >= sizeof name)
        return false;
    hid_t object = H5Oopen(self->file, name, H5P_DEFAULT);
    if (object < 0)
        return false;
    bool read = true;
    if (H5Iget_type(object) == H5I_DATASET) {
        htri_t is_scale = H5DSis_scale(object);
        read = is_scale >= 0;
        if (is_scale > 0 && scales)
            read = dim_read(self, object, name);
        else if (is_scale == 0 && !scales)
            read = var_read(self, object, name);
    }
    H5Oclose(object);
    return read;
}

static bool file_load(const struct store_reader *self)
{
    H5G_info_t root;
    if (!version_check(self) || !provenance_read(self) || H5Gget_info(self->file, &root) < 0)
        return false;
    for (int scales = 1; scales >= 0; scales--)
        for (hsize_t i = 0; i < root.nlinks; i++)
            if (!object_read(self, i, scales))
                return false;
    return true;
}

static hid_t file_open(struct store_memory *memory)
{
    hid_t access = store_memory_access(memory), file = H5I_INVALID_HID;
    if (access >= 0) {
        file = H5Fopen(STORE_MEMORY_NAME, H5F_ACC_RDONLY, access);
        H5Pclose(access);
    }
    return file;
}

static enum err_code hdf5_read(const char *name, const struct store_image *image,
                               struct store_result *out, struct err *err)
{
    struct store_guard guard;
    store_guard_begin(&guard);
    struct store_memory memory = {
        .bytes = image->bytes, .n_bytes = image->n_bytes, .is_lent = true};
    size_t max_bytes = image->n_bytes * DEFLATE_MAX_RATIO + SLACK_BYTES;
    struct store_reader reader = {name, file_open(&memory), max_bytes, out, err};
    bool read = reader.file >= 0 && file_load(&reader);
    if (reader.file >= 0)
        H5Fclose(reader.file);
    store_guard_end(&guard);
    if (read)
        return ERR_OK;
    return err_set(err, ERR_INPUT, "%s: damaged: HDF5: %s", name, guard.reason);
}

enum err_code store_image_decode(const char *name, const unsigned char *bytes, size_t n_bytes,
                                 bool is_alone, struct store_result *out, struct err *err)
{
    (void)is_alone;
    *out = (struct store_result){.provenance = {0}};
    size_t end = store_seal_place(bytes, n_bytes);
    if (end == 0)
        return err_set(err, ERR_INPUT, "%s: not an HDF5 file that retake wrote", name);
    if (n_bytes < end)
        return err_set(err, ERR_INPUT, "%s: truncated: %zu of %zu bytes", name, n_bytes, end);
    if (n_bytes == end)
        return err_set(err, ERR_INPUT,
                       "%s: changed or copied by another program: its closing checksum is gone",
                       name);
    if (n_bytes - end != STORE_SEAL_BYTES || !store_seal_matches(bytes, end))
        return err_set(err, ERR_INPUT, "%s: damaged: the bytes do not match their checksum", name);
    return hdf5_read(name, &(struct store_image){(unsigned char *)bytes, end}, out, err);
}

enum err_code store_result_check_digest(const char *name, const struct store_result *self,
                                        struct err *err)
{
    char hex[33];
    dataset_digest(&self->dataset, hex);
    const char *stated = store_result_text(self, STORE_ATTRIBUTE_DIGEST);
    if (stated && strcmp(stated, hex) == 0)
        return ERR_OK;
    return err_set(err, ERR_INPUT, "%s: damaged: the values do not match " STORE_ATTRIBUTE_DIGEST,
                   name);
}

enum err_code store_image_read(const char *name, const struct store_image *image,
                               struct store_result *out, struct err *err)
{
    if (store_image_decode(name, image->bytes, image->n_bytes, false, out, err) == ERR_OK)
        store_result_check_digest(name, out, err);
    return err->code;
}
