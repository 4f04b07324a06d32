/* Attributes and arrays of an image. What a file claims about sizes is held against the size of the
 * file before memory is taken.
 * SPDX-License-Identifier: Apache-2.0 */
#include "image_parts.h"

#include <stdlib.h>
#include <string.h>

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

const char *store_text_keep(const struct store_reader *self, const char *text)
{
    const char *copy = arena_text(&self->out->dataset.arena, text, strlen(text));
    if (!copy)
        store_reader_memory_out(self);
    return copy;
}

/* ---- attributes ---- */

static const char *fixed_text_read(const struct store_reader *self, hid_t attribute, hid_t type)
{
    size_t n = H5Tget_size(type);
    if (n > self->max_bytes)
        return NULL;
    char *text = calloc(n + 1, 1);
    const char *kept = NULL;
    if (text && H5Aread(attribute, type, text) >= 0)
        kept = store_text_keep(self, text);
    free(text);
    return kept;
}

static const char *text_read(const struct store_reader *self, hid_t attribute, hid_t type)
{
    if (H5Tis_variable_str(type) <= 0)
        return fixed_text_read(self, attribute, type);
    char *text = NULL;
    if (H5Aread(attribute, type, &text) < 0)
        return NULL;
    const char *kept = store_text_keep(self, text ? text : "");
    if (text)
        H5free_memory(text);
    return kept;
}

bool store_attribute_value(const struct store_reader *self, hid_t attribute,
                           struct store_attribute *out, bool *known)
{
    hid_t space = H5Aget_space(attribute), type = H5Aget_type(attribute);
    H5T_class_t class = type < 0 ? H5T_NO_CLASS : H5Tget_class(type);
    bool is_number = class == H5T_INTEGER || class == H5T_FLOAT, read = false;
    *known = space >= 0 && H5Sget_simple_extent_npoints(space) == 1 &&
             (is_number || class == H5T_STRING);
    if (*known && is_number)
        read = H5Aread(attribute, H5T_NATIVE_DOUBLE, &out->number) >= 0;
    else if (*known)
        read = (out->text = text_read(self, attribute, type)) != NULL;
    if (type >= 0)
        H5Tclose(type);
    if (space >= 0)
        H5Sclose(space);
    return *known ? read : type >= 0 && space >= 0;
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

/* ---- values ---- */

void store_values_free(struct store_values *self)
{
    char **text = self->memory;
    for (size_t i = 0; text && self->type == DATASET_TEXT && i < self->n; i++)
        if (text[i])
            H5free_memory(text[i]);
    free(self->memory);
}

static bool shape_read(const struct store_reader *self, hid_t array, struct store_values *out)
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
        read = !__builtin_mul_overflow(out->n, out->extent[i], &out->n) &&
               out->n <= self->max_bytes / 8;
    return read;
}

/* In memory numbers are double or int64_t, and text is of the type it has in the file. */
static bool type_read(hid_t type, struct store_values *out, hid_t *memory_type)
{
    H5T_class_t class = H5Tget_class(type);
    bool is_text = class == H5T_STRING && H5Tis_variable_str(type) > 0;
    out->type = is_text ? DATASET_TEXT : class == H5T_INTEGER ? DATASET_COUNT : DATASET_REAL;
    *memory_type = is_text ? type : class == H5T_INTEGER ? H5T_NATIVE_INT64 : H5T_NATIVE_DOUBLE;
    return is_text || class == H5T_INTEGER || class == H5T_FLOAT;
}

static bool values_load(const struct store_reader *self, hid_t array, hid_t type,
                        struct store_values *out)
{
    hid_t memory_type;
    if (!type_read(type, out, &memory_type) || !shape_read(self, array, out))
        return store_reader_refuse(self, "not a retake result",
                                   "a dataset has a shape or type of another kind");
    out->memory = calloc(out->n + 1, 8);
    if (!out->memory)
        return store_reader_memory_out(self);
    if (H5Dread(array, memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, out->memory) < 0)
        return false;
    char **text = out->memory;
    for (size_t i = 0; i < out->n && out->type == DATASET_TEXT; i++)
        if (!text[i])
            return store_reader_refuse(self, "damaged", "a text is missing");
    return true;
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
    hid_t space = H5Dget_space(array), type = H5Dget_type(array);
    hssize_t n = space < 0 ? -1 : H5Sget_simple_extent_npoints(space);
    bool is_bytes = type >= 0 && H5Tequal(type, H5T_STD_U8LE) > 0;
    if (type >= 0)
        H5Tclose(type);
    if (space >= 0)
        H5Sclose(space);
    if (!is_bytes || n < 1 || (size_t)n > self->max_bytes)
        return store_reader_refuse(self, "not a retake result", "its state is of another kind");
    unsigned char *bytes = store_result_state_new(self->out, (size_t)n);
    if (!bytes)
        return store_reader_memory_out(self);
    return H5Dread(array, H5T_NATIVE_UINT8, H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes) >= 0;
}
