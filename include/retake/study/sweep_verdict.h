/* What the result of a sweep says of itself when all of its policies are there, run at once or
 * merged.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_STUDY_SWEEP_VERDICT_H
#define RETAKE_STUDY_SWEEP_VERDICT_H

#include <retake/store/result.h>

#include <stdbool.h>

/** The attribute of a sweep of which policies failed: "2 of 6 policies cannot be run; the first:
 * policy 3 (policy.wait_days 90): ...". */
#define STUDY_POLICIES_FAILED "policies_failed"

/**
 * The last step of a sweep, of a shard and of a merge: indices of sensitivity (sensitivity.h), the
 * attribute policies_failed where a policy could not be run, and the attribute warning where a run
 * of a policy would warn, with how many policies and which.
 * @return ERR_OK; ERR_INPUT; ERR_MEMORY
 */
enum err_code study_sweep_conclude(struct store_result *result, struct err *err);

/** Whether a result has no answer: it is of a whole sweep, and no policy could be run, or no base
 * point of its indices. A shard never is: others may have policies that can. */
bool study_sweep_is_void(const struct store_result *result);

#endif
