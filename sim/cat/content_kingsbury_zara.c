/* Constrained CAT (Kingsbury & Zara 1989): the next item comes from the open domain that is
 * furthest behind its target, target (n + 1) - items so far after n items. Ties go to the domain
 * that comes first in the bank.
 *
 * The domain furthest behind is behind by at least 1/k of an item, k domains having items behind
 * that sum to 1. So no domain is ever more than 1 - 1/k of an item above target n: where target n
 * are whole numbers, the counts are exactly these. None is more than 1/2 + ... + 1/k behind
 * (induction over the sums of the j domains furthest behind). SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>

#include "rules.h"

static uint32_t step(const struct cat_design *design, struct cat_session *session,
                     const bool *is_open)
{
    const struct cat_content *content = design->content;
    double most = -INFINITY, n = session->seen.n_scored + 1.0;
    uint32_t next = CAT_ALL_DOMAINS;
    for (uint32_t d = 0; d < content->n_domains; d++) {
        double behind = content->target[d] * n - session->n_by_domain[d];
        if (is_open[d] && behind > most + 1e-9) {
            most = behind;
            next = d;
        }
    }
    return next;
}

const struct cat_content_rule cat_content_kingsbury_zara = {
    .name = "kingsbury_zara",
    .doc = "the domain furthest behind its target (Kingsbury & Zara 1989)",
    .parameters = "exam.content.domains.*.target",
    .needs_targets = true,
    .step = step,
};
