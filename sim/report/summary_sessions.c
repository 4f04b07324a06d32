/* The tables of a summary that tell of sessions and items, and what they cost.
 * SPDX-License-Identifier: Apache-2.0 */
#include "summary_tables.h"

#include <retake/base/wording.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MAX_LABELS = 16, FIRST_WIDTH = 9, SHARE_WIDTH = 18 };

/* ---- shares of a row, by attempt ---- */

/* Names of the columns of a slice; texts hold them. */
static size_t label_columns(const struct report_slice *slice, char texts[][REPORT_TEXT_BYTES],
                            struct report_column *columns)
{
    size_t n = slice->column ? slice->n_columns : 0;
    n = n < MAX_LABELS ? n : MAX_LABELS;
    for (size_t i = 0; i < n; i++) {
        report_label(slice->column, i, texts[i]);
        columns[i] = (struct report_column){texts[i], SHARE_WIDTH, false};
    }
    return n;
}

static void put_shares(struct report_table *table, const struct report_slice *slice, size_t row,
                       size_t n)
{
    double total = n > 0 ? report_slice_sum(slice, row) : 0;
    for (size_t i = 0; i < n; i++)
        report_table_percent(table,
                             total > 0 ? report_slice_at(slice, row, i) / total : (double)NAN);
}

/* ---- sessions ---- */

/* The mean itself where the result has it, else that of the histogram. */
static double mean_minutes(const struct report_view *self, const struct report_slice *minutes,
                           size_t row)
{
    struct report_slice mean;
    double value = NAN;
    if (report_slice_find(self, "session_minutes_mean", 2, &mean))
        value = report_slice_at(&mean, 0, row);
    if (!isfinite(value) && minutes->column)
        value = report_slice_mean(minutes, row);
    return value;
}

void report_table_sessions(const struct report_view *self)
{
    struct report_column columns[3 + MAX_LABELS] = {
        {"", FIRST_WIDTH, false}, {"scored items", 12, false}, {"minutes", 12, false}};
    char texts[MAX_LABELS][REPORT_TEXT_BYTES];
    struct report_slice length = {0}, minutes = {0}, stops = {0};
    struct report_table table;
    bool has_length = report_slice_find(self, "n_session_length", 3, &length);
    bool has_minutes = report_slice_find(self, "n_session_minutes", 3, &minutes);
    bool has_stops = report_slice_find(self, "n_stop_reason", 3, &stops);
    const struct report_slice *any = has_length ? &length : has_minutes ? &minutes : &stops;
    if (!has_length && !has_minutes && !has_stops)
        return;
    size_t n_stops = label_columns(&stops, texts, columns + 3);
    report_table_begin(&table, self->sheet, "Sessions", columns, 3 + n_stops);
    size_t n = report_slice_rows_used(any);
    for (size_t k = 0; k < n; k++) {
        char label[REPORT_TEXT_BYTES];
        report_label(any->row, k, label);
        report_table_cell(&table, label);
        report_table_number(&table, has_length ? report_slice_mean(&length, k) : (double)NAN,
                            (double)NAN, 1);
        report_table_number(&table, mean_minutes(self, &minutes, k), (double)NAN, 1);
        put_shares(&table, &stops, k, n_stops);
    }
}

void report_table_buckets(const struct report_view *self)
{
    struct report_column columns[1 + MAX_LABELS] = {{"", FIRST_WIDTH, false}};
    char texts[MAX_LABELS][REPORT_TEXT_BYTES];
    struct report_slice misses;
    struct report_table table;
    if (!report_slice_find(self, "n_misses_by_bucket", 3, &misses))
        return;
    size_t n_buckets = label_columns(&misses, texts, columns + 1);
    report_table_begin(&table, self->sheet, "Misses", columns, 1 + n_buckets);
    size_t n = report_slice_rows_used(&misses);
    for (size_t k = 0; k < n; k++) {
        char label[REPORT_TEXT_BYTES];
        report_label(misses.row, k, label);
        report_table_cell(&table, label);
        put_shares(&table, &misses, k, n_buckets);
    }
}

/* ---- P(pass | theta) ---- */

enum { MAX_ATTEMPTS = 6, MIN_IN_BIN = 50 };

struct by_theta {
    const struct dataset_var *n, *rate;
    size_t n_attempts, n_bins;
};

static bool theta_find(const struct dataset *dataset, struct by_theta *self)
{
    static const char *const dims[] = {"attempt", "theta_bin", NULL};
    *self =
        (struct by_theta){.n = dataset_var_over(dataset, "n_theta", DATASET_COUNT, dims),
                          .rate = dataset_var_over(dataset, "pass_rate_theta", DATASET_REAL, dims)};
    if (!self->n || !self->rate)
        return false;
    self->n_bins = dataset->dims[self->n->dim[1]].n;
    size_t n = dataset->dims[self->n->dim[0]].n;
    for (size_t k = 0; k < n && k < MAX_ATTEMPTS; k++)
        for (size_t i = 0; i < self->n_bins; i++)
            if (self->n->count[k * self->n_bins + i] >= MIN_IN_BIN)
                self->n_attempts = k + 1;
    return self->n_attempts > 0;
}

static void put_theta_row(const struct dataset *dataset, const struct by_theta *self, size_t bin,
                          double theta, struct report_table *table)
{
    if (self->n->count[bin] < MIN_IN_BIN)
        return;
    report_table_print(table, "%.3f", theta);
    for (size_t k = 0; k < self->n_attempts; k++) {
        size_t at = k * self->n_bins + bin;
        if (self->n->count[at] >= MIN_IN_BIN)
            report_table_rate_of(table, dataset, self->rate, at);
        else
            report_table_rate(table, (double)NAN, (double)NAN);
    }
}

void report_table_theta(const struct report_view *self)
{
    struct report_column columns[1 + MAX_ATTEMPTS] = {{"Ability", FIRST_WIDTH, false}};
    char texts[MAX_ATTEMPTS][REPORT_TEXT_BYTES];
    struct report_table table;
    struct by_theta found;
    if (self->group != 0 || !theta_find(self->dataset, &found))
        return;
    const struct dataset_dim *attempts = &self->dataset->dims[found.n->dim[0]];
    const struct dataset_dim *bins = &self->dataset->dims[found.n->dim[1]];
    for (size_t k = 0; k < found.n_attempts; k++) {
        char label[REPORT_TEXT_BYTES];
        report_label(attempts, k, label);
        snprintf(texts[k], sizeof texts[k], "%% pass, %.40s", label);
        columns[1 + k] = (struct report_column){texts[k], 15, false};
    }
    if (bins->type != DATASET_REAL)
        return;
    report_table_begin(&table, self->sheet, "Chance of passing by ability", columns,
                       1 + found.n_attempts);
    for (size_t i = 0; i < found.n_bins; i++)
        put_theta_row(self->dataset, &found, i, bins->real[i], &table);
    report_sheet_note(self->sheet,
                      "of sittings by attempt; ability on the day in logits, less gaps in "
                      "knowledge, sequence and scope; bins with at least %s; from ... to: the "
                      "exact 95 %% interval where none or all passed",
                      wording_count((uint64_t)MIN_IN_BIN, "sitting").text);
}

/* ---- items ---- */

static const struct dataset_var *of_items(const struct dataset *self, const char *name)
{
    return dataset_var_over(self, name, DATASET_REAL, (const char *const[]){"item", NULL});
}

static size_t greatest(const struct dataset_var *var)
{
    size_t best = 0;
    for (size_t i = 1; i < var->n; i++)
        if (!(var->real[best] >= var->real[i]))
            best = i;
    return best;
}

static double sum_of(const struct dataset_var *var)
{
    double sum = 0;
    for (size_t i = 0; i < var->n; i++)
        sum += isfinite(var->real[i]) ? var->real[i] : 0;
    return sum;
}

static size_t n_above(const struct dataset_var *var, double limit)
{
    size_t n = 0;
    for (size_t i = 0; i < var->n; i++)
        n += var->real[i] > limit;
    return n;
}

void report_table_exposure(const struct report_view *self)
{
    static const struct report_column columns[] = {
        {"", 26, true}, {"", 14, false}, {"of sittings", 12, false}};
    const struct dataset_var *rate = of_items(self->dataset, "item_exposure_rate");
    const struct dataset_var *again = of_items(self->dataset, "item_seen_again_rate");
    struct report_table table;
    char label[REPORT_TEXT_BYTES];
    if (self->group != 0 || !rate)
        return;
    double n = (double)rate->n;
    size_t best = greatest(rate), n_never = rate->n - n_above(rate, 0);
    report_table_begin(&table, self->sheet, "Exposure of items", columns, 3);
    report_label(&self->dataset->dims[rate->dim[0]], best, label);
    report_table_cell(&table, "greatest: item");
    report_table_print(&table, "%.14s", label);
    report_table_percent(&table, rate->real[best]);
    report_table_cell(&table, "mean over items");
    report_table_whole(&table, n);
    report_table_percent(&table, sum_of(rate) / n);
    report_sheet_note(self->sheet,
                      "%.2f %% of the items are never used, %.2f %% are in more than "
                      "a fifth of sittings",
                      100 * (double)n_never / n, 100 * (double)n_above(rate, 0.2) / n);
    if (again && isfinite(again->real[greatest(again)]))
        report_sheet_note(self->sheet, "a retaker meets %.2f known items a sitting", sum_of(again));
}

/* ---- costs ---- */

static void put_cost(const struct report_view *self, struct report_table *table, const char *label,
                     const char *name, double n_candidates)
{
    struct report_slice slice;
    if (!report_slice_find(self, name, 1, &slice))
        return;
    double value = report_slice_at(&slice, 0, 0);
    report_table_cell(table, label);
    report_table_whole(table, value);
    if (n_candidates > 0 && isfinite(value))
        report_table_print(table, "%.2f", value / n_candidates);
    else
        report_table_cell(table, "");
}

/* What followed each cycle. */
static void put_cycles(const struct report_view *self, struct report_table *table, const char *name,
                       const char *what)
{
    struct report_slice slice;
    bool any = report_slice_find(self, name, 2, &slice);
    for (size_t k = 0; any && k < report_slice_columns_used(&slice); k++) {
        char label[REPORT_TEXT_BYTES];
        report_label(slice.column, k, label);
        report_table_print(table, "%s, cycle %s", what, label);
        report_table_whole(table, report_slice_at(&slice, 0, k));
        report_table_cell(table, "");
    }
}

static bool is_used(const struct report_view *self, const char *name, size_t n_dims)
{
    struct report_slice slice;
    return report_slice_find(self, name, n_dims, &slice) && report_slice_sum(&slice, 0) > 0;
}

static void put_costs(const struct report_view *self, struct report_table *table, double n)
{
    put_cost(self, table, "seats", "seats", n);
    put_cost(self, table, "fees [USD]", "fees", n);
    put_cycles(self, table, "n_refreshers", "refreshers");
    put_cost(self, table, "refresher fees [USD]", "refresher_fees", n);
    if (is_used(self, "n_courses", 2)) {
        put_cycles(self, table, "n_courses", "new courses");
        put_cost(self, table, "course fees [USD]", "course_fees", n);
    }
    if (is_used(self, "n_authorizations_forfeited", 1)) {
        put_cost(self, table, "authorisations forfeited", "n_authorizations_forfeited", n);
        put_cost(self, table, "their fees [USD]", "authorization_fees", n);
    }
}

void report_table_costs(const struct report_view *self)
{
    static const struct report_column columns[] = {
        {"", 26, true}, {"in all", 14, false}, {"a candidate", 12, false}};
    struct report_slice slice, refreshers;
    struct report_table table;
    double n_candidates = 0;
    if (report_slice_find(self, "n_candidates", 1, &slice))
        n_candidates = report_slice_at(&slice, 0, 0);
    bool any = report_slice_find(self, "n_refreshers", 2, &refreshers);
    if (!any && !report_slice_find(self, "seats", 1, &slice) &&
        !report_slice_find(self, "fees", 1, &slice))
        return;
    report_table_begin(&table, self->sheet, "Costs", columns, 3);
    put_costs(self, &table, n_candidates);
}
