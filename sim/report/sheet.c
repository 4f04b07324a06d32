/* Tables cell by cell: as they come where lines have no limit, else by way of sheet_layout.
 * SPDX-License-Identifier: Apache-2.0 */
#include "sheet.h"

#include <retake/base/plain.h>
#include <retake/base/terminal.h>
#include <retake/report/text.h>
#include <retake/tally/rate_interval.h>

#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "sheet_layout.h"
#include "sheet_words.h"
#include "summary_parts.h"

enum { INDENT = 2, LINE_BYTES = 4096 };

/* ---- open and close ---- */

void report_sheet_open_width(struct report_sheet *self, FILE *out, int width)
{
    *self = (struct report_sheet){.out = out, .width = width};
    self->layout = width > 0 ? report_layout_new() : NULL;
}

void report_sheet_open(struct report_sheet *self, FILE *out)
{
    report_sheet_open_width(self, out, terminal_columns(out));
    self->is_ascii = !terminal_is_utf8();
}

/* What was kept is printed before anything else. */
static void print_kept(const struct report_sheet *self)
{
    if (self->layout)
        report_layout_print(self->layout, self->width, self->out);
}

enum err_code report_sheet_close(struct report_sheet *self, struct err *err)
{
    print_kept(self);
    if (self->width > 0 && (!self->layout || report_layout_is_lost(self->layout)))
        err_set(err, ERR_MEMORY, "no memory for a table");
    report_layout_free(self->layout);
    self->layout = NULL;
    return err->code;
}

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

static void make_shown(const struct report_sheet *self, char *text)
{
    plain_make(text);
    if (self->is_ascii && !self->is_markdown)
        terminal_make_ascii(text);
}

/* Blanks before a line, so many that its first word fits. */
static int fitting_indent(const struct report_sheet *self, const char *text, int indent)
{
    int room = self->width - report_chars(text, strcspn(text, " \n"));
    return room < 0 ? 0 : room < indent ? room : indent;
}

/* A line less as many of its own first blanks. */
static const char *without_lead(const struct report_sheet *self, const char *line)
{
    int own = (int)strspn(line, " ");
    return line + own - fitting_indent(self, line + own, own);
}

/* As many lines as it takes; in the first some characters are taken, the later ones are indented,
 * less where a word has not the room. */
static void put_words(const struct report_sheet *self, const char *text, int taken, int indent)
{
    int room = self->width - taken;
    for (const char *next; *text; text = next) {
        size_t n = report_next_words(text, room, &next);
        fwrite(text, 1, n, self->out);
        int own = fitting_indent(self, next, indent);
        if (*next) {
            fputc('\n', self->out);
            report_put_spaces(self->out, own);
        }
        room = self->width - own;
    }
}

static int chars_of(const char *text)
{
    return report_chars(text, strlen(text)) - (strchr(text, '\n') != NULL);
}

static void put_line(const struct report_sheet *self, const char *before, const char *text,
                     const char *after)
{
    char plain[LINE_BYTES];
    snprintf(plain, sizeof plain, "%s", text);
    make_shown(self, plain);
    print_kept(self);
    fwrite(before, 1, strlen(before), self->out);
    if (self->is_markdown)
        put_escaped(self->out, plain, strlen(plain));
    else if (self->width > 0)
        put_words(self, plain, chars_of(before) + chars_of(after), INDENT);
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
    if (self->is_markdown)
        put_line(self, "\n## ", text, "\n");
    else if (self->is_ascii)
        put_line(self, "\n== ", text, " ==\n");
    else
        put_line(self, "\n━━ ", text, " ━━\n");
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

void report_sheet_text(const struct report_sheet *self, const char *text, int hang)
{
    print_kept(self);
    while (*text) {
        char plain[LINE_BYTES];
        size_t n = strcspn(text, "\n");
        int own = (int)strspn(text, " "), most = self->width / 2;
        snprintf(plain, sizeof plain, "%.*s", (int)n, text);
        make_shown(self, plain);
        own = own > hang ? own : hang;
        if (self->width > 0)
            put_words(self, without_lead(self, plain), 0, own < most ? own : most);
        else
            fwrite(plain, 1, strlen(plain), self->out);
        fputc('\n', self->out);
        text += n + (text[n] == '\n');
    }
}

void report_line(FILE *out, int hang, const char *format, ...)
{
    const struct report_sheet sheet = {
        .out = out, .width = terminal_columns(out), .is_ascii = !terminal_is_utf8()};
    char text[LINE_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    plain_make(text);
    report_sheet_text(&sheet, text, (int)strspn(text, " ") + hang);
}

/* Where the description of a line begins, which says "  --option  what it is for"; 0: nowhere. */
static int description_at(const char *line, size_t n)
{
    for (size_t i = strspn(line, " ") + 1; i + 2 < n; i++)
        if (line[i] == ' ' && line[i + 1] == ' ')
            return (int)(i + strspn(line + i, " "));
    return 0;
}

/* Whether the next line goes on with the paragraph that this line is of: both begin at the margin,
 * and this one has no full stop at its end. */
static bool is_continued(const char *line, size_t n)
{
    const char *next = line + n + (line[n] == '\n');
    return n > 0 && line[0] != ' ' && line[n - 1] != '.' && strncmp(line, "usage:", 6) != 0 &&
           *next && !strchr(" \n", *next);
}

void report_help(FILE *out, const char *usage)
{
    const struct report_sheet sheet = {
        .out = out, .width = terminal_columns(out), .is_ascii = !terminal_is_utf8()};
    while (*usage) {
        char line[LINE_BYTES];
        size_t n = strcspn(usage, "\n");
        int hang = description_at(usage, n);
        while (sheet.width > 0 && is_continued(usage, n))
            n += 1 + strcspn(usage + n + 1, "\n");
        snprintf(line, sizeof line, "%.*s\n", (int)n, usage);
        for (char *end = line; (end = strchr(end, '\n')) && end[1];)
            *end = ' ';
        bool is_paragraph = n > 0 && *line != ' ' && strncmp(line, "usage:", 6) != 0;
        report_sheet_text(&sheet, line, hang ? hang : is_paragraph ? 0 : INDENT);
        usage += n + (usage[n] == '\n');
    }
}

/* ---- tables ---- */

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
            bool is_title = i == 0 && !*column->head, is_last = i + 1 == self->n_columns;
            const char *text = head_line(is_title ? title : column->head, line, n_lines, &n_bytes);
            if (is_last && n_bytes == 0)
                continue;
            if (i > 0 && column->width > 0)
                fputc(' ', out);
            bool is_left = column->is_left || is_title;
            report_put_padded(out, text, n_bytes, is_left && is_last ? 0 : column->width, is_left);
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
            report_put_spaces(out, INDENT);
        fwrite(text, 1, strlen(text), out);
        return;
    }
    if (!*text && self->at + 1 == self->n_columns)
        return;
    report_put_spaces(out, self->at > 0 ? 1 : indent);
    bool is_last = self->at + 1 == self->n_columns && column->is_left; /* no blanks behind it */
    report_put_padded(out, text, strlen(text), is_last ? 0 : column->width - indent,
                      column->is_left);
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
    make_shown(self->sheet, broken ? broken + 1 : head);
    if (broken) {
        *broken = '\0';
        make_shown(self->sheet, head);
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
    char shown[REPORT_HEAD_BYTES];
    snprintf(shown, sizeof shown, "%s", title);
    *self = (struct report_table){.sheet = sheet};
    self->n_columns = n_columns < REPORT_MAX_COLUMNS ? n_columns : REPORT_MAX_COLUMNS;
    for (size_t i = 0; i < self->n_columns; i++)
        take_column(self, i, &columns[i]);
    make_shown(sheet, shown);
    if (sheet->is_markdown) {
        put_marked_heads(self, title);
        return;
    }
    if (sheet->width > 0) {
        print_kept(sheet);
        if (sheet->layout)
            report_layout_begin(sheet->layout, shown, self->columns, self->n_columns);
        return;
    }
    fputc('\n', sheet->out);
    put_heads(self, shown);
}

void report_table_cell(struct report_table *self, const char *cell)
{
    FILE *out = self->sheet->out;
    char text[REPORT_CELL_BYTES];
    snprintf(text, sizeof text, "%s", cell);
    make_shown(self->sheet, text);
    if (self->sheet->width > 0) {
        if (self->sheet->layout)
            report_layout_cell(self->sheet->layout, text);
        self->at = (self->at + 1) % self->n_columns;
        return;
    }
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
    char text[REPORT_CELL_BYTES];
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

void report_table_interval(struct report_table *self, double low, double high)
{
    report_table_print(self, "%.2f to %.2f", 100 * low, 100 * high);
}

void report_table_rate_of(struct report_table *self, const struct dataset *dataset,
                          const struct dataset_var *rate, size_t index)
{
    const struct dataset_var *error =
        rate->ancillary ? dataset_var(dataset, rate->ancillary) : NULL;
    bool has_error = error && error->type == DATASET_REAL && error->n == rate->n;
    struct tally_interval interval = tally_rate_interval(dataset, rate, index);
    if (isfinite(interval.low))
        report_table_interval(self, interval.low, interval.high);
    else
        report_table_rate(self, rate->real[index], has_error ? error->real[index] : (double)NAN);
}

void report_table_number(struct report_table *self, double value, double error, int digits)
{
    if (!isfinite(value))
        report_table_cell(self, "-");
    else if (!isfinite(error))
        report_table_print(self, "%.*f", digits, value);
    else {
        char text[REPORT_TEXT_BYTES];
        report_with_error(value, error, digits, text);
        report_table_cell(self, text);
    }
}

void report_table_bar(struct report_table *self, double share)
{
    char text[REPORT_BAR_BYTES];
    report_bar(share, text);
    report_table_cell(self, text);
}

void report_table_rest(struct report_table *self, const char *text)
{
    if (self->sheet->width > 0) {
        char plain[REPORT_CELL_BYTES];
        snprintf(plain, sizeof plain, "%s", text);
        make_shown(self->sheet, plain);
        if (self->sheet->layout)
            report_layout_rest(self->sheet->layout, plain);
        self->at = 0;
        return;
    }
    if (!self->sheet->is_markdown) {
        report_sheet_note(self->sheet, "%s", text);
        self->at = 0;
        return;
    }
    report_table_cell(self, text);
    while (self->at > 0)
        report_table_cell(self, "");
}
