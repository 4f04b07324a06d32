/* Estimates of sessions after an answer. SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_CAT_SESSION_ESTIMATE_H
#define RETAKE_CAT_SESSION_ESTIMATE_H

#include <retake/cat/session.h>

#include "weights.h"

/** Tables of the estimator over the grid. */
enum err_code cat_estimate_init(const struct scenario *scenario, struct cat_design *design,
                                struct err *err);

/** After one more scored answer of each session (already in its lists). n <= CAT_MAX_LANES. */
void cat_estimate_update(const struct cat_design *design, struct cat_session *const *sessions,
                         size_t n, const uint8_t *answer);

/** The estimate, or its standard error, that a session owes when it ends before the minimum. */
void cat_estimate_settle(const struct cat_design *design, struct cat_session *self);

/** The estimate that an estimator other than EAP would give after one more answer, which is not
 * kept. */
double cat_estimate_if(const struct cat_design *design, struct cat_session *self, uint32_t item,
                       uint8_t answer);

/** The scored answers so far, for estimators (keeps_answers). */
struct irt_answers cat_session_answers(const struct cat_design *design,
                                       const struct cat_session *session);

/** What the posterior of EAP is multiplied over. */
static inline struct cat_weights_over cat_estimate_over(const struct cat_design *design)
{
    return (struct cat_weights_over){&design->grid, design->grid.log_prior, design->likelihood,
                                     design->first_row};
}

/** Ask for the row of the likelihood that an answer needs. */
static inline void cat_estimate_prefetch(const struct cat_design *design, uint32_t item,
                                         uint8_t answer)
{
    size_t n = design->grid.n_vectors * VEC_LANES;
    const double *row = design->likelihood + (design->first_row[item] + answer) * n;
    for (size_t q = 0; q < n; q += VEC_LANES)
        __builtin_prefetch(row + q);
}

#endif
