/* Sensitivity: first-order and total Sobol' indices, which say what assumption carries a statistic
 * (docs/sensitivity.md).
 *
 * From n base points (A_j, B_j) of the cube and, for each parameter i, the points AB_i, which are A
 * with coordinate i of B:
 *     S_i  = 1/n sum (f(B) - m)(f(AB_i) - f(A)) / V         (Saltelli et al. 2010, table 2, b)
 *     ST_i = 1/(2n) sum (f(A) - f(AB_i))^2 / V               (Jansen 1999)
 * m, V: mean and variance of f over A and B. Independent noise of variance s^2 in each f adds s^2
 * to V and to the numerator of ST_i, and nothing to that of S_i: it is taken off again.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_STUDY_SENSITIVITY_H
#define RETAKE_STUDY_SENSITIVITY_H

#include <retake/store/result.h>

#include <stdbool.h>

/** Indices of one statistic; arrays [n_parameters] are the caller's. */
struct study_indices {
    double *first, *first_low, *first_high; /* and 95 % intervals by bootstrap */
    double *total, *total_low, *total_high;
    double variance;    /* V, less the noise */
    double noise_share; /* mean noise variance over V before it was taken off */
    size_t n_used;      /* base points without a missing value */
};

/** Coordinate of point `point` of n (d + 2): for each base point A, AB_1 .. AB_d, B. Sobol' points
 * of 2 d dimensions with a digital shift by the seed. @param axis  below d, d <= 20 */
double study_saltelli_unit(uint64_t seed, size_t d, size_t point, size_t axis);

/**
 * Indices of f, [n][d + 2] in the order of study_saltelli_unit; a base point with a value that is
 * not finite is left out.
 * @param noise        [n][d + 2] variances of the noise in f; NULL: f is exact
 * @param independent  whether that noise is drawn anew for each value. Else (common random numbers)
 *                     nothing is taken off
 * @return ERR_OK; ERR_MEMORY
 */
enum err_code study_indices_estimate(const double *f, const double *noise, bool independent,
                                     size_t n, size_t d, uint64_t seed, struct study_indices *out,
                                     struct err *err);

/** Attributes of a sweep by the design saltelli, by which its result is recognised. */
#define STUDY_SALTELLI_N "design_base_points"
#define STUDY_SALTELLI_AXES "design_axes"
#define STUDY_SALTELLI_NOISE "design_random_numbers"
#define STUDY_SENSITIVITY "sensitivity"

/**
 * Add the indices to the result of such a sweep, all of whose policies are there: sobol_first,
 * sobol_total with _low and _high over (statistic, parameter). Nothing happens to other results.
 * @return ERR_OK; ERR_INPUT; ERR_MEMORY
 */
enum err_code study_sensitivity_add(struct store_result *result, struct err *err);

#endif
