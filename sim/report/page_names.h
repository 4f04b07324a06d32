/* Names of files as a page shows them.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_SIM_REPORT_PAGE_NAMES_H
#define RETAKE_SIM_REPORT_PAGE_NAMES_H

/** A copy of text in which each absolute path (of / or ~/) is its last name; the caller frees it.
 * NULL when memory is out. */
char *report_page_text(const char *text);

/** The last name of a file as a parameter writes it, perhaps in quotes: likewise. */
char *report_page_file(const char *name);

#endif
