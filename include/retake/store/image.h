/* A result as the bytes of its file, in memory. HDF5 works on memory only: the disk sees one plain
 * write and one plain read, so a full disk or a network file system without locks is none of its
 * concern.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_STORE_IMAGE_H
#define RETAKE_STORE_IMAGE_H

#include <retake/store/result.h>

/** Bytes on the heap. */
struct store_image {
    unsigned char *bytes;
    size_t n_bytes;
};

/**
 * Encode a result, sealed by a checksum.
 * @param name  for messages
 * @param out   the caller's; store_image_free it
 * @return ERR_OK; ERR_MEMORY; ERR_INTERNAL: HDF5 crashed (base/apart.h)
 */
enum err_code store_image_make(const char *name, const struct store_result *result,
                               struct store_image *out, struct err *err);

void store_image_free(struct store_image *self);

/**
 * Decode what store_image_make made. Any bytes will do: what is not a sealed image is refused.
 * @param out   store_result_free it, even after failure
 * @return ERR_OK; ERR_INPUT; ERR_MEMORY, as store_result_read
 */
enum err_code store_image_read(const char *name, const struct store_image *image,
                               struct store_result *out, struct err *err);

#endif
