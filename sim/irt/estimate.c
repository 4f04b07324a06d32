/* Estimates as roots of an estimating equation S(theta) + r(theta) = 0, S the score:
 *
 *     ML        r = 0, on a uniform prior's range for MAP
 *     MAP       r = -(theta - mean)/sd^2; Jeffreys' prior: I'/(2 I)
 *     WL        r = J/(2 I)                                                  Warm 1989
 *     robust    sum w_i(theta) S_i = 0, w Huber's weight of a (theta - b)    Schuster & Yuan 2011
 *
 * Where several roots are possible, the highest one -- of log-likelihood plus the integral of r --
 * is bracketed first: a grid of spacing 0.25, or 3/4 of 1/a of the steepest item, finds the local
 * maxima, which are compared at their roots. Only where one root is certain the search begins at
 * once: ML and MAP with a normal prior of a log-concave likelihood; and, for 1PL and 2PL under WL
 * (there r = I'/(2 I)), when the root found has I > 1.5 A^2, A the greatest a. For then |r| <= A/2
 * and r' <= A^2/2, and I falls from the root no faster than exp(-A distance), so that S + r
 * descends as long as |S| <= A/2, and no other root lies beyond.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/real.h>

#include "root.h"

/* Whether the root found where I = information is the only one. */
static bool is_only_root(const struct irt_search *self, double information)
{
    const struct irt_answers *answers = self->answers;
    if (!answers->is_monotone || !answers->is_logistic || self->estimator->method == IRT_ROBUST)
        return false;
    double a_max = irt_answers_greatest_a(answers);
    return information > 1.5 * a_max * a_max;
}

static double highest_root(const struct irt_search *self, double start, struct irt_root *at)
{
    double low = self->theta_min, high = self->theta_max;
    if (self->answers->is_monotone && self->estimator->method != IRT_ROBUST) {
        double theta = irt_root_find(self, low, high, start, at);
        if (irt_root_is_single(self) ||
            (theta > low && theta < high && is_only_root(self, at->expected)))
            return theta;
    }
    irt_maxima_bracket(self, &low, &high);
    return irt_root_find(self, low, high, start, at);
}

/* ---- standard errors ---- */

/* r and r' of MAP and WL; 0 for the others. */
static void penalty(const struct irt_estimator *estimator, const struct irt_functions *sums,
                    double theta, double *r, double *dr)
{
    double i = sums->information;
    *r = *dr = 0;
    if (estimator->method == IRT_WL && i > 0) {
        *r = sums->j / (2 * i);
        *dr = (sums->d_j * i - sums->j * sums->d_information) / (2 * i * i);
    } else if (estimator->method == IRT_MAP && estimator->prior == IRT_PRIOR_NORMAL) {
        *dr = -1 / (estimator->prior_sd * estimator->prior_sd);
        *r = (theta - estimator->prior_mean) * *dr;
    } else if (estimator->method == IRT_MAP && estimator->prior == IRT_PRIOR_JEFFREYS && i > 0) {
        *r = sums->d_information / (2 * i);
        *dr = (sums->d2_information * i - sums->d_information * sums->d_information) / (2 * i * i);
    }
}

static double inverse_root(double information)
{
    return information > 0 ? 1 / sqrt(information) : INFINITY;
}

static double robust_error(const struct irt_estimator *estimator, const struct irt_answers *answers,
                           double theta)
{
    struct irt_score score = irt_answers_robust(answers, theta, estimator->tuning);
    return score.information > 0 ? sqrt(score.j) / score.information : INFINITY;
}

static double warm_error(double observed, double r)
{
    return observed > 0 ? sqrt(observed + r * r) / observed : INFINITY;
}

double irt_answers_information(const struct irt_answers *answers, double theta)
{
    return irt_answers_score(answers, theta).information;
}

double irt_standard_error(const struct irt_estimator *estimator, const struct irt_answers *answers,
                          double theta)
{
    if (estimator->method == IRT_ROBUST && estimator->se != IRT_SE_OBSERVED)
        return robust_error(estimator, answers, theta);
    struct irt_sums sums = irt_answers_sums(answers, theta);
    double i = sums.functions.information, r, dr;
    penalty(estimator, &sums.functions, theta, &r, &dr);
    if (estimator->se == IRT_SE_ASYMPTOTIC)
        return i > 0 && i != dr ? sqrt(i) / fabs(i - dr) : INFINITY;
    if (estimator->method == IRT_WL && estimator->se == IRT_SE_OBSERVED)
        return warm_error(sums.observed, r);
    double curvature = estimator->method == IRT_MAP ? -dr : 0;
    return inverse_root((estimator->se == IRT_SE_OBSERVED ? sums.observed : i) + curvature);
}

/* ---- the estimate ---- */

static bool is_plain_error(const struct irt_estimator *self)
{
    return self->se <= IRT_SE_EXPECTED && self->method != IRT_ROBUST &&
           !(self->method == IRT_MAP && self->prior == IRT_PRIOR_JEFFREYS);
}

/* At a bound r is that of the root beyond it, as in catIrt, which searches first and cuts then. */
static double bounded_warm_error(const struct irt_search *bounded, double theta)
{
    const double beyond = 40;
    struct irt_search self = *bounded;
    struct irt_root at;
    self.theta_min -= beyond;
    self.theta_max += beyond;
    double root = irt_root_find(&self, self.theta_min, self.theta_max, theta, &at);
    struct irt_score score = irt_answers_score_j(self.answers, root);
    return warm_error(irt_answers_sums(self.answers, theta).observed, irt_root_warm(&score));
}

static struct irt_estimate search_root(const struct irt_estimator *estimator,
                                       const struct irt_answers *answers, double start)
{
    struct irt_search self = {estimator, answers, estimator->theta_min, estimator->theta_max};
    struct irt_root at;
    if (estimator->method == IRT_MAP && estimator->prior == IRT_PRIOR_UNIFORM) {
        self.theta_min = real_max(self.theta_min, estimator->prior_min);
        self.theta_max = real_min(self.theta_max, estimator->prior_max);
    }
    double theta = highest_root(&self, start, &at);
    /* point.information is I, with the precision of a normal prior under MAP */
    double se = is_plain_error(estimator) ? inverse_root(at.information)
                                          : irt_standard_error(estimator, answers, theta);
    if (estimator->method == IRT_WL && estimator->se == IRT_SE_OBSERVED &&
        (theta == self.theta_min || theta == self.theta_max))
        se = bounded_warm_error(&self, theta);
    return (struct irt_estimate){theta, se};
}

static struct irt_estimate extreme_estimate(const struct irt_estimator *estimator,
                                            const struct irt_answers *answers, int side)
{
    double theta = side > 0 ? estimator->theta_max : estimator->theta_min;
    double goal = side > 0 ? estimator->b_max : estimator->b_min;
    struct irt_estimator map = *estimator;
    map.method = IRT_MAP;
    if (estimator->constant == IRT_CONSTANT_MAP)
        return search_root(&map, answers, 0);
    if (estimator->constant == IRT_CONSTANT_START ||
        (estimator->constant == IRT_CONSTANT_BOUND_THEN_START && answers->n > 1))
        return (struct irt_estimate){estimator->start_theta, INFINITY};
    if (estimator->constant == IRT_CONSTANT_DODD) {
        theta = estimator->start_theta;
        for (size_t i = 0; i < answers->n; i++)
            theta += (goal - theta) / 2;
    }
    double se = is_plain_error(estimator) ? inverse_root(irt_answers_information(answers, theta))
                                          : irt_standard_error(estimator, answers, theta);
    return (struct irt_estimate){theta, se};
}

struct irt_estimate irt_estimate_root(const struct irt_estimator *estimator,
                                      const struct irt_answers *answers, double previous_theta)
{
    int side = estimator->method == IRT_ML ? irt_answers_extreme(answers) : 0;
    if (side != 0)
        return extreme_estimate(estimator, answers, side);
    return search_root(estimator, answers, previous_theta);
}
