/* The gamma and normal distribution functions against closed forms and libm.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/dist.h>

#include <criterion/criterion.h>
#include <math.h>

static void expect_near(double found, double wanted, double relative, const char *what, double at)
{
    cr_expect(fabs(found - wanted) <= relative * fabs(wanted), "%s at %g: %.17g, not %.17g", what,
              at, found, wanted);
}

Test(dist_gamma, log_gamma)
{
    for (double a = 0.001; a < 1e6; a *= 1.37)
        cr_expect_float_eq(dist_log_gamma(a), lgamma(a), 4e-14 * (1 + fabs(lgamma(a))), "%g", a);
}

Test(dist_gamma, normal_cdf)
{
    for (double z = -8; z <= 8; z += 0.0625)
        expect_near(dist_normal_cdf(z), 0.5 * erfc(-z / sqrt(2)), 1e-13, "cdf", z);
    cr_expect_eq(dist_normal_cdf(0), 0.5);
    cr_expect_eq(dist_normal_cdf(-40), 0);
    cr_expect_eq(dist_normal_cdf(40), 1);
    for (double p = 0.001; p < 1; p += 0.0173)
        expect_near(dist_normal_cdf(dist_normal_quantile(p)), p, 1e-13, "round trip", p);
}

/* Shape 1 is exponential; shape 1/2 half a squared normal; shape 2: 1 - (1 + x) e^-x. */
Test(dist_gamma, quantiles_with_closed_forms)
{
    for (double p = 0x1p-40; p < 1; p = p < 0.001 ? 2 * p : p + 0.013) {
        double z = dist_normal_quantile(0.5 + p / 2), x = dist_gamma_quantile(p, 2);
        expect_near(dist_gamma_quantile(p, 1), -log1p(-p), 1e-11, "shape 1", p);
        if (p > 1e-6)
            expect_near(dist_gamma_quantile(p, 0.5), z * z / 2, 1e-9, "shape 1/2", p);
        cr_expect_float_eq(-expm1(log1p(x) - x), p, 1e-14 + 1e-12 * p, "shape 2 at %g", p);
    }
    cr_expect_float_eq(dist_gamma_quantile(1 - 0x1p-30, 1), 30 * log(2), 1e-6);
    cr_expect_float_eq(dist_gamma_quantile(1 - 0x1p-53, 1), 53 * log(2), 0.1);
}

/* Means of a fine stratified sample: shape k has mean k and variance k. */
Test(dist_gamma, moments)
{
    enum { N = 20000 };
    static const double shapes[] = {0.2, 0.7, 1, 3.5, 40, 9999, 10001, 1e6};
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        double sum = 0, squares = 0, k = shapes[i];
        for (int n = 0; n < N; n++) {
            double x = dist_gamma_quantile((n + 0.5) / (double)N, k) - k;
            sum += x / (double)N;
            squares += x * x / (double)N;
        }
        cr_expect_float_eq(sum, 0, 2e-3 * sqrt(k), "shape %g: mean %g off", k, sum);
        cr_expect_float_eq(squares / k, 1, 0.01, "shape %g: variance %g", k, squares);
    }
}

Test(dist_gamma, quantiles_rise_and_the_small_ones_do_not_vanish)
{
    double before = 0;
    for (double p = 1e-6; p < 1; p += 1e-3) {
        double x = dist_gamma_quantile(p, 0.05);
        cr_expect_gt(x, before, "p = %g", p);
        before = x;
    }
    cr_expect(isfinite(dist_gamma_quantile(0x1p-53, 0.01)));
    cr_expect_geq(dist_gamma_quantile(0x1p-53, 0.01), 0);
}
