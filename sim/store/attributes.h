/* Attributes, as every file of the store has them.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_STORE_ATTRIBUTES_H
#define RETAKE_STORE_ATTRIBUTES_H

#include <retake/store/result.h>

#include <hdf5.h>
#include <stdbool.h>

/** Links and attributes keep the order in which they were made. */
enum { STORE_ORDER = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED };

bool store_attribute_make(hid_t object, const char *name, hid_t type, const void *value);

/** @param text_type  of store_text_type
 * @param text  NULL: there is none to make */
bool store_attribute_text_make(hid_t object, hid_t text_type, const char *name, const char *text);

/** All but those that the store makes itself. */
bool store_provenance_make(hid_t file, hid_t text_type, const struct store_provenance *provenance);

#endif
