/* Decimal numbers from text and back, whatever the locale of the process.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_CONFIG_NUMBER_H
#define RETAKE_CONFIG_NUMBER_H

#include <stddef.h>
#include <stdint.h>

enum number_result {
    NUMBER_OK,
    NUMBER_MALFORMED, /* not [+-] digits [. digits] [e [+-] digits] and nothing else */
    NUMBER_FRACTION,  /* a number, but not a whole one */
    NUMBER_TOO_LARGE, /* overflows the type */
};

/** A finite double; -0 becomes 0. */
enum number_result config_number_real(const char *text, double *out);

/** A whole number, exactly: 1000000, 1_000_000, 1e6 and 2.50e1 are whole. */
enum number_result config_number_count(const char *text, int64_t *out);

/** The shortest decimal that reads back as the same double. n_text of 32 is always enough. */
void config_number_format(double value, char *text, size_t n_text);

#endif
