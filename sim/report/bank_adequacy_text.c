/* The adequacy of a bank on a terminal. SPDX-License-Identifier: Apache-2.0 */
#include <retake/report/bank_adequacy.h>

#include <retake/base/wording.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sheet.h"
#include "summary_parts.h"

enum { N_MOST_EXPOSED = 10 };

static const double *reals(const struct dataset *self, const char *name)
{
    const struct dataset_var *var = dataset_var(self, name);
    return var && var->type == DATASET_REAL ? var->real : NULL;
}

static const int64_t *counts(const struct dataset *self, const char *name)
{
    const struct dataset_var *var = dataset_var(self, name);
    return var && var->type == DATASET_COUNT ? var->count : NULL;
}

/* ---- information ---- */

static void put_needed(struct report_table *table, double value)
{
    if (isinf(value))
        report_table_cell(table, "no end");
    else
        report_table_number(table, value, (double)NAN, 2);
}

static void put_information(const struct dataset *self, const struct report_sheet *sheet)
{
    static const struct report_column columns[] = {
        {"", 18, true},           {"best test", 12, false},
        {"to decide", 12, false}, {"SE of best", 10, false},
        {"", 10, true},           {"", 0, true}};
    const struct dataset_dim *points = dataset_dim(self, "score_point");
    const double *best = reals(self, "bank_information_best");
    const double *needed = reals(self, "bank_information_needed");
    struct report_table table;
    double most = 0;
    if (!points || !best || !needed)
        return;
    for (size_t k = 0; k < points->n; k++)
        most = fmax(most, best[k]);
    report_table_begin(&table, sheet, "Information at", columns, 6);
    for (size_t k = 0; k < points->n; k++) {
        report_table_print(&table, "%16.6g", points->real[k]);
        put_needed(&table, best[k]);
        put_needed(&table, needed[k]);
        report_table_print(&table, "%.3f", 1 / sqrt(best[k]));
        report_table_cell(&table, best[k] < needed[k] ? "undecided" : "");
        report_table_bar(&table, best[k] / most);
    }
}

static void put_undecidable(const struct dataset *self, const struct report_sheet *sheet)
{
    char text[REPORT_SENTENCE_BYTES];
    if (report_bank_decides(self, text))
        report_sheet_note(sheet, "%s", text);
}

/* ---- by domain and difficulty ---- */

struct bins {
    const int64_t *items, *needed, *missing, *over;
    const double *used;
};

static void put_row(const char *domain, const char *bin, int64_t items, double used,
                    const struct bins *bins, const int64_t rest[3], struct report_table *table)
{
    report_table_cell(table, domain);
    report_table_cell(table, bin);
    report_table_print(table, "%lld", (long long)items);
    if (!bins->used)
        return;
    report_table_print(table, "%.2f", used);
    for (size_t k = 0; k < 3; k++)
        report_table_print(table, "%lld", (long long)rest[k]);
}

static void put_domain(const struct dataset_dim *domains, const struct dataset_dim *difficulty,
                       size_t domain, const struct bins *bins, struct report_table *table)
{
    char label[REPORT_TEXT_BYTES], range[REPORT_TEXT_BYTES];
    int64_t items = 0, rest[3] = {0};
    double used = 0;
    size_t first = domain * difficulty->n;
    report_label(domains, domain, label);
    for (size_t k = first; k < first + difficulty->n; k++) {
        items += bins->items[k];
        used += bins->used ? bins->used[k] : 0;
        rest[0] += bins->used ? bins->needed[k] : 0;
        rest[1] += bins->used ? bins->missing[k] : 0;
        rest[2] += bins->used ? bins->over[k] : 0;
    }
    put_row(label, "all", items, used, bins, rest, table);
    for (size_t k = 0; bins->used && k < difficulty->n; k++) {
        size_t at = first + k;
        const int64_t of_bin[3] = {bins->needed[at], bins->missing[at], bins->over[at]};
        if (bins->missing[at] == 0)
            continue;
        snprintf(range, sizeof range, "%.4g to %.4g", difficulty->bounds[2 * k],
                 difficulty->bounds[2 * k + 1]);
        put_row("", range, bins->items[at], bins->used[at], bins, of_bin, table);
    }
}

static void put_bins(const struct dataset *self, const struct report_sheet *sheet)
{
    static const struct report_column columns[] = {{"", 28, true},
                                                   {"difficulty", 14, true},
                                                   {"in bank", 8, false},
                                                   {"in a sitting", 12, false},
                                                   {"needed", 8, false},
                                                   {"short", 8, false},
                                                   {"overexposed", 12, false}};
    const struct dataset_dim *domains = dataset_dim(self, "domain");
    const struct dataset_dim *difficulty = dataset_dim(self, "difficulty_bin");
    struct bins bins = {counts(self, "bank_n_items"), counts(self, "bank_n_needed"),
                        counts(self, "bank_n_short"), counts(self, "bank_n_overexposed"),
                        reals(self, "bank_items_used_mean")};
    struct report_table table;
    if (!domains || !difficulty || !bins.items)
        return;
    report_table_begin(&table, sheet, "Scored items", columns, bins.used ? 7 : 3);
    for (size_t d = 0; d < domains->n; d++)
        put_domain(domains, difficulty, d, &bins, &table);
    if (bins.used)
        report_sheet_note(sheet,
                          "needed so that no item need be in more than the greatest share of "
                          "sittings; of the difficulties only those with items short");
}

/* ---- exposure ---- */

static size_t most_exposed(const double *rate, size_t n, const bool *is_printed)
{
    size_t best = n;
    for (size_t i = 0; i < n; i++)
        if (!is_printed[i] && (best == n || rate[i] > rate[best]))
            best = i;
    return best;
}

static void put_exposure(const struct dataset *self, const struct report_sheet *sheet,
                         struct err *err)
{
    static const struct report_column columns[] = {{"", 28, true},
                                                   {"of sittings", 14, false},
                                                   {"a year", 14, false},
                                                   {"known to retakers", 18, false}};
    const struct dataset_dim *items = dataset_dim(self, "item");
    const double *rate = reals(self, "item_exposure_rate");
    const double *again = reals(self, "item_seen_again_rate");
    const double *a_year = reals(self, "item_exposures_a_year");
    struct report_table table;
    if (!items || !rate || !again || !a_year)
        return;
    bool *is_printed = calloc(items->n, sizeof *is_printed);
    if (!is_printed) {
        err_set(err, ERR_MEMORY, "no memory for %s", wording_count(items->n, "item").text);
        return;
    }
    report_table_begin(&table, sheet, "Most exposed items", columns, 4);
    for (size_t k = 0; k < N_MOST_EXPOSED && k < items->n; k++) {
        size_t i = most_exposed(rate, items->n, is_printed);
        is_printed[i] = true;
        report_table_cell(&table, items->text[i]);
        report_table_percent(&table, rate[i]);
        report_table_whole(&table, a_year[i]);
        report_table_percent(&table, again[i]);
    }
    free(is_printed);
}

static void put_overlap(const struct dataset *self, const struct report_sheet *sheet)
{
    const double *overlap = reals(self, "bank_overlap_rate");
    const double *again = reals(self, "bank_seen_again_mean");
    char text[96] = "";
    if (!overlap || !again)
        return;
    if (isfinite(*again))
        snprintf(text, sizeof text, "; a retaker meets %.1f scored items again", *again);
    report_sheet_paragraph(sheet, "Two candidates have %.1f %% of their scored items in common%s.",
                           100 * *overlap, text);
}

enum err_code report_bank_adequacy(const struct dataset *dataset, FILE *out, struct err *err)
{
    struct report_sheet sheet;
    report_sheet_open(&sheet, out);
    put_information(dataset, &sheet);
    put_undecidable(dataset, &sheet);
    put_bins(dataset, &sheet);
    put_exposure(dataset, &sheet, err);
    put_overlap(dataset, &sheet);
    return report_sheet_close(&sheet, err);
}
