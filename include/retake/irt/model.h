/* Response functions of the logistic models, 1PL to 4PL, of one item at one ability.
 *
 *     s = 1/(1 + exp(-a (theta - b)))        P = c + (d - c) s        Q = 1 - P
 *     P' = a (d - c) s (1 - s)               I = P'^2 / (P Q)         (Birnbaum 1968; Magis 2013)
 *
 * 1 - s is computed as exp(-z) s, not by subtraction, so that P, Q and I stay positive in the
 * tails. SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_IRT_MODEL_H
#define RETAKE_IRT_MODEL_H

#include <retake/base/vec.h>
#include <retake/irt/bank.h>

struct irt_curve8 {
    vec8 p, q, dp, information;
};

/** P, Q, dP/dtheta and the expected information, lane by lane. */
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

/** P(right) of one item. */
double irt_p(const struct irt_item *item, double theta);

/** Expected (Fisher) information of one item [1/logit^2]. */
double irt_information(const struct irt_item *item, double theta);

/** Information of the scored items of a bank at theta. */
double irt_bank_information(const struct irt_bank *bank, double theta);

#endif
