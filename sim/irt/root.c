/* The root in a bracket. Newton's step uses the expected information (Fisher scoring), which is the
 * derivative under ML and MAP of 1PL and 2PL; elsewhere later steps use the secant. A step that
 * leaves the bracket is replaced by bisection. SPDX-License-Identifier: Apache-2.0 */
#include "root.h"

enum { MAX_STEPS = 200, PATIENCE = 16 };

static const double converged = 1e-13;

static struct irt_root evaluate(const struct irt_search *self, double theta)
{
    const struct irt_estimator *estimator = self->estimator;
    if (estimator->method == IRT_WL) {
        struct irt_score score = irt_answers_score_j(self->answers, theta);
        return (struct irt_root){score.slope + irt_root_warm(&score), score.information,
                                 score.information};
    }
    if (estimator->method == IRT_ROBUST) {
        struct irt_score score = irt_answers_robust(self->answers, theta, estimator->tuning);
        return (struct irt_root){score.slope, score.information, score.information};
    }
    struct irt_score score = irt_answers_score(self->answers, theta);
    struct irt_root out = {score.slope, score.information, score.information};
    if (estimator->method == IRT_MAP && estimator->prior == IRT_PRIOR_NORMAL) {
        double precision = 1 / (estimator->prior_sd * estimator->prior_sd);
        out.slope -= (theta - estimator->prior_mean) * precision;
        out.information += precision;
    } else if (estimator->method == IRT_MAP && estimator->prior == IRT_PRIOR_JEFFREYS) {
        struct irt_functions sums = irt_answers_sums(self->answers, theta).functions;
        out.slope += sums.information > 0 ? sums.d_information / (2 * sums.information) : 0;
    }
    return out;
}

bool irt_root_is_single(const struct irt_search *self)
{
    const struct irt_estimator *estimator = self->estimator;
    return self->answers->is_monotone &&
           (estimator->method == IRT_ML ||
            (estimator->method == IRT_MAP && estimator->prior != IRT_PRIOR_JEFFREYS));
}

/* ---- the root in a bracket ---- */

struct bracket {
    double low, high;
    bool is_low_tested, is_high_tested;
};

/* A step that leaves the bracket goes to the bound of the search, once, and else to the middle. */
static double keep_within(const struct irt_search *self, const struct bracket *bracket, double next)
{
    if (next > bracket->low && next < bracket->high)
        return next;
    if (next >= bracket->high && bracket->high == self->theta_max && !bracket->is_high_tested)
        return bracket->high;
    if (next <= bracket->low && bracket->low == self->theta_min && !bracket->is_low_tested)
        return bracket->low;
    return 0.5 * (bracket->low + bracket->high);
}

static void narrow(struct bracket *self, double theta, double slope)
{
    if (slope > 0) {
        self->low = theta;
        self->is_low_tested = true;
    } else {
        self->high = theta;
        self->is_high_tested = true;
    }
}

/* The information of the secant through two points, if it makes sense. */
static double secant(double theta, double slope, double last_theta, double last_slope,
                     double information)
{
    double value = -(slope - last_slope) / (theta - last_theta);
    return value > 0.1 * information && value < 10 * information ? value : information;
}

double irt_root_find(const struct irt_search *self, double low, double high, double start,
                     struct irt_root *at)
{
    struct bracket bracket = {low, high, false, false};
    double theta = start > low && start < high ? start : 0.5 * (low + high);
    double last_theta = theta, last_slope = 0;
    bool is_newton = irt_root_is_single(self) && self->answers->is_logistic;
    for (int step = 0;; step++) {
        *at = evaluate(self, theta);
        narrow(&bracket, theta, at->slope);
        if (bracket.high - bracket.low <= converged || step == MAX_STEPS)
            break;
        double information = at->information;
        if (theta != last_theta && !is_newton)
            information = secant(theta, at->slope, last_theta, last_slope, information);
        double change = information > 0 ? at->slope / information : 0;
        if (fabs(change) < converged && information > 0)
            return theta;
        last_theta = theta;
        last_slope = at->slope;
        theta = step < PATIENCE ? keep_within(self, &bracket, theta + change)
                                : 0.5 * (bracket.low + bracket.high);
    }
    if (self->theta_max - theta < 1e-9)
        theta = self->theta_max;
    if (theta - self->theta_min < 1e-9)
        theta = self->theta_min;
    *at = evaluate(self, theta);
    return theta;
}
