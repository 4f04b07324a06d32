/* Item banks from CSV: the rows. The parameters of an item are read by bank_item.c, foreign layouts
 * are recognised by bank_layout.c, doubts are collected by bank_doubts.c.
 * SPDX-License-Identifier: Apache-2.0 */
#include "bank_reader.h"

#include <retake/base/wording.h>
#include <retake/config/params.h>

#include <stdlib.h>
#include <string.h>

/* Numbers beside the parameters: default, least and greatest value (least excluded where open). */
static const struct {
    double missing, min, max;
    bool is_open;
} numbers[N_OWN_COLUMNS] = {
    [COL_PILOT] = {0, 0, 1, false},
    [COL_TIME_INTENSITY] = {3.6, -20, 20, false}, /* exp(3.6) = 37 s */
    [COL_TIME_DISCRIMINATION] = {2, 0, 1000, true},
    [COL_DEMAND_SEQUENCE] = {1, 0, 1, false},
    [COL_DEMAND_SCOPE] = {1, 0, 1, false},
    [COL_DEMAND_READING] = {1, 0, 1, false},
};

const char *irt_bank_text(const struct irt_bank_reader *self, size_t row, size_t column)
{
    if (!irt_has_column(self, column))
        return "";
    return config_csv_cell(self->table, row, self->at[column])->text;
}

bool irt_bank_filled(const struct irt_bank_reader *self, size_t row, size_t column)
{
    const char *text = irt_bank_text(self, row, column);
    return *text && strcmp(text, "NA") != 0;
}

enum err_code irt_bank_number(struct irt_bank_reader *self, size_t row, size_t at, double *out)
{
    double value;
    if (config_csv_real(self->table, row, at, &value, self->err) != ERR_OK)
        return irt_bank_note_error(self, row, at);
    *out = value;
    return ERR_OK;
}

static enum err_code read_number(struct irt_bank_reader *self, size_t row, size_t column,
                                 double *out)
{
    size_t at = self->at[column];
    double min = numbers[column].min, max = numbers[column].max;
    *out = numbers[column].missing;
    if (!irt_has_column(self, column))
        return ERR_OK;
    if (irt_bank_number(self, row, at, out) != ERR_OK)
        return self->err->code;
    double bad = *out;
    if (bad >= min && bad <= max && !(numbers[column].is_open && bad == min))
        return ERR_OK;
    *out = numbers[column].missing;
    return IRT_BANK_FAULT(self, row, at, "%g is out of range (%g to %g%s)", bad, min, max,
                          numbers[column].is_open ? ", above the first" : "");
}

/* ---- names ---- */

static enum err_code read_domain(struct irt_bank_reader *self, size_t row, struct irt_item *item)
{
    const char *name =
        irt_has_column(self, COL_DOMAIN) ? irt_bank_text(self, row, COL_DOMAIN) : "all";
    const char *fault = config_name_fault(name, strlen(name));
    if (fault && IRT_BANK_FAULT(self, row, self->at[COL_DOMAIN], "%s", fault) != ERR_OK)
        return self->err->code;
    size_t k = irt_names_add(&self->domains, name);
    if (k >= UINT16_MAX)
        return config_csv_error(self->table, row, self->at[COL_DOMAIN], self->err,
                                "more than %d domains", UINT16_MAX);
    item->domain = (uint16_t)k;
    return ERR_OK;
}

static enum err_code read_enemy(struct irt_bank_reader *self, size_t row, struct irt_item *item)
{
    if (!irt_bank_filled(self, row, COL_ENEMY))
        return ERR_OK;
    size_t k = irt_names_add(&self->enemies, irt_bank_text(self, row, COL_ENEMY));
    if (k >= UINT16_MAX)
        return config_csv_error(self->table, row, self->at[COL_ENEMY], self->err,
                                "more than %d enemy groups", UINT16_MAX);
    item->enemy = (uint16_t)(k + 1);
    return ERR_OK;
}

/* The values of one row; R's NA is none. */
static enum err_code read_attributes(struct irt_bank_reader *self, size_t row, const char **values)
{
    for (size_t k = 0; k < self->n_attributes; k++) {
        size_t at = self->attribute_at[k];
        const char *text = config_csv_cell(self->table, row, at)->text;
        const char *fault = *text ? config_name_fault(text, strlen(text)) : NULL;
        if (fault && IRT_BANK_FAULT(self, row, at, "%s", fault) != ERR_OK)
            return self->err->code;
        values[k] = strcmp(text, "NA") == 0 ? "" : text;
    }
    return ERR_OK;
}

/* The id of a row; the row's number from 1 in a table without ids. */
static enum err_code read_id(struct irt_bank_reader *self, size_t row, const char **out)
{
    *out = irt_bank_text(self, row, COL_ID);
    if (!irt_has_column(self, COL_ID)) {
        char digits[24] = "", *first = digits + sizeof digits - 1;
        for (size_t n = row + 1; n > 0; n /= 10)
            *--first = (char)('0' + n % 10);
        *out = arena_text(&self->bank->arena, first, strlen(first));
        return *out ? ERR_OK : err_set(self->err, ERR_MEMORY, "no memory for ids");
    }
    if (!**out)
        return IRT_BANK_FAULT(self, row, self->at[COL_ID], "empty id");
    size_t n = self->ids.n;
    if (irt_names_add(&self->ids, *out) != n)
        return IRT_BANK_FAULT(self, row, self->at[COL_ID], "repeated id '%s'", *out);
    return ERR_OK;
}

/* ---- items ---- */

static enum err_code set_parameters(struct irt_bank_reader *self, const struct irt_parameters *p,
                                    struct irt_item *item)
{
    item->model = (uint8_t)p->model;
    item->a = p->a;
    item->b = p->b;
    item->c = p->c;
    item->d = p->d;
    item->n_categories = 2;
    if (p->model == IRT_LOGISTIC)
        return ERR_OK;
    double *steps = arena_alloc(&self->bank->arena, p->n_steps * sizeof *steps), sum = 0;
    if (!steps)
        return err_set(self->err, ERR_MEMORY, "no memory for thresholds");
    for (size_t k = 0; k < p->n_steps; k++)
        sum += steps[k] = p->steps[k];
    item->b = sum / (double)p->n_steps;
    item->c = 0;
    item->d = 1;
    item->steps = steps;
    item->n_categories = (uint8_t)(p->n_steps + 1);
    return ERR_OK;
}

static enum err_code read_item(struct irt_bank_reader *self, size_t row, struct irt_item *item)
{
    struct irt_parameters parameters;
    double value[N_OWN_COLUMNS] = {0};
    if (irt_bank_parameters(self, row, &parameters) != ERR_OK)
        return self->err->code;
    for (size_t k = COL_PILOT; k < N_OWN_COLUMNS; k++)
        if (read_number(self, row, k, &value[k]) != ERR_OK)
            return self->err->code;
    if (value[COL_PILOT] != 0 && value[COL_PILOT] != 1 &&
        IRT_BANK_FAULT(self, row, self->at[COL_PILOT], "must be 0 or 1") != ERR_OK)
        return self->err->code;
    *item = (struct irt_item){.time_intensity = value[COL_TIME_INTENSITY],
                              .time_sd = 1 / value[COL_TIME_DISCRIMINATION],
                              .demand = {(float)value[COL_DEMAND_SEQUENCE],
                                         (float)value[COL_DEMAND_SCOPE],
                                         (float)value[COL_DEMAND_READING]},
                              .is_pilot = value[COL_PILOT] != 0};
    self->bank->n_pilots += item->is_pilot;
    if (set_parameters(self, &parameters, item) || read_domain(self, row, item) ||
        read_enemy(self, row, item))
        return self->err->code;
    return irt_bank_doubt_item(self, row, &parameters, item);
}

static enum err_code read_rows(struct irt_bank_reader *self)
{
    struct irt_bank *bank = self->bank;
    size_t n = self->table->n_rows;
    const char **ids = arena_alloc(&bank->arena, n * sizeof *ids);
    const char **enemies = arena_alloc(&bank->arena, n * sizeof *enemies);
    size_t n_attributes = self->n_attributes;
    const char **attributes = arena_alloc(&bank->arena, (n_attributes + 1) * sizeof *attributes);
    const char **values = arena_alloc(&bank->arena, (n * n_attributes + 1) * sizeof *values);
    bank->items = arena_alloc(&bank->arena, n * sizeof *bank->items);
    if (!attributes || !values || !ids || !enemies || !bank->items ||
        !irt_names_init(&self->ids, n, &bank->arena) ||
        !irt_names_init(&self->domains, n, &bank->arena) ||
        !irt_names_init(&self->enemies, n, &bank->arena))
        return err_set(self->err, ERR_MEMORY, "%s: no memory for %s", bank->path,
                       wording_count(n, "item").text);
    for (size_t k = 0; k < n_attributes; k++)
        attributes[k] =
            self->table->header[self->attribute_at[k]].text + strlen(IRT_ATTRIBUTE_PREFIX);
    for (size_t row = 0; row < n; row++) {
        if (read_id(self, row, &ids[row]) || read_item(self, row, &bank->items[row]) ||
            read_attributes(self, row, values + row * n_attributes))
            return self->err->code;
        enemies[row] = bank->items[row].enemy ? irt_bank_text(self, row, COL_ENEMY) : "";
    }
    bank->n_items = n;
    bank->ids = ids;
    bank->enemies = enemies;
    bank->n_attributes = n_attributes;
    bank->attributes = attributes;
    bank->values = values;
    bank->domains = self->domains.list;
    bank->n_domains = self->domains.n;
    bank->n_enemies = self->enemies.n;
    return ERR_OK;
}

enum err_code irt_bank_read(const char *path, const char *text, size_t n_bytes,
                            struct irt_bank *bank, struct irt_doubts *doubts,
                            struct irt_bank_reader *reader, struct csv_table *table,
                            struct err *err)
{
    *bank = (struct irt_bank){0};
    bank->path = arena_text(&bank->arena, path, strlen(path));
    if (!bank->path)
        return err_set(err, ERR_MEMORY, "%s: no memory", path);
    if (config_csv_parse(bank->path, text, n_bytes, &bank->arena, table, err) != ERR_OK)
        return err->code;
    *reader = (struct irt_bank_reader){.table = table, .bank = bank, .doubts = doubts, .err = err};
    if (irt_bank_columns(reader) != ERR_OK)
        return err->code;
    return read_rows(reader);
}

enum err_code irt_bank_parse(const char *path, const char *text, size_t n_bytes,
                             struct irt_bank *self, struct err *err)
{
    struct irt_bank_reader reader;
    struct csv_table table;
    return irt_bank_read(path, text, n_bytes, self, NULL, &reader, &table, err);
}

void irt_bank_free(struct irt_bank *self)
{
    arena_free(&self->arena);
    *self = (struct irt_bank){0};
}
