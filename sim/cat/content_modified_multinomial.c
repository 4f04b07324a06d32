/* Modified multinomial model (Chen & Ankenmann 2004): the domain of the next item is drawn from the
 * targets of the domains that have not reached theirs, so that the order of domains cannot be
 * foreseen. A domain has reached its target after its quota: target max_items, rounded by largest
 * remainder, so that a test of max_items ends exactly there. SPDX-License-Identifier: Apache-2.0 */
#include "rules.h"

static bool is_drawn(const struct cat_shares *shares, const bool *is_open, uint32_t d)
{
    return is_open[d] && shares->n_shown[d] < shares->quota[d];
}

static uint32_t step(const struct cat_shares *shares, struct cat_session *session,
                     const bool *is_open)
{
    double total = 0;
    uint32_t last = CAT_ALL_DOMAINS;
    for (uint32_t d = 0; d < shares->n; d++)
        if (is_drawn(shares, is_open, d)) {
            total += shares->target[d];
            last = d;
        }
    double left = rng_unit(&session->rng) * total;
    for (uint32_t d = 0; d < last && last != CAT_ALL_DOMAINS; d++) {
        if (!is_drawn(shares, is_open, d))
            continue;
        left -= shares->target[d];
        if (left < 0)
            return d;
    }
    return last;
}

const struct cat_content_rule cat_content_modified_multinomial = {
    .name = "modified_multinomial",
    .doc = "a domain drawn from the targets not yet reached (Chen & Ankenmann 2004)",
    .parameters = "exam.content.domains.*.target exam.content.constraints.*.target",
    .needs_targets = true,
    .step = step,
};
