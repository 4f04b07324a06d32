/* The tables of a summary. Days are whole: the bin [38, 39) holds day 38, so "by day 38" counts
 * what lies below 39. In wider bins they are interpolated linearly.
 * SPDX-License-Identifier: Apache-2.0 */
#include "summary_tables.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MAX_LABELS = 16 };

/* ---- shares ---- */

/* A table "label, n, share, bar". */
static void begin_shares(const struct report_view *self, const char *title, const char *n,
                         const char *share, struct report_table *table)
{
    const struct report_column columns[] = {
        {"", 26, true}, {n, 14, false}, {share, 9, false}, {"", 0, true}};
    report_table_begin(table, self->sheet, title, columns, 4);
}

static void put_share(struct report_table *table, const char *label, double n, double total)
{
    double share = total > 0 ? n / total : (double)NAN;
    report_table_cell(table, label);
    report_table_whole(table, n);
    report_table_percent(table, share);
    report_table_bar(table, share);
}

/* ---- as certifying bodies publish ---- */

static void put_share_of(const struct report_view *self, struct report_table *table,
                         const char *label, const char *name, double total)
{
    struct report_slice slice;
    if (report_slice_find(self, name, 1, &slice))
        put_share(table, label, report_slice_at(&slice, 0, 0), total);
}

void report_table_body(const struct report_view *self)
{
    struct report_table table;
    struct report_slice attempted, passed;
    if (!report_slice_find(self, "n_attempted", 2, &attempted) ||
        !report_slice_find(self, "n_passed", 2, &passed))
        return;
    double total = report_slice_at(&attempted, 0, 0), within[6], sum = 0;
    for (size_t k = 0; k < 6; k++) {
        if (k < passed.n_columns)
            sum += report_slice_at(&passed, 0, k);
        within[k] = sum;
    }
    begin_shares(self, "As published", "n", "share", &table);
    put_share(&table, "Attempted", total, total);
    put_share(&table, "First attempt", within[0], total);
    put_share(&table, "Within 3", within[2], total);
    put_share(&table, "Within 6", within[5], total);
    put_share_of(self, &table, "Failed all", "n_failed_all", total);
    put_share_of(self, &table, "Eligible for retest", "n_eligible_for_retest", total);
    put_share_of(self, &table, "Lapsed", "n_lapsed", total);
    report_sheet_note(self->sheet, "of those who attempted; eligible, lapsed = not passed, "
                                   "attempts left, window open, closed on the last day observed");
}

/* ---- by attempt ---- */

static double value_at(const struct report_view *self, const char *name, size_t attempt)
{
    struct report_slice slice;
    return report_slice_find(self, name, 2, &slice) ? report_slice_at(&slice, 0, attempt)
                                                    : (double)NAN;
}

static void put_rate(const struct report_view *self, const char *name, size_t attempt,
                     struct report_table *table)
{
    static const char *const dims[] = {"group", "attempt", NULL};
    const struct dataset_var *rate = dataset_var_over(self->dataset, name, DATASET_REAL, dims);
    if (!rate) {
        report_table_cell(table, "-");
        return;
    }
    size_t n = self->dataset->dims[rate->dim[1]].n;
    report_table_rate_of(table, self->dataset, rate, self->group * n + attempt);
}

static void put_attempt(const struct report_view *self, const struct report_slice *attempted,
                        size_t k, struct report_table *table)
{
    static const char *const names[] = {"pass_rate", "cumulative_pass_rate", "false_pass_rate",
                                        "false_fail_rate"};
    char label[REPORT_TEXT_BYTES];
    report_label(attempted->column, k, label);
    report_table_cell(table, label);
    report_table_whole(table, report_slice_at(attempted, 0, k));
    report_table_whole(table, value_at(self, "n_passed", k));
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        put_rate(self, names[i], k, table);
}

void report_table_attempts(const struct report_view *self)
{
    static const struct report_column columns[] = {
        {"Attempt", 9, false},        {"attempted", 14, false}, {"passed", 14, false},
        {"% of sittings", 15, false}, {"% within", 15, false},  {"% false pass", 15, false},
        {"% false fail", 15, false}};
    struct report_table table;
    struct report_slice attempted;
    if (!report_slice_find(self, "n_attempted", 2, &attempted))
        return;
    report_table_begin(&table, self->sheet, "By attempt", columns, 7);
    size_t n = report_slice_columns_used(&attempted);
    for (size_t k = 0; k < n; k++)
        put_attempt(self, &attempted, k, &table);
    report_sheet_note(
        self->sheet, "rate ± Monte Carlo standard error, or from ... to: the exact 95 %% interval "
                     "where none or all did; within = passed so far, of those who attempted; false "
                     "pass and false fail so far");
}

/* ---- distributions ---- */

static void put_distribution(const struct report_view *self, const char *name, const char *title,
                             bool all_columns)
{
    struct report_table table;
    struct report_slice slice;
    if (!report_slice_find(self, name, 2, &slice))
        return;
    double total = report_slice_sum(&slice, 0);
    size_t n = all_columns ? slice.n_columns : report_slice_columns_used(&slice);
    begin_shares(self, title, "candidates", "of all", &table);
    for (size_t i = 0; i < n; i++) {
        char label[REPORT_TEXT_BYTES];
        report_label(slice.column, i, label);
        put_share(&table, label, report_slice_at(&slice, 0, i), total);
    }
}

void report_table_used(const struct report_view *self)
{
    put_distribution(self, "n_by_attempts_used", "Attempts used", false);
}

/* Which gates held up those who passed; nothing where none did. */
static void put_gates(const struct report_view *self)
{
    struct report_slice slice;
    char text[MAX_LABELS * 2 * REPORT_TEXT_BYTES] = "";
    if (!report_slice_find(self, "n_awaiting_by_gate", 2, &slice) ||
        !(report_slice_sum(&slice, 0) > 0))
        return;
    for (size_t i = 0; i < slice.n_columns && i < MAX_LABELS; i++) {
        char label[REPORT_TEXT_BYTES], whole[REPORT_TEXT_BYTES];
        report_label(slice.column, i, label);
        report_whole(report_slice_at(&slice, 0, i), whole);
        size_t at = strlen(text);
        snprintf(text + at, sizeof text - at, "%s %s %s", i ? "," : "", label, whole);
    }
    report_sheet_note(self->sheet,
                      "passed, but held up by a gate that was open on the last day observed:%s",
                      text);
}

void report_table_outcomes(const struct report_view *self)
{
    put_distribution(self, "n_outcome", "Outcome", true);
    put_gates(self);
}

/* ---- days to certification ---- */

/* How many were certified on a day or before. */
static double count_by(const struct report_slice *days, double day)
{
    const double *edges = days->column->bounds;
    double below = 0, end = day + 1;
    for (size_t i = 0; i < days->n_columns; i++) {
        double low = edges[2 * i], width = edges[2 * i + 1] - low;
        double part = width > 0 ? (end - low) / width : end > low;
        below += report_slice_at(days, 0, i) * fmin(fmax(part, 0), 1);
    }
    return below;
}

/* The first day by which a share of them was certified. */
static double day_quantile(const struct report_slice *days, double share)
{
    const double *edges = days->column->bounds;
    double wanted = share * report_slice_sum(days, 0), below = 0;
    for (size_t i = 0; i < days->n_columns; i++) {
        double here = report_slice_at(days, 0, i);
        if (here > 0 && below + here >= wanted) {
            double width = edges[2 * i + 1] - edges[2 * i];
            return fmax(ceil(edges[2 * i] + width * (wanted - below) / here) - 1, edges[2 * i]);
        }
        below += here;
    }
    return NAN;
}

static void put_days(const struct report_view *self, const struct report_slice *slice)
{
    static const double shares[] = {0.1, 0.25, 0.5, 0.75, 0.9};
    char text[512] = "";
    for (size_t i = 0; i < sizeof shares / sizeof *shares; i++) {
        size_t at = strlen(text);
        snprintf(text + at, sizeof text - at, "%s %.0f %% by day %.0f", i ? "," : "",
                 100 * shares[i], day_quantile(slice, shares[i]));
    }
    report_sheet_note(self->sheet, "of the certified:%s", text);
}

void report_table_days(const struct report_view *self)
{
    static const double days[] = {90, 180, 365, 730};
    struct report_table table;
    struct report_slice slice, candidates;
    if (!report_slice_find(self, "n_days_to_certification", 2, &slice) || !slice.column->bounds)
        return;
    double certified = report_slice_sum(&slice, 0), total = NAN;
    if (report_slice_find(self, "n_candidates", 1, &candidates))
        total = report_slice_at(&candidates, 0, 0);
    begin_shares(self, "Days to certification", "candidates", "of all", &table);
    put_share(&table, "certified", certified, total);
    if (!(certified > 0))
        return;
    for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
        char label[REPORT_TEXT_BYTES];
        snprintf(label, sizeof label, "by day %.0f", days[i]);
        put_share(&table, label, count_by(&slice, days[i]), total);
    }
    put_days(self, &slice);
}
