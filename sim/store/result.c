/* Result files: the image of a dataset (retake/store/image.h) and, behind it, a seal of 32 bytes:
 * XXH3 (128 bits, canonical) over the image, then the seal's mark. HDF5 and netCDF ignore what
 * stands behind the end of a file they know. The seal shows any damage before HDF5, which is not
 * made for damaged files, looks at it; a program that changes the file by way of HDF5 removes it.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/store/result.h>

#include <retake/base/file.h>
#include <retake/store/image.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

enum { MARK_BYTES = 16, SEAL_BYTES = sizeof(XXH128_canonical_t) + MARK_BYTES };

static const char mark[MARK_BYTES + 1] = "\nretake-seal-1.\n";

static void seal_make(const void *bytes, size_t n_bytes, unsigned char seal[SEAL_BYTES])
{
    XXH128_canonical_t digest;
    XXH128_canonicalFromHash(&digest, XXH3_128bits(bytes, n_bytes));
    memcpy(seal, &digest, sizeof digest);
    memcpy(seal + sizeof digest, mark, MARK_BYTES);
}

enum err_code store_result_write(const char *path, const struct dataset *dataset,
                                 const struct store_provenance *provenance, struct err *err)
{
    struct store_image image;
    if (store_image_make(path, dataset, provenance, &image, err) != ERR_OK)
        return err->code;
    unsigned char *sealed = realloc(image.bytes, image.n_bytes + SEAL_BYTES);
    if (!sealed) {
        free(image.bytes);
        return err_set(err, ERR_MEMORY, "%s: no memory for the result", path);
    }
    seal_make(sealed, image.n_bytes, sealed + image.n_bytes);
    enum err_code code = file_write(path, sealed, image.n_bytes + SEAL_BYTES, err);
    free(sealed);
    return code;
}
