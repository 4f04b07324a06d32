/* Constraints of a scenario as rows over cells. Limits of domains and enemies are rows too, so that
 * one plan meets all of them. SPDX-License-Identifier: Apache-2.0 */
#include "blueprint.h"

#include <retake/base/wording.h>
#include <retake/config/params.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "condition.h"
#include "content.h"

enum { KEY_BYTES = 512 };

/* While it is built: rows as sets of items in the design's order. */
struct blueprint_builder {
    const struct scenario *scenario;
    const struct irt_bank *bank;
    struct cat_design *design;
    const struct cat_content *content;
    struct cat_blueprint *self;
    size_t n_row_words;
    uint64_t *row_sets; /* [n_rows][n_words] */
    uint64_t *rows_of;  /* [n_scored][n_row_words] */
    uint32_t *form;     /* [n_own_rows]: items of a linear form */
    struct err *err;
};

static enum err_code lack_memory(struct blueprint_builder *self)
{
    return err_set(self->err, ERR_MEMORY, "no memory for %s",
                   wording_count(self->self->n_rows, "constraint").text);
}

static enum err_code refuse_key(struct blueprint_builder *self, size_t k, bool is_most,
                                const char *message)
{
    char key[KEY_BYTES];
    const char *path =
        is_most ? "exam.content.constraints.*.max_items" : "exam.content.constraints.*.min_items";
    config_param_path(config_param_find(path), self->scenario, k, key, sizeof key);
    return config_scenario_error(self->scenario, key, self->err, ERR_INPUT, "%s", message);
}

/* ---- rows ---- */

static void row_add(struct blueprint_builder *self, size_t row, uint32_t item)
{
    self->row_sets[row * self->self->n_words + (item >> 6)] |= UINT64_C(1) << (item & 63);
    self->rows_of[item * self->n_row_words + (row >> 6)] |= UINT64_C(1) << (row & 63);
}

/* The most items of a row that one test can have: of a group of enemies one. */
static uint32_t count_usable(const struct blueprint_builder *self, size_t row)
{
    const uint64_t *set = self->row_sets + row * self->self->n_words;
    const struct irt_item *items = self->design->items;
    uint32_t n = 0;
    for (uint32_t i = 0; i < self->design->n_scored; i++) {
        bool counts = set[i >> 6] >> (i & 63) & 1;
        for (uint32_t j = 0; counts && items[i].enemy && j < i; j++)
            counts = !(set[j >> 6] >> (j & 63) & 1) || items[j].enemy != items[i].enemy;
        n += counts;
    }
    return n;
}

static enum err_code add_constraint(struct blueprint_builder *self, size_t k, bool *is_named)
{
    const struct scenario_constraint *constraint = &self->scenario->constraints[k];
    struct err reason = {0};
    char message[200];
    if (cat_condition_read(constraint->name, self->bank, is_named, &reason) != ERR_OK)
        return refuse_key(self, k, constraint->min_items == 0, reason.detail);
    for (uint32_t i = 0; i < self->design->n_scored; i++)
        if (is_named[self->design->order[i]])
            row_add(self, k, i);
    self->self->least[k] = (uint32_t)constraint->min_items;
    self->self->most[k] =
        isfinite(constraint->max_items) ? (uint32_t)constraint->max_items : UINT32_MAX;
    uint32_t usable = count_usable(self, k);
    if (usable >= self->self->least[k])
        return ERR_OK;
    snprintf(message, sizeof message, "%s %s wanted, but the bank has %u that one test can use",
             wording_count(self->self->least[k], "item").text,
             self->self->least[k] == 1 ? "is" : "are", usable);
    return refuse_key(self, k, false, message);
}

static enum err_code add_constraints(struct blueprint_builder *self)
{
    bool *is_named = malloc(self->bank->n_items);
    if (!is_named)
        return lack_memory(self);
    for (size_t k = 0; k < self->scenario->n_constraints && !self->err->code; k++)
        add_constraint(self, k, is_named);
    free(is_named);
    return self->err->code;
}

static void add_domains(struct blueprint_builder *self)
{
    size_t n = self->scenario->n_constraints;
    for (size_t d = 0; d < self->bank->n_domains; d++) {
        self->self->least[n + d] = self->content->least[d];
        self->self->most[n + d] = self->content->most[d];
    }
    for (uint32_t i = 0; i < self->design->n_scored; i++)
        row_add(self, n + self->design->items[i].domain, i);
}

static void add_enemies(struct blueprint_builder *self)
{
    size_t n = self->self->n_own_rows;
    for (size_t r = n; r < self->self->n_rows; r++)
        self->self->most[r] = 1;
    for (uint32_t i = 0; i < self->design->n_scored; i++)
        if (self->design->items[i].enemy)
            row_add(self, n + self->design->items[i].enemy - 1u, i);
}

/* ---- cells ---- */

struct keyed_item {
    const uint64_t *key;
    size_t n;
    uint32_t item;
};

static int by_key(const void *left, const void *right)
{
    const struct keyed_item *a = left, *b = right;
    for (size_t w = 0; w < a->n; w++)
        if (a->key[w] != b->key[w])
            return a->key[w] < b->key[w] ? -1 : 1;
    return (a->item > b->item) - (a->item < b->item);
}

static bool is_same_cell(const struct keyed_item *a, const struct keyed_item *b)
{
    return memcmp(a->key, b->key, a->n * sizeof *a->key) == 0;
}

/* Cells in the order of their first items' keys. */
static bool make_cells(struct blueprint_builder *self, struct keyed_item *sorted)
{
    struct cat_blueprint *out = self->self;
    size_t n = self->design->n_scored, n_memberships = 0;
    for (size_t i = 0; i < n; i++) {
        out->n_cells += i == 0 || !is_same_cell(&sorted[i - 1], &sorted[i]);
        out->cell_of[sorted[i].item] = (uint32_t)out->n_cells - 1;
        if (i == 0 || !is_same_cell(&sorted[i - 1], &sorted[i]))
            for (size_t w = 0; w < self->n_row_words; w++)
                n_memberships += (size_t)__builtin_popcountll(sorted[i].key[w]);
    }
    struct arena *arena = &self->design->arena;
    out->first_row = arena_alloc(arena, (out->n_cells + 1) * sizeof *out->first_row);
    out->rows = arena_alloc(arena, (n_memberships + 1) * sizeof *out->rows);
    out->n_items = arena_alloc(arena, out->n_cells * sizeof *out->n_items);
    out->sets = arena_alloc(arena, out->n_cells * out->n_words * sizeof *out->sets);
    if (!out->first_row || !out->rows || !out->n_items || !out->sets)
        return false;
    uint32_t n_rows = 0;
    for (size_t i = 0; i < n; i++) {
        size_t cell = out->cell_of[sorted[i].item];
        bool is_first = i == 0 || !is_same_cell(&sorted[i - 1], &sorted[i]);
        for (uint32_t r = 0; r < out->n_rows && is_first; r++)
            if (sorted[i].key[r >> 6] >> (r & 63) & 1)
                out->rows[n_rows++] = r;
        out->first_row[cell + 1] = n_rows;
        out->n_items[cell]++;
        out->sets[cell * out->n_words + (sorted[i].item >> 6)] |= UINT64_C(1)
                                                                  << (sorted[i].item & 63);
    }
    return true;
}

/* The memberships by rows. */
static bool turn_rows(struct blueprint_builder *self)
{
    struct cat_blueprint *out = self->self;
    struct arena *arena = &self->design->arena;
    size_t n = out->first_row[out->n_cells];
    out->first_cell = arena_alloc(arena, (out->n_rows + 2) * sizeof *out->first_cell);
    out->cells = arena_alloc(arena, (n + 1) * sizeof *out->cells);
    if (!out->first_cell || !out->cells)
        return false;
    for (size_t k = 0; k < n; k++)
        out->first_cell[out->rows[k] + 2]++;
    for (size_t r = 2; r <= out->n_rows; r++)
        out->first_cell[r] += out->first_cell[r - 1];
    for (uint32_t c = 0; c < out->n_cells; c++)
        for (uint32_t k = out->first_row[c]; k < out->first_row[c + 1]; k++)
            out->cells[out->first_cell[out->rows[k] + 1]++] = c;
    return true;
}

static enum err_code find_cells(struct blueprint_builder *self)
{
    size_t n = self->design->n_scored;
    struct keyed_item *sorted = malloc(n * sizeof *sorted);
    self->self->cell_of = arena_alloc(&self->design->arena, n * sizeof *self->self->cell_of);
    bool is_made = sorted && self->self->cell_of;
    for (uint32_t i = 0; i < n && is_made; i++)
        sorted[i] =
            (struct keyed_item){self->rows_of + i * self->n_row_words, self->n_row_words, i};
    if (is_made) {
        qsort(sorted, n, sizeof *sorted, by_key);
        is_made = make_cells(self, sorted) && turn_rows(self);
    }
    free(sorted);
    return is_made ? ERR_OK : lack_memory(self);
}

/* ---- shares ---- */

/* The constraints with targets that ask for the same attributes as constraint k, and the rest. */
static bool make_group(struct blueprint_builder *self, size_t k, bool *is_done)
{
    const struct scenario *s = self->scenario;
    struct cat_blueprint *out = self->self;
    struct arena *arena = &self->design->arena;
    struct cat_blueprint_group *group = &out->groups[out->n_groups++];
    size_t n_words = out->n_words, most = s->n_constraints - k + 1;
    double left = 1;
    *group = (struct cat_blueprint_group){.first = out->n_shares};
    group->target = arena_alloc(arena, most * sizeof *group->target);
    group->quota = arena_alloc(arena, most * sizeof *group->quota);
    group->sets = arena_alloc(arena, most * n_words * sizeof *group->sets);
    if (!group->target || !group->quota || !group->sets)
        return false;
    uint64_t *rest = group->sets + (most - 1) * n_words;
    for (uint32_t i = 0; i < self->design->n_scored; i++)
        rest[i >> 6] |= UINT64_C(1) << (i & 63);
    for (size_t j = k; j < s->n_constraints; j++) {
        if (!(s->constraints[j].target > 0) || is_done[j] ||
            !cat_condition_is_alike(s->constraints[k].name, s->constraints[j].name, self->bank))
            continue;
        is_done[j] = true;
        left -= group->target[group->n] = s->constraints[j].target;
        for (size_t w = 0; w < n_words; w++) {
            group->sets[group->n * n_words + w] = self->row_sets[j * n_words + w];
            if (group->n < most - 1)
                rest[w] &= ~self->row_sets[j * n_words + w];
        }
        group->n++;
    }
    if (left > 1e-9) {
        memmove(group->sets + group->n * n_words, rest, n_words * sizeof *rest);
        group->target[group->n++] = left;
    }
    cat_content_quota(group->target, group->n, self->design->exam.max_items, group->quota);
    out->n_shares += group->n;
    out->greatest_group = group->n > out->greatest_group ? group->n : out->greatest_group;
    return true;
}

static enum err_code find_groups(struct blueprint_builder *self)
{
    const struct scenario *s = self->scenario;
    bool *is_done = calloc(s->n_constraints, sizeof *is_done);
    self->self->groups =
        arena_alloc(&self->design->arena, s->n_constraints * sizeof *self->self->groups);
    bool is_made = is_done && self->self->groups;
    for (size_t k = 0; k < s->n_constraints && is_made && self->content->rule->step; k++)
        if (s->constraints[k].target > 0 && !is_done[k])
            is_made = make_group(self, k, is_done);
    free(is_done);
    return is_made ? ERR_OK : lack_memory(self);
}

/* ---- a test that meets all ---- */

static enum err_code refuse_plan(struct blueprint_builder *self,
                                 const struct cat_blueprint_state *state)
{
    const struct cat_blueprint *out = self->self;
    char message[300];
    for (size_t r = 0; r < self->scenario->n_constraints; r++) {
        bool is_most = state->v[r] > out->most[r];
        if (!is_most && state->v0[r] >= out->least[r])
            continue;
        snprintf(message, sizeof message,
                 "no test of %u to %s was found that meets all limits; the nearest has %u of this "
                 "set where %s %u are wanted",
                 self->design->exam.min_items,
                 wording_count(self->design->exam.max_items, "item").text,
                 is_most ? state->v[r] : state->v0[r], is_most ? "at most" : "at least",
                 is_most ? out->most[r] : out->least[r]);
        return refuse_key(self, r, is_most, message);
    }
    return config_scenario_error(
        self->scenario, "exam.max_items", self->err, ERR_INPUT,
        "no test of %s was found that meets all limits of domains and constraints",
        wording_count(self->design->exam.max_items, "item").text);
}

static enum err_code find_base(struct blueprint_builder *self)
{
    struct cat_blueprint_state *base = cat_blueprint_state_new(self->self, &self->design->arena);
    if (!base)
        return lack_memory(self);
    if (!cat_blueprint_solve(self->self, base))
        return refuse_plan(self, base);
    self->self->base = base;
    return ERR_OK;
}

/* A linear form is what it is: the first items in the bank's order, of enemies the first. */
static enum err_code check_form(struct blueprint_builder *self)
{
    const struct cat_design *design = self->design;
    uint32_t n_taken = 0;
    for (uint32_t i = 0; i < design->n_scored && n_taken < design->exam.max_items; i++) {
        bool is_free = true;
        for (uint32_t j = 0; j < i && design->items[i].enemy && is_free; j++)
            is_free = design->items[j].enemy != design->items[i].enemy;
        n_taken += is_free;
        for (size_t r = 0; r < self->self->n_own_rows && is_free; r++)
            self->form[r] +=
                (uint32_t)(self->row_sets[r * self->self->n_words + (i >> 6)] >> (i & 63) & 1);
    }
    for (size_t r = 0; r < self->scenario->n_constraints; r++) {
        char message[120];
        bool is_most = self->form[r] > self->self->most[r];
        if (!is_most && self->form[r] >= self->self->least[r])
            continue;
        snprintf(message, sizeof message, "%u are wanted, but the linear form of %s has %u",
                 is_most ? self->self->most[r] : self->self->least[r], self->bank->path,
                 self->form[r]);
        return refuse_key(self, r, is_most, message);
    }
    return ERR_OK;
}

static enum err_code allocate_rows(struct blueprint_builder *self)
{
    struct cat_blueprint *out = self->self;
    struct arena *arena = &self->design->arena;
    size_t n_scored = self->design->n_scored;
    out->n_words = (n_scored + 63) / 64;
    out->n_own_rows = self->scenario->n_constraints + self->bank->n_domains;
    out->n_rows = out->n_own_rows + self->bank->n_enemies;
    out->length[0] = self->design->exam.min_items;
    out->length[1] = self->design->exam.max_items - self->design->exam.min_items;
    self->n_row_words = (out->n_rows + 63) / 64;
    out->least = arena_alloc(arena, out->n_rows * sizeof *out->least);
    out->most = arena_alloc(arena, out->n_rows * sizeof *out->most);
    self->row_sets = calloc(out->n_rows * out->n_words, sizeof *self->row_sets);
    self->rows_of = calloc(n_scored * self->n_row_words, sizeof *self->rows_of);
    self->form = calloc(out->n_own_rows, sizeof *self->form);
    return out->least && out->most && self->row_sets && self->rows_of && self->form
               ? ERR_OK
               : lack_memory(self);
}

enum err_code cat_blueprint_init(const struct scenario *scenario, const struct irt_bank *bank,
                                 struct cat_design *design, struct cat_content *content,
                                 struct err *err)
{
    struct blueprint_builder self = {.scenario = scenario,
                                     .bank = bank,
                                     .design = design,
                                     .content = content,
                                     .self = arena_alloc(&design->arena, sizeof *self.self),
                                     .err = err};
    if (!self.self)
        return err_set(err, ERR_MEMORY, "no memory for constraints");
    if (allocate_rows(&self) == ERR_OK && add_constraints(&self) == ERR_OK) {
        add_domains(&self);
        add_enemies(&self);
        if (scenario->exam_form == CONFIG_FORM_LINEAR)
            check_form(&self);
        else if (find_cells(&self) == ERR_OK && find_groups(&self) == ERR_OK)
            find_base(&self);
    }
    free(self.row_sets);
    free(self.rows_of);
    free(self.form);
    content->blueprint = self.self->base ? self.self : NULL;
    return err->code;
}
