/* V5: the indices of Ishigami's function (Ishigami & Homma 1990), known in closed form, through the
 * design and the estimators of sweeps.
 *     f = sin x1 + 7 sin^2 x2 + 0.1 x3^4 sin x1,  x uniform on (-pi, pi)
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/study/sensitivity.h>

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>

#include <retake/base/dist.h>
#include <retake/base/rng.h>

enum { D = 3, N = 4096, WIDTH = D + 2 };

static const double pi = 3.14159265358979323846;
static const double exact_first[D] = {0.313905, 0.442411, 0};
static const double exact_total[D] = {0.557589, 0.442411, 0.243684};

struct found {
    double first[D], first_low[D], first_high[D], total[D], total_low[D], total_high[D];
    struct study_indices indices;
};

static double ishigami(size_t point)
{
    double x[D];
    for (size_t k = 0; k < D; k++)
        x[k] = pi * (2 * study_saltelli_unit(7, D, point, k) - 1);
    return sin(x[0]) + 7 * sin(x[1]) * sin(x[1]) + 0.1 * x[2] * x[2] * x[2] * x[2] * sin(x[0]);
}

/* @param sd  of noise, independent from value to value */
static void estimate(double sd, bool takes_off, struct found *out)
{
    struct err err = {0};
    double *f = calloc(2 * N * WIDTH, sizeof *f), *noise = f + N * WIDTH;
    cr_assert(f);
    for (size_t p = 0; p < N * WIDTH; p++) {
        struct rng rng = rng_keyed(3, p, 0, RNG_POOL);
        f[p] = ishigami(p) + sd * dist_normal_quantile(rng_unit(&rng));
        noise[p] = sd * sd;
    }
    out->indices = (struct study_indices){.first = out->first,
                                          .first_low = out->first_low,
                                          .first_high = out->first_high,
                                          .total = out->total,
                                          .total_low = out->total_low,
                                          .total_high = out->total_high};
    cr_assert(study_indices_estimate(f, noise, takes_off, N, D, 1, &out->indices, &err) == ERR_OK);
    free(f);
}

/* Sobol' points: far nearer than the intervals, which are those of independent points. */
Test(sobol_indices, ishigami)
{
    struct found found;
    estimate(0, false, &found);
    cr_expect(fabs(found.indices.variance - 13.8446) < 0.05, "%g", found.indices.variance);
    cr_expect(found.indices.n_used == N);
    for (int k = 0; k < D; k++) {
        cr_expect(fabs(found.first[k] - exact_first[k]) < 0.01, "S%d %g", k + 1, found.first[k]);
        cr_expect(fabs(found.total[k] - exact_total[k]) < 0.01, "ST%d %g", k + 1, found.total[k]);
        cr_expect(found.first_low[k] < exact_first[k] && exact_first[k] < found.first_high[k]);
        cr_expect(found.total_low[k] <= exact_total[k] + 1e-3 &&
                  exact_total[k] - 1e-3 <= found.total_high[k]);
        cr_expect(found.first_high[k] - found.first_low[k] < 0.12);
    }
}

/* Noise of a third of the function's standard deviation: left in, it raises each total index to
 * (ST V + s^2)/(V + s^2); taken off, it is as without it. The limit is four standard errors of a
 * mean of n terms (f_A - f_AB)^2/(2 V), whose standard deviation is at most about .7. */
Test(sobol_indices, noise)
{
    struct found raw, clean;
    double v = 13.8446, s2 = v / 9;
    estimate(sqrt(s2), false, &raw);
    estimate(sqrt(s2), true, &clean);
    cr_expect(fabs(raw.indices.noise_share - 0.1) < 0.01, "%g", raw.indices.noise_share);
    for (int k = 0; k < D; k++) {
        double biased = (exact_total[k] * v + s2) / (v + s2);
        cr_expect(fabs(raw.total[k] - biased) < 0.045, "ST%d %g, %g", k + 1, raw.total[k], biased);
        cr_expect(fabs(clean.total[k] - exact_total[k]) < 0.045, "ST%d %g", k + 1, clean.total[k]);
        cr_expect(fabs(clean.first[k] - exact_first[k]) < 0.045, "S%d %g", k + 1, clean.first[k]);
    }
}

/* A base point with a missing value is left out whole. */
Test(sobol_indices, missing)
{
    struct err err = {0};
    double f[16 * 3], low[6], *at = low;
    for (size_t p = 0; p < 16 * 3; p++)
        f[p] = study_saltelli_unit(1, 1, p, 0);
    f[5 * 3 + 1] = (double)NAN;
    struct study_indices out = {.first = at,
                                .first_low = at + 1,
                                .first_high = at + 2,
                                .total = at + 3,
                                .total_low = at + 4,
                                .total_high = at + 5};
    cr_assert(study_indices_estimate(f, NULL, false, 16, 1, 1, &out, &err) == ERR_OK);
    cr_expect(out.n_used == 15 && isfinite(low[0]) && isfinite(low[3]));
}

/* The point AB_i of a base point is A with coordinate i of B. */
Test(sobol_indices, design)
{
    for (size_t base = 0; base < 20; base++)
        for (size_t i = 0; i < D; i++)
            for (size_t k = 0; k < D; k++) {
                size_t from = base * WIDTH + (k == i ? WIDTH - 1 : 0);
                cr_expect(study_saltelli_unit(5, D, base * WIDTH + 1 + i, k) ==
                          study_saltelli_unit(5, D, from, k));
            }
}
