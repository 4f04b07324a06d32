/* A dataset and its provenance as one JSON object. jansson writes reals with 17 significant digits,
 * which round-trip; what JSON cannot say (NaN, infinity, text that is not UTF-8) is null.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/report/summary.h>
#include <retake/tally/rate_interval.h>

#include <math.h>
#include <stdio.h>

#include "json_out.h"

/* Values of a dimension or a variable at index i. */
struct values {
    enum dataset_type type;
    const double *real;
    const int64_t *count;
    const char *const *text;
};

static json_t *value_json(struct report_json *json, const struct values *self, size_t i)
{
    if (self->type == DATASET_REAL)
        return report_json_number(json, self->real[i]);
    if (self->type == DATASET_COUNT)
        return report_json_count(json, self->count[i]);
    return report_json_text(json, self->text[i]);
}

/* Nested arrays, row-major; *next is the index of the next value. */
static json_t *array_json(struct report_json *json, const struct values *self, const size_t *extent,
                          size_t n_dims, size_t *next)
{
    if (n_dims == 0)
        return value_json(json, self, (*next)++);
    json_t *array = report_json_array(json);
    for (size_t i = 0; i < extent[0] && !json->err.code; i++)
        report_json_append(json, array, array_json(json, self, extent + 1, n_dims - 1, next));
    return array;
}

static void set_values(struct report_json *json, json_t *object, const char *name,
                       const struct values *values, const size_t *extent, size_t n_dims)
{
    size_t next = 0;
    report_json_set(json, object, name, array_json(json, values, extent, n_dims, &next));
}

static void set_dim(struct report_json *json, json_t *object, const struct dataset_dim *dim)
{
    const struct values values = {dim->type, dim->real, dim->count, dim->text};
    const struct values edges = {.type = DATASET_REAL, .real = dim->bounds};
    const size_t extent[] = {dim->n, 2};
    char name[256];
    snprintf(name, sizeof name, "%s_bounds", dim->name);
    set_values(json, object, dim->name, &values, extent, 1);
    if (dim->bounds)
        set_values(json, object, name, &edges, extent, 2);
}

static void set_var(struct report_json *json, json_t *object, const struct dataset *dataset,
                    const struct dataset_var *var)
{
    const struct values values = {
        .type = var->type, .real = var->real, .count = var->count, .text = var->text};
    size_t extent[DATASET_MAX_DIMS];
    for (size_t i = 0; i < var->n_dims; i++)
        extent[i] = dataset->dims[var->dim[i]].n;
    set_values(json, object, var->name, &values, extent, var->n_dims);
}

/* The limits of a rate: by its standard error, or where that says nothing those of
 * tally/rate_interval.h. */
static void set_limit(struct report_json *json, json_t *object, const struct dataset *dataset,
                      const struct dataset_var *rate, bool is_high, struct arena *arena)
{
    const struct dataset_var *error = dataset_var(dataset, rate->ancillary);
    double *limit = arena_alloc(arena, rate->n * sizeof *limit);
    if (!limit)
        err_set(&json->err, ERR_MEMORY, "no memory for limits");
    if (!limit || !error || error->type != DATASET_REAL || error->n != rate->n)
        return;
    for (size_t i = 0; i < rate->n; i++) {
        const struct tally_interval exact = tally_rate_interval(dataset, rate, i);
        double half = 1.959963984540054 * error->real[i], value = rate->real[i];
        double near = is_high ? fmin(value + half, 1) : fmax(value - half, 0);
        limit[i] = isfinite(exact.low) ? (is_high ? exact.high : exact.low)
                   : half > 0          ? near
                                       : (double)NAN;
    }
    struct dataset_var limits = *rate;
    limits.name = is_high ? "high" : "low";
    limits.real = limit;
    set_var(json, object, dataset, &limits);
}

static json_t *intervals_json(struct report_json *json, const struct dataset *dataset)
{
    json_t *out = report_json_object(json);
    struct arena arena = {0};
    for (size_t i = 0; i < dataset->n_vars; i++) {
        const struct dataset_var *var = &dataset->vars[i];
        if (!var->ancillary || !tally_rate_is_known(dataset, var))
            continue;
        json_t *both = report_json_object(json);
        set_limit(json, both, dataset, var, false, &arena);
        set_limit(json, both, dataset, var, true, &arena);
        report_json_set(json, out, var->name, both);
    }
    arena_free(&arena);
    return out;
}

static json_t *result_json(struct report_json *json, const struct dataset *dataset,
                           const struct store_provenance *provenance)
{
    json_t *out = report_json_object(json);
    for (size_t i = 0; i < dataset->n_dims; i++)
        set_dim(json, out, &dataset->dims[i]);
    for (size_t i = 0; i < dataset->n_vars; i++)
        set_var(json, out, dataset, &dataset->vars[i]);
    report_json_set(json, out, "intervals", intervals_json(json, dataset));
    report_json_set(json, out, "attributes", report_attributes_json(json, provenance));
    report_json_set(json, out, "policy", report_policy_json(json, provenance));
    report_json_set(json, out, "evidence",
                    report_evidence_json(json, provenance, report_json_text));
    return out;
}

enum err_code report_summary_json(const struct dataset *dataset,
                                  const struct store_provenance *provenance, FILE *out,
                                  struct err *err)
{
    struct report_json json = {0};
    return report_json_print(&json, result_json(&json, dataset, provenance), JSON_COMPACT, out,
                             err);
}
