/* Characters and lines of text. Widths are of characters, not of bytes.
 * SPDX-License-Identifier: Apache-2.0 */
#include "sheet_words.h"

#include <string.h>

/* UTF-8: what is no continuation byte begins a character. */
static bool begins_char(char c)
{
    return ((unsigned char)c & 0xC0) != 0x80;
}

int report_chars(const char *text, size_t n_bytes)
{
    int n = 0;
    for (size_t i = 0; i < n_bytes; i++)
        n += begins_char(text[i]);
    return n;
}

size_t report_next_char(const char *text)
{
    size_t n = *text != '\0';
    while (n > 0 && text[n] && !begins_char(text[n]))
        n++;
    return n;
}

void report_put_spaces(FILE *out, int n)
{
    for (int i = 0; i < n; i++)
        fputc(' ', out);
}

void report_put_padded(FILE *out, const char *text, size_t n_bytes, int width, bool is_left)
{
    int room = width - report_chars(text, n_bytes);
    if (!is_left)
        report_put_spaces(out, room);
    fwrite(text, 1, n_bytes, out);
    if (is_left)
        report_put_spaces(out, room);
}

/* Bytes of the first width characters. */
static size_t bytes_of(const char *text, size_t n_bytes, int width)
{
    size_t i = 0;
    for (; i < n_bytes; i++)
        if (begins_char(text[i]) && width-- == 0)
            break;
    return i;
}

static size_t end_line(const char *text, size_t n, const char **next)
{
    size_t skipped = strspn(text + n, " ");
    *next = text + n + (skipped ? skipped : text[n] == '\n');
    return n;
}

/* The last blank that a line may end at, with something before it; 0: none. */
static size_t last_blank(const char *text, size_t n)
{
    size_t first = strspn(text, " ");
    while (n > first && text[n] != ' ')
        n--;
    while (n > first && text[n - 1] == ' ')
        n--;
    return n > first ? n : 0;
}

size_t report_next_line(const char *text, int width, const char **next)
{
    size_t n_all = strcspn(text, "\n"), n = bytes_of(text, n_all, width);
    if (n == n_all)
        return end_line(text, n, next);
    size_t blank = last_blank(text, n), mark = n;
    if (blank)
        return end_line(text, blank, next);
    while (mark > 0 && !strchr("._,/-", text[mark - 1]))
        mark--;
    return end_line(text, mark ? mark : n, next);
}

size_t report_next_words(const char *text, int width, const char **next)
{
    size_t n_all = strcspn(text, "\n"), n = bytes_of(text, n_all, width);
    if (n < n_all) {
        size_t first = strspn(text, " ");
        n = last_blank(text, n);
        n = n ? n : first + strcspn(text + first, " \n");
    }
    return end_line(text, n, next);
}
