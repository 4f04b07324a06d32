/* The table of a sweep on a terminal.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_REPORT_SWEEP_TEXT_H
#define RETAKE_REPORT_SWEEP_TEXT_H

#include <retake/store/result.h>

#include "sheet.h"

/** One line for each policy: axis values, what passes, and how it differs from the base. */
void report_sweep_text(const struct dataset *dataset, const struct store_provenance *provenance,
                       const struct report_sheet *sheet);

#endif
