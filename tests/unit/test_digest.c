/* Digests against the test vectors of the xxHash library (tests/sanity_test_vectors.h: lengths 0
 * and 1, seed 0), and one bit that changes.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/digest.h>

#include <criterion/criterion.h>

Test(digest, published_vectors)
{
    char hex[33];
    digest_hex("", 0, hex);
    cr_assert_str_eq(hex, "99aa06d3014798d86001c324468d497f");
    digest_hex("\0", 1, hex);
    cr_assert_str_eq(hex, "a6cd5e9392000f6ac44bdff4074eecdb");
}

Test(digest, every_bit_counts)
{
    char bytes[100] = {0}, first[33], other[33];
    digest_hex(bytes, sizeof bytes, first);
    cr_assert_eq(strlen(first), 32);
    for (size_t i = 0; i < sizeof bytes; i++)
        for (int bit = 0; bit < 8; bit++) {
            bytes[i] = (char)(1 << bit);
            digest_hex(bytes, sizeof bytes, other);
            cr_assert_str_neq(first, other);
            bytes[i] = 0;
        }
}
