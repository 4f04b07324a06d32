/* Rudner's indices. An estimate at theta is normal with mean theta (or a given mean: an EAP is
 * biased towards its prior) and the standard error se(theta):
 *
 *     p_k(theta) = Phi((c_{k+1} - theta)/se) - Phi((c_k - theta)/se),  c_0 = -inf
 *
 * accuracy: Rudner (2001, 2005), Practical Assessment, Research & Evaluation 7(14) and 10(13);
 * consistency: the same p_k squared (Wyse & Hao 2012; Lee 2010). SPDX-License-Identifier:
 * Apache-2.0 */
#include <retake/base/dist.h>

#include "placement.h"

static void probabilities(double mean, double se, const double *cuts, size_t n_cuts, double *p)
{
    double below = 0;
    for (size_t k = 0; k < n_cuts; k++) {
        double next = dist_normal_cdf((cuts[k] - mean) / se);
        p[k] = next - below;
        below = next;
    }
    p[n_cuts] = n_cuts == 1 ? dist_normal_cdf((mean - cuts[0]) / se) : 1 - below;
}

static enum err_code check_errors(const struct irt_nodes *nodes, const double *mean,
                                  const double *se, struct err *err)
{
    for (size_t q = 0; q < nodes->n; q++)
        if (!(se[q] > 0) || !isfinite(se[q]) || (mean && !isfinite(mean[q])))
            return err_set(err, ERR_RANGE, "node %zu: standard error %g, mean estimate %g", q,
                           se[q], mean ? mean[q] : nodes->theta[q]);
    return ERR_OK;
}

enum err_code irt_rudner(const struct irt_nodes *nodes, const double *mean, const double *se,
                         const double *cuts, const double *true_cuts, size_t n_cuts,
                         struct irt_classification *out, struct err *err)
{
    struct irt_placement placement = {.n_categories = n_cuts + 1};
    double p[IRT_MAX_CUTS + 1];
    const double *thresholds = true_cuts ? true_cuts : cuts;
    if (irt_nodes_check(nodes, err) != ERR_OK || check_errors(nodes, mean, se, err) != ERR_OK ||
        irt_cuts_check(cuts, n_cuts, err) != ERR_OK ||
        irt_cuts_check(thresholds, n_cuts, err) != ERR_OK)
        return err->code;
    for (size_t q = 0; q < nodes->n; q++) {
        double theta = nodes->theta[q];
        probabilities(mean ? mean[q] : theta, se[q], cuts, n_cuts, p);
        irt_placement_add(&placement, nodes->weight[q], irt_category(theta, thresholds, n_cuts), p);
    }
    irt_placement_finish(&placement, out);
    return ERR_OK;
}
