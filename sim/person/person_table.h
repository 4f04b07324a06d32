/* Files about people: CSV with known columns, the first of which are required.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_PERSON_PERSON_TABLE_H
#define RETAKE_PERSON_PERSON_TABLE_H

#include <retake/config/csv.h>
#include <retake/config/scenario.h>

#include <stdbool.h>

enum { PERSON_TABLE_MAX_COLUMNS = 16 };

struct person_table {
    const char *what; /* "a file of candidates", for messages */
    size_t n_columns;
    size_t n_required;                   /* the first of names */
    const char *const *names;            /* [n_columns] */
    size_t at[PERSON_TABLE_MAX_COLUMNS]; /* where each is in csv, or csv.n_columns */
    struct csv_table csv;
    char digest[33];
};

/**
 * Read a file that the scenario names under a key; what, n_columns, n_required and names are given.
 * @return ERR_OK; ERR_INPUT: no such file, an unknown or missing column, no rows; ERR_MEMORY
 */
enum err_code person_table_read(const struct scenario *scenario, const char *key, const char *file,
                                struct arena *arena, struct person_table *self, struct err *err);

bool person_table_has(const struct person_table *self, size_t column);

/** A number within bounds; *out stays where the column is missing. */
enum err_code person_table_real(const struct person_table *self, size_t row, size_t column,
                                double min, double max, double *out, struct err *err);

#endif
