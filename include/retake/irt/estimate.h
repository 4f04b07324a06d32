/* Ability estimation: expected a posteriori (EAP) on a grid, and maximum likelihood (ML).
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_IRT_ESTIMATE_H
#define RETAKE_IRT_ESTIMATE_H

#include <retake/irt/model.h>

struct irt_estimate {
    double theta, se; /* [logit]; se is INFINITY where there is no information */
};

/**
 * Grid of the posterior. Points are equally spaced from theta_min to theta_max; arrays are padded
 * to whole vectors with weight 0, so that sums over the padding are exact.
 */
struct irt_grid {
    size_t n_points, n_vectors; /* n_vectors * 8 >= n_points */
    double *theta;              /* [8 n_vectors], 64-byte aligned */
    double *prior; /* [8 n_vectors]: N(prior_mean, prior_sd) density x trapezoid weight */
};

/** @return ERR_OK; ERR_MEMORY. Arrays are owned by the arena. */
enum err_code irt_grid_init(double theta_min, double theta_max, size_t n_points, double prior_mean,
                            double prior_sd, struct arena *arena, struct irt_grid *out,
                            struct err *err);

/** Likelihood of both answers over the grid: row[x] of item i starts at (2 i + x) * 8 n_vectors. */
enum err_code irt_grid_likelihood(const struct irt_grid *grid, const struct irt_item *items,
                                  size_t n_items, struct arena *arena, double **out,
                                  struct err *err);

/** Mean and standard deviation of a posterior given as weights over the grid (need not sum to 1).
 */
struct irt_estimate irt_eap(const struct irt_grid *grid, const double *weight);

/** Answers to n scored items; arrays readable up to the next multiple of 8 and 64-byte aligned. */
struct irt_answers {
    size_t n;
    const double *a, *b, *c, *d;
    const double *x;  /* 1 right, 0 wrong */
    bool is_monotone; /* every c = 0 and d = 1: the likelihood has one maximum */
};

/**
 * Maximum likelihood on [theta_min, theta_max], by Newton steps kept within a bracket, to 1e-12.
 * An all-right (all-wrong) pattern gives the upper (lower) bound. Where the likelihood may have
 * several maxima (3PL, 4PL) the highest over a grid of spacing 0.25 starts the search.
 * se = 1/sqrt(expected information at the estimate).
 * @param start  where to begin; any value
 */
struct irt_estimate irt_ml(const struct irt_answers *answers, double theta_min, double theta_max,
                           double start);

#endif
