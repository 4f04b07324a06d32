/* Every value of a dataset as a line of CSV: its address as tally/address.h reads it, the value and
 * its Monte Carlo standard error. Empty where there is none.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/report/summary.h>

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "csv_out.h"

static void put_coordinate(const struct dataset_dim *dim, size_t i, FILE *out)
{
    if (dim->type == DATASET_TEXT)
        report_csv_put(dim->text[i], out);
    else if (dim->type == DATASET_COUNT)
        fprintf(out, "%lld", (long long)dim->count[i]);
    else
        fprintf(out, "%.17g", dim->real[i]);
}

static void put_address(const struct dataset *dataset, const struct dataset_var *var, size_t i,
                        FILE *out)
{
    size_t after = var->n;
    report_csv_open(var->name, out);
    report_csv_put(var->name, out);
    for (size_t k = 0; k < var->n_dims; k++) {
        const struct dataset_dim *dim = &dataset->dims[var->dim[k]];
        after /= dim->n;
        fputs(k ? "," : "[", out);
        report_csv_put(dim->name, out);
        fputc('=', out);
        put_coordinate(dim, i / after % dim->n, out);
    }
    fputs(var->n_dims ? "]\"," : "\",", out);
}

static void put_value(const struct dataset_var *var, size_t i, FILE *out)
{
    if (var->type == DATASET_COUNT)
        fprintf(out, "%lld", (long long)var->count[i]);
    else if (var->type == DATASET_REAL && isfinite(var->real[i]))
        fprintf(out, "%.17g", var->real[i]);
    else if (var->type == DATASET_TEXT) {
        report_csv_text(var->text[i], out);
    }
}

/* The errors stand beside the values, so not in lines of their own. */
static bool is_error(const struct dataset *dataset, const struct dataset_var *var)
{
    for (size_t k = 0; k < dataset->n_vars; k++)
        if (dataset->vars[k].ancillary && strcmp(dataset->vars[k].ancillary, var->name) == 0)
            return true;
    return false;
}

static void put_variable(const struct dataset *dataset, const struct dataset_var *var, FILE *out)
{
    const struct dataset_var *error = var->ancillary ? dataset_var(dataset, var->ancillary) : NULL;
    if (error && error->n != var->n)
        error = NULL;
    for (size_t i = 0; i < var->n; i++) {
        put_address(dataset, var, i, out);
        put_value(var, i, out);
        fputc(',', out);
        if (error)
            put_value(error, i, out);
        fputc('\n', out);
    }
}

enum err_code report_summary_csv(const struct dataset *dataset, FILE *out, struct err *err)
{
    errno = 0;
    fputs("address,value,mcse\n", out);
    for (size_t k = 0; k < dataset->n_vars; k++)
        if (!is_error(dataset, &dataset->vars[k]))
            put_variable(dataset, &dataset->vars[k], out);
    if (ferror(out))
        err_set(err, ERR_IO, "cannot write the CSV: %s", strerror(errno ? errno : EIO));
    return err->code;
}
