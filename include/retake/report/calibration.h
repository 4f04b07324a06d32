/* The report of a calibration: on the terminal, as JSON, and as a scenario that runs.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_REPORT_CALIBRATION_H
#define RETAKE_REPORT_CALIBRATION_H

#include <retake/study/calibrate.h>

#include <stdio.h>

/** What was fitted to what, tables of targets and parameters, then the warnings.
 *  @return ERR_OK; ERR_MEMORY */
enum err_code report_calibration_text(const struct study_calibration *self,
                                      const struct scenario *scenario, FILE *out, struct err *err);

/** One JSON object. @return ERR_OK; ERR_MEMORY; ERR_IO */
enum err_code report_calibration_json(const struct study_calibration *self, FILE *out,
                                      struct err *err);

/**
 * The fitted scenario as it is to stand under path: its text with the fitted values, the report as
 * a comment before.
 * @return ERR_OK; ERR_MEMORY; ERR_INTERNAL
 */
enum err_code report_calibration_scenario(const struct study_calibration *self,
                                          struct scenario *scenario, const char *path, FILE *out,
                                          struct err *err);

#endif
