/* --set KEY=VALUE. The value is read as the YAML scalar would be; what starts as no plain scalar
 * can (a quote, a bracket, a tag, ...) is given to the YAML parser.
 * SPDX-License-Identifier: Apache-2.0 */
#include "entry.h"
#include "utf8.h"

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

static enum err_code parse_yaml(struct scenario *self, const char *assignment, const char *text,
                                struct yaml_node *out, struct err *err)
{
    static const char head[] = "value: ";
    struct err reason = {0};
    struct yaml_node *root;
    size_t n = strlen(text);
    char *document = arena_alloc(&self->arena, sizeof head + n);
    if (!document)
        return refuse(self, assignment, ERR_MEMORY, "no memory", err);
    memcpy(document, head, sizeof head - 1);
    memcpy(document + sizeof head - 1, text, n);
    enum err_code code =
        config_yaml_parse("", document, sizeof head - 1 + n, &self->arena, &root, &reason);
    if (code == ERR_OK && root->n_children != 1)
        code = ERR_INPUT;
    if (code != ERR_OK)
        return refuse(self, assignment, code, "the value is not a YAML scalar", err);
    *out = *root->first;
    return ERR_OK;
}

static enum err_code read_value(struct scenario *self, const char *assignment, const char *text,
                                struct yaml_node *out, struct err *err)
{
    if (*text && strchr("\"'[{&*!|>%@`", *text))
        return parse_yaml(self, assignment, text, out, err);
    *out = (struct yaml_node){.kind = YAML_KIND_SCALAR, .text = text};
    return ERR_OK;
}

enum err_code config_scenario_set(struct scenario *self, const char *assignment, struct err *err)
{
    struct yaml_node value;
    size_t n = strlen(assignment), n_key = strcspn(assignment, "=");
    if (n_key == 0 || n_key == n)
        return refuse(self, assignment, ERR_USAGE, "expected KEY=VALUE", err);
    if (config_utf8_valid(assignment, n) != n)
        return refuse(self, assignment, ERR_INPUT, "not UTF-8", err);
    const char *copy = arena_text(&self->arena, assignment, n);
    char *key = trimmed(assignment, n_key, &self->arena);
    char *text = trimmed(assignment + n_key + 1, n - n_key - 1, &self->arena);
    if (!copy || !key || !text)
        return refuse(self, assignment, ERR_MEMORY, "no memory", err);
    if (read_value(self, copy, text, &value, err) != ERR_OK)
        return err->code;
    return config_entry_apply_assignment(self, copy, key, &value, err);
}
