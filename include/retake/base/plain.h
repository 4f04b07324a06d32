/* Text of others, made harmless before it is shown: a title, a name, an id, a path.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_BASE_PLAIN_H
#define RETAKE_BASE_PLAIN_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/** Longest text of one plain_print; what is longer is cut. */
enum { PLAIN_BYTES = 8192 };

/** Bytes of the code point that text starts with; 0 where it is not UTF-8 or n_bytes is 0. */
size_t plain_decode(const char *text, size_t n_bytes, uint32_t *code_point);

/**
 * Whether a code point only shows itself. Not plain: control characters (C0, DEL, C1), separators
 * of lines and paragraphs, what turns the direction of writing, and the byte order mark.
 */
bool plain_is(uint32_t code_point);

/** Replace by '?', in place, each code point that is not plain and each byte that is not UTF-8. */
void plain_make(char *text);

/**
 * Print as fprintf does, but plain: what the arguments bring is made plain, also their line ends;
 * control characters of the format itself stay. One write. A failure is for ferror to tell.
 * @param format  under 1024 bytes
 */
void plain_print(FILE *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
void plain_vprint(FILE *out, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));

/** Write the code point that text begins with, or '?'. @return bytes taken, of n_bytes > 0 */
size_t plain_put(const char *text, size_t n_bytes, FILE *out);

/** Write a text of many lines: ends of lines and tabs stay, the rest is made plain. */
void plain_write(const char *text, size_t n_bytes, FILE *out);

#endif
