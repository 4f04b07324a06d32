/* Response functions of one item at one ability, or at eight.
 *
 * Logistic (Birnbaum 1968; Barton & Lord 1981):
 *     s = 1/(1 + exp(-a (theta - b)))        P = c + (d - c) s        Q = 1 - P
 *     P' = a (d - c) s (1 - s)               I = P'^2 / (P Q)
 * GPCM (Muraki 1992; PCM, Masters 1982, has a = 1), categories x = 0 .. m:
 *     P_x = exp(sum_{k<=x} a (theta - b_k)) / sum over the categories of the same
 *     P_x' = a P_x (x - M)     P_x'' = a^2 P_x ((x - M)^2 - V)       M, V: mean, variance of x
 * GRM (Samejima 1969), s_k = 1/(1 + exp(-a (theta - b_k))), s_0 = 1, s_{m+1} = 0:
 *     P_x = s_x - s_{x+1}      P_x' = a P_x (1 - s_x - s_{x+1})
 *
 * 1 - s is computed as exp(-z) s, not by subtraction, so that P, Q and I stay positive in the
 * tails. There exp ends at e^-708, and so do probabilities; their logarithms go on
 * (log_model.h). SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_IRT_MODEL_H
#define RETAKE_IRT_MODEL_H

#include <retake/base/vec.h>
#include <retake/irt/bank.h>

struct irt_curve8 {
    vec8 p, q, dp, information;
};

/** P, Q, dP/dtheta and the expected information of logistic items, lane by lane. */
VEC_INLINE struct irt_curve8 irt_curve8(vec8 a, vec8 b, vec8 c, vec8 d, vec8 theta)
{
    vec8 e = vec_exp(-(a * (theta - b)));
    vec8 s = 1.0 / (1.0 + e);
    vec8 t = e * s;
    struct irt_curve8 out;
    out.p = c + (d - c) * s;
    out.q = (1.0 - d) + (d - c) * t;
    out.dp = a * (d - c) * s * t;
    out.information = out.dp * out.dp / (out.p * out.q);
    return out;
}

/** A category's probability and its first two derivatives with respect to theta. */
struct irt_category8 {
    vec8 p, dp, d2p;
};

VEC_INLINE void irt_logistic_categories8(const struct irt_item *item, vec8 theta,
                                         struct irt_category8 *out)
{
    double a = item->a, c = item->c, height = item->d - item->c;
    vec8 e = vec_exp(-(a * (theta - item->b)));
    vec8 s = 1.0 / (1.0 + e), t = e * s;
    out[1].p = c + height * s;
    out[0].p = (1.0 - item->d) + height * t;
    out[1].dp = a * height * s * t;
    out[0].dp = -out[1].dp;
    out[1].d2p = a * out[1].dp * (t - s);
    out[0].d2p = -out[1].d2p;
}

VEC_INLINE void irt_gpcm_categories8(const struct irt_item *item, vec8 theta,
                                     struct irt_category8 *out)
{
    size_t n = item->n_categories;
    vec8 z = {0}, highest = {0}, total = {0}, mean = {0}, variance = {0};
    out[0].p = z;
    for (size_t x = 1; x < n; x++) {
        z += item->a * (theta - item->steps[x - 1]);
        out[x].p = z;
        highest = vec_choose(vec_less(highest, z), z, highest);
    }
    for (size_t x = 0; x < n; x++) {
        out[x].p = vec_exp(out[x].p - highest);
        total += out[x].p;
        mean += (double)x * out[x].p;
    }
    mean /= total;
    for (size_t x = 0; x < n; x++) {
        out[x].p /= total;
        variance += out[x].p * ((double)x - mean) * ((double)x - mean);
    }
    for (size_t x = 0; x < n; x++) {
        vec8 from_mean = (double)x - mean;
        out[x].dp = item->a * out[x].p * from_mean;
        out[x].d2p = item->a * item->a * out[x].p * (from_mean * from_mean - variance);
    }
}

/** 1 - exp(-x), x > 0. */
static inline double irt_grm_share(double x)
{
    const double small = 1e-8; /* 1 - exp(-x) would cancel */
    return x < small ? x - 0.5 * x * x : 1.0 - vec_exp1(-x);
}

VEC_INLINE void irt_grm_categories8(const struct irt_item *item, vec8 theta,
                                    struct irt_category8 *out)
{
    double a = item->a;
    vec8 s = vec_all(1), t = {0}; /* at or above the category's lower threshold, and below it */
    for (size_t x = 0; x < item->n_categories; x++) {
        vec8 s_next = {0}, t_next = vec_all(1), share = vec_all(1);
        if (x + 1u < item->n_categories) {
            vec8 e = vec_exp(-(a * (theta - item->steps[x])));
            s_next = 1.0 / (1.0 + e);
            t_next = e * s_next;
        }
        if (x > 0 && x + 1u < item->n_categories) /* s - s_next without cancellation */
            share = vec_all(irt_grm_share(a * (item->steps[x] - item->steps[x - 1])));
        vec8 slope = t - s_next;
        out[x].p = s * t_next * share;
        out[x].dp = a * out[x].p * slope;
        out[x].d2p = a * a * out[x].p * (slope * slope - s * t - s_next * t_next);
        s = s_next;
        t = t_next;
    }
}

/** All categories of an item of any model. @param out [irt_n_categories(item)] */
VEC_INLINE void irt_categories8(const struct irt_item *item, vec8 theta, struct irt_category8 *out)
{
    if (item->model == IRT_LOGISTIC)
        irt_logistic_categories8(item, theta, out);
    else if (item->model == IRT_GPCM)
        irt_gpcm_categories8(item, theta, out);
    else
        irt_grm_categories8(item, theta, out);
}

/** Probability of each category. @param p [irt_n_categories(item)] */
void irt_probabilities(const struct irt_item *item, double theta, double *p);

/** P(right) of a logistic item; of a polytomous one P(the highest category). */
double irt_p(const struct irt_item *item, double theta);

/** Expected (Fisher) information of one item [1/logit^2], any model. */
double irt_information(const struct irt_item *item, double theta);

/** -d^2 log P_category / d theta^2. */
double irt_observed_information(const struct irt_item *item, double theta, size_t category);

/** Sums over the categories x of an item: I = sum P'^2/P, J = sum P' P''/P, and derivatives. */
struct irt_functions {
    double information, d_information, d2_information, j, d_j;
};

struct irt_functions irt_item_functions(const struct irt_item *item, double theta);

/** Information of the scored items of a bank at theta. */
double irt_bank_information(const struct irt_bank *bank, double theta);

#endif
