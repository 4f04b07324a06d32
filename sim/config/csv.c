/* CSV as RFC 4180 has it, cell by cell. The text is copied once and cut apart in place: an unquoted
 * cell is never longer than it was written, and the terminator replaces a separator already read.
 * What separates cells is found by csv_dialect.c, numbers are read by csv_number.c.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/config/csv.h>

#include <retake/base/wording.h>
#include <retake/config/params.h>

#include "csv_dialect.h"
#include "day.h"
#include "utf8.h"
#include <retake/config/number.h>

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct reader {
    const char *path;
    struct err *err;
    char *at, *end; /* *end is 0 */
    char *line_start;
    size_t line;
    char separator;
    struct csv_cell *cells; /* all, the header first */
    size_t n_cells;
};

static size_t column_of(const struct reader *self, const char *at)
{
    return (size_t)(at - self->line_start) + 1;
}

static enum err_code refuse(const struct reader *self, size_t line, size_t column, const char *what)
{
    return err_set(self->err, ERR_INPUT, "%s:%zu:%zu: %s", self->path, line, column, what);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* A tab that separates cells is no blank. */
static bool is_padding(const struct reader *self, char c)
{
    return is_blank(c) && c != self->separator;
}

static bool ends_cell(const struct reader *self)
{
    return self->at == self->end || *self->at == self->separator || *self->at == '\n' ||
           *self->at == '\r';
}

static void skip_blanks(struct reader *self)
{
    while (self->at < self->end && is_padding(self, *self->at))
        self->at++;
}

/* Past one end of line: LF, CRLF or CR. */
static void next_line(struct reader *self)
{
    if (*self->at == '\r' && self->at[1] == '\n')
        self->at++;
    self->at++;
    self->line_start = self->at;
    self->line++;
}

static bool is_line_end(const struct reader *self)
{
    return self->at < self->end && (*self->at == '\n' || *self->at == '\r');
}

/* Within quotes, at the first character; the text is moved together over the doubled quotes. */
static enum err_code read_quoted(struct reader *self, struct csv_cell *cell, char **text_end)
{
    char *to = self->at;
    cell->text = to;
    for (;;) {
        if (self->at == self->end)
            return refuse(self, cell->line, cell->column, "a quote that is not closed");
        if (*self->at == '"' && self->at[1] != '"')
            break;
        if (is_line_end(self)) {
            char *from = self->at;
            next_line(self);
            size_t n = (size_t)(self->at - from);
            memmove(to, from, n);
            to += n;
            continue;
        }
        self->at += *self->at == '"';
        *to++ = *self->at++;
    }
    self->at++;
    *text_end = to;
    skip_blanks(self);
    if (ends_cell(self))
        return ERR_OK;
    return refuse(self, self->line, column_of(self, self->at), "text after a closing quote");
}

static enum err_code read_plain(struct reader *self, struct csv_cell *cell, char **text_end)
{
    cell->text = self->at;
    *text_end = self->at;
    for (; !ends_cell(self); self->at++) {
        if (*self->at == '"')
            return refuse(self, self->line, column_of(self, self->at),
                          "a quote within a cell that does not start with one");
        if (!is_padding(self, *self->at))
            *text_end = self->at + 1;
    }
    return ERR_OK;
}

bool config_csv_is_formula(const char *text)
{
    return *text && strchr("=+-@\t\r", *text);
}

/* One cell; at its end the reader stands on the separator, kept in *separator (0 at the end). */
static enum err_code read_cell(struct reader *self, char *separator)
{
    struct csv_cell *cell = &self->cells[self->n_cells];
    char *text_end = NULL;
    skip_blanks(self);
    *cell = (struct csv_cell){.line = self->line, .column = column_of(self, self->at)};
    bool quoted = self->at < self->end && *self->at == '"';
    self->at += quoted;
    enum err_code code =
        quoted ? read_quoted(self, cell, &text_end) : read_plain(self, cell, &text_end);
    if (code != ERR_OK)
        return code;
    self->n_cells++;
    *separator = self->at == self->end ? '\0' : *self->at;
    if (*separator && *separator == self->separator)
        self->at++;
    else if (*separator)
        next_line(self);
    *text_end = '\0';
    cell->text += cell->text[0] == '\'' && config_csv_is_formula(cell->text + 1);
    return ERR_OK;
}

static void skip_blank_lines(struct reader *self)
{
    for (;;) {
        char *start = self->at;
        skip_blanks(self);
        if (self->at == self->end)
            return;
        if (!is_line_end(self)) {
            self->at = start;
            return;
        }
        next_line(self);
    }
}

static enum err_code read_row(struct reader *self, size_t *n_columns)
{
    char separator = self->separator;
    *n_columns = 0;
    for (; separator == self->separator; ++*n_columns)
        if (read_cell(self, &separator) != ERR_OK)
            return self->err->code;
    return ERR_OK;
}

static enum err_code refuse_width(struct reader *self, size_t n, size_t n_columns)
{
    size_t i = n > n_columns ? n_columns : n - 1;
    const struct csv_cell *cell = &self->cells[self->n_cells - n + i];
    bool is_plain = self->separator == ',' && n_columns > 1;
    return err_set(self->err, ERR_INPUT, "%s:%zu:%zu: a row of %s%s%s, where the header has %zu",
                   self->path, cell->line, cell->column, wording_count(n, "cell").text,
                   is_plain ? "" : " separated by ",
                   is_plain ? "" : config_csv_separator_name(self->separator), n_columns);
}

static int by_text_then_place(const void *a, const void *b)
{
    const struct csv_cell *const *left = a, *const *right = b;
    int order = strcmp((*left)->text, (*right)->text);
    return order ? order : (*left > *right) - (*left < *right);
}

static enum err_code check_header(struct reader *self, size_t n_columns, struct arena *arena)
{
    const struct csv_cell **sorted = arena_alloc(arena, n_columns * sizeof *sorted);
    if (!sorted)
        return err_set(self->err, ERR_MEMORY, "%s: no memory for its header", self->path);
    for (size_t i = 0; i < n_columns; i++) {
        sorted[i] = &self->cells[i];
        if (i > 0 && !*sorted[i]->text) /* R puts its row names under an empty first name */
            return refuse(self, sorted[i]->line, sorted[i]->column, "a column without a name");
    }
    qsort(sorted, n_columns, sizeof *sorted, by_text_then_place);
    for (size_t i = 1; i < n_columns; i++)
        if (strcmp(sorted[i - 1]->text, sorted[i]->text) == 0)
            return refuse(self, sorted[i]->line, sorted[i]->column,
                          "a second column of the same name");
    return ERR_OK;
}

static enum err_code read_table(struct reader *self, struct arena *arena, struct csv_table *out)
{
    size_t n;
    skip_blank_lines(self);
    if (self->at == self->end)
        return refuse(self, 1, 1, "no header");
    if (read_row(self, &out->n_columns) != ERR_OK ||
        check_header(self, out->n_columns, arena) != ERR_OK)
        return self->err->code;
    for (skip_blank_lines(self); self->at < self->end; skip_blank_lines(self)) {
        if (read_row(self, &n) != ERR_OK)
            return self->err->code;
        if (n != out->n_columns)
            return refuse_width(self, n, out->n_columns);
        out->n_rows++;
    }
    out->header = self->cells;
    out->cells = self->cells + out->n_columns;
    return ERR_OK;
}

static size_t n_separators(const char *text, size_t n_bytes, char separator)
{
    size_t n = 0;
    for (size_t i = 0; i < n_bytes; i++)
        n += text[i] == separator || text[i] == '\n' || text[i] == '\r';
    return n;
}

/* Spreadsheets write Windows-1252 where they are asked for CSV, and UTF-16 for "Unicode text". */
static const char *name_encoding(const char *text, size_t n_bytes)
{
    bool is_wide =
        n_bytes >= 2 && (memcmp(text, "\xFF\xFE", 2) == 0 || memcmp(text, "\xFE\xFF", 2) == 0);
    return is_wide ? "not UTF-8 but UTF-16; save it as CSV UTF-8, or iconv -f UTF-16 -t UTF-8"
                   : "not UTF-8; save it as CSV UTF-8, or iconv -f WINDOWS-1252 -t UTF-8 where "
                     "that is what it is";
}

/* Only UTF-8 without NUL, checked before anything is cut apart. */
static enum err_code check_text(struct reader *self, size_t n_bytes)
{
    const char *nul = memchr(self->at, '\0', n_bytes);
    size_t n_valid = config_utf8_valid(self->at, n_bytes), n_fine = n_valid;
    if (nul && (size_t)(nul - self->at) < n_valid)
        n_fine = (size_t)(nul - self->at);
    if (n_fine == n_bytes)
        return ERR_OK;
    char *bad = self->at + n_fine;
    const char *what = n_fine < n_valid ? "a NUL byte" : name_encoding(self->at, n_bytes);
    while (self->at < bad)
        if (is_line_end(self))
            next_line(self);
        else
            self->at++;
    return refuse(self, self->line, column_of(self, bad), what);
}

/* How the table is written, for who did not expect it. */
static void note_dialect(const struct csv_table *self, const struct err *err)
{
    if (self->separator != ',')
        err_note(err, "%s: cells separated by %s%s", self->path,
                 config_csv_separator_name(self->separator),
                 self->is_decimal ? ", decimal commas" : "");
}

static enum err_code parse_cells(struct reader *self, size_t n_bytes, struct arena *arena,
                                 struct csv_table *out)
{
    size_t n_cells = n_separators(self->at, n_bytes, self->separator) + 1;
    self->cells = arena_alloc(arena, n_cells * sizeof *self->cells);
    out->decimals = arena_alloc(arena, sizeof *out->decimals);
    if (!self->cells || !out->decimals)
        return err_set(self->err, ERR_MEMORY, "%s: no memory for %s", self->path,
                       wording_count(n_cells, "cell").text);
    out->separator = self->separator;
    if (read_table(self, arena, out) != ERR_OK)
        return self->err->code;
    config_csv_find_commas(out);
    note_dialect(out, self->err);
    return ERR_OK;
}

enum err_code config_csv_parse(const char *path, const char *text, size_t n_bytes,
                               struct arena *arena, struct csv_table *out, struct err *err)
{
    struct csv_dialect dialect;
    if (n_bytes >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
        text += 3;
        n_bytes -= 3;
    }
    *out = (struct csv_table){.path = arena_text(arena, path, strlen(path))};
    struct reader self = {.path = path, .err = err, .line = 1};
    self.at = self.line_start = arena_text(arena, text, n_bytes);
    if (!out->path || !self.at)
        return err_set(err, ERR_MEMORY, "%s: no memory for its text", path);
    self.end = self.at + n_bytes;
    struct reader checker = self;
    if (check_text(&checker, n_bytes) != ERR_OK ||
        config_csv_dialect_find(path, self.at, n_bytes, &dialect, err) != ERR_OK)
        return err->code;
    self.separator = dialect.separator;
    self.at += dialect.n_head;
    if (dialect.n_head > 0 && self.at[-1] == '\n') {
        self.line_start = self.at;
        self.line++;
    }
    return parse_cells(&self, n_bytes - dialect.n_head, arena, out);
}

bool config_csv_has_any(const struct csv_table *self, const char *const *names, size_t n)
{
    for (size_t i = 0; i < self->n_columns; i++)
        for (size_t k = 0; k < n; k++)
            if (strcmp(self->header[i].text, names[k]) == 0 ||
                config_nearest_word(self->header[i].text, &names[k], 1))
                return true;
    return false;
}

enum err_code config_csv_recognise(struct csv_table *self, bool is_known, const char *what,
                                   struct err *err)
{
    self->is_recognised = is_known;
    if (is_known)
        return ERR_OK;
    return err_set(err, ERR_INPUT, "%s:%zu:%zu: not %s: its header has no column of one",
                   self->path, self->header[0].line, self->header[0].column, what);
}

const struct csv_cell *config_csv_cell(const struct csv_table *self, size_t row, size_t column)
{
    return &self->cells[row * self->n_columns + column];
}

size_t config_csv_column(const struct csv_table *self, const char *name)
{
    size_t i = 0;
    while (i < self->n_columns && strcmp(self->header[i].text, name) != 0)
        i++;
    return i;
}

void config_csv_print(const char *text, FILE *out)
{
    size_t n = strlen(text);
    bool is_simple =
        !strpbrk(text, ",\"\r\n") && (n == 0 || (!is_blank(text[0]) && !is_blank(text[n - 1])));
    const char *mark = config_csv_is_formula(text) ? "'" : "";
    if (is_simple) {
        fprintf(out, "%s%s", mark, text);
        return;
    }
    fprintf(out, "\"%s", mark);
    for (; *text; text++)
        fprintf(out, *text == '"' ? "\"\"" : "%c", *text);
    fputc('"', out);
}

enum err_code config_csv_day(const struct csv_table *self, size_t row, size_t column, int64_t *out,
                             struct err *err)
{
    const char *text = config_csv_cell(self, row, column)->text;
    if (config_day_parse(text, out))
        return ERR_OK;
    return config_csv_error(self, row, column, err, "expected a date as YYYY-MM-DD, not %s",
                            config_utf8_quote(text).text);
}

enum err_code config_csv_error(const struct csv_table *self, size_t row, size_t column,
                               struct err *err, const char *format, ...)
{
    char message[700], printable[700], name[128];
    const struct csv_cell *cell =
        row == CSV_HEADER ? &self->header[column] : config_csv_cell(self, row, column);
    if (!self->is_recognised)
        return err_set(err, ERR_INPUT, "%s:%zu:%zu: not what is expected here", self->path,
                       cell->line, cell->column);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    config_utf8_printable(message, printable, sizeof printable);
    config_utf8_printable(self->header[column].text, name, sizeof name);
    return err_set(err, ERR_INPUT, "%s:%zu:%zu: column %s: %s", self->path, cell->line,
                   cell->column, name, printable);
}
