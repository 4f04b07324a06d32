/* Sympson & Hetter (1985): an item that selection chose is shown with probability K_i; an item set
 * aside does not come back in the same sitting, unless its domain, or the pool, has no other left.
 * The K_i are calibrated until no item is shown in more than exam.exposure.target of the sittings.
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules.h"

static bool accepts(const struct cat_design *design, struct cat_session *session, uint32_t item)
{
    double p = design->p_shown ? design->p_shown[item] : 1;
    return p >= 1 || rng_unit(&session->rng) < p;
}

const struct cat_exposure_rule cat_exposure_sympson_hetter = {
    .name = "sympson_hetter",
    .doc = "a chosen item is shown with its calibrated probability (Sympson & Hetter 1985)",
    .parameters = "exam.exposure.target exam.exposure.candidates exam.exposure.iterations "
                  "exam.exposure.seed exam.exposure.file",
    .is_calibrated = true,
    .accepts = accepts,
};
