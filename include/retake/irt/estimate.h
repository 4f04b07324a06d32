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
