/* A table that is kept until its widths are known, then fitted to a line.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_REPORT_SHEET_LAYOUT_H
#define RETAKE_REPORT_SHEET_LAYOUT_H

#include "sheet.h"

/** @return NULL: memory is out */
struct report_layout *report_layout_new(void);
void report_layout_free(struct report_layout *self);

/** A table begins; the one before has been printed. Heads and title are copied. */
void report_layout_begin(struct report_layout *self, const char *title,
                         const struct report_column *columns, size_t n_columns);

/** The next cell; text that runs on over what is left of its row, which ends with it. */
void report_layout_cell(struct report_layout *self, const char *text);
void report_layout_rest(struct report_layout *self, const char *text);

/** Print the table at hand, if there is one, in lines of at most width characters. */
void report_layout_print(struct report_layout *self, int width, FILE *out);

/** Whether a cell was lost for want of memory. */
bool report_layout_is_lost(const struct report_layout *self);

#endif
