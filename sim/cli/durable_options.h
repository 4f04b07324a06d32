/* The options of work that survives, the same for a run and a sweep.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_CLI_DURABLE_OPTIONS_H
#define RETAKE_CLI_DURABLE_OPTIONS_H

#include <retake/study/durable.h>

#include <getopt.h>

/** The rows of the options. */
#define CLI_DURABLE_OPTIONS                                                                        \
    {"output", required_argument, NULL, 'o'}, {"checkpoint", required_argument, NULL, 'k'},        \
        {"resume", no_argument, NULL, 'e'}, {"max-time", required_argument, NULL, 'm'},            \
    {                                                                                              \
        "shard", required_argument, NULL, 'p'                                                      \
    }

/** Take one of CLI_DURABLE_OPTIONS; false for any other. --shard auto asks SLURM (slurm.h). */
bool cli_durable_option(int c, struct study_durable *self, struct err *err);

/** Whether there will be checkpoints. */
bool cli_durable_is_kept(const struct study_durable *self);

/** What needs an output must have one. @return ERR_OK; ERR_USAGE */
enum err_code cli_durable_check(const char *command, const struct study_durable *self,
                                struct err *err);

#endif
