/* Journeys: K lanes over a queue of candidates. A lane whose candidate is done takes the next one;
 * since every draw is keyed by (seed, candidate, attempt, purpose), neither K nor the order
 * matters. SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/real.h>
#include <retake/pathway/journey.h>

#include <retake/base/dist.h>

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <retake/pathway/event.h>

#include "lane.h"
#include "sitting.h"
#include "workspace.h"

const char *const pathway_end_names[PATHWAY_N_ENDS] = {
    "licensed",           "certified_only", "awaiting_gate", "withdrew",
    "attempts_exhausted", "window_expired", "never_tested"};

const char *const pathway_gate_names[PATHWAY_N_GATES] = {"result", "skills", "licensure"};

/* Whether the window may start anew. */
static bool may_renew(const struct scenario *s)
{
    const struct scenario_list *after = &s->policy_after_cycle;
    for (size_t k = 0; k < after->n; k++)
        if (after->values[k] == (double)PATHWAY_COURSE)
            return true;
    return s->policy_refresher_renews_window;
}

/* Attempts for which the time leaves room, when none waits longer than they must; at most `most`.
 */
static double attempts_in_time(const struct scenario *s, double most)
{
    double results = (double)s->policy_results_business_days, n = 1;
    double days = s->policy_horizon_days, year = s->policy_max_attempts_per_year;
    if (!may_renew(s) && s->policy_window_days < days)
        days = s->policy_window_days;
    for (double day = 0; n < most; n++) {
        double wait = config_list_at(&s->policy_wait_days, (size_t)n - 1);
        day += floor(wait > results ? wait : results);
        if (day > days)
            break;
    }
    return real_min(n, year * (floor(days / 365) + 1));
}

/* Attempts for which the policy and the time leave room. */
static double attempts_possible(const struct scenario *s)
{
    double allowed = (double)s->policy_attempts_per_cycle * (double)s->policy_max_cycles;
    return attempts_in_time(s, real_min(allowed, s->policy_max_attempts));
}

enum err_code pathway_design_init(const struct scenario *scenario,
                                  const struct person_design *person, const struct cat_design *cat,
                                  struct pathway_design *self, struct err *err)
{
    double attempts = attempts_possible(scenario);
    *self = (struct pathway_design){
        .scenario = scenario, .person = person, .cat = cat, .retrained = *person};
    self->retrained.refresher_repairs = scenario->policy_course_repairs;
    if (pathway_calendar_init(scenario, &self->arena, &self->calendar, err) != ERR_OK)
        return err->code;
    if (attempts > (double)PATHWAY_MAX_ATTEMPTS)
        return config_scenario_error(
            scenario, "policy.attempts_per_cycle", err, ERR_INPUT,
            /* never 1 */ "the policy leaves room for %.0f attempts; the tables hold %d", attempts,
            PATHWAY_MAX_ATTEMPTS);
    self->max_attempts = (uint32_t)attempts;
    self->counts_misses = true;
    self->leave_logit = dist_logit(scenario->leave_after_fail);
    bool varies = scenario->leave_per_attempt != 0 || scenario->leave_per_100_points_short != 0 ||
                  scenario->leave_per_year_since_course != 0;
    self->p_leaves = varies ? (double)NAN : dist_logistic(self->leave_logit);
    return ERR_OK;
}

void pathway_design_free(struct pathway_design *self)
{
    arena_free(&self->arena);
    *self = (struct pathway_design){0};
}

static bool lane_init(const struct pathway_design *design, struct pathway_workspace *self, size_t k)
{
    struct lane *lane = &self->lanes[k];
    size_t n_attempts = design->max_attempts;
    lane->sittings = arena_alloc(&self->arena, n_attempts * sizeof *lane->sittings);
    if (!lane->sittings)
        return false;
    if (!pathway_is_stepped(design))
        return true;
    size_t n_bytes = design->cat->n_words * sizeof(uint64_t);
    lane->session = &self->cat.sessions[k];
    lane->items =
        arena_alloc(&self->arena, n_attempts * design->cat->max_seen * sizeof *lane->items);
    lane->seen_last = arena_alloc(&self->arena, n_bytes);
    lane->seen_all = arena_alloc(&self->arena, n_bytes);
    return lane->items && lane->seen_last && lane->seen_all;
}

static bool workspace_init(const struct pathway_design *design, struct pathway_workspace *self)
{
    struct err err = {0};
    struct pathway_outcomes *out = &self->outcomes;
    size_t n_sittings = self->n_candidates * design->max_attempts;
    bool is_stepped = pathway_is_stepped(design);
    if (is_stepped && cat_workspace_init(design->cat, self->n_lanes, &self->cat, &err) != ERR_OK)
        return false;
    self->lanes = arena_alloc(&self->arena, self->n_lanes * sizeof *self->lanes);
    out->outcomes = arena_alloc(&self->arena, self->n_candidates * sizeof *out->outcomes);
    out->sittings = malloc(n_sittings * sizeof *out->sittings);
    out->items = malloc(n_sittings * (is_stepped ? design->cat->max_seen : 1) * sizeof *out->items);
    if (!self->lanes || !out->outcomes || !out->sittings || !out->items)
        return false;
    for (size_t k = 0; k < self->n_lanes; k++)
        if (!lane_init(design, self, k))
            return false;
    return true;
}

struct pathway_workspace *pathway_workspace_new(const struct pathway_design *design, size_t n_lanes,
                                                size_t n_candidates)
{
    assert(n_lanes >= 1 && n_lanes <= CAT_MAX_LANES);
    struct pathway_workspace *self = calloc(1, sizeof *self);
    if (!self)
        return NULL;
    self->n_lanes = n_lanes;
    self->n_candidates = n_candidates;
    if (workspace_init(design, self))
        return self;
    pathway_workspace_free(self);
    return NULL;
}

void pathway_workspace_free(struct pathway_workspace *self)
{
    if (!self)
        return;
    cat_workspace_free(&self->cat);
    free(self->outcomes.sittings);
    free(self->outcomes.items);
    arena_free(&self->arena);
    free(self);
}

void pathway_workspace_log(struct pathway_workspace *self, struct pathway_log *log)
{
    for (size_t k = 0; k < self->n_lanes; k++)
        self->lanes[k].log = log;
}

struct queue {
    uint64_t first;
    size_t next, n;
};

/* Give the lane the next candidate who sits; those who never do are delivered on the way. */
static bool take_next(const struct pathway_design *design, struct queue *queue, struct lane *lane,
                      struct pathway_outcomes *out)
{
    while (queue->next < queue->n) {
        lane->slot = queue->next++;
        if (pathway_lane_begin(design, queue->first + lane->slot, lane)) {
            pathway_sitting_begin(design, lane);
            return true;
        }
        pathway_deliver(out, lane);
    }
    return false;
}

/* After the end of a sitting: the next one, or the next candidate. false: the lane is idle. */
static bool turn(const struct pathway_design *design, struct queue *queue, struct lane *lane,
                 struct pathway_outcomes *out)
{
    pathway_sitting_finish(design, lane);
    if (pathway_lane_advance(design, lane)) {
        pathway_sitting_begin(design, lane);
        return true;
    }
    pathway_deliver(out, lane);
    return take_next(design, queue, lane, out);
}

const struct pathway_outcomes *pathway_journeys(const struct pathway_design *design, uint64_t first,
                                                size_t n, struct pathway_workspace *workspace)
{
    struct lane *active[CAT_MAX_LANES];
    struct pathway_outcomes *out = &workspace->outcomes;
    struct queue queue = {.first = first, .n = n};
    size_t n_active = 0;
    bool is_stepped = pathway_is_stepped(design);
    assert(n <= workspace->n_candidates);
    out->first = first;
    out->n = n;
    out->n_sittings = out->n_items = 0;
    for (size_t k = 0; k < workspace->n_lanes; k++)
        if (take_next(design, &queue, &workspace->lanes[k], out))
            active[n_active++] = &workspace->lanes[k];
    while (n_active > 0) {
        if (is_stepped)
            pathway_sittings_step(design, active, n_active);
        for (size_t k = n_active; k-- > 0;) {
            bool is_over = !is_stepped || active[k]->session->stop != CAT_GOING;
            if (is_over && !turn(design, &queue, active[k], out))
                active[k] = active[--n_active];
        }
    }
    return out;
}
