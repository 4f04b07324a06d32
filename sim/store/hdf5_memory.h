/* HDF5 files that live in memory.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_STORE_HDF5_MEMORY_H
#define RETAKE_STORE_HDF5_MEMORY_H

#include <hdf5.h>
#include <stdbool.h>

/** The memory of one file. HDF5 holds it as the caller does, and the last of them frees it: a file
 * that a damaged one makes HDF5 forget to close never reaches for memory that is gone. All calls
 * within store_guard_begin and store_guard_end. */
struct store_memory;

/** For a file to be made. NULL when memory is out. */
struct store_memory *store_memory_new(void);

/** For a file to be read, of a copy of bytes. NULL when memory is out.
 * @param is_lent  bytes themselves: they stay as long as the process does */
struct store_memory *store_memory_of(const unsigned char *bytes, size_t n_bytes, bool is_lent);

/** Nothing of a file stays open once it is closed, what was opened in it included.
 * @return negative: HDF5 fails, or memory is out; else H5Fclose it */
hid_t store_memory_create(struct store_memory *self, hid_t creation);
hid_t store_memory_open(struct store_memory *self);

/** The bytes of a file that was made and is closed, malloc'ed, the caller's; NULL: there are none.
 */
unsigned char *store_memory_take(struct store_memory *self);

/** The caller needs it no more. NULL does no harm. */
void store_memory_release(struct store_memory *self);

#endif
