/* Memory of sessions: everything that a session may need, allocated once.
 * SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>

#include <retake/base/wording.h>
#include <string.h>

#include "blueprint.h"
#include "rules.h"

static void *doubles(struct arena *arena, size_t n)
{
    return arena_alloc(arena, n * sizeof(double));
}

static bool answers_init(const struct cat_design *design, struct cat_session *self,
                         struct arena *arena)
{
    size_t n = (design->exam.max_items + VEC_LANES - 1) / VEC_LANES * VEC_LANES;
    if (!design->keeps_answers)
        return true;
    double *answers = doubles(arena, 5 * n);
    self->asked = arena_alloc(arena, n * sizeof *self->asked);
    if (!answers || !self->asked)
        return false;
    self->a = answers;
    self->b = answers + n;
    self->c = answers + 2 * n;
    self->d = answers + 3 * n;
    self->x = answers + 4 * n;
    return true;
}

static bool content_init(const struct cat_design *design, struct cat_session *self,
                         struct arena *arena)
{
    if (!design->content)
        return true;
    size_t n = design->content->n_domains;
    self->n_by_domain = arena_alloc(arena, n * sizeof *self->n_by_domain);
    self->n_free = arena_alloc(arena, n * sizeof *self->n_free);
    self->allowed = arena_alloc(arena, design->n_words * sizeof *self->allowed);
    self->blocked_slots =
        arena_alloc(arena, design->content->n_slot_words * sizeof *self->blocked_slots);
    if (design->content->blueprint &&
        !(self->blueprint = cat_blueprint_state_new(design->content->blueprint, arena)))
        return false;
    return self->n_by_domain && self->n_free && self->allowed && self->blocked_slots;
}

static bool lane_init(const struct cat_design *design, struct cat_session *self,
                      struct arena *arena)
{
    size_t n_weights = design->grid.n_vectors * VEC_LANES;
    self->weight = doubles(arena, n_weights);
    uint64_t *blocked = arena_alloc(arena, (design->n_words + 2 * CAT_GUARD) * sizeof *blocked);
    self->items = arena_alloc(arena, design->max_seen * sizeof *self->items);
    self->answers = arena_alloc(arena, design->max_seen);
    self->scored = arena_alloc(arena, design->exam.max_items * sizeof *self->scored);
    self->scored_answers = arena_alloc(arena, design->exam.max_items);
    if (!self->weight || !blocked || !self->items || !self->answers || !self->scored ||
        !self->scored_answers)
        return false;
    memset(blocked, 0xff, (design->n_words + 2 * CAT_GUARD) * sizeof *blocked);
    self->blocked = blocked + CAT_GUARD;
    if (design->keeps_shown && !(self->shown = arena_alloc(arena, design->n_scored)))
        return false;
    if (design->grid_information && !(self->information = doubles(arena, n_weights)))
        return false;
    if (design->curves &&
        !(self->likelihood = doubles(arena, design->curves->grid.n_vectors * VEC_LANES)))
        return false;
    if (design->exposure &&
        !(self->aside = arena_alloc(arena, design->n_scored * sizeof *self->aside)))
        return false;
    return answers_init(design, self, arena) && content_init(design, self, arena);
}

static struct cat_scratch *scratch_new(const struct cat_design *design, struct arena *arena)
{
    struct cat_scratch *self = arena_alloc(arena, sizeof *self);
    size_t n_domains = design->content ? design->content->n_domains : 0;
    size_t n_vectors = design->curves ? design->curves->grid.n_vectors : 0;
    if (!self)
        return NULL;
    self->items = arena_alloc(arena, design->n_scored * sizeof *self->items);
    self->values = doubles(arena, design->n_scored);
    self->is_open = arena_alloc(arena, (n_domains + 1) * sizeof *self->is_open);
    self->weights = arena_alloc(arena, (n_vectors + 1) * sizeof *self->weights);
    size_t most = n_vectors > design->grid.n_vectors ? n_vectors : design->grid.n_vectors;
    self->exact = doubles(arena, most * VEC_LANES);
    self->log_start = doubles(arena, most * VEC_LANES);
    self->exponents = arena_alloc(arena, most * VEC_LANES * sizeof *self->exponents);
    return self->items && self->values && self->is_open && self->weights && self->exact &&
                   self->log_start && self->exponents
               ? self
               : NULL;
}

enum err_code cat_workspace_init(const struct cat_design *design, size_t n_lanes,
                                 struct cat_workspace *self, struct err *err)
{
    assert(n_lanes >= 1 && n_lanes <= CAT_MAX_LANES);
    *self = (struct cat_workspace){.n_lanes = n_lanes};
    self->sessions = arena_alloc(&self->arena, n_lanes * sizeof *self->sessions);
    struct cat_scratch *scratch = scratch_new(design, &self->arena);
    bool fits = self->sessions && scratch;
    for (size_t i = 0; fits && i < n_lanes; i++) {
        fits = lane_init(design, &self->sessions[i], &self->arena);
        self->sessions[i].scratch = scratch;
    }
    return fits ? ERR_OK
                : err_set(err, ERR_MEMORY, "no memory for %s",
                          wording_count(n_lanes, "session").text);
}

void cat_workspace_free(struct cat_workspace *self)
{
    arena_free(&self->arena);
    *self = (struct cat_workspace){0};
}
