/* UTF-8: validity, and text made safe for a one-line message.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_SIM_CONFIG_UTF8_H
#define RETAKE_SIM_CONFIG_UTF8_H

#include <stddef.h>

/** The offset of the first byte that is not UTF-8, or n_bytes. */
size_t config_utf8_valid(const char *text, size_t n_bytes);

/** Copy text as one printable line: what is not plain becomes '?', the rest "..." when too
 * long. */
void config_utf8_printable(const char *text, char *out, size_t n_out);

/** A text in single quotes for a message, shortened; used as config_utf8_quote(text).text */
struct utf8_quoted {
    char text[72];
};
struct utf8_quoted config_utf8_quote(const char *text);

#endif
