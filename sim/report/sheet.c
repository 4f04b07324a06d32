/* Tables cell by cell. Widths are of characters, not of bytes.
 * SPDX-License-Identifier: Apache-2.0 */
#include "sheet.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "summary_parts.h"

enum { INDENT = 2, CELL_BYTES = 512 };

void report_sheet_heading(const struct report_sheet *self, const char *text)
{
    fprintf(self->out, self->is_markdown ? "\n## %s\n" : "\n━━ %s ━━\n", text);
}

void report_sheet_note(const struct report_sheet *self, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs(self->is_markdown ? "\n" : "  ", self->out);
    vfprintf(self->out, format, arguments);
    fputc('\n', self->out);
    va_end(arguments);
}

/* ---- text ---- */

/* UTF-8: what is no continuation byte begins a character. */
static int n_chars(const char *text, size_t n_bytes)
{
    int n = 0;
    for (size_t i = 0; i < n_bytes; i++)
        n += ((unsigned char)text[i] & 0xC0) != 0x80;
    return n;
}

static void put_spaces(FILE *out, int n)
{
    for (int i = 0; i < n; i++)
        fputc(' ', out);
}

static void put_padded(FILE *out, const char *text, size_t n_bytes, int width, bool is_left)
{
    int room = width - n_chars(text, n_bytes);
    if (!is_left)
        put_spaces(out, room);
    fwrite(text, 1, n_bytes, out);
    if (is_left)
        put_spaces(out, room);
}

/* Line 0 or 1 of a head, from below: a single line stands in the lower. */
static const char *head_line(const char *head, int line, int n_lines, size_t *n_bytes)
{
    const char *broken = strchr(head, '\n');
    bool is_lower = line == n_lines - 1;
    *n_bytes = 0;
    if (!broken)
        *n_bytes = is_lower ? strlen(head) : 0;
    else if (is_lower) {
        *n_bytes = strlen(broken + 1);
        return broken + 1;
    } else
        *n_bytes = (size_t)(broken - head);
    return head;
}

static void put_heads(const struct report_table *self, const char *title)
{
    FILE *out = self->sheet->out;
    int n_lines = 1;
    for (size_t i = 0; i < self->n_columns; i++)
        n_lines = strchr(self->columns[i].head, '\n') ? 2 : n_lines;
    for (int line = 0; line < n_lines; line++) {
        for (size_t i = 0; i < self->n_columns; i++) {
            const struct report_column *column = &self->columns[i];
            size_t n_bytes;
            bool is_title = i == 0 && !*column->head;
            const char *text = head_line(is_title ? title : column->head, line, n_lines, &n_bytes);
            if (i > 0 && column->width > 0)
                fputc(' ', out);
            put_padded(out, text, n_bytes, column->width, column->is_left || is_title);
        }
        fputc('\n', out);
    }
}

static void put_cell(struct report_table *self, const char *text)
{
    const struct report_column *column = &self->columns[self->at];
    FILE *out = self->sheet->out;
    int indent = self->at == 0 && column->is_left ? INDENT : 0;
    if (column->width == 0) {
        if (*text)
            put_spaces(out, INDENT);
        fputs(text, out);
        return;
    }
    if (!*text && self->at + 1 == self->n_columns)
        return;
    put_spaces(out, self->at > 0 ? 1 : indent);
    put_padded(out, text, strlen(text), column->width - indent, column->is_left);
}

/* ---- Markdown ---- */

static void put_marked(FILE *out, const char *text, size_t n_bytes)
{
    while (n_bytes > 0 && (*text == ' ' || *text == '\n'))
        text++, n_bytes--;
    while (n_bytes > 0 && text[n_bytes - 1] == ' ')
        n_bytes--;
    if (n_bytes > 0)
        fputc(' ', out);
    for (size_t i = 0; i < n_bytes; i++) {
        if (text[i] == '|')
            fputc('\\', out);
        fputc(text[i] == '\n' ? ' ' : text[i], out);
    }
    fputs(" |", out);
}

static void put_marked_heads(const struct report_table *self, const char *title)
{
    FILE *out = self->sheet->out;
    if (*title)
        fprintf(out, "\n### %s\n", title);
    fputs("\n|", out);
    for (size_t i = 0; i < self->n_columns; i++)
        put_marked(out, self->columns[i].head, strlen(self->columns[i].head));
    fputs("\n|", out);
    for (size_t i = 0; i < self->n_columns; i++)
        fputs(self->columns[i].is_left || self->columns[i].width == 0 ? " --- |" : " ---: |", out);
    fputc('\n', out);
}

/* ---- both ---- */

void report_table_begin(struct report_table *self, const struct report_sheet *sheet,
                        const char *title, const struct report_column *columns, size_t n_columns)
{
    *self = (struct report_table){.sheet = sheet};
    self->n_columns = n_columns < REPORT_MAX_COLUMNS ? n_columns : REPORT_MAX_COLUMNS;
    memcpy(self->columns, columns, self->n_columns * sizeof *columns);
    if (sheet->is_markdown) {
        put_marked_heads(self, title);
        return;
    }
    fputc('\n', sheet->out);
    put_heads(self, title);
}

void report_table_cell(struct report_table *self, const char *text)
{
    FILE *out = self->sheet->out;
    if (self->sheet->is_markdown && self->at == 0)
        fputc('|', out);
    if (self->sheet->is_markdown)
        put_marked(out, text, strlen(text));
    else
        put_cell(self, text);
    if (++self->at < self->n_columns)
        return;
    fputc('\n', out);
    self->at = 0;
}

void report_table_print(struct report_table *self, const char *format, ...)
{
    char text[CELL_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    report_table_cell(self, text);
}

void report_table_whole(struct report_table *self, double value)
{
    char text[REPORT_TEXT_BYTES];
    report_whole(value, text);
    report_table_cell(self, text);
}

void report_table_percent(struct report_table *self, double share)
{
    char text[REPORT_TEXT_BYTES];
    report_percent(share, text);
    report_table_cell(self, text);
}

void report_table_rate(struct report_table *self, double rate, double error)
{
    char text[REPORT_TEXT_BYTES];
    report_rate(rate, error, text);
    report_table_cell(self, text);
}

void report_table_number(struct report_table *self, double value, double error, int digits)
{
    if (!isfinite(value))
        report_table_cell(self, "-");
    else if (!isfinite(error))
        report_table_print(self, "%.*f", digits, value);
    else
        report_table_print(self, "%.*f ± %.*f", digits, value, digits, error);
}

void report_table_bar(struct report_table *self, double share)
{
    char text[REPORT_BAR_BYTES];
    report_bar(share, text);
    report_table_cell(self, text);
}

void report_table_rest(struct report_table *self, const char *text)
{
    FILE *out = self->sheet->out;
    if (!self->sheet->is_markdown) {
        fprintf(out, "  %s\n", text);
        self->at = 0;
        return;
    }
    report_table_cell(self, text);
    while (self->at > 0)
        report_table_cell(self, "");
}
