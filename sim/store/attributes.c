/* Attributes of the files of the store.
 * SPDX-License-Identifier: Apache-2.0 */
#include "attributes.h"

#include "hdf5_guard.h"

#include <string.h>

bool store_attribute_make(hid_t object, const char *name, hid_t type, const void *value)
{
    hid_t space = H5Screate(H5S_SCALAR);
    hid_t attribute = H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
    bool made = attribute >= 0 && H5Awrite(attribute, type, value) >= 0;
    if (attribute >= 0)
        made = H5Aclose(attribute) >= 0 && made;
    if (space >= 0)
        H5Sclose(space);
    return made;
}

bool store_attribute_text_make(hid_t object, hid_t text_type, const char *name, const char *text)
{
    return !text || store_attribute_make(object, name, text_type, &text);
}

static const char *const own_attributes[] = {"Conventions", "date_created", STORE_ATTRIBUTE_VERSION,
                                             STORE_ATTRIBUTE_DIGEST};

static bool attribute_is_own(const char *name)
{
    for (size_t i = 0; i < sizeof own_attributes / sizeof *own_attributes; i++)
        if (strcmp(name, own_attributes[i]) == 0)
            return true;
    return false;
}

bool store_provenance_make(hid_t file, hid_t text_type, const struct store_provenance *provenance)
{
    for (size_t i = 0; i < provenance->n_attributes; i++) {
        const struct store_attribute *attribute = &provenance->attributes[i];
        if (attribute_is_own(attribute->name))
            continue;
        bool made = attribute->text ? store_attribute_text_make(file, text_type, attribute->name,
                                                                attribute->text)
                                    : store_attribute_make(file, attribute->name, H5T_NATIVE_DOUBLE,
                                                           &attribute->number);
        if (!made)
            return false;
    }
    return true;
}
