/* What a page is put together from.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_REPORT_PAGE_PARTS_H
#define RETAKE_REPORT_PAGE_PARTS_H

#include <retake/report/page.h>

#include <stdio.h>

/** A file of sim/report/page/, or ECharts, as it was when retake was built. */
struct report_page_file {
    const char *name, *begin, *end;
};

/** The table that CMake generates; the last row has no name. */
extern const struct report_page_file report_page_files[];

/** The results as JSON for data.js, written so that it can stand within a script element. */
enum err_code report_page_json(const struct report_page_source *sources, size_t n_sources,
                               FILE *out, struct err *err);

#endif
