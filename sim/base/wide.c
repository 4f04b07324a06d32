/* Schoolbook arithmetic on limbs of 64 bits, and the correctly rounded root of a ratio.
 *
 * A root s = m 2^e with 2^52 <= m <= 2^53 is right when p/q lies between the squares of the middles
 * to its neighbours, ((2 m -+ 1) 2^(e-1))^2. That is compared in integers. The guess, from the
 * leading 64 bits of p and q, is a few units from it at most, and is moved until it is right: it
 * decides how long that takes, never the result.
 * SPDX-License-Identifier: Apache-2.0 */
#include "wide.h"

#include <assert.h>
#include <math.h>

__extension__ typedef unsigned __int128 twin; /* of two limbs */

enum { LIMB_BITS = 64, FRACTION_BITS = 52, EXPONENT_BIAS = 1023 };

static void drop_zeros(struct wide *self)
{
    while (self->n > 0 && self->limb[self->n - 1] == 0)
        self->n--;
}

void wide_set(exact_int x, struct wide *out)
{
    twin magnitude = x < 0 ? -(twin)x : (twin)x;
    out->is_negative = x < 0;
    out->limb[0] = (uint64_t)magnitude;
    out->limb[1] = (uint64_t)(magnitude >> LIMB_BITS);
    out->n = 2;
    drop_zeros(out);
}

/* Below, at or above: negative, 0, positive. */
static int compare_magnitudes(const struct wide *a, const struct wide *b)
{
    if (a->n != b->n)
        return a->n < b->n ? -1 : 1;
    for (size_t i = a->n; i-- > 0;)
        if (a->limb[i] != b->limb[i])
            return a->limb[i] < b->limb[i] ? -1 : 1;
    return 0;
}

static void add_magnitudes(const struct wide *longer, const struct wide *other, struct wide *out)
{
    twin carry = 0;
    for (size_t i = 0; i < longer->n; i++) {
        carry += (twin)longer->limb[i] + (i < other->n ? other->limb[i] : 0);
        out->limb[i] = (uint64_t)carry;
        carry >>= LIMB_BITS;
    }
    out->n = longer->n;
    if (carry) {
        assert(out->n < WIDE_LIMBS);
        out->limb[out->n++] = (uint64_t)carry;
    }
}

static void subtract_magnitudes(const struct wide *greater, const struct wide *other,
                                struct wide *out)
{
    uint64_t borrow = 0;
    for (size_t i = 0; i < greater->n; i++) {
        twin taken = (twin)(i < other->n ? other->limb[i] : 0) + borrow;
        borrow = greater->limb[i] < taken;
        out->limb[i] = greater->limb[i] - (uint64_t)taken;
    }
    out->n = greater->n;
    drop_zeros(out);
}

/* a + b, or a - b when b is to change its sign. */
static void add_signed(const struct wide *a, const struct wide *b, bool is_changed,
                       struct wide *out)
{
    bool is_negative = b->is_negative != is_changed;
    int order = compare_magnitudes(a, b);
    const struct wide *greater = order < 0 ? b : a, *other = order < 0 ? a : b;
    if (a->is_negative == is_negative)
        add_magnitudes(greater, other, out);
    else
        subtract_magnitudes(greater, other, out);
    out->is_negative = order < 0 ? is_negative : a->is_negative;
}

void wide_add(const struct wide *a, const struct wide *b, struct wide *out)
{
    add_signed(a, b, false, out);
}

void wide_subtract(const struct wide *a, const struct wide *b, struct wide *out)
{
    add_signed(a, b, true, out);
}

void wide_multiply(const struct wide *a, const struct wide *b, struct wide *out)
{
    assert(a->n + b->n <= WIDE_LIMBS && out != a && out != b);
    for (size_t j = 0; j < b->n; j++)
        out->limb[j] = 0;
    for (size_t i = 0; i < a->n; i++) {
        twin carry = 0;
        for (size_t j = 0; j < b->n; j++) {
            carry += (twin)a->limb[i] * b->limb[j] + out->limb[i + j];
            out->limb[i + j] = (uint64_t)carry;
            carry >>= LIMB_BITS;
        }
        out->limb[i + b->n] = (uint64_t)carry;
    }
    out->n = a->n > 0 ? a->n + b->n : 0;
    out->is_negative = a->is_negative != b->is_negative;
    drop_zeros(out);
}

static void shift_left(const struct wide *a, size_t bits, struct wide *out)
{
    size_t whole = bits / LIMB_BITS, rest = bits % LIMB_BITS;
    assert(a->n + whole < WIDE_LIMBS);
    for (size_t i = 0; i < whole; i++)
        out->limb[i] = 0;
    twin carry = 0;
    for (size_t i = 0; i < a->n; i++) {
        carry |= (twin)a->limb[i] << rest;
        out->limb[whole + i] = (uint64_t)carry;
        carry >>= LIMB_BITS;
    }
    out->n = whole + a->n;
    out->limb[out->n++] = (uint64_t)carry;
    out->is_negative = a->is_negative;
    drop_zeros(out);
}

/* p/q against (root 2^e)^2: negative, 0, positive. */
static int compare_square(const struct wide *p, const struct wide *q, uint64_t root, int e)
{
    struct wide square, product, shifted;
    wide_set((exact_int)root * root, &square);
    wide_multiply(&square, q, &product);
    if (e >= 0) {
        shift_left(&product, 2 * (size_t)e, &shifted);
        return compare_magnitudes(p, &shifted);
    }
    shift_left(p, 2 * (size_t)-e, &shifted);
    return compare_magnitudes(&shifted, &product);
}

/* The leading 64 bits as 1 <= x < 2 (or 2, by rounding), and the exponent that goes with it. */
static double leading_bits(const struct wide *self, int *exponent)
{
    uint64_t top = self->limb[self->n - 1], next = self->n > 1 ? self->limb[self->n - 2] : 0;
    int zeros = __builtin_clzll(top);
    if (zeros > 0)
        top = top << zeros | next >> (LIMB_BITS - zeros);
    *exponent = (int)self->n * LIMB_BITS - zeros - 1;
    return (double)top * 0x1p-63;
}

/* m 2^e, 2^52 <= m <= 2^53; with m = 2^53 the sum carries into the exponent. */
static double real_of(uint64_t m, int e)
{
    uint64_t exponent = (uint64_t)(e + FRACTION_BITS + EXPONENT_BIAS);
    union {
        uint64_t bits;
        double real;
    } word = {(exponent << FRACTION_BITS) + (m - (UINT64_C(1) << FRACTION_BITS))};
    return word.real;
}

/* Whether the root lies beyond the middle between m 2^e and the number after it, or on the middle
 * and that number is the even one. */
static bool is_above(const struct wide *p, const struct wide *q, uint64_t m, int e)
{
    int side = compare_square(p, q, 2 * m + 1, e - 1);
    return side > 0 || (side == 0 && m % 2);
}

/* The same for the number before it. */
static bool is_below(const struct wide *p, const struct wide *q, uint64_t m, int e)
{
    int side = compare_square(p, q, 2 * m - 1, e - 1);
    return side < 0 || (side == 0 && m % 2);
}

double wide_root(const struct wide *p, const struct wide *q)
{
    const uint64_t least = UINT64_C(1) << FRACTION_BITS, most = least << 1;
    assert(q->n > 0 && !q->is_negative);
    if (p->n == 0 || p->is_negative)
        return 0;
    int of_p, of_q;
    double ratio = leading_bits(p, &of_p) / leading_bits(q, &of_q);
    int odd = (of_p - of_q) & 1, e = (of_p - of_q - odd) / 2 - FRACTION_BITS;
    uint64_t m = (uint64_t)(sqrt(odd ? 2 * ratio : ratio) * 0x1p52);
    if (m < least) {
        m *= 2;
        e--;
    }
    while (is_above(p, q, m, e)) {
        if (m == most) { /* from here on the numbers lie twice as far apart */
            m = least;
            e++;
        }
        m++;
    }
    for (;; m--) {
        if (m == least) { /* the number before it is half as far */
            m = most;
            e--;
        }
        if (!is_below(p, q, m, e))
            return real_of(m, e);
    }
}
