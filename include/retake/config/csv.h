/* CSV from memory, cell by cell with places for messages (RFC 4180: quotes, doubled quotes, CRLF).
 * Cells may also be separated by semicolons or tabs, and then numbers may have a decimal comma, as
 * spreadsheets and R's write.csv2 write them.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_CONFIG_CSV_H
#define RETAKE_CONFIG_CSV_H

#include <retake/base/arena.h>
#include <retake/base/err.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/** The most of a file of rows: a bank, people, answers, days. */
#define CSV_MAX_BYTES ((size_t)256 << 20)

/** In place of a row: the header. For config_csv_error. */
#define CSV_HEADER SIZE_MAX

struct csv_cell {
    const char *text;    /* unquoted, trimmed of blanks outside quotes, terminated; '=1 is =1 */
    size_t line, column; /* from 1; column in bytes */
};

/** The decimal mark of a table's numbers: that of the first number that has one. */
struct csv_decimals {
    char mark; /* '.' or ','; 0: none was met */
    size_t line;
};

/** A table: a header and rows of the same width. Blank lines are skipped; a UTF-8 BOM is accepted,
 * and a first line sep=; as spreadsheets write it. */
struct csv_table {
    const char *path; /* for messages */
    char separator;   /* ',', ';' or tab: that of the header */
    bool has_commas;  /* some cells are numbers with one comma; not where that separates cells */
    bool is_decimal;  /* one of these commas at least cannot mark thousands */
    struct csv_decimals *decimals;
    size_t n_columns, n_rows;
    const struct csv_cell *header; /* [n_columns]; unique, not empty but the first may be */
    const struct csv_cell *cells;  /* [n_rows * n_columns] */
    bool is_recognised;            /* messages may quote it; see config_csv_recognise */
};

/**
 * Parse text; everything is owned by the arena. Where cells are not separated by commas err_note
 * says so.
 * @return ERR_OK; ERR_INPUT with file:line:column: no header, a short or long row, a repeated or
 * empty column name, an unclosed quote, a NUL byte, text that is not UTF-8, a header that two
 * separators fit; ERR_MEMORY
 */
enum err_code config_csv_parse(const char *path, const char *text, size_t n_bytes,
                               struct arena *arena, struct csv_table *out, struct err *err);

/** Whether the header has a column of one of these names, or of one that is nearly so. */
bool config_csv_has_any(const struct csv_table *self, const char *const *names, size_t n);

/**
 * A path may lead to any file, also one that is secret: nothing of a table is quoted in a message
 * before a reader says that its header is of the kind that is wanted.
 * @param what  "an item bank", for the message
 * @return ERR_OK; ERR_INPUT where it is not known
 */
enum err_code config_csv_recognise(struct csv_table *self, bool is_known, const char *what,
                                   struct err *err);

const struct csv_cell *config_csv_cell(const struct csv_table *self, size_t row, size_t column);

/** Index of a column by name, or n_columns when there is none. */
size_t config_csv_column(const struct csv_table *self, const char *name);

/**
 * A finite number from a cell, the whole cell (no "1x", no empty cell, no inf, nan or hex).
 * Locale-independent. A decimal comma is read where commas do not separate cells and no other
 * number of the table has a decimal point; marks of thousands are refused.
 * @return ERR_OK; ERR_INPUT with file:line:column and the column's name
 */
enum err_code config_csv_real(const struct csv_table *self, size_t row, size_t column, double *out,
                              struct err *err);

/** The text of such a number with a decimal point, into the arena where it had a comma; any other
 * text as it is. @return as config_csv_real; ERR_MEMORY */
enum err_code config_csv_real_text(const struct csv_table *self, size_t row, size_t column,
                                   struct arena *arena, const char **out, struct err *err);

/** Whether a spreadsheet would compute the text: it begins with = + - @, a tab or a carriage
 * return. */
bool config_csv_is_formula(const char *text);

/** Write a cell of text, quoted where RFC 4180 wants it. A formula has a ' before it, which
 * config_csv_parse takes off again. */
void config_csv_print(const char *text, FILE *out);

/** A date YYYY-MM-DD from a cell, in days since 1970-01-01. @return as config_csv_real */
enum err_code config_csv_day(const struct csv_table *self, size_t row, size_t column, int64_t *out,
                             struct err *err);

/** Fail with "FILE:LINE:COLUMN: column NAME: message"; of a table that is not recognised, without
 * name and message. @return ERR_INPUT */
enum err_code config_csv_error(const struct csv_table *self, size_t row, size_t column,
                               struct err *err, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

#endif
