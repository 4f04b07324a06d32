/* Priors that cannot be: a grid that does not hold one, or a range of estimates beside it.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_CAT_PRIOR_H
#define RETAKE_CAT_PRIOR_H

#include <retake/config/scenario.h>
#include <retake/irt/grid.h>

/** Of an estimator as exam.estimate has it. @return ERR_OK; ERR_INPUT, with key and place */
enum err_code cat_prior_check(const struct scenario *scenario, const struct irt_estimator *self,
                              struct err *err);

/** Of the grid over which selection integrates. */
enum err_code cat_prior_check_selection(const struct scenario *scenario,
                                        const struct irt_estimator *on, struct err *err);

#endif
