/* One policy: from a scenario to statistics with their provenance, and to a file.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_STUDY_SINGLE_H
#define RETAKE_STUDY_SINGLE_H

#include <retake/engine/run.h>
#include <retake/store/result.h>

/**
 * Run a scenario.
 * @param history  the command line, for the record
 * @param out  caller's; store_result_free it, even after failure
 * @return ERR_OK; what engine_plan_init and engine_run return
 */
enum err_code study_single_run(struct scenario *scenario, const struct engine_options *options,
                               const char *history, struct store_result *out, struct err *err);

#endif
