/* What output is shown on: how wide it is, whether it has more than ASCII, whether it obeys
 * escapes.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_BASE_TERMINAL_H
#define RETAKE_BASE_TERMINAL_H

#include <stdbool.h>
#include <stdio.h>

/** What is narrower counts as this. */
enum { TERMINAL_LEAST_COLUMNS = 40 };

/** Characters of a line: COLUMNS, where that is a whole number above 0; else those of a terminal.
 * 0: no limit, for a file, a pipe or memory. */
int terminal_columns(FILE *out);

/** Whether the locale, by the first of LC_ALL, LC_CTYPE and LANG that is not empty, has UTF-8. */
bool terminal_is_utf8(void);

/** Whether a line may be drawn over: a terminal that is not TERM=dumb, and no NO_COLOR
 * (no-color.org). */
bool terminal_takes_escapes(FILE *out);

/** The same text in ASCII, in place: "+-" for a plus-minus, '#' for a bar, '?' for what has no
 * likeness. Never longer. */
void terminal_make_ascii(char *text);

/** terminal_make_ascii where the locale has no UTF-8. */
void terminal_fit(char *text);

#endif
