/* Rules from outside the tree, from a shared object: the option --rules.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_CLI_RULES_FILE_H
#define RETAKE_CLI_RULES_FILE_H

#include <retake/base/err.h>
#include <retake/rule.h>

/**
 * Load the shared object that exports `const struct rule_set retake_rules`. It stays loaded until
 * the program ends.
 * @param path  a file; a plain name is one of the current folder. NULL: *out is NULL
 * @return ERR_OK; ERR_INPUT: no such file, no such symbol, rules that cannot be used
 */
enum err_code cli_load_rules(const char *path, const struct rule_set **out, struct err *err);

#endif
