/* Rules from outside the tree, from a shared object: the option --rules.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_CLI_RULES_FILE_H
#define RETAKE_CLI_RULES_FILE_H

#include <retake/config/scenario.h>

/**
 * Give a scenario the rules of a shared object that exports `const struct rule_set retake_rules`.
 * It stays loaded until the program ends.
 * @param path  a file; a plain name is one of the current folder. NULL: nothing is done
 * @return ERR_OK; ERR_INPUT: no such file, no such symbol, rules that cannot be used
 */
enum err_code cli_use_rules(const char *path, struct scenario *scenario, struct err *err);

#endif
