/* Logarithms of response functions, right also in the far tails, where probabilities end at e^-708.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_IRT_LOG_MODEL_H
#define RETAKE_IRT_LOG_MODEL_H

#include <retake/irt/model.h>

/** Probabilities below this are taken from their logarithms. */
#define IRT_TINY 1e-300

/** log of a category's probability, right also where the probability itself would be below
 * the numbers that there are. */
void irt_log_category8(const struct irt_item *item, const vec8 *theta, size_t category, vec8 *out);

/** The same where that probability is known already: the plain logarithm, but in the tails. */
VEC_INLINE vec8 irt_log8(const struct irt_item *item, vec8 theta, size_t category, vec8 p)
{
    vec8i is_tiny = vec_less(p, vec_all(IRT_TINY));
    vec8 out;
    if (!vec_any(is_tiny))
        return vec_log(p);
    irt_log_category8(item, &theta, category, &out);
    return vec_choose(is_tiny, out, vec_log(p));
}

/** log of the expected information, likewise. */
void irt_log_information8(const struct irt_item *item, const vec8 *theta, vec8 *out);

/** Logarithm of the probability of each category. @param out [irt_n_categories(item)] */
void irt_log_probabilities(const struct irt_item *item, double theta, double *out);

#endif
