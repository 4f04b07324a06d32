/* The lists of rules in the room cat. Adding a rule is one file with one row and one line here.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_CAT_RULES_H
#define RETAKE_CAT_RULES_H

#include <retake/cat/session.h>

/** A selection rule. */
struct cat_select_rule {
    const char *name, *doc;
    bool needs_estimate; /* reads session->seen.theta */
    /** Prepare tables: sets design->index. May be NULL. */
    enum err_code (*init)(struct cat_design *design, struct err *err);
    /** Choose a scored item that is not in session->used; UINT32_MAX when there is none. */
    uint32_t (*step)(const struct cat_design *design, struct cat_session *session, double theta);
};

extern const struct cat_select_rule cat_select_fisher;
extern const struct cat_select_rule cat_select_random;
extern const struct rule_stop cat_stop_confidence;
extern const struct rule_stop cat_stop_fixed;
extern const struct rule_out_of_time cat_out_of_time_last_estimate;
extern const struct rule_out_of_time cat_out_of_time_fail_below_minimum;
extern const struct rule_out_of_time cat_out_of_time_last_60;

static const struct cat_select_rule *const cat_select_rules[] = {&cat_select_fisher,
                                                                 &cat_select_random};
static const struct rule_stop *const cat_stop_rules[] = {&cat_stop_confidence, &cat_stop_fixed};
static const struct rule_out_of_time *const cat_out_of_time_rules[] = {
    &cat_out_of_time_last_estimate, &cat_out_of_time_fail_below_minimum, &cat_out_of_time_last_60};

/** The r-th (from 0) bit that is clear among bits first .. first + n - 1; first is a multiple
 * of 64. */
uint32_t cat_clear_bit(const uint64_t *words, size_t first, size_t n, uint32_t r);

/** How many bits among first .. first + n - 1 are clear; first is a multiple of 64. */
uint32_t cat_count_clear(const uint64_t *words, size_t first, size_t n);

#endif
