/* A scenario as a function of some of its parameters.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_STUDY_EVALUATE_H
#define RETAKE_STUDY_EVALUATE_H

#include <retake/engine/run.h>

/** The statistics of a plan, its sessions produced as engine.sessions says. @param out
 * dataset_free it @return ERR_OK; what engine_run and study_exact_solve return */
enum err_code study_statistics(const struct engine_plan *plan, const struct engine_options *options,
                               struct dataset *out, struct err *err);

/**
 * Set n_sets values ("key=value"; they stay set) and run.
 * @param out  the statistics; dataset_free them, even after failure
 * @return ERR_OK; what config_scenario_set, engine_plan_init and engine_run return
 */
enum err_code study_evaluate(struct scenario *scenario, const char *const *sets, size_t n_sets,
                             const struct engine_options *options, struct dataset *out,
                             struct err *err);

#endif
