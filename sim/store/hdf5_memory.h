/* HDF5 files that live in memory.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_STORE_HDF5_MEMORY_H
#define RETAKE_STORE_HDF5_MEMORY_H

#include <hdf5.h>
#include <stdbool.h>

/** The memory of a file. It must outlive the file and every copy of its access list. */
struct store_memory {
    unsigned char
        *bytes;     /* lent: the caller's; else HDF5's until the file is closed, then malloc'ed */
    size_t n_bytes; /* lent: how many */
    bool is_lent;   /* to be read, not changed */
};

/** The name of such a file. HDF5 refuses to open one of a name that the disk has, so no file can
 * bear it. */
#define STORE_MEMORY_NAME "/dev/null/retake"

/** A file access list for H5Fcreate, or for H5Fopen when is_lent; the caller closes it. */
hid_t store_memory_access(struct store_memory *self);

#endif
