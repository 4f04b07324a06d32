/* Where the next scored item may come from.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_CAT_CONTENT_H
#define RETAKE_CAT_CONTENT_H

#include "blueprint.h"
#include "rules.h"

/** target max_items in whole items, by largest remainder (ties to the one that comes first). */
void cat_content_quota(const double *target, size_t n, uint32_t max_items, uint32_t *quota);

/** The domain that the content rule wants next. */
uint32_t cat_content_step(const struct cat_design *design, struct cat_session *session,
                          const bool *is_open);

enum err_code cat_content_init(const struct scenario *scenario, const struct irt_bank *bank,
                               const struct cat_content_rule *rule, struct cat_design *design,
                               struct err *err);
enum err_code cat_enemies_init(struct cat_design *design, size_t n_groups, struct err *err);
/** @param is_blocked  some items are blocked already */
void cat_content_begin(const struct cat_design *design, bool is_blocked,
                       struct cat_session *session);

/** Keep the books when a scored item is blocked, and when it comes back. */
static inline void cat_content_block(const struct cat_design *design, struct cat_session *session,
                                     uint32_t item)
{
    uint32_t slot = design->content->slot[item];
    session->blocked_slots[slot >> 6] |= UINT64_C(1) << (slot & 63);
    session->n_exhausted += --session->n_free[design->items[item].domain] == 0;
    if (design->content->blueprint)
        cat_blueprint_block(design->content->blueprint, session->blueprint, item);
}

static inline void cat_content_unblock(const struct cat_design *design, struct cat_session *session,
                                       uint32_t item)
{
    uint32_t slot = design->content->slot[item];
    session->blocked_slots[slot >> 6] &= ~(UINT64_C(1) << (slot & 63));
    session->n_exhausted -= session->n_free[design->items[item].domain]++ == 0;
    if (design->content->blueprint)
        cat_blueprint_unblock(design->content->blueprint, session->blueprint, item);
}

/** Where the next scored item may come from. */
struct cat_available cat_content_next(const struct cat_design *design, struct cat_session *session);

#endif
