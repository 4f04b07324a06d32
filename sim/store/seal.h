/* The seal behind the HDF5 part of a result file.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_STORE_SEAL_H
#define RETAKE_STORE_SEAL_H

#include <stdbool.h>
#include <stddef.h>

enum { STORE_SEAL_BYTES = 32 };

/** Write the seal right behind n_bytes. */
void store_seal_put(unsigned char *bytes, size_t n_bytes);

/** Whether the seal right behind n_bytes is theirs. */
bool store_seal_matches(const unsigned char *bytes, size_t n_bytes);

/** The same for a file that is too large for memory: the seal of all its bytes behind its end.
 * @return false: an error of the system, in errno */
bool store_seal_file_put(const char *path);

/** Whether a file ends with its seal; false also where it cannot be read. */
bool store_seal_file_matches(const char *path);

/** Where an HDF5 file with a superblock of version 2 or 3 ends; 0 when the bytes begin none. */
size_t store_seal_place(const unsigned char *bytes, size_t n_bytes);

#endif
