/* A result as bytes, from a guarded reader to the program.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_STORE_RESULT_BYTES_H
#define RETAKE_STORE_RESULT_BYTES_H

#include <retake/base/pack.h>
#include <retake/store/result.h>

void store_result_put(const struct store_result *self, struct pack_writer *to);

/**
 * Any bytes will do.
 * @param bytes  aligned for a double
 * @param out    store_result_free it, even after failure
 * @return ERR_OK; ERR_INTERNAL: they are not from store_result_put; ERR_MEMORY
 */
enum err_code store_result_take(const void *bytes, size_t n_bytes, struct store_result *out,
                                struct err *err);

#endif
