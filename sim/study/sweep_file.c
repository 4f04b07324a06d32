/* A sweep file: one row for each key that it may have.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/file.h>
#include <retake/config/params.h>

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sweep_design.h"
#include "sweep_where.h"

enum { MAX_SETS = 2000, ASSIGNMENT_BYTES = CONFIG_LIST_BYTES + 512 };

/* ---- what all files of a sweep use ---- */

enum err_code study_sweep_refuse(const struct study_sweep *self, size_t line, size_t column,
                                 const char *key, struct err *err, enum err_code code,
                                 const char *format, ...)
{
    char message[700];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    if (line == 0)
        return err_set(err, code, "%s: %.200s: %s", self->path, key, message);
    return err_set(err, code, "%s:%zu:%zu: %.200s: %s", self->path, line, column, key, message);
}

enum err_code study_sweep_memory(const void *memory, struct err *err)
{
    return memory ? ERR_OK : err_set(err, ERR_MEMORY, "no memory for a sweep");
}

bool study_sweep_number(const char *text, double *out)
{
    char *end;
    if (strspn(text, "+-.0123456789eE") != strlen(text))
        return false;
    errno = 0;
    *out = strtod(text, &end);
    return end != text && *end == '\0' && isfinite(*out);
}

void study_sweep_format(double value, char text[32])
{
    if (value == nearbyint(value) && fabs(value) < 1e15) {
        snprintf(text, 32, "%.0f", value);
        return;
    }
    for (int digits = 1; digits <= 17; digits++) {
        snprintf(text, 32, "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            return;
    }
}

const char *study_sweep_text(const struct yaml_node *node, struct arena *arena)
{
    if (node->kind == YAML_KIND_SCALAR)
        return arena_text(arena, node->text, strlen(node->text));
    size_t n = 3, at = 1;
    for (const struct yaml_node *child = node->first; child; child = child->next)
        n += (child->text ? strlen(child->text) : 0) + 2;
    char *text = node->kind == YAML_KIND_LIST ? arena_alloc(arena, n) : NULL;
    if (!text)
        return NULL;
    text[0] = '[';
    for (const struct yaml_node *child = node->first; child; child = child->next)
        at += (size_t)snprintf(text + at, n - at, "%s%s", child->text ? child->text : "",
                               child->next ? ", " : "");
    snprintf(text + at, n - at, "]");
    return text;
}

static enum err_code add_set(struct study_sweep *self, const char *assignment,
                             struct study_place place, struct err *err)
{
    if (self->n_sets == MAX_SETS)
        return err_set(err, ERR_INPUT, "%s: set: more than %d values", self->path, MAX_SETS);
    const char *copy = arena_text(&self->arena, assignment, strlen(assignment));
    if (study_sweep_memory(copy, err) != ERR_OK)
        return err->code;
    self->set_places[self->n_sets] = place;
    self->sets[self->n_sets++] = copy;
    return ERR_OK;
}

enum err_code study_sweep_set(struct study_sweep *self, const char *assignment, struct err *err)
{
    return add_set(self, assignment, (struct study_place){0, 0}, err);
}

/* ---- keys ---- */

static enum err_code refuse(const struct study_sweep *self, const struct yaml_node *node,
                            const char *expected, struct err *err)
{
    return study_sweep_refuse(self, node->line, node->column, node->key, err, ERR_INPUT,
                              "expected %s", expected);
}

static enum err_code read_text(struct study_sweep *self, const struct yaml_node *node,
                               const char **out, struct err *err)
{
    if (node->kind != YAML_KIND_SCALAR || config_yaml_is_null(node))
        return refuse(self, node, "a text", err);
    return study_sweep_memory(*out = arena_text(&self->arena, node->text, strlen(node->text)), err);
}

static enum err_code read_title(struct study_sweep *self, const struct yaml_node *node,
                                struct err *err)
{
    return read_text(self, node, &self->title, err);
}

static enum err_code read_base(struct study_sweep *self, const struct yaml_node *node,
                               struct err *err)
{
    const char *name;
    if (read_text(self, node, &name, err) != ERR_OK)
        return err->code;
    return study_sweep_memory(self->base_path = file_relative_to(self->path, name, &self->arena),
                              err);
}

/* Nested or dotted keys; recursion is as deep as the tree. */
static enum err_code read_sets(struct study_sweep *self, const struct yaml_node *mapping,
                               const char *path, struct err *err)
{
    for (const struct yaml_node *node = mapping->first; node; node = node->next) {
        char key[512], assignment[ASSIGNMENT_BYTES];
        snprintf(key, sizeof key, "%s", path);
        if (!config_path_append(key, sizeof key, node->key, node->kind == YAML_KIND_MAPPING))
            return refuse(self, node, "a shorter key", err);
        if (node->kind == YAML_KIND_MAPPING) {
            if (read_sets(self, node, key, err) != ERR_OK)
                return err->code;
            continue;
        }
        if (config_yaml_is_null(node))
            return study_sweep_refuse(self, node->key_line, node->key_column, key, err, ERR_INPUT,
                                      "has no value");
        const char *text = study_sweep_text(node, &self->arena);
        if (study_sweep_memory(text, err) != ERR_OK)
            return err->code;
        snprintf(assignment, sizeof assignment, "%s=%s", key, text);
        if (add_set(self, assignment, (struct study_place){node->line, node->column}, err) !=
            ERR_OK)
            return err->code;
    }
    return ERR_OK;
}

static enum err_code read_set(struct study_sweep *self, const struct yaml_node *node,
                              struct err *err)
{
    if (node->kind != YAML_KIND_MAPPING)
        return refuse(self, node, "a mapping of parameters to values", err);
    return read_sets(self, node, "", err);
}

static enum err_code read_axes(struct study_sweep *self, const struct yaml_node *node,
                               struct err *err)
{
    return study_sweep_read_axes(self, node, err);
}

static enum err_code read_flag(struct study_sweep *self, const struct yaml_node *node, bool *out,
                               struct err *err)
{
    bool yes = node->kind == YAML_KIND_SCALAR && strcmp(node->text, "true") == 0;
    if (!yes && (node->kind != YAML_KIND_SCALAR || strcmp(node->text, "false") != 0))
        return refuse(self, node, "true or false", err);
    *out = yes;
    return ERR_OK;
}

static enum err_code read_common(struct study_sweep *self, const struct yaml_node *node,
                                 struct err *err)
{
    return read_flag(self, node, &self->common_random_numbers, err);
}

static enum err_code read_compare(struct study_sweep *self, const struct yaml_node *node,
                                  struct err *err)
{
    const char *word = node->kind == YAML_KIND_SCALAR ? node->text : "";
    self->compares = strcmp(word, "base") == 0;
    if (!self->compares && strcmp(word, "none") != 0)
        return refuse(self, node, "base or none", err);
    return ERR_OK;
}

/* A list of texts. @param what  for the message */
static enum err_code read_list(struct study_sweep *self, const struct yaml_node *node,
                               const char *what, const char *const **out, size_t *n_out,
                               struct err *err)
{
    size_t n = 0;
    if (node->kind != YAML_KIND_LIST)
        return refuse(self, node, what, err);
    const char **names = arena_alloc(&self->arena, (node->n_children + 1) * sizeof *names);
    if (study_sweep_memory(names, err) != ERR_OK)
        return err->code;
    for (const struct yaml_node *child = node->first; child; child = child->next) {
        if (child->kind != YAML_KIND_SCALAR)
            return study_sweep_refuse(self, child->line, child->column, node->key, err, ERR_INPUT,
                                      "expected %s", what);
        if (study_sweep_memory(names[n++] = study_sweep_text(child, &self->arena), err) != ERR_OK)
            return err->code;
    }
    *out = names;
    *n_out = n;
    return ERR_OK;
}

static enum err_code read_sensitivity(struct study_sweep *self, const struct yaml_node *node,
                                      struct err *err)
{
    return read_list(self, node, "a list of statistics, quoted", &self->sensitivity,
                     &self->n_sensitivity, err);
}

static enum err_code read_outputs(struct study_sweep *self, const struct yaml_node *node,
                                  struct err *err)
{
    self->all_outputs = node->kind == YAML_KIND_SCALAR && strcmp(node->text, "all") == 0;
    if (self->all_outputs)
        return ERR_OK;
    return read_list(self, node, "all, or a list of variables", &self->outputs, &self->n_outputs,
                     err);
}

/* candidates, seed and sessions are parameters of the engine under short names. */
static enum err_code read_engine(struct study_sweep *self, const struct yaml_node *node,
                                 struct err *err)
{
    char assignment[256];
    if (node->kind != YAML_KIND_SCALAR || config_yaml_is_null(node))
        return refuse(self, node, "a value", err);
    snprintf(assignment, sizeof assignment, "engine.%s=%.100s", node->key, node->text);
    return add_set(self, assignment, (struct study_place){node->line, node->column}, err);
}

static const struct {
    const char *key;
    enum err_code (*read)(struct study_sweep *, const struct yaml_node *, struct err *);
} keys[] = {
    {"title", read_title},
    {"base", read_base},
    {"set", read_set},
    {"axes", read_axes},
    {"design", study_design_read},
    {"where", study_where_read},
    {"sessions", read_engine},
    {"common_random_numbers", read_common},
    {"compare", read_compare},
    {"outputs", read_outputs},
    {"sensitivity", read_sensitivity},
    {"candidates", read_engine},
    {"seed", read_engine},
};
enum { N_KEYS = sizeof keys / sizeof *keys };

static const char *nearest_key(const char *key)
{
    const char *words[N_KEYS];
    for (size_t k = 0; k < N_KEYS; k++)
        words[k] = keys[k].key;
    return config_nearest_word(key, words, N_KEYS);
}

static bool is_key(const char *name)
{
    bool is_known = nearest_key(name);
    for (size_t k = 0; k < N_KEYS; k++)
        is_known = is_known || strcmp(keys[k].key, name) == 0;
    return is_known;
}

static enum err_code refuse_key(const struct study_sweep *self, const struct yaml_node *node,
                                struct err *err)
{
    const char *near = nearest_key(node->key);
    return study_sweep_refuse(self, node->key_line, node->key_column, node->key, err, ERR_INPUT,
                              "unknown key%s%s%s", near ? "; did you mean '" : "", near ? near : "",
                              near ? "'?" : "");
}

/* The axes come first: conditions and designs speak of them. */
static enum err_code read_all(struct study_sweep *self, const struct yaml_node *root,
                              struct err *err)
{
    const struct yaml_node *axes = config_yaml_child(root, "axes");
    self->sets = arena_alloc(&self->arena, MAX_SETS * sizeof *self->sets);
    self->set_places = arena_alloc(&self->arena, MAX_SETS * sizeof *self->set_places);
    if (study_sweep_memory(self->sets && self->set_places ? self : NULL, err) != ERR_OK ||
        study_sweep_read_axes(self, axes, err) != ERR_OK)
        return err->code;
    for (const struct yaml_node *node = root->first; node; node = node->next) {
        size_t k = 0;
        while (k < N_KEYS && strcmp(keys[k].key, node->key) != 0)
            k++;
        if (k == N_KEYS)
            return refuse_key(self, node, err);
        if (node != axes && keys[k].read(self, node, err) != ERR_OK)
            return err->code;
    }
    if (!self->base_path)
        return err_set(err, ERR_INPUT, "%s: base: missing: the scenario that policies differ from",
                       self->path);
    return study_design_complete(self, err);
}

enum err_code study_sweep_load(const char *path, struct study_sweep *self, struct err *err)
{
    static const struct yaml_wanted wanted = {"a sweep", is_key};
    struct file_text text;
    struct yaml_node *root;
    *self = (struct study_sweep){.common_random_numbers = true, .compares = true, .title = ""};
    self->path = arena_text(&self->arena, path, strlen(path));
    self->inputs = arena_alloc(&self->arena, sizeof *self->inputs);
    if (study_sweep_memory(self->path, err) != ERR_OK ||
        study_sweep_memory(self->inputs, err) != ERR_OK ||
        file_read(path, YAML_MAX_BYTES, &self->arena, &text, err) != ERR_OK ||
        config_yaml_parse(path, text.bytes, text.n_bytes, &wanted, &self->arena, &root, err) !=
            ERR_OK)
        return err->code;
    self->text = text.bytes;
    self->inputs->is_shared = true;
    return read_all(self, root, err);
}

void study_sweep_free(struct study_sweep *self)
{
    if (self->inputs)
        config_inputs_free(self->inputs);
    arena_free(&self->arena);
    *self = (struct study_sweep){0};
}

/* ---- policies ---- */

/* KEY=VALUE. What is empty was a text in quotes: without any it would be no value. */
static void assignment_print(const char *key, const char *value, char text[ASSIGNMENT_BYTES])
{
    snprintf(text, ASSIGNMENT_BYTES, "%s=%s", key, *value ? value : "''");
}

enum err_code study_sweep_assign(struct scenario *scenario, const char *key, const char *value,
                                 struct err *reason)
{
    char assignment[ASSIGNMENT_BYTES], head[ASSIGNMENT_BYTES + 16];
    struct err told = {0};
    assignment_print(key, value, assignment);
    if (config_scenario_set(scenario, assignment, &told) == ERR_OK)
        return ERR_OK;
    int n = snprintf(head, sizeof head, "--set %s: ", assignment);
    bool is_headed = strncmp(told.detail, head, (size_t)n) == 0;
    return err_set(reason, told.code, "%s", told.detail + (is_headed ? n : 0));
}

/* What the command line set says so itself; what the file set has its place. */
static enum err_code apply_set(const struct study_sweep *self, size_t k, struct scenario *out,
                               struct err *err)
{
    const char *set = self->sets[k];
    char key[512];
    size_t n_key = strcspn(set, "=");
    struct err reason = {0};
    if (self->set_places[k].line == 0)
        return config_scenario_set(out, set, err);
    snprintf(key, sizeof key, "%.*s", (int)n_key, set);
    if (study_sweep_assign(out, key, set + n_key + 1, &reason) == ERR_OK)
        return ERR_OK;
    return study_sweep_refuse(self, self->set_places[k].line, self->set_places[k].column, key, err,
                              reason.code, "%s", reason.detail);
}

enum err_code study_sweep_base(const struct study_sweep *self, struct scenario *out,
                               struct err *err)
{
    const struct config_input *file;
    *out = (struct scenario){0};
    if (config_inputs_look(self->inputs, self->base_path, YAML_MAX_BYTES, &file, err) != ERR_OK)
        return err->code;
    if (file->failure.code)
        return err_set(err, file->failure.code, "%s", file->failure.detail);
    if (config_scenario_parse(file->path, file->text.bytes, file->text.n_bytes, out, err) != ERR_OK)
        return err->code;
    out->inputs = self->inputs;
    out->rules = self->rules;
    out->rules_digest = self->rules_digest;
    for (size_t k = 0; k < self->n_sets; k++)
        if (apply_set(self, k, out, err) != ERR_OK)
            return err->code;
    return ERR_OK;
}

/* Policies that do not share random numbers have seeds of their own. */
static void spread_seed(struct scenario *self, size_t point)
{
    uint64_t x = (uint64_t)self->engine_seed + UINT64_C(0x9e3779b97f4a7c15) * (point + 1);
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    self->engine_seed = (int64_t)((x ^ (x >> 31)) >> 1);
}

enum err_code study_sweep_policy(const struct study_sweep *self, size_t point, struct scenario *out,
                                 struct err *err)
{
    if (study_sweep_base(self, out, err) != ERR_OK)
        return err->code;
    const char *const *values = self->values + point * self->n_columns;
    for (size_t k = 0; k < self->n_columns; k++) {
        char assignment[ASSIGNMENT_BYTES];
        assignment_print(self->columns[k].key, values[k], assignment);
        if (config_scenario_set(out, assignment, err) != ERR_OK)
            return err->code;
    }
    if (!self->common_random_numbers)
        spread_seed(out, point);
    return ERR_OK;
}
