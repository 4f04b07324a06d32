/* HDF5's files on the disk, written through a driver of our own.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_STORE_HDF5_DISK_H
#define RETAKE_STORE_HDF5_DISK_H

#include <hdf5.h>
#include <stdint.h>

/** A file that HDF5 writes. It must outlive the HDF5 file and every copy of its access list. */
struct store_disk {
    int descriptor;             /* to read and write; the caller's, who closes it */
    int failure;                /* errno of the first call that failed; then nothing is written */
    uint64_t raw_at, raw_bytes; /* the last piece of values that was written */
    size_t n_raw;               /* pieces so far */
};

/** A file access list for H5Fcreate; the caller closes it. Negative on failure. */
hid_t store_disk_access(struct store_disk *self);

#endif
