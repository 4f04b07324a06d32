/* Item eligibility (van der Linden & Veldkamp 2004): before a sitting a draw for each item decides
 * whether it is eligible in it. The probabilities are calibrated until no item is shown in more
 * than exam.exposure.target of the sittings. Where too few items would stay eligible for a whole
 * test, the sitting goes without control.
 *
 * With exam.select.rule: progressive this is the restricted progressive method (Revuelta & Ponsoda
 * 1998), the share of sittings in which an item is closed being its long-run value instead of a
 * running count, which would couple candidates. SPDX-License-Identifier: Apache-2.0 */
#include "rules.h"
#include "sets.h"

static void begin(const struct cat_design *design, struct cat_session *session)
{
    const struct cat_available from = {.domain = CAT_ALL_DOMAINS};
    uint32_t *closed = session->scratch->items, n = 0;
    for (uint32_t item = 0; design->p_shown && item < design->n_scored; item++) {
        double p = design->p_shown[item];
        if (p < 1 && rng_unit(&session->rng) >= p && cat_is_available(session, from, item)) {
            closed[n++] = item;
            cat_block(design, session, item);
        }
    }
    if (cat_count_clear(session->blocked, 0, design->n_scored) >= design->exam.max_items)
        return;
    while (n > 0)
        cat_unblock(design, session, closed[--n]);
}

const struct cat_exposure_rule cat_exposure_eligibility = {
    .name = "eligibility",
    .doc = "items are eligible in a sitting with their calibrated probability (van der Linden & "
           "Veldkamp 2004)",
    .parameters = "exam.exposure.target exam.exposure.candidates exam.exposure.iterations "
                  "exam.exposure.seed exam.exposure.file",
    .is_calibrated = true,
    .begin = begin,
};
