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

/** Where a command's scenario comes from. Texts are the caller's. */
struct cli_source {
    const char *scenario, *rules; /* files; rules may be NULL */
    char *sets[1000];             /* [n_sets]: "key=value", in order */
    size_t n_sets;
};

/** The rows of the options that every command with a scenario takes. */
#define CLI_SOURCE_OPTIONS                                                                         \
    {"set", required_argument, NULL, 's'},                                                         \
    {                                                                                              \
        "rules", required_argument, NULL, 'R'                                                      \
    }

/** Take one of CLI_SOURCE_OPTIONS; false for any other. */
bool cli_source_option(int c, struct cli_source *self, struct err *err);

/** One more assignment. @return ERR_OK; ERR_USAGE: too many */
enum err_code cli_source_set(struct cli_source *self, char *assignment, struct err *err);

/** Load the scenario, apply the assignments, add the rules. config_scenario_free it, even after
 * failure. */
enum err_code cli_source_load(const struct cli_source *self, struct scenario *out, struct err *err);

/** Find out before the work whether its result can be written. */
enum err_code cli_check_output(const char *path, struct err *err);

/** The command line as one text for the record; the caller frees it. NULL when memory is out. */
char *cli_command_line(int argc, char **argv);

#endif
