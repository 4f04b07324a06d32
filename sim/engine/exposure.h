/* Exposure parameters of a plan: from a file, or calibrated.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_ENGINE_EXPOSURE_H
#define RETAKE_ENGINE_EXPOSURE_H

#include <retake/engine/run.h>

/** Fill plan->cat.p_shown where the exam's exposure rule needs it, as the last step of a plan. */
enum err_code engine_exposure_init(struct scenario *scenario, const struct engine_options *options,
                                   struct engine_plan *plan, struct err *err);

/** Read exam.exposure.file: p_shown [n_scored], in the order of the design. */
enum err_code engine_exposure_read(struct scenario *scenario, const struct engine_plan *plan,
                                   double *p_shown, struct err *err);

#endif
