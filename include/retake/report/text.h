/* Lines of text for people, as what they are shown on has room for them.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_REPORT_TEXT_H
#define RETAKE_REPORT_TEXT_H

#include <stdio.h>

/**
 * Print one line, plain (base/plain.h) and in what the terminal has (base/terminal.h). Where it has
 * less room the line is broken between words.
 * @param hang  blanks before what goes on, on top of those that the line begins with
 */
void report_line(FILE *out, int hang, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/** Print a help text: what a line has no room for goes on below its description, the part behind
 * two blanks or more. */
void report_help(FILE *out, const char *usage);

#endif
