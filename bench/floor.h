/* The floor that kernels are compared with, measured in the same run, in turns, because absolute
 * times wander: multiply a 33-point posterior by one row of the likelihood, take mean and variance;
 * sixteen posteriors in turn, no selection, no answers, no stopping. SPDX-License-Identifier:
 * Apache-2.0 */
#ifndef RETAKE_BENCH_FLOOR_H
#define RETAKE_BENCH_FLOOR_H

#include "kernel.h"

enum { BENCH_N_ROUNDS = 7, BENCH_FLOOR_LANES = 16, BENCH_FLOOR_ANSWERS = 60 };

/* One step of the floor: w <- w * row; mean and variance of w over theta. */
VEC_CLONES static double bench_floor_items(const double *rows, size_t n_rows, const double *theta,
                                           vec8 *weight, uint64_t n)
{
    double checksum = 0;
    uint64_t row = 0;
    for (uint64_t i = 0; i < n; i++) {
        const vec8 *likelihood = (const vec8 *)(rows + 40 * row), *points = (const vec8 *)theta;
        vec8 *w = weight + 5 * (i % BENCH_FLOOR_LANES), s0 = {0}, s1 = {0}, s2 = {0};
        for (int v = 0; v < 5; v++) {
            vec8 product = w[v] * likelihood[v], m = product * points[v];
            w[v] = product;
            s0 += product;
            s1 += m;
            s2 += m * points[v];
        }
        double mass = vec_sum(s0), mean = vec_sum(s1) / mass;
        checksum += mean + sqrt(vec_sum(s2) / mass - mean * mean);
        row = row + 7 < n_rows ? row + 7 : (row + 7) % n_rows;
        if (mass < 1e-100)
            for (int v = 0; v < 5; v++)
                w[v] *= 1e100;
    }
    return checksum;
}

static inline void bench_floor_begin(const struct bench_exam *exam, double *weight)
{
    for (int k = 0; k < BENCH_FLOOR_LANES; k++)
        memcpy(weight + 40 * k, exam->cat.grid.prior, 40 * sizeof(double));
}

static inline void bench_floor_run(const struct bench_exam *exam, double *weight, uint64_t n)
{
    volatile double checksum = bench_floor_items(exam->cat.likelihood, 2 * exam->cat.n_scored,
                                                 exam->cat.grid.theta, (vec8 *)weight, n);
    (void)checksum;
}

/** Nanoseconds of one step of the floor, of 4 million from the prior on. No session is that long:
 * most of this time is arithmetic below the least normal double, into which the weights sink. */
static inline double bench_time_floor(const struct bench_exam *exam)
{
    static double weight[BENCH_FLOOR_LANES * 40] __attribute__((aligned(64)));
    const uint64_t n = 4000000;
    bench_floor_begin(exam, weight);
    double began = bench_now_s();
    bench_floor_run(exam, weight, n);
    return (bench_now_s() - began) / (double)n * 1e9;
}

/** The same of posteriors that begin anew after BENCH_FLOOR_ANSWERS, as sessions do; n_times. */
static inline double bench_time_fresh_floor(const struct bench_exam *exam, uint64_t n_times)
{
    static double weight[BENCH_FLOOR_LANES * 40] __attribute__((aligned(64)));
    const uint64_t n = BENCH_FLOOR_ANSWERS * BENCH_FLOOR_LANES;
    double began = bench_now_s();
    for (uint64_t k = 0; k < n_times; k++) {
        bench_floor_begin(exam, weight);
        bench_floor_run(exam, weight, n);
    }
    return (bench_now_s() - began) / (double)(n * n_times) * 1e9;
}

/** Nanoseconds of one item. */
static inline double bench_time_sessions(const struct bench_exam *exam, uint64_t n_sessions)
{
    double began = bench_now_s();
    uint64_t n = bench_sessions(exam, 32, n_sessions);
    return (bench_now_s() - began) / (double)n * 1e9;
}

static inline int bench_by_value(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static inline double bench_median_of(double *values, size_t n)
{
    qsort(values, n, sizeof *values, bench_by_value);
    return values[n / 2];
}

static inline double bench_median(double *values)
{
    return bench_median_of(values, BENCH_N_ROUNDS);
}

#endif
