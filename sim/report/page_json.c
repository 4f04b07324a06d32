/* The data of a page: for each result its dimensions, its variables as flat arrays (row-major), its
 * attributes, its policy in words and the evidence for its parameters; and once what the table of
 * parameters says of those that occur.
 *
 * Where the error of a rate says nothing its exact interval is there (tally/rate_interval.h).
 *
 * Only figures, which are variables with a standard error, may be rounded: they stand apart from
 * everything else, so that no seed, count, digest or parameter is.
 *
 * Every "<" is written as \u003c, so that no text can end the script element it stands in.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/cat/design.h>
#include <retake/config/params.h>
#include <retake/tally/rate_interval.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json_out.h"
#include "page_names.h"
#include "page_parts.h"
#include "summary_parts.h"

/* Of a sweep: more values per policy than this are left out, as are counts, which the page does not
 * show; and figures have so many digits. */
enum { MOST_VALUES_A_POLICY = 100, SWEEP_DIGITS = 7, FULL_DIGITS = 17 };

static const char *plain_text(const char *text)
{
    return text ? text : "";
}

/* A text, which is freed; NULL says that there was no memory for it. */
static json_t *own_json(struct report_json *json, char *text)
{
    if (!text)
        err_set(&json->err, ERR_MEMORY, "no memory for the page");
    json_t *out = text ? report_json_text(json, text) : NULL;
    free(text);
    return out;
}

/* A text of a result, which knows no folder of the machine it was made on. */
static json_t *text_json(struct report_json *json, const char *text)
{
    return own_json(json, report_page_text(plain_text(text)));
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
                                           : text_json(json, values->text[i]));
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

/* Whether a variable has a standard error, or is one. */
static bool is_figure(const struct dataset *dataset, const struct dataset_var *var)
{
    char mcse[256];
    size_t n = strlen(var->name), n_suffix = strlen("_mcse");
    snprintf(mcse, sizeof mcse, "%s_mcse", var->name);
    bool is_error = n > n_suffix && strcmp(var->name + n - n_suffix, "_mcse") == 0;
    return var->type == DATASET_REAL && (is_error || dataset_var(dataset, mcse));
}

/* The variables that are figures, or the others. */
static json_t *vars_json(struct report_json *json, const struct dataset *dataset, bool figures)
{
    json_t *out = report_json_object(json);
    for (size_t i = 0; i < dataset->n_vars; i++) {
        const struct dataset_var *var = &dataset->vars[i];
        if (is_shown(dataset, var) && is_figure(dataset, var) == figures)
            report_json_set(json, out, var->name, var_json(json, dataset, var));
    }
    return out;
}

/* The limits of a rate where its error says nothing, by the place of the value. */
static json_t *limits_json(struct report_json *json, const struct dataset *dataset,
                           const struct dataset_var *var)
{
    size_t skip, n_groups, place = 0;
    json_t *out = report_json_object(json);
    json_decref(var_dims_json(json, dataset, var, &skip, &n_groups));
    for (size_t i = 0; i < var->n && !json->err.code; i++) {
        if (i / skip % n_groups != 0)
            continue;
        struct tally_interval limits = tally_rate_interval(dataset, var, i);
        char key[32];
        snprintf(key, sizeof key, "%zu", place++);
        if (!isfinite(limits.low) || !isfinite(limits.high))
            continue;
        json_t *pair = report_json_array(json);
        report_json_append(json, pair, report_json_number(json, limits.low));
        report_json_append(json, pair, report_json_number(json, limits.high));
        report_json_set(json, out, key, pair);
    }
    return out;
}

static json_t *intervals_json(struct report_json *json, const struct dataset *dataset)
{
    json_t *out = report_json_object(json);
    for (size_t i = 0; i < dataset->n_vars; i++) {
        const struct dataset_var *var = &dataset->vars[i];
        if (is_shown(dataset, var) && is_figure(dataset, var) && tally_rate_is_known(dataset, var))
            report_json_set(json, out, var->name, limits_json(json, dataset, var));
    }
    return out;
}

static json_t *left_out_json(struct report_json *json, const struct dataset *dataset)
{
    json_t *out = report_json_array(json);
    for (size_t i = 0; i < dataset->n_vars; i++)
        if (!is_shown(dataset, &dataset->vars[i]) && dataset->vars[i].type == DATASET_REAL)
            report_json_append(json, out, report_json_text(json, dataset->vars[i].name));
    return out;
}

/* A parameter that names a file is that name without its folder. */
static json_t *attribute_json(struct report_json *json, const struct store_attribute *self)
{
    const struct param *param = config_param_find(self->name);
    if (!self->text)
        return report_json_number(json, self->number);
    return param && config_param_is_file(param) ? own_json(json, report_page_file(self->text))
                                                : text_json(json, self->text);
}

/* All but whole files, which may hold anything. */
static json_t *attributes_json(struct report_json *json, const struct store_provenance *provenance)
{
    json_t *out = report_json_object(json);
    for (size_t i = 0; i < provenance->n_attributes; i++) {
        const struct store_attribute *here = &provenance->attributes[i];
        if (strcmp(here->name, "scenario") != 0 && strcmp(here->name, "sweep") != 0)
            report_json_set(json, out, here->name, attribute_json(json, here));
    }
    return out;
}

/* Whether tests go on while the decision is open: those of an adaptive exam whose rule looks at
 * the cut. */
static bool looks_at_cut(const struct store_provenance *provenance)
{
    const struct store_attribute *form = store_attribute_find(provenance, "exam.form");
    const struct store_attribute *rule = store_attribute_find(provenance, "exam.stop.rule");
    return rule && rule->text && cat_stop_text_decides(rule->text) &&
           (!form || (form->text && strcmp(form->text, "cat") == 0));
}

static json_t *source_json(struct report_json *json, const struct report_page_source *self)
{
    const struct dataset *dataset = self->dataset;
    json_t *out = report_json_object(json), *dims = report_json_array(json);
    char sentence[REPORT_SENTENCE_BYTES];
    for (size_t i = 0; i < dataset->n_dims; i++)
        report_json_append(json, dims, dim_json(json, &dataset->dims[i]));
    report_json_set_text(json, out, "file", self->name);
    report_json_set(json, out, "dims", dims);
    report_json_set(json, out, "vars", vars_json(json, dataset, false));
    report_json_set(json, out, "intervals", intervals_json(json, dataset));
    report_json_set(json, out, "left_out", left_out_json(json, dataset));
    report_json_set(json, out, "attributes", attributes_json(json, self->provenance));
    report_json_set_flag(json, out, "looks_at_cut", looks_at_cut(self->provenance));
    report_json_set(json, out, "policy", report_policy_json(json, self->provenance));
    report_json_set(json, out, "evidence", report_evidence_json(json, self->provenance, text_json));
    if (report_bank_decides(dataset, sentence))
        report_json_set_text(json, out, "bank_decides", sentence);
    return out;
}

/* What is known of the parameters among the attributes and the variables of a result. */
static void add_parameter(struct report_json *json, json_t *out, const char *key)
{
    const struct param *param = strcmp(key, "title") != 0 ? config_param_find(key) : NULL;
    if (!param || json_object_get(out, key))
        return;
    json_t *row = report_json_object(json);
    report_json_set_text(json, row, "default", param->default_text);
    report_json_set_text(json, row, "unit", param->unit);
    report_json_set_text(json, row, "grade", param->grade);
    report_json_set_text(json, row, "label", param->label);
    report_json_set_text(json, row, "doc", param->doc);
    report_json_set(json, out, key, row);
}

static json_t *exact_json(struct report_json *json, const struct report_page *self)
{
    json_t *out = report_json_object(json), *results = report_json_array(json);
    json_t *parameters = report_json_object(json);
    for (size_t k = 0; k < self->n_sources; k++) {
        const struct report_page_source *source = &self->sources[k];
        const struct store_provenance *provenance = source->provenance;
        report_json_append(json, results, source_json(json, source));
        for (size_t i = 0; i < provenance->n_attributes; i++)
            add_parameter(json, parameters, provenance->attributes[i].name);
        for (size_t i = 0; i < source->dataset->n_vars; i++)
            add_parameter(json, parameters, source->dataset->vars[i].name);
    }
    report_json_set(json, out, "title",
                    self->title ? report_json_text(json, self->title) : json_null());
    report_json_set(json, out, "results", results);
    report_json_set(json, out, "parameters", parameters);
    return out;
}

static json_t *figures_json(struct report_json *json, const struct report_page *self)
{
    json_t *out = report_json_array(json);
    for (size_t k = 0; k < self->n_sources; k++)
        report_json_append(json, out, vars_json(json, self->sources[k].dataset, true));
    return out;
}

static size_t figure_digits(const struct report_page *self)
{
    for (size_t k = 0; k < self->n_sources; k++)
        if (dataset_dim(self->sources[k].dataset, "scenario"))
            return SWEEP_DIGITS;
    return FULL_DIGITS;
}

/* One value of the object that a page's data are. */
static void put_value(struct report_json *json, const char *name, json_t *value, size_t digits,
                      FILE *out, struct err *err)
{
    char *text = report_json_dump(json, value, JSON_COMPACT | JSON_REAL_PRECISION(digits), err);
    fprintf(out, "\"%s\":", name);
    if (text)
        report_json_write(text, true, out); /* the caller looks at the stream */
    free(text);
}

enum err_code report_page_json(const struct report_page *self, FILE *out, struct err *err)
{
    struct report_json json = {0};
    fputs("{", out);
    put_value(&json, "exact", exact_json(&json, self), FULL_DIGITS, out, err);
    fputs(",", out);
    put_value(&json, "figures", figures_json(&json, self), figure_digits(self), out, err);
    fputs("}", out);
    return err->code;
}
