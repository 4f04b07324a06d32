/* What a sweep is recognised by, besides its base.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_SIM_STUDY_SWEEP_INPUTS_H
#define RETAKE_SIM_STUDY_SWEEP_INPUTS_H

#include "sweep_parts.h"

/** Of axes, points and outputs. */
void study_sweep_digest(const struct study_sweep *sweep, char digest[33]);

/** Of the contents of all files that axes name, so that a changed file is not taken for the one
 * that old rows were made of; "" where axes name none. @return ERR_OK; ERR_MEMORY */
enum err_code study_sweep_files_digest(const struct study_sweep *sweep, struct scenario *base,
                                       char digest[33], struct err *err);

#endif
