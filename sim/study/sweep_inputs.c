/* Digests of what a sweep was told to do, and the files that it rests on.
 * SPDX-License-Identifier: Apache-2.0 */
#include "sweep_inputs.h"

#include <retake/base/digest.h>
#include <retake/config/csv.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void chain(char digest[33], const char *text)
{
    char joined[33 + 1024];
    int n = snprintf(joined, sizeof joined, "%s%.1000s", digest, text);
    digest_hex(joined, (size_t)n, digest);
}

void study_sweep_digest(const struct study_sweep *sweep, char digest[33])
{
    digest[0] = '\0';
    for (size_t c = 0; c < sweep->n_columns; c++)
        chain(digest, sweep->columns[c].key);
    for (size_t k = 0; k < sweep->n_points * sweep->n_columns; k++)
        chain(digest, sweep->values[k]);
    for (size_t a = 0; a < sweep->n_axes; a++)
        for (size_t v = 0; v < sweep->axes[a].n_values && sweep->axes[a].labels; v++)
            chain(digest, sweep->axes[a].labels[v]);
    for (size_t k = 0; k < sweep->n_outputs; k++)
        chain(digest, sweep->outputs[k]);
    chain(digest, sweep->all_outputs ? "all" : "some");
    chain(digest, sweep->compares ? "compared" : "not compared");
    chain(digest, sweep->common_random_numbers ? "common" : "independent");
}

static bool is_among(const char *text, const char *const *texts, size_t n)
{
    for (size_t k = 0; k < n; k++)
        if (strcmp(text, texts[k]) == 0)
            return true;
    return false;
}

/* For each file that axes name, once for each axis. */
typedef enum err_code take_file(void *context, const char *file, const char *path, struct err *err);

/* @param seen  [n_points] */
static enum err_code column_each(const struct study_sweep *sweep, size_t column,
                                 struct scenario *base, const char **seen, take_file *take,
                                 void *context, struct err *err)
{
    size_t n = 0;
    const struct param *param = config_param_find(sweep->columns[column].key);
    bool names_files = param && config_param_is_input(param);
    for (size_t k = 0; k < sweep->n_points && names_files; k++) {
        const char *file = sweep->values[k * sweep->n_columns + column];
        if (!file[0] || is_among(file, seen, n))
            continue;
        seen[n++] = file;
        const char *path = config_scenario_file_path(base, file);
        if (study_sweep_memory(path, err) != ERR_OK || take(context, file, path, err) != ERR_OK)
            return err->code;
    }
    return ERR_OK;
}

static enum err_code axes_each(const struct study_sweep *sweep, struct scenario *base,
                               take_file *take, void *context, struct err *err)
{
    const char **seen = calloc(sweep->n_points + 1, sizeof *seen);
    if (study_sweep_memory(seen, err) != ERR_OK)
        return err->code;
    for (size_t c = 0; c < sweep->n_columns && !err->code; c++)
        column_each(sweep, c, base, seen, take, context, err);
    free(seen);
    return err->code;
}

/* ---- their digest ---- */

struct digesting {
    const struct scenario *base;
    char *digest; /* [33] */
};

/* A file that cannot be read fails its policies; when it is there it counts. */
static enum err_code chain_file(void *context, const char *file, const char *path, struct err *err)
{
    const struct digesting *self = context;
    const struct config_input *input;
    if (config_inputs_look(self->base->inputs, path, CSV_MAX_BYTES, &input, err) != ERR_OK)
        return err->code;
    if (input->failure.code && input->failure.code != ERR_INPUT)
        return err_set(err, input->failure.code, "%s", input->failure.detail);
    chain(self->digest, file);
    chain(self->digest, input->failure.code ? "not there" : input->digest);
    return ERR_OK;
}

enum err_code study_sweep_files_digest(const struct study_sweep *sweep, struct scenario *base,
                                       char digest[33], struct err *err)
{
    struct digesting digesting = {base, digest};
    digest[0] = '\0';
    return axes_each(sweep, base, chain_file, &digesting, err);
}

/* ---- all of them ---- */

struct visiting {
    study_sweep_take_input *take;
    void *context;
};

static enum err_code visit_axis_file(void *context, const char *file, const char *path,
                                     struct err *err)
{
    const struct visiting *self = context;
    (void)file;
    return self->take(self->context, path, err);
}

static enum err_code visit_base_file(void *context, const struct param *param, size_t member,
                                     const char *path, struct err *err)
{
    const struct visiting *self = context;
    (void)param, (void)member;
    return self->take(self->context, path, err);
}

enum err_code study_sweep_each_input(const struct study_sweep *self, study_sweep_take_input *take,
                                     void *context, struct err *err)
{
    struct scenario base;
    struct visiting visiting = {take, context};
    if (study_sweep_base(self, &base, err) == ERR_OK &&
        take(context, self->base_path, err) == ERR_OK &&
        (!self->design_file || take(context, self->design_file, err) == ERR_OK) &&
        config_scenario_each_input(&base, visit_base_file, &visiting, err) == ERR_OK)
        axes_each(self, &base, visit_axis_file, &visiting, err);
    config_scenario_free(&base);
    return err->code;
}
