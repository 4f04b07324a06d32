/* Kullback-Leibler information near the estimate (Chang & Ying 1996; Eggen 1999).
 *
 * fp_kl, vp_kl  between the two points theta + d and theta - d:
 *               sum_x P_x(theta + d) ln(P_x(theta + d)/P_x(theta - d))
 * fi_kl, vi_kl  integral over G in [theta - d, theta + d] (trapezoid rule, 33 points) of
 *               sum_x P_x(G) ln(P_x(G)/P_x(theta))
 *
 * d is exam.select.delta (fixed: f), or that divided by the root of the number of answers
 * (variable: v). SPDX-License-Identifier: Apache-2.0 */
#include <retake/irt/log_model.h>

#include <math.h>

#include "rules.h"

enum { N_POINTS = 33 };

static double shrinking(const struct cat_design *design, const struct cat_session *session)
{
    double n = session->seen.n_scored > 0 ? session->seen.n_scored : 1;
    return design->select_numbers->delta / sqrt(n);
}

static double divergence(const struct irt_item *item, double from, double to)
{
    double p[IRT_MAX_CATEGORIES], log_p[IRT_MAX_CATEGORIES], log_q[IRT_MAX_CATEGORIES], sum = 0;
    irt_probabilities(item, from, p);
    irt_log_probabilities(item, from, log_p);
    irt_log_probabilities(item, to, log_q);
    for (size_t x = 0; x < irt_n_categories(item); x++)
        sum += p[x] * (log_p[x] - log_q[x]);
    return sum;
}

static void between_points(const struct cat_design *design, double theta, double d,
                           const uint32_t *items, size_t n, double *values)
{
    for (size_t i = 0; i < n; i++)
        values[i] = divergence(&design->items[items[i]], theta + d, theta - d);
}

VEC_CLONES static void over_interval(const struct cat_design *design, double theta, double d,
                                     const uint32_t *items, size_t n, double *values)
{
    struct irt_category8 at[IRT_MAX_CATEGORIES], here[IRT_MAX_CATEGORIES];
    const vec8 lane = {0, 1, 2, 3, 4, 5, 6, 7};
    for (size_t i = 0; i < n; i++) {
        const struct irt_item *item = &design->items[items[i]];
        vec8 total = {0};
        irt_categories8(item, vec_all(theta), here);
        for (int q = 0; q < N_POINTS; q += VEC_LANES) {
            vec8 point = lane + (double)q, weight = vec_all(1);
            vec8i is_end = (vec8i)(point == 0.0) | (vec8i)(point == (double)N_POINTS - 1.0);
            weight = vec_choose(is_end, vec_all(0.5), weight);
            weight = vec_choose((vec8i)(point >= (double)N_POINTS), vec_all(0), weight);
            vec8 there = theta - d + point * (2 * d / (N_POINTS - 1));
            irt_categories8(item, there, at);
            for (size_t x = 0; x < irt_n_categories(item); x++)
                total += weight * at[x].p *
                         (irt_log8(item, there, x, vec_clamp(at[x].p, 0, 1)) -
                          irt_log8(item, vec_all(theta), x, vec_clamp(here[x].p, 0, 1)));
        }
        values[i] = vec_sum(total);
    }
}

static void fp_kl(const struct cat_select_rule *self, const struct cat_design *design,
                  struct cat_session *session, double theta, const uint32_t *items, size_t n,
                  double *values)
{
    (void)self, (void)session;
    between_points(design, theta, design->select_numbers->delta, items, n, values);
}

static void vp_kl(const struct cat_select_rule *self, const struct cat_design *design,
                  struct cat_session *session, double theta, const uint32_t *items, size_t n,
                  double *values)
{
    (void)self;
    between_points(design, theta, shrinking(design, session), items, n, values);
}

static void fi_kl(const struct cat_select_rule *self, const struct cat_design *design,
                  struct cat_session *session, double theta, const uint32_t *items, size_t n,
                  double *values)
{
    (void)self, (void)session;
    over_interval(design, theta, design->select_numbers->delta, items, n, values);
}

static void vi_kl(const struct cat_select_rule *self, const struct cat_design *design,
                  struct cat_session *session, double theta, const uint32_t *items, size_t n,
                  double *values)
{
    (void)self;
    over_interval(design, theta, shrinking(design, session), items, n, values);
}

const struct cat_select_rule cat_select_fp_kl = {
    .name = "fp_kl",
    .doc = "Kullback-Leibler information between theta -+ exam.select.delta",
    .parameters = "exam.select.delta",
    .needs_estimate = true,
    .criterion = fp_kl,
};

const struct cat_select_rule cat_select_vp_kl = {
    .name = "vp_kl",
    .doc = "Kullback-Leibler information between theta -+ exam.select.delta/sqrt(answers)",
    .parameters = "exam.select.delta",
    .needs_estimate = true,
    .criterion = vp_kl,
};

const struct cat_select_rule cat_select_fi_kl = {
    .name = "fi_kl",
    .doc = "Kullback-Leibler information integrated over theta -+ exam.select.delta",
    .parameters = "exam.select.delta",
    .needs_estimate = true,
    .criterion = fi_kl,
};

const struct cat_select_rule cat_select_vi_kl = {
    .name = "vi_kl",
    .doc = "Kullback-Leibler information integrated over theta -+ exam.select.delta/sqrt(answers) "
           "(Chang & Ying 1996)",
    .parameters = "exam.select.delta",
    .needs_estimate = true,
    .criterion = vi_kl,
};
