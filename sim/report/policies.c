/* Policies as rows. What a column holds is found once, then read row by row, so a sweep of 10^5
 * policies needs no more memory than its dataset and an order of rows.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/report/policies.h>

#include <retake/base/arena.h>
#include <retake/base/wording.h>
#include <retake/config/number.h>
#include <retake/config/params.h>
#include <retake/tally/address.h>

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "csv_out.h"
#include "sheet.h"
#include "sweep_text.h"

enum { NAME_BYTES = ADDRESS_TEXT_BYTES + 16, CELL_BYTES = 64 };

/* What a column is made of. */
enum kind { POLICY, AXIS, VALUE, ERROR, FAILED };

struct column {
    enum kind kind;
    const char *name, *unit, *description;
    const struct dataset_var *var; /* of an axis; of failed the messages, or NULL */
    struct tally_series series;    /* of a value and its error */
};

struct rows {
    const struct dataset *dataset;
    const struct dataset_dim *policies; /* NULL: a run, which is one row */
    const struct dataset_var *status;   /* NULL: none failed */
    size_t n, n_columns;
    struct column *columns;
    struct arena arena;
};

/* ---- columns ---- */

static struct column *add_column(struct rows *self, enum kind kind, const char *name,
                                 const char *unit, const char *description, struct err *err)
{
    struct column *column = &self->columns[self->n_columns];
    const char *copy = arena_text(&self->arena, name, strlen(name));
    if (!copy) {
        err_set(err, ERR_MEMORY, "no memory for a column");
        return NULL;
    }
    *column = (struct column){.kind = kind,
                              .name = copy,
                              .unit = unit ? unit : "",
                              .description = description ? description : ""};
    self->n_columns++;
    return column;
}

/* The address of the error of what an address names. */
static void name_error(const char *address, const struct tally_series *series, char *out)
{
    size_t n = strcspn(address, "[");
    if (series->bottom.var)
        snprintf(out, NAME_BYTES, "mcse(%s)", address);
    else
        snprintf(out, NAME_BYTES, "%s%s", series->top.error->name, address + n);
}

static enum err_code add_statistic(struct rows *self, const char *address, struct err *err)
{
    struct tally_series series;
    struct column *column;
    char name[NAME_BYTES];
    if (tally_series_find(self->dataset, address, "scenario", &series, err) != ERR_OK)
        return err->code;
    const struct dataset_var *var = series.top.var;
    const char *unit = series.bottom.var ? "1" : var->unit;
    column = add_column(self, VALUE, address, unit,
                        series.bottom.var ? "a ratio of two counts" : var->long_name, err);
    if (column)
        column->series = series;
    if (err->code || (!series.bottom.var && !series.top.error))
        return err->code;
    name_error(address, &series, name);
    column = add_column(self, ERROR, name, unit, "Monte Carlo standard error", err);
    if (column)
        column->series = series;
    return err->code;
}

static const char *coordinates_of(const struct store_provenance *provenance)
{
    for (size_t k = 0; k < provenance->n_attributes; k++)
        if (strcmp(provenance->attributes[k].name, "coordinates") == 0 &&
            provenance->attributes[k].text)
            return provenance->attributes[k].text;
    return "";
}

static void add_axes(struct rows *self, const char *coordinates, struct err *err)
{
    while (*coordinates && !err->code) {
        char name[256];
        size_t n = strcspn(coordinates, " ");
        snprintf(name, sizeof name, "%.*s", (int)n, coordinates);
        coordinates += n + strspn(coordinates + n, " ");
        const struct dataset_var *var = dataset_var(self->dataset, name);
        if (!var || var->n != self->n)
            continue;
        const struct param *param = config_param_find(name);
        struct column *column = add_column(self, AXIS, name, param ? param->unit : var->unit,
                                           param ? param->doc : var->long_name, err);
        if (column)
            column->var = var;
    }
}

static void add_statistics(struct rows *self, const struct report_policies_options *options,
                           struct err *err)
{
    char address[ADDRESS_TEXT_BYTES];
    for (size_t k = 0; k < options->n_stats && !err->code; k++)
        add_statistic(self, options->stats[k], err);
    for (size_t k = 0; options->n_stats == 0 && k < REPORT_N_FIGURES && !err->code; k++)
        if (report_figure_address(&report_figures[k], self->dataset, address, sizeof address))
            add_statistic(self, address, err);
}

static enum err_code open_rows(struct rows *self, const struct dataset *dataset,
                               const struct store_provenance *provenance,
                               const struct report_policies_options *options, struct err *err)
{
    static const char *const over[] = {"scenario", NULL};
    const char *coordinates = coordinates_of(provenance);
    size_t most = 2 + strlen(coordinates) + 2 * (options->n_stats + REPORT_N_FIGURES);
    *self = (struct rows){.dataset = dataset, .policies = dataset_dim(dataset, "scenario")};
    if (dataset_dim(dataset, "cut") && !self->policies)
        return err_set(err, ERR_INPUT,
                       "a cut study has cuts, not policies: --format csv has all of its numbers");
    self->n = self->policies ? self->policies->n : 1;
    self->status = dataset_var_over(dataset, "policy_status", DATASET_COUNT, over);
    self->columns = arena_alloc(&self->arena, most * sizeof *self->columns);
    if (!self->columns)
        return err_set(err, ERR_MEMORY, "no memory for %s", wording_count(most, "column").text);
    add_column(self, POLICY, "policy", "", "number of the policy, from 1", err);
    add_axes(self, coordinates, err);
    add_statistics(self, options, err);
    struct column *failed =
        add_column(self, FAILED, "failed", "", "why the policy could not be run, else empty", err);
    if (failed)
        failed->var = dataset_var_over(dataset, "policy_message", DATASET_TEXT, over);
    return err->code;
}

/* ---- cells ---- */

static bool is_failed(const struct rows *self, size_t row)
{
    return self->status && self->status->count[row] != 0;
}

/* The text of a cell that is one; NULL of a number. */
static const char *text_at(const struct rows *self, const struct column *column, size_t row)
{
    if (column->kind == AXIS && column->var->type == DATASET_TEXT)
        return column->var->text[row];
    if (column->kind != FAILED)
        return NULL;
    return !is_failed(self, row) ? "" : column->var ? column->var->text[row] : "failed";
}

static double number_at(const struct rows *self, const struct column *column, size_t row)
{
    const struct dataset_dim *policies = self->policies;
    if (column->kind == POLICY)
        return policies && policies->type == DATASET_COUNT ? (double)policies->count[row]
                                                           : (double)(row + 1);
    if (column->kind == AXIS)
        return column->var->type == DATASET_COUNT ? (double)column->var->count[row]
                                                  : column->var->real[row];
    struct tally_number number = tally_series_at(&column->series, row);
    if (is_failed(self, row))
        return NAN;
    return column->kind == VALUE ? number.value : number.mcse;
}

/* ---- the order of rows ---- */

struct place {
    const char *text; /* NULL: by number */
    double number;
    size_t row;
    bool is_falling;
};

static int by_place(const void *left, const void *right)
{
    const struct place *x = left, *y = right;
    int order = 0;
    if (x->text)
        order = strcmp(x->text, y->text);
    else if (isnan(x->number) || isnan(y->number))
        return isnan(x->number) != isnan(y->number) ? (isnan(x->number) ? 1 : -1)
                                                    : (x->row > y->row) - (x->row < y->row);
    else
        order = (x->number > y->number) - (x->number < y->number);
    if (order == 0)
        return (x->row > y->row) - (x->row < y->row);
    return x->is_falling ? -order : order;
}

static enum err_code refuse_column(const struct rows *self, const char *name, struct err *err)
{
    const char *names[64];
    char list[600] = "";
    size_t n = 0, at = 0;
    for (; n < self->n_columns && n < 64; n++)
        names[n] = self->columns[n].name;
    for (size_t k = 0; k < n && at + strlen(names[k]) + 3 < sizeof list; k++)
        at += (size_t)snprintf(list + at, sizeof list - at, "%s%s", k ? ", " : "", names[k]);
    const char *near = config_nearest_word(name, names, n);
    return err_set(err, ERR_INPUT, "--sort: no column is '%.100s'%s%s%s; there are %s", name,
                   near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "", list);
}

static enum err_code sort_rows(const struct rows *self, const char *sort, struct place *places,
                               struct err *err)
{
    bool is_falling = sort && *sort == '-';
    const char *name = sort ? sort + is_falling : "policy";
    const struct column *column = NULL;
    for (size_t k = 0; k < self->n_columns && !column; k++)
        if (strcmp(self->columns[k].name, name) == 0)
            column = &self->columns[k];
    if (!column)
        return refuse_column(self, name, err);
    for (size_t row = 0; row < self->n; row++) {
        const char *text = text_at(self, column, row);
        places[row] =
            (struct place){text, text ? 0 : number_at(self, column, row), row, is_falling};
    }
    if (sort)
        qsort(places, self->n, sizeof *places, by_place);
    return ERR_OK;
}

/* ---- CSV ---- */

static void put_number(double value, FILE *out)
{
    char text[CELL_BYTES];
    if (!isfinite(value))
        return;
    config_number_format(value, text, sizeof text);
    fwrite(text, 1, strlen(text), out);
}

static void put_csv_row(const struct rows *self, size_t row, FILE *out)
{
    for (size_t k = 0; k < self->n_columns; k++) {
        const char *text = text_at(self, &self->columns[k], row);
        if (k > 0)
            fputc(',', out);
        if (text && *text)
            report_csv_text(text, out);
        else if (!text)
            put_number(number_at(self, &self->columns[k], row), out);
    }
    fputc('\n', out);
}

static void put_csv(const struct rows *self, const struct place *places, FILE *out)
{
    for (size_t k = 0; k < self->n_columns; k++) {
        if (k > 0)
            fputc(',', out);
        report_csv_text(self->columns[k].name, out);
    }
    fputc('\n', out);
    for (size_t k = 0; k < self->n && !ferror(out); k++)
        put_csv_row(self, places[k].row, out);
}

static void put_columns(const struct rows *self, FILE *out)
{
    fputs("column,unit,description\n", out);
    for (size_t k = 0; k < self->n_columns; k++) {
        report_csv_text(self->columns[k].name, out);
        fputc(',', out);
        report_csv_text(self->columns[k].unit, out);
        fputc(',', out);
        report_csv_text(self->columns[k].description, out);
        fputc('\n', out);
    }
}

/* ---- Markdown ---- */

static void put_marked_cell(const struct rows *self, size_t k, size_t row,
                            struct report_table *table)
{
    const struct column *column = &self->columns[k];
    const char *text = text_at(self, column, row);
    double value = text ? 0 : number_at(self, column, row), error = NAN;
    if (k + 1 < self->n_columns && column[1].kind == ERROR)
        error = number_at(self, &column[1], row);
    if (text)
        report_table_cell(table, text);
    else if (isfinite(value) && error > 0)
        report_table_number(table, value, error, 2);
    else if (isfinite(value) && column->kind == AXIS) {
        char exact[32];
        config_number_format(value, exact, sizeof exact);
        report_table_cell(table, exact);
    } else if (isfinite(value))
        report_table_print(table, "%.7g", value);
    else
        report_table_cell(table, "");
}

static enum err_code put_markdown(const struct rows *self, const struct place *places, FILE *out,
                                  struct err *err)
{
    const struct report_sheet sheet = {.out = out, .is_markdown = true};
    struct report_column columns[REPORT_MAX_COLUMNS];
    struct report_table table;
    char heads[REPORT_MAX_COLUMNS][REPORT_HEAD_BYTES];
    size_t n = 0;
    for (size_t k = 0; k < self->n_columns; k++) {
        const struct column *column = &self->columns[k];
        bool has_unit = *column->unit && strcmp(column->unit, "1") != 0;
        if (column->kind == ERROR)
            continue;
        if (n == REPORT_MAX_COLUMNS)
            return err_set(err, ERR_INPUT, "more than %d columns, which Markdown has no room for",
                           (int)REPORT_MAX_COLUMNS);
        snprintf(heads[n], REPORT_HEAD_BYTES, "%s%s%s%s", column->name, has_unit ? " [" : "",
                 has_unit ? column->unit : "", has_unit ? "]" : "");
        columns[n] = (struct report_column){heads[n], 1, column->kind == FAILED};
        n++;
    }
    report_table_begin(&table, &sheet, "", columns, n);
    for (size_t i = 0; i < self->n && !ferror(out); i++)
        for (size_t k = 0; k < self->n_columns; k++)
            if (self->columns[k].kind != ERROR)
                put_marked_cell(self, k, places[i].row, &table);
    return ERR_OK;
}

/* ---- all ---- */

static enum err_code print_rows(const struct rows *self,
                                const struct report_policies_options *options, FILE *out,
                                struct err *err)
{
    struct place *places = malloc(self->n * sizeof *places);
    if (!places)
        return err_set(err, ERR_MEMORY, "no memory for %s", wording_count(self->n, "row").text);
    errno = 0;
    if (sort_rows(self, options->sort, places, err) == ERR_OK) {
        if (options->form == REPORT_POLICIES_CSV)
            put_csv(self, places, out);
        else if (options->form == REPORT_POLICIES_COLUMNS)
            put_columns(self, out);
        else
            put_markdown(self, places, out, err);
    }
    if (ferror(out))
        err_set(err, ERR_IO, "cannot write the table: %s", strerror(errno ? errno : EIO));
    free(places);
    return err->code;
}

enum err_code report_policies(const struct dataset *dataset,
                              const struct store_provenance *provenance,
                              const struct report_policies_options *options, FILE *out,
                              struct err *err)
{
    struct rows rows;
    if (open_rows(&rows, dataset, provenance, options, err) == ERR_OK)
        print_rows(&rows, options, out, err);
    arena_free(&rows.arena);
    return err->code;
}
