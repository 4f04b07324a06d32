/* The parts of an image that is read: attributes and arrays, as HDF5 has them.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_STORE_IMAGE_PARTS_H
#define RETAKE_STORE_IMAGE_PARTS_H

#include <retake/store/result.h>

#include <hdf5.h>
#include <stdbool.h>

/** What a reader has at hand. Where a function fails without setting err, HDF5 knows the reason. */
struct store_reader {
    const char *name; /* of the file, for messages */
    hid_t file;
    size_t max_bytes; /* no dataset of this file can be larger in memory */
    struct store_result *out;
    struct err *err;
};

/** Set ERR_INPUT to "name: why: what", or "name: why" when what is empty. Always false. */
bool store_reader_refuse(const struct store_reader *self, const char *why, const char *what);

/** Set ERR_MEMORY. Always false. */
bool store_reader_memory_out(const struct store_reader *self);

/** A copy of a text that lives as long as the result; NULL when memory is out. */
const char *store_text_keep(const struct store_reader *self, const char *text);

/** One text or one number. An attribute of another shape is none of ours: *known is then false. */
bool store_attribute_value(const struct store_reader *self, hid_t attribute,
                           struct store_attribute *out, bool *known);

/** A text of an object. NULL, and true, when it has none. */
bool store_attribute_text(const struct store_reader *self, hid_t object, const char *name,
                          const char **text);

/** The values of an HDF5 dataset. */
struct store_values {
    enum dataset_type type;
    int rank;
    hsize_t extent[DATASET_MAX_DIMS];
    size_t n;
    void *memory; /* double, int64_t or char *, [n] */
};

/** @param out  store_values_free it, even after failure */
bool store_values_read(const struct store_reader *self, hid_t array, struct store_values *out);

void store_values_free(struct store_values *self);

/** The state, into the result. */
bool store_state_read(const struct store_reader *self, hid_t array);

#endif
