/* The seal: 32 bytes behind the end of the HDF5 file, XXH3 (128 bits, canonical) over all that is
 * before and then a mark. HDF5 and netCDF ignore what stands behind the end of a file. HDF5 is not
 * made for damaged files (one bit in a length of its global heap makes it read beyond its memory);
 * the seal shows the damage before HDF5 looks. A program that changes the file through HDF5
 * drops it.
 * SPDX-License-Identifier: Apache-2.0 */
#include "seal.h"

#include <stdint.h>
#include <string.h>
#include <xxhash.h>

enum { DIGEST_BYTES = 16, MARK_BYTES = STORE_SEAL_BYTES - DIGEST_BYTES };

static void seal_make(const unsigned char *bytes, size_t n_bytes, unsigned char *seal)
{
    static const char mark[MARK_BYTES + 1] = "\nretake-seal-1.\n";
    XXH128_canonical_t digest;
    XXH128_canonicalFromHash(&digest, XXH3_128bits(bytes, n_bytes));
    memcpy(seal, &digest, DIGEST_BYTES);
    memcpy(seal + DIGEST_BYTES, mark, MARK_BYTES);
}

void store_seal_put(unsigned char *bytes, size_t n_bytes)
{
    seal_make(bytes, n_bytes, bytes + n_bytes);
}

bool store_seal_matches(const unsigned char *bytes, size_t n_bytes)
{
    unsigned char seal[STORE_SEAL_BYTES];
    seal_make(bytes, n_bytes, seal);
    return memcmp(bytes + n_bytes, seal, STORE_SEAL_BYTES) == 0;
}

/* HDF5 file format specification, II.A: signature, version, size of addresses, ..., end address. */
size_t store_seal_place(const unsigned char *bytes, size_t n_bytes)
{
    enum { VERSION = 8, ADDRESS_SIZE = 9, END = 28, SUPERBLOCK_BYTES = 48 };
    if (n_bytes < SUPERBLOCK_BYTES || memcmp(bytes, "\211HDF\r\n\032\n", VERSION) != 0)
        return 0;
    if (bytes[VERSION] < 2 || bytes[VERSION] > 3 || bytes[ADDRESS_SIZE] != 8)
        return 0;
    uint64_t end = 0;
    for (size_t i = 0; i < 8; i++)
        end |= (uint64_t)bytes[END + i] << (8 * i);
    return (size_t)end;
}
