/* A sweep at work: batches of policies, checkpoints, one result (docs/sweep.md).
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_STUDY_SWEEP_RUN_H
#define RETAKE_STUDY_SWEEP_RUN_H

#include <retake/study/durable.h>
#include <retake/study/sweep.h>

struct study_sweep_options {
    struct engine_options engine; /* threads, stop; progress counts candidates times policies */
    struct study_durable durable; /* output, checkpoints, limits, shard: of policies; no hooks */
    bool strict;                  /* a policy that fails ends the sweep */
    size_t batch;                 /* policies at a time at most; 0 = as memory allows */
    const char *history;
};

/**
 * Run a sweep, and write the result if there is an output.
 * @param sweep  after study_sweep_design
 * @param out    the result; store_result_free it, even after failure
 * @return ERR_OK; ERR_STOPPED at a checkpoint; ERR_INTERRUPTED without one; ERR_INPUT: the base
 *         cannot be run, or strict and a policy failed; ERR_IO; ERR_MEMORY
 */
enum err_code study_sweep_run(struct study_sweep *sweep, const struct study_sweep_options *options,
                              struct store_result *out, struct err *err);

/** The policies of a shard: `n` from point `first` on; of all without shards. */
void study_sweep_shard(const struct study_sweep *sweep, const struct study_durable *durable,
                       size_t *first, size_t *n);

/** What a sweep would take. */
struct study_sweep_estimate {
    size_t n_policies;  /* of this shard */
    size_t n_failing;   /* of the pilot, the first of which is: */
    char failure[512];  /* "policy 3: why it cannot be run" */
    size_t n_pilot;     /* policies of the pilot */
    size_t n_libraries; /* of sessions that the policies of this shard need */
    double seconds;     /* of the whole, with this machine's threads, without building libraries */
    double memory_bytes;
    double file_bytes; /* at most: how far it deflates depends on how much the policies differ */
};

/** Run a few policies on a few candidates, for about a second.
 * @return ERR_OK; ERR_INPUT: the base, or none of these policies, can be run; ERR_MEMORY */
enum err_code study_sweep_estimate(struct study_sweep *sweep,
                                   const struct study_sweep_options *options,
                                   struct study_sweep_estimate *out, struct err *err);

#endif
