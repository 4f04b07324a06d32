/* The next scored item, and what selection rules share.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_CAT_SELECT_H
#define RETAKE_CAT_SELECT_H

#include "rules.h"

/** The next scored item, or UINT32_MAX: content, then selection, then exposure. */
uint32_t cat_select_next(const struct cat_design *design, struct cat_session *session);

/** What the selection rule draws next from a set, or UINT32_MAX. */
uint32_t cat_select_draw(const struct cat_design *design, struct cat_session *session,
                         struct cat_available from);

/** The k best of n items by their values; returns how many. */
uint32_t cat_select_top(const uint32_t *items, const double *values, size_t n, uint32_t k,
                        uint32_t *out);

/** A rule from outside the tree, owned by the arena. */
const struct cat_select_rule *cat_select_adapt(const struct rule_select *outside,
                                               struct arena *arena);

/** @param needs_prior  some rule weighs by the prior, which the grid must hold */
enum err_code cat_curves_init(const struct scenario *scenario, bool needs_prior,
                              struct cat_design *design, struct err *err);

/** The likelihood of the answers so far times the prior of a grid of the curves, in
 * scratch->weights; but for a factor. */
const vec8 *cat_curves_weigh(const struct cat_design *design, const struct cat_session *session,
                             const struct irt_grid *by);

/** The same as if one more answer were given, right however unlikely it is: in scratch->exact. */
const vec8 *cat_curves_weigh_after(const struct cat_design *design,
                                   const struct cat_session *session, const struct irt_grid *by,
                                   uint32_t item, size_t category);

/** The greatest information at theta among the scored items that are not blocked; 0 when none. */
double cat_information_left(const struct cat_design *design, struct cat_session *session,
                            double theta);

/** A rule from outside the tree, owned by the arena. */
const struct cat_exposure_rule *cat_exposure_adapt(const struct rule_exposure *outside,
                                                   struct arena *arena);

#endif
