/* Generalized likelihood ratio (Thompson 2009): as the sequential probability ratio test, but with
 * the greatest likelihood on either side of the indifference region cut -+ delta: the exact maxima,
 * or those of a grid of step exam.stop.grid_step (catIrt's is 0.01).
 *
 * With exam.stop.curtail it also stops when no answers to the items left until max_items can change
 * the sign of ln L(cut + delta)/L(cut - delta). SPDX-License-Identifier: Apache-2.0 */
#include "rules.h"

static bool step(const struct rule_exam *exam, const struct rule_session *session)
{
    double ratio = session->log_generalized_ratio;
    if (ratio >= exam->log_upper || ratio <= exam->log_lower)
        return true;
    return rule_curtails(exam, session);
}

const struct rule_stop cat_stop_glr = {
    .name = "glr",
    .doc = "generalized likelihood ratio beyond the cut -+ exam.stop.delta (Thompson 2009)",
    .parameters = "exam.cut_theta exam.stop.delta exam.stop.alpha exam.stop.beta "
                  "exam.stop.curtail exam.stop.grid_step",
    .needs = RULE_NEEDS_RATIO | RULE_NEEDS_GENERALIZED_RATIO,
    .step = step,
};
