/* A sweep on a terminal: for all candidates, after the last attempt. Every figure comes with its
 * Monte Carlo standard error; differences with their own.
 * SPDX-License-Identifier: Apache-2.0 */
#include "sweep_text.h"

#include <retake/tally/rate_interval.h>

#include <retake/base/wording.h>
#include <retake/config/params.h>

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "summary_parts.h"

enum { MAX_AXES = 12, MAX_LINES = 100, WIDTH = 14 };

const struct report_figure report_figures[REPORT_N_FIGURES] = {
    {"pass_rate", "passed first\nattempt, %", true, 100},
    {"cumulative_pass_rate", "passed in\nthe end, %", false, 100},
    {"cumulative_pass_rate_difference", "less base,\npoints", false, 100},
    {"false_pass_rate", "false passes,\n%", false, 100},
    {"days_to_certification_mean", "days to\ncertificate", false, 1},
    {"cost_per_candidate", "cost per\ncandidate", false, 1},
};

bool report_figure_address(const struct report_figure *self, const struct dataset *dataset,
                           char *out, size_t n_out)
{
    const struct dataset_var *var = dataset_var(dataset, self->name);
    char attempt[REPORT_TEXT_BYTES];
    if (!var || var->type != DATASET_REAL || var->n_dims == 0)
        return false;
    const struct dataset_dim *last = &dataset->dims[var->dim[var->n_dims - 1]];
    if (strcmp(last->name, "attempt") == 0) {
        report_label(last, self->is_first ? 0 : last->n - 1, attempt);
        snprintf(out, n_out, "%s[attempt=%s]", self->name, attempt);
    } else
        snprintf(out, n_out, "%s", self->name);
    return true;
}

/* ---- axes ---- */

struct axes {
    size_t n;
    const struct dataset_var *vars[MAX_AXES];
    size_t width[MAX_AXES];
};

static const char *short_name(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot ? dot + 1 : name;
}

static void value_print(const struct dataset_var *var, size_t row, char text[64])
{
    if (var->type == DATASET_TEXT)
        snprintf(text, 64, "%s", var->text[row]);
    else if (var->type == DATASET_COUNT)
        snprintf(text, 64, "%lld", (long long)var->count[row]);
    else
        config_param_format_number(var->real[row], text, 64); /* it is a parameter */
}

static void axes_find(const struct dataset *dataset, const char *coordinates, struct axes *self)
{
    *self = (struct axes){0};
    while (*coordinates && self->n < MAX_AXES) {
        char name[256], text[64];
        size_t n = strcspn(coordinates, " ");
        snprintf(name, sizeof name, "%.*s", (int)n, coordinates);
        coordinates += n + (coordinates[n] == ' ');
        const struct dataset_var *var = dataset_var(dataset, name);
        if (!var || var->n != dataset_dim(dataset, "scenario")->n)
            continue;
        size_t width = strlen(short_name(var->name));
        for (size_t row = 0; row < var->n; row++) {
            value_print(var, row, text);
            width = strlen(text) > width ? strlen(text) : width;
        }
        self->width[self->n] = width;
        self->vars[self->n++] = var;
    }
}

/* ---- figures ---- */

/* The value of a policy, in the first row of groups; NULL: there is none. */
static const struct dataset_var *find_value(const struct dataset *dataset, const char *name,
                                            size_t row, bool is_first, size_t *index)
{
    const struct dataset_var *var = dataset_var(dataset, name);
    if (!var || var->type != DATASET_REAL || var->n_dims < 2 ||
        strcmp(dataset->dims[var->dim[0]].name, "scenario") != 0)
        return NULL;
    size_t n_rows = dataset->dims[var->dim[0]].n, n_inner = var->n / n_rows;
    size_t n_attempts = var->n_dims > 2 ? dataset->dims[var->dim[2]].n : 1;
    *index = row * n_inner + (is_first ? 0 : n_attempts - 1);
    return var;
}

static void figure_put(const struct dataset *dataset, const struct report_figure *self, size_t row,
                       struct report_table *table)
{
    char mcse[96];
    size_t at = 0, at_error = 0;
    const struct dataset_var *value = find_value(dataset, self->name, row, self->is_first, &at);
    snprintf(mcse, sizeof mcse, "%s_mcse", self->name);
    const struct dataset_var *error = find_value(dataset, mcse, row, self->is_first, &at_error);
    double x = value ? value->real[at] : (double)NAN;
    double e = error ? error->real[at_error] : (double)NAN;
    struct tally_interval interval = {NAN, NAN};
    if (value)
        interval = tally_rate_interval(dataset, value, at);
    if (isfinite(interval.low))
        report_table_interval(table, interval.low, interval.high);
    else if (strstr(self->name, "_difference") && x == 0 && e == 0)
        report_table_cell(table, "the same");
    else
        report_table_number(table, self->scale * x, self->scale * e, 2);
}

/* The columns: the number of the policy, the axes, the figures there are. */
static void table_begin(const struct dataset *dataset, const struct axes *axes,
                        const struct report_sheet *sheet, struct report_table *table)
{
    struct report_column columns[1 + MAX_AXES + REPORT_N_FIGURES] = {{"policy", 6, false}};
    size_t n = 1;
    for (size_t a = 0; a < axes->n; a++)
        columns[n++] =
            (struct report_column){short_name(axes->vars[a]->name), (int)axes->width[a] + 1, false};
    for (size_t k = 0; k < REPORT_N_FIGURES; k++)
        if (dataset_var(dataset, report_figures[k].name))
            columns[n++] = (struct report_column){report_figures[k].head, WIDTH + 1, false};
    report_table_begin(table, sheet, "Policies", columns, n);
}

static void row_put(const struct dataset *dataset, const struct axes *axes, size_t row,
                    struct report_table *table)
{
    const struct dataset_var *status = dataset_var(dataset, "policy_status");
    const struct dataset_var *message = dataset_var(dataset, "policy_message");
    report_table_print(table, "%lld", (long long)dataset_dim(dataset, "scenario")->count[row]);
    for (size_t a = 0; a < axes->n; a++) {
        char text[64];
        value_print(axes->vars[a], row, text);
        report_table_cell(table, text);
    }
    size_t n = dataset_dim(dataset, "scenario")->n;
    if (status && status->type == DATASET_COUNT && status->n == n && status->count[row] != 0) {
        char text[512];
        bool is_told = message && message->type == DATASET_TEXT && message->n == n;
        snprintf(text, sizeof text, "failed: %s", is_told ? message->text[row] : "");
        report_table_rest(table, text);
        return;
    }
    for (size_t k = 0; k < REPORT_N_FIGURES; k++)
        if (dataset_var(dataset, report_figures[k].name))
            figure_put(dataset, &report_figures[k], row, table);
}

/* The base has variables of its own, without the dimension of policies. */
static void base_print(const struct dataset *dataset, const struct report_sheet *sheet)
{
    static const char *const names[] = {"cumulative_pass_rate_base", "false_pass_rate_base"};
    static const char *const texts[] = {"passed in the end", "false passes"};
    char text[1024] = "";
    for (size_t k = 0; k < 2; k++) {
        const struct dataset_var *var = dataset_var(dataset, names[k]);
        if (!var || var->type != DATASET_REAL || var->n_dims != 2)
            continue;
        size_t n = strlen(text);
        snprintf(text + n, sizeof text - n, "%s%s %.2f %%", n ? ", " : "Base: ", texts[k],
                 100 * var->real[dataset->dims[var->dim[1]].n - 1]);
    }
    if (*text)
        report_sheet_line(sheet, "%s", text);
}

void report_sweep_text(const struct dataset *dataset, const struct store_provenance *provenance,
                       const struct report_sheet *sheet)
{
    struct axes axes;
    struct report_table table;
    const char *coordinates = "";
    const struct dataset_dim *scenario = dataset_dim(dataset, "scenario");
    for (size_t k = 0; k < provenance->n_attributes; k++)
        if (strcmp(provenance->attributes[k].name, "coordinates") == 0 &&
            provenance->attributes[k].text)
            coordinates = provenance->attributes[k].text;
    if (!scenario || scenario->type != DATASET_COUNT)
        return;
    axes_find(dataset, coordinates, &axes);
    report_sheet_paragraph(sheet, "%s; axes: %s", wording_count(scenario->n, "policy").text,
                           coordinates);
    base_print(dataset, sheet);
    table_begin(dataset, &axes, sheet, &table);
    for (size_t row = 0; row < scenario->n && row < MAX_LINES; row++)
        row_put(dataset, &axes, row, &table);
    if (scenario->n > MAX_LINES)
        report_sheet_note(sheet, " ...  %zu more: --json has all", scenario->n - MAX_LINES);
    report_sheet_line(sheet, "All candidates; ± is one Monte Carlo standard error, of a difference "
                             "its own; the same: for every candidate.");
}
