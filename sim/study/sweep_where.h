/* Conditions between parameters: `policy.wait_days * policy.attempts_per_cycle <= 180`.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_STUDY_SWEEP_WHERE_H
#define RETAKE_STUDY_SWEEP_WHERE_H

#include "sweep_parts.h"

/** Read `where:`, one condition or a list of them. */
enum err_code study_where_read(struct study_sweep *self, const struct yaml_node *node,
                               struct err *err);

/** Whether point k meets all conditions. @return ERR_OK; ERR_INPUT: a parameter is no number */
enum err_code study_where_meets(const struct study_sweep *self, const struct scenario *base,
                                size_t k, bool *meets, struct err *err);

#endif
