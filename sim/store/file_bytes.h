/* Pieces of files, read and written whole.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_STORE_FILE_BYTES_H
#define RETAKE_STORE_FILE_BYTES_H

#include <retake/base/err.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Read n_bytes from a place on.
 * @param name  for messages
 * @return ERR_OK; ERR_INPUT: the file ends before; ERR_IO */
enum err_code store_bytes_read(const char *name, int descriptor, uint64_t at, void *bytes,
                               size_t n_bytes, struct err *err);

/** Write n_bytes from a place on. @return 0, or the errno of what failed */
int store_bytes_write(int descriptor, uint64_t at, const void *bytes, size_t n_bytes);

#endif
