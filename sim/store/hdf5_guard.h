/* What the two halves of the store share: HDF5 kept quiet, and the names of the format.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_STORE_HDF5_GUARD_H
#define RETAKE_STORE_HDF5_GUARD_H

#include <hdf5.h>
#include <stdbool.h>

enum { STORE_FORMAT_VERSION = 1, STORE_CHUNK_MAX_BYTES = 1048576 };

/* Links with addresses of objects: HDF5 1.12 renamed them, for files that have tokens instead. */
#if H5_VERSION_GE(1, 12, 0)
typedef H5L_info1_t store_link_info;
#define store_links_visit H5Literate1
#else
typedef H5L_info_t store_link_info;
#define store_links_visit H5Literate
#endif

#define STORE_ATTRIBUTE_VERSION "retake_format_version"
#define STORE_ATTRIBUTE_DIGEST "statistics_digest"
#define STORE_BOUNDS_EDGE "bounds_edge"
#define STORE_BOUNDS_SUFFIX "_bounds"
#define STORE_STATE "retake_state"
#define STORE_STATE_BYTE "retake_state_byte"
/* The NAME of a scale that is a dimension without a coordinate (netCDF-4 file format). */
#define STORE_NO_COORDINATE "This is a netCDF dimension but not a netCDF variable."

/** While begun, no other thread of this library is in HDF5, which prints nothing and loads no
 * plug-in that a file names; the reason of its first failure is kept. */
struct store_guard {
    unsigned old_plugins;
    H5E_auto2_t old_function;
    void *old_data;
    char reason[256];
};

void store_guard_begin(struct store_guard *self);
void store_guard_end(struct store_guard *self);

/** Start the library, ahead of its first use. */
bool store_hdf5_prepare(void);

/** The type of a text of variable length in UTF-8; the caller closes it. Negative on failure. */
hid_t store_text_type(void);

#endif
