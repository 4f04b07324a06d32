/* Sequential probability ratio test (Wald 1947; Reckase 1983; Eggen & Straetmans 2000): stop when
 * ln L(cut + delta)/L(cut - delta) reaches ln((1 - beta)/alpha) or ln(beta/(1 - alpha)).
 *
 * With exam.stop.curtail it also stops when no answers to the items left until max_items can change
 * the sign of the ratio (Finkelman 2008). The test is truncated at max_items.
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules.h"

static bool step(const struct rule_exam *exam, const struct rule_session *session)
{
    if (session->log_ratio >= exam->log_upper || session->log_ratio <= exam->log_lower)
        return true;
    return rule_curtails(exam, session);
}

const struct rule_stop cat_stop_sprt = {
    .name = "sprt",
    .doc = "sequential probability ratio test at the cut -+ exam.stop.delta (Wald 1947)",
    .parameters = "exam.cut_theta exam.stop.delta exam.stop.alpha exam.stop.beta exam.stop.curtail",
    .needs = RULE_NEEDS_RATIO,
    .step = step,
};
