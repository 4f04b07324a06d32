/* Primitive polynomials and initial direction numbers of dimensions 2 to 40; dimension 1 is van der
 * Corput's sequence.
 *     m_k = 2 a_1 m_(k-1) ^ ... ^ 2^(s-1) a_(s-1) m_(k-s+1) ^ 2^s m_(k-s) ^ m_(k-s)
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/sobol.h>

#include <assert.h>

enum { MAX_DEGREE = 8, N_BITS = 32 };

static const struct {
    unsigned degree, coefficients; /* a_1 ... a_(s-1) as bits, the highest first */
    uint32_t m[MAX_DEGREE];
} table[SOBOL_MAX_DIMS - 1] = {
    {1, 0, {1}},
    {2, 1, {1, 3}},
    {3, 1, {1, 3, 1}},
    {3, 2, {1, 1, 1}},
    {4, 1, {1, 1, 3, 3}},
    {4, 4, {1, 3, 5, 13}},
    {5, 2, {1, 1, 5, 5, 17}},
    {5, 4, {1, 1, 5, 5, 5}},
    {5, 7, {1, 1, 7, 11, 19}},
    {5, 11, {1, 1, 5, 1, 1}},
    {5, 13, {1, 1, 1, 3, 11}},
    {5, 14, {1, 3, 5, 5, 31}},
    {6, 1, {1, 3, 3, 9, 7, 49}},
    {6, 13, {1, 1, 1, 15, 21, 21}},
    {6, 16, {1, 3, 1, 13, 27, 49}},
    {6, 19, {1, 1, 1, 15, 7, 5}},
    {6, 22, {1, 3, 1, 15, 13, 25}},
    {6, 25, {1, 1, 5, 5, 19, 61}},
    {7, 1, {1, 3, 7, 11, 23, 15, 103}},
    {7, 4, {1, 3, 7, 13, 13, 15, 69}},
    {7, 7, {1, 1, 3, 13, 7, 35, 63}},
    {7, 8, {1, 3, 5, 9, 1, 25, 53}},
    {7, 14, {1, 3, 1, 13, 9, 35, 107}},
    {7, 19, {1, 3, 1, 5, 27, 61, 31}},
    {7, 21, {1, 1, 5, 11, 19, 41, 61}},
    {7, 28, {1, 3, 5, 3, 3, 13, 69}},
    {7, 31, {1, 1, 7, 13, 1, 19, 1}},
    {7, 32, {1, 3, 7, 5, 13, 19, 59}},
    {7, 37, {1, 1, 3, 9, 25, 29, 41}},
    {7, 41, {1, 3, 5, 13, 23, 1, 55}},
    {7, 42, {1, 3, 7, 3, 13, 59, 17}},
    {7, 50, {1, 3, 1, 3, 5, 53, 69}},
    {7, 55, {1, 1, 5, 5, 23, 33, 13}},
    {7, 56, {1, 1, 7, 7, 1, 61, 123}},
    {7, 59, {1, 1, 7, 9, 13, 61, 49}},
    {7, 62, {1, 3, 3, 5, 3, 55, 33}},
    {8, 14, {1, 3, 1, 15, 31, 13, 49, 245}},
    {8, 21, {1, 3, 5, 15, 31, 59, 63, 97}},
    {8, 38, {1, 3, 1, 11, 11, 11, 77, 249}},
};

/* Direction numbers of a dimension, as fractions of 2^32. */
static void directions(size_t dim, uint32_t v[N_BITS])
{
    if (dim == 0) {
        for (unsigned k = 0; k < N_BITS; k++)
            v[k] = UINT32_C(1) << (31 - k);
        return;
    }
    unsigned s = table[dim - 1].degree;
    for (unsigned k = 0; k < N_BITS; k++) {
        if (k < s) {
            v[k] = table[dim - 1].m[k] << (31 - k);
            continue;
        }
        v[k] = v[k - s] ^ (v[k - s] >> s);
        for (unsigned j = 1; j < s; j++)
            if (table[dim - 1].coefficients >> (s - 1 - j) & 1)
                v[k] ^= v[k - j];
    }
}

uint32_t sobol_bits(uint32_t index, size_t dim)
{
    uint32_t v[N_BITS], x = 0;
    assert(dim < SOBOL_MAX_DIMS);
    directions(dim, v);
    for (unsigned k = 0; index >> k; k++) {
        if (index >> k & 1)
            x ^= v[k];
        if (k == N_BITS - 1)
            break;
    }
    return x;
}
