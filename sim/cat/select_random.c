/* A scored item at random among those not yet shown.
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules.h"

static uint32_t step(const struct cat_design *design, struct cat_session *session, double theta)
{
    (void)theta;
    uint32_t n_free = cat_count_clear(session->used, 0, design->n_scored);
    if (n_free == 0)
        return UINT32_MAX;
    return cat_clear_bit(session->used, 0, design->n_scored, rng_below(&session->rng, n_free));
}

const struct cat_select_rule cat_select_random = {
    .name = "random",
    .doc = "a scored item at random",
    .step = step,
};
