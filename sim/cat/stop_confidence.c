/* Stop when the confidence interval theta -+ z se excludes the cut (Weiss & Kingsbury 1984;
 * Thompson 2009). Strictly: an interval that only touches the cut goes on.
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules.h"

static bool step(const struct rule_exam *exam, const struct rule_session *session)
{
    double distance = session->theta - exam->cut_theta, half_width = exam->z * session->se;
    return distance > half_width || -distance > half_width;
}

const struct rule_stop cat_stop_confidence = {
    .name = "confidence",
    .doc = "the confidence interval of exam.stop.level excludes the cut",
    .parameters = "exam.stop.level exam.cut_theta",
    .step = step,
};
