/* Exact sums: integers of 128 bits, and real numbers rounded once to a fixed point, so that a total
 * does not depend on the order of its terms.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_BASE_EXACT_H
#define RETAKE_BASE_EXACT_H

#include <stdint.h>

__extension__ typedef __int128 exact_int;

/** Fraction bits of fixed-point terms: a resolution of 6e-8, |x| below 2^39. */
enum { EXACT_FRACTION_BITS = 24 };

/** x as a fixed-point integer, rounded to the nearest (ties to even). */
static inline int64_t exact_fixed(double x)
{
    return __builtin_llrint(x * (double)(1 << EXACT_FRACTION_BITS));
}

/** Back to a real number: total / 2^EXACT_FRACTION_BITS. */
static inline double exact_real(exact_int total)
{
    return (double)total / (double)(1 << EXACT_FRACTION_BITS);
}

/**
 * Sums over blocks of a numerator y and a denominator n: all that a ratio estimator needs.
 * Cochran, Sampling Techniques (1977), section 6.3, with blocks as the sampling unit.
 */
struct exact_ratio {
    exact_int y, n, yy, yn, nn;
};

static inline void exact_ratio_add_block(struct exact_ratio *self, int64_t y, int64_t n)
{
    self->y += y;
    self->n += n;
    self->yy += (exact_int)y * y;
    self->yn += (exact_int)y * n;
    self->nn += (exact_int)n * n;
}

void exact_ratio_merge(struct exact_ratio *self, const struct exact_ratio *other);

/** R = y/n; NaN when n is 0. */
double exact_ratio_value(const struct exact_ratio *self);

/**
 * Standard error of R over n_blocks blocks:
 *     sqrt( B/(B-1) (sum y^2 - 2 R sum yn + R^2 sum n^2) ) / sum n
 * NaN when n is 0 or there are fewer than two blocks.
 */
double exact_ratio_error(const struct exact_ratio *self, int64_t n_blocks);

/**
 * Two ratios R0 = y0/n0 and R1 = y1/n1 seen on the same blocks, e.g. of two policies on common
 * random numbers: with the sums of products across, the error of their difference is known.
 */
struct exact_pair {
    struct exact_ratio first, second;
    exact_int yy, yn, ny, nn; /* y0 y1, y0 n1, n0 y1, n0 n1 */
};

static inline void exact_pair_add_block(struct exact_pair *self, int64_t y0, int64_t n0, int64_t y1,
                                        int64_t n1)
{
    exact_ratio_add_block(&self->first, y0, n0);
    exact_ratio_add_block(&self->second, y1, n1);
    self->yy += (exact_int)y0 * y1;
    self->yn += (exact_int)y0 * n1;
    self->ny += (exact_int)n0 * y1;
    self->nn += (exact_int)n0 * n1;
}

void exact_pair_merge(struct exact_pair *self, const struct exact_pair *other);

/** R1 - R0; NaN when n0 or n1 is 0. */
double exact_pair_value(const struct exact_pair *self);

/**
 * Standard error of R1 - R0: that of the sum over blocks of the linearised difference
 *     d = (y1 - R1 n1)/N1 - (y0 - R0 n0)/N0,   sqrt( B/(B-1) sum d^2 ),   N = sum n.
 * NaN when N0 or N1 is 0 or there are fewer than two blocks.
 */
double exact_pair_error(const struct exact_pair *self, int64_t n_blocks);

#endif
