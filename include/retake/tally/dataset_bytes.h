/* A dataset as bytes, from one process of a program to another: quick, and not for files.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_TALLY_DATASET_BYTES_H
#define RETAKE_TALLY_DATASET_BYTES_H

#include <retake/base/pack.h>
#include <retake/tally/dataset.h>

/** No dataset has more dimensions and variables than this: names are compared one by one. */
enum { DATASET_MAX_NAMES = 16384 };

/** @param bytes  on the heap, the caller's to free, aligned as malloc does.
 * @return ERR_OK; ERR_MEMORY */
enum err_code dataset_pack(const struct dataset *self, void **bytes, size_t *n_bytes,
                           struct err *err);

/** Any bytes will do.
 * @param bytes  aligned for a double
 * @param out    dataset_free it, even after failure
 * @return ERR_OK; ERR_INTERNAL: they are not from dataset_pack; ERR_MEMORY */
enum err_code dataset_unpack(const void *bytes, size_t n_bytes, struct dataset *out,
                             struct err *err);

/** The same within other bytes. */
void dataset_put(const struct dataset *self, struct pack_writer *to);
enum err_code dataset_take(struct pack_reader *from, struct dataset *out, struct err *err);

#endif
