/* The table of a sweep on a terminal.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_REPORT_SWEEP_TEXT_H
#define RETAKE_REPORT_SWEEP_TEXT_H

#include <retake/store/result.h>

#include <stdbool.h>

#include "sheet.h"

/** What is shown of each policy: a statistic at its first or last attempt, if it has attempts. */
struct report_figure {
    const char *name, *head; /* of two lines */
    bool is_first;           /* attempt; else the last */
    double scale;
};

enum { REPORT_N_FIGURES = 6 };

extern const struct report_figure report_figures[REPORT_N_FIGURES];

/** The address of a figure, without the policy. @return false where the dataset has none */
bool report_figure_address(const struct report_figure *self, const struct dataset *dataset,
                           char *out, size_t n_out);

/** One line for each policy: axis values, what passes, and how it differs from the base. */
void report_sweep_text(const struct dataset *dataset, const struct store_provenance *provenance,
                       const struct report_sheet *sheet);

#endif
