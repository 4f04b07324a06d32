/* Whether a bank suffices for an exam: information where decisions fall, items short by domain and
 * difficulty, exposure, overlap, what a retaker meets again. docs/classification.md.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_STUDY_CUT_BANK_H
#define RETAKE_STUDY_CUT_BANK_H

#include <retake/engine/run.h>

/** What a bank has to bear. */
struct study_bank_demand {
    double volume;            /* sittings a year */
    double greatest_exposure; /* share of sittings that an item should be part of at most */
};

/**
 * Add the dimensions domain, difficulty_bin and item to a dataset; nothing where the exam has no
 * items. @return ERR_OK; ERR_MEMORY; ERR_INTERNAL: out has one of them
 */
enum err_code study_bank_dims(const struct engine_plan *plan, struct dataset *out, struct err *err);

/**
 * Add the variables bank_* and item_* to a dataset that has these dimensions and score_point, whose
 * coordinate is true ability as a score on the report scale. Nothing where the exam has no items.
 * @param run  statistics of the plan; without item_exposure_rate (a library of sessions) what comes
 *             of it is left out. NULL: none
 * @return ERR_OK; ERR_MEMORY; ERR_INTERNAL: a dimension is missing
 */
enum err_code study_bank_add(const struct engine_plan *plan, const struct dataset *run,
                             const struct study_bank_demand *demand, struct dataset *out,
                             struct err *err);

/**
 * All of it for one scenario, which is run as it stands; score points 2 logits about the cut.
 * @param out  dataset_free it, even after failure
 * @return ERR_OK; ERR_INPUT: an exam without items; what engine_plan_prepare and engine_run return
 */
enum err_code study_bank_adequacy(struct scenario *scenario, const struct engine_options *options,
                                  const struct study_bank_demand *demand, struct dataset *out,
                                  struct err *err);

#endif
