/* Ratio estimator over blocks from exact integer sums.
 *
 * The residual sum  sum (y - R n)^2  with R = Y/N is  (N^2 yy - 2 Y N yn + Y^2 nn) / N^2. Its terms
 * cancel; they are exact integers (base/wide.h), and so is what is left. The root alone is rounded,
 * once and to the nearest, so that a standard error has the same bits on every processor.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/exact.h>

#include "wide.h"

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

/* a b c */
static void product_of(exact_int a, exact_int b, exact_int c, struct wide *out)
{
    struct wide first, second, product;
    wide_set(a, &first);
    wide_set(b, &second);
    wide_multiply(&first, &second, &product);
    wide_set(c, &second);
    wide_multiply(&product, &second, out);
}

/* N0 N1 times the sum over blocks of (y0 - R0 n0) (y1 - R1 n1):
 *     N0 N1 sum y0 y1 + Y0 Y1 sum n0 n1 - N0 Y1 sum y0 n1 - Y0 N1 sum n0 y1 */
static void residual_product(const struct exact_pair *pair, struct wide *out)
{
    exact_int y0 = pair->first.y, n0 = pair->first.n, y1 = pair->second.y, n1 = pair->second.n;
    struct wide term;
    product_of(n0, n1, pair->yy, out);
    product_of(y0, y1, pair->nn, &term);
    wide_add(out, &term, out);
    product_of(n0, y1, pair->yn, &term);
    wide_subtract(out, &term, out);
    product_of(y0, n1, pair->ny, &term);
    wide_subtract(out, &term, out);
}

/* N^2 times the sum over blocks of (y - R n)^2. */
static void residual_square(const struct exact_ratio *self, struct wide *out)
{
    residual_product(&(struct exact_pair){.first = *self,
                                          .second = *self,
                                          .yy = self->yy,
                                          .yn = self->yn,
                                          .ny = self->yn,
                                          .nn = self->nn},
                     out);
}

/* sqrt( B/(B-1) numerator/denominator ) */
static double root_over_blocks(const struct wide *numerator, const struct wide *denominator,
                               int64_t n_blocks)
{
    struct wide factor, p, q;
    wide_set(n_blocks, &factor);
    wide_multiply(numerator, &factor, &p);
    wide_set(n_blocks - 1, &factor);
    wide_multiply(denominator, &factor, &q);
    return wide_root(&p, &q);
}

static void square_of(exact_int x, struct wide *out)
{
    struct wide root;
    wide_set(x, &root);
    wide_multiply(&root, &root, out);
}

double exact_ratio_error(const struct exact_ratio *self, int64_t n_blocks)
{
    if (self->n == 0 || n_blocks < 2)
        return NAN;
    struct wide residual, square, fourth;
    residual_square(self, &residual);
    square_of(self->n, &square);
    wide_multiply(&square, &square, &fourth);
    return root_over_blocks(&residual, &fourth, n_blocks);
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

/* With S0, S1 and P the sums of residual_square and residual_product, the sum over blocks of d^2 is
 *     S0/N0^4 + S1/N1^4 - 2 P/(N0 N1)^2 = (S0 N1^4 + S1 N0^4 - 2 P N0^2 N1^2) / (N0^4 N1^4). */
double exact_pair_error(const struct exact_pair *self, int64_t n_blocks)
{
    if (self->first.n == 0 || self->second.n == 0 || n_blocks < 2)
        return NAN;
    struct wide square[2], both, all, residual, term, sum = {0};
    square_of(self->first.n, &square[0]);
    square_of(self->second.n, &square[1]);
    wide_multiply(&square[0], &square[1], &both);
    for (int i = 0; i < 2; i++) {
        residual_square(i == 0 ? &self->first : &self->second, &residual);
        wide_multiply(&residual, &square[1 - i], &term);
        wide_multiply(&term, &square[1 - i], &residual);
        wide_add(&sum, &residual, &sum);
    }
    residual_product(self, &residual);
    wide_multiply(&residual, &both, &term);
    wide_subtract(&sum, &term, &sum);
    wide_subtract(&sum, &term, &sum);
    wide_multiply(&both, &both, &all);
    return root_over_blocks(&sum, &all, n_blocks);
}
