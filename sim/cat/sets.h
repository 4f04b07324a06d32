/* Sets of items, and what blocks an item.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_CAT_SETS_H
#define RETAKE_CAT_SETS_H

#include "rules.h"

/** The r-th (from 0) bit that is clear among bits first .. first + n - 1; first is a multiple
 * of 64. */
uint32_t cat_clear_bit(const uint64_t *words, size_t first, size_t n, uint32_t r);

/** How many bits among first .. first + n - 1 are clear; first is a multiple of 64. */
uint32_t cat_count_clear(const uint64_t *words, size_t first, size_t n);

/** Fill out with the available scored items in rising order; returns how many. */
uint32_t cat_list_available(const struct cat_design *design, const struct cat_session *session,
                            struct cat_available from, uint32_t *out);

/** Block an item; block an item and its enemies. */
void cat_block(const struct cat_design *design, struct cat_session *session, uint32_t item);
void cat_block_with_enemies(const struct cat_design *design, struct cat_session *session,
                            uint32_t item);

/** Block an available scored item by exposure control. */
void cat_set_aside(const struct cat_design *design, struct cat_session *session, uint32_t item);

/** Let the item come back that was set aside last. */
void cat_take_back(const struct cat_design *design, struct cat_session *session);

/** Let all come back that were set aside. */
void cat_restore_all(const struct cat_design *design, struct cat_session *session);

/** Where a domain, or without content the pool, has no item left, let those come back that were set
 * aside: control of exposure neither ends a test nor breaks its blueprint. */
void cat_restore_exhausted(const struct cat_design *design, struct cat_session *session);

#endif
