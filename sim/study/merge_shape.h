/* The shape of a part's tally, from the part alone.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_STUDY_MERGE_SHAPE_H
#define RETAKE_STUDY_MERGE_SHAPE_H

#include <retake/store/result.h>
#include <retake/tally/tally.h>

/** What statistics are made of besides counts; it is not to be moved. */
struct study_shape {
    struct scenario scenario;
    struct irt_bank bank;  /* the ids alone */
    struct cat_design cat; /* the exposure parameters alone */
    struct tally_shape shape;
    struct arena arena;
};

/** @param part  must live on. @return ERR_OK; ERR_INPUT: not a run's result; ERR_MEMORY */
enum err_code study_shape_init(const char *name, const struct store_result *part,
                               struct study_shape *self, struct err *err);
void study_shape_free(struct study_shape *self);

#endif
