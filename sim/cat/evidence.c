/* What only some rules ask for, kept after every scored answer:
 *
 * log_ratio  ln L(cut + delta)/L(cut - delta), a sum of one table entry per answer. What it can
 *            still become by max_items is bounded by the sums of the least and the greatest
 *            contributions of as many items of the pool as the test has left.
 * log_generalized_ratio  ln of the greatest likelihood over theta >= cut + delta divided by that
 *            over theta <= cut - delta, both within the bounds of the estimate (Thompson 2009).
 * information_left  of the most informative item that may still come, at the estimate.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include <retake/base/real.h>
#include <retake/base/wording.h>
#include <retake/irt/log_model.h>
#include <stdlib.h>
#include <string.h>

#include "rules.h"
#include "select.h"
#include "session_estimate.h"
#include "stop.h"

struct cat_evidence {
    unsigned needs;
    uint32_t from;         /* scored answers from which on the costly ones are kept */
    double low, high;      /* cut -+ delta */
    const double *ratio;   /* [first[i] + x]: ln P_x(cut + delta)/P_x(cut - delta) */
    const uint32_t *first; /* [n_scored] */
    const double *least_sum, *greatest_sum; /* [max_items + 1]: of k items of the pool */
    double grid_step;                       /* of the generalized ratio; INFINITY: exact maxima */
};

static int rising(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/* sums[k] is the sum of the k extreme values; sign -1 takes the greatest. */
static void sum_extremes(double *values, size_t n, double sign, size_t n_sums, double *sums)
{
    for (size_t i = 0; i < n; i++)
        values[i] *= sign;
    qsort(values, n, sizeof *values, rising);
    sums[0] = 0;
    for (size_t k = 1; k < n_sums; k++)
        sums[k] = sums[k - 1] + (k <= n ? sign * values[k - 1] : 0);
}

static void fill_ratios(const struct cat_design *design, double *ratio, uint32_t *first,
                        double *least, double *greatest)
{
    double low = design->evidence->low, high = design->evidence->high;
    double log_high[IRT_MAX_CATEGORIES], log_low[IRT_MAX_CATEGORIES];
    uint32_t n = 0;
    for (size_t i = 0; i < design->n_scored; i++) {
        const struct irt_item *item = &design->items[i];
        irt_log_probabilities(item, high, log_high);
        irt_log_probabilities(item, low, log_low);
        first[i] = n;
        least[i] = INFINITY;
        greatest[i] = -INFINITY;
        for (size_t x = 0; x < irt_n_categories(item); x++, n++) {
            ratio[n] = log_high[x] - log_low[x];
            least[i] = real_min(least[i], ratio[n]);
            greatest[i] = real_max(greatest[i], ratio[n]);
        }
    }
}

static enum err_code make_ratios(struct cat_design *design, struct cat_evidence *self,
                                 struct err *err)
{
    size_t n = design->n_scored, n_sums = design->exam.max_items + 1, n_answers = 0;
    for (size_t i = 0; i < n; i++)
        n_answers += irt_n_categories(&design->items[i]);
    double *ratio = arena_alloc(&design->arena, n_answers * sizeof *ratio);
    uint32_t *first = arena_alloc(&design->arena, n * sizeof *first);
    double *sums = arena_alloc(&design->arena, 2 * n_sums * sizeof *sums);
    double *extremes = malloc(2 * n * sizeof *extremes);
    if (!ratio || !first || !sums || !extremes) {
        free(extremes);
        return err_set(err, ERR_MEMORY, "no memory for likelihood ratios of %s",
                       wording_count(n, "item").text);
    }
    fill_ratios(design, ratio, first, extremes, extremes + n);
    sum_extremes(extremes, n, 1, n_sums, sums);
    sum_extremes(extremes + n, n, -1, n_sums, sums + n_sums);
    free(extremes);
    self->ratio = ratio;
    self->first = first;
    self->least_sum = sums;
    self->greatest_sum = sums + n_sums;
    return ERR_OK;
}

/* The suprema of the generalized ratio are taken within the bounds of the estimate. */
static enum err_code check_region(const struct scenario *scenario, const struct cat_design *design,
                                  const struct cat_evidence *self, struct err *err)
{
    double min = design->estimator.theta_min, max = design->estimator.theta_max;
    if (!(self->needs & RULE_NEEDS_GENERALIZED_RATIO) || (min < self->low && self->high < max))
        return ERR_OK;
    return config_scenario_error(scenario, "exam.stop.delta", err, ERR_INPUT,
                                 "the cut -+ delta (%g and %g) must lie between "
                                 "exam.estimate.theta_min and theta_max (%g and %g)",
                                 self->low, self->high, min, max);
}

enum err_code cat_evidence_init(const struct scenario *scenario, const struct cat_needs *needs,
                                struct cat_design *design, struct err *err)
{
    if (!(needs->at_stop | needs->always))
        return ERR_OK;
    struct cat_evidence *self = arena_alloc(&design->arena, sizeof *self);
    if (!self)
        return err_set(err, ERR_MEMORY, "no memory for evidence");
    *self = (struct cat_evidence){.needs = needs->at_stop | needs->always,
                                  .from = needs->always ? 0 : design->exam.min_items,
                                  .low = design->exam.cut_theta - design->exam.stop_delta,
                                  .high = design->exam.cut_theta + design->exam.stop_delta,
                                  .grid_step = scenario->exam_stop_grid_step};
    design->evidence = self;
    design->keeps_answers |= (self->needs & RULE_NEEDS_GENERALIZED_RATIO) != 0;
    if (check_region(scenario, design, self, err) != ERR_OK)
        return err->code;
    return self->needs & RULE_NEEDS_RATIO ? make_ratios(design, self, err) : ERR_OK;
}

/* What log_ratio can still become. */
static void bound_ratio(const struct cat_design *design, struct rule_session *seen)
{
    uint32_t left = design->exam.max_items - seen->n_scored;
    seen->least_ratio = seen->log_ratio + design->evidence->least_sum[left];
    seen->greatest_ratio = seen->log_ratio + design->evidence->greatest_sum[left];
}

void cat_evidence_begin(const struct cat_design *design, struct cat_session *session)
{
    const struct cat_evidence *self = design->evidence;
    if (self->needs & RULE_NEEDS_RATIO)
        bound_ratio(design, &session->seen);
    if (self->from == 0 && (self->needs & RULE_NEEDS_INFORMATION_LEFT))
        session->seen.information_left = cat_information_left(design, session, session->seen.theta);
}

static void add_ratio(const struct cat_design *design, struct cat_session *session, uint8_t answer)
{
    const struct cat_evidence *self = design->evidence;
    session->seen.log_ratio += self->ratio[self->first[session->item] + answer];
    bound_ratio(design, &session->seen);
}

/* The greatest log-likelihood over [low, high]. */
static double greatest(const struct cat_design *design, const struct irt_answers *answers,
                       double low, double high)
{
    struct irt_estimator ml = design->estimator;
    ml.method = IRT_ML;
    ml.constant = IRT_CONSTANT_BOUNDS;
    ml.theta_min = low;
    ml.theta_max = high;
    return irt_log_likelihood(answers, irt_estimate_root(&ml, answers, 0.5 * (low + high)).theta);
}

/* The same over the points of a grid that lie strictly below low and strictly above high. */
static void greatest_of_grid(const struct cat_design *design, const struct irt_answers *answers,
                             double low, double high, double *below, double *above)
{
    double origin = design->estimator.theta_min, step = design->evidence->grid_step;
    size_t n = (size_t)((design->estimator.theta_max - origin) / step + 1e-10) + 1;
    *below = *above = -INFINITY;
    for (size_t first = 0; first < n; first += VEC_LANES) {
        vec8 theta, height;
        for (size_t k = 0; k < VEC_LANES; k++)
            theta[k] = origin + (double)(first + k < n ? first + k : n - 1) * step;
        irt_answers_log_likelihood8(answers, &theta, &height);
        for (size_t k = 0; k < VEC_LANES; k++) {
            if (theta[k] < low)
                *below = real_max(*below, height[k]);
            else if (theta[k] > high)
                *above = real_max(*above, height[k]);
        }
    }
}

static void add_generalized_ratio(const struct cat_design *design, struct cat_session *session)
{
    struct irt_answers answers = cat_session_answers(design, session);
    const struct cat_evidence *self = design->evidence;
    double below, above;
    if (isfinite(self->grid_step)) {
        greatest_of_grid(design, &answers, self->low, self->high, &below, &above);
    } else {
        below = greatest(design, &answers, design->estimator.theta_min, self->low);
        above = greatest(design, &answers, self->high, design->estimator.theta_max);
    }
    session->seen.log_generalized_ratio = above - below;
}

void cat_evidence_add(const struct cat_design *design, struct cat_session *session, uint8_t answer)
{
    const struct cat_evidence *self = design->evidence;
    if (self->needs & RULE_NEEDS_RATIO)
        add_ratio(design, session, answer);
    if (session->seen.n_scored < self->from)
        return;
    if (self->needs & RULE_NEEDS_GENERALIZED_RATIO)
        add_generalized_ratio(design, session);
    if (self->needs & RULE_NEEDS_INFORMATION_LEFT)
        session->seen.information_left = cat_information_left(design, session, session->seen.theta);
}
