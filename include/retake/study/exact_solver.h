/* The statistics of a policy without random numbers: docs/exact.md.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_STUDY_EXACT_SOLVER_H
#define RETAKE_STUDY_EXACT_SOLVER_H

#include <retake/engine/run.h>

/** engine.sessions, in the order of its words. */
enum study_sessions { STUDY_SIMULATE, STUDY_LIBRARY, STUDY_EXACT };

/**
 * Compute the statistics of engine.candidates candidates: those variables of a simulation that can
 * be had without random numbers, under the same names. Counts are expectations, rounded; rates are
 * not; every standard error is 0.
 * @param options  of which stop is heeded; may be NULL
 * @param out  dataset_free it
 * @return ERR_OK; ERR_INTERRUPTED; ERR_INPUT: one line that names the parameter under which the
 * policy cannot be computed; ERR_MEMORY
 */
enum err_code study_exact_solve(const struct engine_plan *plan,
                                const struct engine_options *options, struct dataset *out,
                                struct err *err);

#endif
