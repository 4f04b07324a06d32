/* Placing candidates in categories. With p_k(t) the probability that somebody of true standing t is
 * placed in category k, T(t) the true category, and E over candidates:
 *
 *     accuracy = E p_T(t)     consistency = E sum_k p_k^2
 *     chance = sum_k (E p_k)^2     kappa = (consistency - chance)/(1 - chance)
 *
 * (Cohen 1960; Swaminathan, Hambleton & Algina 1974; Lee 2010).
 * SPDX-License-Identifier: Apache-2.0 */
#include "placement.h"

#include <retake/base/wording.h>

#include <math.h>

void irt_placement_add(struct irt_placement *self, double weight, size_t true_category,
                       const double *p)
{
    self->weight += weight;
    self->right += weight * p[true_category];
    for (size_t k = 0; k < self->n_categories; k++) {
        self->placed[k] += weight * p[k];
        self->alike += weight * p[k] * p[k];
        if (k > true_category)
            self->above += weight * p[k];
        else if (k < true_category)
            self->below += weight * p[k];
    }
    if (true_category + 1 == self->n_categories)
        self->true_top += weight;
}

void irt_placement_finish(const struct irt_placement *self, struct irt_classification *out)
{
    const double rounding = 1e-13; /* everybody in one category */
    double weight = self->weight, chance = 0;
    for (size_t k = 0; k < self->n_categories; k++)
        chance += self->placed[k] / weight * (self->placed[k] / weight);
    *out = (struct irt_classification){.accuracy = self->right / weight,
                                       .false_positive = self->above / weight,
                                       .false_negative = self->below / weight,
                                       .consistency = self->alike / weight,
                                       .p_top = self->placed[self->n_categories - 1] / weight,
                                       .p_true_top = self->true_top / weight};
    out->kappa = 1 - chance > rounding ? (out->consistency - chance) / (1 - chance) : NAN;
}

enum err_code irt_cuts_check(const double *cuts, size_t n_cuts, struct err *err)
{
    if (n_cuts == 0 || n_cuts > IRT_MAX_CUTS)
        return err_set(err, ERR_RANGE, "%s, not 1 to %d", wording_count(n_cuts, "cut").text,
                       IRT_MAX_CUTS);
    for (size_t k = 0; k < n_cuts; k++)
        if (isnan(cuts[k]) || (k > 0 && !(cuts[k] > cuts[k - 1])))
            return err_set(err, ERR_RANGE, "cut %zu is %g: cuts must rise", k + 1, cuts[k]);
    return ERR_OK;
}

enum err_code irt_nodes_check(const struct irt_nodes *nodes, struct err *err)
{
    double total = 0;
    for (size_t q = 0; q < nodes->n; q++) {
        if (!(nodes->weight[q] >= 0) || !isfinite(nodes->theta[q]))
            return err_set(err, ERR_RANGE, "node %zu: theta %g, weight %g", q, nodes->theta[q],
                           nodes->weight[q]);
        total += nodes->weight[q];
    }
    if (!(total > 0) || !isfinite(total))
        return err_set(err, ERR_RANGE, "%s of weight %g in all",
                       wording_count(nodes->n, "node").text, total);
    return ERR_OK;
}
