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
        *stop;      /* the run ends early when it becomes non-zero; may be NULL */
    double pause_s; /* engine_advance returns after so many seconds; 0 = never */
    /** Shown each finished chunk, by the thread that made it, before its memory is used again;
     * chunks come in any order, threads at the same time. May be NULL. */
    void (*chunk_done)(const struct pathway_outcomes *, uint64_t first, void *context);
    void *chunk_context;
    struct engine_libraries *libraries; /* session libraries to share and to add to; may be NULL */
    /** Told of a session library that is built or read. May be NULL. */
    void (*note)(const char *text, void *context);
    void *note_context;
    uint64_t n_total;                             /* that progress tells; 0 = engine.candidates */
    const struct engine_exposure_known *exposure; /* for engine_plan_prepare; may be NULL */
    struct engine_comm *comm; /* ranks to share the work with (comm.h); for study_durable_run and
                                 study_sweep_run; may be NULL */
};

/** What has been simulated: candidates first .. next - 1 are counted in total. */
struct engine_state {
    uint64_t first, next;
    struct tally *total;
};

/** Nothing yet, from candidate first on: a multiple of TALLY_BLOCK, or the end of the run.
 * engine_state_free it.
 * @return ERR_OK; ERR_MEMORY */
enum err_code engine_state_init(const struct engine_plan *plan, uint64_t first,
                                struct engine_state *self, struct err *err);
void engine_state_free(struct engine_state *self);

/**
 * Simulate on from candidate state->next to until (a multiple of TALLY_BLOCK, or the end of the
 * run). Where options->stop or options->pause_s end it earlier, the state holds what is done, still
 * without a gap: the statistics do not depend on where it paused.
 * @return ERR_OK, also when it paused; ERR_MEMORY: the state is as before
 */
enum err_code engine_advance(const struct engine_plan *plan, const struct engine_options *options,
                             uint64_t until, struct engine_state *state, struct err *err);

/**
 * Simulate engine.candidates candidates.
 * @param out  the total; tally_free it. NULL after failure.
 * @return ERR_OK; ERR_MEMORY; ERR_INTERRUPTED
 */
enum err_code engine_run(const struct engine_plan *plan, const struct engine_options *options,
                         struct tally **out, struct err *err);

/** Threads that OpenMP would use. */
int engine_default_threads(void);

/** Seconds of a clock that only goes forward. */
double engine_time_s(void);

#endif
