/* Text made harmless. UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing above
 * U+10FFFF. What turns the direction of writing: Unicode Standard Annex 9, table 4.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/plain.h>

#include <assert.h>
#include <string.h>

/* Bytes of a sequence by its first byte, and the bits that byte contributes; 0 = cannot start one.
 */
static size_t sequence_length(unsigned char first, uint32_t *bits)
{
    size_t n = first < 0x80 ? 1 : first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    *bits = n == 1 ? first : n == 2 ? first & 0x1Fu : n == 3 ? first & 0x0Fu : first & 0x07u;
    return first > 0xF4 ? 0 : n;
}

size_t plain_decode(const char *text, size_t n_bytes, uint32_t *code_point)
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

bool plain_is(uint32_t c)
{
    bool is_control = c < 0x20 || (c >= 0x7F && c < 0xA0);
    bool is_separator = c == 0x2028 || c == 0x2029;
    bool turns = c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) ||
                 (c >= 0x2066 && c <= 0x2069);
    return !is_control && !is_separator && !turns && c != 0xFEFF;
}

/* One code point, or a '?' for it. @return bytes taken from text; *to moves on. */
static size_t copy_plain(const char *text, size_t n_bytes, char **to)
{
    uint32_t c = 0;
    size_t n = plain_decode(text, n_bytes, &c);
    if (n > 0 && plain_is(c)) {
        memmove(*to, text, n);
        *to += n;
    } else
        *(*to)++ = '?';
    return n ? n : 1;
}

void plain_make(char *text)
{
    size_t n_bytes = strlen(text);
    char *to = text;
    for (size_t from = 0; from < n_bytes;)
        from += copy_plain(text + from, n_bytes - from, &to);
    *to = '\0';
}

static bool is_control(char c)
{
    return (unsigned char)c < 0x20;
}

/* The format with a mark in the place of each of its control characters. */
static void mark_controls(const char *format, char mark, char *out, size_t n_out)
{
    size_t n = strlen(format);
    assert(n < n_out);
    for (size_t i = 0; i <= n; i++)
        out[i] = i < n && is_control(format[i]) ? mark : format[i];
}

/* The format is printed twice, with two marks: where the outcomes differ stands a control character
 * of the format, whatever the arguments bring. */
void plain_vprint(FILE *out, const char *format, va_list arguments)
{
    char form[1024], text[PLAIN_BYTES], other[PLAIN_BYTES], *to = text;
    va_list again;
    va_copy(again, arguments);
    mark_controls(format, '\1', form, sizeof form);
    int n = vsnprintf(text, sizeof text, form, arguments);
    mark_controls(format, '\2', form, sizeof form);
    vsnprintf(other, sizeof other, form, again);
    va_end(again);
    size_t n_bytes = n < 0 ? 0 : strnlen(text, sizeof text);
    for (size_t from = 0; from < n_bytes;) {
        if (text[from] == other[from]) {
            from += copy_plain(text + from, n_bytes - from, &to);
            continue;
        }
        while (!is_control(*format))
            format++;
        *to++ = *format++;
        from++;
    }
    fwrite(text, 1, (size_t)(to - text), out);
}

void plain_print(FILE *out, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    plain_vprint(out, format, arguments);
    va_end(arguments);
}

size_t plain_put(const char *text, size_t n_bytes, FILE *out)
{
    char written[4], *to = written;
    size_t n = copy_plain(text, n_bytes, &to);
    fwrite(written, 1, (size_t)(to - written), out);
    return n;
}

void plain_write(const char *text, size_t n_bytes, FILE *out)
{
    for (size_t from = 0; from < n_bytes;)
        if (text[from] == '\n' || text[from] == '\t')
            fputc(text[from++], out);
        else
            from += plain_put(text + from, n_bytes - from, out);
}
