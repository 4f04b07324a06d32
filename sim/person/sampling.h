/* The uniform numbers that make a candidate, under each engine.sampling.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_PERSON_SAMPLING_H
#define RETAKE_PERSON_SAMPLING_H

#include <retake/base/rng.h>
#include <retake/person/population.h>

/** engine.sampling, in the order of its words. */
enum person_sampling { PERSON_RANDOM, PERSON_STRATIFIED, PERSON_SOBOL };

/** Each uniform on (0, 1). Whatever the scheme, one candidate's numbers are independent of each
 * other; the candidates of a block are dependent, blocks are not. */
struct person_units {
    uint32_t group;
    double ability, shape, speed; /* within the group */
    double deficit[PERSON_N_BUCKETS], common;
};

/**
 * The numbers of a candidate.
 * @param rng  the candidate's stream RNG_PERSON at its beginning; the same number of draws is taken
 * under every scheme
 */
void person_sample(const struct person_design *design, uint64_t candidate, struct rng *rng,
                   struct person_units *out);

#endif
