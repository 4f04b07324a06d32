/* A result as the bytes of a file in memory. HDF5 works on memory only: the disk sees one plain write
 * and one plain read, so a full disk or a network file system without locks is no concern of HDF5's.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_STORE_IMAGE_H
#define RETAKE_STORE_IMAGE_H

#include <retake/store/result.h>

/** Bytes on the heap; free(bytes). */
struct store_image {
    unsigned char *bytes;
    size_t n_bytes;
};

/**
 * Encode a dataset and its provenance.
 * @param name  for messages
 * @param out   the caller's; free(out->bytes)
 * @return ERR_OK; ERR_IO when HDF5 fails; ERR_MEMORY
 */
enum err_code store_image_make(const char *name, const struct dataset *dataset,
                               const struct store_provenance *provenance, struct store_image *out,
                               struct err *err);

/**
 * Decode what store_image_make made.
 * @param out   zeroed; store_result_free it, even after failure
 * @return ERR_OK; ERR_INPUT: whatever is not the intact image of a result; ERR_MEMORY
 */
enum err_code store_image_read(const char *name, const void *bytes, size_t n_bytes,
                               struct store_result *out, struct err *err);

#endif
