/* Item banks from CSV. Each column has a row in one table: its name, how a cell is read, and what
 * it is when the column is missing. SPDX-License-Identifier: Apache-2.0 */
#include <retake/irt/bank.h>

#include <retake/config/csv.h>
#include <retake/config/params.h>

#include <string.h>

enum column {
    COL_ID,
    COL_MODEL,
    COL_A,
    COL_B,
    COL_C,
    COL_D,
    COL_DOMAIN,
    COL_ENEMY,
    COL_PILOT,
    COL_TIME_INTENSITY,
    COL_TIME_DISCRIMINATION,
    COL_DEMAND_SEQUENCE,
    COL_DEMAND_SCOPE,
    COL_DEMAND_READING,
    N_COLUMNS
};

static const char *const column_names[N_COLUMNS] = {"id",
                                                    "model",
                                                    "a",
                                                    "b",
                                                    "c",
                                                    "d",
                                                    "domain",
                                                    "enemy",
                                                    "pilot",
                                                    "time_intensity",
                                                    "time_discrimination",
                                                    "demand_sequence",
                                                    "demand_scope",
                                                    "demand_reading"};

/* Numeric columns: default, least and greatest value (least excluded where open). */
static const struct {
    double missing, min, max;
    bool is_open;
} numbers[N_COLUMNS] = {
    [COL_A] = {1, 0, 100, true},
    [COL_B] = {0, -100, 100, false},
    [COL_C] = {0, 0, 1, false},
    [COL_D] = {1, 0, 1, false},
    [COL_PILOT] = {0, 0, 1, false},
    [COL_TIME_INTENSITY] = {3.6, -20, 20, false}, /* exp(3.6) = 37 s */
    [COL_TIME_DISCRIMINATION] = {2, 0, 1000, true},
    [COL_DEMAND_SEQUENCE] = {1, 0, 1, false},
    [COL_DEMAND_SCOPE] = {1, 0, 1, false},
    [COL_DEMAND_READING] = {1, 0, 1, false},
};

/* The parameters that a model leaves free beyond b. */
static const struct {
    const char *name;
    bool free_a, free_c, free_d;
} models[] = {{"rasch", false, false, false},
              {"1pl", true, false, false},
              {"2pl", true, false, false},
              {"3pl", true, true, false},
              {"4pl", true, true, true}};

enum { N_MODELS = sizeof models / sizeof models[0] };

struct reader {
    const struct csv_table *table;
    size_t at[N_COLUMNS]; /* column in the table, or n_columns */
    struct irt_bank *bank;
    const char **domains;
    struct err *err;
};

static bool has(const struct reader *self, enum column column)
{
    return self->at[column] < self->table->n_columns;
}

static const char *cell_text(const struct reader *self, size_t row, enum column column)
{
    return has(self, column) ? config_csv_cell(self->table, row, self->at[column])->text : "";
}

static enum err_code read_number(struct reader *self, size_t row, enum column column, double *out)
{
    *out = numbers[column].missing;
    if (!has(self, column))
        return ERR_OK;
    if (config_csv_real(self->table, row, self->at[column], out, self->err) != ERR_OK)
        return self->err->code;
    double min = numbers[column].min, max = numbers[column].max;
    if (*out < min || *out > max || (numbers[column].is_open && *out <= min))
        return config_csv_error(self->table, row, self->at[column], self->err,
                                "%g is out of range (%g to %g%s)", *out, min, max,
                                numbers[column].is_open ? ", above the first" : "");
    return ERR_OK;
}

static enum err_code find_columns(struct reader *self)
{
    for (size_t k = 0; k < N_COLUMNS; k++)
        self->at[k] = config_csv_column(self->table, column_names[k]);
    for (size_t j = 0; j < self->table->n_columns; j++) {
        size_t k = 0;
        while (k < N_COLUMNS && self->at[k] != j)
            k++;
        if (k < N_COLUMNS)
            continue;
        const struct csv_cell *cell = &self->table->header[j];
        const char *near = config_nearest_word(cell->text, column_names, N_COLUMNS);
        return err_set(self->err, ERR_INPUT, "%s:%zu:%zu: unknown column '%s'%s%s%s",
                       self->table->path, cell->line, cell->column, cell->text,
                       near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
    }
    if (!has(self, COL_ID))
        return err_set(self->err, ERR_INPUT, "%s:1:1: a bank needs a column 'id'",
                       self->table->path);
    if (self->table->n_rows == 0)
        return err_set(self->err, ERR_INPUT, "%s:1:1: a bank needs at least one item",
                       self->table->path);
    return ERR_OK;
}

static enum err_code check_model(struct reader *self, size_t row, const struct irt_item *item)
{
    const char *name = cell_text(self, row, COL_MODEL);
    size_t k = 0;
    if (!has(self, COL_MODEL))
        return ERR_OK;
    while (k < N_MODELS && strcasecmp(name, models[k].name) != 0)
        k++;
    if (k == N_MODELS)
        return config_csv_error(self->table, row, self->at[COL_MODEL], self->err,
                                "unknown model '%s'; known: rasch, 1PL, 2PL, 3PL, 4PL", name);
    enum column wrong = N_COLUMNS;
    if (!models[k].free_a && item->a != 1)
        wrong = COL_A;
    else if (!models[k].free_c && item->c != 0)
        wrong = COL_C;
    else if (!models[k].free_d && item->d != 1)
        wrong = COL_D;
    if (wrong == N_COLUMNS)
        return ERR_OK;
    return config_csv_error(self->table, row, self->at[wrong], self->err,
                            "model %s does not have this parameter", name);
}

static enum err_code read_domain(struct reader *self, size_t row, struct irt_item *item)
{
    const char *name = cell_text(self, row, COL_DOMAIN);
    struct irt_bank *bank = self->bank;
    size_t k = 0;
    if (!has(self, COL_DOMAIN))
        name = "all";
    else if (name[0] == '\0')
        return config_csv_error(self->table, row, self->at[COL_DOMAIN], self->err, "empty");
    while (k < bank->n_domains && strcmp(self->domains[k], name) != 0)
        k++;
    if (k == UINT16_MAX)
        return config_csv_error(self->table, row, self->at[COL_DOMAIN], self->err,
                                "more than %d domains", UINT16_MAX);
    if (k == bank->n_domains)
        self->domains[bank->n_domains++] = name;
    item->domain = (uint16_t)k;
    return ERR_OK;
}

static enum err_code read_item(struct reader *self, size_t row, struct irt_item *item)
{
    double value[N_COLUMNS] = {0};
    for (int k = 0; k < N_COLUMNS; k++)
        if (numbers[k].max > 0 && read_number(self, row, (enum column)k, &value[k]) != ERR_OK)
            return self->err->code;
    if (value[COL_PILOT] != 0 && value[COL_PILOT] != 1)
        return config_csv_error(self->table, row, self->at[COL_PILOT], self->err, "must be 0 or 1");
    if (value[COL_C] >= value[COL_D])
        return config_csv_error(self->table, row, self->at[has(self, COL_C) ? COL_C : COL_D],
                                self->err, "c must be below d");
    *item = (struct irt_item){.a = value[COL_A],
                              .b = value[COL_B],
                              .c = value[COL_C],
                              .d = value[COL_D],
                              .time_intensity = value[COL_TIME_INTENSITY],
                              .time_sd = 1 / value[COL_TIME_DISCRIMINATION],
                              .demand = {(float)value[COL_DEMAND_SEQUENCE],
                                         (float)value[COL_DEMAND_SCOPE],
                                         (float)value[COL_DEMAND_READING]},
                              .n_categories = 2,
                              .is_pilot = value[COL_PILOT] != 0};
    self->bank->n_pilots += item->is_pilot;
    if (check_model(self, row, item) != ERR_OK)
        return self->err->code;
    return read_domain(self, row, item);
}

static uint64_t text_hash(const char *text)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (; *text; text++)
        hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
    return hash ^ (hash >> 29);
}

/* Insert every id into an open-addressed table of rows; a second sight of one is an error. */
static enum err_code check_ids(struct reader *self, size_t *slots, size_t n_slots)
{
    for (size_t row = 0; row < self->table->n_rows; row++) {
        const char *id = self->bank->ids[row];
        if (id[0] == '\0')
            return config_csv_error(self->table, row, self->at[COL_ID], self->err, "empty id");
        size_t slot = text_hash(id) % n_slots;
        for (; slots[slot]; slot = (slot + 1) % n_slots)
            if (strcmp(self->bank->ids[slots[slot] - 1], id) == 0)
                return config_csv_error(self->table, row, self->at[COL_ID], self->err,
                                        "repeated id '%s'", id);
        slots[slot] = row + 1;
    }
    return ERR_OK;
}

static enum err_code read_rows(struct reader *self)
{
    struct irt_bank *bank = self->bank;
    size_t n = self->table->n_rows;
    const char **ids = arena_alloc(&bank->arena, n * sizeof *ids);
    const char **enemies = arena_alloc(&bank->arena, n * sizeof *enemies);
    size_t *slots = arena_alloc(&bank->arena, 2 * n * sizeof *slots);
    bank->items = arena_alloc(&bank->arena, n * sizeof *bank->items);
    self->domains = arena_alloc(&bank->arena, n * sizeof *self->domains);
    if (!ids || !enemies || !slots || !bank->items || !self->domains)
        return err_set(self->err, ERR_MEMORY, "%s: no memory for %zu items", bank->path, n);
    for (size_t row = 0; row < n; row++) {
        ids[row] = cell_text(self, row, COL_ID);
        enemies[row] = cell_text(self, row, COL_ENEMY);
        if (read_item(self, row, &bank->items[row]) != ERR_OK)
            return self->err->code;
    }
    bank->n_items = n;
    bank->ids = ids;
    bank->enemies = enemies;
    bank->domains = self->domains;
    return check_ids(self, slots, 2 * n);
}

enum err_code irt_bank_parse(const char *path, const char *text, size_t n_bytes,
                             struct irt_bank *self, struct err *err)
{
    *self = (struct irt_bank){0};
    self->path = arena_text(&self->arena, path, strlen(path));
    struct csv_table table;
    if (!self->path)
        return err_set(err, ERR_MEMORY, "%s: no memory", path);
    if (config_csv_parse(self->path, text, n_bytes, &self->arena, &table, err) != ERR_OK)
        return err->code;
    struct reader reader = {.table = &table, .bank = self, .err = err};
    if (find_columns(&reader) != ERR_OK)
        return err->code;
    return read_rows(&reader);
}

void irt_bank_free(struct irt_bank *self)
{
    arena_free(&self->arena);
    *self = (struct irt_bank){0};
}

enum err_code irt_bank_doubts(const char *path, const char *text, size_t n_bytes,
                              struct irt_doubts *self, struct err *err)
{
    struct irt_bank bank;
    *self = (struct irt_doubts){0};
    irt_bank_parse(path, text, n_bytes, &bank, err);
    irt_bank_free(&bank);
    return err->code;
}

void irt_doubts_free(struct irt_doubts *self)
{
    arena_free(&self->arena);
    *self = (struct irt_doubts){0};
}
