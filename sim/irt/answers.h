/* Sums over the answers of an examinee at one ability or at eight: what the estimating equations
 * and the standard errors are made of. SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_IRT_ANSWERS_H
#define RETAKE_IRT_ANSWERS_H

#include <retake/irt/estimate.h>

/** What a step of the search needs. */
struct irt_score {
    double slope;       /* S = d log-likelihood / d theta */
    double information; /* I, expected */
    double j;           /* J; only if asked for */
};

/** What a standard error needs. */
struct irt_sums {
    struct irt_functions functions;
    double observed; /* -d^2 log-likelihood / d theta^2 */
};

struct irt_score irt_answers_score(const struct irt_answers *answers, double theta);
struct irt_score irt_answers_score_j(const struct irt_answers *answers, double theta);

/** Huber's weights w(a (theta - b)): slope = sum w S_i, information = sum w I_i, and in j
 * sum w^2 I_i. */
struct irt_score irt_answers_robust(const struct irt_answers *answers, double theta, double tuning);

struct irt_sums irt_answers_sums(const struct irt_answers *answers, double theta);

/** The greatest discrimination of the items answered [1/logit]. */
double irt_answers_greatest_a(const struct irt_answers *answers);

/** I and J at eight abilities. */
void irt_answers_information8(const struct irt_answers *answers, const vec8 *theta,
                              vec8 *information, vec8 *j);

#endif
