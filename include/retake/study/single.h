/* One policy: from a scenario to statistics with their provenance, and to a file.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_STUDY_SINGLE_H
#define RETAKE_STUDY_SINGLE_H

#include <retake/engine/run.h>
#include <retake/store/result.h>

/**
 * What a result of a scenario says of itself whatever comes out of it: the program, the digests of
 * the inputs, every parameter. For out->provenance.
 * @param history  the command line, for the record
 * @return ERR_OK; ERR_MEMORY
 */
enum err_code study_single_describe(struct scenario *scenario, const char *history,
                                    struct store_result *out, struct err *err);

/**
 * The statistics of a tally under that description, with what the plan adds to it.
 * @param out  caller's; store_result_free it, even after failure
 * @return ERR_OK; ERR_MEMORY
 */
enum err_code study_single_result(const struct engine_plan *plan, const struct tally *tally,
                                  const struct store_provenance *description,
                                  struct store_result *out, struct err *err);

/** Add the attribute warning to statistics that the estimation grid is too coarse for.
 * @return ERR_OK; ERR_MEMORY */
enum err_code study_single_warn(const struct scenario *scenario, struct store_result *out,
                                struct err *err);

/**
 * Run a scenario.
 * @param history  the command line, for the record
 * @param out  caller's; store_result_free it, even after failure
 * @return ERR_OK; what engine_plan_init and engine_run return
 */
enum err_code study_single_run(struct scenario *scenario, const struct engine_options *options,
                               const char *history, struct store_result *out, struct err *err);

#endif
