/* The options of work that survives.
 * SPDX-License-Identifier: Apache-2.0 */
#include "durable_options.h"

#include <stdlib.h>
#include <string.h>

#include "options.h"
#include "slurm.h"

enum { VALUE_BYTES = 64, MAX_SHARDS = 1000000 };

/* A number of seconds above 0. */
static void take_seconds(const char *option, const char *text, double *out, struct err *err)
{
    char *end;
    *out = strtod(text, &end);
    if (end == text || *end != '\0' || !(*out > 0 && *out <= 1e9))
        err_set(err, ERR_USAGE, "%s %s: a number of seconds above 0 is needed", option, text);
}

/* I/N, I from 1 to N. */
static void take_shard(const char *text, struct study_durable *out, struct err *err)
{
    const char *slash = strchr(text, '/');
    char first[VALUE_BYTES] = "";
    if (strcmp(text, "auto") == 0) {
        cli_slurm_shard(&out->shard, &out->n_shards, err);
        return;
    }
    if (slash && slash - text < VALUE_BYTES)
        memcpy(first, text, (size_t)(slash - text));
    if (!slash || cli_whole_number("--shard", slash + 1, 1, MAX_SHARDS, &out->n_shards, err) ||
        cli_whole_number("--shard", first, 1, out->n_shards, &out->shard, err)) {
        err_clear(err);
        err_set(err, ERR_USAGE, "--shard %s: auto or I/N is needed, I from 1 to N and N at most %d",
                text, MAX_SHARDS);
    }
}

bool cli_durable_option(int c, struct study_durable *self, struct err *err)
{
    if (c == 'o')
        self->output = optarg;
    else if (c == 'k')
        take_seconds("--checkpoint", optarg, &self->checkpoint_s, err);
    else if (c == 'm')
        take_seconds("--max-time", optarg, &self->max_time_s, err);
    else if (c == 'e')
        self->resume = true;
    else if (c == 'p')
        take_shard(optarg, self, err);
    return strchr("okmep", c) != NULL;
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
