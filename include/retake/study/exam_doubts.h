/* What is odd about an exam though it can be run: for `retake check`.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_STUDY_EXAM_DOUBTS_H
#define RETAKE_STUDY_EXAM_DOUBTS_H

#include <retake/engine/plan.h>

enum { STUDY_MOST_DOUBTS = 8 };

struct study_exam_doubts {
    size_t n;
    struct err list[STUDY_MOST_DOUBTS]; /* [n]: detail is one line with place and key */
};

/**
 * A cut, raised for retakes or not, that no estimate can reach or that all do; an examinee with
 * every answer wrong who passes, or with every answer right who fails; a grid of EAP too coarse for
 * the most informative tests; targets of content without a content rule.
 * @return ERR_OK; ERR_MEMORY
 */
enum err_code study_exam_doubts_find(const struct engine_plan *plan, struct study_exam_doubts *out,
                                     struct err *err);

#endif
