/* The tables of a summary. Days are whole: the bin [38, 39) holds day 38, so "by day 38" counts
 * what lies below 39. In wider bins they are interpolated linearly.
 * SPDX-License-Identifier: Apache-2.0 */
#include "summary_tables.h"

#include <math.h>

static void print_title(const struct report_view *self, const char *title, const char *first,
                        const char *second)
{
    fprintf(self->out, "\n%-26s %14s %9s\n", title, first, second);
}

/* ---- as certifying bodies publish ---- */

static void row_of(const struct report_view *self, const char *label, const char *name,
                   double total)
{
    struct report_slice slice;
    if (report_slice_find(self, name, 1, &slice))
        report_row(self->out, label, report_slice_at(&slice, 0, 0), total);
}

void report_table_body(const struct report_view *self)
{
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
    print_title(self, "As published", "n", "share");
    report_row(self->out, "Attempted", total, total);
    report_row(self->out, "First attempt", within[0], total);
    report_row(self->out, "Within 3", within[2], total);
    report_row(self->out, "Within 6", within[5], total);
    row_of(self, "Failed all", "n_failed_all", total);
    row_of(self, "Eligible for retest", "n_eligible_for_retest", total);
    row_of(self, "Lapsed", "n_lapsed", total);
    fputs("  of those who attempted; eligible, lapsed = not passed, attempts left, window open, "
          "closed on the last day observed\n",
          self->out);
}

/* ---- by attempt ---- */

static void rate_text(const struct report_view *self, const char *name, const char *mcse,
                      size_t attempt, char text[REPORT_TEXT_BYTES])
{
    struct report_slice rate = {0}, error = {0};
    double value = NAN, se = NAN;
    if (report_slice_find(self, name, 2, &rate))
        value = report_slice_at(&rate, 0, attempt);
    if (report_slice_find(self, mcse, 2, &error))
        se = report_slice_at(&error, 0, attempt);
    report_rate(value, se, text);
}

static void attempt_row(const struct report_view *self, const struct report_slice *attempted,
                        size_t k)
{
    static const char *const names[][2] = {{"pass_rate", "pass_rate_mcse"},
                                           {"cumulative_pass_rate", "cumulative_pass_rate_mcse"},
                                           {"false_pass_rate", "false_pass_rate_mcse"},
                                           {"false_fail_rate", "false_fail_rate_mcse"}};
    struct report_slice passed = {0};
    char text[REPORT_TEXT_BYTES];
    report_label(attempted->column, k, text);
    fprintf(self->out, "  %7s", text);
    report_whole(report_slice_at(attempted, 0, k), text);
    fprintf(self->out, " %14s", text);
    double n = NAN;
    if (report_slice_find(self, "n_passed", 2, &passed))
        n = report_slice_at(&passed, 0, k);
    report_whole(n, text);
    fprintf(self->out, " %14s", text);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        rate_text(self, names[i][0], names[i][1], k, text);
        fprintf(self->out, " %s", text);
    }
    fputc('\n', self->out);
}

/* How many of a row's columns are in use: up to the last that is not 0, at least one. */
static size_t columns_used(const struct report_slice *self)
{
    size_t n = self->n_columns;
    while (n > 1 && !(report_slice_at(self, 0, n - 1) > 0))
        n--;
    return n;
}

void report_table_attempts(const struct report_view *self)
{
    struct report_slice attempted;
    if (!report_slice_find(self, "n_attempted", 2, &attempted))
        return;
    fprintf(self->out, "\n%9s %14s %14s %15s %15s %15s %15s\n", "Attempt", "attempted", "passed",
            "% of sittings", "% within", "% false pass", "% false fail");
    size_t n = columns_used(&attempted);
    for (size_t k = 0; k < n; k++)
        attempt_row(self, &attempted, k);
    fputs("  rate ± Monte Carlo standard error; within = passed so far, of those who attempted; "
          "false pass and false fail so far\n",
          self->out);
}

/* ---- distributions ---- */

static void print_distribution(const struct report_view *self, const char *name, const char *title,
                               bool all_columns)
{
    struct report_slice slice;
    if (!report_slice_find(self, name, 2, &slice))
        return;
    double total = report_slice_sum(&slice, 0);
    size_t n = all_columns ? slice.n_columns : columns_used(&slice);
    print_title(self, title, "candidates", "of all");
    for (size_t i = 0; i < n; i++) {
        char label[REPORT_TEXT_BYTES];
        report_label(slice.column, i, label);
        report_row(self->out, label, report_slice_at(&slice, 0, i), total);
    }
}

void report_table_used(const struct report_view *self)
{
    print_distribution(self, "n_by_attempts_used", "Attempts used", false);
}

/* Which gates held up those who passed; nothing where none did. */
static void print_gates(const struct report_view *self)
{
    struct report_slice slice;
    if (!report_slice_find(self, "n_awaiting_by_gate", 2, &slice) ||
        !(report_slice_sum(&slice, 0) > 0))
        return;
    fputs("  passed, but held up by a gate that was open on the last day observed:", self->out);
    for (size_t i = 0; i < slice.n_columns; i++) {
        char label[REPORT_TEXT_BYTES], whole[REPORT_TEXT_BYTES];
        report_label(slice.column, i, label);
        report_whole(report_slice_at(&slice, 0, i), whole);
        fprintf(self->out, "%s %s %s", i ? "," : "", label, whole);
    }
    fputc('\n', self->out);
}

void report_table_outcomes(const struct report_view *self)
{
    print_distribution(self, "n_outcome", "Outcome", true);
    print_gates(self);
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

void report_table_days(const struct report_view *self)
{
    static const double shares[] = {0.1, 0.25, 0.5, 0.75, 0.9}, days[] = {90, 180, 365, 730};
    struct report_slice slice, candidates;
    if (!report_slice_find(self, "n_days_to_certification", 2, &slice) || !slice.column->bounds)
        return;
    double certified = report_slice_sum(&slice, 0), total = NAN;
    if (report_slice_find(self, "n_candidates", 1, &candidates))
        total = report_slice_at(&candidates, 0, 0);
    print_title(self, "Days to certification", "candidates", "of all");
    report_row(self->out, "certified", certified, total);
    if (!(certified > 0))
        return;
    for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
        char label[REPORT_TEXT_BYTES];
        snprintf(label, sizeof label, "by day %.0f", days[i]);
        report_row(self->out, label, count_by(&slice, days[i]), total);
    }
    fputs("  of the certified:", self->out);
    for (size_t i = 0; i < sizeof shares / sizeof *shares; i++)
        fprintf(self->out, "%s %.0f %% by day %.0f", i ? "," : "", 100 * shares[i],
                day_quantile(&slice, shares[i]));
    fputc('\n', self->out);
}

/* ---- sessions ---- */

static void print_mean(FILE *out, const struct report_slice *slice, size_t row)
{
    double mean = slice->column ? report_slice_mean(slice, row) : (double)NAN;
    if (isfinite(mean))
        fprintf(out, " %12.1f", mean);
    else
        fprintf(out, " %12s", "-");
}

/* The mean itself where the result has it, else that of the histogram. */
static void print_minutes(const struct report_view *self, const struct report_slice *minutes,
                          size_t row)
{
    struct report_slice mean;
    if (report_slice_find(self, "session_minutes_mean", 2, &mean) &&
        isfinite(report_slice_at(&mean, 0, row)))
        fprintf(self->out, " %12.1f", report_slice_at(&mean, 0, row));
    else
        print_mean(self->out, minutes, row);
}

static void print_shares(FILE *out, const struct report_slice *slice, size_t row)
{
    double total = slice->column ? report_slice_sum(slice, row) : 0;
    for (size_t i = 0; slice->column && i < slice->n_columns; i++) {
        char text[REPORT_TEXT_BYTES];
        report_percent(total > 0 ? report_slice_at(slice, row, i) / total : (double)NAN, text);
        fprintf(out, " %18s", text);
    }
}

static void print_labels(FILE *out, const struct report_slice *slice)
{
    for (size_t i = 0; slice->column && i < slice->n_columns; i++) {
        char label[REPORT_TEXT_BYTES];
        report_label(slice->column, i, label);
        fprintf(out, " %18s", label);
    }
    fputc('\n', out);
}

void report_table_sessions(const struct report_view *self)
{
    struct report_slice length = {0}, minutes = {0}, stops = {0};
    bool has_length = report_slice_find(self, "n_session_length", 3, &length);
    bool has_minutes = report_slice_find(self, "n_session_minutes", 3, &minutes);
    bool has_stops = report_slice_find(self, "n_stop_reason", 3, &stops);
    const struct report_slice *any = has_length ? &length : has_minutes ? &minutes : &stops;
    if (!has_length && !has_minutes && !has_stops)
        return;
    fprintf(self->out, "\n%-9s %12s %12s", "Sessions", "scored items", "minutes");
    print_labels(self->out, &stops);
    size_t n = report_slice_rows_used(any);
    for (size_t k = 0; k < n; k++) {
        char label[REPORT_TEXT_BYTES];
        report_label(any->row, k, label);
        fprintf(self->out, "  %7s", label);
        print_mean(self->out, &length, k);
        print_minutes(self, &minutes, k);
        print_shares(self->out, &stops, k);
        fputc('\n', self->out);
    }
}

void report_table_buckets(const struct report_view *self)
{
    struct report_slice misses;
    if (!report_slice_find(self, "n_misses_by_bucket", 3, &misses))
        return;
    fprintf(self->out, "\n%-9s", "Misses");
    print_labels(self->out, &misses);
    size_t n = report_slice_rows_used(&misses);
    for (size_t k = 0; k < n; k++) {
        char label[REPORT_TEXT_BYTES];
        report_label(misses.row, k, label);
        fprintf(self->out, "  %7s", label);
        print_shares(self->out, &misses, k);
        fputc('\n', self->out);
    }
}

/* ---- costs ---- */

static void cost_row(const struct report_view *self, const char *label, const char *name,
                     double n_candidates)
{
    struct report_slice slice;
    char whole[REPORT_TEXT_BYTES];
    if (!report_slice_find(self, name, 1, &slice))
        return;
    double value = report_slice_at(&slice, 0, 0);
    report_whole(value, whole);
    fprintf(self->out, "  %-24s %14s", label, whole);
    if (n_candidates > 0 && isfinite(value))
        fprintf(self->out, " %9.2f", value / n_candidates);
    fputc('\n', self->out);
}

/* What followed each cycle. */
static void cycle_rows(const struct report_view *self, const char *name, const char *what)
{
    struct report_slice slice;
    bool any = report_slice_find(self, name, 2, &slice);
    for (size_t k = 0; any && k < columns_used(&slice); k++) {
        char label[REPORT_TEXT_BYTES], text[2 * REPORT_TEXT_BYTES], whole[REPORT_TEXT_BYTES];
        report_label(slice.column, k, label);
        snprintf(text, sizeof text, "%s, cycle %s", what, label);
        report_whole(report_slice_at(&slice, 0, k), whole);
        fprintf(self->out, "  %-24s %14s\n", text, whole);
    }
}

static bool is_used(const struct report_view *self, const char *name, size_t n_dims)
{
    struct report_slice slice;
    return report_slice_find(self, name, n_dims, &slice) && report_slice_sum(&slice, 0) > 0;
}

void report_table_costs(const struct report_view *self)
{
    struct report_slice slice, refreshers;
    double n_candidates = 0;
    if (report_slice_find(self, "n_candidates", 1, &slice))
        n_candidates = report_slice_at(&slice, 0, 0);
    bool any = report_slice_find(self, "n_refreshers", 2, &refreshers);
    if (!any && !report_slice_find(self, "seats", 1, &slice) &&
        !report_slice_find(self, "fees", 1, &slice))
        return;
    fprintf(self->out, "\n%-26s %14s %12s\n", "Costs", "in all", "a candidate");
    cost_row(self, "seats", "seats", n_candidates);
    cost_row(self, "fees [USD]", "fees", n_candidates);
    cycle_rows(self, "n_refreshers", "refreshers");
    cost_row(self, "refresher fees [USD]", "refresher_fees", n_candidates);
    if (is_used(self, "n_courses", 2)) {
        cycle_rows(self, "n_courses", "new courses");
        cost_row(self, "course fees [USD]", "course_fees", n_candidates);
    }
    if (is_used(self, "n_authorizations_forfeited", 1)) {
        cost_row(self, "authorisations forfeited", "n_authorizations_forfeited", n_candidates);
        cost_row(self, "their fees [USD]", "authorization_fees", n_candidates);
    }
}
