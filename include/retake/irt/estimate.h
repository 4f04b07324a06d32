/* Ability estimation: on a grid (EAP), and as the root of an estimating equation (MAP, ML, Warm's
 * weighted likelihood, robust). Equations and sources: docs/model.md.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_IRT_ESTIMATE_H
#define RETAKE_IRT_ESTIMATE_H

#include <retake/irt/model.h>

enum irt_method {
    IRT_EAP,
    IRT_MAP,
    IRT_ML,
    IRT_WL,    /* Warm 1989 */
    IRT_ROBUST /* Huber weights (Schuster & Yuan 2011), catR's ROB */
};

enum irt_prior {
    IRT_PRIOR_NORMAL,
    IRT_PRIOR_UNIFORM, /* on [prior_min, prior_max], ends included */
    IRT_PRIOR_JEFFREYS /* sqrt(information of the items answered) */
};

enum irt_se {
    IRT_SE_DEFAULT,   /* EAP: posterior SD; else as IRT_SE_EXPECTED; robust: Magis 2014 */
    IRT_SE_POSTERIOR, /* posterior SD; other methods than EAP: as IRT_SE_EXPECTED */
    IRT_SE_EXPECTED,  /* 1/sqrt(I); MAP: the curvature of -log prior is added to I */
    IRT_SE_OBSERVED,  /* the same with observed information; WL: sqrt((O + (J/2I)^2)/O^2) */
    IRT_SE_ASYMPTOTIC /* sqrt(I)/|I - r'|, r the term added to the score (Magis 2016) */
};

/** What ML does with an extreme pattern: all answers in the lowest (or highest) category. */
enum irt_constant {
    IRT_CONSTANT_BOUNDS,           /* theta_min, theta_max */
    IRT_CONSTANT_DODD,             /* from start_theta, half of the way to b_min or b_max an answer
                                    */
    IRT_CONSTANT_START,            /* start_theta, SE infinite */
    IRT_CONSTANT_BOUND_THEN_START, /* a bound after one answer, then as IRT_CONSTANT_START */
    IRT_CONSTANT_MAP               /* MAP with the estimator's prior */
};

/** Quadrature of the grid; a common factor is left out. */
enum irt_quadrature {
    IRT_TRAPEZOID, /* 1/2, 1, ..., 1, 1/2 */
    IRT_SUM,       /* 1, ..., 1 */
    IRT_SIMPSON38  /* 1, 3, 3, 2, 3, 3, 2, ..., 3, 3, 1: 3k + 1 points */
};

struct irt_estimator {
    enum irt_method method;
    enum irt_prior prior;
    double prior_mean, prior_sd; /* normal */
    double prior_min, prior_max; /* uniform */
    double theta_min, theta_max; /* of the grid, of the search */
    size_t points;               /* of the grid, at least 2 */
    enum irt_quadrature quadrature;
    enum irt_se se;
    enum irt_constant constant;
    double start_theta;
    double b_min, b_max; /* over the pool, for IRT_CONSTANT_DODD */
    double tuning;       /* IRT_ROBUST: residuals a (theta - b) beyond it lose weight; > 0 */
};

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

/** Answers to n scored items. Arrays of numbers are readable up to the next multiple of 8 and
 * 64-byte aligned. */
struct irt_answers {
    size_t n;
    const double *a, *b, *c, *d;
    const double *x;                     /* 1 right, 0 wrong */
    const struct irt_item *const *items; /* [n], read when not is_logistic; else may be NULL */
    const uint8_t *categories;           /* [n], likewise */
    bool is_monotone; /* no item has c > 0 or d < 1: the likelihood has one maximum */
    bool is_logistic; /* no item is polytomous: a .. x are read; else items and categories alone */
};

/**
 * MAP, ML, WL or robust estimate on [theta_min, theta_max], to 1e-12: the root of the estimating
 * equation where the (penalised) likelihood is highest; a bound where it is highest there.
 * @param previous_theta where to begin; any value, changes nothing beyond 1e-12
 */
struct irt_estimate irt_estimate_root(const struct irt_estimator *estimator,
                                      const struct irt_answers *answers, double previous_theta);

/** ln of the likelihood of the answers, at one ability and at eight. */
double irt_log_likelihood(const struct irt_answers *answers, double theta);
void irt_answers_log_likelihood8(const struct irt_answers *answers, const vec8 *theta, vec8 *out);

/** -1: every answer in the lowest category, 1: in the highest, 0: neither. */
int irt_answers_extreme(const struct irt_answers *answers);

/** Expected information of the items answered. */
double irt_answers_information(const struct irt_answers *answers, double theta);

/** The estimator's SE at theta, of any method: for EAP, IRT_SE_EXPECTED (jsCAT) and
 * IRT_SE_OBSERVED, without the prior. */
double irt_standard_error(const struct irt_estimator *estimator, const struct irt_answers *answers,
                          double theta);

#endif
