/* A dataset and its provenance as one JSON object. jansson writes reals with 17 significant digits,
 * which round-trip; what JSON cannot say (NaN, infinity, text that is not UTF-8) is null.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/report/summary.h>

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

static json_t *json_of_real(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *json_of_text(const char *text)
{
    json_t *json = json_string(text);
    return json ? json : json_null();
}

/* Values of a dimension or a variable at index i. */
struct values {
    enum dataset_type type;
    const double *real;
    const int64_t *count;
    const char *const *text;
};

static json_t *json_of_value(const struct values *self, size_t i)
{
    if (self->type == DATASET_REAL)
        return json_of_real(self->real[i]);
    if (self->type == DATASET_COUNT)
        return json_integer(self->count[i]);
    return json_of_text(self->text[i]);
}

/* Nested arrays, row-major; *next is the index of the next value. NULL when memory is out. */
static json_t *json_of_array(const struct values *self, const size_t *extent, size_t n_dims,
                             size_t *next)
{
    if (n_dims == 0)
        return json_of_value(self, (*next)++);
    json_t *array = json_array();
    for (size_t i = 0; array && i < extent[0]; i++)
        if (json_array_append_new(array, json_of_array(self, extent + 1, n_dims - 1, next)) != 0) {
            json_decref(array);
            array = NULL;
        }
    return array;
}

static bool add(json_t *object, const char *name, const struct values *values, const size_t *extent,
                size_t n_dims)
{
    size_t next = 0;
    return json_object_set_new_nocheck(object, name,
                                       json_of_array(values, extent, n_dims, &next)) == 0;
}

static bool add_dim(json_t *object, const struct dataset_dim *dim)
{
    const struct values values = {dim->type, dim->real, dim->count, dim->text};
    const struct values edges = {.type = DATASET_REAL, .real = dim->bounds};
    const size_t extent[] = {dim->n, 2};
    char name[256];
    snprintf(name, sizeof name, "%s_bounds", dim->name);
    return add(object, dim->name, &values, extent, 1) &&
           (!dim->bounds || add(object, name, &edges, extent, 2));
}

static bool add_var(json_t *object, const struct dataset *dataset, const struct dataset_var *var)
{
    const struct values values = {
        .type = var->type, .real = var->real, .count = var->count, .text = var->text};
    size_t extent[DATASET_MAX_DIMS];
    for (size_t i = 0; i < var->n_dims; i++)
        extent[i] = dataset->dims[var->dim[i]].n;
    return add(object, var->name, &values, extent, var->n_dims);
}

static bool add_attributes(json_t *object, const struct store_provenance *provenance)
{
    json_t *attributes = json_object();
    if (json_object_set_new_nocheck(object, "attributes", attributes) != 0)
        return false;
    for (size_t i = 0; i < provenance->n_attributes; i++) {
        const struct store_attribute *from = &provenance->attributes[i];
        json_t *value = from->text ? json_of_text(from->text) : json_of_real(from->number);
        if (json_object_set_new(attributes, from->name, value) != 0)
            return false;
    }
    return true;
}

static bool add_all(json_t *object, const struct dataset *dataset,
                    const struct store_provenance *provenance)
{
    for (size_t i = 0; i < dataset->n_dims; i++)
        if (!add_dim(object, &dataset->dims[i]))
            return false;
    for (size_t i = 0; i < dataset->n_vars; i++)
        if (!add_var(object, dataset, &dataset->vars[i]))
            return false;
    return add_attributes(object, provenance);
}

enum err_code report_summary_json(const struct dataset *dataset,
                                  const struct store_provenance *provenance, FILE *out,
                                  struct err *err)
{
    json_t *object = json_object();
    errno = 0;
    if (!object || !add_all(object, dataset, provenance))
        err_set(err, ERR_MEMORY, "no memory for the JSON");
    else if (json_dumpf(object, out, JSON_COMPACT) != 0 || fputc('\n', out) == EOF)
        err_set(err, ERR_IO, "cannot write the JSON: %s", strerror(errno ? errno : EIO));
    json_decref(object);
    return err->code;
}
