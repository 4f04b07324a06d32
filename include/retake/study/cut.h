/* The cut study: what a technical manual says of a passing point. For a range of cuts around the
 * operational one the whole pathway is simulated on common random numbers; competence is a true
 * threshold that is varied by itself. Definitions and sources: docs/cut-study.md.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_STUDY_CUT_H
#define RETAKE_STUDY_CUT_H

#include <retake/engine/run.h>
#include <retake/store/result.h>

/**
 * Study the cut of a scenario under validate.*; the variables are those of docs/results-format.md.
 * @param history  the command line, for the record
 * @param out  caller's; store_result_free it, even after failure
 * @return ERR_OK; ERR_INPUT or ERR_RANGE with one clear line; ERR_MEMORY; ERR_INTERRUPTED
 */
enum err_code study_cut_run(struct scenario *scenario, const struct engine_options *options,
                            const char *history, struct store_result *out, struct err *err);

#endif
