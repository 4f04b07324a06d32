/* HDF5's core driver with callbacks of ours (H5Pset_file_image_callbacks). For writing, the driver
 * hands its memory over when the file is closed: earlier, H5Fget_file_image would give the state of
 * an open file. For reading, it works on one copy of the bytes, or on the bytes themselves.
 * SPDX-License-Identifier: Apache-2.0 */
#include "hdf5_memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { INCREMENT_BYTES = 1048576 };

struct store_memory {
    unsigned char *bytes; /* of an image; else HDF5's until the file is closed, then malloc'ed */
    size_t n_bytes;       /* of an image */
    bool is_image, is_lent;
    unsigned n_holders; /* the caller, and HDF5 wherever it keeps the address */
};

/* ---- who holds it ---- */

struct store_memory *store_memory_new(void)
{
    struct store_memory *self = calloc(1, sizeof *self);
    if (self)
        self->n_holders = 1;
    return self;
}

struct store_memory *store_memory_of(const unsigned char *bytes, size_t n_bytes, bool is_lent)
{
    struct store_memory *self = store_memory_new();
    if (!self)
        return NULL;
    self->is_image = true;
    self->is_lent = is_lent;
    self->n_bytes = n_bytes;
    self->bytes = is_lent ? (unsigned char *)bytes : malloc(n_bytes + 1);
    if (!self->bytes) {
        store_memory_release(self);
        return NULL;
    }
    if (!is_lent)
        memcpy(self->bytes, bytes, n_bytes);
    return self;
}

void store_memory_release(struct store_memory *self)
{
    if (!self || --self->n_holders > 0)
        return;
    if (!self->is_lent)
        free(self->bytes);
    free(self);
}

unsigned char *store_memory_take(struct store_memory *self)
{
    unsigned char *bytes = self->bytes;
    self->bytes = NULL;
    return bytes;
}

/* ---- what HDF5 calls ---- */

static void *memory_new(size_t n_bytes, H5FD_file_image_op_t operation, void *data)
{
    (void)operation;
    struct store_memory *self = data;
    return self->is_image ? self->bytes : malloc(n_bytes);
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
    return self->is_image ? NULL : realloc(memory, n_bytes);
}

static herr_t memory_release(void *memory, H5FD_file_image_op_t operation, void *data)
{
    struct store_memory *self = data;
    if (self->is_image)
        return 0;
    if (operation == H5FD_FILE_IMAGE_OP_FILE_CLOSE && !self->bytes)
        self->bytes = memory;
    else
        free(memory);
    return 0;
}

static void *data_hold(void *data)
{
    struct store_memory *self = data;
    self->n_holders++;
    return self;
}

static herr_t data_release(void *data)
{
    store_memory_release(data);
    return 0;
}

/* ---- files ---- */

static hid_t access_make(struct store_memory *self)
{
    H5FD_file_image_callbacks_t callbacks = {.image_malloc = memory_new,
                                             .image_memcpy = memory_copy,
                                             .image_realloc = memory_resize,
                                             .image_free = memory_release,
                                             .udata_copy = data_hold,
                                             .udata_free = data_release,
                                             .udata = self};
    hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    if (access < 0)
        return access;
    /* Format 1.8: what netCDF writes, with checksums on the metadata. Others may have copied into
     * any.
     */
    H5F_libver_t low = self->is_image ? H5F_LIBVER_EARLIEST : H5F_LIBVER_V18;
    H5F_libver_t high = self->is_image ? H5F_LIBVER_LATEST : H5F_LIBVER_V18;
    if (H5Pset_fapl_core(access, INCREMENT_BYTES, false) >= 0 &&
        H5Pset_fclose_degree(access, H5F_CLOSE_STRONG) >= 0 &&
        H5Pset_file_image_callbacks(access, &callbacks) >= 0 &&
        H5Pset_libver_bounds(access, low, high) >= 0 &&
        (!self->is_image || H5Pset_file_image(access, self->bytes, self->n_bytes) >= 0))
        return access;
    H5Pclose(access);
    return H5I_INVALID_HID;
}

/* HDF5 refuses a name that the disk has, so no file can bear it; and takes two files of one name
 * for the same, so each has its own. */
enum { NAME_BYTES = 64 };

static void name_make(const struct store_memory *self, char name[NAME_BYTES])
{
    snprintf(name, NAME_BYTES, "/dev/null/retake-%p", (const void *)self);
}

hid_t store_memory_create(struct store_memory *self, hid_t creation)
{
    char name[NAME_BYTES];
    hid_t file = H5I_INVALID_HID, access = access_make(self);
    name_make(self, name);
    if (access >= 0) {
        file = H5Fcreate(name, H5F_ACC_TRUNC, creation, access);
        H5Pclose(access);
    }
    return file;
}

hid_t store_memory_open(struct store_memory *self)
{
    char name[NAME_BYTES];
    hid_t file = H5I_INVALID_HID, access = access_make(self);
    name_make(self, name);
    if (access >= 0) {
        file = H5Fopen(name, H5F_ACC_RDONLY, access);
        H5Pclose(access);
    }
    return file;
}
