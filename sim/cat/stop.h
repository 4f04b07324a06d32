/* When to stop, and the evidence that stop rules ask for.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_CAT_STOP_H
#define RETAKE_CAT_STOP_H

#include "rules.h"

/** What rules ask for (RULE_NEEDS_...). */
struct cat_needs {
    unsigned at_stop; /* stop rules, which are asked from min_items on */
    unsigned always;  /* other rules */
};

/** Parse exam.stop.rule: NAME, any(...), all(...). */
enum err_code cat_stop_parse(const struct scenario *scenario, struct cat_design *design,
                             struct cat_needs *needs, struct err *err);
bool cat_stop_step(const struct cat_design *design, const struct rule_session *seen);

/** Whether one rule looks at the cut: stop_needed.c. */
bool cat_stop_rule_decides(const struct rule_stop *rule);

/** The information that one rule asks for at theta: stop_needed.c. NaN: none. */
double cat_stop_rule_needed(const struct rule_stop *rule, const struct rule_exam *exam,
                            double theta);

/** Tables for what rules ask for. @return ERR_OK; ERR_INPUT: the indifference region leaves the
 * range of the estimate; ERR_MEMORY */
enum err_code cat_evidence_init(const struct scenario *scenario, const struct cat_needs *needs,
                                struct cat_design *design, struct err *err);

/** When a session begins. */
void cat_evidence_begin(const struct cat_design *design, struct cat_session *session);

/** After a scored answer, before the stop rule is asked. */
void cat_evidence_add(const struct cat_design *design, struct cat_session *session, uint8_t answer);

#endif
