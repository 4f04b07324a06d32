/* Shapes of ability: from two uniforms to a score whose mean is 0 and standard deviation 1.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_PERSON_ABILITY_H
#define RETAKE_PERSON_ABILITY_H

#include <retake/config/scenario.h>

/** population.groups.*.theta_shape, in the order of its words. */
enum person_shape {
    PERSON_SHAPE_NORMAL,
    PERSON_SHAPE_SKEW_NORMAL,
    PERSON_SHAPE_MIXTURE,
    PERSON_SHAPE_EMPIRICAL
};

/** Ability in one group, prepared once. */
struct person_ability {
    enum person_shape shape;
    double mean, sd;                 /* of the score before it is standardised */
    double delta, rest;              /* skew normal: weights of |z| and of z */
    double weight, offset, other_sd; /* mixture: the second component */
    size_t n_values;                 /* empirical */
    const double *values;            /* [n_values] */
    const double *share;             /* [n_values]: cumulative weights, the last is 1 */
};

/** A drawn score. */
struct person_score {
    double value;    /* theta = theta_mean + theta_sd value */
    double standard; /* mean 0, standard deviation 1: what speed is correlated with */
};

/**
 * Prepare the ability of group g; theta_file is read here.
 * @return ERR_OK; ERR_INPUT with one clear line; ERR_MEMORY
 */
enum err_code person_ability_init(const struct scenario *scenario, size_t g, struct arena *arena,
                                  struct person_ability *self, struct err *err);

/** The score of uniforms u and u_shape on (0, 1). A normal shape takes u alone. */
struct person_score person_ability_draw(const struct person_ability *self, double u,
                                        double u_shape);

#endif
