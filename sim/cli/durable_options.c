/* The options of work that survives.
 * SPDX-License-Identifier: Apache-2.0 */
#include "durable_options.h"

#include <stdlib.h>
#include <string.h>

#include "options.h"
#include "slurm.h"

enum { VALUE_BYTES = 64 };

enum err_code cli_take_seconds(const struct cli_option *self, const char *argument, struct err *err)
{
    char *end;
    double seconds = strtod(argument, &end);
    if (end == argument || *end != '\0' || !(seconds > 0 && seconds <= 1e9))
        return err_set(err, ERR_USAGE, "--%s %s: a number of seconds above 0 is needed", self->name,
                       argument);
    *(double *)self->to = seconds;
    return ERR_OK;
}

enum err_code cli_take_shard(const struct cli_option *self, const char *argument, struct err *err)
{
    struct study_durable *out = self->to;
    const char *slash = strchr(argument, '/');
    char first[VALUE_BYTES] = "";
    if (strcmp(argument, "auto") == 0)
        return cli_slurm_shard(&out->shard, &out->n_shards, err);
    if (slash && slash - argument < VALUE_BYTES)
        memcpy(first, argument, (size_t)(slash - argument));
    if (slash &&
        !cli_whole_number("--shard", slash + 1, 1, STUDY_MAX_SHARDS, &out->n_shards, err) &&
        !cli_whole_number("--shard", first, 1, out->n_shards, &out->shard, err))
        return ERR_OK;
    err_clear(err);
    return err_set(err, ERR_USAGE,
                   "--shard %s: auto or I/N is needed, I from 1 to N and N at most %d", argument,
                   STUDY_MAX_SHARDS);
}

bool cli_durable_is_kept(const struct study_durable *self)
{
    return self->checkpoint_s > 0 || self->max_time_s > 0 || self->resume;
}

enum err_code cli_durable_check(const char *command, const struct study_durable *self,
                                struct err *err)
{
    if (self->output || !(cli_durable_is_kept(self) || self->n_shards))
        return ERR_OK;
    return err_set(err, ERR_USAGE,
                   "%s: --checkpoint, --resume, --max-time and --shard need -o OUT.h5", command);
}
