/* HDF5's core driver with callbacks of ours (H5Pset_file_image_callbacks). For writing, the driver
 * hands its memory over when the file is closed: earlier, H5Fget_file_image would give the state of
 * an open file. For reading, it works on the caller's bytes without a copy.
 * SPDX-License-Identifier: Apache-2.0 */
#include "hdf5_memory.h"

#include <stdlib.h>
#include <string.h>

enum { INCREMENT_BYTES = 1048576 };

static void *memory_new(size_t n_bytes, H5FD_file_image_op_t operation, void *data)
{
    (void)operation;
    struct store_memory *self = data;
    return self->is_lent ? self->bytes : malloc(n_bytes);
}

static void *memory_copy(void *to, const void *from, size_t n_bytes, H5FD_file_image_op_t operation,
                         void *data)
{
    (void)operation, (void)data;
    return to == from ? to : memcpy(to, from, n_bytes);
}

static void *memory_resize(void *memory, size_t n_bytes, H5FD_file_image_op_t operation, void *data)
{
    (void)operation;
    struct store_memory *self = data;
    return self->is_lent ? NULL : realloc(memory, n_bytes);
}

static herr_t memory_release(void *memory, H5FD_file_image_op_t operation, void *data)
{
    struct store_memory *self = data;
    if (self->is_lent)
        return 0;
    if (operation == H5FD_FILE_IMAGE_OP_FILE_CLOSE && !self->bytes)
        self->bytes = memory;
    else
        free(memory);
    return 0;
}

static void *data_share(void *data)
{
    return data;
}

static herr_t data_release(void *data)
{
    (void)data;
    return 0;
}

hid_t store_memory_access(struct store_memory *self)
{
    H5FD_file_image_callbacks_t callbacks = {.image_malloc = memory_new,
                                             .image_memcpy = memory_copy,
                                             .image_realloc = memory_resize,
                                             .image_free = memory_release,
                                             .udata_copy = data_share,
                                             .udata_free = data_release,
                                             .udata = self};
    hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    if (access < 0)
        return access;
    /* Format 1.8: what netCDF writes, with checksums on the metadata. */
    if (H5Pset_fapl_core(access, INCREMENT_BYTES, false) >= 0 &&
        H5Pset_file_image_callbacks(access, &callbacks) >= 0 &&
        H5Pset_libver_bounds(access, H5F_LIBVER_V18, H5F_LIBVER_V18) >= 0 &&
        (!self->is_lent || H5Pset_file_image(access, self->bytes, self->n_bytes) >= 0))
        return access;
    H5Pclose(access);
    return H5I_INVALID_HID;
}
