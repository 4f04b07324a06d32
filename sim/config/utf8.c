/* UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing above U+10FFFF.
 * SPDX-License-Identifier: Apache-2.0 */
#include "utf8.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Bytes of a sequence by its first byte, and the bits that byte contributes; 0 = cannot start one.
 */
static size_t sequence_length(unsigned char first, uint32_t *bits)
{
    size_t n = first < 0x80 ? 1 : first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    *bits = n == 1 ? first : n == 2 ? first & 0x1Fu : n == 3 ? first & 0x0Fu : first & 0x07u;
    return first > 0xF4 ? 0 : n;
}

size_t config_utf8_decode(const char *text, size_t n_bytes, uint32_t *code_point)
{
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    uint32_t value;
    size_t n = n_bytes ? sequence_length((unsigned char)text[0], &value) : 0;
    if (n == 0 || n > n_bytes)
        return 0;
    for (size_t i = 1; i < n; i++) {
        unsigned char byte = (unsigned char)text[i];
        if ((byte & 0xC0) != 0x80)
            return 0;
        value = value << 6 | (byte & 0x3Fu);
    }
    if (value < smallest[n] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
        return 0;
    *code_point = value;
    return n;
}

size_t config_utf8_valid(const char *text, size_t n_bytes)
{
    size_t i = 0, n;
    uint32_t code_point;
    while ((n = config_utf8_decode(text + i, n_bytes - i, &code_point)) > 0)
        i += n;
    return i;
}

static bool is_printable(uint32_t c)
{
    bool control = c < 0x20 || (c >= 0x7F && c < 0xA0);
    return !control && c != 0x2028 && c != 0x2029 && c != 0xFEFF;
}

void config_utf8_printable(const char *text, char *out, size_t n_out)
{
    size_t n_bytes = strlen(text), room = n_out - 1, to = 0, cut = 0, n;
    for (size_t from = 0; from < n_bytes; from += n) {
        uint32_t c = 0;
        n = config_utf8_decode(text + from, n_bytes - from, &c);
        bool kept = n > 0 && is_printable(c);
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
