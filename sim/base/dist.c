/* Distributions by inversion, one at a time.
 *
 * The gamma distribution and the normal distribution function are made from +, -, *, / and the exp
 * and log of vec.h alone, so that their bits do not depend on the processor.
 *
 * Regularised incomplete gamma function: below a + 1 the series
 *     P(a, x) = x^a e^-x / Gamma(a + 1) * (1 + x/(a + 1) + x^2/((a + 1)(a + 2)) + ...),
 * above it Legendre's continued fraction for Q = 1 - P, by the method of Lentz (Abramowitz & Stegun
 * 6.5.29 and 6.5.31). log Gamma: Stirling's series (6.1.41) after the recurrence up to 10.
 *
 * Quantile: Newton's method on log P as a function of y = log x, which is concave and rises. It
 * begins at the root of the upper bound x^a / Gamma(a + 1) of P, hence left of the root, and comes
 * nearer from there.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/dist.h>

#include <assert.h>

/* The far tail of AS 241: r = sqrt(-log(min(p, 1 - p))) - 5. */
static double far_tail(double r)
{
    static const double n[] = {6.65790464350110377720e0,  5.46378491116411436990e0,
                               1.78482653991729133580e0,  2.96560571828504891230e-1,
                               2.65321895265761230930e-2, 1.24266094738807843860e-3,
                               2.71155556874348757815e-5, 2.01033439929228813265e-7};
    static const double d[] = {1.0,
                               5.99832206555887937690e-1,
                               1.36929880922735805310e-1,
                               1.48753612908506148525e-2,
                               7.86869131145613259100e-4,
                               1.84631831751005468180e-5,
                               1.42151175831644588870e-7,
                               2.04426310338993978564e-15};
    double numerator = n[7], denominator = d[7];
    for (int i = 6; i >= 0; i--) {
        numerator = numerator * r + n[i];
        denominator = denominator * r + d[i];
    }
    return numerator / denominator;
}

double dist_normal_quantile(double p)
{
    assert(p > 0 && p < 1);
    double smaller = p < 0.5 ? p : 1.0 - p;
    double q = p - 0.5, z;
    if (q * q <= 0.180625) {
        DIST_CENTRAL(double, q, n, d);
        return q * n / d;
    }
    double root = sqrt(-vec_log1(smaller));
    if (smaller >= 0x1p-36) {
        double r = root - 1.6;
        DIST_TAIL(double, r, n, d);
        z = n / d;
    } else {
        z = far_tail(root - 5.0);
    }
    return p < 0.5 ? -z : z;
}

double dist_lognormal_z(double z, double mean, double sd)
{
    if (mean <= 0 || sd <= 0)
        return mean;
    double ratio = sd / mean;
    double variance = vec_log1(1.0 + ratio * ratio);
    return mean * vec_exp1(sqrt(variance) * z - 0.5 * variance);
}

double dist_lognormal(double u, double mean, double sd)
{
    return dist_lognormal_z(dist_normal_quantile(u), mean, sd);
}

double dist_logistic(double x)
{
    return 1.0 / (1.0 + vec_exp1(-x));
}

double dist_logit(double p)
{
    if (p <= 0)
        return -INFINITY;
    if (p >= 1)
        return INFINITY;
    return vec_log1(p) - vec_log1(1.0 - p);
}

/* ---- the gamma distribution, and the normal distribution function by it ---- */

enum { MAX_TERMS = 10000, MAX_STEPS = 200 };

static const double tiny = 1e-300, epsilon = 1e-16;

/* Above this shape the cube of a normal deviate is as good (Wilson & Hilferty 1931). */
static const double large_shape = 1e4;

double dist_log_gamma(double a)
{
    double product = 1;
    for (; a < 10; a++)
        product *= a;
    double r = 1 / (a * a), series = 1.0 / 12;
    series += r * (-1.0 / 360 + r * (1.0 / 1260 + r * (-1.0 / 1680 + r * (1.0 / 1188))));
    return (a - 0.5) * vec_log1(a) - a + 0.91893853320467274178 + series / a - vec_log1(product);
}

static double series(double a, double x)
{
    double term = 1, sum = 1;
    for (int n = 1; n < MAX_TERMS && term > epsilon * sum; n++) {
        term *= x / (a + n);
        sum += term;
    }
    return sum;
}

/* Q(a, x) x^-a e^x Gamma(a) */
static double fraction(double a, double x)
{
    double b = x + 1 - a, c = 1 / tiny, d = 1 / b, h = d, factor = 0;
    for (int n = 1; n < MAX_TERMS && !(factor - 1 < epsilon && 1 - factor < epsilon); n++) {
        double numerator = -n * (n - a);
        b += 2;
        d = numerator * d + b;
        c = b + numerator / c;
        d = 1 / (d == 0 ? tiny : d);
        c = c == 0 ? tiny : c;
        factor = c * d;
        h *= factor;
    }
    return h;
}

/* log x^a e^-x / Gamma(a) */
static double log_kernel(double a, double log_gamma, double log_x)
{
    return a * log_x - vec_exp1(log_x) - log_gamma;
}

/* log P(a, exp(log_x)); the logarithm of a small probability is exact where P itself vanishes. */
static double log_cdf(double a, double log_gamma, double log_x)
{
    double x = vec_exp1(log_x), kernel = log_kernel(a, log_gamma, log_x);
    if (x < a + 1)
        return kernel + vec_log1(series(a, x) / a);
    return vec_log1(1 - vec_exp1(kernel) * fraction(a, x));
}

double dist_gamma_quantile(double p, double a)
{
    assert(p > 0 && p < 1 && a > 0);
    if (a > large_shape) {
        double cube = 1 - 1 / (9 * a) + dist_normal_quantile(p) / (3 * sqrt(a));
        return a * cube * cube * cube;
    }
    double log_gamma = dist_log_gamma(a), log_p = vec_log1(p);
    double y = (log_p + log_gamma + vec_log1(a)) / a;
    for (int n = 0; n < MAX_STEPS; n++) {
        double value = log_cdf(a, log_gamma, y);
        double step = (log_p - value) / vec_exp1(log_kernel(a, log_gamma, y) - value);
        y += step;
        if (step < 1e-15 * (1 + (y < 0 ? -y : y)))
            break;
    }
    return vec_exp1(y);
}

/* erfc(z / sqrt 2) = Q(1/2, z^2/2) */
double dist_normal_cdf(double z)
{
    static const double log_gamma = 0.57236494292470008707; /* of 1/2 */
    double x = 0.5 * z * z, tail = 0.5;
    if (x > 700)
        return z < 0 ? 0 : 1;
    if (x > 0) {
        double kernel = vec_exp1(log_kernel(0.5, log_gamma, vec_log1(x)));
        tail = x < 1.5 ? 0.5 - kernel * series(0.5, x) : 0.5 * kernel * fraction(0.5, x);
    }
    return z < 0 ? tail : 1 - tail;
}
