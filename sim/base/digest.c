/* Digests through the xxHash library.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/digest.h>

#include <inttypes.h>
#include <stdio.h>
#include <xxhash.h>

void digest_hex(const void *bytes, size_t n_bytes, char hex[33])
{
    XXH128_hash_t hash = XXH3_128bits(bytes, n_bytes);
    snprintf(hex, 33, "%016" PRIx64 "%016" PRIx64, (uint64_t)hash.high64, (uint64_t)hash.low64);
}
