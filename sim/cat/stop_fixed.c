/* Never stop before the maximum: a test of fixed length exam.max_items.
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules.h"

static bool step(const struct rule_exam *exam, const struct rule_session *session)
{
    (void)exam, (void)session;
    return false;
}

const struct rule_stop cat_stop_fixed = {
    .name = "fixed",
    .doc = "fixed length: exam.max_items",
    .parameters = "exam.max_items",
    .step = step,
};
