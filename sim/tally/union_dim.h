/* The union of a dimension over several datasets.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_TALLY_UNION_DIM_H
#define RETAKE_TALLY_UNION_DIM_H

#include <retake/tally/dataset.h>

#include <stdbool.h>

struct union_dim {
    struct dataset_dim dim; /* coordinates are of a source or of the arena */
    size_t *map;            /* [dim.n]: where each is in the source mapped last, or SIZE_MAX */
    bool is_same;           /* that source has the same coordinates */
};

/** Take in the coordinates of another. False only when memory is out. */
bool tally_union_add(struct union_dim *self, const struct dataset_dim *other, struct arena *arena);

void tally_union_map(struct union_dim *self, const struct dataset_dim *source);

#endif
