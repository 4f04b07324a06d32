/* Recorded answers from CSV: a first column that names the examinee, then a column per item id, in
 * any order. A cell that is empty, NA or NaN is missing. SPDX-License-Identifier: Apache-2.0 */
#include "replay_matrix.h"

#include <retake/base/file.h>
#include <retake/base/wording.h>
#include <retake/config/csv.h>
#include <retake/config/params.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct named {
    const char *name;
    size_t at;
};

static int by_name(const void *left, const void *right)
{
    const struct named *a = left, *b = right;
    int order = strcmp(a->name, b->name);
    return order ? order : (a->at > b->at) - (a->at < b->at);
}

struct reader {
    const struct irt_bank *bank;
    const struct cat_design *design;
    const struct replay_matrix *answers; /* of times; NULL: these are the answers */
    bool may_miss;
    struct csv_table table;
    uint32_t *item; /* [table.n_columns]: of the design */
    struct replay_matrix *out;
    struct arena arena; /* the table, and the pointers above */
    struct err *err;
};

/* ---- columns ---- */

static enum err_code refuse_column(const struct reader *self, size_t column)
{
    const char *near =
        config_nearest_word(self->table.header[column].text, self->bank->ids, self->bank->n_items);
    return config_csv_error(&self->table, CSV_HEADER, column, self->err,
                            "%s has no such item%s%s%s", self->bank->path,
                            near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
}

static enum err_code check_columns(const struct reader *self, const bool *is_there)
{
    for (size_t i = 0; i < self->design->n_scored && !self->may_miss; i++)
        if (!is_there[i])
            return err_set(self->err, ERR_INPUT,
                           "%s:1:1: no column for item '%s' of %s (--missing unavailable would "
                           "leave such items out)",
                           self->table.path, self->bank->ids[self->design->order[i]],
                           self->bank->path);
    return ERR_OK;
}

/* The first name that is not before another, or n. */
static size_t place_of(const char *name, const struct named *names, size_t n)
{
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (strcmp(names[middle].name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* By a column that is an item, or nearly so; a single column is of no item. */
static enum err_code recognise(struct reader *self, const struct named *names)
{
    struct csv_table *table = &self->table;
    size_t n = self->bank->n_items;
    bool is_known = false;
    for (size_t j = 0; j < table->n_columns && !is_known; j++) {
        const char *name = table->header[j].text;
        size_t at = place_of(name, names, n);
        is_known = (at < n && strcmp(names[at].name, name) == 0) ||
                   config_nearest_word(name, self->bank->ids, n);
    }
    return config_csv_recognise(table, is_known, "a table of answers or times by item", self->err);
}

/* @param names [bank.n_items]  @param is_there [bank.n_items] */
static enum err_code match_columns(struct reader *self, struct named *names, bool *is_there)
{
    const struct irt_bank *bank = self->bank;
    for (size_t i = 0; i < bank->n_items; i++)
        names[i] = (struct named){bank->ids[self->design->order[i]], i};
    qsort(names, bank->n_items, sizeof *names, by_name);
    if (recognise(self, names) != ERR_OK)
        return self->err->code;
    for (size_t j = 0; j < self->table.n_columns; j++) {
        const char *name = self->table.header[j].text;
        size_t low = place_of(name, names, bank->n_items);
        bool is_item = low < bank->n_items && strcmp(names[low].name, name) == 0;
        if (j == 0 && is_item && strcmp(name, "examinee") != 0)
            return config_csv_error(&self->table, CSV_HEADER, 0, self->err,
                                    "an item, where the first column names the examinees");
        if (j > 0 && !is_item)
            return refuse_column(self, j);
        if (j == 0)
            continue;
        self->item[j] = (uint32_t)names[low].at;
        is_there[names[low].at] = true;
    }
    return check_columns(self, is_there);
}

static enum err_code find_columns(struct reader *self)
{
    size_t n = self->bank->n_items;
    self->item = arena_alloc(&self->arena, self->table.n_columns * sizeof *self->item);
    struct named *names = arena_alloc(&self->arena, n * sizeof *names);
    bool *is_there = arena_alloc(&self->arena, n * sizeof *is_there);
    if (!self->item || !names || !is_there)
        return err_set(self->err, ERR_MEMORY, "%s: no memory for its columns", self->table.path);
    return match_columns(self, names, is_there);
}

/* ---- rows ---- */

static enum err_code check_examinees(struct reader *self)
{
    size_t n = self->out->n_examinees;
    struct named *names = arena_alloc(&self->arena, n * sizeof *names);
    if (!names)
        return err_set(self->err, ERR_MEMORY, "%s: no memory for %s", self->table.path,
                       wording_count(n, "examinee").text);
    for (size_t row = 0; row < n; row++)
        names[row] = (struct named){self->out->examinees[row], row};
    qsort(names, n, sizeof *names, by_name);
    for (size_t k = 1; k < n; k++)
        if (strcmp(names[k - 1].name, names[k].name) == 0)
            return config_csv_error(&self->table, names[k].at, 0, self->err, "repeated: '%s'",
                                    names[k].name);
    return ERR_OK;
}

static enum err_code read_examinee(struct reader *self, size_t row)
{
    const char *name = config_csv_cell(&self->table, row, 0)->text;
    if (!*name)
        return config_csv_error(&self->table, row, 0, self->err, "empty");
    if (self->answers &&
        (row >= self->answers->n_examinees || strcmp(name, self->answers->examinees[row]) != 0))
        return config_csv_error(&self->table, row, 0, self->err, "'%s', but this row of %s is '%s'",
                                name, self->answers->path,
                                row < self->answers->n_examinees ? self->answers->examinees[row]
                                                                 : "missing");
    self->out->examinees[row] = arena_text(&self->out->arena, name, strlen(name));
    if (!self->out->examinees[row])
        return err_set(self->err, ERR_MEMORY, "%s: no memory for its examinees", self->table.path);
    return ERR_OK;
}

static bool is_missing(const char *text)
{
    return !*text || strcasecmp(text, "NA") == 0 || strcasecmp(text, "NaN") == 0;
}

static enum err_code check_value(struct reader *self, size_t row, size_t column, double value)
{
    size_t n = irt_n_categories(&self->design->items[self->item[column]]);
    if (self->answers && !(value >= 0 && value <= 1e7))
        return config_csv_error(&self->table, row, column, self->err,
                                "%g is out of range (0 to 1e7 seconds)", value);
    if (!self->answers && !(value >= 0 && value < (double)n && value == floor(value)))
        return config_csv_error(&self->table, row, column, self->err,
                                "%g is no answer; this item has 0 to %zu", value, n - 1);
    return ERR_OK;
}

/* Pilot items are checked like the others and then left out. */
static enum err_code read_value(struct reader *self, size_t row, size_t column)
{
    uint32_t item = self->item[column];
    bool is_scored = item < self->design->n_scored;
    double value;
    size_t at = row * self->out->n_items + item;
    bool is_needed = self->answers ? is_scored && !isnan(self->answers->values[at])
                                   : is_scored && !self->may_miss;
    if (is_missing(config_csv_cell(&self->table, row, column)->text)) {
        if (!is_needed)
            return ERR_OK;
        return config_csv_error(&self->table, row, column, self->err,
                                self->answers ? "no time for an answer"
                                              : "no answer (--missing unavailable would leave the "
                                                "item out for this examinee)");
    }
    if (config_csv_real(&self->table, row, column, &value, self->err) != ERR_OK ||
        check_value(self, row, column, value) != ERR_OK)
        return self->err->code;
    if (is_scored)
        self->out->values[at] = value;
    return ERR_OK;
}

/* An item whose column is missing altogether. */
static enum err_code check_row(const struct reader *self, size_t row)
{
    for (size_t i = 0; self->answers && i < self->out->n_items; i++) {
        size_t at = row * self->out->n_items + i;
        if (!isnan(self->answers->values[at]) && isnan(self->out->values[at]))
            return config_csv_error(&self->table, row, 0, self->err,
                                    "no time for the answer to item '%s'",
                                    self->bank->ids[self->design->order[i]]);
    }
    return ERR_OK;
}

static enum err_code read_rows(struct reader *self)
{
    struct replay_matrix *out = self->out;
    size_t n_rows = self->table.n_rows, n = n_rows * self->design->n_scored;
    *out = (struct replay_matrix){.n_examinees = n_rows, .n_items = self->design->n_scored};
    if (n_rows == 0)
        return err_set(self->err, ERR_INPUT, "%s:1:1: no examinees", self->table.path);
    out->path = arena_text(&out->arena, self->table.path, strlen(self->table.path));
    out->examinees = arena_alloc(&out->arena, n_rows * sizeof *out->examinees);
    out->values = arena_alloc(&out->arena, n * sizeof *out->values);
    if (!out->path || !out->examinees || !out->values)
        return err_set(self->err, ERR_MEMORY, "%s: no memory for %s", self->table.path,
                       wording_count(n, "answer").text);
    for (size_t k = 0; k < n; k++)
        out->values[k] = NAN;
    for (size_t row = 0; row < n_rows; row++) {
        if (read_examinee(self, row) != ERR_OK)
            return self->err->code;
        for (size_t column = 1; column < self->table.n_columns; column++)
            if (read_value(self, row, column) != ERR_OK)
                return self->err->code;
        if (check_row(self, row) != ERR_OK)
            return self->err->code;
    }
    if (self->answers && n_rows < self->answers->n_examinees)
        return err_set(self->err, ERR_INPUT, "%s: %s, but %s has %zu", self->table.path,
                       wording_count(n_rows, "examinee").text, self->answers->path,
                       self->answers->n_examinees);
    return check_examinees(self);
}

static enum err_code read_matrix(struct reader *self, const char *path)
{
    struct file_text text;
    *self->out = (struct replay_matrix){0};
    if (file_read(path, CSV_MAX_BYTES, &self->arena, &text, self->err) == ERR_OK &&
        config_csv_parse(path, text.bytes, text.n_bytes, &self->arena, &self->table, self->err) ==
            ERR_OK &&
        find_columns(self) == ERR_OK)
        read_rows(self);
    arena_free(&self->arena);
    return self->err->code;
}

enum err_code study_replay_matrix_answers(const char *path, const struct irt_bank *bank,
                                          const struct cat_design *design, bool may_miss,
                                          struct replay_matrix *self, struct err *err)
{
    struct reader reader = {
        .bank = bank, .design = design, .may_miss = may_miss, .out = self, .err = err};
    return read_matrix(&reader, path);
}

enum err_code study_replay_matrix_times(const char *path, const struct irt_bank *bank,
                                        const struct cat_design *design,
                                        const struct replay_matrix *answers,
                                        struct replay_matrix *self, struct err *err)
{
    struct reader reader = {.bank = bank,
                            .design = design,
                            .answers = answers,
                            .may_miss = true,
                            .out = self,
                            .err = err};
    return read_matrix(&reader, path);
}

void study_replay_matrix_free(struct replay_matrix *self)
{
    arena_free(&self->arena);
    *self = (struct replay_matrix){0};
}
