/* The reference of all parameters, made from their table: for the terminal and as a Markdown page.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_CONFIG_REFERENCE_H
#define RETAKE_CONFIG_REFERENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/** One word that a key of type NAME can say. */
struct config_rule {
    const char *name, *doc;
    const char *parameters; /* keys that it reads, separated by blanks; NULL or "": none */
};

/** How the rooms above tell of their rules: the k-th that a key can say; false past the last. */
typedef bool config_describe_rule(const char *key, size_t k, struct config_rule *out);

/**
 * Print the parameters that path names: all (NULL), one, or a section such as exam.stop.
 * @param describe  NULL where no rules are known
 * @return how many; 0 for an unknown path
 */
size_t config_reference_print(const char *path, config_describe_rule *describe, FILE *out);

/** For a path that is no parameter: "; did you mean 'NEAREST'?", of a section a key of it, or "".
 */
void config_reference_hint(const char *path, char *out, size_t n_out);

/** Print the page docs/parameters.md. */
void config_reference_markdown(config_describe_rule *describe, FILE *out);

#endif
