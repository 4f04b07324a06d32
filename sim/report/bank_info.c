/* Tables about an item bank. Quantiles are order statistics by the nearest rank.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/wording.h>
#include <retake/report/bank_info.h>

#include <retake/irt/model.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sheet.h"

static int by_value(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/* One parameter of an item; k counts the rows of the table. */
static double parameter(const struct irt_item *item, int k)
{
    const double values[] = {item->a,      item->b, item->c, item->d, exp(item->time_intensity),
                             item->time_sd};
    return values[k];
}

static void print_quantiles(const struct irt_bank *bank, double *values,
                            const struct report_sheet *sheet)
{
    static const char *const names[] = {"a", "b", "c", "d", "median time [s]", "SD of log time"};
    static const double p[] = {0, 0.05, 0.25, 0.5, 0.75, 0.95, 1};
    static const struct report_column columns[] = {
        {"", 18, true},     {"min", 9, false},  {"5 %", 9, false},  {"25 %", 9, false},
        {"50 %", 9, false}, {"75 %", 9, false}, {"95 %", 9, false}, {"max", 9, false}};
    struct report_table table;
    report_table_begin(&table, sheet, "Scored items", columns, 8);
    for (int k = 0; k < 6; k++) {
        size_t n = 0;
        for (size_t i = 0; i < bank->n_items; i++)
            if (!bank->items[i].is_pilot)
                values[n++] = parameter(&bank->items[i], k);
        if (n == 0)
            return;
        qsort(values, n, sizeof *values, by_value);
        report_table_cell(&table, names[k]);
        for (size_t q = 0; q < sizeof p / sizeof p[0]; q++)
            report_table_print(&table, "%.3f", values[(size_t)(p[q] * (double)(n - 1) + 0.5)]);
    }
}

static void print_domains(const struct irt_bank *bank, const struct report_sheet *sheet)
{
    static const struct report_column columns[] = {
        {"", 30, true}, {"scored", 8, false}, {"share", 9, false}, {"pilots", 8, false}};
    struct report_table table;
    size_t n_scored = bank->n_items - bank->n_pilots;
    report_sheet_line(sheet, "%s: %s, %zu scored, %s", bank->path,
                      wording_count(bank->n_items, "item").text, n_scored,
                      wording_count(bank->n_pilots, "pilot").text);
    report_table_begin(&table, sheet, "Domain", columns, 4);
    for (size_t k = 0; k < bank->n_domains; k++) {
        size_t scored = 0, pilots = 0;
        for (size_t i = 0; i < bank->n_items; i++)
            if (bank->items[i].domain == k)
                *(bank->items[i].is_pilot ? &pilots : &scored) += 1;
        report_table_cell(&table, bank->domains[k]);
        report_table_print(&table, "%zu", scored);
        report_table_print(&table, "%.1f %%",
                           n_scored ? 100.0 * (double)scored / (double)n_scored : 0);
        report_table_print(&table, "%zu", pilots);
    }
}

/* The index of the first item with the value that item i has of attribute k. */
static size_t first_with(const struct irt_bank *bank, size_t k, size_t i)
{
    size_t n = bank->n_attributes, first = 0;
    while (strcmp(bank->values[first * n + k], bank->values[i * n + k]) != 0)
        first++;
    return first;
}

static void print_value(const struct irt_bank *bank, size_t k, size_t i, struct report_table *table)
{
    size_t n_scored = bank->n_items - bank->n_pilots, scored = 0, pilots = 0;
    const char *value = bank->values[i * bank->n_attributes + k];
    for (size_t j = i; j < bank->n_items; j++)
        if (strcmp(bank->values[j * bank->n_attributes + k], value) == 0)
            *(bank->items[j].is_pilot ? &pilots : &scored) += 1;
    report_table_cell(table, *value ? value : "(none)");
    report_table_print(table, "%zu", scored);
    report_table_print(table, "%.1f %%", n_scored ? 100.0 * (double)scored / (double)n_scored : 0);
    report_table_print(table, "%zu", pilots);
}

/* The items by the values of attribute k, in order of appearance; a measure has too many. */
static void print_attribute(const struct irt_bank *bank, size_t k, const struct report_sheet *sheet)
{
    enum { MOST_VALUES = 30 };
    static const struct report_column columns[] = {
        {"", 30, true}, {"scored", 8, false}, {"share", 9, false}, {"pilots", 8, false}};
    struct report_table table;
    size_t n_values = 0;
    for (size_t i = 0; i < bank->n_items; i++)
        n_values += first_with(bank, k, i) == i;
    if (n_values > MOST_VALUES) {
        report_sheet_line(sheet, "%s: %s", bank->attributes[k],
                          wording_count(n_values, "value").text);
        return;
    }
    report_table_begin(&table, sheet, bank->attributes[k], columns, 4);
    for (size_t i = 0; i < bank->n_items; i++)
        if (first_with(bank, k, i) == i)
            print_value(bank, k, i, &table);
}

/* The information of the n best scored items at theta: what a test of n items can reach there. */
static double best_information(const struct irt_bank *bank, double theta, size_t n_best,
                               double *values)
{
    size_t n = 0;
    double total = 0;
    for (size_t i = 0; i < bank->n_items; i++)
        if (!bank->items[i].is_pilot)
            values[n++] = irt_information(&bank->items[i], theta);
    qsort(values, n, sizeof *values, by_value);
    for (size_t k = 0; k < n_best && k < n; k++)
        total += values[n - 1 - k];
    return total;
}

/* Scored items of a domain (SIZE_MAX: of all) within some distance of the cut. */
static size_t count_near(const struct irt_bank *bank, size_t domain, double cut, double distance)
{
    size_t n = 0;
    for (size_t i = 0; i < bank->n_items; i++) {
        const struct irt_item *item = &bank->items[i];
        n += !item->is_pilot && (domain == SIZE_MAX || item->domain == domain) &&
             fabs(item->b - cut) <= distance;
    }
    return n;
}

static void print_near(const struct irt_bank *bank, double cut, const struct report_sheet *sheet)
{
    static const double distances[] = {0.25, 0.5, 1};
    static const struct report_column columns[] = {{"", 30, true},
                                                   {"within 0.25", 11, false},
                                                   {"within 0.5", 11, false},
                                                   {"within 1", 11, false}};
    struct report_table table;
    report_table_begin(&table, sheet, "Scored items near the cut", columns, 4);
    for (size_t row = 0; row <= bank->n_domains; row++) {
        size_t domain = row < bank->n_domains ? row : SIZE_MAX;
        report_table_cell(&table, row < bank->n_domains ? bank->domains[row] : "all");
        for (size_t k = 0; k < sizeof distances / sizeof distances[0]; k++)
            report_table_print(&table, "%zu", count_near(bank, domain, cut, distances[k]));
    }
}

/* How far from the cut a 95 % interval after the n best items excludes it, on one side. */
static double distance_decided(const struct irt_bank *bank, double cut, size_t n, int side,
                               double *values)
{
    const double step = 0.01, farthest = 4;
    for (double distance = step; distance <= farthest; distance += step) {
        double information = best_information(bank, cut + side * distance, n, values);
        if (distance * sqrt(information) > 1.959963984540054)
            return distance;
    }
    return INFINITY;
}

static void print_cut(const struct irt_bank *bank, double cut, double *values,
                      const struct report_sheet *sheet)
{
    const double most = best_information(bank, cut, SIZE_MAX, values);
    double best_60 = best_information(bank, cut, 60, values);
    report_sheet_paragraph(sheet,
                           "at the cut, theta %.3f: information %.1f in all; the best 60 items "
                           "%.2f (SE %.3f), the best 80 %.2f",
                           cut, most, best_60, 1 / sqrt(best_60),
                           best_information(bank, cut, 80, values));
    report_sheet_line(
        sheet,
        "a 95 %% interval excludes the cut after the best 60 items from %.2f below and %.2f above "
        "it, after the best 80 from %.2f and %.2f",
        distance_decided(bank, cut, 60, -1, values), distance_decided(bank, cut, 60, 1, values),
        distance_decided(bank, cut, 80, -1, values), distance_decided(bank, cut, 80, 1, values));
}

enum { N_THETAS = 17 };

static void print_information(const struct irt_bank *bank, double bound, double *values,
                              const struct report_sheet *sheet)
{
    static const struct report_column columns[] = {{"theta", 6, false},
                                                   {"information", 12, false},
                                                   {"best 60 items", 14, false},
                                                   {"SE of best 60", 14, false},
                                                   {"", 5, true},
                                                   {"", 0, true}};
    struct report_table table;
    double best[N_THETAS], most = 0;
    size_t n_thin = 0;
    for (int k = 0; k < N_THETAS; k++) {
        best[k] = best_information(bank, 0.5 * (k - N_THETAS / 2), 60, values);
        most = fmax(most, best[k]);
    }
    report_table_begin(&table, sheet, "Information", columns, 6);
    for (int k = 0; k < N_THETAS; k++) {
        double theta = 0.5 * (k - N_THETAS / 2);
        report_table_print(&table, "%.1f", theta);
        report_table_print(&table, "%.2f", irt_bank_information(bank, theta));
        report_table_print(&table, "%.2f", best[k]);
        report_table_print(&table, "%.3f", 1 / sqrt(best[k]));
        report_table_cell(&table, best[k] < bound ? "thin" : "");
        report_table_bar(&table, most > 0 ? best[k] / most : 0);
        n_thin += best[k] < bound;
    }
    if (n_thin > 0)
        report_sheet_note(sheet, "thin: the best 60 items give less information than %g (SE %.3f)",
                          bound, 1 / sqrt(bound));
}

enum err_code report_bank_info(const struct irt_bank *bank, double cut_theta, double bound,
                               FILE *out, struct err *err)
{
    struct report_sheet sheet;
    double *values = malloc(bank->n_items * sizeof *values);
    if (!values)
        return err_set(err, ERR_MEMORY, "no memory for %s",
                       wording_count(bank->n_items, "item").text);
    report_sheet_open(&sheet, out);
    print_domains(bank, &sheet);
    for (size_t k = 0; k < bank->n_attributes; k++)
        print_attribute(bank, k, &sheet);
    print_quantiles(bank, values, &sheet);
    print_cut(bank, cut_theta, values, &sheet);
    print_near(bank, cut_theta, &sheet);
    print_information(bank, bound, values, &sheet);
    free(values);
    return report_sheet_close(&sheet, err);
}
