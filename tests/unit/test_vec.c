/* exp and log of eight doubles against long double libm, in units in the last place; the order of
 * sums. Whether every processor gives the same bits is tested in tests/repro.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/rng.h>
#include <retake/base/vec.h>

#include <criterion/criterion.h>
#include <float.h>
#include <string.h>

/* Distance in units in the last place of the exact value. */
static double ulps(double value, long double exact)
{
    int exponent;
    frexpl(fabsl(exact), &exponent);
    return (double)(fabsl((long double)value - exact) / ldexpl(1, exponent - 53));
}

struct range {
    double low, high;
};

static double worst_exp(struct range range, size_t n)
{
    struct rng rng = rng_published(1, 2);
    double worst = 0;
    for (size_t i = 0; i < n; i++) {
        vec8 x, y;
        for (int k = 0; k < VEC_LANES; k++)
            x[k] = range.low + (range.high - range.low) * rng_unit(&rng);
        y = vec_exp(x);
        for (int k = 0; k < VEC_LANES; k++)
            worst = fmax(worst, ulps(y[k], expl((long double)x[k])));
    }
    return worst;
}

Test(vec, exp_within_two_ulp)
{
    static const struct range ranges[] = {
        {-708, 708},   {-40, 40},     {-4, 4},      {-1, 1},        {-0.35, 0.35},
        {-1e-3, 1e-3}, {-1e-9, 1e-9}, {0.34, 0.35}, {-708, -707.9}, {707.9, 708}};
    for (size_t k = 0; k < sizeof ranges / sizeof ranges[0]; k++) {
        double worst = worst_exp(ranges[k], 50000);
        cr_log_info("exp on [%g, %g]: %.3f ulp", ranges[k].low, ranges[k].high, worst);
        cr_assert_lt(worst, 2, "[%g, %g]: %g ulp", ranges[k].low, ranges[k].high, worst);
    }
}

/* Dense around the multiples of ln 2 / 2, where the reduction changes its k. */
Test(vec, exp_near_the_edges_of_reduction)
{
    for (int k = -2000; k <= 2000; k++) {
        double edge = k * 0.34657359027997264;
        for (int step = -8; step <= 8; step++) {
            double x = edge + step * DBL_EPSILON * fmax(fabs(edge), 1);
            if (fabs(x) <= 708)
                cr_assert_lt(ulps(vec_exp1(x), expl((long double)x)), 2, "exp(%a)", x);
        }
    }
}

Test(vec, exp_special_values)
{
    cr_assert_eq(vec_exp1(0), 1);
    cr_assert_eq(vec_exp1(-0.0), 1);
    cr_assert_eq(vec_exp1(1000), vec_exp1(708));
    cr_assert_eq(vec_exp1(-1000), vec_exp1(-708));
    cr_assert_eq(vec_exp1(INFINITY), vec_exp1(708));
    cr_assert_eq(vec_exp1(-INFINITY), vec_exp1(-708));
    cr_assert(isfinite(vec_exp1(708)) && vec_exp1(-708) >= DBL_MIN);
}

static double worst_log(struct range range, size_t n)
{
    struct rng rng = rng_published(3, 4);
    double worst = 0;
    for (size_t i = 0; i < n; i++) {
        vec8 x, y;
        for (int k = 0; k < VEC_LANES; k++)
            x[k] = range.low + (range.high - range.low) * rng_unit(&rng);
        y = vec_log(x);
        for (int k = 0; k < VEC_LANES; k++)
            if (x[k] != 1)
                worst = fmax(worst, ulps(y[k], logl((long double)x[k])));
    }
    return worst;
}

Test(vec, log_within_two_ulp)
{
    static const struct range ranges[] = {
        {1e-300, 1e300},    {1e-10, 1},   {0.5, 2},         {0.70, 0.72},
        {1.41, 1.42},       {0.99, 1.01}, {0.9999, 1.0001}, {1 - 1e-9, 1 + 1e-9},
        {2.3e-308, 1e-307}, {1, 1e6}};
    for (size_t k = 0; k < sizeof ranges / sizeof ranges[0]; k++) {
        double worst = worst_log(ranges[k], 50000);
        cr_log_info("log on [%g, %g]: %.3f ulp", ranges[k].low, ranges[k].high, worst);
        cr_assert_lt(worst, 2, "[%g, %g]: %g ulp", ranges[k].low, ranges[k].high, worst);
    }
}

/* Every binary exponent of normal numbers, random significands. */
Test(vec, log_over_all_exponents)
{
    struct rng rng = rng_published(5, 6);
    for (int e = -1021; e <= 1024; e++)
        for (int i = 0; i < 200; i++) {
            double x = ldexp(0.5 + 0.5 * rng_unit(&rng), e);
            cr_assert_lt(ulps(vec_log1(x), logl((long double)x)), 2, "log(%a)", x);
        }
    cr_assert_eq(vec_log1(1), 0);
    cr_assert_lt(ulps(vec_log1(DBL_MIN), logl((long double)DBL_MIN)), 2);
    cr_assert_lt(ulps(vec_log1(DBL_MAX), logl((long double)DBL_MAX)), 2);
}

/* A lane's bits depend neither on its place nor on its neighbours. */
Test(vec, lanes_are_independent)
{
    struct rng rng = rng_published(7, 8);
    for (int i = 0; i < 1000; i++) {
        vec8 x;
        for (int k = 0; k < VEC_LANES; k++)
            x[k] = 20 * rng_unit(&rng);
        vec8 e = vec_exp(x), l = vec_log(x), s = vec_sqrt(x);
        for (int k = 0; k < VEC_LANES; k++) {
            cr_assert_eq(e[k], vec_exp1(x[k]));
            cr_assert_eq(l[k], vec_log1(x[k]));
            cr_assert_eq(s[k], sqrt(x[k]));
        }
    }
}

Test(vec, sum_in_the_documented_order)
{
    struct rng rng = rng_published(9, 10);
    int n_order_matters = 0;
    for (int i = 0; i < 1000; i++) {
        vec8 x;
        for (int k = 0; k < VEC_LANES; k++)
            x[k] = ldexp(rng_unit(&rng) - 0.5, (int)rng_below(&rng, 40));
        volatile double a = x[0] + x[4], b = x[2] + x[6], c = x[1] + x[5], d = x[3] + x[7];
        volatile double ab = a + b, cd = c + d, plain = 0;
        for (int k = 0; k < VEC_LANES; k++)
            plain += x[k];
        cr_assert_eq(vec_sum(x), ab + cd);
        n_order_matters += plain != ab + cd;
    }
    cr_assert_gt(n_order_matters, 100, "the sums tell nothing about order");
}

Test(vec, choose_and_clamp)
{
    vec8 x = {-3, -2, -1, 0, 1, 2, 3, INFINITY};
    vec8 y = vec_clamp(x, -2, 2.5), z = vec_choose((vec8i)(x < 0.0), x, -x);
    const double clamped[] = {-2, -2, -1, 0, 1, 2, 2.5, 2.5};
    for (int k = 0; k < VEC_LANES; k++) {
        cr_assert_eq(y[k], clamped[k]);
        cr_assert_eq(z[k], -fabs(x[k]));
    }
}
