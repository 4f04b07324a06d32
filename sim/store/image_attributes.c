/* Attributes of an image, those of dimension scales among them, without HDF5's high-level library:
 * that one reads an attribute into as many bytes as it expects, whatever the file has there.
 * SPDX-License-Identifier: Apache-2.0 */
#include "image_parts.h"

#include <stdlib.h>
#include <string.h>

/* An attribute that is open, and what it says of itself. */
struct attribute {
    hid_t id, type, space;
    H5T_class_t class;
    size_t n_bytes; /* of an element */
    hssize_t n;
};

/* False where one of its parts cannot be opened. attribute_close it in any case. */
static bool attribute_open(hid_t id, struct attribute *out)
{
    *out = (struct attribute){id, H5I_INVALID_HID, H5I_INVALID_HID, H5T_NO_CLASS, 0, -1};
    if (id < 0)
        return false;
    out->type = H5Aget_type(id);
    out->space = H5Aget_space(id);
    if (out->type < 0 || out->space < 0)
        return false;
    out->class = H5Tget_class(out->type);
    out->n_bytes = H5Tget_size(out->type);
    out->n = H5Sget_simple_extent_npoints(out->space);
    return true;
}

/* The attribute itself stays open. */
static void attribute_close(struct attribute *self)
{
    if (self->type >= 0)
        H5Tclose(self->type);
    if (self->space >= 0)
        H5Sclose(self->space);
}

/* ---- texts and numbers ---- */

static bool is_variable(const struct attribute *self)
{
    return self->class == H5T_STRING && H5Tis_variable_str(self->type) > 0;
}

/* The kinds that retake writes. */
static bool is_number(const struct attribute *self)
{
    return H5Tequal(self->type, H5T_IEEE_F64LE) > 0 || H5Tequal(self->type, H5T_STD_I32LE) > 0 ||
           H5Tequal(self->type, H5T_STD_I64LE) > 0;
}

static const char *fixed_text_read(const struct store_reader *self, const struct attribute *from)
{
    if (!store_reader_spend(self, from->n_bytes))
        return NULL;
    char *text = calloc(from->n_bytes + 1, 1);
    const char *kept = NULL;
    if (!text)
        store_reader_memory_out(self);
    else if (H5Aread(from->id, from->type, text) >= 0)
        kept = store_text_keep(self, text);
    free(text);
    return kept;
}

static const char *text_read(const struct store_reader *self, const struct attribute *from)
{
    if (!is_variable(from))
        return fixed_text_read(self, from);
    char *text = NULL;
    if (H5Aread(from->id, from->type, &text) < 0)
        return NULL;
    bool is_ours = store_reader_spend(self, text ? strlen(text) : 0);
    const char *kept = is_ours ? store_text_keep(self, text ? text : "") : NULL;
    if (text)
        H5free_memory(text);
    return kept;
}

bool store_attribute_value(const struct store_reader *self, hid_t attribute,
                           struct store_attribute *out, bool *known)
{
    struct attribute from;
    bool read = attribute_open(attribute, &from), is_real = read && is_number(&from);
    *known = read && from.n == 1 && (is_real || from.class == H5T_STRING);
    if (*known && is_real)
        read = H5Aread(attribute, H5T_NATIVE_DOUBLE, &out->number) >= 0;
    else if (*known)
        read = (out->text = text_read(self, &from)) != NULL;
    attribute_close(&from);
    return read;
}

bool store_attribute_text(const struct store_reader *self, hid_t object, const char *name,
                          const char **text)
{
    *text = NULL;
    htri_t there = H5Aexists(object, name);
    if (there <= 0)
        return there == 0;
    struct store_attribute value = {.name = name};
    bool known = false;
    hid_t attribute = H5Aopen(object, name, H5P_DEFAULT);
    bool read = attribute >= 0 && store_attribute_value(self, attribute, &value, &known);
    if (attribute >= 0)
        H5Aclose(attribute);
    *text = value.text;
    return read;
}

/* ---- dimension scales ---- */

/* A text of fixed length, shorter than n_room; "" when there is none. */
static bool short_text_read(const struct store_reader *self, hid_t object, const char *name,
                            char *out, size_t n_room)
{
    struct attribute from;
    memset(out, 0, n_room);
    htri_t there = H5Aexists(object, name);
    if (there <= 0)
        return there == 0;
    hid_t id = H5Aopen(object, name, H5P_DEFAULT);
    bool read = attribute_open(id, &from);
    if (read &&
        (from.class != H5T_STRING || is_variable(&from) || from.n != 1 || from.n_bytes >= n_room))
        read = store_reader_refuse(self, "not a retake result: an attribute of another kind", name);
    read = read && H5Aread(id, from.type, out) >= 0;
    attribute_close(&from);
    if (id >= 0)
        H5Aclose(id);
    return read;
}

bool store_scale_read(const struct store_reader *self, hid_t object, bool *is_scale,
                      char name[STORE_NAME_BYTES])
{
    char class[32];
    *is_scale = false;
    name[0] = '\0';
    if (!short_text_read(self, object, "CLASS", class, sizeof class))
        return false;
    if (class[0] == '\0')
        return true;
    if (strcmp(class, "DIMENSION_SCALE") != 0)
        return store_reader_refuse(self, "not a retake result: a dataset of class", class);
    *is_scale = true;
    return short_text_read(self, object, "NAME", name, STORE_NAME_BYTES);
}

/* A list of one reference for each axis. */
static bool is_axes(const struct attribute *self, int rank)
{
    if (self->class != H5T_VLEN || self->n != rank || H5Sget_simple_extent_ndims(self->space) != 1)
        return false;
    hid_t element = H5Tget_super(self->type);
    bool is_reference = element >= 0 && H5Tequal(element, H5T_STD_REF_OBJ) > 0;
    if (element >= 0)
        H5Tclose(element);
    return is_reference;
}

/* The memory of a reference to an object holds the object's address. */
static bool lists_take(const struct store_reader *self, const struct attribute *from, int rank,
                       haddr_t address[DATASET_MAX_DIMS])
{
    hvl_t list[DATASET_MAX_DIMS] = {{0, NULL}};
    if (H5Aread(from->id, from->type, list) < 0)
        return false;
    bool is_one = true;
    for (int i = 0; i < rank; i++) {
        is_one = is_one && list[i].len == 1 && list[i].p;
        if (is_one)
            address[i] = *(const hobj_ref_t *)list[i].p;
    }
    H5Dvlen_reclaim(from->type, from->space, H5P_DEFAULT, list);
    return is_one || store_reader_refuse(self, "not a retake result: unknown dimension", "");
}

bool store_axes_read(const struct store_reader *self, hid_t array, int rank,
                     haddr_t address[DATASET_MAX_DIMS])
{
    struct attribute from;
    if (rank == 0)
        return true;
    htri_t there = H5Aexists(array, "DIMENSION_LIST");
    if (there < 0)
        return false;
    hid_t id = there ? H5Aopen(array, "DIMENSION_LIST", H5P_DEFAULT) : H5I_INVALID_HID;
    bool read = attribute_open(id, &from) && is_axes(&from, rank);
    if (!read && (id >= 0 || !there))
        store_reader_refuse(self, "not a retake result: unknown dimension", "");
    read = read && lists_take(self, &from, rank, address);
    attribute_close(&from);
    if (id >= 0)
        H5Aclose(id);
    return read;
}
