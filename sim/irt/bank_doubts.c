/* Doubts about a bank: what is refused, all of it and not only the first; and what is possible but
 * odd. The limits of oddness are conventions: discrimination below 0.35 is "very low" (Baker 2001,
 * The basics of item response theory).
 * SPDX-License-Identifier: Apache-2.0 */
#include "bank_reader.h"

#include <retake/base/wording.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double low_a = 0.35, high_a = 4, far_b = 6, high_c = 0.5, low_d = 0.75;
static const double close_steps = 0.1, short_time = 0.0, long_time = 7.5; /* log s: 1 s, 30 min */

enum { FEW_ITEMS = 10 };

static enum err_code add(struct irt_bank_reader *self, size_t row, size_t at, bool is_error,
                         const char *text)
{
    struct irt_doubts *doubts = self->doubts;
    const struct csv_cell *cell =
        row == CSV_HEADER ? &self->table->header[at] : config_csv_cell(self->table, row, at);
    if (doubts->n == self->n_room) {
        size_t n = self->n_room ? 2 * self->n_room : 64;
        struct irt_doubt *list = arena_alloc(&doubts->arena, n * sizeof *list);
        if (!list)
            return err_set(self->err, ERR_MEMORY, "no memory for %s",
                           wording_count(n, "doubt").text);
        if (doubts->n > 0)
            memcpy(list, doubts->list, doubts->n * sizeof *list);
        doubts->list = list;
        self->n_room = n;
    }
    const char *copy = arena_text(&doubts->arena, text, strlen(text));
    if (!copy)
        return err_set(self->err, ERR_MEMORY, "no memory for %s",
                       wording_count(doubts->n, "doubt").text);
    doubts->list[doubts->n++] = (struct irt_doubt){cell->line, cell->column, row, is_error, copy};
    doubts->n_errors += is_error;
    return ERR_OK;
}

enum err_code irt_bank_note_error(struct irt_bank_reader *self, size_t row, size_t at)
{
    if (!self->doubts || self->err->code != ERR_INPUT)
        return self->err->code;
    struct err noted = *self->err;
    err_clear(self->err);
    return add(self, row, at, true, noted.detail);
}

#define DOUBT(self, row, at, ...)                                                                  \
    (noted = (struct err){0}, config_csv_error((self)->table, (row), (at), &noted, __VA_ARGS__),   \
     add((self), (row), (at), false, noted.detail))

/* ---- one item ---- */

static enum err_code doubt_logistic(struct irt_bank_reader *self, size_t row,
                                    const struct irt_parameters *p)
{
    struct err noted;
    if (fabs(p->b) > far_b &&
        DOUBT(self, row, p->at_b, "difficulty %g: hardly anyone is within %g logits of it", p->b,
              far_b))
        return self->err->code;
    if (p->c > high_c && DOUBT(self, row, p->at_c, "lower asymptote %g: above one half", p->c))
        return self->err->code;
    if (p->d < low_d &&
        DOUBT(self, row, p->at_d, "upper asymptote %g: the ablest miss it that often", p->d))
        return self->err->code;
    return ERR_OK;
}

static enum err_code doubt_steps(struct irt_bank_reader *self, size_t row,
                                 const struct irt_parameters *p)
{
    struct err noted;
    for (size_t k = 0; k < p->n_steps; k++) {
        if (fabs(p->steps[k]) > far_b &&
            DOUBT(self, row, p->at_steps[k],
                  "threshold %g: hardly anyone is within %g logits of it", p->steps[k], far_b))
            return self->err->code;
        double gap = k ? p->steps[k] - p->steps[k - 1] : 1;
        if (gap <= 0 && p->model == IRT_GPCM &&
            DOUBT(self, row, p->at_steps[k],
                  "threshold %g after %g: category %zu is the likeliest nowhere", p->steps[k],
                  p->steps[k - 1], k))
            return self->err->code;
        if (gap > 0 && gap < close_steps && p->model == IRT_GRM &&
            DOUBT(self, row, p->at_steps[k],
                  "threshold %g close to %g: category %zu is hardly ever given", p->steps[k],
                  p->steps[k - 1], k))
            return self->err->code;
    }
    return ERR_OK;
}

enum err_code irt_bank_doubt_item(struct irt_bank_reader *self, size_t row,
                                  const struct irt_parameters *p, const struct irt_item *item)
{
    struct err noted;
    if (!self->doubts)
        return ERR_OK;
    if (p->a < low_a &&
        DOUBT(self, row, p->at_a, "discrimination %g: the item hardly tells people apart", p->a))
        return self->err->code;
    if (p->a > high_a &&
        DOUBT(self, row, p->at_a, "discrimination %g: steeper than items are; is D in it twice?",
              p->a))
        return self->err->code;
    if ((item->time_intensity < short_time || item->time_intensity > long_time) &&
        DOUBT(self, row, self->at[COL_TIME_INTENSITY], "a median time of exp(%g) seconds",
              item->time_intensity))
        return self->err->code;
    return p->model == IRT_LOGISTIC ? doubt_logistic(self, row, p) : doubt_steps(self, row, p);
}

/* ---- items together ---- */

/* Where a message about a whole item stands: its id, else the first cell. */
static size_t item_place(const struct irt_bank_reader *self)
{
    return irt_has_column(self, COL_ID) ? self->at[COL_ID] : 0;
}

static int compare_numbers(const double *left, const double *right, size_t n)
{
    for (size_t k = 0; k < n; k++)
        if (left[k] != right[k])
            return left[k] < right[k] ? -1 : 1;
    return 0;
}

static int compare_items(const struct irt_item *x, const struct irt_item *y)
{
    const double left[] = {x->model, x->n_categories, x->a, x->b, x->c, x->d};
    const double right[] = {y->model, y->n_categories, y->a, y->b, y->c, y->d};
    int order = compare_numbers(left, right, 6);
    if (order || x->model == IRT_LOGISTIC)
        return order;
    return compare_numbers(x->steps, y->steps, x->n_categories - 1u);
}

static int by_parameters(const void *left, const void *right)
{
    const struct irt_item *const *x = left, *const *y = right;
    int order = compare_items(*x, *y);
    return order ? order : (*x > *y) - (*x < *y);
}

/* Two Rasch items of one difficulty are no wonder; any other item with a twin is. */
static enum err_code doubt_twins(struct irt_bank_reader *self)
{
    const struct irt_bank *bank = self->bank;
    struct err noted;
    const struct irt_item **sorted = malloc(bank->n_items * sizeof *sorted);
    if (!sorted)
        return err_set(self->err, ERR_MEMORY, "no memory for %s",
                       wording_count(bank->n_items, "item").text);
    for (size_t i = 0; i < bank->n_items; i++)
        sorted[i] = &bank->items[i];
    qsort(sorted, bank->n_items, sizeof *sorted, by_parameters);
    for (size_t i = 1, first = 0; i < bank->n_items && !self->err->code; i++) {
        const struct irt_item *item = sorted[i];
        bool is_rasch = item->model == IRT_LOGISTIC && item->a == 1 && item->c == 0 && item->d == 1;
        if (compare_items(sorted[first], item) != 0)
            first = i;
        else if (!is_rasch)
            DOUBT(self, (size_t)(item - bank->items), item_place(self),
                  "item '%s' has the same parameters as '%s'", bank->ids[item - bank->items],
                  bank->ids[sorted[first] - bank->items]);
    }
    free(sorted);
    return self->err->code;
}

static enum err_code doubt_enemies(struct irt_bank_reader *self)
{
    const struct irt_bank *bank = self->bank;
    struct err noted;
    size_t *n = arena_alloc(&self->doubts->arena, (bank->n_enemies + 1) * sizeof *n);
    if (!n)
        return err_set(self->err, ERR_MEMORY, "no memory for %s",
                       wording_count(bank->n_enemies, "group").text);
    for (size_t i = 0; i < bank->n_items; i++)
        n[bank->items[i].enemy]++;
    for (size_t i = 0; i < bank->n_items; i++)
        if (bank->items[i].enemy && n[bank->items[i].enemy] == 1 &&
            DOUBT(self, i, self->at[COL_ENEMY], "enemy group '%s' has no other item",
                  bank->enemies[i]))
            return self->err->code;
    return ERR_OK;
}

static enum err_code doubt_domains(struct irt_bank_reader *self)
{
    const struct irt_bank *bank = self->bank;
    struct err noted;
    size_t *n = arena_alloc(&self->doubts->arena, bank->n_domains * sizeof *n);
    bool *is_seen = arena_alloc(&self->doubts->arena, bank->n_domains * sizeof *is_seen);
    if (!n || !is_seen)
        return err_set(self->err, ERR_MEMORY, "no memory for %s",
                       wording_count(bank->n_domains, "domain").text);
    for (size_t i = 0; i < bank->n_items; i++)
        n[bank->items[i].domain] += !bank->items[i].is_pilot;
    for (size_t i = 0; i < bank->n_items && irt_has_column(self, COL_DOMAIN); i++) {
        size_t k = bank->items[i].domain;
        if (!is_seen[k] && n[k] < FEW_ITEMS &&
            DOUBT(self, i, self->at[COL_DOMAIN], "domain '%s' has %s, fewer than %d",
                  bank->domains[k], wording_count(n[k], "scored item").text, FEW_ITEMS))
            return self->err->code;
        is_seen[k] = true;
    }
    if (bank->n_pilots == bank->n_items &&
        DOUBT(self, CSV_HEADER, self->at[COL_PILOT], "no item is scored"))
        return self->err->code;
    return ERR_OK;
}

static int by_place(const void *left, const void *right)
{
    const struct irt_doubt *x = left, *y = right;
    if (x->line != y->line)
        return x->line < y->line ? -1 : 1;
    if (x->column != y->column)
        return x->column < y->column ? -1 : 1;
    return strcmp(x->text, y->text);
}

static enum err_code keep_lines(struct irt_bank_reader *self)
{
    struct irt_doubts *doubts = self->doubts;
    doubts->n_items = self->table->n_rows;
    doubts->first_line = arena_alloc(&doubts->arena, doubts->n_items * sizeof *doubts->first_line);
    if (!doubts->first_line)
        return err_set(self->err, ERR_MEMORY, "no memory for %s",
                       wording_count(doubts->n_items, "item").text);
    for (size_t row = 0; row < doubts->n_items; row++)
        doubts->first_line[row] = config_csv_cell(self->table, row, 0)->line;
    return ERR_OK;
}

enum err_code irt_bank_doubts(const char *path, const char *text, size_t n_bytes,
                              struct irt_doubts *self, struct err *err)
{
    struct irt_bank bank;
    struct irt_bank_reader reader;
    struct csv_table table;
    *self = (struct irt_doubts){0};
    if (irt_bank_read(path, text, n_bytes, &bank, self, &reader, &table, err) == ERR_OK) {
        if (!keep_lines(&reader) && !doubt_twins(&reader) && !doubt_enemies(&reader) &&
            !doubt_domains(&reader) && self->n > 0)
            qsort(self->list, self->n, sizeof *self->list, by_place);
    }
    irt_bank_free(&bank);
    return err->code;
}

void irt_doubts_free(struct irt_doubts *self)
{
    arena_free(&self->arena);
    *self = (struct irt_doubts){0};
}
