/* SLURM's environment (sbatch(1), "OUTPUT ENVIRONMENT VARIABLES").
 * SPDX-License-Identifier: Apache-2.0 */
#include "slurm.h"

#include <retake/base/environment.h>
#include <retake/base/wording.h>
#include <retake/study/durable.h>

#include <stdbool.h>
#include <stdlib.h>

#include "options.h"

/* A number of the environment; absent: the value that `out` has, or an error where it is needed. */
static enum err_code take(const char *name, int64_t least, int64_t most, bool is_needed,
                          int64_t *out, struct err *err)
{
    const char *text = environment_text(name);
    if (text)
        return cli_whole_number(name, text, least, most, out, err);
    if (!is_needed)
        return ERR_OK;
    return err_set(err, ERR_USAGE, "--shard auto: %s is not set: this is no task of a SLURM array",
                   name);
}

enum err_code cli_slurm_shard(int64_t *shard, int64_t *n_shards, struct err *err)
{
    int64_t id, low, high, step = 1, n_given = 0;
    if (take("SLURM_ARRAY_TASK_ID", 0, INT32_MAX, true, &id, err) != ERR_OK)
        return err->code;
    if (environment_text("RETAKE_SHARDS")) {
        *shard = id;
        if (take("RETAKE_SHARDS", 1, STUDY_MAX_SHARDS, true, n_shards, err) != ERR_OK)
            return err->code;
        return id >= 1 && id <= *n_shards
                   ? ERR_OK
                   : err_set(err, ERR_USAGE,
                             "--shard auto: SLURM_ARRAY_TASK_ID %lld is not from 1 to "
                             "RETAKE_SHARDS %lld",
                             (long long)id, (long long)*n_shards);
    }
    if (take("SLURM_ARRAY_TASK_MIN", 0, INT32_MAX, true, &low, err) != ERR_OK ||
        take("SLURM_ARRAY_TASK_MAX", 0, INT32_MAX, true, &high, err) != ERR_OK ||
        take("SLURM_ARRAY_TASK_STEP", 1, INT32_MAX, false, &step, err) != ERR_OK)
        return err->code;
    int64_t n = high >= low ? (high - low) / step + 1 : 0;
    n_given = n;
    if (take("SLURM_ARRAY_TASK_COUNT", 1, INT32_MAX, false, &n_given, err) != ERR_OK)
        return err->code;
    if (id < low || id > high || (id - low) % step != 0 || n < 1 || n > STUDY_MAX_SHARDS)
        return err_set(err, ERR_USAGE,
                       "--shard auto: task %lld is not one of %lld to %lld in steps of %lld",
                       (long long)id, (long long)low, (long long)high, (long long)step);
    if (n_given != n)
        return err_set(err, ERR_USAGE,
                       "--shard auto: the array has %s, not the %lld of %lld to %lld in "
                       "steps of %lld: set RETAKE_SHARDS to the number of shards",
                       wording_count((uint64_t)n_given, "task").text, (long long)n, (long long)low,
                       (long long)high, (long long)step);
    *shard = (id - low) / step + 1;
    *n_shards = n;
    return ERR_OK;
}

enum err_code cli_slurm_threads(int64_t *n_threads, struct err *err)
{
    return *n_threads > 0 ? ERR_OK : take("SLURM_CPUS_PER_TASK", 1, 4096, false, n_threads, err);
}
