/* One policy as a row of the results: axis values, status, the variables that are kept.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_STUDY_SWEEP_ROW_H
#define RETAKE_STUDY_SWEEP_ROW_H

#include <retake/config/scenario.h>
#include <retake/tally/dataset.h>

#include "sweep_parts.h"

/** policy_status. */
enum { STUDY_POLICY_DONE, STUDY_POLICY_FAILED };

/**
 * @param statistics  all of a policy; NULL: it failed
 * @param message     why; "" else
 */
enum err_code study_row_make(const struct study_sweep *sweep, size_t point,
                             const struct dataset *statistics, const char *message,
                             struct dataset *out, struct err *err);

/** Why a policy cannot be run, from the detail of an error: what an axis set was no --set. */
const char *study_row_reason(const char *detail);

/** What a run would warn of, in the rows that have cause; of the base with _base. */
#define STUDY_POLICY_WARNING "policy_warning"

/** Add the variable policy_warning to all statistics of a policy that have cause for it; the last
 * of them, so that its place depends on no partition. @return ERR_OK; ERR_MEMORY */
enum err_code study_row_warn(const struct scenario *scenario, struct dataset *statistics,
                             struct err *err);

/** The kept variables of the base, named X_base and X_base_mcse. */
enum err_code study_row_base(const struct study_sweep *sweep, const struct dataset *statistics,
                             struct dataset *out, struct err *err);

/** Whether all of `outputs:` are variables, and no axis has the name of one. */
enum err_code study_row_check(const struct study_sweep *sweep, const struct dataset *statistics,
                              struct err *err);

/** Whether a variable is kept, or asked for by the sensitivity, that tally_is_of_sessions. */
bool study_row_asks_for_sessions(const struct study_sweep *sweep);

/** The names of the coordinates, separated by blanks; of the arena. NULL when memory is out. */
const char *study_row_coordinates(const struct study_sweep *sweep, struct arena *arena);

/** Whether rows that were joined can be those of a sweep: their numbers are whole, and every
 * variable is by row, or of the base or of a sensitivity. */
bool study_row_are_joined(const struct dataset *joined);

#endif
