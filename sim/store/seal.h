/* The seal behind the HDF5 part of a result file.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_STORE_SEAL_H
#define RETAKE_STORE_SEAL_H

#include <retake/base/err.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { STORE_SEAL_BYTES = 32 };

/** Write the seal right behind n_bytes. */
void store_seal_put(unsigned char *bytes, size_t n_bytes);

/** Whether the seal right behind n_bytes is theirs. */
bool store_seal_matches(const unsigned char *bytes, size_t n_bytes);

/** The same for a file that is too large for memory: append a trailer, and the seal of all bytes.
 * @param name        for messages
 * @param descriptor  to read and write
 * @return ERR_OK; ERR_IO; ERR_MEMORY */
enum err_code store_seal_file_put(const char *name, int descriptor, const unsigned char *trailer,
                                  size_t n_trailer, struct err *err);

/** Whether a file of n_bytes ends with its seal. @return ERR_OK; ERR_INPUT: it does not; ERR_IO;
 * ERR_MEMORY */
enum err_code store_seal_file_check(const char *name, int descriptor, uint64_t n_bytes,
                                    struct err *err);

/** Whether a file of n_bytes is too short for an HDF5 file, but begins as one; an empty one does.
 */
bool store_seal_begins(const unsigned char *bytes, size_t n_bytes);

/** Where an HDF5 file with a superblock of version 0 to 3 ends; 0 when the bytes begin none. */
size_t store_seal_place(const unsigned char *bytes, size_t n_bytes);

#endif
