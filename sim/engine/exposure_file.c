/* Exposure parameters in a file: CSV with the columns id and probability, every scored item once.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/stream.h>
#include <retake/base/wording.h>
#include <retake/config/csv.h>
#include <retake/config/inputs.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exposure.h"

struct named {
    const char *id;
    uint32_t item; /* of the design */
};

static int by_id(const void *left, const void *right)
{
    const struct named *a = left, *b = right;
    return strcmp(a->id, b->id);
}

struct reader {
    struct csv_table *table;
    size_t id, probability; /* columns */
    const struct engine_plan *plan;
    struct named *names; /* [bank.n_items], by id */
    double *p_shown;     /* 0 where the file has not named the item yet */
    struct err *err;
};

static enum err_code find_columns(struct reader *self)
{
    static const char *const names[] = {"id", "probability"};
    struct csv_table *table = self->table;
    if (config_csv_recognise(table, config_csv_has_any(table, names, 2),
                             "a file of exposure parameters", self->err) != ERR_OK)
        return self->err->code;
    self->id = config_csv_column(table, "id");
    self->probability = config_csv_column(table, "probability");
    for (size_t j = 0; j < table->n_columns; j++)
        if (j != self->id && j != self->probability)
            return config_csv_error(table, CSV_HEADER, j, self->err,
                                    "unknown; known: id, probability");
    if (table->n_columns == 2)
        return ERR_OK;
    return err_set(self->err, ERR_INPUT, "%s:1:1: the columns id and probability are needed",
                   table->path);
}

static enum err_code read_row(struct reader *self, size_t row)
{
    const struct cat_design *cat = &self->plan->cat;
    const char *id = config_csv_cell(self->table, row, self->id)->text;
    const struct named key = {.id = id};
    const struct named *found = bsearch(&key, self->names, cat->n_items, sizeof key, by_id);
    double p;
    if (!found)
        return config_csv_error(self->table, row, self->id, self->err, "%s has no item '%s'",
                                self->plan->bank.path, id);
    if (found->item >= cat->n_scored)
        return config_csv_error(self->table, row, self->id, self->err,
                                "'%s' is a pilot item, which no exposure rule controls", id);
    if (self->p_shown[found->item] != 0)
        return config_csv_error(self->table, row, self->id, self->err, "repeated id '%s'", id);
    if (config_csv_real(self->table, row, self->probability, &p, self->err) != ERR_OK)
        return self->err->code;
    if (!(p > 0 && p <= 1))
        return config_csv_error(self->table, row, self->probability, self->err,
                                "%g is out of range (above 0, at most 1)", p);
    self->p_shown[found->item] = p;
    return ERR_OK;
}

static enum err_code read_rows(struct reader *self)
{
    const struct cat_design *cat = &self->plan->cat;
    for (uint32_t i = 0; i < cat->n_items; i++)
        self->names[i] = (struct named){self->plan->bank.ids[cat->order[i]], i};
    qsort(self->names, cat->n_items, sizeof *self->names, by_id);
    for (size_t row = 0; row < self->table->n_rows; row++)
        if (read_row(self, row) != ERR_OK)
            return self->err->code;
    for (size_t i = 0; i < cat->n_scored; i++)
        if (self->p_shown[i] == 0)
            return err_set(self->err, ERR_INPUT, "%s:1:1: no row for item '%s' of %s",
                           self->table->path, self->plan->bank.ids[cat->order[i]],
                           self->plan->bank.path);
    return ERR_OK;
}

enum err_code engine_exposure_read(struct scenario *scenario, const struct engine_plan *plan,
                                   double *p_shown, struct err *err)
{
    struct arena arena = {0};
    const struct config_input *input;
    struct csv_table table;
    struct reader reader = {.table = &table, .plan = plan, .p_shown = p_shown, .err = err};
    const char *path = config_scenario_file_path(scenario, scenario->exam_exposure_file);
    reader.names = arena_alloc(&arena, plan->cat.n_items * sizeof *reader.names);
    if (!path || !reader.names)
        err_set(err, ERR_MEMORY, "no memory for exam.exposure.file");
    else if (config_scenario_input(scenario, "exam.exposure.file", path, &input, err) == ERR_OK &&
             config_csv_parse(path, input->text.bytes, input->text.n_bytes, &arena, &table, err) ==
                 ERR_OK &&
             find_columns(&reader) == ERR_OK)
        read_rows(&reader);
    arena_free(&arena);
    return err->code;
}

enum err_code engine_exposure_csv(const struct engine_plan *self, char **out, size_t *n_bytes,
                                  struct err *err)
{
    const struct irt_bank *bank = &self->bank;
    double *p = calloc(bank->n_items, sizeof *p);
    FILE *stream = p ? stream_to_memory(out, n_bytes) : NULL;
    if (!stream) {
        free(p);
        return err_set(err, ERR_MEMORY, "no memory for %s",
                       wording_count(bank->n_items, "exposure parameter").text);
    }
    for (size_t i = 0; i < self->cat.n_scored; i++)
        p[self->cat.order[i]] = self->cat.p_shown ? self->cat.p_shown[i] : 1;
    fputs("id,probability\n", stream);
    for (size_t row = 0; row < bank->n_items; row++) {
        if (bank->items[row].is_pilot)
            continue;
        config_csv_print(bank->ids[row], stream);
        fprintf(stream, ",%.6f\n", p[row]);
    }
    free(p);
    if (fclose(stream) != 0)
        return err_set(err, ERR_MEMORY, "no memory for %s",
                       wording_count(bank->n_items, "exposure parameter").text);
    return ERR_OK;
}
