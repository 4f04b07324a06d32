/* A scored item at random, each with the same probability.
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules.h"
#include "sets.h"

/* One draw: to choose at random among k random items would change nothing. */
static uint32_t best(const struct cat_design *design, struct cat_session *session, double theta,
                     struct cat_available from, uint32_t k, uint32_t *out)
{
    (void)theta, (void)k;
    if (!from.set) {
        uint32_t n = cat_count_clear(session->blocked, 0, design->n_scored);
        if (n > 0)
            out[0] =
                cat_clear_bit(session->blocked, 0, design->n_scored, rng_below(&session->rng, n));
        return n > 0;
    }
    uint32_t n = cat_list_available(design, session, from, session->scratch->items);
    if (n > 0)
        out[0] = session->scratch->items[rng_below(&session->rng, n)];
    return n > 0;
}

const struct cat_select_rule cat_select_random = {
    .name = "random",
    .doc = "a scored item at random",
    .is_drawn = true,
    .best = best,
};
