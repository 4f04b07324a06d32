/* Distributions by inversion, one at a time.
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
    if (smaller >= 0x1p-36)
        return dist_normal_quantile8(vec_all(p))[0];
    double z = far_tail(sqrt(-vec_log1(smaller)) - 5.0);
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
