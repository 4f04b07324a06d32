/* Results as one HTML page that needs nothing else: ECharts, the data as JSON and the page's own
 * scripts and styles (sim/report/page/) all lie within.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_REPORT_PAGE_H
#define RETAKE_REPORT_PAGE_H

#include <retake/store/result.h>

#include <stdbool.h>

/** Whether ECharts was built in: without it there is no page. */
bool report_page_has_charts(void);

/** One result to be shown. */
struct report_page_source {
    const char *name; /* of its file, without the folder */
    const struct dataset *dataset;
    const struct store_provenance *provenance;
};

/**
 * Write a page about one result, or about several runs compared, under path by way of a temporary
 * file.
 * The numbers of a run are in it as report_summary_json has them. Those of a sweep have seven
 * digits and are of the first group, all; counts, and variables of many values a policy, are left
 * out.
 * @return ERR_OK; ERR_INPUT: a sweep or a cut study among several; ERR_IO; ERR_MEMORY;
 *         ERR_INTERNAL: ECharts was not built in
 */
enum err_code report_page_write(const char *path, const struct report_page_source *sources,
                                size_t n_sources, struct err *err);

#endif
