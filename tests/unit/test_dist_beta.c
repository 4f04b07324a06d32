/* The beta and the binomial distribution against finite sums and symmetries.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/dist.h>

#include <criterion/criterion.h>
#include <math.h>

/* The series of log Gamma stops before 691/(360360 a^11), 2e-14 at its least a, 10; three of it.
 */
static const double limit = 6e-14;

/* I_x(a, b) for whole a, b: at least a of a + b - 1 trials. */
static long double by_sum(int a, int b, long double x)
{
    long double sum = 0;
    int n = a + b - 1;
    for (int k = a; k <= n; k++)
        sum += expl(lgammal(n + 1) - lgammal(k + 1) - lgammal(n - k + 1) + k * logl(x) +
                    (n - k) * log1pl(-x));
    return sum;
}

Test(dist_beta, whole_shapes)
{
    static const int shapes[][2] = {{1, 1}, {1, 5}, {7, 2}, {40, 60}, {120, 3}, {300, 400}};
    for (int s = 0; s < 6; s++)
        for (int i = 1; i < 40; i++) {
            double x = i / 40.0, value = dist_beta_cdf(x, shapes[s][0], shapes[s][1]);
            long double expected = by_sum(shapes[s][0], shapes[s][1], (long double)x);
            /* ln B of shapes of some hundreds is known to 1e-13 */
            cr_assert_float_eq(value, (double)expected, 3e-13, "I_%g(%d, %d): %.17g", x,
                               shapes[s][0], shapes[s][1], value);
        }
}

Test(dist_beta, arcsine_and_symmetry)
{
    for (int i = 1; i < 50; i++) {
        double x = i / 50.0;
        cr_assert_float_eq(dist_beta_cdf(x, 0.5, 0.5), 2 / M_PI * asin(sqrt(x)), limit);
        cr_assert_float_eq(dist_beta_cdf(x, 0.3, 2.7) + dist_beta_cdf(1 - x, 2.7, 0.3), 1, limit);
    }
    cr_assert_eq(dist_beta_cdf(-1, 2, 3), 0);
    cr_assert_eq(dist_beta_cdf(0, 2, 3), 0);
    cr_assert_eq(dist_beta_cdf(1, 2, 3), 1);
}

Test(dist_beta, log_beta)
{
    cr_assert_float_eq(dist_log_beta(0.5, 0.5), log(M_PI), limit);
    cr_assert_float_eq(dist_log_beta(3, 4), log(1.0 / 60), limit);
}

Test(dist_beta, binomial)
{
    cr_assert_eq(dist_binomial_upper(0, 5, 0.1), 1);
    cr_assert_eq(dist_binomial_upper(6, 5, 0.9), 0);
    cr_assert_float_eq(dist_binomial_upper(3, 5, 0.5), 0.5, limit);
    cr_assert_float_eq(dist_binomial_upper(5, 5, 0.2), 0.00032, 0.00032 * limit);
    cr_assert_eq(dist_binomial_upper(2, 5, 0), 0);
    cr_assert_eq(dist_binomial_upper(2, 5, 1), 1);
}
