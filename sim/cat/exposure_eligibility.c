/* Item eligibility (van der Linden & Veldkamp 2004): before a sitting a draw for each item decides
 * whether it is eligible in it. The probabilities are calibrated until no item is shown in more
 * than exam.exposure.target of the sittings. Where the eligible items of a domain, or of the pool,
 * do not last, the others come back.
 *
 * With exam.select.rule: progressive this is the restricted progressive method (Revuelta & Ponsoda
 * 1998), the share of sittings in which an item is closed being its long-run value instead of a
 * running count, which would couple candidates. SPDX-License-Identifier: Apache-2.0 */
#include "rules.h"
#include "sets.h"

static void begin(const struct cat_design *design, struct cat_session *session)
{
    const struct cat_available from = {.domain = CAT_ALL_DOMAINS};
    for (uint32_t item = 0; design->p_shown && item < design->n_scored; item++) {
        double p = design->p_shown[item];
        if (p < 1 && rng_unit(&session->rng) >= p && cat_is_available(session, from, item))
            cat_set_aside(design, session, item);
    }
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
