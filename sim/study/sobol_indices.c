/* Sobol' indices with bootstrap intervals: base points are drawn with replacement, all values of
 * one together. SPDX-License-Identifier: Apache-2.0 */
#include <retake/study/sensitivity.h>

#include <retake/base/rng.h>
#include <retake/base/sobol.h>
#include <retake/base/wording.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { N_REPLICATES = 1000 };

/* Below this share of the mean square a variance is rounding: values are good to 1e-9. */
static const double rounding = 1e-12;

double study_saltelli_unit(uint64_t seed, size_t d, size_t point, size_t axis)
{
    size_t base = point / (d + 2), part = point % (d + 2);
    bool is_b = part == d + 1 || part == axis + 1;
    size_t dim = is_b ? d + axis : axis;
    struct rng rng = rng_keyed(seed, dim, 0, RNG_POOL);
    uint32_t bits = sobol_bits((uint32_t)base, dim) ^ rng_bits(&rng);
    return ((double)bits + 0.5) * 0x1p-32;
}

struct sample {
    const double *f, *noise;
    size_t n, d;
    bool takes_off;   /* the noise */
    uint32_t *usable; /* [n] base points */
    uint32_t *drawn;  /* [n] of these */
};

/* Mean and variance of f over A and B, 0 where it is rounding, and the mean variance of its noise.
 */
static void moments(const struct sample *self, double *mean, double *variance, double *noise)
{
    size_t width = self->d + 2, ends[2] = {0, self->d + 1};
    double sum = 0, square = 0, s2 = 0, n = 2 * (double)self->n;
    for (size_t k = 0; k < self->n; k++)
        for (int e = 0; e < 2; e++)
            sum += self->f[self->drawn[k] * width + ends[e]];
    *mean = sum / n;
    for (size_t k = 0; k < self->n; k++)
        for (int e = 0; e < 2; e++) {
            size_t at = self->drawn[k] * width + ends[e];
            square += (self->f[at] - *mean) * (self->f[at] - *mean);
            s2 += self->noise ? self->noise[at] : 0;
        }
    *variance = square / (n - 1);
    if (*variance <= rounding * (*mean * *mean + *variance))
        *variance = 0;
    *noise = s2 / n;
}

static void indices(const struct sample *self, double *first, double *total, double *variance,
                    double *noise)
{
    size_t width = self->d + 2;
    double mean, n = (double)self->n;
    moments(self, &mean, variance, noise);
    double v = *variance - (self->takes_off ? *noise : 0);
    for (size_t i = 0; i < self->d; i++) {
        double together = 0, apart = 0;
        for (size_t k = 0; k < self->n; k++) {
            const double *f = self->f + self->drawn[k] * width;
            double step = f[1 + i] - f[0];
            together += (f[width - 1] - mean) * step;
            apart += step * step;
            if (self->takes_off) {
                const double *s2 = self->noise + self->drawn[k] * width;
                apart -= s2[1 + i] + s2[0];
            }
        }
        first[i] = v > 0 ? together / n / v : (double)NAN;
        total[i] = v > 0 ? apart / (2 * n) / v : (double)NAN;
    }
}

static void find_usable(struct sample *self)
{
    size_t width = self->d + 2, n = 0;
    for (size_t j = 0; j < self->n; j++) {
        bool good = true;
        for (size_t k = 0; k < width; k++)
            good = good && isfinite(self->f[j * width + k]);
        if (good)
            self->usable[n++] = (uint32_t)j;
    }
    self->n = n;
    memcpy(self->drawn, self->usable, n * sizeof *self->drawn);
}

static void draw(struct sample *self, uint64_t seed, uint32_t replicate)
{
    struct rng rng = rng_keyed(seed, UINT64_MAX, replicate, RNG_POOL);
    for (size_t k = 0; k < self->n; k++)
        self->drawn[k] = self->usable[rng_below(&rng, (uint32_t)self->n)];
}

static int rising(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/* The 2.5 and 97.5 % points of the replicates of one index; NAN where one is. */
static void interval(double *values, double *low, double *high)
{
    *low = *high = (double)NAN;
    for (size_t r = 0; r < N_REPLICATES; r++)
        if (isnan(values[r]))
            return;
    qsort(values, N_REPLICATES, sizeof *values, rising);
    *low = values[N_REPLICATES / 40];
    *high = values[N_REPLICATES - 1 - N_REPLICATES / 40];
}

static void bootstrap(struct sample *self, uint64_t seed, double *replicates,
                      struct study_indices *out)
{
    size_t d = self->d;
    double *now = replicates + 2 * d * N_REPLICATES, variance, noise; /* [2 d] */
    for (uint32_t r = 0; r < N_REPLICATES; r++) {
        draw(self, seed, r);
        indices(self, now, now + d, &variance, &noise);
        for (size_t i = 0; i < 2 * d; i++)
            replicates[i * N_REPLICATES + r] = now[i];
    }
    for (size_t i = 0; i < d; i++) {
        interval(replicates + i * N_REPLICATES, &out->first_low[i], &out->first_high[i]);
        interval(replicates + (d + i) * N_REPLICATES, &out->total_low[i], &out->total_high[i]);
    }
}

static void leave_open(struct study_indices *out, size_t d)
{
    double *const all[] = {out->first,     out->total,      out->first_low,
                           out->total_low, out->first_high, out->total_high};
    for (size_t k = 0; k < sizeof all / sizeof *all; k++)
        for (size_t i = 0; i < d; i++)
            all[k][i] = (double)NAN;
    out->variance = out->noise_share = (double)NAN;
}

enum err_code study_indices_estimate(const double *f, const double *noise, bool independent,
                                     size_t n, size_t d, uint64_t seed, struct study_indices *out,
                                     struct err *err)
{
    struct sample sample = {
        .f = f, .noise = noise, .n = n, .d = d, .takes_off = independent && noise};
    sample.usable = calloc(2 * n + 1, sizeof *sample.usable);
    double *replicates = calloc(2 * d * (N_REPLICATES + 1), sizeof *replicates);
    if (!sample.usable || !replicates) {
        err_set(err, ERR_MEMORY, "no memory for the indices of %s", wording_count(n, "point").text);
        goto out;
    }
    sample.drawn = sample.usable + n;
    find_usable(&sample);
    out->n_used = sample.n;
    leave_open(out, d);
    if (sample.n < 2)
        goto out;
    double variance, s2;
    indices(&sample, out->first, out->total, &variance, &s2);
    out->variance = variance - (sample.takes_off && variance > 0 ? s2 : 0);
    out->noise_share = variance > 0 ? s2 / variance : (double)NAN;
    bootstrap(&sample, seed, replicates, out);
out:
    free(sample.usable);
    free(replicates);
    return err->code;
}
