/* The tables of a cut study that serve a choice. SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>

#include "summary_cut.h"
#include "summary_parts.h"
#include "summary_tables.h"

/* ---- losses ---- */

static void put_least(const struct report_cut *self, struct report_table *table,
                      const struct report_cut_place *at)
{
    report_table_print(table, "%.1f (%.1f to %.1f)",
                       report_cut_value(self, "loss_minimising_cut", at),
                       report_cut_value(self, "loss_minimising_cut_low", at),
                       report_cut_value(self, "loss_minimising_cut_high", at));
}

static void losses(const struct report_cut *self)
{
    static const struct report_column columns[] = {{"", 26, true},
                                                   {"least loss at, one attempt", 28, false},
                                                   {"over the pathway", 28, false},
                                                   {"loss at the cut", 17, false}};
    const struct dataset_dim *dim = dataset_dim(self->dataset, "cost_ratio");
    struct report_table table;
    struct report_cut_place first = self->here, last;
    if (!dim || dim->type != DATASET_REAL || !report_cut_has(self, "loss_minimising_cut"))
        return;
    report_table_begin(&table, self->sheet, "Costs of the two errors", columns, 4);
    for (first.cost_ratio = 0; first.cost_ratio < dim->n; first.cost_ratio++) {
        last = first;
        last.attempt = self->n_attempts - 1;
        report_table_print(&table, "false pass %.12g : 1", dim->real[first.cost_ratio]);
        put_least(self, &table, &first);
        put_least(self, &table, &last);
        report_cut_number(self, &table, "loss", &last, 4, 1);
    }
    report_sheet_note(
        self->sheet,
        "cut of least expected loss with its 95 %% interval; loss a candidate over "
        "the pathway, in false fails; at an end of the range the least may lie beyond");
}

/* ---- the panel ---- */

static void put_range(const struct report_cut *self, struct report_table *table, const char *name,
                      const struct report_cut_place *at)
{
    char low[64], high[64];
    snprintf(low, sizeof low, "%s_low", name);
    snprintf(high, sizeof high, "%s_high", name);
    report_table_print(table, "%.2f (%.2f to %.2f)", 100 * report_cut_value(self, name, at),
                       100 * report_cut_value(self, low, at),
                       100 * report_cut_value(self, high, at));
}

static void panel(const struct report_cut *self)
{
    static const struct report_column columns[] = {{"", 26, true},
                                                   {"% pass in the end", 26, false},
                                                   {"% false pass", 26, false},
                                                   {"% false fail", 26, false}};
    const struct dataset_dim *dim = dataset_dim(self->dataset, "panel_se");
    struct report_table table;
    struct report_cut_place at = self->here;
    if (!dim || dim->type != DATASET_REAL)
        return;
    at.attempt = self->n_attempts - 1;
    report_table_begin(&table, self->sheet, "Panel's standard error", columns, 4);
    for (at.panel_se = 0; at.panel_se < dim->n; at.panel_se++) {
        report_table_print(&table, "%.12g points", dim->real[at.panel_se]);
        put_range(self, &table, "panel_pass_rate", &at);
        put_range(self, &table, "panel_false_pass_rate", &at);
        put_range(self, &table, "panel_false_fail_rate", &at);
    }
    report_sheet_note(self->sheet,
                      "cut ~ Normal(operational, standard error): mean, and the middle 95 %% of "
                      "such cuts; over the pathway");
}

/* ---- changes ---- */

static void put_difference(const struct report_cut *self, struct report_table *table,
                           const char *name, const struct report_cut_place *at, double scale)
{
    char full[64];
    snprintf(full, sizeof full, "change_%s_difference", name);
    report_cut_number(self, table, full, at, 2, scale);
}

static void changes(const struct report_cut *self)
{
    static const struct report_column columns[] = {{"", 46, true},
                                                   {"accuracy", 13, false},
                                                   {"consistency", 13, false},
                                                   {"kappa", 13, false},
                                                   {"false pass", 13, false},
                                                   {"false fail", 13, false},
                                                   {"scored items", 13, false}};
    static const char *const names[] = {"accuracy", "consistency", "kappa", "false_pass_rate",
                                        "false_fail_rate"};
    const struct dataset_dim *dim = dataset_dim(self->dataset, "change");
    struct report_table table;
    struct report_cut_place at = self->here;
    if (!dim)
        return;
    report_table_begin(&table, self->sheet, "Changes, less the exam as it is", columns, 7);
    for (at.change = 1; at.change < dim->n; at.change++) {
        char label[REPORT_TEXT_BYTES];
        report_label(dim, at.change, label);
        report_table_cell(&table, label);
        for (size_t k = 0; k < sizeof names / sizeof *names; k++)
            put_difference(self, &table, names[k], &at, 100);
        put_difference(self, &table, "session_length_mean", &at, 1);
    }
    report_sheet_note(self->sheet, "percentage points, and kappa times 100; ± is the Monte Carlo "
                                   "standard error of the difference; false pass and fail over the "
                                   "pathway");
}

/* ---- the bank ---- */

struct cells {
    const struct dataset_dim *domains, *bins;
    const struct dataset_var *items, *needed, *missing;
};

static bool cells_find(const struct dataset *dataset, struct cells *self)
{
    static const char *const dims[] = {"domain", "difficulty_bin", NULL};
    *self = (struct cells){dataset_dim(dataset, "domain"), dataset_dim(dataset, "difficulty_bin"),
                           dataset_var_over(dataset, "bank_n_items", DATASET_COUNT, dims),
                           dataset_var_over(dataset, "bank_n_needed", DATASET_COUNT, dims),
                           dataset_var_over(dataset, "bank_n_short", DATASET_COUNT, dims)};
    return self->domains && self->bins && self->bins->bounds && self->items && self->needed &&
           self->missing;
}

static void put_missing(const struct cells *self, size_t domain, struct report_table *table)
{
    for (size_t b = 0; b < self->bins->n; b++) {
        size_t at = domain * self->bins->n + b;
        char label[REPORT_TEXT_BYTES];
        if (self->missing->count[at] <= 0)
            continue;
        report_label(self->domains, domain, label);
        report_table_cell(table, label);
        report_table_print(table, "%.4g to %.4g", self->bins->bounds[2 * b],
                           self->bins->bounds[2 * b + 1]);
        report_table_whole(table, (double)self->items->count[at]);
        report_table_whole(table, (double)self->needed->count[at]);
        report_table_whole(table, (double)self->missing->count[at]);
    }
}

static void missing(const struct report_cut *self)
{
    static const struct report_column columns[] = {{"", 40, true},
                                                   {"difficulty", 16, false},
                                                   {"in the bank", 12, false},
                                                   {"needed", 10, false},
                                                   {"short", 10, false}};
    struct report_table table;
    struct cells cells;
    bool any = false;
    if (!cells_find(self->dataset, &cells))
        return;
    for (size_t i = 0; i < cells.missing->n; i++)
        any = any || cells.missing->count[i] > 0;
    if (!any) {
        report_sheet_note(self->sheet, "no scored items are short, in any domain and difficulty");
        return;
    }
    report_table_begin(&table, self->sheet, "Scored items short", columns, 5);
    for (size_t d = 0; d < cells.domains->n; d++)
        put_missing(&cells, d, &table);
    report_sheet_note(self->sheet, "needed so that no item need be in more than the greatest share "
                                   "of sittings (validate.greatest_exposure, validate.volume)");
}

static void bank(const struct report_cut *self)
{
    char text[REPORT_SENTENCE_BYTES];
    double overlap = report_cut_value(self, "bank_overlap_rate", &self->here);
    missing(self);
    if (report_bank_decides(self->dataset, text))
        report_sheet_note(self->sheet, "%s", text);
    report_table_exposure(&(struct report_view){self->dataset, 0, self->sheet});
    if (isfinite(overlap))
        report_sheet_note(self->sheet, "two candidates have %.2f %% of their items in common",
                          100 * overlap);
}

void report_cut_choice(const struct report_cut *self)
{
    report_sheet_heading(self->sheet, "choosing a cut");
    losses(self);
    panel(self);
    changes(self);
    if (!report_cut_has(self, "bank_n_items") && !report_cut_has(self, "item_exposure_rate"))
        return;
    report_sheet_heading(self->sheet, "the bank");
    bank(self);
}
