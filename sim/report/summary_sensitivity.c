/* What carries a statistic: a tornado of Sobol' indices, the greatest total first. The solid part
 * of a bar is what the parameter does alone, the light part what it does together with others.
 * SPDX-License-Identifier: Apache-2.0 */
#include "summary_tables.h"

#include <retake/base/wording.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BAR_CHARS = REPORT_BAR_CELLS, MOST_PARAMETERS = 64 };

struct bar {
    const char *name;
    double first, first_low, first_high, total, total_low, total_high;
};

/* What is not known comes last. */
static int by_falling_total(const void *left, const void *right)
{
    const struct bar *x = left, *y = right;
    double a = isnan(x->total) ? -INFINITY : x->total, b = isnan(y->total) ? -INFINITY : y->total;
    return a != b ? (a < b) - (a > b) : strcmp(x->name, y->name);
}

static double value_of(const struct dataset *dataset, const char *name, size_t at)
{
    const struct dataset_var *var = dataset_var(dataset, name);
    return var && at < var->n && var->type == DATASET_REAL ? var->real[at] : (double)NAN;
}

static int chars_of(double share)
{
    double n = isfinite(share) ? floor(share * (double)BAR_CHARS + 0.5) : 0;
    return n < 0 ? 0 : n > (double)BAR_CHARS ? BAR_CHARS : (int)n;
}

static void put_index(struct report_table *table, double value, double low, double high)
{
    report_table_print(table, "%5.2f (%5.2f to %5.2f)", value, low, high);
}

static void put_bar(const struct bar *self, struct report_table *table)
{
    int total = chars_of(self->total), first = chars_of(self->first);
    char text[REPORT_BAR_BYTES] = "";
    report_table_cell(table, self->name);
    put_index(table, self->total, self->total_low, self->total_high);
    put_index(table, self->first, self->first_low, self->first_high);
    for (int k = 0; k < (total > first ? total : first); k++)
        strcat(text, k < first ? "█" : "░");
    report_table_cell(table, text);
}

static size_t bars_find(const struct dataset *dataset, size_t s,
                        const struct dataset_dim *parameters, struct bar bars[MOST_PARAMETERS])
{
    size_t n = parameters->n < MOST_PARAMETERS ? parameters->n : MOST_PARAMETERS;
    for (size_t i = 0; i < n; i++) {
        size_t at = s * parameters->n + i;
        bars[i] = (struct bar){.name = parameters->text[i],
                               .first = value_of(dataset, "sobol_first", at),
                               .first_low = value_of(dataset, "sobol_first_low", at),
                               .first_high = value_of(dataset, "sobol_first_high", at),
                               .total = value_of(dataset, "sobol_total", at),
                               .total_low = value_of(dataset, "sobol_total_low", at),
                               .total_high = value_of(dataset, "sobol_total_high", at)};
    }
    qsort(bars, n, sizeof *bars, by_falling_total);
    return n;
}

/* The widest half-width of an index that lies where none can: below 0, or a first-order one above
 * its total. 0: none does. */
static double widest_astray(const struct bar *bars, size_t n)
{
    double widest = 0;
    for (size_t i = 0; i < n; i++) {
        const struct bar *bar = &bars[i];
        bool first = bar->first < 0 || bar->first > bar->total, total = bar->total < 0;
        double half_first = (bar->first_high - bar->first_low) / 2;
        double half_total = (bar->total_high - bar->total_low) / 2;
        if (first && half_first > widest)
            widest = half_first;
        if (total && half_total > widest)
            widest = half_total;
    }
    return widest;
}

/* Errors fall with the root of the number of base points at least: n (h / w)^2 of them, as a power
 * of two, bring a half-width h to w. */
static void note_astray(const struct bar *bars, size_t n, size_t n_base,
                        const struct report_sheet *sheet)
{
    double half = widest_astray(bars, n), wanted = half > 0.05 ? 0.05 : 0.01;
    if (!(half > wanted) || n_base == 0)
        return;
    double needed = exp2(ceil(log2((double)n_base * (half / wanted) * (half / wanted))));
    report_sheet_note(sheet,
                      "An index below 0, or alone above its total, is error of estimation: "
                      "intervals are up to ±%.2f wide at n: %zu; n: %.0f makes that ±%g",
                      half, n_base, needed, wanted);
}

/* A statistic that says nothing of its parameters. False: it does. */
static bool put_unvaried(const char *name, double variance, int64_t n_used,
                         const struct report_sheet *sheet)
{
    char title[512];
    if (variance > 0)
        return false;
    snprintf(title, sizeof title, "%s: %s", name,
             n_used < 2      ? "too few base points could be run for indices"
             : variance == 0 ? "does not vary over the distributions of the parameters"
                             : "varies no more than its Monte Carlo noise; more candidates would "
                               "tell");
    report_sheet_heading(sheet, title);
    return true;
}

static void put_statistic(const struct dataset *dataset, size_t s,
                          const struct dataset_dim *statistics,
                          const struct dataset_dim *parameters, const struct report_sheet *sheet)
{
    static const struct report_column columns[] = {
        {"", 42, true}, {"total", 23, true}, {"first order", 22, true}, {"", 0, true}};
    struct bar bars[MOST_PARAMETERS];
    struct report_table table;
    char title[512];
    const struct dataset_dim *scenario = dataset_dim(dataset, "scenario");
    const struct dataset_var *used = dataset_var_over(dataset, "sobol_n", DATASET_COUNT,
                                                      (const char *const[]){"statistic", NULL});
    size_t n_base = scenario ? scenario->n / (parameters->n + 2) : 0;
    if (put_unvaried(statistics->text[s], value_of(dataset, "sobol_variance", s),
                     used ? used->count[s] : (int64_t)n_base, sheet))
        return;
    size_t n = bars_find(dataset, s, parameters, bars);
    snprintf(title, sizeof title, "%s: SD %.4g over the distributions of the parameters",
             statistics->text[s], sqrt(value_of(dataset, "sobol_variance", s)));
    report_sheet_heading(sheet, title);
    report_table_begin(&table, sheet, "Sobol' index of", columns, 4);
    for (size_t i = 0; i < n; i++)
        put_bar(&bars[i], &table);
    note_astray(bars, n, n_base, sheet);
    if (used && used->count[s] >= 0 && (size_t)used->count[s] < n_base)
        report_sheet_note(sheet,
                          "From %zu of %s: at the others a policy could not be run, so these are "
                          "the indices of what is left of the distributions",
                          (size_t)used->count[s], wording_count(n_base, "base point").text);
    double noise = value_of(dataset, "sobol_noise_share", s);
    if (noise > 0.01)
        report_sheet_note(sheet,
                          "Monte Carlo noise is up to %.0f %% of the variance: read small indices "
                          "with care, or take more candidates",
                          100 * noise);
}

void report_table_sensitivity(const struct dataset *dataset, const struct report_sheet *sheet)
{
    const struct dataset_dim *statistics = dataset_dim(dataset, "statistic");
    const struct dataset_dim *parameters = dataset_dim(dataset, "parameter");
    if (!statistics || !parameters || !dataset_var(dataset, "sobol_total") ||
        statistics->type != DATASET_TEXT || parameters->type != DATASET_TEXT)
        return;
    for (size_t s = 0; s < statistics->n; s++)
        put_statistic(dataset, s, statistics, parameters, sheet);
    report_sheet_note(sheet, "95 %% intervals by bootstrap; bars: █ alone, ░ together with others");
}
