/* What a stop rule wants to know: whether it looks at the cut, and the information at which it ends
 * the test of somebody at theta (adequacy.h). With log
 * likelihoods of curvature I about an estimate at theta, d = |theta - cut|:
 *
 *     ln L(cut + delta)/L(cut - delta) = 2 delta d I
 *     ln sup L / L(on the other side)  = ((d + delta)^2 - max(0, delta - d)^2) I/2
 * SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "lists.h"
#include "stop.h"

bool cat_stop_rule_decides(const struct rule_stop *rule)
{
    return rule != &cat_stop_fixed && rule != &cat_stop_se && rule != &cat_stop_information;
}

double cat_stop_rule_needed(const struct rule_stop *rule, const struct rule_exam *exam,
                            double theta)
{
    double d = fabs(theta - exam->cut_theta), delta = exam->stop_delta;
    double bound = theta > exam->cut_theta ? exam->log_upper : -exam->log_lower;
    double inner = delta > d ? delta - d : 0;
    if (rule == &cat_stop_confidence)
        return exam->z / d * (exam->z / d);
    if (rule == &cat_stop_se)
        return 1 / (exam->stop_se * exam->stop_se);
    if (rule == &cat_stop_sprt)
        return bound / (2 * delta * d);
    if (rule == &cat_stop_glr)
        return 2 * bound / ((d + delta) * (d + delta) - inner * inner);
    return NAN;
}
