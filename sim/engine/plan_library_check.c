/* What a library cannot serve, said before anything is drawn from it.
 * SPDX-License-Identifier: Apache-2.0 */
#include "plan_library.h"

#include <retake/base/wording.h>
#include <retake/pathway/draw.h>

#include <math.h>

enum { N_PEOPLE = 8192 };

static const double farthest = 10,                /* node of ability, from the cut [logit] */
    slowest = 3,                                  /* node of speed, below the safe one */
    greatest_variance = 4,                        /* by which a sitting is chosen */
    tolerated = 0.001, tolerated_variance = 0.02, /* shares of candidates beyond */
    tolerated_clock = 0.5;                        /* where it binds there are fewer sittings */

enum err_code engine_library_check_exam(const struct scenario *scenario, struct err *err)
{
    if (scenario->exam_form == CONFIG_FORM_NORMAL)
        return config_scenario_error(scenario, "engine.sessions", err, ERR_INPUT,
                                     "library: exam.form: normal has no sessions to keep; "
                                     "use simulate");
    if (scenario->exam_exclude_seen != 0)
        return config_scenario_error(scenario, "exam.exclude_seen", err, ERR_INPUT,
                                     "the session library does not know what a retaker has seen; "
                                     "only none can be served, or engine.sessions: simulate");
    return ERR_OK;
}

struct beyond {
    size_t theta, speed, clock, variance; /* clock: met at the first attempt */
};

static void look(const struct engine_plan *plan, const struct pathway_library *library,
                 uint64_t candidate, struct beyond *out)
{
    struct person person;
    struct person_state state;
    struct pathway_drawn drawn;
    const struct pathway_sitter sitter = {&person, &state, 1, &drawn};
    person_draw(&plan->person, candidate, &person);
    person_state(&plan->person, &person, &state);
    double variance = pathway_library_variance(library, &plan->person, &state, person.domain);
    out->theta += fabs(state.proficiency - library->center) > farthest;
    out->speed += library->size.n_speeds > 0 && library->safe_speed - state.speed > slowest;
    pathway_library_draw(library, &plan->person, &sitter, 1);
    out->clock += drawn.sitting->stop == CAT_STOP_TIME || drawn.sitting->n_rushed > 0;
    out->variance += variance > greatest_variance;
}

static enum err_code refuse(const struct engine_plan *plan, const char *key, size_t n,
                            const char *what, struct err *err)
{
    return config_scenario_error(plan->scenario, key, err, ERR_INPUT,
                                 "the session library is thin here: %.1f %% of candidates %s; "
                                 "use engine.sessions: simulate",
                                 100.0 * (double)n / (double)N_PEOPLE, what);
}

/* Each attempt is to meet another sitting. */
static enum err_code refuse_attempts(const struct engine_plan *plan, uint32_t n, const char *where,
                                     struct err *err)
{
    return config_scenario_error(plan->scenario, "engine.library.sittings", err, ERR_INPUT,
                                 "the policy leaves room for %s, each of which needs another "
                                 "sitting at a node; %s the library has %u",
                                 wording_count(plan->pathway.max_attempts, "attempt").text, where,
                                 n);
}

enum err_code engine_library_check_attempts(const struct engine_plan *plan, struct err *err)
{
    uint32_t n = (uint32_t)plan->scenario->engine_library_sittings;
    return plan->pathway.max_attempts > n ? refuse_attempts(plan, n, "of these", err) : ERR_OK;
}

enum err_code engine_library_check_clock(const struct engine_plan *plan, double share,
                                         struct err *err)
{
    uint32_t n = plan->pathway.library->size.n_slow;
    if (share <= tolerated_clock || plan->pathway.max_attempts <= n)
        return ERR_OK;
    return refuse_attempts(plan, n, "where the clock binds", err);
}

enum err_code engine_library_check_people(struct engine_plan *plan,
                                          const struct pathway_library *library, struct err *err)
{
    struct beyond beyond = {0};
    uint64_t n = (uint64_t)plan->scenario->engine_candidates, step = n / N_PEOPLE;
    for (uint64_t c = 0; c < N_PEOPLE; c++)
        look(plan, library, c * (step > 1 ? step : 1), &beyond);
    plan->library_clock_share = (double)beyond.clock / (double)N_PEOPLE;
    if ((double)beyond.theta > tolerated * (double)N_PEOPLE)
        return refuse(plan, "engine.sessions", beyond.theta, "are more than 10 logits from the cut",
                      err);
    if ((double)beyond.speed > tolerated * (double)N_PEOPLE)
        return refuse(plan, "exam.time_limit_min", beyond.speed,
                      "are far too slow for the time limit", err);
    if ((double)beyond.variance > tolerated_variance * (double)N_PEOPLE)
        return refuse(plan,
                      plan->person.n_domains > 0 ? "deficits.domain_spread" : "engine.sessions",
                      beyond.variance, "have deficits that weigh too unevenly on items", err);
    return engine_library_check_clock(plan, plan->library_clock_share, err);
}
