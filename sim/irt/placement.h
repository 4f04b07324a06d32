/* Placing candidates in categories: what all indices of classification.h add up.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_IRT_PLACEMENT_H
#define RETAKE_IRT_PLACEMENT_H

#include <retake/irt/classification.h>

struct irt_placement {
    size_t n_categories;
    double weight, right, above, below, alike, true_top;
    double placed[IRT_MAX_CUTS + 1];
};

/** Candidates of one true category, placed in category k with probability p[k]. */
void irt_placement_add(struct irt_placement *self, double weight, size_t true_category,
                       const double *p);

void irt_placement_finish(const struct irt_placement *self, struct irt_classification *out);

/** @return ERR_OK; ERR_RANGE: more than IRT_MAX_CUTS or none, or they do not rise */
enum err_code irt_cuts_check(const double *cuts, size_t n_cuts, struct err *err);

/** @return ERR_OK; ERR_RANGE: no nodes, a negative weight, no weight in all */
enum err_code irt_nodes_check(const struct irt_nodes *nodes, struct err *err);

/** The category of a value: how many cuts are at it or below it. */
static inline size_t irt_category(double value, const double *cuts, size_t n_cuts)
{
    size_t category = 0;
    while (category < n_cuts && value >= cuts[category])
        category++;
    return category;
}

#endif
