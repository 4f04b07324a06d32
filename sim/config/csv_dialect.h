/* What separates the cells of a table, and which of its numbers have commas.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_SIM_CONFIG_CSV_DIALECT_H
#define RETAKE_SIM_CONFIG_CSV_DIALECT_H

#include <retake/config/csv.h>

struct csv_dialect {
    char separator;
    size_t n_head; /* bytes of a first line sep=X with its end */
};

/**
 * By a first line sep=X; else by the header, and by all rows where the header has more than one of
 * commas, semicolons and tabs.
 * @param text  UTF-8 without NUL, with a NUL behind it
 * @return ERR_OK; ERR_INPUT: two separators give rows of one width, or sep names another one
 */
enum err_code config_csv_dialect_find(const char *path, const char *text, size_t n_bytes,
                                      struct csv_dialect *out, struct err *err);

/** "commas", "semicolons" or "tabs". */
const char *config_csv_separator_name(char separator);

/** Fill in has_commas and is_decimal. */
void config_csv_find_commas(struct csv_table *self);

#endif
