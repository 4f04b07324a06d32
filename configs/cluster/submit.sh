#!/usr/bin/env bash
# A sweep as a SLURM array with a merge that waits for it:
#     configs/cluster/submit.sh SWEEP.yaml OUT.h5 [TASKS [SBATCH OPTION...]]
# RETAKE_COMMAND=run takes a scenario instead; RETAKE names the program. A task that meets its time limit
# writes a checkpoint and is requeued; a task that failed is run again by the line that the merge prints.
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
if [ $# -lt 2 ]; then
    sed -n '2,5s/^# //p' "$0" >&2
    exit 2
fi
here=$(dirname "$(readlink -f "$0")")
RETAKE_INPUT=$(readlink -f "$1")
RETAKE_OUTPUT=$(readlink -m "$2")
tasks=${3:-8}
shift $(($# < 3 ? $# : 3))
export RETAKE_INPUT RETAKE_OUTPUT
log=${RETAKE_OUTPUT%.h5}
array=$(sbatch --parsable --array="1-$tasks" --output="$log.task-%a.log" "$@" "$here/array.sbatch")
merge=$(sbatch --parsable --dependency="afterok:$array" --output="$log.merge.log" "$here/merge.sbatch")
printf 'array %s, merge %s\n' "$array" "$merge"
