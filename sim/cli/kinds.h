/* What a file is, where a command was given one of another kind.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_CLI_KINDS_H
#define RETAKE_CLI_KINDS_H

#include <retake/base/err.h>

enum cli_kind { CLI_SCENARIO, CLI_SWEEP, CLI_RESULT, CLI_BANK, CLI_N_KINDS };

/** After a file could not be read as what a command takes: where it is plainly something else, say
 * so in place of the error, and which command takes that. Quotes nothing of it. */
void cli_check_kind(const char *path, enum cli_kind wanted, struct err *err);

#endif
