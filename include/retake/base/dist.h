/* Distributions by inversion, so that one uniform makes one deviate and common random numbers stay
 * common. The normal quantile is Wichura's algorithm AS 241, PPND16 (Applied Statistics 37 (1988),
 * 477-484), relative accuracy about 1e-16.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_BASE_DIST_H
#define RETAKE_BASE_DIST_H

#include <retake/base/vec.h>

/** A probability that rounding has made neither 0 nor 1. */
static inline double dist_inner(double p)
{
    return p < 0x1p-53 ? 0x1p-53 : p > 1 - 0x1p-53 ? 1 - 0x1p-53 : p;
}

/** Quantile of N(0, 1) at 0 < p < 1. */
double dist_normal_quantile(double p);

/** Quantiles of N(0, 1) at eight 0 < p < 1: the same bits as one at a time. */
void dist_normal_quantiles(const vec8 *p, vec8 *z);

/**
 * Lognormal deviate with the given mean and standard deviation from a uniform 0 < u < 1:
 * exp(log mean - s^2/2 + s z), s^2 = log(1 + (sd/mean)^2). sd 0 gives the mean, mean 0 gives 0.
 */
double dist_lognormal(double u, double mean, double sd);

/** The same from a standard normal deviate. */
double dist_lognormal_z(double z, double mean, double sd);

/** Logarithm of the gamma function at a > 0. */
double dist_log_gamma(double a);

/** Quantile at 0 < p < 1 of the gamma distribution with shape a > 0 and scale 1; about 1e-12. */
double dist_gamma_quantile(double p, double a);

/** Logarithm of the beta function at a, b > 0. */
double dist_log_beta(double a, double b);

/** Distribution function of the beta distribution with shapes a, b > 0; about 1e-14. */
double dist_beta_cdf(double x, double a, double b);

/** Its quantile at p in [0, 1]; about 1e-12. */
double dist_beta_quantile(double p, double a, double b);

/** The exact interval of k successes in n > 0 trials, of a level such as .95: Clopper & Pearson
 * 1934 (Biometrika 26), by quantiles of the beta distribution. */
void dist_binomial_interval(double k, double n, double level, double *low, double *high);

/** P(at least k of n independent trials succeed), each with probability p. */
double dist_binomial_upper(uint32_t k, uint32_t n, double p);

/** Distribution function of N(0, 1). */
double dist_normal_cdf(double z);

/** Logistic function 1/(1 + exp(-x)) and its inverse log(p/(1 - p)); logit(0) = -inf, logit(1) =
 * inf. */
double dist_logistic(double x);
double dist_logit(double p);

/** Quantiles of N(0, 1) at p in [2^-36, 1 - 2^-36], lane by lane: the two regions of AS 241 that
 * such p reach, both computed, one chosen. */
VEC_INLINE vec8 dist_normal_quantile8(vec8 p);

/* Their numerators and denominators, for eight numbers or for one. */
#define DIST_CENTRAL(real, q, n, d)                                                                \
    real r = 0.180625 - q * q;                                                                     \
    real n = r * 2.5090809287301226727e+3 + 3.3430575583588128105e+4;                              \
    n = n * r + 6.7265770927008700853e+4;                                                          \
    n = n * r + 4.5921953931549871457e+4;                                                          \
    n = n * r + 1.3731693765509461125e+4;                                                          \
    n = n * r + 1.9715909503065514427e+3;                                                          \
    n = n * r + 1.3314166789178437745e+2;                                                          \
    n = n * r + 3.3871328727963666080e+0;                                                          \
    real d = r * 5.2264952788528545610e+3 + 2.8729085735721942674e+4;                              \
    d = d * r + 3.9307895800092710610e+4;                                                          \
    d = d * r + 2.1213794301586595867e+4;                                                          \
    d = d * r + 5.3941960214247511077e+3;                                                          \
    d = d * r + 6.8718700749205790830e+2;                                                          \
    d = d * r + 4.2313330701600911252e+1;                                                          \
    d = d * r + 1.0

/* r = sqrt(-log(min(p, 1 - p))) - 1.6, for r up to 3.4 */
#define DIST_TAIL(real, r, n, d)                                                                   \
    real n = r * 7.74545014278341407640e-4 + 2.27238449892691845833e-2;                            \
    n = n * r + 2.41780725177450611770e-1;                                                         \
    n = n * r + 1.27045825245236838258e+0;                                                         \
    n = n * r + 3.64784832476320460504e+0;                                                         \
    n = n * r + 5.76949722146069140550e+0;                                                         \
    n = n * r + 4.63033784615654529590e+0;                                                         \
    n = n * r + 1.42343711074968357734e+0;                                                         \
    real d = r * 1.05075007164441684324e-9 + 5.47593808499534494600e-4;                            \
    d = d * r + 1.51986665636164571966e-2;                                                         \
    d = d * r + 1.48103976427480074590e-1;                                                         \
    d = d * r + 6.89767334985100004550e-1;                                                         \
    d = d * r + 1.67638483018380384940e+0;                                                         \
    d = d * r + 2.05319162663775882187e+0;                                                         \
    d = d * r + 1.0

VEC_INLINE vec8 dist_central8(vec8 q)
{
    DIST_CENTRAL(vec8, q, n, d);
    return q * n / d;
}

VEC_INLINE vec8 dist_tail8(vec8 r)
{
    DIST_TAIL(vec8, r, n, d);
    return n / d;
}

VEC_INLINE vec8 dist_normal_quantile8(vec8 p)
{
    vec8 q = p - 0.5;
    vec8i is_low = vec_less(q, vec_all(0));
    vec8i is_outer = vec_less(vec_all(0.180625), q * q);
    vec8 tail = dist_tail8(vec_sqrt(-vec_log(vec_choose(is_low, p, 1.0 - p))) - 1.6);
    return vec_choose(is_outer, vec_choose(is_low, -tail, tail), dist_central8(q));
}

#endif
