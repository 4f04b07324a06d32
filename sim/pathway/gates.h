/* The gates besides the exam.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_SIM_PATHWAY_GATES_H
#define RETAKE_SIM_PATHWAY_GATES_H

#include "lane.h"

/** A delay as a whole number of days. */
double pathway_gates_delay(struct rng *rng, double mean, double sd);

/** What the candidate will meet after a pass, from the stream of gates. */
void pathway_gates_draw(const struct pathway_design *design, struct rng *rng, struct lane *self);

/** Settle when the skills check will be passed, for a lane that goes on under several policies. It
 * takes whole days, so that nothing is rounded. */
void pathway_gates_foresee(const struct pathway_design *design, struct lane *self);

/**
 * The day of the next sitting, for which the candidate applies on a day, may sit from another day
 * on and plans to do so some days after the authorisation.
 */
double pathway_gates_schedule(const struct pathway_design *design, struct lane *self,
                              double applied, double ready, double planned);

/** After a pass that posted: the gates that are still open. false. */
bool pathway_gates_certify(const struct pathway_design *design, struct lane *self, double posted);

#endif
