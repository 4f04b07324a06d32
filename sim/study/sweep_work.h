/* How the policies of a sweep are produced: a batch at a time, by simulation or otherwise. One row
 * for each word of engine.sessions.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_STUDY_SWEEP_WORK_H
#define RETAKE_STUDY_SWEEP_WORK_H

#include <retake/engine/batch.h>

#include "sweep_parts.h"

/** A batch at work. */
struct study_work {
    const struct study_sweep *sweep;
    const struct engine_plan *base;
    size_t n_plans;
    const struct engine_plan *const *plans; /* [n_plans] */
    struct dataset *base_statistics;        /* all of the base; empty until they are known */
    void *own;                              /* the producer's */
};

struct study_producer {
    size_t most;        /* policies in a batch */
    bool base_is_fixed; /* base_statistics are of no batch: they stay, and checkpoints keep them */
    /** @return ERR_OK; ERR_INPUT: it cannot serve the base or a policy; ERR_MEMORY */
    enum err_code (*begin)(struct study_work *work, struct err *err);
    /** Go on until done, options->stop or options->pause_s. */
    enum err_code (*advance)(struct study_work *work, const struct engine_options *options,
                             struct err *err);
    /** How many policies, the first of the batch, can be finished; n_plans: it is done. A producer
     * that serves one after the other needs no state: what is ready becomes a row at once. */
    size_t (*n_ready)(const struct study_work *work);
    /** Candidates done, of those of the base; NULL: not known. */
    uint64_t (*n_done)(const struct study_work *work);
    /** What a checkpoint keeps of a batch under way; all NULL: nothing but its rows. */
    size_t (*n_bytes)(const struct study_work *work);
    void (*pack)(const struct study_work *work, void *bytes);
    bool (*unpack)(struct study_work *work, const void *bytes);
    /** Why policy k, which is ready, could not be served; NULL: it was. A policy that fails
     * does not fail the others. NULL here: none is ever refused. */
    const struct err *(*refusal)(const struct study_work *work, size_t k);
    /**
     * All statistics of policy k, its dimension "attempt" as long as that of the base at least,
     * with X_difference where the sweep compares. The base's are known.
     */
    enum err_code (*finish)(struct study_work *work, size_t k, struct dataset *out,
                            struct err *err);
    /** Make base_statistics, of a batch that is done. NULL: advance has. */
    enum err_code (*base)(const struct study_work *work, struct err *err);
    void (*end)(struct study_work *work); /* also after begin failed */
};

/** Policies by the exact solver (sweep_exact.c). */
extern const struct study_producer study_producer_exact;

/** The producer of the base's engine.sessions. @return ERR_OK; ERR_INPUT: there is none */
enum err_code study_producer_find(const struct scenario *base, const struct study_producer **out,
                                  struct err *err);

#endif
