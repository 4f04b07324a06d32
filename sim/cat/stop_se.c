/* Stop when the standard error of the estimate is at most exam.stop.se (Weiss & Kingsbury 1984).
 * Equality in the reals, such as 45 answers with 20 right for .3, is not left to rounding.
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules.h"

static bool step(const struct rule_exam *exam, const struct rule_session *session)
{
    return session->se <= exam->stop_se + RULE_TIE;
}

const struct rule_stop cat_stop_se = {
    .name = "se",
    .doc = "the standard error is at most exam.stop.se",
    .parameters = "exam.stop.se",
    .step = step,
};
