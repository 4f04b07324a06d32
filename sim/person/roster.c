/* Candidates from a CSV file: id, theta, and where they are known group, speed and deficits.
 * SPDX-License-Identifier: Apache-2.0 */
#include "roster.h"

#include <retake/base/wording.h>

#include "person_table.h"

#include <retake/config/params.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ID, THETA, GROUP, SPEED, DEFICITS, N_COLUMNS = DEFICITS + PERSON_N_BUCKETS };

static const char *const names[N_COLUMNS] = {"id",       "theta", "group",   "speed", "knowledge",
                                             "sequence", "scope", "reading", "pacing"};

static const char *cell(const struct person_table *table, size_t row, size_t column)
{
    return config_csv_cell(&table->csv, row, table->at[column])->text;
}

static enum err_code read_group(const struct scenario *scenario, const struct person_table *table,
                                size_t row, uint32_t *out, struct err *err)
{
    *out = 0;
    if (!person_table_has(table, GROUP))
        return ERR_OK;
    const char *name = cell(table, row, GROUP), *near = NULL;
    const char *known[32];
    size_t n = scenario->n_groups;
    for (size_t g = 0; g < n; g++)
        if (strcmp(scenario->groups[g].name, name) == 0) {
            *out = (uint32_t)g;
            return ERR_OK;
        }
    for (size_t g = 0; g < n && g < 32; g++)
        known[g] = scenario->groups[g].name;
    near = config_nearest_word(name, known, n < 32 ? n : 32);
    return config_csv_error(&table->csv, row, table->at[GROUP], err,
                            "no group of population.groups is named '%s'%s%s%s", name,
                            near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
}

static enum err_code read_row(const struct scenario *scenario, const struct person_table *table,
                              size_t row, struct person_entry *out, struct err *err)
{
    out->speed = NAN;
    if (*cell(table, row, ID) == '\0')
        return config_csv_error(&table->csv, row, table->at[ID], err, "empty id");
    if (read_group(scenario, table, row, &out->group, err) != ERR_OK ||
        person_table_real(table, row, THETA, -20, 20, &out->theta, err) != ERR_OK ||
        person_table_real(table, row, SPEED, -10, 10, &out->speed, err) != ERR_OK)
        return err->code;
    for (size_t k = 0; k < PERSON_N_BUCKETS; k++) {
        double max = k == PERSON_PACING ? 10 : 20;
        out->deficit[k] = NAN;
        if (person_table_real(table, row, DEFICITS + k, 0, max, &out->deficit[k], err) != ERR_OK)
            return err->code;
    }
    return ERR_OK;
}

struct named_row {
    const char *id;
    size_t row;
};

static int compare(const void *a, const void *b)
{
    const struct named_row *x = a, *y = b;
    int order = strcmp(x->id, y->id);
    return order ? order : (x->row > y->row) - (x->row < y->row);
}

/* The first row whose id was there before. */
static enum err_code check_ids(const struct person_table *table, struct arena *arena,
                               struct err *err)
{
    size_t n = table->csv.n_rows, first = n;
    struct named_row *rows = arena_alloc(arena, n * sizeof *rows);
    if (!rows)
        return err_set(err, ERR_MEMORY, "no memory for %s", wording_count(n, "id").text);
    for (size_t i = 0; i < n; i++)
        rows[i] = (struct named_row){cell(table, i, ID), i};
    qsort(rows, n, sizeof *rows, compare);
    for (size_t i = 1; i < n; i++)
        if (strcmp(rows[i - 1].id, rows[i].id) == 0 && rows[i].row < first)
            first = rows[i].row;
    if (first == n)
        return ERR_OK;
    return config_csv_error(&table->csv, first, table->at[ID], err, "repeated id '%s'",
                            cell(table, first, ID));
}

enum err_code person_roster_read(const struct scenario *scenario, struct arena *arena,
                                 const struct person_roster **out, struct err *err)
{
    struct person_table table = {.what = "a file of candidates",
                                 .n_columns = N_COLUMNS,
                                 .n_required = scenario->n_groups > 1 ? GROUP + 1 : THETA + 1,
                                 .names = names};
    if (person_table_read(scenario, "population.candidates_file",
                          scenario->population_candidates_file, arena, &table, err) != ERR_OK)
        return err->code;
    size_t n = table.csv.n_rows;
    struct person_roster *self = arena_alloc(arena, sizeof *self);
    struct person_entry *rows = arena_alloc(arena, n * sizeof *rows);
    if (!self || !rows)
        return err_set(err, ERR_MEMORY, "no memory for %s", wording_count(n, "candidate").text);
    for (size_t row = 0; row < n; row++)
        if (read_row(scenario, &table, row, &rows[row], err) != ERR_OK)
            return err->code;
    self->n_rows = n;
    self->rows = rows;
    memcpy(self->digest, table.digest, sizeof self->digest);
    *out = self;
    return check_ids(&table, arena, err);
}

/* Sums about the first ability, so that nothing is lost where they are far from 0. */
double person_order_effect(const struct person_design *self, size_t *n_blocks)
{
    const struct person_roster *roster = self->roster;
    size_t n = roster ? roster->n_rows / PERSON_BLOCK * PERSON_BLOCK : 0;
    double total = 0, squares = 0, squares_of_means = 0;
    *n_blocks = n / PERSON_BLOCK;
    if (*n_blocks < 2)
        return 1;
    for (size_t b = 0; b < *n_blocks; b++) {
        double sum = 0;
        for (size_t i = b * PERSON_BLOCK; i < (b + 1) * PERSON_BLOCK; i++) {
            double x = roster->rows[i].theta - roster->rows[0].theta;
            sum += x;
            squares += x * x;
        }
        total += sum;
        squares_of_means += sum * sum / (double)PERSON_BLOCK / (double)PERSON_BLOCK;
    }
    double mean = total / (double)n, blocks = (double)*n_blocks;
    double of_means = (squares_of_means - blocks * mean * mean) / (blocks - 1);
    double of_rows = (squares - (double)n * mean * mean) / (double)(n - 1);
    return of_rows > 0 ? of_means * (double)PERSON_BLOCK / of_rows : 1;
}
