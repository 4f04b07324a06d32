/* A sitting: where cat meets person.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_PATHWAY_SITTING_H
#define RETAKE_PATHWAY_SITTING_H

#include "lane.h"

/** Sit down on lane->progress.next_day. With exam.form: normal the sitting is over at once. */
void pathway_sitting_begin(const struct pathway_design *design, struct lane *self);

/** The same for several lanes, of which those with is_sitting sit down. */
void pathway_sittings_begin(const struct pathway_design *design, struct lane *lanes,
                            const bool *is_sitting, size_t n);

/** One item for each of n lanes. */
void pathway_sittings_step(const struct pathway_design *design, struct lane *const *lanes,
                           size_t n);

/** Write the finished sitting into the lane's list. */
void pathway_sitting_finish(const struct pathway_design *design, struct lane *self);

#endif
