/* The policies of a sweep before it is run.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_REPORT_SWEEP_PLAN_H
#define RETAKE_REPORT_SWEEP_PLAN_H

#include <retake/study/sweep.h>

#include <stdio.h>

/** Print the first policies, a row for each, its values in columns; and how many more there are.
 * @return ERR_OK; ERR_MEMORY */
enum err_code report_sweep_plan(const struct study_sweep *sweep, FILE *out, struct err *err);

#endif
