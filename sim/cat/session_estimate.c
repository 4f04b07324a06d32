/* Estimates of sessions: the EAP kernel multiplies the posterior over the grid, up to eight
 * sessions at a time; the other estimators solve for their root from the answers.
 * SPDX-License-Identifier: Apache-2.0 */
#include "session_estimate.h"

#include <retake/base/real.h>
#include <retake/base/vec_sums.h>
#include <retake/irt/log_model.h>

#include <math.h>
#include <string.h>

#include "prior.h"
#include "rules.h"

/* ---- tables ---- */

static double least_b(const struct cat_design *design, double sign)
{
    double least = INFINITY;
    for (size_t i = 0; i < design->n_scored; i++)
        least = real_min(least, sign * design->items[i].b);
    return sign * least;
}

static void copy_estimator(const struct scenario *s, struct cat_design *design)
{
    design->estimator.prior = (enum irt_prior)s->exam_estimate_prior;
    design->estimator.prior_mean = s->exam_estimate_prior_mean;
    design->estimator.prior_sd = s->exam_estimate_prior_sd;
    design->estimator.prior_min = s->exam_estimate_prior_min;
    design->estimator.prior_max = s->exam_estimate_prior_max;
    design->estimator.theta_min = s->exam_estimate_theta_min;
    design->estimator.theta_max = s->exam_estimate_theta_max;
    design->estimator.points = (size_t)s->exam_estimate_points;
    design->estimator.quadrature = (enum irt_quadrature)s->exam_estimate_quadrature;
    design->estimator.se = (enum irt_se)s->exam_estimate_se;
    design->estimator.constant = (enum irt_constant)s->exam_estimate_constant;
    design->estimator.tuning = s->exam_estimate_tuning;
    design->estimator.start_theta = s->exam_start_theta;
    design->estimator.b_min = least_b(design, 1);
    design->estimator.b_max = least_b(design, -1);
}

enum err_code cat_estimate_init(const struct scenario *scenario, struct cat_design *design,
                                struct err *err)
{
    double *rows, *information;
    uint32_t *first_row;
    struct irt_estimator *self = &design->estimator;
    copy_estimator(scenario, design);
    bool is_eap = self->method == IRT_EAP;
    design->keeps_previous = self->method == IRT_ML && scenario->exam_estimate_unbounded == 1;
    bool is_posterior = self->se == IRT_SE_DEFAULT || self->se == IRT_SE_POSTERIOR;
    if (!is_eap && self->se == IRT_SE_POSTERIOR)
        return config_scenario_error(scenario, "exam.estimate.se", err, ERR_INPUT,
                                     "posterior goes with the rule eap; take expected or observed");
    if (cat_prior_check(scenario, self, err) != ERR_OK)
        return err->code;
    design->keeps_answers |= !is_eap || !is_posterior;
    if (irt_grid_init(self, &design->arena, &design->grid, err) ||
        irt_grid_likelihood(&design->grid, design->items, design->n_scored, &design->arena, &rows,
                            &first_row, err))
        return err->code;
    design->likelihood = rows;
    design->first_row = first_row;
    if (!is_eap || self->prior != IRT_PRIOR_JEFFREYS)
        return ERR_OK;
    if (irt_grid_information(&design->grid, design->items, design->n_scored, &design->arena,
                             &information, err) == ERR_OK)
        design->grid_information = information;
    return err->code;
}

/* ---- EAP ---- */

/* Of eight sessions: w, w theta and w theta^2, summed over the vectors of the grid. */
struct moments {
    vec8 s0[VEC_LANES], s1[VEC_LANES], s2[VEC_LANES];
};

/* Multiply the posterior by a row of the likelihood and take its moments; the second if asked. */
VEC_INLINE void multiply(const vec8 *theta, size_t n_vectors, const vec8 *row, vec8 *weight,
                         bool is_second, struct moments *out, size_t lane)
{
    vec8 s0 = {0}, s1 = {0}, s2 = {0};
    for (size_t v = 0; v < n_vectors; v++) {
        vec8 w = weight[v] * row[v], m = w * theta[v];
        weight[v] = w;
        s0 += w;
        s1 += m;
        if (is_second)
            s2 += m * theta[v];
    }
    out->s0[lane] = s0;
    out->s1[lane] = s1;
    if (is_second)
        out->s2[lane] = s2;
}

/* The sessions of a mask whose weights became so small that numbers below the least may matter. */
__attribute__((noinline, cold)) static void
restore(const struct cat_design *design, struct cat_session *const *sessions, uint32_t is_low)
{
    const struct cat_weights_over over = cat_estimate_over(design);
    for (size_t i = 0; i < VEC_LANES; i++) {
        if (!(is_low >> i & 1))
            continue;
        cat_weights_restore(design, sessions[i], &over, sessions[i]->weight);
        struct irt_estimate estimate = irt_eap(&design->grid, sessions[i]->weight);
        sessions[i]->seen.theta = estimate.theta;
        sessions[i]->seen.se = estimate.se;
    }
}

/* EAP of up to VEC_LANES sessions, each after one more scored answer. */
VEC_INLINE void update_octet(const struct cat_design *design, size_t n_vectors, bool is_second,
                             struct cat_session *const *sessions, size_t n, const uint8_t *answer)
{
    const vec8 *theta = (const vec8 *)design->grid.theta;
    const vec8 *rows = (const vec8 *)design->likelihood;
    struct moments moments;
    for (size_t i = 0; i < n; i++) {
        const vec8 *row = rows + (design->first_row[sessions[i]->item] + answer[i]) * n_vectors;
        multiply(theta, n_vectors, row, (vec8 *)sessions[i]->weight, is_second, &moments, i);
    }
    for (size_t i = n; i < VEC_LANES; i++) /* to no effect */
        moments.s0[i] = moments.s1[i] = moments.s2[i] = vec_all(1);
    vec8 s0 = vec_sums(moments.s0), mean = vec_sums(moments.s1) / s0;
    uint32_t is_low = 0;
    for (size_t i = 0; i < n; i++) {
        sessions[i]->seen.theta = mean[i];
        is_low |= (uint32_t)(s0[i] < CAT_WEIGHTS_LOW) << i;
    }
    if (is_second) {
        vec8 variance = vec_sums(moments.s2) / s0 - mean * mean;
        vec8 se = vec_sqrt(vec_choose(vec_less(vec_all(0), variance), variance, vec_all(0)));
        for (size_t i = 0; i < n; i++)
            sessions[i]->seen.se = se[i];
    }
    if (is_low)
        restore(design, sessions, is_low);
}

/* Whether a standard error is due to any of the sessions. */
static bool is_se_due(const struct cat_design *design, struct cat_session *const *sessions,
                      size_t n)
{
    uint32_t most = 0;
    for (size_t i = 0; i < n; i++)
        most = sessions[i]->seen.n_scored > most ? sessions[i]->seen.n_scored : most;
    return most >= design->se_from;
}

VEC_CLONES static void update_eap(const struct cat_design *design,
                                  struct cat_session *const *sessions, size_t n,
                                  const uint8_t *answer)
{
    const size_t usual = 5; /* vectors of 33 to 40 points */
    for (size_t i = 0; i < n; i += VEC_LANES) {
        size_t m = n - i < VEC_LANES ? n - i : VEC_LANES;
        bool is_second = is_se_due(design, sessions + i, m);
        if (design->grid.n_vectors == usual && !is_second)
            update_octet(design, usual, false, sessions + i, m, answer + i);
        else if (design->grid.n_vectors == usual)
            update_octet(design, usual, true, sessions + i, m, answer + i);
        else
            update_octet(design, design->grid.n_vectors, true, sessions + i, m, answer + i);
    }
}

/* Jeffreys' prior, sqrt(information), from logarithms: log sum exp over the items answered. */
static void add_log_jeffreys(const struct cat_design *design, const struct cat_session *self,
                             double *log_start)
{
    for (size_t v = 0; v < design->grid.n_vectors; v++) {
        vec8 highest = {0}, total = {0}, term;
        for (size_t k = 0; k < self->seen.n_scored; k++) {
            irt_log_information8(&design->items[self->scored[k]],
                                 &((const vec8 *)design->grid.theta)[v], &term);
            vec8 last = highest;
            highest = vec_choose(vec_less(highest, term), term, highest);
            if (k == 0)
                last = highest = term;
            total = total * vec_exp(last - highest) + vec_exp(term - highest);
        }
        ((vec8 *)log_start)[v] += 0.5 * (highest + vec_log(total));
    }
}

static void exact_jeffreys(const struct cat_design *design, const struct cat_session *self,
                           struct irt_estimate *out)
{
    struct cat_weights_over over = cat_estimate_over(design);
    double *log_start = self->scratch->log_start;
    memcpy(log_start, design->grid.log_prior, design->grid.n_vectors * sizeof(vec8));
    add_log_jeffreys(design, self, log_start);
    over.log_start = log_start;
    cat_weights_exact(design, self, &over, NULL, self->scratch->exact);
    *out = irt_eap(&design->grid, self->scratch->exact);
}

static void update_jeffreys(const struct cat_design *design, struct cat_session *self)
{
    struct irt_estimate estimate;
    size_t n = design->grid.n_vectors * VEC_LANES;
    const double *row = design->grid_information + self->item * n;
    for (size_t q = 0; q < n; q++)
        self->information[q] += row[q];
    if (!irt_eap_jeffreys(&design->grid, self->weight, self->information, &estimate))
        exact_jeffreys(design, self, &estimate);
    self->seen.theta = estimate.theta;
    self->seen.se = estimate.se;
}

/* ---- the likelihood that selection integrates ---- */

/* @return whether its sum is large enough */
VEC_CLONES static bool multiply_likelihood(const struct cat_curves *curves,
                                           struct cat_session *self, uint8_t answer)
{
    size_t n = curves->grid.n_vectors;
    const vec8 *row =
        (const vec8 *)curves->rows + ((size_t)curves->first_row[self->item] + answer) * n;
    vec8 *likelihood = (vec8 *)self->likelihood, total = {0};
    for (size_t v = 0; v < n; v++) {
        likelihood[v] *= row[v];
        total += likelihood[v];
    }
    return vec_sum(total) >= CAT_WEIGHTS_LOW;
}

static void update_likelihood(const struct cat_design *design, struct cat_session *self,
                              uint8_t answer)
{
    const struct cat_curves *curves = design->curves;
    const struct cat_weights_over over = {&curves->grid, NULL, curves->rows, curves->first_row};
    if (!multiply_likelihood(curves, self, answer))
        cat_weights_restore(design, self, &over, self->likelihood);
}

/* ---- answers ---- */

static void keep_answer(const struct cat_design *design, struct cat_session *self, size_t k,
                        uint32_t at, uint8_t answer)
{
    const struct irt_item *item = &design->items[at];
    self->a[k] = item->a;
    self->b[k] = item->b;
    self->c[k] = item->c;
    self->d[k] = item->d;
    self->x[k] = answer;
    self->asked[k] = item;
}

struct irt_answers cat_session_answers(const struct cat_design *design,
                                       const struct cat_session *self)
{
    return (struct irt_answers){.n = self->seen.n_scored,
                                .a = self->a,
                                .b = self->b,
                                .c = self->c,
                                .d = self->d,
                                .x = self->x,
                                .items = self->asked,
                                .categories = self->scored_answers,
                                .is_monotone = design->is_monotone,
                                .is_logistic = design->is_logistic};
}

/* Whether the likelihood still rises at a bound, though not because of an extreme pattern. */
static bool is_unbounded(const struct irt_estimator *estimator, const struct irt_answers *answers,
                         double theta)
{
    return (theta == estimator->theta_min || theta == estimator->theta_max) &&
           irt_answers_extreme(answers) == 0;
}

static void estimate_root(const struct cat_design *design, struct cat_session *self)
{
    struct irt_answers answers = cat_session_answers(design, self);
    struct irt_estimate estimate =
        irt_estimate_root(&design->estimator, &answers, self->seen.theta);
    if (design->keeps_previous && is_unbounded(&design->estimator, &answers, estimate.theta))
        return;
    self->seen.theta = estimate.theta;
    self->seen.se = estimate.se;
}

double cat_estimate_if(const struct cat_design *design, struct cat_session *self, uint32_t item,
                       uint8_t answer)
{
    struct irt_answers answers = cat_session_answers(design, self);
    keep_answer(design, self, answers.n, item, answer);
    self->scored_answers[answers.n++] = answer;
    return irt_estimate_root(&design->estimator, &answers, self->seen.theta).theta;
}

void cat_estimate_settle(const struct cat_design *design, struct cat_session *self)
{
    if (design->is_lazy && self->seen.n_scored > 0 && self->seen.n_scored < design->exam.min_items)
        estimate_root(design, self);
    self->seen.se = cat_session_se(design, self);
}

double cat_session_se(const struct cat_design *design, const struct cat_session *self)
{
    if (self->seen.n_scored == 0 || self->seen.n_scored >= design->se_from)
        return self->seen.se;
    return irt_eap(&design->grid, self->weight).se;
}

static void update_roots(const struct cat_design *design, struct cat_session *const *sessions,
                         size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!design->is_lazy || sessions[i]->seen.n_scored >= design->exam.min_items)
            estimate_root(design, sessions[i]);
}

static void update_posteriors(const struct cat_design *design, struct cat_session *const *sessions,
                              size_t n, const uint8_t *answer)
{
    update_eap(design, sessions, n, answer);
    for (size_t i = 0; design->grid_information && i < n; i++)
        update_jeffreys(design, sessions[i]);
    if (design->estimator.se == IRT_SE_DEFAULT || design->estimator.se == IRT_SE_POSTERIOR)
        return;
    for (size_t i = 0; i < n; i++) {
        struct irt_answers answers = cat_session_answers(design, sessions[i]);
        sessions[i]->seen.se =
            irt_standard_error(&design->estimator, &answers, sessions[i]->seen.theta);
    }
}

void cat_estimate_update(const struct cat_design *design, struct cat_session *const *sessions,
                         size_t n, const uint8_t *answer)
{
    for (size_t i = 0; design->keeps_answers && i < n; i++)
        keep_answer(design, sessions[i], sessions[i]->seen.n_scored - 1, sessions[i]->item,
                    answer[i]);
    for (size_t i = 0; design->curves && i < n; i++)
        update_likelihood(design, sessions[i], answer[i]);
    if (design->estimator.method == IRT_EAP)
        update_posteriors(design, sessions, n, answer);
    else
        update_roots(design, sessions, n);
}
