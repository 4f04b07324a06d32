/* Whole journeys as JSON lines, for the twin: journey_dump SCENARIO FIRST N
 *
 * One candidate at a time is driven through the rooms cat and person as the engine drives them, so
 * that every answer can be seen; then pathway_journeys simulates the same candidates in
 * interleaved lanes, and must agree in every field.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/engine/plan.h>

#include "lane.h"
#include "sitting.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { N_LANES = 32 };

/* What was seen after each answer of a sitting. */
struct step {
    uint8_t answer;
    double theta, se, elapsed_s;
};

struct driver {
    const struct engine_plan *plan;
    struct lane lane;
    struct cat_workspace cat;
    struct step *steps; /* [max_attempts][max_seen] */
    struct arena arena;
};

static size_t max_seen(const struct engine_plan *plan)
{
    return plan->pathway.cat ? plan->cat.max_seen : 1;
}

static bool driver_init(struct driver *self, const struct engine_plan *plan, struct err *err)
{
    size_t n_attempts = plan->pathway.max_attempts, n = n_attempts * max_seen(plan);
    size_t n_bytes = plan->cat.n_words * sizeof(uint64_t);
    *self = (struct driver){.plan = plan};
    self->steps = arena_alloc(&self->arena, n * sizeof *self->steps);
    self->lane.sittings = arena_alloc(&self->arena, n_attempts * sizeof *self->lane.sittings);
    self->lane.items = arena_alloc(&self->arena, n * sizeof *self->lane.items);
    self->lane.seen_last = arena_alloc(&self->arena, n_bytes);
    self->lane.seen_all = arena_alloc(&self->arena, n_bytes);
    if (!self->steps || !self->lane.sittings || !self->lane.items || !self->lane.seen_last ||
        !self->lane.seen_all)
        return false;
    if (!plan->pathway.cat)
        return true;
    if (cat_workspace_init(&plan->cat, 1, &self->cat, err) != ERR_OK)
        return false;
    self->lane.session = &self->cat.sessions[0];
    return true;
}

static void driver_free(struct driver *self)
{
    cat_workspace_free(&self->cat);
    arena_free(&self->arena);
}

/* One sitting, answer by answer. */
static void sit(struct driver *self)
{
    const struct pathway_design *design = &self->plan->pathway;
    struct lane *lane = &self->lane;
    struct step *steps = self->steps + lane->outcome.n_sittings * max_seen(self->plan);
    pathway_sitting_begin(design, lane);
    while (design->cat && lane->session->stop == CAT_GOING) {
        uint32_t before = lane->session->seen.n_seen;
        pathway_sittings_step(design, &lane, 1);
        const struct rule_session *seen = &lane->session->seen;
        if (seen->n_seen > before)
            steps[before] =
                (struct step){lane->session->answers[before], seen->theta,
                              cat_session_se(design->cat, lane->session), seen->elapsed_s};
    }
    pathway_sitting_finish(design, lane);
}

static void drive(struct driver *self, uint64_t candidate)
{
    const struct pathway_design *design = &self->plan->pathway;
    bool sits = pathway_lane_begin(design, candidate, &self->lane);
    while (sits) {
        sit(self);
        sits = pathway_lane_advance(design, &self->lane);
    }
}

/* ---- printing ---- */

static void print_number(const char *name, double x)
{
    if (isfinite(x))
        printf("\"%s\": %.17g, ", name, x);
    else
        printf("\"%s\": %sInfinity, ", name, x < 0 ? "-" : "");
}

static void print_number_in_list(size_t i, double x)
{
    printf("%s", i ? ", " : "");
    if (isfinite(x))
        printf("%.17g", x);
    else
        printf("%sInfinity", x < 0 ? "-" : "");
}

static void print_steps(const struct driver *self, size_t attempt)
{
    const struct pathway_sitting *sitting = &self->lane.sittings[attempt];
    const uint32_t *items = self->lane.items + sitting->first_item;
    const struct step *steps = self->steps + attempt * max_seen(self->plan);
    printf("\"items\": [");
    for (size_t i = 0; i < sitting->n_seen; i++)
        printf("%s\"%s\"", i ? ", " : "",
               self->plan->bank.ids[items[i] & (PATHWAY_SEEN_BEFORE - 1)]);
    printf("], \"again\": [");
    for (size_t i = 0; i < sitting->n_seen; i++)
        printf("%s%d", i ? ", " : "", (items[i] & PATHWAY_SEEN_BEFORE) != 0);
    printf("], \"answers\": [");
    for (size_t i = 0; i < sitting->n_seen; i++)
        printf("%s%d", i ? ", " : "", steps[i].answer);
    printf("], \"thetas\": [");
    for (size_t i = 0; i < sitting->n_seen; i++)
        print_number_in_list(i, steps[i].theta);
    printf("], \"ses\": [");
    for (size_t i = 0; i < sitting->n_seen; i++)
        print_number_in_list(i, steps[i].se);
    printf("], \"elapsed\": [");
    for (size_t i = 0; i < sitting->n_seen; i++)
        print_number_in_list(i, steps[i].elapsed_s);
    printf("]");
}

static void print_sitting(const struct driver *self, size_t attempt)
{
    const struct pathway_sitting *sitting = &self->lane.sittings[attempt];
    printf("%s{\"day\": %d, \"result_day\": %d, \"n_scored\": %d, \"stop\": \"%s\", ",
           attempt ? ", " : "", sitting->day, sitting->result_day, sitting->n_scored,
           cat_stop_names[sitting->stop]);
    printf("\"passed\": %d, \"competent\": %d, ", sitting->passed, sitting->is_competent);
    print_number("proficiency", sitting->proficiency);
    print_number("theta", sitting->theta);
    print_number("se", sitting->se);
    print_number("score", sitting->score);
    print_number("minutes", (double)sitting->minutes);
    printf("\"misses\": [");
    for (size_t k = 0; k < PERSON_N_BUCKETS; k++)
        printf("%s%d", k ? ", " : "", sitting->misses[k]);
    printf("], ");
    print_steps(self, attempt);
    printf("}");
}

static void print_journey(const struct driver *self, uint64_t candidate)
{
    const struct pathway_outcome *outcome = &self->lane.outcome;
    printf("{\"candidate\": %" PRIu64 ", \"group\": \"%s\", \"end\": \"%s\", ", candidate,
           self->plan->scenario->groups[outcome->group].name, pathway_end_names[outcome->end]);
    printf("\"n_refreshers\": %u, \"certified_day\": %d, \"licensed_day\": %d, ",
           outcome->n_refreshers, outcome->certified_day, outcome->licensed_day);
    printf("\"window_open\": %d, \"sittings\": [", outcome->is_window_open);
    for (size_t a = 0; a < outcome->n_sittings; a++)
        print_sitting(self, a);
    printf("]}\n");
}

/* ---- the same by interleaved lanes ---- */

static bool same_sitting(const struct pathway_sitting *a, const struct pathway_sitting *b)
{
    return a->proficiency == b->proficiency && a->theta == b->theta && a->se == b->se &&
           a->score == b->score && a->minutes == b->minutes && a->day == b->day &&
           a->result_day == b->result_day && a->n_scored == b->n_scored && a->n_seen == b->n_seen &&
           memcmp(a->misses, b->misses, sizeof a->misses) == 0 && a->stop == b->stop &&
           a->is_competent == b->is_competent && a->passed == b->passed;
}

static bool same_journey(const struct driver *self, const struct pathway_outcomes *all, size_t i)
{
    const struct pathway_outcome *a = &self->lane.outcome, *b = &all->outcomes[i];
    if (a->group != b->group || a->end != b->end || a->n_sittings != b->n_sittings ||
        a->n_refreshers != b->n_refreshers || a->certified_day != b->certified_day ||
        a->licensed_day != b->licensed_day || a->is_window_open != b->is_window_open)
        return false;
    for (size_t k = 0; k < a->n_sittings; k++) {
        const struct pathway_sitting *x = &self->lane.sittings[k];
        const struct pathway_sitting *y = &all->sittings[b->first_sitting + k];
        if (!same_sitting(x, y) ||
            memcmp(self->lane.items + x->first_item, all->items + y->first_item,
                   x->n_seen * sizeof *all->items) != 0)
            return false;
    }
    return true;
}

static bool dump(const struct engine_plan *plan, uint64_t first, size_t n, struct err *err)
{
    struct driver driver;
    struct pathway_workspace *workspace = pathway_workspace_new(&plan->pathway, N_LANES, n);
    bool good = driver_init(&driver, plan, err) && workspace;
    if (!good)
        err_set(err, ERR_MEMORY, "no memory for %zu journeys", n);
    const struct pathway_outcomes *all =
        good ? pathway_journeys(&plan->pathway, first, n, workspace) : NULL;
    for (size_t i = 0; good && i < n; i++) {
        drive(&driver, first + i);
        print_journey(&driver, first + i);
        if (!same_journey(&driver, all, i))
            good = err_set(err, ERR_INTERNAL, "candidate %zu: lanes disagree", first + i) == ERR_OK;
    }
    driver_free(&driver);
    pathway_workspace_free(workspace);
    return good;
}

int main(int argc, char **argv)
{
    struct err err = {0};
    struct scenario scenario = {0};
    struct engine_plan plan = {0};
    if (argc != 4) {
        fprintf(stderr, "usage: journey_dump SCENARIO FIRST N\n");
        return 2;
    }
    uint64_t first = strtoull(argv[2], NULL, 10);
    size_t n = strtoull(argv[3], NULL, 10);
    if (config_scenario_load(argv[1], &scenario, &err) == ERR_OK &&
        engine_plan_init(&scenario, &plan, &err) == ERR_OK)
        dump(&plan, first, n, &err);
    engine_plan_free(&plan);
    config_scenario_free(&scenario);
    if (err.code != ERR_OK)
        fprintf(stderr, "journey_dump: %s\n", err.detail);
    return err_exit_status(err.code);
}
