/* A table fitted to a line: by its own widths where they fit, else ever closer (tries below), else
 * in parts below each other.
 * SPDX-License-Identifier: Apache-2.0 */
#include "sheet_layout.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sheet_words.h"

enum { INDENT = 2, MOST_LINES = 16, RUNS_ON = '\1' };

struct report_layout {
    bool is_begun, is_lost, has_title; /* the title: the head of the first column */
    size_t n_columns, n_cells;
    struct report_column columns[REPORT_MAX_COLUMNS];
    char heads[REPORT_MAX_COLUMNS][REPORT_HEAD_BYTES];
    char *text; /* the cells, each with its end */
    size_t n_bytes, capacity;
};

/* ---- keeping ---- */

struct report_layout *report_layout_new(void)
{
    return calloc(1, sizeof(struct report_layout));
}

void report_layout_free(struct report_layout *self)
{
    if (self)
        free(self->text);
    free(self);
}

bool report_layout_is_lost(const struct report_layout *self)
{
    return self->is_lost;
}

void report_layout_begin(struct report_layout *self, const char *title,
                         const struct report_column *columns, size_t n_columns)
{
    self->is_begun = true;
    self->n_columns = n_columns;
    self->n_cells = self->n_bytes = 0;
    self->has_title = !*columns[0].head;
    for (size_t i = 0; i < n_columns; i++) {
        bool is_title = i == 0 && self->has_title;
        snprintf(self->heads[i], REPORT_HEAD_BYTES, "%s", is_title ? title : columns[i].head);
        self->columns[i] = columns[i];
        self->columns[i].head = self->heads[i];
    }
}

static bool make_room(struct report_layout *self, size_t n)
{
    if (self->n_bytes + n <= self->capacity)
        return true;
    size_t capacity = 2 * self->capacity + n + 4096;
    char *text = realloc(self->text, capacity);
    if (!text)
        return false;
    self->text = text;
    self->capacity = capacity;
    return true;
}

void report_layout_cell(struct report_layout *self, const char *text)
{
    size_t n = strlen(text) + 1;
    if (self->is_lost || !make_room(self, n)) {
        self->is_lost = true;
        return;
    }
    memcpy(self->text + self->n_bytes, text, n);
    self->n_bytes += n;
    self->n_cells++;
}

void report_layout_rest(struct report_layout *self, const char *text)
{
    char marked[2 + REPORT_CELL_BYTES];
    snprintf(marked, sizeof marked, "%c%s", RUNS_ON, text);
    do
        report_layout_cell(self, marked);
    while (marked[0] = '\0', !self->is_lost && self->n_cells % self->n_columns);
}

/* ---- measuring ---- */

/* Characters of each column: blanks that all of its cells begin and end with, and the rest. */
struct measure {
    int lead[REPORT_MAX_COLUMNS], trail[REPORT_MAX_COLUMNS], content[REPORT_MAX_COLUMNS];
    int head[REPORT_MAX_COLUMNS], word[REPORT_MAX_COLUMNS]; /* longest line, longest word */
};

static int greater(int a, int b)
{
    return a > b ? a : b;
}

static int lesser(int a, int b)
{
    return a < b ? a : b;
}

static void measure_head(const char *head, int *line, int *word)
{
    *line = *word = 0;
    for (const char *from = head; *from; from += *from == '\n') {
        size_t n = strcspn(from, "\n");
        *line = greater(*line, report_chars(from, n));
        from += n;
    }
    for (const char *from = head; *from; from += strspn(from, " \n")) {
        size_t n = strcspn(from, " \n");
        *word = greater(*word, report_chars(from, n));
        from += n;
    }
}

static void measure_cell(struct measure *self, size_t i, const char *text)
{
    size_t n = strlen(text), blank = strspn(text, " ");
    if (blank == n || *text == RUNS_ON)
        return;
    int lead = (int)blank, trail = 0;
    while (text[n - 1 - (size_t)trail] == ' ')
        trail++;
    self->lead[i] = lesser(self->lead[i], lead);
    self->trail[i] = lesser(self->trail[i], trail);
    self->content[i] = greater(self->content[i], report_chars(text, n));
}

static void take_measure(const struct report_layout *self, struct measure *out)
{
    *out = (struct measure){.content = {0}};
    for (size_t i = 0; i < self->n_columns; i++) {
        out->lead[i] = out->trail[i] = REPORT_CELL_BYTES;
        measure_head(self->columns[i].head, &out->head[i], &out->word[i]);
    }
    const char *text = self->text;
    for (size_t k = 0; k < self->n_cells; k++, text += strlen(text) + 1)
        measure_cell(out, k % self->n_columns, text);
    for (size_t i = 0; i < self->n_columns; i++)
        if (out->content[i] == 0)
            out->lead[i] = out->trail[i] = 0;
}

/* ---- fitting ---- */

/* How the columns stand. */
struct fit {
    const struct report_layout *layout;
    struct measure measure;
    int width, gap, bar, n_in_bar; /* characters of a bar, of how many in the cells */
    int widths[REPORT_MAX_COLUMNS];
    bool is_trimmed;
};

static bool has_bars(const struct report_layout *self)
{
    return self->columns[self->n_columns - 1].width == 0;
}

static size_t n_plain(const struct report_layout *self)
{
    return self->n_columns - has_bars(self);
}

static int indent_of(const struct report_layout *self, size_t i)
{
    return i == 0 && self->columns[0].is_left ? INDENT : 0;
}

/* Characters that are left for bars, or below 0 what is lacking. */
static int room_left(const struct fit *self)
{
    int left = self->width;
    for (size_t i = 0; i < n_plain(self->layout); i++)
        left -= self->widths[i] + (i ? self->gap : 0);
    return left;
}

static void set_own_widths(struct fit *self)
{
    for (size_t i = 0; i < n_plain(self->layout); i++) {
        int content = self->measure.content[i] + indent_of(self->layout, i);
        self->widths[i] = greater(self->layout->columns[i].width, content);
    }
}

static void set_close_widths(struct fit *self, bool breaks_heads)
{
    const struct measure *of = &self->measure;
    for (size_t i = 0; i < n_plain(self->layout); i++) {
        int content = of->content[i] - of->lead[i] - of->trail[i] + indent_of(self->layout, i);
        self->widths[i] = greater(content, breaks_heads ? of->word[i] : of->head[i]);
    }
    self->is_trimmed = true;
}

/* Whether what stands fits, with bars of at least so many characters or of their own. */
static bool is_fitting(struct fit *self, int least_bar)
{
    int left = room_left(self), room = left - INDENT;
    if (!has_bars(self->layout) || self->n_in_bar == 0)
        return left >= 0;
    self->bar = room < least_bar && room < self->n_in_bar ? 0 : lesser(room, self->n_in_bar);
    return left >= 0 && (least_bar == 0 || self->bar > 0);
}

static bool fit_line(struct fit *self)
{
    static const struct {
        bool breaks_heads;
        int gap, least_bar;
    } tries[] = {{false, 2, 12}, {false, 1, 12}, {true, 2, 12}, {true, 1, 8},
                 {false, 2, 0},  {false, 1, 0},  {true, 2, 0},  {true, 1, 0}};
    self->gap = 1;
    set_own_widths(self);
    if (is_fitting(self, self->n_in_bar))
        return true;
    for (size_t k = 0; k < sizeof tries / sizeof *tries; k++) {
        self->gap = tries[k].gap;
        set_close_widths(self, tries[k].breaks_heads);
        if (is_fitting(self, tries[k].least_bar))
            return true;
    }
    return false;
}

/* Parts below each other: no column is wider than a part has room for. */
static void fit_parts(struct fit *self)
{
    set_close_widths(self, true);
    self->gap = 2;
    self->bar = 0;
    self->widths[0] = lesser(self->widths[0], self->width / 2);
    for (size_t i = 1; i < n_plain(self->layout); i++)
        self->widths[i] = lesser(self->widths[i], self->width - self->widths[0] - self->gap);
}

/* Behind the last of the columns from first on that stand beside column 0. */
static size_t end_of_part(const struct fit *self, size_t first)
{
    int used = self->widths[0];
    size_t end = first;
    while (end < n_plain(self->layout) && (used += self->gap + self->widths[end]) <= self->width)
        end++;
    return end;
}

/* ---- printing ---- */

/* Lines of one text in a column. */
struct lines {
    size_t n, n_bytes[MOST_LINES];
    const char *text[MOST_LINES];
};

static void split_lines(const char *text, int width, struct lines *out)
{
    out->n = 0;
    while (*text && out->n < MOST_LINES) {
        out->text[out->n] = text;
        out->n_bytes[out->n++] = report_next_line(text, width, &text);
    }
}

/* Columns [first, end) of a row, behind column 0 where first is not. */
struct part {
    size_t first, end;
};

static size_t next_column(const struct part *part, size_t i)
{
    return i == 0 && part->first > 0 ? part->first : i + 1;
}

/* The texts of a row in their lines; a head ends with the last of them. @return blanks owed */
static int put_lines(const struct fit *self, const struct part *part, const struct lines *lines,
                     const bool *is_left, bool is_head, FILE *out)
{
    size_t n_lines = 1;
    int owed = 0; /* blanks, printed before what follows them */
    for (size_t i = 0; i < part->end; i = next_column(part, i))
        n_lines = lines[i].n > n_lines ? lines[i].n : n_lines;
    for (size_t line = 0; line < n_lines; line++) {
        owed = 0;
        for (size_t i = 0; i < part->end; i = next_column(part, i)) {
            size_t above = is_head ? n_lines - lines[i].n : 0, k = line - above;
            int indent = is_head ? 0 : indent_of(self->layout, i), width = self->widths[i];
            owed += i > 0 ? self->gap : 0;
            if (line < above || k >= lines[i].n) {
                owed += width;
                continue;
            }
            size_t n_bytes = lines[i].n_bytes[k];
            int before = is_left[i] ? indent : width - report_chars(lines[i].text[k], n_bytes);
            while (n_bytes > 0 && lines[i].text[k][n_bytes - 1] == ' ')
                n_bytes--;
            report_put_spaces(out, owed + before);
            fwrite(lines[i].text[k], 1, n_bytes, out);
            owed = width - before - report_chars(lines[i].text[k], n_bytes);
        }
        if (line + 1 < n_lines)
            fputc('\n', out);
    }
    return owed;
}

static void put_heads(const struct fit *self, const struct part *part, FILE *out)
{
    struct lines lines[REPORT_MAX_COLUMNS];
    bool is_left[REPORT_MAX_COLUMNS];
    fputc('\n', out);
    for (size_t i = 0; i < n_plain(self->layout); i++) {
        const struct report_column *column = &self->layout->columns[i];
        split_lines(column->head, self->widths[i], &lines[i]);
        is_left[i] = column->is_left || (i == 0 && self->layout->has_title);
    }
    put_lines(self, part, lines, is_left, true, out);
    fputc('\n', out);
}

/* A bar with fewer characters than it has, behind the blanks that are owed. */
static void put_bar(const struct fit *self, int owed, const char *text, FILE *out)
{
    int n = report_chars(text, strlen(text));
    int shown = self->bar > 0 ? (n * self->bar + self->n_in_bar / 2) / self->n_in_bar : 0;
    if (shown > 0)
        report_put_spaces(out, owed + INDENT);
    for (int k = 0, at = 0; k < shown; k++) {
        for (; at < k * n / shown; at++)
            text += report_next_char(text);
        fwrite(text, 1, report_next_char(text), out);
    }
}

/* Text that runs on: behind the cells where it fits, else in lines below. */
static void put_rest(const struct fit *self, int used, int owed, const char *text, FILE *out)
{
    if (used + INDENT + report_chars(text, strlen(text)) <= self->width) {
        report_put_spaces(out, owed + INDENT);
        fwrite(text, 1, strlen(text), out);
        return;
    }
    for (const char *next; *text; text = next) {
        size_t n = report_next_words(text, self->width - 2 * INDENT, &next);
        fputc('\n', out);
        report_put_spaces(out, 2 * INDENT);
        fwrite(text, 1, n, out);
    }
}

static int used_width(const struct fit *self, const struct part *part)
{
    int used = 0;
    for (size_t i = 0; i < part->end; i = next_column(part, i))
        used += self->widths[i] + (i ? self->gap : 0);
    return used;
}

/* A cell without the blanks that all of its column have. */
static void trim_cell(const struct fit *self, size_t i, const char *cell,
                      char out[REPORT_CELL_BYTES])
{
    size_t n = strlen(cell), lead = (size_t)(self->is_trimmed ? self->measure.lead[i] : 0),
           trail = (size_t)(self->is_trimmed ? self->measure.trail[i] : 0);
    bool is_blank = lead + trail >= n || strspn(cell, " ") == n;
    snprintf(out, REPORT_CELL_BYTES, "%.*s", is_blank ? 0 : (int)(n - lead - trail),
             is_blank ? "" : cell + lead);
}

static void put_row(const struct fit *self, const struct part *part, const char *const *cells,
                    FILE *out)
{
    const struct report_layout *layout = self->layout;
    struct lines lines[REPORT_MAX_COLUMNS];
    char texts[REPORT_MAX_COLUMNS][REPORT_CELL_BYTES];
    bool is_left[REPORT_MAX_COLUMNS];
    struct part shown = *part;
    size_t rest = 0, n = layout->n_columns;
    while (rest < n && *cells[rest] != RUNS_ON)
        rest++;
    for (size_t i = 0; i < n_plain(layout); i++) {
        trim_cell(self, i, i < rest ? cells[i] : "", texts[i]);
        split_lines(texts[i], self->widths[i] - indent_of(layout, i), &lines[i]);
        is_left[i] = layout->columns[i].is_left;
    }
    shown.end = part->first == 0 && rest < part->end ? rest : part->end;
    int owed = put_lines(self, &shown, lines, is_left, false, out);
    if (rest < n && part->first == 0)
        put_rest(self, used_width(self, &shown), owed, cells[rest] + 1, out);
    else
        put_bar(self, owed, cells[n - 1], out);
    fputc('\n', out);
}

static void put_part(const struct fit *self, const struct part *part, FILE *out)
{
    const char *cells[REPORT_MAX_COLUMNS], *text = self->layout->text;
    put_heads(self, part, out);
    for (size_t k = 0; k < self->layout->n_cells; k++, text += strlen(text) + 1) {
        size_t i = k % self->layout->n_columns;
        cells[i] = text;
        if (i + 1 == self->layout->n_columns)
            put_row(self, part, cells, out);
    }
}

void report_layout_print(struct report_layout *self, int width, FILE *out)
{
    struct fit fit = {.layout = self, .width = width};
    struct part part = {0, 0};
    if (!self->is_begun)
        return;
    self->is_begun = false;
    take_measure(self, &fit.measure);
    fit.n_in_bar = has_bars(self) ? fit.measure.content[self->n_columns - 1] : 0;
    if (fit_line(&fit)) {
        part.end = n_plain(self);
        put_part(&fit, &part, out);
        return;
    }
    fit_parts(&fit);
    size_t n_parts = 0;
    for (size_t at = 1; at < n_plain(self); at = end_of_part(&fit, at))
        n_parts++;
    for (size_t first = 1; first < n_plain(self); first = part.end) {
        size_t even = first + (n_plain(self) - first + n_parts - 1) / n_parts;
        part.first = first > 1 ? first : 0;
        part.end = end_of_part(&fit, first);
        part.end = even < part.end ? even : part.end;
        n_parts -= n_parts > 1;
        put_part(&fit, &part, out);
    }
}
