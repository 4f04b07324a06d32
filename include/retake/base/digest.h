/* Digests: XXH3 with 128 bits, written as 32 hex digits.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_BASE_DIGEST_H
#define RETAKE_BASE_DIGEST_H

#include <stddef.h>

void digest_hex(const void *bytes, size_t n_bytes, char hex[33]);

#endif
