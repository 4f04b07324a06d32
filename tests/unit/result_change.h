/* A result changed as a stranger may: by way of HDF5, and with a right seal.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_TESTS_RESULT_CHANGE_H
#define RETAKE_TESTS_RESULT_CHANGE_H

#include "result_example.h"
#include "seal.h"

#include <retake/base/file.h>

#include <criterion/criterion.h>
#include <hdf5.h>
#include <string.h>

typedef void result_change_how(hid_t file);

/* Write the example and change it; the seal goes. */
static inline void result_change(const char *path, result_change_how *how)
{
    struct err err = {0};
    struct dataset dataset;
    example_dataset(&dataset, 1, &err);
    cr_assert_eq(store_result_write(path, &dataset, &example_provenance, &err), ERR_OK, "%s",
                 err.detail);
    dataset_free(&dataset);
    hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
    cr_assert(file >= 0);
    how(file);
    cr_assert(H5Fclose(file) >= 0);
}

static inline void result_seal_again(const char *path)
{
    struct err err = {0};
    struct arena arena = {0};
    struct file_text file;
    file_read(path, FILE_MEMORY_BYTES, &arena, &file, &err);
    unsigned char *bytes = arena_alloc(&arena, file.n_bytes + STORE_SEAL_BYTES);
    cr_assert(err.code == ERR_OK && bytes);
    memcpy(bytes, file.bytes, file.n_bytes);
    store_seal_put(bytes, file.n_bytes);
    file_write(path, bytes, file.n_bytes + STORE_SEAL_BYTES, &err);
    cr_assert_eq(err.code, ERR_OK, "%s", err.detail);
    arena_free(&arena);
}

#endif
