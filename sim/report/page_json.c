/* The data of a page: for each result its dimensions, its variables as flat arrays (row-major) and
 * its attributes; and once what the table of parameters says of those that occur.
 *
 * Every "<" is written as \u003c, so that no text can end the script element it stands in.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/config/params.h>

#include <stdlib.h>
#include <string.h>

#include "json_out.h"
#include "page_parts.h"
#include "summary_parts.h"

/* Of a sweep: more values per policy than this are left out, as are counts, which the page does not
 * show; and reals have so many digits. */
enum { MOST_VALUES_A_POLICY = 100, SWEEP_DIGITS = 7, FULL_DIGITS = 17 };

static const char *plain_text(const char *text)
{
    return text ? text : "";
}

/* The values; of each `every` runs of length `run`, the first. */
static json_t *values_json(struct report_json *json, const struct dataset_var *values, size_t run,
                           size_t every)
{
    json_t *array = report_json_array(json);
    for (size_t i = 0; i < values->n && !json->err.code; i++) {
        if (i / run % every != 0)
            continue;
        report_json_append(json, array,
                           values->real    ? report_json_number(json, values->real[i])
                           : values->count ? report_json_count(json, values->count[i])
                                           : report_json_text(json, plain_text(values->text[i])));
    }
    return array;
}

static json_t *dim_json(struct report_json *json, const struct dataset_dim *dim)
{
    const struct dataset_var values = {
        .n = dim->n, .real = dim->real, .count = dim->count, .text = dim->text};
    const struct dataset_var bounds = {.n = 2 * dim->n, .real = dim->bounds};
    json_t *out = report_json_object(json);
    report_json_set_text(json, out, "name", dim->name);
    report_json_set(json, out, "values", values_json(json, &values, 1, 1));
    report_json_set(json, out, "bounds",
                    dim->bounds ? values_json(json, &bounds, 1, 1) : json_null());
    report_json_set_text(json, out, "unit", plain_text(dim->unit));
    report_json_set_text(json, out, "long_name", plain_text(dim->long_name));
    return out;
}

/* The dimensions of a variable; *skip receives how many values a group has, *n_groups how many
 * groups, where only the first is wanted: in a sweep. */
static json_t *var_dims_json(struct report_json *json, const struct dataset *dataset,
                             const struct dataset_var *var, size_t *skip, size_t *n_groups)
{
    json_t *dims = report_json_array(json);
    bool is_sweep = dataset_dim(dataset, "scenario") != NULL;
    *n_groups = 1;
    *skip = 1;
    for (size_t k = 0; k < var->n_dims; k++) {
        const struct dataset_dim *dim = &dataset->dims[var->dim[k]];
        bool is_group = is_sweep && strcmp(dim->name, "group") == 0;
        if (is_group)
            *n_groups = dim->n;
        else
            report_json_append(json, dims, report_json_text(json, dim->name));
        *skip = is_group ? 1 : *skip * dim->n;
    }
    return dims;
}

static json_t *var_json(struct report_json *json, const struct dataset *dataset,
                        const struct dataset_var *var)
{
    size_t skip, n_groups;
    json_t *out = report_json_object(json);
    report_json_set(json, out, "dims", var_dims_json(json, dataset, var, &skip, &n_groups));
    report_json_set(json, out, "data", values_json(json, var, skip, n_groups));
    report_json_set_text(json, out, "unit", plain_text(var->unit));
    report_json_set_text(json, out, "long_name", plain_text(var->long_name));
    return out;
}

static bool is_shown(const struct dataset *dataset, const struct dataset_var *var)
{
    const struct dataset_dim *scenario = dataset_dim(dataset, "scenario");
    const struct dataset_dim *group = dataset_dim(dataset, "group");
    size_t n_groups = group ? group->n : 1;
    bool is_count = var->type == DATASET_COUNT && strncmp(var->name, "n_", 2) == 0;
    return !scenario || (!is_count && var->n <= MOST_VALUES_A_POLICY * scenario->n * n_groups);
}

static json_t *source_json(struct report_json *json, const struct report_page_source *self)
{
    const struct dataset *dataset = self->dataset;
    json_t *out = report_json_object(json), *dims = report_json_array(json);
    json_t *vars = report_json_object(json), *left_out = report_json_array(json);
    char sentence[REPORT_SENTENCE_BYTES];
    for (size_t i = 0; i < dataset->n_dims; i++)
        report_json_append(json, dims, dim_json(json, &dataset->dims[i]));
    for (size_t i = 0; i < dataset->n_vars; i++) {
        const struct dataset_var *var = &dataset->vars[i];
        if (is_shown(dataset, var))
            report_json_set(json, vars, var->name, var_json(json, dataset, var));
        else if (var->type == DATASET_REAL)
            report_json_append(json, left_out, report_json_text(json, var->name));
    }
    report_json_set_text(json, out, "file", self->name);
    report_json_set(json, out, "dims", dims);
    report_json_set(json, out, "vars", vars);
    report_json_set(json, out, "left_out", left_out);
    if (report_bank_decides(dataset, sentence))
        report_json_set_text(json, out, "bank_decides", sentence);
    report_json_set(json, out, "attributes", report_attributes_json(json, self->provenance));
    return out;
}

/* What is known of the parameters among the attributes and the variables of a result. */
static void add_parameter(struct report_json *json, json_t *out, const char *key)
{
    const struct param *param = strchr(key, '.') ? config_param_find(key) : NULL;
    if (!param || json_object_get(out, key))
        return;
    json_t *row = report_json_object(json);
    report_json_set_text(json, row, "default", param->default_text);
    report_json_set_text(json, row, "unit", param->unit);
    report_json_set_text(json, row, "grade", param->grade);
    report_json_set_text(json, row, "doc", param->doc);
    report_json_set(json, out, key, row);
}

static json_t *page_json(struct report_json *json, const struct report_page_source *sources,
                         size_t n_sources)
{
    json_t *out = report_json_object(json), *results = report_json_array(json);
    json_t *parameters = report_json_object(json);
    for (size_t k = 0; k < n_sources; k++) {
        const struct store_provenance *provenance = sources[k].provenance;
        report_json_append(json, results, source_json(json, &sources[k]));
        for (size_t i = 0; i < provenance->n_attributes; i++)
            add_parameter(json, parameters, provenance->attributes[i].name);
        for (size_t i = 0; i < sources[k].dataset->n_vars; i++)
            add_parameter(json, parameters, sources[k].dataset->vars[i].name);
    }
    report_json_set(json, out, "results", results);
    report_json_set(json, out, "parameters", parameters);
    return out;
}

enum err_code report_page_json(const struct report_page_source *sources, size_t n_sources,
                               FILE *out, struct err *err)
{
    size_t digits = FULL_DIGITS;
    for (size_t k = 0; k < n_sources; k++)
        if (dataset_dim(sources[k].dataset, "scenario"))
            digits = SWEEP_DIGITS;
    struct report_json json = {0};
    json_t *page = page_json(&json, sources, n_sources);
    char *text = report_json_dump(&json, page, JSON_COMPACT | JSON_REAL_PRECISION(digits), err);
    if (text)
        report_json_write(text, true, out); /* the caller looks at the stream */
    free(text);
    return err->code;
}
