/* Lee (2010), Journal of Educational Measurement 47, 1-17: accuracy and consistency of decisions on
 * summed scores, from the distribution of the score given ability.
 *
 *     p_k(theta) = sum of P(s | theta) over the scores of category k
 *
 * marginal over the distribution of theta ("D-method" with a density, "P-method" with estimates as
 * nodes). SPDX-License-Identifier: Apache-2.0 */
#include "placement.h"

static enum err_code check(const struct irt_scores *scores, const size_t *cuts,
                           const double *true_cuts, size_t n_cuts, double *as_real, struct err *err)
{
    if (n_cuts > IRT_MAX_CUTS)
        return irt_cuts_check(NULL, n_cuts, err);
    for (size_t k = 0; k < n_cuts; k++) {
        as_real[k] = (double)cuts[k];
        if (cuts[k] > scores->n_scores)
            return err_set(err, ERR_RANGE, "cut %zu is %zu, but the greatest score is %zu", k + 1,
                           cuts[k], scores->n_scores - 1);
    }
    if (irt_cuts_check(as_real, n_cuts, err) != ERR_OK || !true_cuts)
        return err->code;
    return irt_cuts_check(true_cuts, n_cuts, err);
}

static void probabilities(const double *row, const size_t *cuts, size_t n_cuts, size_t n_scores,
                          double *p)
{
    size_t s = 0;
    for (size_t k = 0; k <= n_cuts; k++) {
        size_t end = k < n_cuts ? cuts[k] : n_scores;
        p[k] = 0;
        for (; s < end && s < n_scores; s++)
            p[k] += row[s];
    }
}

enum err_code irt_lee(const struct irt_scores *scores, const struct irt_nodes *nodes,
                      const size_t *cuts, const double *true_cuts, size_t n_cuts,
                      struct irt_classification *out, struct err *err)
{
    struct irt_placement placement = {.n_categories = n_cuts + 1};
    double p[IRT_MAX_CUTS + 1], as_real[IRT_MAX_CUTS];
    if (irt_nodes_check(nodes, err) != ERR_OK ||
        check(scores, cuts, true_cuts, n_cuts, as_real, err) != ERR_OK)
        return err->code;
    for (size_t q = 0; q < nodes->n; q++) {
        size_t true_category = true_cuts ? irt_category(nodes->theta[q], true_cuts, n_cuts)
                                         : irt_category(scores->expected[q], as_real, n_cuts);
        probabilities(scores->p + q * scores->n_scores, cuts, n_cuts, scores->n_scores, p);
        irt_placement_add(&placement, nodes->weight[q], true_category, p);
    }
    irt_placement_finish(&placement, out);
    return ERR_OK;
}
