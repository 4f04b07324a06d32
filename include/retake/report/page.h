/* Results as one HTML page that needs nothing else: ECharts, the data as JSON and the page's own
 * scripts and styles (sim/report/page/) all lie within.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_REPORT_PAGE_H
#define RETAKE_REPORT_PAGE_H

#include <retake/store/result.h>

#include <stdbool.h>
#include <stdio.h>

/** Whether ECharts was built in: without it there is no page. */
bool report_page_has_charts(void);

/** One result to be shown. */
struct report_page_source {
    const char *name; /* of its file, without the folder */
    const struct dataset *dataset;
    const struct store_provenance *provenance;
};

/** A page: one result, or several runs, of which the first is what the others are compared with. */
struct report_page {
    const char *title; /* NULL: that of the result */
    size_t n_sources;
    const struct report_page_source *sources; /* [n_sources] */
};

/**
 * Print a page.
 * The numbers of a run are in it as report_summary_json has them. Of a sweep it has the first
 * group, all; figures, which are what has a standard error, have seven digits; counts, and
 * variables of many values a policy, are left out. Of an absolute path only the last name is
 * written.
 * @return ERR_OK; ERR_INPUT: a sweep or a cut study among several; ERR_MEMORY;
 *         ERR_INTERNAL: ECharts was not built in
 */
enum err_code report_page_print(const struct report_page *self, FILE *out, struct err *err);

#endif
