/* Text as a cell of CSV.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_SIM_REPORT_CSV_OUT_H
#define RETAKE_SIM_REPORT_CSV_OUT_H

#include <stdio.h>

/** The quote that a cell begins with; behind it ' where a spreadsheet would take text for a
 * formula.
 */
void report_csv_open(const char *text, FILE *out);

/** Plain text within quotes. */
void report_csv_put(const char *text, FILE *out);

/** A cell of its own: within quotes. */
void report_csv_text(const char *text, FILE *out);

#endif
