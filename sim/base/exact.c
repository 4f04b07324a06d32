/* Ratio estimator over blocks from exact integer sums.
 *
 * The residual sum  sum (y - R n)^2  with R = Y/N is  (N^2 yy - 2 Y N yn + Y^2 nn) / N^2. Its terms
 * cancel, so it is taken around the rounded R in long double, whose 64 bits hold the exact sums.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/exact.h>

#include <math.h>

void exact_ratio_merge(struct exact_ratio *self, const struct exact_ratio *other)
{
    self->y += other->y;
    self->n += other->n;
    self->yy += other->yy;
    self->yn += other->yn;
    self->nn += other->nn;
}

double exact_ratio_value(const struct exact_ratio *self)
{
    return self->n == 0 ? NAN : (double)self->y / (double)self->n;
}

double exact_ratio_error(const struct exact_ratio *self, int64_t n_blocks)
{
    if (self->n == 0 || n_blocks < 2)
        return NAN;
    long double ratio = (long double)self->y / (long double)self->n;
    long double residual = (long double)self->yy - 2 * ratio * (long double)self->yn +
                           ratio * ratio * (long double)self->nn;
    if (residual < 0)
        residual = 0;
    long double blocks = (long double)n_blocks;
    return (double)(sqrtl(blocks / (blocks - 1) * residual) / (long double)self->n);
}
