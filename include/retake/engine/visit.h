/* Visits: the outcomes of several plans, shown block by block to somebody who counts for
 * themselves.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_ENGINE_VISIT_H
#define RETAKE_ENGINE_VISIT_H

#include <retake/engine/run.h>

/** One plan, or two whose outcomes of the same candidates are wanted side by side. */
struct engine_visit {
    const struct engine_plan *first, *second; /* second NULL: one plan alone */
    uint64_t cost_ns; /* of a candidate on one thread, for the progress; 0 in all: not known */
};

struct engine_visits {
    size_t n;
    const struct engine_visit *list; /* [n] */
    /** Shown outcomes of whole blocks, by the thread that made them, before their memory is used
     * again; they come in any order, threads at the same time. */
    void (*take)(void *context, size_t visit, const struct pathway_outcomes *first,
                 const struct pathway_outcomes *second);
    void *context;
};

/**
 * The cost of one candidate of a visit, by a trial whose outcomes nobody sees: of the first few
 * candidates and, where those are quick, of the first n. It is the time of the processor, so that
 * others who are at work on it do not count.
 * @return ERR_OK; ERR_MEMORY
 */
enum err_code engine_visit_try(struct engine_visit *self, size_t few, size_t n, struct err *err);

/** Processor time of this thread so far. */
double engine_thread_time_s(void);

/**
 * Simulate engine.candidates (of the first plan) candidates of each visit. options->progress counts
 * candidates times plans or, where costs are known, their nanoseconds.
 * @return ERR_OK; ERR_MEMORY; ERR_INTERRUPTED
 */
enum err_code engine_visit_all(const struct engine_visits *self,
                               const struct engine_options *options, struct err *err);

#endif
