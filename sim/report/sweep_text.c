/* A sweep on a terminal: for all candidates, after the last attempt. Every figure comes with its
 * Monte Carlo standard error; differences with their own.
 * SPDX-License-Identifier: Apache-2.0 */
#include "sweep_text.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_AXES = 12, MAX_LINES = 100, WIDTH = 14, N_FIGURES = 6 };

/* A column of figures: a variable at its first row of groups and its first or last attempt. */
struct figure {
    const char *name, *head[2];
    bool is_first; /* attempt; else the last */
    double scale;
};

static const struct figure figures[N_FIGURES] = {
    {"pass_rate", {"passed first", "attempt, %"}, true, 100},
    {"cumulative_pass_rate", {"passed in", "the end, %"}, false, 100},
    {"cumulative_pass_rate_difference", {"less base,", "points"}, false, 100},
    {"false_pass_rate", {"false passes,", "%"}, false, 100},
    {"days_to_certification_mean", {"days to", "certificate"}, false, 1},
    {"cost_per_candidate", {"cost per", "candidate"}, false, 1},
};

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
        snprintf(text, 64, "%.5g", var->real[row]);
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

static double at(const struct dataset *dataset, const char *name, size_t row, bool is_first)
{
    const struct dataset_var *var = dataset_var(dataset, name);
    if (!var || var->type != DATASET_REAL || var->n_dims < 2 ||
        strcmp(dataset->dims[var->dim[0]].name, "scenario") != 0)
        return NAN;
    size_t n_rows = dataset->dims[var->dim[0]].n, n_inner = var->n / n_rows;
    size_t n_attempts = var->n_dims > 2 ? dataset->dims[var->dim[2]].n : 1;
    return var->real[row * n_inner + (is_first ? 0 : n_attempts - 1)];
}

static void figure_print(const struct dataset *dataset, const struct figure *self, size_t row,
                         FILE *out)
{
    char mcse[96], text[64];
    snprintf(mcse, sizeof mcse, "%s_mcse", self->name);
    double value = self->scale * at(dataset, self->name, row, self->is_first);
    double error = self->scale * at(dataset, mcse, row, self->is_first);
    if (!isfinite(value))
        snprintf(text, sizeof text, "-");
    else if (!isfinite(error))
        snprintf(text, sizeof text, "%.2f", value);
    else
        snprintf(text, sizeof text, "%.2f ± %.2f", value, error);
    int extra = strstr(text, "±") ? 1 : 0; /* two bytes, one column */
    fprintf(out, "  %*s", WIDTH + extra, text);
}

static void head_print(const struct dataset *dataset, const struct axes *axes, FILE *out)
{
    for (int line = 0; line < 2; line++) {
        fprintf(out, "%6s", "");
        for (size_t a = 0; a < axes->n; a++)
            fprintf(out, "  %*s", (int)axes->width[a],
                    line == 1 ? short_name(axes->vars[a]->name) : "");
        for (size_t k = 0; k < N_FIGURES; k++)
            if (dataset_var(dataset, figures[k].name))
                fprintf(out, "  %*s", WIDTH, figures[k].head[line]);
        fputc('\n', out);
    }
}

static void row_print(const struct dataset *dataset, const struct axes *axes, size_t row, FILE *out)
{
    const struct dataset_var *status = dataset_var(dataset, "policy_status");
    const struct dataset_var *message = dataset_var(dataset, "policy_message");
    fprintf(out, "%6lld", (long long)dataset_dim(dataset, "scenario")->count[row]);
    for (size_t a = 0; a < axes->n; a++) {
        char text[64];
        value_print(axes->vars[a], row, text);
        fprintf(out, "  %*s", (int)axes->width[a], text);
    }
    size_t n = dataset_dim(dataset, "scenario")->n;
    if (status && status->type == DATASET_COUNT && status->n == n && status->count[row] != 0) {
        bool is_told = message && message->type == DATASET_TEXT && message->n == n;
        fprintf(out, "  failed: %s\n", is_told ? message->text[row] : "");
        return;
    }
    for (size_t k = 0; k < N_FIGURES; k++)
        if (dataset_var(dataset, figures[k].name))
            figure_print(dataset, &figures[k], row, out);
    fputc('\n', out);
}

/* The base has variables of its own, without the dimension of policies. */
static void base_print(const struct dataset *dataset, FILE *out)
{
    static const char *const names[] = {"cumulative_pass_rate_base", "false_pass_rate_base"};
    static const char *const texts[] = {"passed in the end", "false passes"};
    bool any = false;
    for (size_t k = 0; k < 2; k++) {
        const struct dataset_var *var = dataset_var(dataset, names[k]);
        if (!var || var->type != DATASET_REAL || var->n_dims != 2)
            continue;
        fprintf(out, "%s%s %.2f %%", any ? ", " : "Base: ", texts[k],
                100 * var->real[dataset->dims[var->dim[1]].n - 1]);
        any = true;
    }
    if (any)
        fputc('\n', out);
}

void report_sweep_text(const struct dataset *dataset, const struct store_provenance *provenance,
                       FILE *out)
{
    struct axes axes;
    const char *coordinates = "";
    const struct dataset_dim *scenario = dataset_dim(dataset, "scenario");
    for (size_t k = 0; k < provenance->n_attributes; k++)
        if (strcmp(provenance->attributes[k].name, "coordinates") == 0 &&
            provenance->attributes[k].text)
            coordinates = provenance->attributes[k].text;
    if (!scenario || scenario->type != DATASET_COUNT)
        return;
    axes_find(dataset, coordinates, &axes);
    fprintf(out, "\n%zu policies; axes: %s\n", scenario->n, coordinates);
    base_print(dataset, out);
    fputc('\n', out);
    head_print(dataset, &axes, out);
    for (size_t row = 0; row < scenario->n && row < MAX_LINES; row++)
        row_print(dataset, &axes, row, out);
    if (scenario->n > MAX_LINES)
        fprintf(out, "   ...  %zu more: --json has all\n", scenario->n - MAX_LINES);
    fputs("All candidates; ± is one Monte Carlo standard error, of a difference its own.\n", out);
}
