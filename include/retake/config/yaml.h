/* YAML as a tree with places: the part of the language that configuration needs.
 *
 * One document whose root is a mapping; mappings, lists and scalars; no anchors, aliases or tags.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_CONFIG_YAML_H
#define RETAKE_CONFIG_YAML_H

#include <retake/base/arena.h>
#include <retake/base/err.h>

#include <stdbool.h>
#include <stddef.h>

/* What is refused, so that hostile input costs little. */
enum { YAML_MAX_BYTES = 4 << 20, YAML_MAX_DEPTH = 32, YAML_MAX_KEYS = 10000 };

enum yaml_kind { YAML_KIND_SCALAR, YAML_KIND_MAPPING, YAML_KIND_LIST };

struct yaml_node {
    enum yaml_kind kind;
    const char *key;             /* within a mapping, else NULL */
    size_t key_line, key_column; /* from 1; columns in characters */
    const char *text;            /* of a scalar; no NUL within */
    bool quoted;                 /* a scalar that can only be text; a plain one may be a number */
    size_t line, column;         /* of the value; of the key where the value is absent */
    size_t n_children;           /* of a mapping or a list */
    struct yaml_node *first, *next; /* the first child; the next sibling */
};

/** What a file is to be. A path may lead to any file, also one that is secret: nothing of it is
 * quoted in a message before a key of its root is known. */
struct yaml_wanted {
    const char *what;                /* "a scenario", for messages */
    bool (*knows)(const char *name); /* a key of the root, or what is nearly one */
};

/**
 * Parse text; everything is owned by the arena. Keys are unique within their mapping.
 * @param wanted  NULL: any mapping, and it may be quoted
 * @return ERR_OK; ERR_INPUT with file:line:column and, below the root, the dotted key; ERR_MEMORY
 */
enum err_code config_yaml_parse(const char *path, const char *text, size_t n_bytes,
                                const struct yaml_wanted *wanted, struct arena *arena,
                                struct yaml_node **root, struct err *err);

/** The child of a mapping by its key, or NULL. */
const struct yaml_node *config_yaml_child(const struct yaml_node *mapping, const char *key);

/** Whether a scalar says that there is no value: nothing, ~ or null, unquoted. */
bool config_yaml_is_null(const struct yaml_node *self);

#endif
