/* Wide integers: signs, carries over many limbs, and roots at the places where rounding is hard.
 * SPDX-License-Identifier: Apache-2.0 */
#include "wide.h"

#include <criterion/criterion.h>

static struct wide number(exact_int x)
{
    struct wide out;
    wide_set(x, &out);
    return out;
}

static struct wide times(const struct wide *a, const struct wide *b)
{
    struct wide out;
    wide_multiply(a, b, &out);
    return out;
}

static void assert_same(const struct wide *a, const struct wide *b)
{
    cr_assert_eq(a->n, b->n);
    for (size_t i = 0; i < a->n; i++)
        cr_assert_eq(a->limb[i], b->limb[i], "limb %zu", i);
    cr_assert(a->n == 0 || a->is_negative == b->is_negative);
}

/* (a + b) c = a c + b c and a + b - b = a, of all signs, with carries through every limb */
Test(wide, sums_and_products_agree)
{
    const exact_int most = ((exact_int)1 << 126) - 1 + ((exact_int)1 << 126);
    const exact_int values[] = {0, 1, -1, most, -most, -most - 1, (exact_int)1 << 64, 12345};
    enum { N = sizeof values / sizeof values[0] };
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++)
            for (int k = 0; k < N; k++) {
                struct wide a = number(values[i]), b = number(values[j]), c = number(values[k]);
                a = times(&a, &c);
                b = times(&b, &b);
                struct wide sum, back, left, ac = times(&a, &c), bc = times(&b, &c);
                wide_add(&a, &b, &sum);
                wide_subtract(&sum, &b, &back);
                assert_same(&back, &a);
                left = times(&sum, &c);
                wide_add(&ac, &bc, &ac);
                assert_same(&left, &ac);
            }
}

/* sqrt(p/q) for p = x^2 scale + more, q = 16 scale: x/4, or next to nothing beside it. */
static double root_near_quarters(int64_t x, int more)
{
    struct wide scale = number((exact_int)1 << 100), rest = number(more), root = number(x);
    struct wide sixteen = number(16), square = times(&root, &root);
    struct wide p = times(&square, &scale), q = times(&sixteen, &scale);
    wide_add(&p, &rest, &p);
    return wide_root(&p, &q);
}

Test(wide, root_is_rounded_to_the_nearest_ties_to_even)
{
    const int64_t one = INT64_C(1) << 54; /* x = one: 2^52, where doubles are 1 apart, 1/2 below */
    static const struct {
        int quarters, more;
        double expected; /* beyond 2^52 */
    } table[] = {{0, 0, 0},     {0, 1, 0},   {0, -1, 0},    {2, 0, 0},   {2, 1, 1},  {2, -1, 0},
                 {6, 0, 2},     {6, 1, 2},   {6, -1, 1},    {-1, 0, 0},  {-1, 1, 0}, {-1, -1, -0.5},
                 {-2, 0, -0.5}, {-3, 0, -1}, {-3, 1, -0.5}, {-3, -1, -1}};
    for (size_t k = 0; k < sizeof table / sizeof table[0]; k++) {
        double found = root_near_quarters(one + table[k].quarters, table[k].more);
        cr_assert_eq(found, 0x1p52 + table[k].expected, "%zu: %a", k, found);
    }
    /* 2^53 and beyond, where they are 2 apart */
    cr_assert_eq(root_near_quarters(2 * one + 4, 0), 0x1p53, "a tie");
    cr_assert_eq(root_near_quarters(2 * one + 4, 1), 0x1p53 + 2);
    cr_assert_eq(root_near_quarters(2 * one + 3, 1), 0x1p53);
    cr_assert_eq(root_near_quarters(2 * one - 2, 0), 0x1p53, "a tie");
    cr_assert_eq(root_near_quarters(2 * one - 2, -1), 0x1p53 - 1);
}

Test(wide, root_of_small_and_odd_powers)
{
    const struct {
        exact_int p, q;
        double expected;
    } table[] = {{0, 7, 0},
                 {-3, 7, 0},
                 {2, 1, 0x1.6a09e667f3bcdp0}, /* sqrt 2 */
                 {1, 2, 0x1.6a09e667f3bcdp-1},
                 {(exact_int)1 << 126, 1, 0x1p63},
                 {1, (exact_int)1 << 126, 0x1p-63},
                 {3, (exact_int)1 << 126, 0x1.bb67ae8584caap-63}, /* sqrt 3 */
                 {(exact_int)3 << 124, 1, 0x1.bb67ae8584caap62}};
    for (size_t k = 0; k < sizeof table / sizeof table[0]; k++) {
        struct wide p = number(table[k].p), q = number(table[k].q);
        cr_assert_eq(wide_root(&p, &q), table[k].expected, "%zu", k);
    }
}
