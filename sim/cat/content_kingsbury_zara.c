/* Constrained CAT (Kingsbury & Zara 1989): the next item comes from the open domain that is
 * furthest behind its target, target (n + 1) - items so far after n items. Ties go to the domain
 * that comes first in the bank.
 *
 * The domain furthest behind is behind by at least 1/k of an item, k domains having items behind
 * that sum to 1. So no domain is ever more than 1 - 1/k of an item above target n: where target n
 * are whole numbers, the counts are exactly these. None is more than 1/2 + ... + 1/k behind
 * (induction over the sums of the j domains furthest behind). SPDX-License-Identifier: Apache-2.0
 */
#include "rules.h"

/* Items behind in units of 2^-30, so that rounding errors make no difference, then the domain: an
 * integer whose maximum needs no branch, which could not be foreseen. */
static int64_t rank_of(double behind, uint32_t domain, bool is_open)
{
    const double offset = 4096, unit = 0x1p30; /* more items than a test has */
    int64_t units = (int64_t)((behind + offset) * unit + 0.5);
    return (units << 16 | (CAT_ALL_DOMAINS - domain)) - ((int64_t)!is_open << 61);
}

static uint32_t step(const struct cat_shares *shares, struct cat_session *session,
                     const bool *is_open)
{
    double n = session->seen.n_scored + 1.0;
    int64_t most = INT64_MIN;
    for (uint32_t d = 0; d < shares->n; d++) {
        double behind = shares->target[d] * n - shares->n_shown[d];
        int64_t rank = rank_of(behind, d, is_open[d]);
        most = rank > most ? rank : most;
    }
    return CAT_ALL_DOMAINS - (uint32_t)(most & UINT16_MAX);
}

const struct cat_content_rule cat_content_kingsbury_zara = {
    .name = "kingsbury_zara",
    .doc = "the domain furthest behind its target (Kingsbury & Zara 1989)",
    .parameters = "exam.content.domains.*.target exam.content.constraints.*.target",
    .needs_targets = true,
    .step = step,
};
