/* Files about people. SPDX-License-Identifier: Apache-2.0 */
#include "person_table.h"

#include <retake/config/inputs.h>

#include <string.h>

static enum err_code read_csv(const struct scenario *scenario, const char *key, const char *file,
                              struct arena *arena, struct person_table *self, struct err *err)
{
    const struct config_input *input;
    const char *path = file_relative_to(scenario->path, file, arena);
    if (!path)
        return err_set(err, ERR_MEMORY, "no memory for the path of %s", file);
    if (config_scenario_input(scenario, key, path, &input, err) != ERR_OK)
        return err->code;
    memcpy(self->digest, input->digest, sizeof self->digest);
    return config_csv_parse(path, input->text.bytes, input->text.n_bytes, arena, &self->csv, err);
}

static enum err_code refuse_column(const struct person_table *self, size_t column, struct err *err)
{
    const struct csv_cell *cell = &self->csv.header[column];
    const char *near = config_nearest_word(cell->text, self->names, self->n_columns);
    return err_set(err, ERR_INPUT, "%s:%zu:%zu: unknown column '%s'%s%s%s", self->csv.path,
                   cell->line, cell->column, cell->text, near ? "; did you mean '" : "",
                   near ? near : "", near ? "'?" : "");
}

static enum err_code find_columns(struct person_table *self, struct err *err)
{
    for (size_t k = 0; k < self->n_columns; k++)
        self->at[k] = config_csv_column(&self->csv, self->names[k]);
    if (config_csv_recognise(&self->csv,
                             config_csv_has_any(&self->csv, self->names, self->n_columns),
                             self->what, err) != ERR_OK)
        return err->code;
    for (size_t j = 0; j < self->csv.n_columns; j++) {
        size_t k = 0;
        while (k < self->n_columns && self->at[k] != j)
            k++;
        if (k == self->n_columns)
            return refuse_column(self, j, err);
    }
    for (size_t k = 0; k < self->n_required; k++)
        if (!person_table_has(self, k))
            return err_set(err, ERR_INPUT, "%s:1:1: %s needs a column '%s'", self->csv.path,
                           self->what, self->names[k]);
    return ERR_OK;
}

enum err_code person_table_read(const struct scenario *scenario, const char *key, const char *file,
                                struct arena *arena, struct person_table *self, struct err *err)
{
    if (read_csv(scenario, key, file, arena, self, err) != ERR_OK ||
        find_columns(self, err) != ERR_OK)
        return err->code;
    if (self->csv.n_rows == 0)
        return err_set(err, ERR_INPUT, "%s:1:1: %s needs at least one row", self->csv.path,
                       self->what);
    return ERR_OK;
}

bool person_table_has(const struct person_table *self, size_t column)
{
    return self->at[column] < self->csv.n_columns;
}

enum err_code person_table_real(const struct person_table *self, size_t row, size_t column,
                                double min, double max, double *out, struct err *err)
{
    if (!person_table_has(self, column))
        return ERR_OK;
    if (config_csv_real(&self->csv, row, self->at[column], out, err) != ERR_OK)
        return err->code;
    if (*out >= min && *out <= max)
        return ERR_OK;
    return config_csv_error(&self->csv, row, self->at[column], err, "%g is out of range (%g to %g)",
                            *out, min, max);
}
