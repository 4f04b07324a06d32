/* No exposure control. SPDX-License-Identifier: Apache-2.0 */
#include "rules.h"

const struct cat_exposure_rule cat_exposure_none = {
    .name = "none",
    .doc = "no control",
};
