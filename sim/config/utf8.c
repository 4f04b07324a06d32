/* UTF-8: validity, and text for messages.
 * SPDX-License-Identifier: Apache-2.0 */
#include "utf8.h"

#include <retake/base/plain.h>

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

size_t config_utf8_valid(const char *text, size_t n_bytes)
{
    size_t i = 0, n;
    uint32_t code_point;
    while ((n = plain_decode(text + i, n_bytes - i, &code_point)) > 0)
        i += n;
    return i;
}

void config_utf8_printable(const char *text, char *out, size_t n_out)
{
    size_t n_bytes = strlen(text), room = n_out - 1, to = 0, cut = 0, n;
    for (size_t from = 0; from < n_bytes; from += n) {
        uint32_t c = 0;
        n = plain_decode(text + from, n_bytes - from, &c);
        bool kept = n > 0 && plain_is(c);
        n = n ? n : 1;
        size_t n_written = kept ? n : 1;
        if (to + n_written > room) {
            snprintf(out + cut, n_out - cut, "...");
            return;
        }
        memcpy(out + to, kept ? text + from : "?", n_written);
        to += n_written;
        if (to + 3 <= room)
            cut = to;
    }
    out[to] = '\0';
}

struct utf8_quoted config_utf8_quote(const char *text)
{
    struct utf8_quoted quoted;
    quoted.text[0] = '\'';
    config_utf8_printable(text, quoted.text + 1, sizeof quoted.text - 2);
    strcat(quoted.text, "'");
    return quoted;
}
