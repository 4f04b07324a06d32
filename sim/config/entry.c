/* Keys and values into a scenario. Keys may be nested or dotted: {policy: {wait_days: 15}} and
 * {policy.wait_days: 15} are the same. A key is looked up by its dotted path.
 * SPDX-License-Identifier: Apache-2.0 */
#include "entry.h"

#include "family.h"
#include "path.h"
#include "utf8.h"
#include "value.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { MESSAGE_BYTES = 700 };

/* One key on its way into the scenario. */
struct entry {
    char path[CONFIG_PATH_BYTES]; /* dotted */
    const struct yaml_node *node; /* its value */
    struct place at, at_key;
};

static enum err_code apply_children(struct scenario *self, const struct yaml_node *mapping,
                                    const char *path, struct err *err);

static enum err_code __attribute__((format(printf, 6, 7)))
refuse(const struct scenario *self, const struct place *place, const char *key, struct err *err,
       enum err_code code, const char *format, ...)
{
    char message[MESSAGE_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    return config_place_error(self, place, key, err, code, message);
}

static const char *kind_text(const struct yaml_node *node)
{
    return node->kind == YAML_KIND_LIST      ? "a list"
           : node->kind == YAML_KIND_MAPPING ? "a mapping"
                                             : "a single value";
}

static enum err_code refuse_unknown(const struct scenario *self, const struct entry *entry,
                                    struct err *err)
{
    char key[CONFIG_PATH_BYTES];
    config_utf8_printable(entry->path, key, sizeof key);
    return refuse(self, &entry->at_key, key, err, ERR_INPUT, "unknown key%s",
                  config_path_hint(key).text);
}

static enum err_code refuse_unknown_member(struct scenario *self, const struct entry *entry,
                                           struct path_match match, struct err *err)
{
    enum family family = match.param->family;
    size_t n = config_family_n_members(self, family);
    char name[CONFIG_NAME_BYTES] = "";
    config_path_name(&match, name);
    const char **names = arena_alloc(&self->arena, n * sizeof *names);
    for (size_t i = 0; names && i < n; i++)
        names[i] = config_family_name(self, family, i);
    return refuse(self, &entry->at_key, entry->path, err, ERR_INPUT, "no %s is named %s%s",
                  config_family(family)->word, config_utf8_quote(name).text,
                  config_path_word_hint(name, names, names ? n : 0).text);
}

/* The member that a path names; a file makes it when it is new, --set in some families alone. */
static enum err_code find_member(struct scenario *self, const struct entry *entry,
                                 struct path_match match, size_t *member, struct err *err)
{
    struct err reason = {0};
    char name[CONFIG_NAME_BYTES];
    enum family family = match.param->family;
    *member = 0;
    if (!match.name)
        return ERR_OK;
    if (!config_path_name(&match, name))
        return refuse(
            self, &entry->at_key, entry->path, err, ERR_INPUT,
            "no name of a %s: 1 to 128 bytes without control characters, in double quotes "
            "where a dot or = is in it",
            config_family(family)->word);
    *member = config_family_find(self, family, name, strlen(name));
    if (*member < config_family_n_members(self, family))
        return ERR_OK;
    if (entry->at.assignment && !config_family(family)->set_adds)
        return refuse_unknown_member(self, entry, match, err);
    if (config_family_add(self, family, name, strlen(name), &reason) != ERR_OK)
        return refuse(self, &entry->at_key, entry->path, err, reason.code, "%s", reason.detail);
    return ERR_OK;
}

/* Element k of a list, refused at its own place. */
static enum err_code apply_element(struct scenario *self, const struct entry *entry,
                                   const struct param *param, void *base, size_t k,
                                   const struct yaml_node *node, struct err *err)
{
    char expected[256];
    struct err reason = {0};
    struct place at = {.line = node->line, .column = node->column};
    if (entry->at.assignment)
        at = entry->at;
    config_value_expected(param, expected, sizeof expected);
    if (node->kind != YAML_KIND_SCALAR || config_yaml_is_null(node))
        return refuse(self, &at, entry->path, err, ERR_INPUT, "expected %s, but an element is %s",
                      expected, node->kind == YAML_KIND_SCALAR ? "nothing" : kind_text(node));
    if (config_value_store_element(param, k, entry->node->n_children, node->text, node->quoted,
                                   base, &self->arena, &reason) != ERR_OK)
        return refuse(self, &at, entry->path, err, reason.code, "%s", reason.detail);
    return ERR_OK;
}

/* A list in place of the old one, or an error and the old one. */
static enum err_code apply_list(struct scenario *self, const struct entry *entry,
                                const struct param *param, void *base, struct err *err)
{
    struct scenario_list *list = (void *)((char *)base + param->offset), was = *list;
    enum err_code code = ERR_OK;
    size_t k = 0;
    if (entry->node->n_children == 0)
        return refuse(self, &entry->at, entry->path, err, ERR_INPUT, "an empty list");
    for (const struct yaml_node *node = entry->node->first; node && code == ERR_OK;
         node = node->next)
        code = apply_element(self, entry, param, base, k++, node, err);
    if (code != ERR_OK)
        *list = was;
    return code;
}

static enum err_code apply_param(struct scenario *self, const struct entry *entry,
                                 struct path_match match, struct err *err)
{
    struct target target = {.param = match.param};
    struct err reason = {0};
    char expected[256];
    if (find_member(self, entry, match, &target.member, err) != ERR_OK)
        return err->code;
    struct place *place = config_place_of(self, target);
    if (place->order && !entry->at.assignment)
        return refuse(self, &entry->at_key, entry->path, err, ERR_INPUT,
                      "repeated key; it stands at line %zu already", place->line);
    config_value_expected(match.param, expected, sizeof expected);
    bool is_list = entry->node->kind == YAML_KIND_LIST && config_param_is_list(match.param);
    if (entry->node->kind != YAML_KIND_SCALAR && !is_list)
        return refuse(self, &entry->at, entry->path, err, ERR_INPUT, "expected %s, not %s",
                      expected, kind_text(entry->node));
    if (!is_list && config_yaml_is_null(entry->node))
        return refuse(self, &entry->at, entry->path, err, ERR_INPUT, "has no value; expected %s",
                      expected);
    void *base = config_family_member(self, match.param->family, target.member);
    if (is_list && apply_list(self, entry, match.param, base, err) != ERR_OK)
        return err->code;
    if (!is_list && config_value_store(match.param, entry->node->text, entry->node->quoted, base,
                                       &self->arena, &reason) != ERR_OK)
        return refuse(self, &entry->at, entry->path, err, reason.code, "%s", reason.detail);
    *place = entry->at;
    place->order = ++self->places->n_set;
    return ERR_OK;
}

static enum err_code apply_section(struct scenario *self, const struct entry *entry,
                                   struct path_match match, struct err *err)
{
    size_t member;
    if (find_member(self, entry, match, &member, err) != ERR_OK)
        return err->code;
    if (entry->node->kind == YAML_KIND_MAPPING && !entry->at.assignment)
        return apply_children(self, entry->node, entry->path, err);
    const char *was = config_yaml_is_null(entry->node) ? "nothing" : kind_text(entry->node);
    const char *rest = match.param->path;
    rest += match.name ? strcspn(rest, "*") + 1 : strlen(entry->path);
    size_t n_rest = strcspn(rest, "*");
    const char *tail = rest + n_rest;
    return refuse(self, &entry->at, entry->path, err, ERR_INPUT,
                  "a section: expected keys such as %s%.*s%s%s, not %s", entry->path, (int)n_rest,
                  rest, *tail ? "NAME" : "", *tail ? tail + 1 : "", was);
}

/* A member that came with a value which was refused goes with it. */
static enum err_code apply(struct scenario *self, const struct entry *entry, struct err *err)
{
    struct path_match match = config_path_match(entry->path);
    if (match.kind == PATH_UNKNOWN)
        return refuse_unknown(self, entry, err);
    enum family family = match.param->family;
    size_t n_members = config_family_n_members(self, family);
    enum err_code code = match.kind == PATH_PARAM ? apply_param(self, entry, match, err)
                                                  : apply_section(self, entry, match, err);
    if (code != ERR_OK && match.name)
        config_family_truncate(self, family, n_members);
    return code;
}

/* Recursion is as deep as the tree, at most YAML_MAX_DEPTH. */
static enum err_code apply_children(struct scenario *self, const struct yaml_node *mapping,
                                    const char *path, struct err *err)
{
    enum err_code code = ERR_OK;
    for (const struct yaml_node *node = mapping->first; node && code == ERR_OK; node = node->next) {
        struct entry entry = {.node = node,
                              .at = {.line = node->line, .column = node->column},
                              .at_key = {.line = node->key_line, .column = node->key_column}};
        snprintf(entry.path, sizeof entry.path, "%s", path);
        bool fits = config_path_append(entry.path, sizeof entry.path, node->key,
                                       node->kind == YAML_KIND_MAPPING);
        code = fits ? apply(self, &entry, err) : refuse_unknown(self, &entry, err);
    }
    return code;
}

enum err_code config_entry_apply_file(struct scenario *self, const struct yaml_node *root,
                                      struct err *err)
{
    return apply_children(self, root, "", err);
}

enum err_code config_entry_apply_assignment(struct scenario *self, const char *assignment,
                                            const char *key, const struct yaml_node *value,
                                            struct err *err)
{
    struct entry entry = {.node = value, .at = {.assignment = assignment}};
    entry.at_key = entry.at;
    int n = snprintf(entry.path, sizeof entry.path, "%s", key);
    bool fits = n >= 0 && (size_t)n < sizeof entry.path;
    return fits ? apply(self, &entry, err) : refuse_unknown(self, &entry, err);
}
