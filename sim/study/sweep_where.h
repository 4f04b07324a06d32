/* Conditions between parameters: `policy.wait_days * policy.attempts_per_cycle <= 180`,
 * `cut == raised`.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_STUDY_SWEEP_WHERE_H
#define RETAKE_STUDY_SWEEP_WHERE_H

#include "sweep_parts.h"

/** Read `where:`, one condition or a list of them. */
enum err_code study_where_read(struct study_sweep *self, const struct yaml_node *node,
                               struct err *err);

/** Before the first point, after all are drawn: what the base has of the parameters of conditions,
 * and whether each word can be a value of what it is compared with. @return ERR_OK; ERR_INPUT, with
 * the place of the word and the nearest one; ERR_MEMORY */
enum err_code study_where_resolve(struct study_sweep *self, const struct scenario *base,
                                  struct err *err);

/** Whether point k meets all conditions. @return ERR_OK; ERR_INPUT: a number was needed and there
 * is a text, or the other way round */
enum err_code study_where_meets(const struct study_sweep *self, size_t k, bool *meets,
                                struct err *err);

#endif
