/* When to stop, and the evidence that stop rules ask for.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_CAT_STOP_H
#define RETAKE_CAT_STOP_H

#include "rules.h"

/** Parse exam.stop.rule: NAME, any(...), all(...). */
enum err_code cat_stop_parse(const struct scenario *scenario, struct cat_design *design,
                             unsigned *needs, struct err *err);
bool cat_stop_step(const struct cat_design *design, const struct rule_session *seen);

/** Tables for what rules ask for (RULE_NEEDS_...). */
enum err_code cat_evidence_init(const struct scenario *scenario, unsigned needs,
                                struct cat_design *design, struct err *err);

/** After a scored answer, before the stop rule is asked. */
void cat_evidence_add(const struct cat_design *design, struct cat_session *session, uint8_t answer);

#endif
