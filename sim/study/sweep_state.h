/* The state of a checkpoint of a sweep: what the rows of its policies do not tell.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_SIM_STUDY_SWEEP_STATE_H
#define RETAKE_SIM_STUDY_SWEEP_STATE_H

#include "sweep_loop.h"

/** Into a checkpoint. @return ERR_OK; ERR_MEMORY */
enum err_code study_state_put(struct study_loop *self, struct store_result *out);

/** From self->found, whose rows are taken already: the batch that was under way is begun again.
 * @return ERR_OK; ERR_INPUT: it is damaged; what study_loop_batch_begin returns */
enum err_code study_state_take(struct study_loop *self);

/** What a checkpoint would keep now. */
struct study_gain study_state_gain(const struct study_loop *self);

/** Whether this process got ahead. */
bool study_state_has_gained(const struct study_loop *self);

/** ERR_INPUT: what is wrong with the checkpoint. */
enum err_code study_loop_refuse(const struct study_loop *self, const char *why);

#endif
