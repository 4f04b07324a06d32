/* Journeys of a shipped scenario one by one, for statistics that the tables do not hold.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_STAT_JOURNEYS_H
#define TESTS_STAT_JOURNEYS_H

#include "stat_run.h"

enum { STAT_CHUNK = 256, STAT_LANES = 32 };

/** Called for each candidate with the sittings in order of attempts. */
typedef void stat_visit(size_t candidate, const struct pathway_outcome *outcome,
                        const struct pathway_sitting *sittings, void *context);

static inline void stat_visit_chunk(const struct pathway_outcomes *out, size_t first,
                                    stat_visit *visit, void *context)
{
    for (size_t i = 0; i < out->n; i++)
        visit(first + i, &out->outcomes[i], out->sittings + out->outcomes[i].first_sitting,
              context);
}

/** Simulate n candidates of configs/NAME with these changes ("key=value"; NULL ends them). */
static inline void stat_journeys(const char *name, const char *const *sets, size_t n,
                                 stat_visit *visit, void *context)
{
    char path[4096];
    struct err err = {0};
    struct scenario scenario;
    struct engine_plan plan = {0};
    const char *root = getenv("RETAKE_SOURCE_DIR");
    snprintf(path, sizeof path, "%s/configs/%s", root ? root : ".", name);
    bool good = config_scenario_load(path, &scenario, &err) == ERR_OK;
    for (; good && *sets; sets++)
        good = config_scenario_set(&scenario, *sets, &err) == ERR_OK;
    good = good && engine_plan_init(&scenario, &plan, &err) == ERR_OK;
    cr_assert(good, "%s", err.detail);
    struct pathway_workspace *workspace =
        pathway_workspace_new(&plan.pathway, STAT_LANES, STAT_CHUNK);
    cr_assert(workspace);
    for (size_t first = 0; first < n; first += STAT_CHUNK)
        stat_visit_chunk(pathway_journeys(&plan.pathway, first,
                                          n - first < STAT_CHUNK ? n - first : STAT_CHUNK,
                                          workspace),
                         first, visit, context);
    pathway_workspace_free(workspace);
    engine_plan_free(&plan);
    config_scenario_free(&scenario);
}

#endif
