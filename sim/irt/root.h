/* The search for the root of an estimating equation S(theta) + r(theta) = 0 (estimate.c).
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_IRT_ROOT_H
#define RETAKE_IRT_ROOT_H

#include "answers.h"

struct irt_search {
    const struct irt_estimator *estimator;
    const struct irt_answers *answers;
    double theta_min, theta_max;
};

struct irt_root {
    double slope;       /* S + r */
    double information; /* of the step */
    double expected;    /* I */
};

/** Whether the equation has one root at most, whatever the answers. */
bool irt_root_is_single(const struct irt_search *self);

/** The root in [low, high], or the end where the slope points to it; @param at what it is there */
double irt_root_find(const struct irt_search *self, double low, double high, double start,
                     struct irt_root *at);

/** r of Warm's estimator; 0 without information. */
static inline double irt_root_warm(const struct irt_score *score)
{
    return score->information > 0 ? score->j / (2 * score->information) : 0;
}

/** Narrow [low, high] to the surroundings of the highest maximum of the log-likelihood plus the
 * integral of r (maxima.c). */
void irt_maxima_bracket(const struct irt_search *search, double *low, double *high);

#endif
