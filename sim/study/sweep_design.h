/* Designs: which points of the space of the axes are simulated. One row for each rule.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_STUDY_SWEEP_DESIGN_H
#define RETAKE_STUDY_SWEEP_DESIGN_H

#include "sweep_parts.h"

struct study_design_rule {
    const char *name;
    bool needs_n; /* design.n says how many points */
    /** How many points there are. @return ERR_OK; ERR_INPUT */
    enum err_code (*count)(const struct study_sweep *sweep, size_t *n, struct err *err);
    /** Coordinate of a point along an axis, in (0, 1). */
    double (*unit)(const struct study_sweep *sweep, const void *prepared, size_t point,
                   size_t axis);
    /** What unit needs, of the arena; NULL: nothing. */
    void *(*prepare)(const struct study_sweep *sweep, size_t n, struct arena *arena);
};

/** Read `design:`. */
enum err_code study_design_read(struct study_sweep *self, const struct yaml_node *node,
                                struct err *err);

/** After all keys: a design there must be (grid by default), and axes. */
enum err_code study_design_complete(struct study_sweep *self, struct err *err);

#endif
