/* The report of retake solve: on the terminal, as JSON, and as a scenario that runs.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_REPORT_SOLUTION_H
#define RETAKE_REPORT_SOLUTION_H

#include <retake/study/solve.h>

#include <stdio.h>

/** "at 3: 0.250000 ± 0.000400": the error where there is one, limits of a rate of none or all, or
 * the value alone. */
struct report_solution_point {
    char text[160];
};
struct report_solution_point report_solution_at(const struct study_solve_point *at);

/** A few lines. @return ERR_OK; ERR_MEMORY */
enum err_code report_solution_text(const struct study_question *question,
                                   const struct study_solution *self, FILE *out, struct err *err);

/** One JSON object. @return ERR_OK; ERR_MEMORY; ERR_IO */
enum err_code report_solution_json(const struct study_question *question,
                                   const struct study_solution *self, FILE *out, struct err *err);

/** The scenario with the value that was found, as it is to stand under path, the report as a
 * comment before. @return ERR_OK; ERR_MEMORY; ERR_INTERNAL */
enum err_code report_solution_scenario(const struct study_question *question,
                                       const struct study_solution *self, struct scenario *scenario,
                                       const char *path, FILE *out, struct err *err);

#endif
