/* Eight horizontal sums at once: a tree over eight vectors, so that what follows (division, square
 * root, comparison) is done for eight at a time as well. SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_BASE_VEC_SUMS_H
#define RETAKE_BASE_VEC_SUMS_H

#include <retake/base/vec.h>

/** The sums of eight vectors, each in the order of vec_sum. */
VEC_INLINE vec8 vec_sums(const vec8 *x)
{
    vec4 four[VEC_LANES], two[4], one[2];
    for (int i = 0; i < VEC_LANES; i++)
        four[i] = vec_low(x[i]) + vec_high(x[i]);
    for (int i = 0; i < 4; i++) { /* of 0 and 2, 1 and 3, 4 and 6, 5 and 7 */
        vec4 a = four[i + (i & 2)], b = four[i + (i & 2) + 2];
        two[i] =
            __builtin_shufflevector(a, b, 0, 1, 4, 5) + __builtin_shufflevector(a, b, 2, 3, 6, 7);
    }
    for (int i = 0; i < 2; i++) {
        vec4 a = two[2 * i], b = two[2 * i + 1];
        one[i] =
            __builtin_shufflevector(a, b, 0, 4, 2, 6) + __builtin_shufflevector(a, b, 1, 5, 3, 7);
    }
    return __builtin_shufflevector(one[0], one[1], 0, 1, 2, 3, 4, 5, 6, 7);
}

#endif
