/* Axes of a sweep file: lists, ranges, distributions, and several parameters that move together.
 * SPDX-License-Identifier: Apache-2.0 */
#include "sweep_parts.h"

#include <retake/config/params.h>
#include <retake/config/reference.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MAX_AXES = 200, MAX_COLUMNS = 1000, MAX_VALUES = 1000000 };

/* An axis as it is read. */
struct reading {
    struct study_sweep *sweep;
    struct study_axis *axis;
    const struct yaml_node *node; /* its value */
    struct err *err;
};

static enum err_code refuse(const struct reading *self, const struct yaml_node *at,
                            const char *message)
{
    return study_sweep_refuse(self->sweep, at->line, at->column, self->axis->name, self->err,
                              ERR_INPUT, "%s", message);
}

size_t study_sweep_column(const struct study_sweep *self, const char *key)
{
    size_t k = 0;
    while (k < self->n_columns && strcmp(self->columns[k].key, key) != 0)
        k++;
    return k;
}

/* HDF5 keeps the slash to itself, the CF conventions blanks. */
static const char *name_of(const char *key, struct arena *arena)
{
    char *name = arena_text(arena, key, strlen(key));
    for (char *p = name; p && *p; p++)
        if (strchr(" /", *p))
            *p = '_';
    return name;
}

static bool has_column_named(const struct study_sweep *self, const char *name)
{
    for (size_t k = 0; k < self->n_columns; k++)
        if (strcmp(self->columns[k].name, name) == 0)
            return true;
    return false;
}

enum err_code study_sweep_add_column(struct study_sweep *self, const char *written, size_t line,
                                     size_t column, struct err *err)
{
    char hint[256], tidy[512];
    const char *key = written, *name;
    if (config_path_tidy(written, tidy, sizeof tidy))
        key = arena_text(&self->arena, tidy, strlen(tidy));
    name = key ? name_of(key, &self->arena) : NULL;
    if (study_sweep_memory(name, err) != ERR_OK)
        return err->code;
    const struct param *param = config_param_find(key);
    if (!param) {
        config_reference_hint(key, hint, sizeof hint);
        return study_sweep_refuse(self, line, column, key, err, ERR_INPUT, "unknown key%s", hint);
    }
    if (strcmp(key, "engine.candidates") == 0)
        return study_sweep_refuse(self, line, column, key, err, ERR_INPUT,
                                  "no axis: all policies see the same candidates");
    if (strcmp(key, "engine.sessions") == 0)
        return study_sweep_refuse(self, line, column, key, err, ERR_INPUT,
                                  "no axis: all policies of a sweep are made in the same way");
    if (study_sweep_column(self, key) < self->n_columns)
        return study_sweep_refuse(self, line, column, key, err, ERR_INPUT, "set by two axes");
    if (has_column_named(self, name))
        return study_sweep_refuse(self, line, column, key, err, ERR_INPUT,
                                  "another axis is %s in the results too", name);
    if (self->n_columns == MAX_COLUMNS)
        return study_sweep_refuse(self, line, column, key, err, ERR_INPUT,
                                  "more than %d parameters", MAX_COLUMNS);
    self->columns[self->n_columns++] = (struct study_column){.key = key,
                                                             .name = name,
                                                             .axis = self->n_axes - 1,
                                                             .is_whole = param->type == PARAM_COUNT,
                                                             .is_number = true};
    self->axes[self->n_axes - 1].n_columns++;
    return ERR_OK;
}

/* ---- lists and ranges ---- */

static const char **reserve(struct reading *self, size_t n)
{
    const char **values = arena_alloc(&self->sweep->arena, n * sizeof *values);
    study_sweep_memory(values, self->err);
    return values;
}

static struct study_place *reserve_places(struct reading *self, size_t n)
{
    struct study_place *places = arena_alloc(&self->sweep->arena, n * sizeof *places);
    study_sweep_memory(places, self->err);
    return places;
}

/* One value or label, as text. */
static enum err_code read_value(struct reading *self, const struct yaml_node *node,
                                const char **out)
{
    if (node->kind == YAML_KIND_MAPPING || config_yaml_is_null(node))
        return refuse(self, node, "expected a value");
    return study_sweep_memory(*out = study_sweep_text(node, &self->sweep->arena), self->err);
}

static enum err_code read_list(struct reading *self, const struct yaml_node *list)
{
    size_t n = 0;
    if (list->kind != YAML_KIND_LIST || list->n_children == 0)
        return refuse(self, list, "expected a list of values");
    const char **values = reserve(self, list->n_children);
    struct study_place *places = reserve_places(self, list->n_children);
    for (const struct yaml_node *node = list->first; node && values && places; node = node->next) {
        places[n] = (struct study_place){node->line, node->column};
        if (read_value(self, node, &values[n++]) != ERR_OK)
            return self->err->code;
    }
    self->axis->n_values = n;
    self->axis->values = values;
    self->axis->places = places;
    return self->err->code;
}

/* The named numbers of a mapping that has no other keys. NaN where absent. */
static enum err_code read_numbers(struct reading *self, const struct yaml_node *mapping,
                                  const char *const *names, size_t n, double *out)
{
    for (size_t k = 0; k < n; k++)
        out[k] = NAN;
    for (const struct yaml_node *node = mapping->first; node; node = node->next) {
        size_t k = 0;
        while (k < n && strcmp(node->key, names[k]) != 0)
            k++;
        const char *near = k < n ? NULL : config_nearest_word(node->key, names, n);
        if (k == n)
            return study_sweep_refuse(
                self->sweep, node->key_line, node->key_column, self->axis->name, self->err,
                ERR_INPUT, "unknown key '%.60s'%s%s%s", node->key, near ? "; did you mean '" : "",
                near ? near : "", near ? "'?" : "");
        if (node->kind != YAML_KIND_SCALAR || !study_sweep_number(node->text, &out[k]))
            return refuse(self, node, "expected a number");
    }
    return ERR_OK;
}

static enum err_code fill_range(struct reading *self, double from, double step, size_t n)
{
    const char **values = reserve(self, n);
    for (size_t k = 0; values && k < n; k++) {
        char text[32];
        /* 0.1 + 2 * 0.1 is not what anyone means: twelve digits are */
        snprintf(text, sizeof text, "%.12g", from + (double)k * step);
        values[k] = arena_text(&self->sweep->arena, text, strlen(text));
        if (study_sweep_memory(values[k], self->err) != ERR_OK)
            return self->err->code;
    }
    self->axis->n_values = n;
    self->axis->values = values;
    return self->err->code;
}

static enum err_code read_range(struct reading *self)
{
    static const char *const names[] = {"from", "to", "by", "n"};
    double at[4];
    if (read_numbers(self, self->node, names, 4, at) != ERR_OK)
        return self->err->code;
    if (isnan(at[0]) || isnan(at[1]) || isnan(at[2]) == isnan(at[3]))
        return refuse(self, self->node, "a range has from, to, and either by or n");
    double n = isnan(at[3]) ? floor((at[1] - at[0]) / at[2] + 1e-9) + 1 : at[3];
    if (at[2] == 0)
        return refuse(self, config_yaml_child(self->node, "by"), "by is 0: a range needs a step");
    if (isnan(at[3]) && n < 1)
        return study_sweep_refuse(self->sweep, config_yaml_child(self->node, "by")->line,
                                  config_yaml_child(self->node, "by")->column, self->axis->name,
                                  self->err, ERR_INPUT, "%g is %s %g, so by is %s 0", at[1],
                                  at[1] < at[0] ? "below" : "above", at[0],
                                  at[1] < at[0] ? "below" : "above");
    if (!(n >= 1 && n <= (double)MAX_VALUES) || n != floor(n))
        return refuse(self, self->node, "a range has a whole number of values, from 1 to 1000000");
    double step = !isnan(at[3]) ? (n > 1 ? (at[1] - at[0]) / (n - 1) : 0) : at[2];
    return fill_range(self, at[0], step, (size_t)n);
}

/* ---- distributions ---- */

static const struct distribution {
    const char *word;
    enum study_axis_kind kind;
    size_t n;
    const char *names[3];
    size_t at[3]; /* of low, mode, high */
} distributions[] = {
    {"uniform", STUDY_AXIS_UNIFORM, 2, {"low", "high"}, {0, 2}},
    {"loguniform", STUDY_AXIS_LOGUNIFORM, 2, {"low", "high"}, {0, 2}},
    {"normal", STUDY_AXIS_NORMAL, 2, {"mean", "sd"}, {0, 2}},
    {"triangular", STUDY_AXIS_TRIANGULAR, 3, {"low", "mode", "high"}, {0, 1, 2}},
};

static bool is_sound(const struct study_axis *self)
{
    switch (self->kind) {
    case STUDY_AXIS_NORMAL:
        return self->high > 0;
    case STUDY_AXIS_LOGUNIFORM:
        return self->low > 0 && self->low < self->high;
    case STUDY_AXIS_TRIANGULAR:
        return self->low < self->high && self->low <= self->mode && self->mode <= self->high;
    default:
        return self->low < self->high;
    }
}

static enum err_code read_distribution(struct reading *self, const struct distribution *row)
{
    const struct yaml_node *node = self->node->first;
    double numbers[3] = {NAN, NAN, NAN},
           *out[] = {&self->axis->low, &self->axis->mode, &self->axis->high};
    if (node->kind == YAML_KIND_MAPPING &&
        read_numbers(self, node, row->names, row->n, numbers) != ERR_OK)
        return self->err->code;
    size_t k = 0;
    for (const struct yaml_node *child = node->first;
         node->kind == YAML_KIND_LIST && child && k < 3; child = child->next)
        if (child->kind != YAML_KIND_SCALAR || !study_sweep_number(child->text, &numbers[k++]))
            return refuse(self, child, "expected a number");
    for (k = 0; k < row->n; k++)
        *out[row->at[k]] = numbers[k];
    self->axis->kind = row->kind;
    bool complete = node->n_children == row->n;
    for (k = 0; k < row->n; k++)
        complete = complete && isfinite(numbers[k]);
    if (complete && is_sound(self->axis))
        return ERR_OK;
    return study_sweep_refuse(self->sweep, node->line, node->column, self->axis->name, self->err,
                              ERR_INPUT, "%s needs %s, %s%s%s%s", row->word, row->names[0],
                              row->names[1], row->n > 2 ? ", " : "",
                              row->n > 2 ? row->names[2] : "",
                              row->kind == STUDY_AXIS_NORMAL       ? "; sd above 0"
                              : row->kind == STUDY_AXIS_LOGUNIFORM ? ", rising and above 0"
                                                                   : ", rising");
}

/* ---- several parameters together ---- */

static enum err_code read_compound_row(struct reading *self, const struct yaml_node *row,
                                       const char **to, struct study_place *places)
{
    if (row->kind != YAML_KIND_LIST || row->n_children != self->axis->n_columns)
        return refuse(self, row, "expected a list with one value for each key of sets");
    for (const struct yaml_node *node = row->first; node; node = node->next) {
        *places++ = (struct study_place){node->line, node->column};
        if (read_value(self, node, to++) != ERR_OK)
            return self->err->code;
    }
    return ERR_OK;
}

static enum err_code refuse_label_twice(const struct reading *self, const struct yaml_node *labels)
{
    size_t first, again;
    const struct yaml_node *node = labels->first;
    if (!study_values_repeat(self->axis->labels, labels->n_children, &first, &again, self->err))
        return self->err->code;
    for (size_t k = 0; k < again; k++)
        node = node->next;
    return study_sweep_refuse(self->sweep, node->line, node->column, self->axis->name, self->err,
                              ERR_INPUT, "the label '%.80s' is there twice: of values %zu and %zu",
                              self->axis->labels[again], first + 1, again + 1);
}

static enum err_code read_labels(struct reading *self, const struct yaml_node *labels)
{
    size_t n = 0;
    if (labels->kind != YAML_KIND_LIST || labels->n_children != self->axis->n_values)
        return refuse(self, labels, "expected one label for each of the values");
    const char **texts = reserve(self, labels->n_children);
    for (const struct yaml_node *node = labels->first; node && texts; node = node->next)
        if (read_value(self, node, &texts[n++]) != ERR_OK)
            return self->err->code;
    self->axis->labels = texts;
    return texts ? refuse_label_twice(self, labels) : self->err->code;
}

static enum err_code read_compound(struct reading *self)
{
    const struct yaml_node *sets = config_yaml_child(self->node, "sets"),
                           *values = config_yaml_child(self->node, "values"),
                           *labels = config_yaml_child(self->node, "labels");
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";
    if (self->axis->name[strspn(self->axis->name, letters)])
        return refuse(self, self->node, "the name of an axis is made of letters, digits, _ . -");
    if (config_param_find(self->axis->name))
        return refuse(self, self->node, "the name of a parameter; give the axis another name");
    if (!sets || sets->kind != YAML_KIND_LIST || !values || values->kind != YAML_KIND_LIST ||
        values->n_children == 0 || self->node->n_children != (labels ? 3 : 2))
        return refuse(self, self->node,
                      "expected sets: [KEY, ...], values: [[VALUE, ...], ...], perhaps labels: "
                      "[...]");
    for (const struct yaml_node *node = sets->first; node; node = node->next)
        if (study_sweep_add_column(self->sweep, node->text ? node->text : "", node->line,
                                   node->column, self->err) != ERR_OK)
            return self->err->code;
    const char **to = reserve(self, values->n_children * self->axis->n_columns);
    struct study_place *places = reserve_places(self, values->n_children * self->axis->n_columns);
    self->axis->values = to;
    self->axis->places = places;
    for (const struct yaml_node *node = values->first; node && to && places; node = node->next) {
        if (read_compound_row(self, node, to, places) != ERR_OK)
            return self->err->code;
        to += self->axis->n_columns;
        places += self->axis->n_columns;
    }
    self->axis->n_values = values->n_children;
    return labels && !self->err->code ? read_labels(self, labels) : self->err->code;
}

/* ---- an axis ---- */

static enum err_code read_values(struct reading *self)
{
    if (self->node->kind == YAML_KIND_LIST)
        return read_list(self, self->node);
    if (config_yaml_child(self->node, "from"))
        return read_range(self);
    const struct yaml_node *only = self->node->first;
    if (only && !only->next && strcmp(only->key, "choice") == 0) {
        self->axis->kind = STUDY_AXIS_CHOICE;
        return read_list(self, only);
    }
    for (size_t k = 0; only && !only->next && k < sizeof distributions / sizeof *distributions; k++)
        if (strcmp(only->key, distributions[k].word) == 0)
            return read_distribution(self, &distributions[k]);
    return refuse(self, self->node,
                  "expected a list, {from, to, by or n}, {sets, values}, or one of uniform, "
                  "loguniform, normal, triangular, choice");
}

/* The first parameter below a section, by its nested keys, with its value; of a list, in its first
 * element. NULL: there is none. */
static const struct yaml_node *descend(const struct yaml_node *node, char path[512])
{
    while (node && !config_param_find(path)) {
        node = node->kind == YAML_KIND_SCALAR ? NULL : node->first;
        if (node && node->key)
            config_path_append(path, 512, node->key, node->kind == YAML_KIND_MAPPING);
    }
    return node;
}

/* A section in the place of a parameter: how it is to be written. */
static enum err_code refuse_section(struct reading *self)
{
    char path[512];
    snprintf(path, sizeof path, "%s", self->axis->name);
    const struct yaml_node *value = descend(self->node, path), *node = self->node;
    if (!value || node->kind == YAML_KIND_SCALAR)
        return ERR_OK;
    if (node->kind == YAML_KIND_LIST)
        return study_sweep_refuse(self->sweep, node->line, node->column, self->axis->name,
                                  self->err, ERR_INPUT,
                                  "a section, which is no axis as a whole: write %s: [...], or "
                                  "several keys that move together, NAME: {sets: [%s, ...], "
                                  "values: [[...], ...]}",
                                  path, path);
    const char *text = study_sweep_text(value, &self->sweep->arena);
    return study_sweep_refuse(self->sweep, node->line, node->column, self->axis->name, self->err,
                              ERR_INPUT, "the keys of axes are dotted: write %s: %.200s", path,
                              text ? text : "{...}");
}

static enum err_code read_axis(struct study_sweep *sweep, const struct yaml_node *node,
                               struct err *err)
{
    if (sweep->n_axes == MAX_AXES)
        return study_sweep_refuse(sweep, node->key_line, node->key_column, "axes", err, ERR_INPUT,
                                  "more than %d axes", MAX_AXES);
    struct study_axis *axis = &sweep->axes[sweep->n_axes++];
    *axis = (struct study_axis){.name = node->key,
                                .first_column = sweep->n_columns,
                                .line = node->line,
                                .column = node->column};
    struct reading reading = {sweep, axis, node, err};
    if (node->kind == YAML_KIND_SCALAR)
        return refuse(&reading, node, "expected a list, a range or a distribution");
    if (node->kind == YAML_KIND_MAPPING && config_yaml_child(node, "sets"))
        return read_compound(&reading);
    if (!config_param_find(node->key) && refuse_section(&reading) != ERR_OK)
        return err->code;
    if (study_sweep_add_column(sweep, node->key, node->key_line, node->key_column, err) != ERR_OK)
        return err->code;
    axis->name = sweep->columns[axis->first_column].key;
    return read_values(&reading);
}

enum err_code study_sweep_read_axes(struct study_sweep *self, const struct yaml_node *node,
                                    struct err *err)
{
    self->axes = arena_alloc(&self->arena, MAX_AXES * sizeof *self->axes);
    self->columns = arena_alloc(&self->arena, MAX_COLUMNS * sizeof *self->columns);
    if (study_sweep_memory(self->axes && self->columns ? self : NULL, err) != ERR_OK || !node)
        return err->code;
    if (node->kind != YAML_KIND_MAPPING)
        return study_sweep_refuse(self, node->line, node->column, "axes", err, ERR_INPUT,
                                  "expected a mapping of parameters to values");
    for (const struct yaml_node *child = node->first; child; child = child->next)
        if (read_axis(self, child, err) != ERR_OK)
            return err->code;
    return ERR_OK;
}
