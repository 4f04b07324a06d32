/* True scores from the moments of observed scores: Livingston & Lewis (1995), Journal of
 * Educational Measurement 32, 179-197; Hanson (1991), ACT Research Report 91-5; Lord (1965).
 *
 * On the proportion scale, m and v the mean and variance of scores, r their reliability, a test
 * amounts to
 *     n = (m (1 - m) - r v)/(v (1 - r))
 * independent items of equal difficulty. With binomial errors the factorial moments of the score X
 * of n items are those of the true proportion t:  E X(X-1)...(X-k+1) = n(n-1)...(n-k+1) E t^k.
 * The first of these moments are given to low + (high - low) Beta(alpha, beta): four; if that
 * leaves [0, 1] or does not exist, three, with the kurtosis as near as can be; else two on [0, 1].
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/real.h>
#include <retake/irt/classification.h>

#include <math.h>

/* Bounds that rounding has moved beyond 0 or 1. */
static const double slack = 1e-9;

struct true_moments {
    double raw[5]; /* E t^k, k = 0 .. 4 */
    double mean, variance, skewness, kurtosis;
};

/* ---- moments of the true scores ---- */

static void raw_of_central(double mean, double variance, double third, double fourth, double *raw)
{
    double m2 = mean * mean;
    raw[0] = 1;
    raw[1] = mean;
    raw[2] = variance + m2;
    raw[3] = third + 3 * mean * variance + mean * m2;
    raw[4] = fourth + 4 * mean * third + 6 * m2 * variance + m2 * m2;
}

/* The moments of the true scores of a test of n items. @param share, spread: mean and variance of
 * proportion scores */
static void true_moments(const struct irt_score_moments *moments, double share, double spread,
                         double n, struct true_moments *out)
{
    double x[5], variance = n * n * spread;
    raw_of_central(n * share, variance, moments->skewness * variance * sqrt(variance),
                   moments->kurtosis * variance * variance, x);
    double factorial[5] = {1, x[1], x[2] - x[1], x[3] - 3 * x[2] + 2 * x[1],
                           x[4] - 6 * x[3] + 11 * x[2] - 6 * x[1]};
    double falling = 1;
    for (int k = 0; k < 5; k++) {
        out->raw[k] = factorial[k] / falling;
        falling *= n - k;
    }
    double m = out->raw[1], m2 = m * m;
    out->mean = m;
    out->variance = out->raw[2] - m2;
    double third = out->raw[3] - 3 * m * out->raw[2] + 2 * m * m2;
    double fourth = out->raw[4] - 4 * m * out->raw[3] + 6 * m2 * out->raw[2] - 3 * m2 * m2;
    out->skewness = third / (out->variance * sqrt(out->variance));
    out->kurtosis = fourth / (out->variance * out->variance);
}

/* ---- four moments ---- */

/* Take a distribution if it is one on [0, 1]. */
static bool take(double alpha, double beta, double low, double high, uint32_t n_moments,
                 struct irt_true_scores *out)
{
    if (!(alpha > 0 && beta > 0 && low >= -slack && high <= 1 + slack && high > low) ||
        !isfinite(alpha) || !isfinite(beta))
        return false;
    out->alpha = alpha;
    out->beta = beta;
    out->low = low < 0 ? 0 : low;
    out->high = high > 1 ? 1 : high;
    out->n_moments = n_moments;
    return true;
}

/* Johnson & Kotz (1970), chapter 24: r = alpha + beta from skewness and kurtosis. */
static bool fit_four(const struct true_moments *moments, struct irt_true_scores *out)
{
    double square = moments->skewness * moments->skewness, kurtosis = moments->kurtosis;
    double r = 6 * (kurtosis - square - 1) / (6 + 3 * square - 2 * kurtosis);
    double below = (r + 2) * (r + 3) * kurtosis - 3 * (r + 1) * (r - 6);
    double root = 1 - 24 * (r + 1) / below;
    if (!(r > 0) || !(root > -slack))
        return false;
    root = root > 0 ? sqrt(root) : 0;
    double larger = r / 2 * (1 + root), smaller = r / 2 * (1 - root);
    double alpha = moments->skewness < 0 ? larger : smaller, beta = r - alpha;
    double width = sqrt(moments->variance * (r + 1) / (alpha * beta)) * r;
    double low = moments->mean - width * alpha / r;
    return take(alpha, beta, low, low + width, 4, out);
}

/* ---- three moments ---- */

/* The beta distribution from low on with these three moments. With r_k the ratio of the raw moments
 * k + 1 and k about low, r_k (s + k) = w (alpha + k), s = alpha + beta, w the width. */
static bool three_from(const struct true_moments *moments, double low, double *alpha, double *beta,
                       double *width)
{
    double shifted[4] = {1, moments->raw[1] - low,
                         moments->raw[2] - 2 * low * moments->raw[1] + low * low,
                         moments->raw[3] - 3 * low * moments->raw[2] +
                             3 * low * low * moments->raw[1] - low * low * low};
    double r0 = shifted[1], r1 = shifted[2] / shifted[1], r2 = shifted[3] / shifted[2];
    double s = 2 * (r1 - r2) / (r2 - 2 * r1 + r0);
    *width = r1 * (s + 1) - r0 * s;
    *alpha = r0 * s / *width;
    *beta = s - *alpha;
    return s > 0 && *alpha > 0 && *beta > 0 && low + *width <= 1 + slack;
}

static double kurtosis_of(double a, double b)
{
    double sum = a + b, product = a * b;
    return 3 + 6 * ((a - b) * (a - b) * (sum + 1) - product * (sum + 2)) /
                   (product * (sum + 2) * (sum + 3));
}

/* How far the kurtosis is off where the distribution begins at low; INFINITY: there is none. */
static double misfit(const struct true_moments *moments, double low)
{
    double alpha, beta, width;
    if (!three_from(moments, low, &alpha, &beta, &width))
        return INFINITY;
    return fabs(kurtosis_of(alpha, beta) - moments->kurtosis);
}

/* The best of a row of lower bounds, then golden sections around it. */
static bool fit_three(const struct true_moments *moments, struct irt_true_scores *out)
{
    enum { N_STEPS = 1000, N_SECTIONS = 80 };
    const double golden = 0.61803398874989484820, step = moments->mean / (double)N_STEPS;
    double alpha, beta, width, best = INFINITY, at = 0;
    for (int k = 0; k < N_STEPS; k++)
        if (misfit(moments, k * step) < best) {
            best = misfit(moments, k * step);
            at = k * step;
        }
    if (!isfinite(best))
        return false;
    double from = real_max(0, at - step), to = real_min(moments->mean - step / 2, at + step);
    for (int k = 0; k < N_SECTIONS; k++) {
        double left = to - golden * (to - from), right = from + golden * (to - from);
        bool goes_left = isinf(misfit(moments, left)) && isinf(misfit(moments, right))
                             ? at < left
                             : misfit(moments, left) <= misfit(moments, right);
        *(goes_left ? &to : &from) = goes_left ? right : left;
        for (int end = 0; end < 2; end++) {
            double low = end == 0 ? from : to;
            if (misfit(moments, low) < best) {
                best = misfit(moments, low);
                at = low;
            }
        }
    }
    three_from(moments, at, &alpha, &beta, &width);
    return take(alpha, beta, at, at + width, 3, out);
}

/* ---- two moments ---- */

static bool fit_two(double mean, double variance, struct irt_true_scores *out)
{
    double sum = mean * (1 - mean) / variance - 1;
    return take(mean * sum, (1 - mean) * sum, 0, 1, 2, out);
}

enum err_code irt_true_scores_fit(const struct irt_score_moments *moments, uint32_t n_moments,
                                  struct irt_true_scores *out, struct err *err)
{
    double range = moments->max - moments->min, r = moments->reliability;
    double mean = (moments->mean - moments->min) / range;
    double variance = moments->variance / (range * range);
    double n = (mean * (1 - mean) - r * variance) / (variance * (1 - r));
    struct true_moments of_true;
    *out = (struct irt_true_scores){.effective_length = n};
    if (!(range > 0) || !(mean > 0 && mean < 1) || !(variance > 0) || !(r > 0 && r < 1) ||
        !(n > 0 && n <= 1e6))
        return err_set(err, ERR_RANGE,
                       "no test has scores %g to %g with mean %g, variance %g and reliability %g",
                       moments->min, moments->max, moments->mean, moments->variance, r);
    out->n = n < 1 ? 1 : (uint32_t)floor(n + 0.5);
    if (n_moments >= 4 && n > 3) {
        true_moments(moments, mean, variance, n, &of_true);
        if (fit_four(&of_true, out) || fit_three(&of_true, out))
            return ERR_OK;
    }
    if (fit_two(mean, r * variance, out))
        return ERR_OK;
    return err_set(err, ERR_RANGE,
                   "true scores of mean %g and variance %g have no beta distribution", mean,
                   r * variance);
}
