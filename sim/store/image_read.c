/* The image of a result read back into a dataset. Datasets that are dimension scales become
 * dimensions, their `bounds` come along, and every other dataset becomes a variable; the order is
 * that of creation, so that the digest can be compared. The root has hard links to datasets and
 * nothing else: another kind of link leads to other files.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/store/image.h>

#include <retake/base/wording.h>

#include "hdf5_guard.h"
#include "hdf5_memory.h"
#include "image_parts.h"
#include "image_read.h"
#include "micro_index.h"
#include "seal.h"

#include <string.h>

/* ---- links ---- */

/* A dataset of the root, and what it is. */
struct link {
    const char *name;
    haddr_t address;
    enum { LINK_VARIABLE, LINK_DIM, LINK_BARE_DIM, LINK_BOUNDS } kind;
    size_t dim; /* its index, of a dimension */
};

/* Gathered by H5Literate into a table that doubles. */
struct links {
    const struct store_reader *reader;
    struct link *table;
    size_t n, n_room;
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
    size_t n, n_room, n_seen;
};

/* A table with room for one more element than n; NULL when memory is out. */
static void *table_grow(const struct store_reader *reader, void *table, size_t n, size_t *n_room,
                        size_t element_bytes)
{
    if (n < *n_room)
        return table;
    size_t n_wanted = 2 * *n_room + 16;
    void *grown = arena_alloc(&reader->out->dataset.arena, n_wanted * element_bytes);
    if (!grown) {
        store_reader_memory_out(reader);
        return NULL;
    }
    if (n)
        memcpy(grown, table, n * element_bytes);
    *n_room = n_wanted;
    return grown;
}

static herr_t attribute_gather(hid_t root, const char *name, const H5A_info_t *info, void *data)
{
    (void)info;
    struct gather *self = data;
    struct store_attribute value = {.name = NULL};
    bool known = false;
    if (!store_reader_count(self->reader, ++self->n_seen))
        return -1;
    hid_t attribute = H5Aopen(root, name, H5P_DEFAULT);
    bool read = attribute >= 0 && store_attribute_value(self->reader, attribute, &value, &known);
    if (attribute >= 0)
        H5Aclose(attribute);
    if (!read)
        return -1;
    if (!known)
        return 0;
    struct store_attribute *table =
        table_grow(self->reader, self->table, self->n, &self->n_room, sizeof *table);
    if (!table)
        return -1;
    self->table = table;
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

static struct link *link_find(const struct links *links, const char *name)
{
    for (size_t i = 0; i < links->n; i++)
        if (strcmp(links->table[i].name, name) == 0)
            return &links->table[i];
    return NULL;
}

static bool bounds_read(const struct links *links, const char *name, size_t n,
                        struct store_values *out)
{
    const struct store_reader *self = links->reader;
    struct link *link = link_find(links, name);
    if (!link)
        return store_reader_refuse(self, "damaged: bounds are missing", name);
    hid_t array = H5Dopen2(self->file, name, H5P_DEFAULT);
    bool read = array >= 0 && store_values_read(self, array, out);
    if (array >= 0)
        H5Dclose(array);
    if (read && (out->type != DATASET_REAL || out->rank != 2 || out->n != 2 * n))
        return store_reader_refuse(self, "not a retake result: bounds of another shape", name);
    link->kind = LINK_BOUNDS;
    return read;
}

static bool dim_fill(const struct links *links, hid_t scale, const char *name,
                     struct store_values *values, struct store_values *edges)
{
    const struct store_reader *self = links->reader;
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
    if (bounds && !bounds_read(links, bounds, values->n, edges))
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

static bool dim_read(const struct links *links, struct link *link, hid_t scale)
{
    struct store_values values = {.memory = NULL}, edges = {.memory = NULL};
    link->dim = links->reader->out->dataset.n_dims;
    bool read = dim_fill(links, scale, link->name, &values, &edges);
    store_values_free(&values);
    store_values_free(&edges);
    return read;
}

/* The indices of the dimensions whose scales are attached to the axes. */
static bool axes_read(const struct links *links, hid_t array, int rank, size_t *dim)
{
    haddr_t address[DATASET_MAX_DIMS] = {0};
    if (!store_axes_read(links->reader, array, rank, address))
        return false;
    for (int i = 0; i < rank; i++) {
        size_t k = 0;
        while (k < links->n &&
               (links->table[k].kind != LINK_DIM || links->table[k].address != address[i]))
            k++;
        if (k == links->n)
            return store_reader_refuse(links->reader, "not a retake result: unknown dimension", "");
        dim[i] = links->table[k].dim;
    }
    return true;
}

static bool var_fill(const struct links *links, hid_t array, const char *name,
                     struct store_values *values)
{
    const struct store_reader *self = links->reader;
    struct dataset_var var = {.name = name};
    if (!store_values_read(self, array, values) ||
        !store_attribute_text(self, array, "units", &var.unit) ||
        !store_attribute_text(self, array, "long_name", &var.long_name) ||
        !store_attribute_text(self, array, "ancillary_variables", &var.ancillary))
        return false;
    if (!axes_read(links, array, values->rank, var.dim))
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

static bool var_read(const struct links *links, const struct link *link, hid_t array)
{
    if (strcmp(link->name, STORE_STATE) == 0)
        return store_state_read(links->reader, array);
    struct store_values values = {.memory = NULL};
    bool read = var_fill(links, array, link->name, &values);
    store_values_free(&values);
    return read;
}

/* ---- the file ---- */

static herr_t link_gather(hid_t root, const char *name, const store_link_info *info, void *data)
{
    (void)root;
    struct links *self = data;
    if (!store_reader_count(self->reader, self->n + 1))
        return -1;
    if (info->type != H5L_TYPE_HARD || strlen(name) >= STORE_NAME_BYTES || strchr(name, '/')) {
        store_reader_refuse(self->reader, "not a retake result: a link of another kind", name);
        return -1;
    }
    struct link *table =
        table_grow(self->reader, self->table, self->n, &self->n_room, sizeof *table);
    if (!table)
        return -1;
    self->table = table;
    struct link link = {.name = store_text_keep(self->reader, name), .address = info->u.address};
    self->table[self->n++] = link;
    return link.name ? 0 : -1;
}

/* A scale is a dimension, unless its name says that it has no coordinate. */
static bool kind_read(const struct store_reader *self, hid_t object, struct link *link)
{
    char scale_name[STORE_NAME_BYTES];
    bool is_scale;
    if (H5Iget_type(object) != H5I_DATASET)
        return store_reader_refuse(self, "not a retake result: not a dataset", link->name);
    if (!store_scale_read(self, object, &is_scale, scale_name))
        return false;
    bool is_bare = strncmp(scale_name, STORE_NO_COORDINATE, strlen(STORE_NO_COORDINATE)) == 0;
    link->kind = !is_scale ? LINK_VARIABLE : is_bare ? LINK_BARE_DIM : LINK_DIM;
    return true;
}

/* Link i: what it is, and a dimension; in the second round, a variable. */
static bool link_read(const struct links *links, size_t i, bool is_first)
{
    struct link *link = &links->table[i];
    if (link->kind == LINK_BOUNDS || (!is_first && link->kind != LINK_VARIABLE))
        return true;
    hid_t object = H5Oopen(links->reader->file, link->name, H5P_DEFAULT);
    if (object < 0)
        return false;
    bool read = is_first ? kind_read(links->reader, object, link) : var_read(links, link, object);
    if (read && is_first && link->kind == LINK_DIM)
        read = dim_read(links, link, object);
    H5Oclose(object);
    return read;
}

static bool file_load(const struct store_reader *self)
{
    struct links links = {.reader = self};
    if (!version_check(self) || !provenance_read(self) ||
        store_links_visit(self->file, H5_INDEX_CRT_ORDER, H5_ITER_INC, NULL, link_gather, &links) <
            0)
        return false;
    for (int round = 0; round < 2; round++)
        for (size_t i = 0; i < links.n; i++)
            if (!link_read(&links, i, round == 0))
                return false;
    return true;
}

static enum err_code hdf5_read(const char *name, const unsigned char *bytes, size_t n_bytes,
                               bool is_alone, struct store_result *out, struct err *err)
{
    struct store_guard guard;
    size_t n_left = n_bytes;
    store_guard_begin(&guard);
    struct store_memory *memory = store_memory_of(bytes, n_bytes, is_alone);
    hid_t file = memory ? store_memory_open(memory) : H5I_INVALID_HID;
    const struct store_reader reader = {name, file, n_bytes, &n_left, out, err};
    if (!memory)
        store_reader_memory_out(&reader);
    bool read = file >= 0 && file_load(&reader);
    if (file >= 0)
        H5Fclose(file);
    store_memory_release(memory);
    store_guard_end(&guard);
    if (read)
        return ERR_OK;
    return err_set(err, ERR_INPUT, "%s: damaged: HDF5: %s", name, guard.reason);
}

enum err_code store_image_look(const char *name, const unsigned char *head, size_t n_head,
                               size_t n_bytes, struct err *err)
{
    size_t end = store_seal_place(head, n_head);
    if (end == 0 && store_seal_begins(head, n_bytes))
        return err_set(err, ERR_DAMAGED, "%s: truncated: %s", name,
                       wording_count(n_bytes, "byte").text);
    if (end == 0)
        return err_set(err, ERR_INPUT, "%s: not an HDF5 file that retake wrote", name);
    if (n_bytes < end)
        return err_set(err, ERR_DAMAGED, "%s: truncated: %zu of %s", name, n_bytes,
                       wording_count(end, "byte").text);
    return ERR_OK;
}

enum err_code store_image_decode(const char *name, const unsigned char *bytes, size_t n_bytes,
                                 bool is_alone, struct store_result *out, struct err *err)
{
    *out = (struct store_result){.provenance = {0}};
    if (store_image_look(name, bytes, n_bytes, n_bytes, err) != ERR_OK)
        return err->code;
    size_t end = store_seal_place(bytes, n_bytes);
    if (store_micro_index_begins(bytes + end, n_bytes - end))
        return err_set(err, ERR_INPUT,
                       "%s: microdata, not a result: the statistics are in a file of their own",
                       name);
    if (n_bytes == end && !is_alone)
        return err_set(err, ERR_INPUT,
                       "%s: changed or copied by another program: its closing checksum is gone, "
                       "and only a process of its own may read such a file",
                       name);
    if (n_bytes > end && (n_bytes - end != STORE_SEAL_BYTES || !store_seal_matches(bytes, end)))
        return err_set(err, ERR_DAMAGED, "%s: damaged: the bytes do not match their checksum",
                       name);
    return hdf5_read(name, bytes, end, is_alone, out, err);
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
