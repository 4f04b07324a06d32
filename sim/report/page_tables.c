/* The page where no script runs: the tables of the summary, which are Markdown of the sheet's
 * making, as HTML. Of Markdown there are headings, paragraphs, tables, and characters that a
 * backslash makes plain. Columns of bars are left out: the numbers stand beside them.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/stream.h>
#include <retake/report/summary.h>

#include <stdlib.h>
#include <string.h>

#include "page_names.h"
#include "page_parts.h"
#include "sheet.h"

/* A line, and how its cells are set where it is of a table. */
struct page_line {
    const char *begin, *end;
};

struct page_columns {
    bool is_right[REPORT_MAX_COLUMNS], is_bar[REPORT_MAX_COLUMNS];
};

static void put_html(FILE *out, const char *begin, const char *end)
{
    for (const char *c = begin; c < end; c++) {
        if (*c == '\\' && c + 1 < end)
            c++;
        if (*c == '&')
            fputs("&amp;", out);
        else if (*c == '<')
            fputs("&lt;", out);
        else if (*c == '>')
            fputs("&gt;", out);
        else
            fputc(*c, out);
    }
}

static struct page_line next_line(const char *text)
{
    const char *end = strchr(text, '\n');
    return (struct page_line){text, end ? end : text + strlen(text)};
}

/* The next cell of a row; false at its end. *at stands behind the bar before the cell. */
static bool next_cell(const struct page_line *row, const char **at, struct page_line *cell)
{
    const char *c = *at;
    while (c < row->end && *c != '|')
        c += *c == '\\' && c + 1 < row->end ? 2 : 1;
    if (c >= row->end)
        return false;
    *cell = (struct page_line){*at, c};
    while (cell->begin < cell->end && *cell->begin == ' ')
        cell->begin++;
    while (cell->end > cell->begin && cell->end[-1] == ' ')
        cell->end--;
    *at = c + 1;
    return true;
}

/* Texts of this file, up to NULL. */
static void put_all(FILE *out, const char *const *parts)
{
    for (; *parts; parts++)
        fwrite(*parts, 1, strlen(*parts), out);
}

static void put_row(FILE *out, const struct page_line *row, const struct page_columns *columns,
                    bool is_head)
{
    const char *at = row->begin + 1;
    struct page_line cell;
    fputs("<tr>", out);
    for (size_t i = 0; i < REPORT_MAX_COLUMNS && next_cell(row, &at, &cell); i++) {
        const char *tag = is_head || i == 0 ? "th" : "td";
        const char *scope = is_head ? " scope=\"col\"" : i == 0 ? " scope=\"row\"" : "";
        if (columns->is_bar[i])
            continue;
        put_all(out, (const char *const[]){
                         "<", tag, scope, columns->is_right[i] ? " class=\"number\">" : ">", NULL});
        put_html(out, cell.begin, cell.end);
        put_all(out, (const char *const[]){"</", tag, ">", NULL});
    }
    fputs("</tr>\n", out);
}

/* Bars stand in a column without a head that is not the first. */
static struct page_columns columns_of(const struct page_line *head, const struct page_line *rule)
{
    struct page_columns columns = {0};
    const char *at = head->begin + 1, *rule_at = rule->begin + 1;
    struct page_line cell, dashes;
    for (size_t i = 0; i < REPORT_MAX_COLUMNS && next_cell(head, &at, &cell) &&
                       next_cell(rule, &rule_at, &dashes);
         i++) {
        columns.is_right[i] = dashes.end > dashes.begin && dashes.end[-1] == ':';
        columns.is_bar[i] = i > 0 && cell.begin == cell.end && !columns.is_right[i];
    }
    return columns;
}

static const char *behind(const struct page_line *line)
{
    return *line->end ? line->end + 1 : line->end;
}

/* A table; where the text goes on behind it. */
static const char *put_table(FILE *out, const struct page_line *head)
{
    struct page_line rule = next_line(behind(head)), row = next_line(behind(&rule));
    struct page_columns columns = columns_of(head, &rule);
    fputs("<div class=\"scroll\" tabindex=\"0\"><table><thead>", out);
    put_row(out, head, &columns, true);
    fputs("</thead><tbody>\n", out);
    for (; *row.begin == '|'; row = next_line(behind(&row)))
        put_row(out, &row, &columns, false);
    fputs("</tbody></table></div>\n", out);
    return row.begin;
}

static void put_element(FILE *out, const char *tag, const char *begin, const char *end)
{
    put_all(out, (const char *const[]){"<", tag, ">", NULL});
    put_html(out, begin, end);
    put_all(out, (const char *const[]){"</", tag, ">\n", NULL});
}

/* A note tells last what its bars are; they are left out. */
static void put_paragraph(FILE *out, const struct page_line *line)
{
    const char *bars = strstr(line->begin, "; bars: ");
    put_element(out, "p", line->begin, bars && bars < line->end ? bars : line->end);
}

static void put_markdown(FILE *out, const char *text)
{
    static const char *const headings[] = {"", "h1", "h2", "h3"};
    while (*text) {
        struct page_line line = next_line(text);
        size_t n_hashes = strspn(line.begin, "#");
        if (*line.begin == '|') {
            text = put_table(out, &line);
            continue;
        }
        if (n_hashes > 0 && n_hashes < 4 && line.begin[n_hashes] == ' ')
            put_element(out, headings[n_hashes], line.begin + n_hashes + 1, line.end);
        else if (line.begin < line.end)
            put_paragraph(out, &line);
        text = behind(&line);
    }
}

static enum err_code put_source(const struct report_page_source *source, FILE *out, struct err *err)
{
    char *text = NULL;
    size_t n_bytes = 0;
    FILE *stream = stream_to_memory(&text, &n_bytes);
    if (!stream)
        return err_set(err, ERR_MEMORY, "no memory for the page");
    report_summary_markdown(source->dataset, source->provenance, stream, err);
    bool failed = ferror(stream) != 0;
    if ((fclose(stream) != 0 || failed) && !err->code)
        err_set(err, ERR_MEMORY, "no memory for the page");
    char *shown = err->code ? NULL : report_page_text(text);
    if (shown)
        put_markdown(out, shown);
    else if (!err->code)
        err_set(err, ERR_MEMORY, "no memory for the page");
    free(shown);
    free(text);
    return err->code;
}

enum err_code report_page_tables(const struct report_page *self, FILE *out, struct err *err)
{
    if (self->title)
        put_element(out, "h1", self->title, self->title + strlen(self->title));
    for (size_t k = 0; k < self->n_sources && !err->code; k++)
        put_source(&self->sources[k], out, err);
    return err->code;
}
