/* Integers of many limbs, as wide as the exact sums of base/exact.h need: what is made of sums,
 * products and one root of a ratio is rounded once, so that it has the same bits everywhere.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_BASE_WIDE_H
#define RETAKE_BASE_WIDE_H

#include <retake/base/exact.h>

#include <stdbool.h>
#include <stddef.h>

/* The widest numbers are those that wide_root compares for a difference of two ratios: with every
 * sum of 128 bits, (B - 1) N0^4 N1^4 (2 m + 1)^2 has 63 + 8 * 127 + 108 = 1187 bits. */
enum { WIDE_LIMBS = 20 };

/** Sign and magnitude; limb[0] is the lowest, limb[n - 1] is not 0, and zero has no limb. */
struct wide {
    size_t n;
    bool is_negative;
    uint64_t limb[WIDE_LIMBS];
};

void wide_set(exact_int x, struct wide *out);

/** out may be a or b. */
void wide_add(const struct wide *a, const struct wide *b, struct wide *out);
void wide_subtract(const struct wide *a, const struct wide *b, struct wide *out);

/** out is neither a nor b. */
void wide_multiply(const struct wide *a, const struct wide *b, struct wide *out);

/** The double nearest to sqrt(p/q), of two that of the even last digit; q > 0; 0 when p <= 0. */
double wide_root(const struct wide *p, const struct wide *q);

#endif
