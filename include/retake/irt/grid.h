/* Estimation on a grid of abilities: expected a posteriori (EAP).
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_IRT_GRID_H
#define RETAKE_IRT_GRID_H

#include <retake/irt/estimate.h>

/**
 * Grid of the posterior. Points are equally spaced from theta_min to theta_max; arrays are padded
 * to whole vectors with weight 0, so that sums over the padding are exact.
 */
struct irt_grid {
    size_t n_points, n_vectors; /* n_vectors * 8 >= n_points */
    double *theta;              /* [8 n_vectors], 64-byte aligned */
    double *prior;              /* [8 n_vectors]: prior density x quadrature weight; flat for
                                   Jeffreys' prior, which depends on the items answered */
    double *log_prior;          /* [8 n_vectors]: its logarithm, but for a constant, right where
                                   prior is too small for a number; -INFINITY: 0 */
};

/** Whether a grid can hold a prior. */
enum irt_prior_fit {
    IRT_PRIOR_FITS,
    IRT_PRIOR_OFF_GRID, /* uniform: no point lies within it */
    IRT_PRIOR_NARROW    /* uniform: one point alone; normal: its SD, or that of the tail which lies
                           over the grid, sd^2/(distance of the mean), is less than the spacing */
};

enum irt_prior_fit irt_prior_fit(const struct irt_estimator *estimator);

/** @return ERR_OK; ERR_RANGE: points do not suit Simpson's rule; ERR_MEMORY. Arrays are owned by
 * the arena. */
enum err_code irt_grid_init(const struct irt_estimator *estimator, struct arena *arena,
                            struct irt_grid *out, struct err *err);

/**
 * Likelihood of every answer over the grid.
 * @param rows      a row is 8 n_vectors doubles; category x of item i is row first_row[i] + x
 * @param first_row [n_items]
 */
enum err_code irt_grid_likelihood(const struct irt_grid *grid, const struct irt_item *items,
                                  size_t n_items, struct arena *arena, double **rows,
                                  uint32_t **first_row, struct err *err);

/** Expected information over the grid: row i of item i, 8 n_vectors doubles. */
enum err_code irt_grid_information(const struct irt_grid *grid, const struct irt_item *items,
                                   size_t n_items, struct arena *arena, double **rows,
                                   struct err *err);

/** Mean and standard deviation of a posterior given as weights over the grid (need not sum to 1).
 */
struct irt_estimate irt_eap(const struct irt_grid *grid, const double *weight);

/** The same with Jeffreys' prior.
 * @param information [8 n_vectors]: sum over the items answered
 * @return false where there is so little information that numbers below the least may matter */
bool irt_eap_jeffreys(const struct irt_grid *grid, const double *weight, const double *information,
                      struct irt_estimate *out);

#endif
