/* Rules by name: retake's own, then those from outside the tree.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_CAT_LOOKUP_H
#define RETAKE_CAT_LOOKUP_H

#include "rules.h"
#include "stop.h"

/* ---- lookup.c ---- */

/** A rule of the kind that a key names. */
struct cat_found {
    size_t k; /* among retake's own, as cat_rule_describe counts; or in the array of the set */
    bool is_outside;
};

/** @param rules  from outside the tree, or NULL @param word  [n] */
bool cat_lookup(const struct rule_set *rules, const char *key, const char *word, size_t n,
                struct cat_found *out);

/** Fail with "unknown rule" and the nearest known one. @return ERR_INPUT */
enum err_code cat_lookup_refuse(const struct scenario *scenario, const char *key, const char *word,
                                size_t n, struct err *err);

/** Find every rule that a scenario names. */
enum err_code cat_lookup_rules(const struct scenario *scenario, struct cat_design *design,
                               const struct cat_content_rule **content, struct cat_needs *needs,
                               struct err *err);

/* ---- rule_set.c ---- */

/** Rule k of the kind that a key names; NULL past the last. @param rules  may be NULL */
const char *cat_rule_set_name(const struct rule_set *rules, const char *key, size_t k);

#endif
