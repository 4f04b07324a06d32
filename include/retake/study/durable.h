/* A run that survives: checkpoints, resuming, a limit of time, shards (docs/durable-runs.md).
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_STUDY_DURABLE_H
#define RETAKE_STUDY_DURABLE_H

#include <retake/engine/run.h>
#include <retake/store/result.h>

/** For what goes on beside the counting. Each may be NULL; all are called by the thread that called
 * study_durable_run, while no candidate is being simulated. What a hook fails with ends the run;
 * the checkpoint on the disk stays. */
struct study_hooks {
    void *context;
    /** Before the first candidate. next: the candidate that comes next, state->first in a new run.
     * @param plan  lives until the run ends */
    enum err_code (*begun)(void *context, const struct engine_plan *plan,
                           const struct engine_state *state, bool is_resumed, struct err *err);
    /** Where the run is to stop next, and be asked again: a multiple of TALLY_BLOCK, or end.
     * state->next: the run is complete. Asked after each pause too, so it must be a function of
     * the state alone. NULL: end. */
    uint64_t (*until)(void *context, const struct engine_state *state, uint64_t end);
    /** A checkpoint of the candidates before state->next is about to be written, or the result. */
    enum err_code (*saving)(void *context, const struct engine_state *state, struct err *err);
    /** It is on the disk. */
    enum err_code (*saved)(void *context, const struct engine_state *state, struct err *err);
    /** All candidates are done: attributes for the result (study/record.h). Before it is written.
     */
    enum err_code (*describe)(void *context, const struct engine_state *state,
                              struct store_result *result, struct err *err);
};

/** How a run is kept. A zeroed struct: not at all. */
struct study_durable {
    const char *output;  /* the result is written here, its checkpoints beside; NULL: nowhere. The
                            caller holds its lock (file_lock_output) */
    double checkpoint_s; /* a checkpoint every so many seconds; 0 = none */
    double max_time_s;   /* stop at a checkpoint after so many; 0 = never */
    bool resume;         /* go on from the checkpoint, if there is one */
    const struct err *cannot_write; /* why the output's place cannot be written, which is no error
                                       where it is finished; NULL: it can */
    int64_t shard, n_shards;        /* from 1 to n_shards: the blocks of this part; 0, 0: all */
    size_t n_attributes; /* for every file of this run, and its resumption must have the same */
    const struct store_attribute *attributes;
    /** One line for people, now and then. May be NULL. */
    void (*say)(const char *line, void *context);
    void *say_context;
    const struct study_hooks *hooks; /* may be NULL */
};

/** Shards of one run or sweep. */
#define STUDY_MAX_SHARDS 1000000

/** Behind the name of the output: its checkpoint; what was damaged and is done anew. */
#define STUDY_CHECKPOINT_SUFFIX ".checkpoint"
#define STUDY_DAMAGED_SUFFIX ".damaged"

/**
 * Run a scenario, and write the result if there is an output. A finished output of this scenario is
 * read back when resuming, and nothing is run.
 * @param history  the command line, for the record
 * @param out  caller's; store_result_free it, even after failure. Of a shard with its state.
 * @return ERR_OK; ERR_STOPPED at a checkpoint; ERR_INTERRUPTED without one; ERR_INPUT: the
 *         checkpoint is damaged or of another scenario; ERR_IO: cannot write, or another process is
 *         at work on the output; what engine_plan_prepare and engine_advance return
 */
enum err_code study_durable_run(struct scenario *scenario, const struct engine_options *options,
                                const struct study_durable *durable, const char *history,
                                struct store_result *out, struct err *err);

#endif
