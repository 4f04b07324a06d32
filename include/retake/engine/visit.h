/* Visits: the outcomes of several plans, shown block by block to somebody who counts for
 * themselves.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_ENGINE_VISIT_H
#define RETAKE_ENGINE_VISIT_H

#include <retake/engine/run.h>

/** One plan, or two whose outcomes of the same candidates are wanted side by side. */
struct engine_visit {
    const struct engine_plan *first, *second; /* second NULL: one plan alone */
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
 * Simulate engine.candidates (of the first plan) candidates of each visit. options->progress counts
 * candidates times plans.
 * @return ERR_OK; ERR_MEMORY; ERR_INTERRUPTED
 */
enum err_code engine_visit_all(const struct engine_visits *self,
                               const struct engine_options *options, struct err *err);

#endif
