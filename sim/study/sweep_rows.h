/* The policies of a sweep that are done, each a row. Rows of one shape lie together in blocks of
 * columns, so that a policy takes the bytes of its values and no more.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_SIM_STUDY_SWEEP_ROWS_H
#define RETAKE_SIM_STUDY_SWEEP_ROWS_H

#include <retake/tally/dataset.h>

#include <stdbool.h>

/** Where the row of a policy is. */
struct study_row {
    const struct dataset *joined; /* NULL: the policy is not done */
    size_t at;                    /* the row in it */
    bool is_at_work;              /* in the batch of a checkpoint: not to be handed out again */
};

struct study_rows {
    size_t first, n, n_done;    /* points first .. first + n - 1 */
    struct study_row *rows;     /* [n], in the order of the design */
    struct study_block *newest; /* those with room come first */
};

/** None done. @return ERR_OK; ERR_MEMORY */
enum err_code study_rows_init(struct study_rows *self, size_t first, size_t n, struct err *err);
void study_rows_free(struct study_rows *self);

/** None done any more. */
void study_rows_forget(struct study_rows *self);

bool study_rows_is_done(const struct study_rows *self, size_t point);

/** Copy the row of a policy that is not done. @return ERR_OK; ERR_MEMORY */
enum err_code study_rows_add(struct study_rows *self, size_t point, const struct dataset *row,
                             struct err *err);

/** Take over all rows of a joined dataset, which must live on. False: they are not of this shard,
 * or are done already. */
bool study_rows_take(struct study_rows *self, const struct dataset *joined);

/** The value of a text of a policy that is done; NULL: it has no such text. */
const char *study_rows_text(const struct study_rows *self, size_t point, const char *name);

/** All that are done as one dataset. @param common  as dataset_join has it
 * @param out  dataset_free it; empty where none is done */
enum err_code study_rows_join(const struct study_rows *self, const struct dataset *common,
                              struct dataset *out, struct err *err);

#endif
