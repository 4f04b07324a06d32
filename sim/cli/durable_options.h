/* The options of work that survives, the same for a run and a sweep.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_CLI_DURABLE_OPTIONS_H
#define RETAKE_CLI_DURABLE_OPTIONS_H

#include <retake/study/durable.h>

#include "command_line.h"

/** The rows of the options, into a struct study_durable. --shard auto asks SLURM (slurm.h). */
#define CLI_DURABLE(durable)                                                                       \
    {"output", .text = &(durable)->output},                                                        \
        {"checkpoint", .take = cli_take_seconds, .to = &(durable)->checkpoint_s},                  \
        {"max-time", .take = cli_take_seconds, .to = &(durable)->max_time_s},                      \
        {"resume", .flag = &(durable)->resume},                                                    \
    {                                                                                              \
        "shard", .take = cli_take_shard, .to = (durable)                                           \
    }

/** For the take of an option: seconds above 0 into a double; I/N into a struct study_durable. */
enum err_code cli_take_seconds(const struct cli_option *self, const char *argument,
                               struct err *err);
enum err_code cli_take_shard(const struct cli_option *self, const char *argument, struct err *err);

/** Whether there will be checkpoints. */
bool cli_durable_is_kept(const struct study_durable *self);

/** What needs an output must have one. @return ERR_OK; ERR_USAGE */
enum err_code cli_durable_check(const char *command, const struct study_durable *self,
                                struct err *err);

#endif
