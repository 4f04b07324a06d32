/* What the tables of a summary are made of: slices of variables, numbers and bars as text.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_REPORT_SUMMARY_PARTS_H
#define RETAKE_REPORT_SUMMARY_PARTS_H

#include <retake/tally/dataset.h>

#include <stdbool.h>

struct report_sheet;

/** One group of a dataset, on its way to a sheet. */
struct report_view {
    const struct dataset *dataset;
    size_t group;
    const struct report_sheet *sheet;
};

/** A variable [group, row, column] for one group; a missing dimension counts 1. */
struct report_slice {
    size_t n_rows, n_columns;
    const double *real;   /* [n_rows][n_columns] if the variable is real */
    const int64_t *count; /* if it is a count */
    const struct dataset_dim *row, *column;
};

/** The slice of a variable of n_dims dimensions, the first being group; false when there is none.
 */
bool report_slice_find(const struct report_view *self, const char *name, size_t n_dims,
                       struct report_slice *out);

/** Value [row][column] as a double; NaN outside. */
double report_slice_at(const struct report_slice *self, size_t row, size_t column);

/** The sum of a row. */
double report_slice_sum(const struct report_slice *self, size_t row);

/** The mean of a coordinate over the histogram in a row; NaN when that is empty. */
double report_slice_mean(const struct report_slice *self, size_t row);

/** Rows up to the last that is not all 0, at least 1. */
size_t report_slice_rows_used(const struct report_slice *self);

/** How many columns of the first row are in use: up to the last that is not 0, at least one. */
size_t report_slice_columns_used(const struct report_slice *self);

enum { REPORT_TEXT_BYTES = 64 };

/** Element i of a coordinate as text. */
void report_label(const struct dataset_dim *dim, size_t i, char text[REPORT_TEXT_BYTES]);

/** 1234567 as 1,234,567; - for NaN. */
void report_whole(double value, char text[REPORT_TEXT_BYTES]);

/** A share as "68.75 %" in 9 columns; - for NaN. */
void report_percent(double share, char text[REPORT_TEXT_BYTES]);

/** A rate and its standard error as "68.75 ± 0.12" in percent, in at most 15 columns; - for NaN. */
void report_rate(double rate, double error, char text[REPORT_TEXT_BYTES]);

/** The decimals that a standard error allows, by the rule of the Particle Data Group (Review of
 * Particle Physics, Introduction): two digits of the error where its first three are 100 to 354 or
 * from 950 on, else one. The page has the same rule.
 * @param otherwise  where the error is 0 or not known */
int report_decimals(double error, int otherwise);

/** A value and its error, both with so many. */
void report_with_error(double value, double error, int otherwise, char text[REPORT_TEXT_BYTES]);

enum { REPORT_SENTENCE_BYTES = 256 };

/** Which scores the bank can decide (bank_undecidable_below, _above), as a sentence without capital
 * and full stop. false: the dataset says nothing of it. */
bool report_bank_decides(const struct dataset *self, char text[REPORT_SENTENCE_BYTES]);

enum { REPORT_BAR_CELLS = 30, REPORT_BAR_BYTES = 3 * REPORT_BAR_CELLS + 4 };

/** A share of REPORT_BAR_CELLS cells as a bar; empty for none. */
void report_bar(double share, char text[REPORT_BAR_BYTES]);

#endif
