/* --set KEY=VALUE. The value is read as the YAML scalar would be; what starts as no plain scalar
 * can (a quote, a bracket, a tag, ...) is given to the YAML parser.
 * SPDX-License-Identifier: Apache-2.0 */
#include "entry.h"
#include "relocate.h"
#include "utf8.h"
#include "value.h"

#include <retake/config/params.h>

#include <string.h>

static enum err_code refuse(const struct scenario *self, const char *assignment, enum err_code code,
                            const char *message, struct err *err)
{
    struct place place = {.assignment = assignment};
    return config_place_error(self, &place, "", err, code, message);
}

/* A copy without blanks at both ends. */
static char *trimmed(const char *text, size_t n, struct arena *arena)
{
    for (; n > 0 && (*text == ' ' || *text == '\t'); n--)
        text++;
    while (n > 0 && (text[n - 1] == ' ' || text[n - 1] == '\t'))
        n--;
    return arena_text(arena, text, n);
}

static enum err_code parse_yaml(const char *text, struct arena *arena, struct yaml_node *out)
{
    static const char head[] = "value: ";
    struct err reason = {0};
    struct yaml_node *root;
    size_t n = strlen(text);
    char *document = arena_alloc(arena, sizeof head + n);
    if (!document)
        return ERR_MEMORY;
    memcpy(document, head, sizeof head - 1);
    memcpy(document + sizeof head - 1, text, n);
    enum err_code code =
        config_yaml_parse("", document, sizeof head - 1 + n, NULL, arena, &root, &reason);
    if (code == ERR_OK && root->n_children != 1)
        code = ERR_INPUT;
    if (code == ERR_OK)
        *out = *root->first;
    return code;
}

static enum err_code read_value(const char *text, struct arena *arena, struct yaml_node *out)
{
    if (*text && strchr("\"'[{&*!|>%@`", *text))
        return parse_yaml(text, arena, out);
    *out = (struct yaml_node){.kind = YAML_KIND_SCALAR, .text = text};
    return ERR_OK;
}

enum err_code config_scenario_set(struct scenario *self, const char *assignment, struct err *err)
{
    struct yaml_node value;
    size_t n = strlen(assignment), n_key = config_key_length(assignment);
    if (n_key == 0 || n_key == n)
        return refuse(self, assignment, ERR_USAGE, "expected KEY=VALUE", err);
    if (config_utf8_valid(assignment, n) != n)
        return refuse(self, assignment, ERR_INPUT, "not UTF-8", err);
    const char *copy = arena_text(&self->arena, assignment, n);
    char *key = trimmed(assignment, n_key, &self->arena);
    char *text = trimmed(assignment + n_key + 1, n - n_key - 1, &self->arena);
    if (!copy || !key || !text)
        return refuse(self, assignment, ERR_MEMORY, "no memory", err);
    enum err_code code = read_value(text, &self->arena, &value);
    if (code != ERR_OK)
        return refuse(self, copy, code,
                      code == ERR_MEMORY ? "no memory" : "the value is not a YAML scalar", err);
    return config_entry_apply_assignment(self, copy, key, &value, err);
}

/* The name of a file in an assignment, or NULL where it has none that could move. */
static const char *file_of(const char *assignment, size_t n_key, struct arena *arena)
{
    struct yaml_node value;
    const char *key = trimmed(assignment, n_key, arena);
    const struct param *param = key ? config_param_find(key) : NULL;
    if (!param || !config_param_is_file(param))
        return NULL;
    const char *rest = assignment + n_key + 1;
    const char *text = trimmed(rest, strlen(rest), arena);
    if (!text || read_value(text, arena, &value) != ERR_OK || value.kind != YAML_KIND_SCALAR)
        return NULL;
    return value.text && value.text[0] != '/' && value.text[0] ? value.text : NULL;
}

const char *config_assignment_from_here(const char *assignment, const char *scenario_path,
                                        struct arena *arena)
{
    size_t n_key = config_key_length(assignment);
    const char *file = assignment[n_key] ? file_of(assignment, n_key, arena) : NULL;
    if (!file)
        return assignment;
    const char *moved = config_relocate_from_here(scenario_path, file, arena);
    size_t n = n_key + (moved ? 6 * strlen(moved) : 0) + 4; /* a byte may become \u0001 */
    char *out = moved ? arena_alloc(arena, n) : NULL;
    if (out) {
        memcpy(out, assignment, n_key + 1);
        config_value_format_text(moved, out + n_key + 1, n - n_key - 1);
    }
    return out;
}
