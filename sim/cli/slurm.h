/* What SLURM says of a task of an array, in the environment.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_CLI_SLURM_H
#define RETAKE_CLI_SLURM_H

#include <retake/base/err.h>

#include <stdint.h>

/**
 * The shard of this task: SLURM_ARRAY_TASK_ID counts from SLURM_ARRAY_TASK_MIN in steps of
 * SLURM_ARRAY_TASK_STEP up to SLURM_ARRAY_TASK_MAX; SLURM_ARRAY_TASK_COUNT must agree, which it
 * does not in an array with gaps. RETAKE_SHARDS, where it is set, is the number of shards, and the
 * task's id is the shard: so that an array of the tasks that failed (sbatch --array=2,5-7) does
 * their work.
 * @return ERR_OK; ERR_USAGE: no task of an array, or what SLURM says does not fit together
 */
enum err_code cli_slurm_shard(int64_t *shard, int64_t *n_shards, struct err *err);

/** Where no threads were given (0): SLURM_CPUS_PER_TASK, if it is set. @return ERR_OK; ERR_USAGE:
 * it is no number of threads */
enum err_code cli_slurm_threads(int64_t *n_threads, struct err *err);

#endif
