/* Recorded answers, or the times they took: a row per examinee, a column per item.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_STUDY_REPLAY_MATRIX_H
#define RETAKE_STUDY_REPLAY_MATRIX_H

#include <retake/cat/design.h>

/** A value per examinee and scored item, in the order of the design; NAN where there is none. */
struct replay_matrix {
    size_t n_examinees, n_items;
    const char **examinees; /* [n_examinees], unique */
    double *values;         /* [n_examinees][n_items]: categories, or seconds */
    const char *path;
    struct arena arena; /* owns every pointer above */
};

/** @return ERR_OK; ERR_INPUT with file:line:column; ERR_MEMORY. Free it even after failure. */
enum err_code study_replay_matrix_answers(const char *path, const struct irt_bank *bank,
                                          const struct cat_design *design, bool may_miss,
                                          struct replay_matrix *self, struct err *err);

/** Seconds of the same examinees, in the same order, wherever there is an answer. */
enum err_code study_replay_matrix_times(const char *path, const struct irt_bank *bank,
                                        const struct cat_design *design,
                                        const struct replay_matrix *answers,
                                        struct replay_matrix *self, struct err *err);

void study_replay_matrix_free(struct replay_matrix *self);

#endif
