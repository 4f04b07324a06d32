/* Tables as text, in columns of fixed width or fitted to a terminal, or the same as Markdown.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_REPORT_SHEET_H
#define RETAKE_REPORT_SHEET_H

#include <retake/base/err.h>
#include <retake/tally/dataset.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct report_layout;

/** Where text goes, and in which form. What goes through these functions is plain (base/plain.h);
 * in Markdown it forges no table, link, code or HTML either. */
struct report_sheet {
    FILE *out;
    bool is_markdown;
    bool is_ascii;                /* of the text, not of Markdown */
    int width;                    /* characters that a line of the text has room for; 0: no limit */
    struct report_layout *layout; /* where there is a limit: the table at hand (sheet_layout.h) */
};

/**
 * A sheet of text for what out is: as wide as that (base/terminal.h), in ASCII where the locale has
 * no UTF-8. With a limit a table is printed when something follows it.
 */
void report_sheet_open(struct report_sheet *self, FILE *out);

/** The same for a width that is known, in UTF-8. @param width  0: no limit */
void report_sheet_open_width(struct report_sheet *self, FILE *out, int width);

/** Print what is left, and let go. @return ERR_OK; ERR_MEMORY: the text is not whole */
enum err_code report_sheet_close(struct report_sheet *self, struct err *err);

/** Columns stand one space apart. A head may have two lines. The first column's left cells are
 * indented by two; a last column of width 0 holds bars, two spaces off. Where lines are limited and
 * these widths do not fit, columns are as wide as what is in them, then heads are broken, bars
 * shortened, and at last the columns are printed below each other, the first with each part. */
struct report_column {
    const char *head; /* "": of the first column, the title, on the left */
    int width;
    bool is_left;
};

enum { REPORT_MAX_COLUMNS = 24, REPORT_HEAD_BYTES = 128, REPORT_CELL_BYTES = 512 };

/** A table while it is printed, cell by cell. */
struct report_table {
    const struct report_sheet *sheet;
    struct report_column columns[REPORT_MAX_COLUMNS];
    char heads[REPORT_MAX_COLUMNS][REPORT_HEAD_BYTES];
    size_t n_columns, at;
};

/** The title of the whole. */
void report_sheet_title(const struct report_sheet *self, const char *text);

/** A heading: of a group of tables. */
void report_sheet_heading(const struct report_sheet *self, const char *text);

/** A line of text, in Markdown behind an empty line; a paragraph: behind an empty line anywhere. */
void report_sheet_line(const struct report_sheet *self, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void report_sheet_paragraph(const struct report_sheet *self, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/** A line of text below a table, indented on the terminal. Lines of text are broken between words
 * where they are limited. */
void report_sheet_note(const struct report_sheet *self, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/** Lines of text as they are but for their breaks: what is broken goes on below the first character
 * of its line, at least hang characters in. */
void report_sheet_text(const struct report_sheet *self, const char *text, int hang);

/** Begin a table. The title is a heading in Markdown; on a terminal it is seen as the head of the
 * first column where that has none. At most REPORT_MAX_COLUMNS are shown. The table
 * copies the heads. */
void report_table_begin(struct report_table *self, const struct report_sheet *sheet,
                        const char *title, const struct report_column *columns, size_t n_columns);

/** The next cell; the row ends with the last column. */
void report_table_cell(struct report_table *self, const char *cell);

/** A cell printed by a format. */
void report_table_print(struct report_table *self, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/** A cell that holds 1,234,567; 68.75 %; a rate in percent as 68.75 ± 0.12. */
void report_table_whole(struct report_table *self, double value);
void report_table_percent(struct report_table *self, double share);
void report_table_rate(struct report_table *self, double rate, double error);

/** A rate that has limits in place of an error: 0.00 to 40.96, in percent. */
void report_table_interval(struct report_table *self, double low, double high);

/** A value of a rate: with its error, or with limits where that says nothing
 * (tally/rate_interval.h); - for NaN. */
void report_table_rate_of(struct report_table *self, const struct dataset *dataset,
                          const struct dataset_var *rate, size_t index);

/** A cell that holds a number with so many digits, and its error where it is known; - for NaN. */
void report_table_number(struct report_table *self, double value, double error, int digits);

/** A bar as the last cell. */
void report_table_bar(struct report_table *self, double share);

/** End a row early: the text runs on over the columns that are left. */
void report_table_rest(struct report_table *self, const char *text);

#endif
