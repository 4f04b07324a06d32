/* What a page is put together from.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_REPORT_PAGE_PARTS_H
#define RETAKE_REPORT_PAGE_PARTS_H

#include <retake/report/page.h>

#include <stdio.h>

/** A part of the page as it was when retake was built; NULL in a build without ECharts. */
struct report_page_part {
    const char *begin, *end;
};

/** What CMake puts together of sim/report/page/: before the text for who has no scripts, between it
 * and the data, and behind them. */
extern const struct report_page_part report_page_head, report_page_middle, report_page_tail;

/** The tables of the summary as HTML, for a noscript element. @return ERR_OK; ERR_MEMORY */
enum err_code report_page_tables(const struct report_page *self, FILE *out, struct err *err);

/** The results as JSON for data.js, written so that it can stand within a script element. */
enum err_code report_page_json(const struct report_page *self, FILE *out, struct err *err);

#endif
