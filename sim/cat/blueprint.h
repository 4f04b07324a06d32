/* Constraints on sets of items that cross each other: exam.content.constraints, the limits of the
 * domains and the enemies, met by a plan for the rest of the test (blueprint_plan.c).
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_CAT_BLUEPRINT_H
#define RETAKE_CAT_BLUEPRINT_H

#include "rules.h"

/** Constraints whose conditions ask for the same attributes share a test by their targets; what is
 * in none of them is one more share. */
struct cat_blueprint_group {
    size_t n;
    double *target;
    uint32_t *quota;
    uint64_t *sets; /* [n][n_words] */
    size_t first;   /* of its counts in state->n_shown */
};

/** Rows are sets of items with limits; a cell is the items that are in the same rows. */
struct cat_blueprint {
    size_t n_rows, n_own_rows, n_cells, n_words; /* own rows: all but those of enemies */
    uint32_t *least, *most;                      /* [n_rows]: scored items of a test */
    uint32_t *cell_of;                           /* [n_scored] */
    uint32_t *first_row, *rows;   /* of cell c: rows[first_row[c]] .. rows[first_row[c + 1] - 1] */
    uint32_t *first_cell, *cells; /* the same from rows to cells */
    uint64_t *sets;               /* [n_cells][n_words] */
    uint32_t *n_items;            /* [n_cells] */
    uint32_t length[2];           /* scored items until min_items, and from there to max_items */
    struct cat_blueprint_group *groups;
    size_t n_groups, n_shares, greatest_group;
    const struct cat_blueprint_state *base; /* a test of max_items that meets all rows */
};

/** What is left of a plan after some items. v: items of a row, those shown and those planned. */
struct cat_blueprint_state {
    uint32_t *n_free;  /* [n_cells]: not blocked */
    uint32_t *plan[2]; /* [n_cells]: items until min_items, and after it */
    uint32_t left[2], planned[2];
    uint32_t *v0, *v;   /* [n_rows]: with the plan until min_items, and with all of it */
    uint32_t *shown;    /* [n_rows]: scored items chosen so far */
    uint32_t *n_shown;  /* [n_shares] */
    uint32_t misses;    /* items by which limits are missed, and items that are lacking */
    bool is_stale;      /* n_free has fallen below the plan perhaps */
    uint64_t *open;     /* [n_words]: scratch of a choice */
    bool *is_closed;    /* [n_cells]: of this choice */
    bool *is_open;      /* [greatest_group] */
    int32_t *gain;      /* [n_rows] */
    uint32_t *until[2]; /* [2 n_cells]: steps for which a move is forbidden */
    struct cat_blueprint_state *best, *before; /* scratch of a search, and of a choice */
};

enum err_code cat_blueprint_init(const struct scenario *scenario, const struct irt_bank *bank,
                                 struct cat_design *design, struct cat_content *content,
                                 struct err *err);

/** NULL when memory is out. */
struct cat_blueprint_state *cat_blueprint_state_new(const struct cat_blueprint *self,
                                                    struct arena *arena);

void cat_blueprint_begin(const struct cat_blueprint *self, struct cat_blueprint_state *state);

/** An item is blocked, or comes back. */
static inline void cat_blueprint_block(const struct cat_blueprint *self,
                                       struct cat_blueprint_state *state, uint32_t item)
{
    state->n_free[self->cell_of[item]]--;
    state->is_stale = true;
}

static inline void cat_blueprint_unblock(const struct cat_blueprint *self,
                                         struct cat_blueprint_state *state, uint32_t item)
{
    state->n_free[self->cell_of[item]]++;
    state->is_stale = true;
}

/** Find a plan from nothing. @return whether all limits are met */
bool cat_blueprint_solve(const struct cat_blueprint *self, struct cat_blueprint_state *state);

/** Make the plan fit the items that are free. */
void cat_blueprint_refresh(const struct cat_blueprint *self, struct cat_blueprint_state *state);

/**
 * Let an item of a cell be the next one, if a plan for the rest can be found that misses no more
 * than the present one; by force in any case.
 * @return whether it is
 */
bool cat_blueprint_take(const struct cat_blueprint *self, struct cat_blueprint_state *state,
                        uint32_t cell, bool by_force);

/** The next item, or UINT32_MAX (blueprint_next.c). */
uint32_t cat_blueprint_next(const struct cat_design *design, struct cat_session *session);

#endif
