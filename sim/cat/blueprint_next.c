/* The next item under constraints: the content rule says from which domain and which sets, the
 * selection rule draws among what is left, and what leaves no plan for the rest is closed and drawn
 * anew. Sets give way before domains. When no item at all leaves a plan (a retaker has met too
 * much), any item is taken: a test is not cut short, and the limit counts as unmet.
 * SPDX-License-Identifier: Apache-2.0 */
#include "blueprint.h"
#include "content.h"
#include "select.h"
#include "sets.h"

#include <assert.h>
#include <string.h>

struct choice {
    const struct cat_design *design;
    const struct cat_blueprint *blueprint;
    struct cat_session *session;
    struct cat_blueprint_state *state;
    bool by_force;
};

static bool is_in(const uint64_t *set, uint32_t item)
{
    return set[item >> 6] >> (item & 63) & 1;
}

static bool is_any_open(const struct choice *self, const uint64_t *set)
{
    uint64_t any = 0;
    for (size_t w = 0; w < self->blueprint->n_words; w++)
        any |= self->state->open[w] & (set ? set[w] : UINT64_MAX);
    return any != 0;
}

static void keep_set(const struct choice *self, const uint64_t *set)
{
    for (size_t w = 0; w < self->blueprint->n_words; w++)
        self->state->open[w] &= set[w];
}

static void close_cell(const struct choice *self, size_t cell)
{
    const uint64_t *set = self->blueprint->sets + cell * self->blueprint->n_words;
    self->state->is_closed[cell] = true;
    for (size_t w = 0; w < self->blueprint->n_words; w++)
        self->state->open[w] &= ~set[w];
}

/* A row of the cell has all the items that it may have. */
static bool is_full(const struct choice *self, size_t cell)
{
    const struct cat_blueprint *blueprint = self->blueprint;
    bool full = false;
    for (uint32_t k = blueprint->first_row[cell]; k < blueprint->first_row[cell + 1]; k++)
        full |= self->state->shown[blueprint->rows[k]] >= blueprint->most[blueprint->rows[k]];
    return full;
}

/* The scored items that are free and not closed. */
static void open_items(const struct choice *self)
{
    size_t n = self->design->n_scored;
    for (size_t w = 0; w < self->blueprint->n_words; w++)
        self->state->open[w] = ~self->session->blocked[w];
    if (n % 64)
        self->state->open[n / 64] &= (UINT64_C(1) << n % 64) - 1;
    for (size_t c = 0; c < self->blueprint->n_cells && !self->by_force; c++)
        if (self->state->is_closed[c] || is_full(self, c))
            close_cell(self, c);
}

static void keep_domain(const struct choice *self)
{
    const struct cat_content *content = self->design->content;
    bool *is_open = self->session->scratch->is_open;
    if (!content->shares_domains)
        return;
    for (size_t d = 0; d < content->n_domains; d++)
        is_open[d] = is_any_open(self, content->sets + d * self->design->n_words);
    uint32_t domain = cat_content_step(self->design, self->session, is_open);
    if (domain != CAT_ALL_DOMAINS)
        keep_set(self, content->sets + domain * self->design->n_words);
}

static void keep_share(const struct choice *self, const struct cat_blueprint_group *group)
{
    struct cat_blueprint_state *state = self->state;
    const struct cat_shares shares = {group->n, group->target, group->quota,
                                      state->n_shown + group->first};
    size_t n_open = 0;
    for (size_t k = 0; k < group->n; k++)
        n_open += state->is_open[k] = is_any_open(self, group->sets + k * self->blueprint->n_words);
    if (n_open == 0)
        return;
    uint32_t k = self->design->content->rule->step(&shares, self->session, state->is_open);
    if (k != CAT_ALL_DOMAINS)
        keep_set(self, group->sets + k * self->blueprint->n_words);
}

/* Where the item may come from. @return whether there is any */
static bool open_scope(const struct choice *self)
{
    open_items(self);
    if (!is_any_open(self, NULL))
        return false;
    if (!self->design->content->rule->step)
        return true;
    keep_domain(self);
    for (size_t g = 0; g < self->blueprint->n_groups; g++)
        keep_share(self, &self->blueprint->groups[g]);
    return true;
}

/* Exposure control may refuse an item that the plan can spare. */
static bool is_set_aside(const struct choice *self, uint32_t item)
{
    const struct cat_exposure_rule *rule = self->design->exposure;
    if (!rule || !rule->accepts || self->by_force ||
        rule->accepts(self->design, self->session, item))
        return false;
    uint32_t misses = self->state->misses;
    cat_set_aside(self->design, self->session, item);
    cat_blueprint_refresh(self->blueprint, self->state);
    if (self->state->misses <= misses)
        return true;
    cat_take_back(self->design, self->session);
    cat_blueprint_refresh(self->blueprint, self->state);
    return false;
}

static void count_shares(const struct choice *self, uint32_t item)
{
    for (size_t g = 0; g < self->blueprint->n_groups; g++) {
        const struct cat_blueprint_group *group = &self->blueprint->groups[g];
        for (size_t k = 0; k < group->n; k++)
            self->state->n_shown[group->first + k] +=
                (uint32_t)(group->sets[k * self->blueprint->n_words + (item >> 6)] >> (item & 63) &
                           1);
    }
}

/* Draw until an item leaves a plan; UINT32_MAX when none does. */
static uint32_t draw_item(const struct choice *self)
{
    const struct cat_available from = {self->state->open, CAT_ALL_DOMAINS};
    while (open_scope(self)) {
        uint32_t item = 0;
        while (is_any_open(self, NULL)) {
            item = cat_select_draw(self->design, self->session, from);
            assert(item < self->design->n_scored && is_in(self->state->open, item));
            uint32_t cell = self->blueprint->cell_of[item];
            if (is_set_aside(self, item))
                self->state->open[item >> 6] &= ~(UINT64_C(1) << (item & 63));
            else if (cat_blueprint_take(self->blueprint, self->state, cell, self->by_force))
                return item;
            else
                close_cell(self, cell);
        }
    }
    return UINT32_MAX;
}

static uint32_t draw_open(const struct choice *self)
{
    memset(self->state->is_closed, 0, self->blueprint->n_cells);
    return draw_item(self);
}

uint32_t cat_blueprint_next(const struct cat_design *design, struct cat_session *session)
{
    struct choice self = {design, design->content->blueprint, session, session->blueprint, false};
    uint32_t item = UINT32_MAX;
    cat_blueprint_refresh(self.blueprint, self.state);
    if (self.state->misses == 0 || session->n_aside == 0)
        item = draw_open(&self);
    if (item == UINT32_MAX && session->n_aside > 0) {
        cat_restore_all(design, session);
        cat_blueprint_refresh(self.blueprint, self.state);
        item = draw_open(&self);
    }
    self.by_force = true;
    if (item == UINT32_MAX)
        item = draw_item(&self);
    if (item != UINT32_MAX)
        count_shares(&self, item);
    return item;
}

bool cat_design_has_constraints(const struct cat_design *self)
{
    return self->content && self->content->blueprint;
}

bool cat_session_misses_limits(const struct cat_design *design, const struct cat_session *self)
{
    if (!cat_design_has_constraints(design) || self->stop == CAT_STOP_TIME)
        return false;
    const struct cat_blueprint *blueprint = design->content->blueprint;
    uint32_t *n = self->blueprint->before->shown;
    memset(n, 0, blueprint->n_rows * sizeof *n);
    for (uint32_t k = 0; k < self->seen.n_scored; k++) {
        size_t cell = blueprint->cell_of[self->scored[k]];
        for (uint32_t i = blueprint->first_row[cell]; i < blueprint->first_row[cell + 1]; i++)
            n[blueprint->rows[i]]++;
    }
    bool misses = false;
    for (size_t r = 0; r < blueprint->n_own_rows; r++)
        misses |= n[r] < blueprint->least[r] || n[r] > blueprint->most[r];
    return misses;
}
