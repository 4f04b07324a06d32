/* A linear form: every candidate meets the same items in the same order, that of the bank.
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules.h"
#include "sets.h"

static uint32_t best(const struct cat_design *design, struct cat_session *session, double theta,
                     struct cat_available from, uint32_t k, uint32_t *out)
{
    (void)theta, (void)from, (void)k;
    out[0] = cat_clear_bit(session->blocked, 0, design->n_scored, 0);
    return out[0] != UINT32_MAX;
}

const struct cat_select_rule cat_select_in_order = {
    .name = "in_order",
    .doc = "the bank's order: exam.form linear",
    .best = best,
};
