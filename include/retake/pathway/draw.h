/* Drawing sittings from a library instead of simulating them.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_PATHWAY_DRAW_H
#define RETAKE_PATHWAY_DRAW_H

#include <retake/pathway/library.h>

/** The variance of the logarithm of likelihoods by which one of a node's sittings is chosen: the
 * variance over items of what deficits take from ability, times information. */
double pathway_library_variance(const struct pathway_library *self,
                                const struct person_design *person,
                                const struct person_state *state, const double *domain);

/** A sitting that was drawn. */
struct pathway_drawn {
    const struct library_sitting *sitting;
    const struct library_profile *profile; /* for its misses */
    double theta, stretch;                 /* effective ability; of minutes */
    struct rng rng;                        /* for its misses */
};

/** An examinee who sits down. */
struct pathway_sitter {
    const struct person *person;
    const struct person_state *state;
    uint32_t attempt;
    struct pathway_drawn *drawn;
};

/** Draw a sitting for each of 1 <= n <= VEC_LANES examinees. */
void pathway_library_draw(const struct pathway_library *self, const struct person_design *design,
                          const struct pathway_sitter *all, size_t n);

/** Read it; passed is the decision of a first attempt; day, score and misses are left alone. */
void pathway_drawn_read(const struct pathway_drawn *self, struct pathway_sitting *out);

/** Add its misses to their buckets. */
void pathway_library_deal(const struct person_design *design, const struct person *person,
                          const struct person_state *state, const struct pathway_drawn *drawn,
                          uint16_t *misses);

#endif
