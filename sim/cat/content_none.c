/* No content rule: the selection rule alone decides within the limits of the domains.
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules.h"

const struct cat_content_rule cat_content_none = {
    .name = "none",
    .doc = "no targets; min_items and max_items of the domains still hold",
};
