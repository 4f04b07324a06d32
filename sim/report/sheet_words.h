/* Characters and lines of text: what the tables and notes of a sheet are set with.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_REPORT_SHEET_WORDS_H
#define RETAKE_REPORT_SHEET_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/** Characters of n_bytes of UTF-8. */
int report_chars(const char *text, size_t n_bytes);

/** Bytes of the first character; 0 at the end. */
size_t report_next_char(const char *text);

void report_put_spaces(FILE *out, int n);

/** Text among blanks, n_bytes of it in width characters. */
void report_put_padded(FILE *out, const char *text, size_t n_bytes, int width, bool is_left);

/**
 * Bytes of the next line: up to an end of line, or as many words as width characters hold, or of a
 * longer word as much of it as ends behind one of "._,/-", else as fits.
 * @param next  receives where the line after it begins; "" when there is none
 */
size_t report_next_line(const char *text, int width, const char **next);

/** The same, but a word is never broken: it may be longer than the line. */
size_t report_next_words(const char *text, int width, const char **next);

#endif
