/* Slices of variables, and numbers as text in columns of fixed width. Bars go by eighths of a cell.
 * SPDX-License-Identifier: Apache-2.0 */
#include "summary_parts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

bool report_slice_find(const struct report_view *self, const char *name, size_t n_dims,
                       struct report_slice *out)
{
    const struct dataset *dataset = self->dataset;
    const struct dataset_var *var = dataset_var(dataset, name);
    if (!var || var->type == DATASET_TEXT || var->n_dims != n_dims || n_dims < 1 || n_dims > 3)
        return false;
    const struct dataset_dim *group = &dataset->dims[var->dim[0]];
    if (strcmp(group->name, "group") != 0 || self->group >= group->n)
        return false;
    *out = (struct report_slice){.n_rows = 1, .n_columns = 1};
    if (n_dims == 3) {
        out->row = &dataset->dims[var->dim[1]];
        out->n_rows = out->row->n;
    }
    if (n_dims > 1) {
        out->column = &dataset->dims[var->dim[n_dims - 1]];
        out->n_columns = out->column->n;
    }
    size_t first = self->group * out->n_rows * out->n_columns;
    if (var->type == DATASET_REAL)
        out->real = var->real + first;
    else
        out->count = var->count + first;
    return true;
}

double report_slice_at(const struct report_slice *self, size_t row, size_t column)
{
    if (row >= self->n_rows || column >= self->n_columns)
        return NAN;
    size_t at = row * self->n_columns + column;
    return self->real ? self->real[at] : (double)self->count[at];
}

double report_slice_sum(const struct report_slice *self, size_t row)
{
    double sum = 0;
    for (size_t i = 0; i < self->n_columns; i++)
        sum += report_slice_at(self, row, i);
    return sum;
}

static double coordinate(const struct dataset_dim *dim, size_t i)
{
    if (dim->type == DATASET_TEXT)
        return NAN;
    return dim->type == DATASET_REAL ? dim->real[i] : (double)dim->count[i];
}

double report_slice_mean(const struct report_slice *self, size_t row)
{
    double n = 0, sum = 0;
    for (size_t i = 0; i < self->n_columns; i++) {
        double here = report_slice_at(self, row, i);
        n += here;
        sum += here * coordinate(self->column, i);
    }
    return n > 0 ? sum / n : (double)NAN;
}

size_t report_slice_rows_used(const struct report_slice *self)
{
    size_t n = self->n_rows;
    while (n > 1 && !(report_slice_sum(self, n - 1) > 0))
        n--;
    return n;
}

size_t report_slice_columns_used(const struct report_slice *self)
{
    size_t n = self->n_columns;
    while (n > 1 && !(report_slice_at(self, 0, n - 1) > 0))
        n--;
    return n;
}

/* ---- text ---- */

void report_label(const struct dataset_dim *dim, size_t i, char text[REPORT_TEXT_BYTES])
{
    if (dim->type == DATASET_TEXT)
        snprintf(text, REPORT_TEXT_BYTES, "%s", dim->text[i]);
    else if (dim->type == DATASET_COUNT)
        snprintf(text, REPORT_TEXT_BYTES, "%lld", (long long)dim->count[i]);
    else
        snprintf(text, REPORT_TEXT_BYTES, "%.12g", dim->real[i]);
    for (char *c = text; *c; c++)
        if (*c == '_' || (unsigned char)*c < ' ')
            *c = ' ';
}

void report_whole(double value, char text[REPORT_TEXT_BYTES])
{
    char digits[REPORT_TEXT_BYTES];
    if (!(fabs(value) < 1e18)) {
        snprintf(text, REPORT_TEXT_BYTES, "-");
        return;
    }
    snprintf(digits, sizeof digits, "%.0f", fabs(value));
    size_t n = strlen(digits), to = 0;
    if (value < 0)
        text[to++] = '-';
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && (n - i) % 3 == 0)
            text[to++] = ',';
        text[to++] = digits[i];
    }
    text[to] = '\0';
}

void report_percent(double share, char text[REPORT_TEXT_BYTES])
{
    if (isfinite(share))
        snprintf(text, REPORT_TEXT_BYTES, "%7.2f %%", 100 * share);
    else
        snprintf(text, REPORT_TEXT_BYTES, "%7s  ", "-");
}

void report_rate(double rate, double error, char text[REPORT_TEXT_BYTES])
{
    if (!isfinite(rate))
        snprintf(text, REPORT_TEXT_BYTES, "%8s       ", "-");
    else if (!isfinite(error))
        snprintf(text, REPORT_TEXT_BYTES, "%8.2f       ", 100 * rate);
    else
        report_with_error(100 * rate, 100 * error, 2, text);
}

int report_decimals(double error, int otherwise)
{
    if (!(error > 0) || !isfinite(error))
        return otherwise;
    int exponent = (int)floor(log10(error));
    double first = nearbyint(100 * error / pow(10, exponent)); /* three digits, 100 to 1000 */
    int n = (first < 355 || first > 949 ? 1 : 0) - exponent - (first > 949 ? 1 : 0);
    return n < 0 ? 0 : n > 6 ? 6 : n;
}

void report_with_error(double value, double error, int otherwise, char text[REPORT_TEXT_BYTES])
{
    int digits = report_decimals(error, otherwise);
    snprintf(text, REPORT_TEXT_BYTES, "%.*f ± %.*f", digits, value, digits, error);
}

void report_bar(double share, char text[REPORT_BAR_BYTES])
{
    static const char *const parts[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    int eighths = share > 0 ? (int)lround(8 * REPORT_BAR_CELLS * fmin(share, 1)) : 0;
    text[0] = '\0';
    for (int i = 0; i < eighths / 8; i++)
        strcat(text, "█");
    strcat(text, parts[eighths % 8]);
}
