/* The days: every course day (without holidays, every weekday of it) and every first day, with its
 * probability, and the timeline that follows. Timelines that differ in the days of results alone
 * are one kind: the integral over theta is taken once for each.
 * SPDX-License-Identifier: Apache-2.0 */
#include "exact_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What is rarer is left out: all of it together is below 1e-9 for windows of up to 10,000 days. */
static const double least_chance = 1e-17;

enum { KEY_NUMBERS = 10 + PERSON_N_BUCKETS };

struct builder {
    const struct engine_plan *plan;
    uint32_t group;
    struct exact_calendar *out;
    struct pathway_timeline *timeline;
    struct pathway_step *steps; /* [max_attempts] */
    double *key, *keys;         /* [max_attempts * KEY_NUMBERS], and of every kind */
    size_t kinds_capacity, schedules_capacity;
    size_t *table, table_size; /* hash table of kinds, from 1; 0 = free. A power of two */
    struct err *err;
};

static enum err_code no_memory(struct builder *self)
{
    return err_set(self->err, ERR_MEMORY, "no memory for the calendar of the exact solver");
}

/* ---- kinds ---- */

static size_t key_length(const struct builder *self)
{
    return (size_t)self->plan->pathway.max_attempts * KEY_NUMBERS;
}

/* All that matters of a timeline besides the days of results. */
static void fill_key(struct builder *self, uint32_t n)
{
    bool by_year = self->plan->scenario->leave_per_year_since_course != 0;
    memset(self->key, 0, key_length(self) * sizeof *self->key);
    for (uint32_t k = 0; k < n; k++) {
        struct pathway_step *step = &self->steps[k];
        double *out = self->key + (size_t)k * KEY_NUMBERS;
        if (!by_year)
            step->years = 0;
        const double numbers[KEY_NUMBERS - PERSON_N_BUCKETS] = {1,
                                                                step->ability,
                                                                step->years,
                                                                step->threshold,
                                                                (double)step->next,
                                                                step->is_cycle_over,
                                                                step->is_repaired,
                                                                (double)step->repair,
                                                                2 * step->is_window_open_here +
                                                                    step->is_window_open_next,
                                                                (double)step->n_forfeited};
        memcpy(out, numbers, sizeof numbers);
        memcpy(out + KEY_NUMBERS - PERSON_N_BUCKETS, step->deficit, sizeof step->deficit);
    }
}

static uint64_t hash(const double *key, size_t n)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325);
    for (size_t k = 0; k < n; k++) {
        uint64_t bits;
        memcpy(&bits, &key[k], sizeof bits);
        h = (h ^ bits ^ bits >> 32) * UINT64_C(0x100000001b3);
    }
    return h ^ h >> 29;
}

/* Where the key is in the table, or belongs. */
static size_t *find(const struct builder *self, const double *key)
{
    size_t n = key_length(self), at = hash(key, n) & (self->table_size - 1);
    while (self->table[at] != 0 &&
           memcmp(self->keys + (self->table[at] - 1) * n, key, n * sizeof *key) != 0)
        at = (at + 1) & (self->table_size - 1);
    return &self->table[at];
}

static bool grow_kinds(struct builder *self)
{
    size_t capacity = self->kinds_capacity ? 2 * self->kinds_capacity : 64;
    struct exact_kind *kinds = realloc(self->out->kinds, capacity * sizeof *kinds);
    if (kinds)
        self->out->kinds = kinds;
    double *keys = realloc(self->keys, capacity * key_length(self) * sizeof *keys);
    if (keys)
        self->keys = keys;
    size_t *table = calloc(4 * capacity, sizeof *table);
    if (!kinds || !keys || !table) {
        free(table);
        return false;
    }
    free(self->table);
    self->table = table;
    self->table_size = 4 * capacity;
    self->kinds_capacity = capacity;
    for (size_t k = 0; k < self->out->n_kinds; k++)
        *find(self, keys + k * key_length(self)) = k + 1;
    return true;
}

/* The kind of the timeline in steps; SIZE_MAX when memory is out. */
static size_t kind_of(struct builder *self, uint32_t n)
{
    struct exact_calendar *out = self->out;
    fill_key(self, n);
    if (out->n_kinds == self->kinds_capacity && !grow_kinds(self))
        return SIZE_MAX;
    size_t *at = find(self, self->key);
    if (*at != 0)
        return *at - 1;
    struct pathway_step *steps = arena_alloc(&out->arena, n * sizeof *steps);
    if (!steps)
        return SIZE_MAX;
    memcpy(steps, self->steps, n * sizeof *steps);
    memcpy(self->keys + out->n_kinds * key_length(self), self->key,
           key_length(self) * sizeof *self->key);
    out->kinds[out->n_kinds] = (struct exact_kind){.n_steps = n, .steps = steps};
    *at = ++out->n_kinds;
    return *at - 1;
}

/* ---- schedules ---- */

static enum err_code add_schedule(struct builder *self, int64_t course_day, double day,
                                  double weight)
{
    struct exact_calendar *out = self->out;
    uint32_t n = pathway_timeline_follow(self->timeline, self->group, course_day, day, self->steps);
    size_t kind = kind_of(self, n);
    if (kind == SIZE_MAX)
        return no_memory(self);
    if (out->n_schedules == self->schedules_capacity) {
        size_t capacity = self->schedules_capacity ? 2 * self->schedules_capacity : 1024;
        struct exact_schedule *grown = realloc(out->schedules, capacity * sizeof *grown);
        if (!grown)
            return no_memory(self);
        out->schedules = grown;
        self->schedules_capacity = capacity;
    }
    int32_t *days = arena_alloc(&out->arena, n * sizeof *days);
    if (!days)
        return no_memory(self);
    for (uint32_t k = 0; k < n; k++)
        days[k] = (int32_t)self->steps[k].result_day;
    out->kinds[kind].weight += weight;
    out->schedules[out->n_schedules++] = (struct exact_schedule){kind, weight, days};
    return ERR_OK;
}

/* Course days: all of them with holidays, else one for each weekday; one where results post at
 * once. */
static enum err_code add_first_day(struct builder *self, double day, double p)
{
    const struct scenario *s = self->plan->scenario;
    int64_t first = s->population_course_ends_first, n = s->population_course_ends_spread_days;
    bool is_free = s->policy_results_business_days == 0;
    int64_t n_classes = self->plan->pathway.calendar.n_holidays > 0 && !is_free ? n : 7;
    for (int64_t k = 0; k < n_classes && k < n; k++) {
        double share = (double)((n - 1 - k) / n_classes + 1) / (double)n;
        if (is_free)
            share = 1;
        if (add_schedule(self, first + k, day, p * share) != ERR_OK || is_free)
            return self->err->code;
    }
    return ERR_OK;
}

/* Probabilities of the first day: [n]. What does not come by then never tests. */
static enum err_code first_days(struct builder *self, double *p, size_t n)
{
    const struct scenario *s = self->plan->scenario;
    double *verified = calloc(2 * n, sizeof *verified), *planned = verified + n;
    if (!verified)
        return no_memory(self);
    study_exact_delay(s->gates_verification_delay_days_mean, s->gates_verification_delay_days_sd, n,
                      verified);
    study_exact_delay(s->population_first_test_days_mean, s->population_first_test_days_sd, n,
                      planned);
    for (size_t v = 0; v < n; v++)
        for (size_t d = 0; d < n && verified[v] > 0; d++) {
            uint32_t n_forfeited;
            double chance = s->gates_verification_probability * verified[v] * planned[d];
            if (chance < least_chance)
                continue;
            double day = pathway_timeline_first(self->timeline, (double)v, (double)d, &n_forfeited);
            self->out->n_forfeited += chance * n_forfeited;
            if (day < (double)n)
                p[(size_t)day] += chance;
        }
    free(verified);
    return ERR_OK;
}

static enum err_code build(struct builder *self)
{
    size_t n = (size_t)self->plan->scenario->policy_horizon_days + 2;
    double *p = calloc(n, sizeof *p), sits = 0;
    if (!p)
        return no_memory(self);
    first_days(self, p, n);
    for (size_t day = 0; day < n && !self->err->code; day++)
        if (p[day] > 0 && pathway_timeline_may_begin(self->timeline, (double)day)) {
            sits += p[day];
            add_first_day(self, (double)day, p[day]);
        }
    self->out->never = sits < 1 ? 1 - sits : 0;
    free(p);
    return self->err->code;
}

enum err_code study_exact_calendar_init(const struct engine_plan *plan, uint32_t group,
                                        struct exact_calendar *self, struct err *err)
{
    struct builder builder = {.plan = plan, .group = group, .out = self, .err = err};
    *self = (struct exact_calendar){0};
    builder.timeline = pathway_timeline_new(&plan->pathway);
    builder.steps = calloc(plan->pathway.max_attempts, sizeof *builder.steps);
    builder.key = calloc(key_length(&builder), sizeof *builder.key);
    if (builder.timeline && builder.steps && builder.key)
        build(&builder);
    else
        no_memory(&builder);
    pathway_timeline_free(builder.timeline);
    free(builder.steps);
    free(builder.key);
    free(builder.keys);
    free(builder.table);
    return err->code;
}

void study_exact_calendar_free(struct exact_calendar *self)
{
    free(self->kinds);
    free(self->schedules);
    arena_free(&self->arena);
    *self = (struct exact_calendar){0};
}
