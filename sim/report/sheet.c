/* Tables cell by cell. Widths are of characters, not of bytes.
 * SPDX-License-Identifier: Apache-2.0 */
#include "sheet.h"

#include <retake/base/plain.h>

#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "summary_parts.h"

enum { INDENT = 2, CELL_BYTES = 512, LINE_BYTES = 4096 };

/* ---- lines ---- */

/* Text that stands for itself in Markdown: no code, emphasis, HTML or cell, and no link, image or
 * definition, which all have a mark behind a closing bracket. */
static void put_escaped(FILE *out, const char *text, size_t n_bytes)
{
    for (size_t i = 0; i < n_bytes; i++) {
        bool is_link = i > 0 && text[i - 1] == ']' && strchr("([:", text[i]);
        if (is_link || strchr("\\`*<|", text[i]))
            fputc('\\', out);
        fputc(text[i], out);
    }
}

static void put_line(const struct report_sheet *self, const char *before, const char *text,
                     const char *after)
{
    char plain[LINE_BYTES];
    snprintf(plain, sizeof plain, "%s", text);
    plain_make(plain);
    fwrite(before, 1, strlen(before), self->out);
    if (self->is_markdown)
        put_escaped(self->out, plain, strlen(plain));
    else
        fwrite(plain, 1, strlen(plain), self->out);
    fwrite(after, 1, strlen(after), self->out);
}

void report_sheet_title(const struct report_sheet *self, const char *text)
{
    put_line(self, self->is_markdown ? "# " : "", text, "\n");
}

void report_sheet_heading(const struct report_sheet *self, const char *text)
{
    put_line(self, self->is_markdown ? "\n## " : "\n━━ ", text, self->is_markdown ? "\n" : " ━━\n");
}

static void __attribute__((format(printf, 3, 0)))
put_format(const struct report_sheet *self, const char *before, const char *format,
           va_list arguments)
{
    char text[LINE_BYTES];
    vsnprintf(text, sizeof text, format, arguments);
    put_line(self, before, text, "\n");
}

void report_sheet_line(const struct report_sheet *self, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    put_format(self, self->is_markdown ? "\n" : "", format, arguments);
    va_end(arguments);
}

void report_sheet_paragraph(const struct report_sheet *self, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    put_format(self, "\n", format, arguments);
    va_end(arguments);
}

void report_sheet_note(const struct report_sheet *self, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    put_format(self, self->is_markdown ? "\n" : "  ", format, arguments);
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
        fwrite(text, 1, strlen(text), out);
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
    while (n_bytes > 0 && *text == ' ')
        text++, n_bytes--;
    while (n_bytes > 0 && text[n_bytes - 1] == ' ')
        n_bytes--;
    if (n_bytes > 0)
        fputc(' ', out);
    put_escaped(out, text, n_bytes);
    fputs(" |", out);
}

/* Of one line or two. */
static void put_marked_head(FILE *out, const char *head)
{
    char text[REPORT_HEAD_BYTES];
    snprintf(text, sizeof text, "%s", head);
    for (char *c = text; *c; c++)
        *c = *c == '\n' ? ' ' : *c;
    put_marked(out, text, strlen(text));
}

static void put_marked_heads(const struct report_table *self, const char *title)
{
    FILE *out = self->sheet->out;
    if (*title)
        put_line(self->sheet, "\n### ", title, "\n");
    fputs("\n|", out);
    for (size_t i = 0; i < self->n_columns; i++)
        put_marked_head(out, self->columns[i].head);
    fputs("\n|", out);
    for (size_t i = 0; i < self->n_columns; i++) {
        const struct report_column *column = &self->columns[i];
        bool is_left = column->is_left || column->width == 0;
        fputs(is_left ? " --- |" : " ---: |", out);
    }
    fputc('\n', out);
}

/* ---- both ---- */

/* A copy whose head is plain but for one end of line. */
static void take_column(struct report_table *self, size_t i, const struct report_column *column)
{
    char *head = self->heads[i], *broken;
    snprintf(head, REPORT_HEAD_BYTES, "%s", column->head);
    broken = strchr(head, '\n');
    plain_make(broken ? broken + 1 : head);
    if (broken) {
        *broken = '\0';
        plain_make(head);
        size_t n = strlen(head);
        memmove(head + n + 1, broken + 1, strlen(broken + 1) + 1);
        head[n] = '\n';
    }
    self->columns[i] = *column;
    self->columns[i].head = head;
}

void report_table_begin(struct report_table *self, const struct report_sheet *sheet,
                        const char *title, const struct report_column *columns, size_t n_columns)
{
    *self = (struct report_table){.sheet = sheet};
    self->n_columns = n_columns < REPORT_MAX_COLUMNS ? n_columns : REPORT_MAX_COLUMNS;
    for (size_t i = 0; i < self->n_columns; i++)
        take_column(self, i, &columns[i]);
    if (sheet->is_markdown) {
        put_marked_heads(self, title);
        return;
    }
    fputc('\n', sheet->out);
    put_heads(self, title);
}

void report_table_cell(struct report_table *self, const char *cell)
{
    FILE *out = self->sheet->out;
    char text[CELL_BYTES];
    snprintf(text, sizeof text, "%s", cell);
    plain_make(text);
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
    if (!self->sheet->is_markdown) {
        report_sheet_note(self->sheet, "%s", text);
        self->at = 0;
        return;
    }
    report_table_cell(self, text);
    while (self->at > 0)
        report_table_cell(self, "");
}
