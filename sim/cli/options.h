/* What several commands share: options that change a scenario, and how an error ends the program.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_CLI_OPTIONS_H
#define RETAKE_CLI_OPTIONS_H

#include <retake/config/scenario.h>

#include "command_line.h"

/** Print "retake: detail" and return the exit status of the error. */
int cli_fail(const struct err *err);

/** For the note of a struct err: print a line on standard error, once. */
void cli_note(const char *line);

/** What a command returns: 0, or as cli_fail. */
int cli_end(const struct err *err);

/** Where a command's scenario comes from. Texts are the caller's. */
struct cli_source {
    const char *scenario, *rules; /* files; rules may be NULL */
    const char *sets[1000];       /* [n_sets]: "key=value", in order */
    size_t n_sets;
    char own[8][64]; /* [n_own]: the assignments that have options of their own */
    size_t n_own;
    struct cli_files files; /* of the command */
};

/** The rows of the options that every command with a scenario takes, into a struct cli_source. */
#define CLI_SOURCE(source)                                                                         \
    {"set", .take = cli_take_set, .to = (source)},                                                 \
    {                                                                                              \
        "rules", .text = &(source)->rules                                                          \
    }

/** The rows of options that are short for --set engine.candidates and --set engine.seed. */
#define CLI_ENGINE(source)                                                                         \
    {"candidates", .take = cli_take_engine, .to = (source), .min = 1, .max = INT64_MAX},           \
    {                                                                                              \
        "seed", .take = cli_take_engine, .to = (source), .min = 0, .max = INT64_MAX                \
    }

/** For the take of an option: one more assignment of a struct cli_source. */
enum err_code cli_take_set(const struct cli_option *self, const char *argument, struct err *err);
enum err_code cli_take_engine(const struct cli_option *self, const char *argument, struct err *err);

/** One more assignment, KEY=VALUE, that an option is short for. @return ERR_OK; ERR_USAGE: too
 * many, too long */
enum err_code cli_source_assign(struct cli_source *self, const char *option, const char *key,
                                const char *value, struct err *err);

/** Whether the command line gives a value to a key, by --set or an option that is short for it. */
bool cli_source_says(const struct cli_source *self, const char *key);

/** One more assignment. @return ERR_OK; ERR_USAGE: too many */
enum err_code cli_source_set(struct cli_source *self, const char *assignment, struct err *err);

/** cli_command_read of a command whose one word is the scenario. */
bool cli_source_read(const struct cli_command *command, int argc, char **argv,
                     struct cli_source *self, struct err *err);

/** Load the scenario, apply the assignments, add the rules. config_scenario_free it, even after
 * failure. */
enum err_code cli_source_load(const struct cli_source *self, struct scenario *out, struct err *err);

#endif
