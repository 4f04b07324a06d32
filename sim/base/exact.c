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

/* ---- pairs ---- */

void exact_pair_merge(struct exact_pair *self, const struct exact_pair *other)
{
    exact_ratio_merge(&self->first, &other->first);
    exact_ratio_merge(&self->second, &other->second);
    self->yy += other->yy;
    self->yn += other->yn;
    self->ny += other->ny;
    self->nn += other->nn;
}

double exact_pair_value(const struct exact_pair *self)
{
    return exact_ratio_value(&self->second) - exact_ratio_value(&self->first);
}

/* Sum over blocks of ((y - R n)/N)^2. */
static long double spread(const struct exact_ratio *self)
{
    long double n = (long double)self->n, ratio = (long double)self->y / n;
    return ((long double)self->yy - 2 * ratio * (long double)self->yn +
            ratio * ratio * (long double)self->nn) /
           (n * n);
}

/* Sum over blocks of the product of the two. */
static long double product(const struct exact_pair *self)
{
    long double n0 = (long double)self->first.n, n1 = (long double)self->second.n;
    long double r0 = (long double)self->first.y / n0, r1 = (long double)self->second.y / n1;
    return ((long double)self->yy - r1 * (long double)self->yn - r0 * (long double)self->ny +
            r0 * r1 * (long double)self->nn) /
           (n0 * n1);
}

double exact_pair_error(const struct exact_pair *self, int64_t n_blocks)
{
    if (self->first.n == 0 || self->second.n == 0 || n_blocks < 2)
        return NAN;
    long double own = spread(&self->first) + spread(&self->second);
    long double sum = own - 2 * product(self), blocks = (long double)n_blocks;
    if (!(sum > 1e-15L * own)) /* the same on every block, but for the last digits */
        return 0;
    return (double)sqrtl(sum * (blocks / (blocks - 1)));
}
