/* The seal: 32 bytes behind the end of the HDF5 file, XXH3 (128 bits, canonical) over all that is
 * before and then a mark. HDF5 and netCDF ignore what stands behind the end of a file. HDF5 is not
 * made for damaged files (one bit in a length of its global heap makes it read beyond its memory);
 * the seal shows the damage before HDF5 looks. A program that changes the file through HDF5
 * drops it.
 * SPDX-License-Identifier: Apache-2.0 */
#include "seal.h"

#include "file_bytes.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <xxhash.h>

enum { DIGEST_BYTES = 16, MARK_BYTES = STORE_SEAL_BYTES - DIGEST_BYTES };

static void seal_form(XXH128_hash_t hash, unsigned char *seal)
{
    static const char mark[MARK_BYTES + 1] = "\nretake-seal-1.\n";
    XXH128_canonical_t digest;
    XXH128_canonicalFromHash(&digest, hash);
    memcpy(seal, &digest, DIGEST_BYTES);
    memcpy(seal + DIGEST_BYTES, mark, MARK_BYTES);
}

static void seal_make(const unsigned char *bytes, size_t n_bytes, unsigned char *seal)
{
    seal_form(XXH3_128bits(bytes, n_bytes), seal);
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

/* The seal over the first n_bytes of a file. */
static enum err_code seal_of_file(const char *name, int descriptor, uint64_t n_bytes,
                                  unsigned char *seal, struct err *err)
{
    enum { PIECE = 65536 };
    unsigned char *piece = malloc(PIECE);
    XXH3_state_t *hash = XXH3_createState();
    if (!piece || !hash || XXH3_128bits_reset(hash) != XXH_OK)
        err_set(err, ERR_MEMORY, "%s: no memory for its checksum", name);
    for (uint64_t at = 0; !err->code && at < n_bytes;) {
        size_t n = n_bytes - at < PIECE ? (size_t)(n_bytes - at) : PIECE;
        if (store_bytes_read(name, descriptor, at, piece, n, err) == ERR_OK)
            XXH3_128bits_update(hash, piece, n);
        at += n;
    }
    if (!err->code)
        seal_form(XXH3_128bits_digest(hash), seal);
    XXH3_freeState(hash);
    free(piece);
    return err->code;
}

enum err_code store_seal_file_put(const char *name, int descriptor, const unsigned char *trailer,
                                  size_t n_trailer, struct err *err)
{
    unsigned char seal[STORE_SEAL_BYTES];
    struct stat status;
    int failure = fstat(descriptor, &status) != 0 ? errno : 0;
    uint64_t n = failure ? 0 : (uint64_t)status.st_size;
    if (!failure)
        failure = store_bytes_write(descriptor, n, trailer, n_trailer);
    if (!failure && seal_of_file(name, descriptor, n + n_trailer, seal, err) != ERR_OK)
        return err->code;
    if (!failure)
        failure = store_bytes_write(descriptor, n + n_trailer, seal, sizeof seal);
    return failure ? err_set(err, ERR_IO, "%s: cannot write: %s", name, strerror(failure)) : ERR_OK;
}

enum err_code store_seal_file_check(const char *name, int descriptor, uint64_t n_bytes,
                                    struct err *err)
{
    unsigned char seal[STORE_SEAL_BYTES], found[STORE_SEAL_BYTES];
    uint64_t n = n_bytes < STORE_SEAL_BYTES ? 0 : n_bytes - STORE_SEAL_BYTES;
    if (seal_of_file(name, descriptor, n, seal, err) == ERR_OK &&
        store_bytes_read(name, descriptor, n, found, sizeof found, err) == ERR_OK &&
        memcmp(found, seal, sizeof seal) != 0)
        err_set(err, ERR_INPUT, "%s: damaged, or changed since retake wrote it", name);
    return err->code;
}

static const char signature[] = "\211HDF\r\n\032\n";

enum { SIGNATURE_BYTES = sizeof signature - 1, SUPERBLOCK_BYTES = 48 };

bool store_seal_begins(const unsigned char *bytes, size_t n_bytes)
{
    size_t n = n_bytes < SIGNATURE_BYTES ? n_bytes : SIGNATURE_BYTES;
    return n_bytes < SUPERBLOCK_BYTES && memcmp(bytes, signature, n) == 0;
}

/* HDF5 file format specification, II.A. Versions 0 and 1, which other programs write: sizes, orders
 * of trees, flags, base, free space, end. Versions 2 and 3: base, extension, end. */
size_t store_seal_place(const unsigned char *bytes, size_t n_bytes)
{
    enum { VERSION = 8, N_VERSIONS = 4 };
    static const size_t address_size[N_VERSIONS] = {13, 13, 9, 9};
    static const size_t end_at[N_VERSIONS] = {40, 44, 28, 28};
    if (n_bytes < SUPERBLOCK_BYTES || memcmp(bytes, signature, SIGNATURE_BYTES) != 0)
        return 0;
    size_t version = bytes[VERSION];
    if (version >= N_VERSIONS || bytes[address_size[version]] != 8 || n_bytes < end_at[version] + 8)
        return 0;
    uint64_t end = 0;
    for (size_t i = 0; i < 8; i++)
        end |= (uint64_t)bytes[end_at[version] + i] << (8 * i);
    return (size_t)end;
}
