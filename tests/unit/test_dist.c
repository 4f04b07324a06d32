/* Distributions: the normal quantile against the inversion of erfc in long double, moments of the
 * lognormal by quadrature, the logit against long double logarithms.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/dist.h>
#include <retake/base/rng.h>

#include <criterion/criterion.h>

/* One Newton step from z towards the root of Phi(z) = p: its length is the error of z. */
static long double quantile_error(double p, double z)
{
    const long double root_half = 0.70710678118654752440084436210485L;
    long double x = (long double)z, excess;
    if (p < 0.25)
        excess = 0.5L * erfcl(-x * root_half) - (long double)p;
    else if (p > 0.75)
        excess = (1 - (long double)p) - 0.5L * erfcl(x * root_half);
    else
        excess = 0.5L * erfl(x * root_half) - ((long double)p - 0.5L);
    long double density = 0.39894228040143267793994605993438L * expl(-0.5L * x * x);
    return fabsl(excess / density);
}

/* The formula's own error is 1e-16. Its evaluation in double rounds some twenty times; in the tails
 * the roundings of log, sqrt and r - 1.6 are magnified. */
static void check_quantile(double p)
{
    double z = dist_normal_quantile(p), limit = p > 0.075 && p < 0.925 ? 1e-15 : 2e-15;
    cr_assert_leq((double)quantile_error(p, z), limit * fabs(z), "quantile(%a) = %.17g", p, z);
}

Test(dist, normal_quantile_inverts_erfc)
{
    struct rng rng = rng_published(1, 1);
    for (int i = 0; i < 200000; i++)
        check_quantile(rng_unit(&rng));
    for (int i = 1; i < 1000; i++)
        check_quantile(i / 1000.0);
    for (int e = 2; e < 1000; e++) {
        check_quantile(ldexp(1, -e));
        check_quantile(ldexp(0.7, -e));
    }
    for (int e = 2; e < 53; e++)
        check_quantile(1 - ldexp(1, -e));
    for (int i = -100; i <= 100; i++) { /* edges of the regions of AS 241 */
        check_quantile(0.075 + i * 1e-12);
        check_quantile(0.925 + i * 1e-12);
        check_quantile(exp(-25) * (1 + i * 1e-3));
        check_quantile(0.5 + i * 1e-9 + 1e-10);
    }
}

/* Tables: Abramowitz & Stegun 26.5, and R's qnorm. */
Test(dist, normal_quantile_known_values)
{
    static const double table[][2] = {{0.5, 0},
                                      {0.975, 1.959963984540054},
                                      {0.995, 2.5758293035489004},
                                      {0.84134474606854293, 1},
                                      {0.025, -1.959963984540054},
                                      {1e-10, -6.361340902404056}};
    for (size_t k = 0; k < sizeof table / sizeof table[0]; k++)
        cr_assert_float_eq(dist_normal_quantile(table[k][0]), table[k][1], 1e-14, "%g",
                           table[k][0]);
}

Test(dist, normal_quantile_of_eight_has_the_bits_of_one)
{
    struct rng rng = rng_published(2, 2);
    for (int i = 0; i < 20000; i++) {
        vec8 p;
        for (int k = 0; k < VEC_LANES; k++)
            p[k] = ((double)rng_bits(&rng) + 0.5) * 0x1p-32;
        p[0] = 0x1p-33;
        p[1] = 1 - 0x1p-33;
        vec8 z = dist_normal_quantile8(p);
        for (int k = 0; k < VEC_LANES; k++)
            cr_assert_eq(z[k], dist_normal_quantile(p[k]));
    }
}

/* E X^k over z ~ N(0, 1), by the trapezoid rule, which is exact to rounding for such integrands. */
static double lognormal_moment(double mean, double sd, int power)
{
    const double step = 1.0 / 64;
    double total = 0;
    for (int i = -64 * 20; i <= 64 * 20; i++) {
        double z = i * step;
        total += pow(dist_lognormal_z(z, mean, sd), power) * exp(-0.5 * z * z);
    }
    return total * step / sqrt(2 * acos(-1.0));
}

Test(dist, lognormal_has_the_mean_and_sd_asked_for)
{
    static const double table[][2] = {{7, 5}, {14, 10}, {10, 7}, {0.3, 0.3}, {1, 0.01}, {100, 200}};
    for (size_t k = 0; k < sizeof table / sizeof table[0]; k++) {
        double mean = table[k][0], sd = table[k][1], m1 = lognormal_moment(mean, sd, 1);
        double m2 = lognormal_moment(mean, sd, 2);
        cr_assert_float_eq(m1 / mean, 1, 1e-12);
        cr_assert_float_eq(m2 / (mean * mean + sd * sd), 1, 1e-12);
        double median = mean / sqrt(1 + sd * sd / (mean * mean));
        cr_assert_float_eq(dist_lognormal(0.5, mean, sd) / median, 1, 1e-14);
    }
}

Test(dist, lognormal_without_spread_or_mean)
{
    cr_assert_eq(dist_lognormal(0.3, 5, 0), 5);
    cr_assert_eq(dist_lognormal(0.9, 0, 0), 0);
    cr_assert_eq(dist_lognormal(0.9, 0, 3), 0);
    cr_assert_eq(dist_lognormal(0.25, 2, 1), dist_lognormal_z(dist_normal_quantile(0.25), 2, 1));
}

Test(dist, logit_and_logistic)
{
    cr_assert_eq(dist_logit(0), -INFINITY);
    cr_assert_eq(dist_logit(1), INFINITY);
    cr_assert_eq(dist_logit(0.5), 0);
    cr_assert_eq(dist_logistic(0), 0.5);
    cr_assert_eq(dist_logistic(INFINITY), 1);
    cr_assert_lt(dist_logistic(-INFINITY), 1e-300);
    for (int i = 1; i < 1000; i++) {
        long double p = (long double)(i / 1000.0), exact = logl(p / (1 - p));
        cr_assert_float_eq(dist_logit(i / 1000.0), (double)exact, 2e-15);
        long double x = i / 25.0L - 20, s = 1 / (1 + expl(-(long double)(double)x));
        cr_assert_float_eq(dist_logistic((double)x) / (double)s, 1, 1e-15);
    }
}
