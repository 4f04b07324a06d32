/* The beta distribution, and with it the binomial.
 *
 * Regularised incomplete beta function: the continued fraction of DLMF 8.17.22 by the method of
 * Lentz, for x below (a + 1)/(a + b + 2), else 1 - I_{1-x}(b, a). The binomial: DLMF 8.17.5.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/dist.h>

#include <assert.h>

enum { MAX_TERMS = 10000 };

static const double tiny = 1e-300, epsilon = 1e-16;

double dist_log_beta(double a, double b)
{
    return dist_log_gamma(a) + dist_log_gamma(b) - dist_log_gamma(a + b);
}

static double not_zero(double x)
{
    return x < tiny && x > -tiny ? tiny : x;
}

/* One step of Lentz: the numerator of the next term. */
static void next_term(double numerator, double *c, double *d, double *h)
{
    *d = 1 / not_zero(1 + numerator * *d);
    *c = not_zero(1 + numerator / *c);
    *h *= *c * *d;
}

static double fraction(double a, double b, double x)
{
    double c = 1, d = 1 / not_zero(1 - (a + b) * x / (a + 1)), h = d, before = 0;
    for (int m = 1; m < MAX_TERMS; m++) {
        double two = 2.0 * m;
        before = h;
        next_term(m * (b - m) * x / ((a + two - 1) * (a + two)), &c, &d, &h);
        next_term(-(a + m) * (a + b + m) * x / ((a + two) * (a + two + 1)), &c, &d, &h);
        double change = h - before;
        if (change <= epsilon * h && -change <= epsilon * h)
            break;
    }
    return h;
}

double dist_beta_cdf(double x, double a, double b)
{
    assert(a > 0 && b > 0);
    if (!(x > 0))
        return 0;
    if (x >= 1)
        return 1;
    double kernel = vec_exp1(a * vec_log1(x) + b * vec_log1(1 - x) - dist_log_beta(a, b));
    if (x < (a + 1) / (a + b + 2))
        return kernel * fraction(a, b, x) / a;
    return 1 - kernel * fraction(b, a, 1 - x) / b;
}

double dist_beta_quantile(double p, double a, double b)
{
    enum { HALVINGS = 60 };
    double low = 0, high = 1;
    for (int k = 0; k < HALVINGS; k++) {
        double middle = low + (high - low) / 2;
        if (dist_beta_cdf(middle, a, b) < p)
            low = middle;
        else
            high = middle;
    }
    return low + (high - low) / 2;
}

void dist_binomial_interval(double k, double n, double level, double *low, double *high)
{
    double tail = (1 - level) / 2;
    *low = k > 0 ? dist_beta_quantile(tail, k, n - k + 1) : 0;
    *high = k < n ? dist_beta_quantile(1 - tail, k + 1, n - k) : 1;
}

double dist_binomial_upper(uint32_t k, uint32_t n, double p)
{
    if (k == 0)
        return 1;
    return k > n ? 0 : dist_beta_cdf(p, k, (double)n - k + 1);
}
