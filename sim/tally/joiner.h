/* What the two halves of a join share: the union of what there is, and where each value goes.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_SIM_TALLY_JOINER_H
#define RETAKE_SIM_TALLY_JOINER_H

#include <retake/tally/join.h>

#include "union_dim.h"

enum { MAX_DIMS = 64, MAX_VARS = 1024 };

struct joined_var {
    struct dataset_var var; /* without the dimension of rows; names are of the sources */
    bool is_common;         /* of no row */
    size_t n_inner;
    void *values; /* [n_rows][n_inner] or [n_inner], 8 bytes each; of the result's arena */
};

/* Where the values of a variable of a source go. */
struct placement {
    struct joined_var *to; /* NULL: nowhere */
    size_t n_from;         /* values of one row of the source */
    size_t *from;          /* [to->n_inner]: which of them, or SIZE_MAX; NULL: all, in order */
};

/* A dataset that rows come from. */
struct source {
    const struct dataset *dataset;
    bool is_joined;
    struct placement *placements; /* [n_vars of the dataset]; NULL: not asked for yet */
};

struct joiner {
    const char *row_dim; /* NULL: none is added */
    size_t n_rows;
    struct union_dim dims[MAX_DIMS];
    size_t n_dims;
    struct joined_var *vars; /* [MAX_VARS] */
    size_t n_vars;
    dataset_chooser choose; /* NULL: all under their own names */
    const void *context;
    struct source *sources; /* [n_sources], in the order of their first rows */
    size_t n_sources, n_source_room;
    uint32_t *places; /* [2 n_source_room], a table of hashes: 1 + index of a source; 0: none */
    struct arena arena;
    struct err *err;
};

/** False, and ERR_MEMORY, for a NULL. */
bool tally_join_ok(struct joiner *self, const void *memory);

/** Whether a variable of a joined dataset is by row. */
bool tally_join_is_by_row(const struct joiner *self, const struct dataset *source,
                          const struct dataset_var *var);

/** The joined variable that one of a source goes to; NULL: it is not wanted. */
struct joined_var *tally_join_target(const struct joiner *self, const struct dataset_var *var);

/** Memory for all values, of the result's arena, filled with what a row has that lacks them. */
void tally_join_reserve(struct joiner *self, struct dataset *out);

/** Place one row of a source. @param common  its variables of no row instead */
void tally_join_place(struct joiner *self, struct source *source, bool common, size_t row,
                      size_t at);

#endif
