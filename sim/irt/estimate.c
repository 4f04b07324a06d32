/* Estimates as roots of an estimating equation S(theta) + r(theta) = 0, S the score:
 *
 *     ML        r = 0, on a uniform prior's range for MAP
 *     MAP       r = -(theta - mean)/sd^2; Jeffreys' prior: I'/(2 I)
 *     WL        r = J/(2 I)                                                  Warm 1989
 *     robust    sum w_i(theta) S_i = 0, w Huber's weight of a (theta - b)    Schuster & Yuan 2011
 *
 * Where several roots are possible, the highest of -- log-likelihood plus the integral of r -- over
 * a grid of spacing 0.25 is bracketed first. Only where one root is certain the search begins at
 * once: ML and MAP with a normal prior of a log-concave likelihood; and, for 1PL and 2PL under WL
 * (there r = I'/(2 I)), when the root found has I > 1.5 A^2, A the greatest a. For then |r| <= A/2
 * and r' <= A^2/2, and I falls from the root no faster than exp(-A distance), so that S + r
 * descends as long as |S| <= A/2, and no other root lies beyond.
 *
 * Newton's step uses the expected information (Fisher scoring), which is the derivative under ML
 * and MAP of 1PL and 2PL; elsewhere later steps use the secant. A step that leaves the bracket is
 * replaced by bisection. SPDX-License-Identifier: Apache-2.0 */
#include "answers.h"

#include <retake/base/real.h>

enum { MAX_STEPS = 200, PATIENCE = 16 };

static const double spacing = 0.25, converged = 1e-13;

struct search {
    const struct irt_estimator *estimator;
    const struct irt_answers *answers;
    double theta_min, theta_max;
};

struct point {
    double slope;       /* S + r */
    double information; /* of the step */
    double expected;    /* I */
};

static struct point evaluate(const struct search *self, double theta)
{
    const struct irt_estimator *estimator = self->estimator;
    if (estimator->method == IRT_WL) {
        struct irt_score score = irt_answers_score_j(self->answers, theta);
        double warm = score.information > 0 ? score.j / (2 * score.information) : 0;
        return (struct point){score.slope + warm, score.information, score.information};
    }
    if (estimator->method == IRT_ROBUST) {
        struct irt_score score = irt_answers_robust(self->answers, theta, estimator->tuning);
        return (struct point){score.slope, score.information, score.information};
    }
    struct irt_score score = irt_answers_score(self->answers, theta);
    struct point out = {score.slope, score.information, score.information};
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

/* ---- the highest point ---- */

/* What is added to the log-likelihood, where it has a closed form. */
static vec8 closed_height(const struct search *self, const vec8 *theta)
{
    const struct irt_estimator *estimator = self->estimator;
    vec8 height = {0}, information, j;
    if (estimator->method == IRT_ROBUST)
        return height;
    irt_answers_log_likelihood8(self->answers, theta, &height);
    if (estimator->method != IRT_MAP || estimator->prior == IRT_PRIOR_UNIFORM)
        return height;
    if (estimator->prior == IRT_PRIOR_NORMAL) {
        vec8 z = (*theta - estimator->prior_mean) / estimator->prior_sd;
        return height - 0.5 * z * z;
    }
    irt_answers_information8(self->answers, theta, &information, &j);
    return height + 0.5 * vec_log(information);
}

/* The derivative of the rest, to be integrated: WL, robust. */
static double open_slope(const struct search *self, double theta)
{
    if (self->estimator->method == IRT_ROBUST)
        return irt_answers_robust(self->answers, theta, self->estimator->tuning).slope;
    if (self->estimator->method != IRT_WL)
        return 0;
    struct irt_score score = irt_answers_score_j(self->answers, theta);
    return score.information > 0 ? score.j / (2 * score.information) : 0;
}

/* Narrow [low, high] to the grid cells around the highest point. */
static void bracket_highest(const struct search *self, double *low, double *high)
{
    size_t n_cells = (size_t)ceil((*high - *low) / spacing), best = 0;
    double step = (*high - *low) / (double)n_cells, origin = *low, best_height = -INFINITY;
    double integral = 0, slope = open_slope(self, origin);
    for (size_t first = 0; first <= n_cells; first += VEC_LANES) {
        vec8 theta = {0};
        for (size_t k = 0; k < VEC_LANES; k++)
            theta[k] = origin + (double)(first + k < n_cells ? first + k : n_cells) * step;
        vec8 height = closed_height(self, &theta);
        for (size_t k = 0; k < VEC_LANES && first + k <= n_cells; k++) {
            if (first + k > 0) { /* Simpson's rule over the cell on the left */
                double end = open_slope(self, theta[k]);
                integral += step / 6 * (slope + 4 * open_slope(self, theta[k] - 0.5 * step) + end);
                slope = end;
            }
            if (height[k] + integral > best_height) {
                best_height = height[k] + integral;
                best = first + k;
            }
        }
    }
    if (best > 0)
        *low = origin + (double)(best - 1) * step;
    if (best < n_cells)
        *high = origin + (double)(best + 1) * step;
}

/* ---- the root in a bracket ---- */

struct bracket {
    double low, high;
    bool is_low_tested, is_high_tested;
};

/* A step that leaves the bracket goes to the bound of the search, once, and else to the middle. */
static double keep_within(const struct search *self, const struct bracket *bracket, double next)
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

/* Whether the equation has one root at most, whatever the answers. */
static bool is_concave(const struct search *self)
{
    const struct irt_estimator *estimator = self->estimator;
    return self->answers->is_monotone &&
           (estimator->method == IRT_ML ||
            (estimator->method == IRT_MAP && estimator->prior != IRT_PRIOR_JEFFREYS));
}

static double find_root(const struct search *self, double low, double high, double start,
                        struct point *at)
{
    struct bracket bracket = {low, high, false, false};
    double theta = start > low && start < high ? start : 0.5 * (low + high);
    double last_theta = theta, last_slope = 0;
    bool is_newton = is_concave(self) && self->answers->is_logistic;
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

/* Whether the root found where I = information is the only one. */
static bool is_only_root(const struct search *self, double information)
{
    const struct irt_answers *answers = self->answers;
    if (!answers->is_monotone || !answers->is_logistic || self->estimator->method == IRT_ROBUST)
        return false;
    double a_max = 0;
    for (size_t i = 0; i < answers->n; i++)
        a_max = answers->a[i] > a_max ? answers->a[i] : a_max;
    return information > 1.5 * a_max * a_max;
}

static double highest_root(const struct search *self, double start, struct point *at)
{
    double low = self->theta_min, high = self->theta_max;
    if (self->answers->is_monotone && self->estimator->method != IRT_ROBUST) {
        double theta = find_root(self, low, high, start, at);
        if (is_concave(self) || (theta > low && theta < high && is_only_root(self, at->expected)))
            return theta;
    }
    bracket_highest(self, &low, &high);
    return find_root(self, low, high, start, at);
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
static double bounded_warm_error(const struct search *bounded, double theta)
{
    const double beyond = 40;
    struct search self = *bounded;
    struct point at;
    self.theta_min -= beyond;
    self.theta_max += beyond;
    double root = find_root(&self, self.theta_min, self.theta_max, theta, &at);
    struct irt_score score = irt_answers_score_j(self.answers, root);
    double r = score.information > 0 ? score.j / (2 * score.information) : 0;
    return warm_error(irt_answers_sums(self.answers, theta).observed, r);
}

static struct irt_estimate search_root(const struct irt_estimator *estimator,
                                       const struct irt_answers *answers, double start)
{
    struct search self = {estimator, answers, estimator->theta_min, estimator->theta_max};
    struct point at;
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
