/* Weights over a grid of theta, a start times the likelihood of a session's answers, where plain
 * products end below the least number. SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_CAT_WEIGHTS_H
#define RETAKE_CAT_WEIGHTS_H

#include <retake/cat/session.h>

/** Sums of weights below this are for cat_weights_restore. */
#define CAT_WEIGHTS_LOW 0x1p-500

/** Sums of weights times something else, where the weights themselves sum to CAT_WEIGHTS_LOW or
 * more, are exact enough above this. */
#define CAT_WEIGHTS_LESS 0x1p-700

/** What a session's answers are multiplied over. A row is 8 grid->n_vectors doubles. */
struct cat_weights_over {
    const struct irt_grid *grid;
    const double *log_start;   /* a row: logarithms of what the likelihood is multiplied by; NULL: 0
                                  at the points of the grid, -INFINITY beyond */
    const double *rows;        /* probabilities of all answers, as irt_grid_likelihood has them */
    const uint32_t *first_row; /* [n_scored] */
};

/** One more answer, not given yet. */
struct cat_weights_answer {
    uint32_t item;
    size_t category;
};

/**
 * The weights computed with exponents of their own. The greatest lies in [1, 2); those less than
 * 2^-1000 of it are 0.
 * @param also  one more answer, or NULL
 * @param out   [8 grid->n_vectors]
 */
void cat_weights_exact(const struct cat_design *design, const struct cat_session *session,
                       const struct cat_weights_over *over, const struct cat_weights_answer *also,
                       double *out);

/**
 * Bring weights whose sum fell below CAT_WEIGHTS_LOW back to size. Those that are still numbers are
 * multiplied by a power of two, which changes no bit of an estimate; those that fell below 2^-1000
 * since the last time, which later answers may bring back, are computed anew.
 * @param weight  [8 grid->n_vectors]: products of numbers from 0 to 1
 */
void cat_weights_restore(const struct cat_design *design, const struct cat_session *session,
                         const struct cat_weights_over *over, double *weight);

#endif
