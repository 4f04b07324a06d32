/* Rows of words that a command line can begin with, as help lists them.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_CLI_VERBS_H
#define RETAKE_CLI_VERBS_H

#include <stddef.h>
#include <stdio.h>

/** A command, or the verb of one. */
struct cli_verb {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *usage, *doc;
};

/**
 * Print a row for each: name, usage, what it does. Where the terminal is too narrow for that what
 * it does stands on a line of its own.
 * @param first, before  what stands before the first name, and before the others; as long as it
 */
void cli_verbs_print(FILE *out, const char *first, const char *before, const struct cli_verb *verbs,
                     size_t n);

#endif
