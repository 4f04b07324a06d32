/* libyaml's events -> tree. The stack of open collections is explicit and bounded, so that no input
 * can recurse deeply; anchors, aliases and tags are refused, so that no input can expand.
 * SPDX-License-Identifier: Apache-2.0 */
#include "utf8.h"

#include <retake/base/wording.h>
#include <retake/config/yaml.h>

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <yaml.h>

struct builder {
    const char *path, *text;
    size_t n_bytes;
    const struct yaml_wanted *wanted;
    bool is_recognised;
    struct arena *arena;
    struct err *err;
    yaml_parser_t parser;
    struct yaml_node *root;
    size_t n_documents, depth;
    struct {
        struct yaml_node *node, *last; /* an open collection and its newest child */
        struct yaml_node *pending;     /* a child that has its key and waits for its value */
    } stack[YAML_MAX_DEPTH];
    bool done;
};

static enum err_code refuse(struct builder *self, const yaml_event_t *event, const char *what)
{
    return err_set(self->err, ERR_INPUT, "%s:%zu:%zu: %s", self->path, event->start_mark.line + 1,
                   event->start_mark.column + 1, what);
}

/* The dotted path of the newest key of the open collections. */
static void dotted_path(const struct builder *self, const char *key, char *out, size_t n_out)
{
    char joined[512];
    size_t n = 0;
    for (size_t i = 1; i < self->depth && n < sizeof joined - 1; i++) {
        const char *name = self->stack[i].node->key;
        n += (size_t)snprintf(joined + n, sizeof joined - n, "%s.", name ? name : "-");
    }
    if (n < sizeof joined - 1)
        snprintf(joined + n, sizeof joined - n, "%s", key);
    config_utf8_printable(joined, out, n_out);
}

static enum err_code refuse_key(struct builder *self, const struct yaml_node *child,
                                const char *what)
{
    char key[200];
    if (!self->is_recognised)
        return err_set(self->err, ERR_INPUT, "%s:%zu:%zu: %s", self->path, child->key_line,
                       child->key_column, what);
    dotted_path(self, child->key, key, sizeof key);
    return err_set(self->err, ERR_INPUT, "%s:%zu:%zu: %s: %s", self->path, child->key_line,
                   child->key_column, key, what);
}

static enum err_code check_new_key(struct builder *self, const struct yaml_node *child)
{
    const struct yaml_node *mapping = self->stack[self->depth - 1].node;
    if (mapping->n_children >= YAML_MAX_KEYS)
        return refuse_key(self, child, "too many keys in one mapping");
    const struct yaml_node *twin = config_yaml_child(mapping, child->key);
    if (!twin)
        return ERR_OK;
    char what[64];
    snprintf(what, sizeof what, "repeated key; it stands at line %zu already", twin->key_line);
    return refuse_key(self, child, what);
}

/* A new last child of the innermost open collection. */
static struct yaml_node *append_child(struct builder *self)
{
    struct yaml_node *child = arena_alloc(self->arena, sizeof *child);
    if (!child) {
        err_set(self->err, ERR_MEMORY, "%s: no memory for its tree", self->path);
        return NULL;
    }
    if (self->depth == 0)
        return self->root = child;
    size_t top = self->depth - 1;
    if (self->stack[top].last)
        self->stack[top].last->next = child;
    else
        self->stack[top].node->first = child;
    self->stack[top].last = child;
    self->stack[top].node->n_children++;
    return child;
}

/* The node that an event's value belongs to: the one whose key has been read, or a new one. */
static struct yaml_node *take_node(struct builder *self)
{
    if (self->depth == 0 || self->stack[self->depth - 1].node->kind != YAML_KIND_MAPPING)
        return append_child(self);
    struct yaml_node *node = self->stack[self->depth - 1].pending;
    self->stack[self->depth - 1].pending = NULL;
    return node;
}

static bool key_is_due(const struct builder *self)
{
    return self->depth > 0 && self->stack[self->depth - 1].node->kind == YAML_KIND_MAPPING &&
           !self->stack[self->depth - 1].pending;
}

static const char *scalar_text(struct builder *self, const yaml_event_t *event)
{
    const char *text = (const char *)event->data.scalar.value;
    size_t n = event->data.scalar.length;
    if (memchr(text, '\0', n)) {
        refuse(self, event, "a NUL character");
        return NULL;
    }
    const char *copy = arena_text(self->arena, text, n);
    if (!copy)
        err_set(self->err, ERR_MEMORY, "%s: no memory for its text", self->path);
    return copy;
}

static enum err_code add_key(struct builder *self, const yaml_event_t *event)
{
    struct yaml_node key = {.key_line = event->start_mark.line + 1,
                            .key_column = event->start_mark.column + 1};
    key.key = scalar_text(self, event);
    if (!key.key)
        return self->err->code;
    if (self->depth == 1 && !self->is_recognised)
        self->is_recognised = self->wanted->knows(key.key);
    if (check_new_key(self, &key) != ERR_OK)
        return self->err->code;
    struct yaml_node *child = append_child(self);
    if (!child)
        return self->err->code;
    *child = key;
    self->stack[self->depth - 1].pending = child;
    return ERR_OK;
}

static enum err_code add_scalar(struct builder *self, const yaml_event_t *event)
{
    if (key_is_due(self))
        return add_key(self, event);
    if (self->depth == 0)
        return refuse(self, event, "expected a mapping of keys to values");
    struct yaml_node *node = take_node(self);
    if (!node || !(node->text = scalar_text(self, event)))
        return self->err->code;
    node->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    bool absent = node->key && !node->quoted && node->text[0] == '\0';
    node->line = absent ? node->key_line : event->start_mark.line + 1;
    node->column = absent ? node->key_column : event->start_mark.column + 1;
    return ERR_OK;
}

static enum err_code open_collection(struct builder *self, const yaml_event_t *event,
                                     enum yaml_kind kind)
{
    if (key_is_due(self))
        return refuse(self, event, "a key must be a word, not a mapping or a list");
    if (self->depth == 0 && kind != YAML_KIND_MAPPING)
        return refuse(self, event, "expected a mapping of keys to values, not a list");
    if (self->depth == YAML_MAX_DEPTH)
        return refuse(self, event, "nested too deeply");
    struct yaml_node *node = take_node(self);
    if (!node)
        return self->err->code;
    node->kind = kind;
    node->line = event->start_mark.line + 1;
    node->column = event->start_mark.column + 1;
    self->stack[self->depth].node = node;
    self->stack[self->depth].last = self->stack[self->depth].pending = NULL;
    self->depth++;
    return ERR_OK;
}

static bool has_anchor_or_tag(const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        return event->data.scalar.anchor || event->data.scalar.tag;
    case YAML_MAPPING_START_EVENT:
        return event->data.mapping_start.anchor || event->data.mapping_start.tag;
    case YAML_SEQUENCE_START_EVENT:
        return event->data.sequence_start.anchor || event->data.sequence_start.tag;
    default:
        return event->type == YAML_ALIAS_EVENT;
    }
}

static enum err_code take_event(struct builder *self, const yaml_event_t *event)
{
    if (has_anchor_or_tag(event))
        return refuse(self, event,
                      "anchors, aliases and tags are not accepted; write the value out");
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        return self->n_documents++ ? refuse(self, event, "a second document; one is accepted")
                                   : ERR_OK;
    case YAML_SCALAR_EVENT:
        return add_scalar(self, event);
    case YAML_MAPPING_START_EVENT:
        return open_collection(self, event, YAML_KIND_MAPPING);
    case YAML_SEQUENCE_START_EVENT:
        return open_collection(self, event, YAML_KIND_LIST);
    case YAML_MAPPING_END_EVENT:
    case YAML_SEQUENCE_END_EVENT:
        self->depth--;
        return ERR_OK;
    case YAML_STREAM_END_EVENT:
        self->done = true;
        return self->root ? ERR_OK
                          : refuse(self, event, "empty; expected a mapping of keys to values");
    default:
        return ERR_OK;
    }
}

/* libyaml places what its reader refuses (encoding, control characters) by offset only. */
static void place_of_offset(const struct builder *self, size_t offset, size_t *line, size_t *column)
{
    *line = *column = 1;
    for (size_t i = 0; i < offset && i < self->n_bytes; i++) {
        unsigned char byte = (unsigned char)self->text[i];
        *column += (byte & 0xC0) != 0x80;
        if (byte == '\n') {
            ++*line;
            *column = 1;
        }
    }
}

static enum err_code refuse_syntax(struct builder *self)
{
    const yaml_parser_t *parser = &self->parser;
    if (parser->error == YAML_MEMORY_ERROR)
        return err_set(self->err, ERR_MEMORY, "%s: no memory to read it", self->path);
    size_t line = parser->problem_mark.line + 1, column = parser->problem_mark.column + 1;
    if (parser->error == YAML_READER_ERROR)
        place_of_offset(self, parser->problem_offset, &line, &column);
    const char *problem = parser->problem ? parser->problem : "unreadable";
    const char *context = parser->context ? parser->context : "";
    return err_set(self->err, ERR_INPUT, "%s:%zu:%zu: not valid YAML: %s%s%s", self->path, line,
                   column, problem, *context ? " " : "", context);
}

static enum err_code read_events(struct builder *self)
{
    while (!self->done) {
        yaml_event_t event;
        if (!yaml_parser_parse(&self->parser, &event))
            return refuse_syntax(self);
        enum err_code code = take_event(self, &event);
        yaml_event_delete(&event);
        if (code != ERR_OK)
            return code;
    }
    return ERR_OK;
}

static void skip_byte_order_mark(const char **text, size_t *n_bytes)
{
    if (*n_bytes >= 3 && memcmp(*text, "\xEF\xBB\xBF", 3) == 0) {
        *text += 3;
        *n_bytes -= 3;
    }
}

enum err_code config_yaml_parse(const char *path, const char *text, size_t n_bytes,
                                const struct yaml_wanted *wanted, struct arena *arena,
                                struct yaml_node **root, struct err *err)
{
    *root = NULL;
    if (n_bytes > YAML_MAX_BYTES)
        return err_set(err, ERR_INPUT, "%s: %s are too many for a YAML file; the limit is %d", path,
                       wording_count(n_bytes, "byte").text, YAML_MAX_BYTES);
    skip_byte_order_mark(&text, &n_bytes);
    struct builder self = {.path = path,
                           .text = text,
                           .n_bytes = n_bytes,
                           .wanted = wanted,
                           .is_recognised = !wanted,
                           .arena = arena,
                           .err = err};
    if (!yaml_parser_initialize(&self.parser))
        return err_set(err, ERR_MEMORY, "%s: no memory to read it", path);
    yaml_parser_set_encoding(&self.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&self.parser, (const unsigned char *)text, n_bytes);
    enum err_code code = read_events(&self);
    yaml_parser_delete(&self.parser);
    if (code == ERR_OK && !self.is_recognised && self.root->n_children > 0)
        code = err_set(err, ERR_INPUT, "%s:%zu:%zu: not %s: it has no key of one", path,
                       self.root->line, self.root->column, wanted->what);
    if (code == ERR_OK)
        *root = self.root;
    return code;
}

const struct yaml_node *config_yaml_child(const struct yaml_node *mapping, const char *key)
{
    for (const struct yaml_node *child = mapping->first; child; child = child->next)
        if (child->key && strcmp(child->key, key) == 0)
            return child;
    return NULL;
}

bool config_yaml_is_null(const struct yaml_node *self)
{
    static const char *const words[] = {"", "~", "null", "Null", "NULL"};
    if (self->kind != YAML_KIND_SCALAR || self->quoted)
        return false;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(self->text, words[i]) == 0)
            return true;
    return false;
}
