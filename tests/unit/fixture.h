/* What several unit tests need: a scenario from assignments, a bank in memory, tables in files.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_UNIT_FIXTURE_H
#define RETAKE_UNIT_FIXTURE_H

#include <retake/base/file.h>
#include <retake/cat/session.h>
#include <retake/config/csv.h>

#include <criterion/criterion.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A scenario with one group "all" and these assignments ("key=value"); NULL ends them. */
static inline void fixture_scenario(struct scenario *self, ...)
{
    static const char text[] = "title: fixture\nbank: none.csv\n";
    struct err err = {0};
    cr_assert_eq(config_scenario_parse("fixture.yaml", text, sizeof text - 1, self, &err), ERR_OK,
                 "%s", err.detail);
    va_list sets;
    va_start(sets, self);
    for (const char *set; (set = va_arg(sets, const char *));)
        cr_assert_eq(config_scenario_set(self, set, &err), ERR_OK, "%s: %s", set, err.detail);
    va_end(sets);
}

/* A scenario from YAML text. */
static inline void fixture_yaml(struct scenario *self, const char *text)
{
    struct err err = {0};
    cr_assert_eq(config_scenario_parse("fixture.yaml", text, strlen(text), self, &err), ERR_OK,
                 "%s", err.detail);
}

static inline void fixture_set(struct scenario *self, const char *assignment)
{
    struct err err = {0};
    cr_assert_eq(config_scenario_set(self, assignment, &err), ERR_OK, "%s: %s", assignment,
                 err.detail);
}

/* A bank of n items with a = 1, b = 0, no guessing, 40 s each; irt_bank_free it. */
static inline void fixture_bank(struct irt_bank *self, size_t n)
{
    static const char *const domains[] = {"all"};
    *self = (struct irt_bank){.n_items = n, .n_domains = 1, .domains = domains, .path = "bank.csv"};
    self->items = arena_alloc(&self->arena, n * sizeof *self->items);
    const char **ids = arena_alloc(&self->arena, n * sizeof *ids);
    const char **enemies = arena_alloc(&self->arena, n * sizeof *enemies);
    char id[32];
    cr_assert(self->items && ids && enemies);
    for (size_t i = 0; i < n; i++) {
        int n_chars = snprintf(id, sizeof id, "i%zu", i);
        ids[i] = arena_text(&self->arena, id, (size_t)n_chars);
        enemies[i] = "";
        self->items[i] =
            (struct irt_item){.a = 1, .d = 1, .time_intensity = log(40), .time_sd = 0.5};
    }
    self->ids = ids;
    self->enemies = enemies;
}

/* Mark the last n items as pilots. */
static inline void fixture_pilots(struct irt_bank *self, size_t n)
{
    for (size_t i = self->n_items - n; i < self->n_items; i++)
        self->items[i].is_pilot = 1;
    self->n_pilots = n;
}

static inline void fixture_design(const struct scenario *scenario, const struct irt_bank *bank,
                                  struct cat_design *self)
{
    struct err err = {0};
    cr_assert_eq(cat_design_init(scenario, bank, self, &err), ERR_OK, "%s", err.detail);
}

/* A file of the source tree, parsed; its name is relative to the root. */
static inline void fixture_table(const char *name, struct arena *arena, struct csv_table *out)
{
    const char *root = getenv("RETAKE_SOURCE_DIR");
    char path[4096];
    struct file_text text;
    struct err err = {0};
    snprintf(path, sizeof path, "%s/%s", root ? root : ".", name);
    cr_assert_eq(file_read(path, FILE_MEMORY_BYTES, arena, &text, &err), ERR_OK, "%s", err.detail);
    const char *copy = arena_text(arena, path, strlen(path));
    cr_assert_eq(config_csv_parse(copy, text.bytes, text.n_bytes, arena, out, &err), ERR_OK, "%s",
                 err.detail);
}

static inline size_t fixture_column(const struct csv_table *table, const char *column)
{
    size_t at = config_csv_column(table, column);
    cr_assert_lt(at, table->n_columns, "no column %s", column);
    return at;
}

static inline double fixture_real(const struct csv_table *table, size_t row, const char *column)
{
    struct err err = {0};
    double value = 0;
    cr_assert_eq(config_csv_real(table, row, fixture_column(table, column), &value, &err), ERR_OK,
                 "%s", err.detail);
    return value;
}

static inline const char *fixture_text(const struct csv_table *table, size_t row,
                                       const char *column)
{
    return config_csv_cell(table, row, fixture_column(table, column))->text;
}

/* A bank of tests/oracle/banks, by name. */
static inline void fixture_oracle_bank(const char *name, struct irt_bank *self)
{
    char path[64];
    struct arena arena = {0};
    struct csv_table table;
    snprintf(path, sizeof path, "tests/oracle/banks/bank_%s.csv", name);
    fixture_table(path, &arena, &table);
    fixture_bank(self, table.n_rows);
    for (size_t i = 0; i < table.n_rows; i++) {
        cr_assert_eq(fixture_real(&table, i, "id"), (double)(i + 1));
        self->items[i].a = fixture_real(&table, i, "a");
        self->items[i].b = fixture_real(&table, i, "b");
        self->items[i].c = fixture_real(&table, i, "c");
        self->items[i].d = fixture_real(&table, i, "d");
    }
    arena_free(&arena);
}

#endif
