/* A virtual file driver. HDF5 cannot get over a disk that fails: its file then stays open inside
 * it, and the handler that closes it at the end of the program reaches for memory that is gone. So
 * HDF5 never hears of a failure: the first one is noted, nothing is written any more, HDF5 closes
 * its file in good faith, and the caller looks at `failure`. Metadata stay in HDF5's memory until
 * then, so that nothing that was not written is ever read back.
 *
 * The driver also knows where values went, which HDF5 tells only in time that grows with the square
 * of the number of chunks.
 * SPDX-License-Identifier: Apache-2.0 */
#include "hdf5_disk.h"

#include "file_bytes.h"

#if H5_VERSION_GE(1, 13, 0)
#include <H5FDdevelop.h>
#endif

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

/* HDF5's part comes first. */
struct disk_file {
    H5FD_t base;
    struct store_disk *disk;
    haddr_t allocated, end;
};

/* What an access list carries. */
struct disk_info {
    struct store_disk *disk;
};

static H5FD_t *disk_open(const char *name, unsigned flags, hid_t access, haddr_t max_address)
{
    (void)name, (void)flags, (void)max_address;
    const struct disk_info *info = H5Pget_driver_info(access);
    struct disk_file *self = info ? calloc(1, sizeof *self) : NULL;
    if (!self)
        return NULL;
    self->disk = info->disk;
    return &self->base;
}

static herr_t disk_close(H5FD_t *file)
{
    free(file);
    return 0;
}

static int disk_compare(const H5FD_t *one, const H5FD_t *two)
{
    int a = ((const struct disk_file *)one)->disk->descriptor;
    int b = ((const struct disk_file *)two)->disk->descriptor;
    return (a > b) - (a < b);
}

static herr_t disk_query(const H5FD_t *file, unsigned long *flags)
{
    (void)file;
    if (flags)
        *flags = H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_ACCUMULATE_METADATA;
    return 0;
}

static haddr_t disk_allocated(const H5FD_t *file, H5FD_mem_t type)
{
    (void)type;
    return ((const struct disk_file *)file)->allocated;
}

static herr_t disk_allocate(H5FD_t *file, H5FD_mem_t type, haddr_t address)
{
    (void)type;
    ((struct disk_file *)file)->allocated = address;
    return 0;
}

static haddr_t disk_end(const H5FD_t *file, H5FD_mem_t type)
{
    (void)type;
    return ((const struct disk_file *)file)->end;
}

/* What was never written is 0. */
static herr_t disk_read(H5FD_t *file, H5FD_mem_t type, hid_t transfer, haddr_t address, size_t n,
                        void *bytes)
{
    (void)type, (void)transfer;
    int descriptor = ((struct disk_file *)file)->disk->descriptor;
    unsigned char *at = bytes;
    while (n > 0) {
        ssize_t done = pread(descriptor, at, n, (off_t)address);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            break;
        at += done;
        address += (haddr_t)done;
        n -= (size_t)done;
    }
    memset(at, 0, n);
    return 0;
}

static herr_t disk_write(H5FD_t *file, H5FD_mem_t type, hid_t transfer, haddr_t address, size_t n,
                         const void *bytes)
{
    (void)transfer;
    struct disk_file *self = (struct disk_file *)file;
    if (!self->disk->failure)
        self->disk->failure = store_bytes_write(self->disk->descriptor, address, bytes, n);
    if (address + n > self->end)
        self->end = address + n;
    if (type == H5FD_MEM_DRAW) {
        self->disk->raw_at = address;
        self->disk->raw_bytes = n;
        self->disk->n_raw++;
    }
    return 0;
}

/* The file ends where HDF5's allocations do. */
static herr_t disk_truncate(H5FD_t *file, hid_t transfer, hbool_t closing)
{
    (void)transfer, (void)closing;
    struct disk_file *self = (struct disk_file *)file;
    if (!self->disk->failure && ftruncate(self->disk->descriptor, (off_t)self->allocated) != 0)
        self->disk->failure = errno;
    self->end = self->allocated;
    return 0;
}

static const H5FD_class_t disk_class = {
#if H5_VERSION_GE(1, 13, 0)
    .version = H5FD_CLASS_VERSION,
    .value = 511, /* of those that are free for use within one program */
#endif
    .name = "retake",
    .maxaddr = HADDR_MAX,
    .fc_degree = H5F_CLOSE_STRONG,
    .fapl_size = sizeof(struct disk_info),
    .open = disk_open,
    .close = disk_close,
    .cmp = disk_compare,
    .query = disk_query,
    .get_eoa = disk_allocated,
    .set_eoa = disk_allocate,
    .get_eof = disk_end,
    .read = disk_read,
    .write = disk_write,
    .truncate = disk_truncate,
    .fl_map = H5FD_FLMAP_DICHOTOMY,
};

static bool metadata_keep(hid_t access)
{
    H5AC_cache_config_t cache = {.version = H5AC__CURR_CACHE_CONFIG_VERSION};
    if (H5Pget_mdc_config(access, &cache) < 0)
        return false;
    cache.evictions_enabled = false;
    cache.incr_mode = H5C_incr__off;
    cache.flash_incr_mode = H5C_flash_incr__off;
    cache.decr_mode = H5C_decr__off;
    return H5Pset_mdc_config(access, &cache) >= 0;
}

hid_t store_disk_access(struct store_disk *self)
{
    const struct disk_info info = {self};
    hid_t access = H5Pcreate(H5P_FILE_ACCESS), driver = H5FDregister(&disk_class);
    bool made = access >= 0 && driver >= 0 && H5Pset_driver(access, driver, &info) >= 0 &&
                H5Pset_fclose_degree(access, H5F_CLOSE_STRONG) >= 0 && metadata_keep(access);
    if (driver >= 0)
        H5FDunregister(driver); /* the list holds it as long as it is needed */
    if (made)
        return access;
    if (access >= 0)
        H5Pclose(access);
    return H5I_INVALID_HID;
}
