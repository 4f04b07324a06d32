/* Datasets side by side: the policies of a sweep in one, the parts of a sweep in one.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_TALLY_JOIN_H
#define RETAKE_TALLY_JOIN_H

#include <retake/tally/dataset.h>

#include <stdbool.h>

/** One row of what is joined. */
struct dataset_row {
    int64_t number;                /* the coordinate of the row */
    const struct dataset *dataset; /* of this row alone; or joined already: then `at` says which of
                                      its rows is meant */
    bool is_joined;
    size_t at;
};

/** How to join. */
struct dataset_joint {
    const char *dim, *long_name; /* the new dimension, which comes first */
    size_t n_rows;
    const struct dataset_row *rows; /* [n_rows] */
    const struct dataset *common;   /* its variables that are of no row are taken over; or NULL */
};

/**
 * Join rows. Every other dimension becomes the union of those of all: numbers rise, texts stay in
 * the order in which they appear. What a row does not have is 0 for counts, NaN for reals, "" for
 * texts; but a rate "by this attempt" (cumulative_pass_rate, false_pass_rate, false_fail_rate and
 * names that begin so) goes on as it was at the last attempt that the row has: nobody sits later.
 * @param out  dataset_free it, even after failure
 * @return ERR_OK; ERR_MEMORY; ERR_INPUT: a variable or a dimension differs between two rows, or
 * they do not go together for another reason
 */
enum err_code dataset_join(const struct dataset_joint *joint, struct dataset *out, struct err *err);

/** Whether a variable is wanted, and under which name: name itself or buffer. NULL: it is not. */
typedef const char *(*dataset_chooser)(const char *name, char buffer[128], const void *context);

/**
 * A copy of the chosen variables of one dataset, over the union of its dimensions and those of
 * another (NULL = none), filled as by dataset_join.
 * @param choose  NULL: all
 * @param out     they are added to it; it may have variables, but no dimensions
 */
enum err_code dataset_pick(const struct dataset *from, const struct dataset *like,
                           dataset_chooser choose, const void *context, struct dataset *out,
                           struct err *err);

#endif
