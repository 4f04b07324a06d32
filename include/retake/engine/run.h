/* The run: candidates in parallel. The only room with OpenMP.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_ENGINE_RUN_H
#define RETAKE_ENGINE_RUN_H

#include <retake/engine/plan.h>

#include <signal.h>

/** Sessions that one thread interleaves. */
enum { ENGINE_LANES = 32 };

/** How to run; a zeroed struct is a good default. */
struct engine_options {
    int n_threads; /* 0 = as many as OpenMP gives; no more are used than there is work for */
    int n_lanes;   /* 0 = ENGINE_LANES; the results do not depend on it */
    /** Called now and then, by one thread at a time. May be NULL. */
    void (*progress)(uint64_t n_done, uint64_t n_total, void *context);
    void *context;
    const volatile sig_atomic_t
        *stop; /* the run ends early when it becomes non-zero; may be NULL */
};

/**
 * Simulate engine.candidates candidates.
 * @param out  the total; tally_free it. NULL after failure.
 * @return ERR_OK; ERR_MEMORY; ERR_INTERRUPTED
 */
enum err_code engine_run(const struct engine_plan *plan, const struct engine_options *options,
                         struct tally **out, struct err *err);

/** Threads that OpenMP would use. */
int engine_default_threads(void);

#endif
