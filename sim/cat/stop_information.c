/* Stop when no item left would tell enough: the most informative one has less than
 * exam.stop.information at the estimate (Dodd, Koch & De Ayala 1989).
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules.h"

static bool step(const struct rule_exam *exam, const struct rule_session *session)
{
    return session->information_left < exam->stop_information;
}

const struct rule_stop cat_stop_information = {
    .name = "information",
    .doc = "the most informative item left has less information than exam.stop.information",
    .parameters = "exam.stop.information",
    .needs = RULE_NEEDS_INFORMATION_LEFT,
    .step = step,
};
