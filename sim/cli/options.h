/* What several commands share: options that change a scenario, and how an error ends the program.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_CLI_OPTIONS_H
#define RETAKE_CLI_OPTIONS_H

#include <retake/config/scenario.h>

#include <getopt.h>

/** Print "retake: detail" and return the exit status of the error. */
int cli_fail(const struct err *err);

/**
 * The error behind the '?' or ':' that getopt_long returned, with the nearest long option.
 * @return ERR_USAGE
 */
enum err_code cli_wrong_option(const char *command, int returned, char *const *argv,
                               const struct option *longs, struct err *err);

/** A whole number in [min, max] from an option's argument. @return ERR_OK; ERR_USAGE */
enum err_code cli_whole_number(const char *option, const char *text, int64_t min, int64_t max,
                               int64_t *out, struct err *err);

/** Load a scenario and apply n assignments ("key=value") in order. */
enum err_code cli_load_scenario(const char *path, char *const *assignments, size_t n,
                                struct scenario *out, struct err *err);

/** The command line as one text for the record; the caller frees it. NULL when memory is out. */
char *cli_command_line(int argc, char **argv);

#endif
