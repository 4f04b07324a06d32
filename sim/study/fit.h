/* The parts of a calibration: points, weights, search, polish, judgement.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_STUDY_FIT_H
#define RETAKE_STUDY_FIT_H

#include <retake/study/calibrate.h>
#include <retake/tally/address.h>

#include "linear.h"

/** A place in the cube [0, 1]^n_free between the bounds, and what the scenario gives there. */
struct fit_point {
    double x[STUDY_MAX_FREE];
    double value[STUDY_MAX_TARGETS], mcse[STUDY_MAX_TARGETS];
    double chi_square;
};

/** A calibration at work. */
struct fit {
    struct scenario *scenario;
    const struct study_calibrate_options *options;
    struct study_calibration *self;
    uint64_t n_candidates, seed; /* of the next evaluation */
    struct fit_point best;
    size_t rows[STUDY_MAX_TARGETS], n_rows;       /* the targets that are fitted */
    double correlation[LINEAR_ROWS][LINEAR_ROWS]; /* of all targets, published at one sample */
    double nested[LINEAR_ROWS][LINEAR_ROWS];      /* of all targets, of one cohort */
    double factor[LINEAR_ROWS][LINEAR_ROWS];      /* Cholesky factor of the fitted targets' noise */
    double slope[LINEAR_ROWS][LINEAR_COLUMNS];    /* d value / d x of all targets */
    struct linear_svd svd;                        /* of the whitened slopes of the fitted targets */
    struct err *err;
};

/** Add a line to the warnings. @param err  ERR_MEMORY when there is none left */
void study_calibration_warn(struct study_calibration *self, struct err *err, const char *format,
                            ...) __attribute__((format(printf, 3, 4)));

/** The attempt of a cumulative pass rate, and its group; 0 for any other figure. */
double study_target_attempt(const struct study_target *self, char group[ADDRESS_WORD_BYTES]);

/** The value of a free parameter at x, rounded to its decimals, as text. */
void study_fit_value(const struct study_free *self, double x, char text[64]);

/** Run the scenario at x. @return ERR_OK; what a run or tally_address_read returns */
enum err_code study_fit_evaluate(struct fit *self, const double *x, struct fit_point *out);

/** Correlations among the targets, and the factor for published noise alone. */
void study_fit_weigh(struct fit *self);

/** The factor for published noise and that of a simulation with these errors. */
void study_fit_weigh_simulated(struct fit *self, const double *mcse);

/** Covariance of the noise, published and simulated, of two targets. */
double study_fit_covariance(const struct fit *self, const double *mcse, size_t i, size_t j);

/** Whitened residuals of the fitted targets; their sum of squares. */
double study_fit_residuals(const struct fit *self, const double *value, double *out);

/** NLopt: best is set. */
enum err_code study_fit_search(struct fit *self);

/** Gauss-Newton from best with n_candidates; leaves slope and svd at the end. */
enum err_code study_fit_polish(struct fit *self);

/** Estimates with their errors, the fit of each target, warnings. check = a run of its own. */
void study_fit_judge(struct fit *self, const struct fit_point *check);

#endif
