/* What a pool can do, without simulating: the most informative test that an exam allows at an
 * ability, and how much information the stop rule asks for there.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_CAT_ADEQUACY_H
#define RETAKE_CAT_ADEQUACY_H

#include <retake/cat/design.h>

/** A scored item (in design order) and its expected information at the ability in question. */
struct cat_ranked {
    double information; /* [1/logit^2] */
    uint32_t item;
};

/**
 * The most informative test of exam.max_items scored items at theta: within the least and greatest
 * numbers and the targets of the domains, one item of each group of enemies. Of a linear form it is
 * the form. Items are taken by falling information, so with enemies it is the best within a few
 * items.
 * @param out  [n_scored]: the first n returned are the test, the rest is used
 * @return n <= exam.max_items
 */
size_t cat_best_test(const struct cat_design *self, double theta, struct cat_ranked *out);

/** Its information. @param scratch [n_scored] */
double cat_best_information(const struct cat_design *self, double theta,
                            struct cat_ranked *scratch);

/**
 * Test information at which the stop rule ends the test of somebody at theta whose estimate is
 * theta, with the standard error 1/sqrt(I) and log likelihoods of their expected curvature:
 *
 *     confidence  (z/|theta - cut|)^2      se  1/se^2      sprt  A/(2 delta |theta - cut|)
 *     glr  2 A/((d + delta)^2 - max(0, delta - d)^2),  d = |theta - cut|
 *
 * A = ln((1 - beta)/alpha) above the cut, -ln(beta/(1 - alpha)) below it. any takes the least of
 * its rules, all the greatest.
 * @return INFINITY where no information is enough; NaN where the rules ask for none (fixed,
 * information, a linear form, rules from outside the tree)
 */
double cat_information_needed(const struct cat_design *self, double theta);

#endif
