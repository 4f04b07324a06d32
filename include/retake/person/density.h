/* The distribution of theta in one group, for those who integrate over it.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_PERSON_DENSITY_H
#define RETAKE_PERSON_DENSITY_H

#include <retake/person/population.h>

enum { PERSON_DENSITY_MAX_PARTS = 2, PERSON_DENSITY_MAX_BREAKS = 96 };

/** Theta at the end of the course: atoms, and a density with the rest of the weight. */
struct person_density {
    size_t n_atoms;
    const struct person_ability *ability; /* of the design */
    double mean, sd;                      /* theta = mean + sd value */
    size_t n_parts;                       /* components of the density, each (skew) normal */
    struct person_density_part {
        double weight, centre, scale; /* [1], [logit], [logit], scale > 0 */
        double skew;                  /* Azzalini's alpha; 0 = normal */
    } parts[PERSON_DENSITY_MAX_PARTS];
    double atom, atom_weight; /* the only atom, where the values are not those of a file */
};

void person_density_init(const struct person_design *design, size_t group,
                         struct person_density *self);

/** Atom k < n_atoms and its weight; weights of atoms and density sum to 1. */
double person_density_atom(const struct person_density *self, size_t k, double *weight);

/** The density [1/logit]. */
double person_density_at(const struct person_density *self, double theta);

/** Rising points between which it is smooth and which leave out less than 1e-15 of it; returns how
 * many: 0 or at least 2. */
size_t person_density_breaks(const struct person_density *self,
                             double out[PERSON_DENSITY_MAX_BREAKS]);

#endif
