/* The parts of an image that is read: attributes, scales and arrays, as HDF5 has them. HDF5 is
 * asked what a part is (class, size, rank, number, storage) before it reads a byte of it, and what
 * retake never writes is refused.
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
    size_t n_bytes; /* of the file */
    size_t *n_left; /* of them, not yet read: no byte belongs to two parts */
    struct store_result *out;
    struct err *err;
};

/** Set ERR_INPUT to "name: why: what", or "name: why" when what is empty. Always false. */
bool store_reader_refuse(const struct store_reader *self, const char *why, const char *what);

/** Set ERR_MEMORY. Always false. */
bool store_reader_memory_out(const struct store_reader *self);

/** Take n_bytes of the file for a part. False, and err, when the parts together are larger. */
bool store_reader_spend(const struct store_reader *self, size_t n_bytes);

/** Whether a file of this size can hold n links or attributes. False, and err, when it cannot. */
bool store_reader_count(const struct store_reader *self, size_t n);

/** A copy of a text that lives as long as the result; NULL when memory is out. */
const char *store_text_keep(const struct store_reader *self, const char *text);

/* ---- attributes ---- */

/** One text or one number. An attribute of another shape is none of ours: *known is then false. */
bool store_attribute_value(const struct store_reader *self, hid_t attribute,
                           struct store_attribute *out, bool *known);

/** A text of an object. NULL, and true, when it has none. */
bool store_attribute_text(const struct store_reader *self, hid_t object, const char *name,
                          const char **text);

/* ---- dimension scales (HDF5 Dimension Scale Specification) ---- */

enum { STORE_NAME_BYTES = 256 }; /* of a link or a scale, with its terminator */

/** Whether an object is a scale, and its name, or "". */
bool store_scale_read(const struct store_reader *self, hid_t object, bool *is_scale,
                      char name[STORE_NAME_BYTES]);

/** The addresses of the scales that are attached to the axes of an array, one to each. */
bool store_axes_read(const struct store_reader *self, hid_t array, int rank,
                     haddr_t address[DATASET_MAX_DIMS]);

/* ---- arrays ---- */

/** The values of an HDF5 dataset. */
struct store_values {
    enum dataset_type type;
    int rank;
    hsize_t extent[DATASET_MAX_DIMS];
    size_t n;
    void *memory;       /* double, int64_t or char *, [n] */
    struct arena texts; /* what these point to */
};

/** @param out  store_values_free it, even after failure */
bool store_values_read(const struct store_reader *self, hid_t array, struct store_values *out);

void store_values_free(struct store_values *self);

/** The state, into the result. */
bool store_state_read(const struct store_reader *self, hid_t array);

#endif
