/* The data of a page: for each result its dimensions, its variables as flat arrays (row-major) and
 * its attributes; and once what the table of parameters says of those that occur.
 *
 * Every "<" is written as \u003c, so that no text can end the script element it stands in.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/config/params.h>

#include <jansson.h>
#include <math.h>
#include <string.h>

#include "page_parts.h"

/* Of a sweep: more values per policy than this are left out, as are counts, which the page does not
 * show; and reals have so many digits. */
enum { MOST_VALUES_A_POLICY = 100, SWEEP_DIGITS = 7, FULL_DIGITS = 17 };

static json_t *real_json(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *text_json(const char *text)
{
    json_t *json = json_string(text ? text : "");
    return json ? json : json_null();
}

/* The values; of each `every` runs of length `run`, the first. */
static json_t *values_json(const double *real, const int64_t *count, const char *const *text,
                           size_t n, size_t run, size_t every)
{
    json_t *array = json_array();
    for (size_t i = 0; i < n; i++) {
        if (i / run % every != 0)
            continue;
        json_t *value = real    ? real_json(real[i])
                        : count ? json_integer(count[i])
                                : text_json(text[i]);
        if (json_array_append_new(array, value) != 0) {
            json_decref(array);
            return NULL;
        }
    }
    return array;
}

static json_t *dim_json(const struct dataset_dim *dim)
{
    json_t *bounds =
        dim->bounds ? values_json(dim->bounds, NULL, NULL, 2 * dim->n, 1, 1) : json_null();
    return json_pack("{s:s, s:o, s:o, s:o, s:o}", "name", dim->name, "values",
                     values_json(dim->real, dim->count, dim->text, dim->n, 1, 1), "bounds", bounds,
                     "unit", text_json(dim->unit), "long_name", text_json(dim->long_name));
}

/* The dimensions of a variable; *skip receives how many values a group has, *n_groups how many
 * groups, where only the first is wanted: in a sweep. */
static json_t *var_dims_json(const struct dataset *dataset, const struct dataset_var *var,
                             size_t *skip, size_t *n_groups)
{
    json_t *dims = json_array();
    bool is_sweep = dataset_dim(dataset, "scenario") != NULL;
    *n_groups = 1;
    *skip = 1;
    for (size_t k = 0; k < var->n_dims; k++) {
        const struct dataset_dim *dim = &dataset->dims[var->dim[k]];
        bool is_group = is_sweep && strcmp(dim->name, "group") == 0;
        if (is_group)
            *n_groups = dim->n;
        else
            json_array_append_new(dims, text_json(dim->name));
        *skip = is_group ? 1 : *skip * dim->n;
    }
    return dims;
}

static json_t *var_json(const struct dataset *dataset, const struct dataset_var *var)
{
    size_t skip, n_groups;
    json_t *dims = var_dims_json(dataset, var, &skip, &n_groups);
    return json_pack("{s:o, s:o, s:o, s:o}", "dims", dims, "data",
                     values_json(var->real, var->count, var->text, var->n, skip, n_groups), "unit",
                     text_json(var->unit), "long_name", text_json(var->long_name));
}

static json_t *attributes_json(const struct store_provenance *provenance)
{
    json_t *out = json_object();
    for (size_t i = 0; i < provenance->n_attributes; i++) {
        const struct store_attribute *from = &provenance->attributes[i];
        json_object_set_new(out, from->name,
                            from->text ? text_json(from->text) : real_json(from->number));
    }
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

static json_t *source_json(const struct report_page_source *self)
{
    const struct dataset *dataset = self->dataset;
    json_t *dims = json_array(), *vars = json_object(), *left_out = json_array();
    for (size_t i = 0; i < dataset->n_dims; i++)
        json_array_append_new(dims, dim_json(&dataset->dims[i]));
    for (size_t i = 0; i < dataset->n_vars; i++) {
        const struct dataset_var *var = &dataset->vars[i];
        if (is_shown(dataset, var))
            json_object_set_new(vars, var->name, var_json(dataset, var));
        else if (var->type == DATASET_REAL)
            json_array_append_new(left_out, text_json(var->name));
    }
    return json_pack("{s:o, s:o, s:o, s:o, s:o}", "file", text_json(self->name), "dims", dims,
                     "vars", vars, "left_out", left_out, "attributes",
                     attributes_json(self->provenance));
}

/* What is known of the parameters among the attributes and the variables of a result. */
static void add_parameter(json_t *out, const char *key)
{
    const struct param *param = strchr(key, '.') ? config_param_find(key) : NULL;
    if (param && !json_object_get(out, key))
        json_object_set_new(out, key,
                            json_pack("{s:s, s:s, s:s, s:s}", "default", param->default_text,
                                      "unit", param->unit, "grade", param->grade, "doc",
                                      param->doc));
}

static json_t *pack(const struct report_page_source *sources, size_t n_sources)
{
    json_t *results = json_array(), *parameters = json_object();
    for (size_t k = 0; k < n_sources; k++) {
        const struct store_provenance *provenance = sources[k].provenance;
        json_array_append_new(results, source_json(&sources[k]));
        for (size_t i = 0; i < provenance->n_attributes; i++)
            add_parameter(parameters, provenance->attributes[i].name);
        for (size_t i = 0; i < sources[k].dataset->n_vars; i++)
            add_parameter(parameters, sources[k].dataset->vars[i].name);
    }
    return json_pack("{s:o, s:o}", "results", results, "parameters", parameters);
}

static int put(const char *bytes, size_t n, void *to)
{
    FILE *out = to;
    while (n > 0) {
        size_t plain = 0;
        while (plain < n && bytes[plain] != '<')
            plain++;
        fwrite(bytes, 1, plain, out);
        if (plain < n)
            fputs("\\u003c", out);
        plain += plain < n;
        bytes += plain;
        n -= plain;
    }
    return ferror(out) ? -1 : 0;
}

enum err_code report_page_json(const struct report_page_source *sources, size_t n_sources,
                               FILE *out, struct err *err)
{
    size_t digits = FULL_DIGITS;
    for (size_t k = 0; k < n_sources; k++)
        if (dataset_dim(sources[k].dataset, "scenario"))
            digits = SWEEP_DIGITS;
    json_t *json = pack(sources, n_sources);
    if (!json ||
        json_dump_callback(json, put, out, JSON_COMPACT | JSON_REAL_PRECISION(digits)) != 0)
        err_set(err, ERR_MEMORY, "no memory for the data of the page");
    json_decref(json);
    return err->code;
}
