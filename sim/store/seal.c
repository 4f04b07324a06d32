/* The seal: 32 bytes behind the end of the HDF5 file, XXH3 (128 bits, canonical) over all that is
 * before and then a mark. HDF5 and netCDF ignore what stands behind the end of a file. HDF5 is not
 * made for damaged files (one bit in a length of its global heap makes it read beyond its memory);
 * the seal shows the damage before HDF5 looks. A program that changes the file through HDF5
 * drops it.
 * SPDX-License-Identifier: Apache-2.0 */
#include "seal.h"

#include <stdint.h>
#include <stdio.h>
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

/* The seal over the first n_bytes of a file; false when it cannot be read, or memory is out. */
static bool seal_of_file(FILE *stream, uint64_t n_bytes, unsigned char *seal)
{
    enum { PIECE = 65536 };
    unsigned char *piece = malloc(PIECE);
    XXH3_state_t *hash = XXH3_createState();
    bool read = piece && hash && XXH3_128bits_reset(hash) == XXH_OK;
    while (read && n_bytes > 0) {
        size_t n = n_bytes < PIECE ? (size_t)n_bytes : PIECE;
        read = fread(piece, 1, n, stream) == n && XXH3_128bits_update(hash, piece, n) == XXH_OK;
        n_bytes -= n;
    }
    if (read)
        seal_form(XXH3_128bits_digest(hash), seal);
    XXH3_freeState(hash);
    free(piece);
    return read;
}

bool store_seal_file_put(const char *path)
{
    unsigned char seal[STORE_SEAL_BYTES];
    struct stat status;
    FILE *stream = fopen(path, "rb+");
    bool put = stream && fstat(fileno(stream), &status) == 0 &&
               seal_of_file(stream, (uint64_t)status.st_size, seal) &&
               fseek(stream, 0, SEEK_END) == 0 &&
               fwrite(seal, 1, sizeof seal, stream) == sizeof seal;
    if (stream && fclose(stream) != 0)
        put = false;
    return put;
}

bool store_seal_file_matches(const char *path)
{
    unsigned char seal[STORE_SEAL_BYTES], found[STORE_SEAL_BYTES];
    struct stat status;
    FILE *stream = fopen(path, "rb");
    bool matches = stream && fstat(fileno(stream), &status) == 0 &&
                   status.st_size > STORE_SEAL_BYTES &&
                   seal_of_file(stream, (uint64_t)status.st_size - STORE_SEAL_BYTES, seal) &&
                   fread(found, 1, sizeof found, stream) == sizeof found &&
                   memcmp(found, seal, sizeof seal) == 0;
    if (stream)
        fclose(stream);
    return matches;
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
