/* Densities of the shapes of ability.c, on the scale of theta.
 *
 * skew normal: 2/s phi(x) Phi(alpha x), x = (theta - centre)/s (Azzalini 1985). All of it but 1e-15
 * lies within 8.3 s of its centre, or nearer on the short side.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/person/density.h>

#include "ability.h"

#include <retake/base/dist.h>

static const double inverse_root_two_pi = 0.39894228040143267794;

static void add_part(struct person_density *self, double weight, double centre, double scale,
                     double skew)
{
    if (weight <= 0)
        return;
    if (scale > 0) {
        self->parts[self->n_parts++] = (struct person_density_part){weight, centre, scale, skew};
        return;
    }
    self->atom = centre;
    self->atom_weight += weight;
    self->n_atoms = 1;
}

void person_density_init(const struct person_design *design, size_t group,
                         struct person_density *self)
{
    const struct scenario_group *g = &design->groups[group];
    const struct person_ability *ability = &design->abilities[group];
    double mean = g->theta_mean, sd = g->theta_sd;
    *self = (struct person_density){.ability = ability, .mean = mean, .sd = sd};
    if (ability->shape == PERSON_SHAPE_EMPIRICAL) {
        self->n_atoms = ability->n_values;
    } else if (ability->shape == PERSON_SHAPE_NORMAL || !(ability->sd > 0)) {
        add_part(self, 1, mean, ability->shape == PERSON_SHAPE_NORMAL ? sd : 0, 0);
    } else {
        double scale = sd / ability->sd, centre = mean - scale * ability->mean;
        if (ability->shape == PERSON_SHAPE_SKEW_NORMAL) {
            add_part(self, 1, centre, scale, g->theta_skew);
        } else {
            add_part(self, 1 - ability->weight, centre, scale, 0);
            add_part(self, ability->weight, centre + scale * ability->offset,
                     scale * ability->other_sd, 0);
        }
    }
}

double person_density_atom(const struct person_density *self, size_t k, double *weight)
{
    if (self->ability->shape != PERSON_SHAPE_EMPIRICAL) {
        *weight = self->atom_weight;
        return self->atom;
    }
    const double *share = self->ability->share;
    *weight = k > 0 ? share[k] - share[k - 1] : share[0];
    return self->mean + self->sd * self->ability->values[k];
}

double person_density_at(const struct person_density *self, double theta)
{
    double sum = 0;
    for (size_t k = 0; k < self->n_parts; k++) {
        const struct person_density_part *part = &self->parts[k];
        double x = (theta - part->centre) / part->scale;
        double density = inverse_root_two_pi * vec_exp1(-0.5 * x * x) / part->scale;
        if (part->skew != 0)
            density *= 2 * dist_normal_cdf(part->skew * x);
        sum += part->weight * density;
    }
    return sum;
}

/* Insert x in order. */
static size_t insert(double *out, size_t n, double x)
{
    size_t k = n;
    for (; k > 0 && out[k - 1] > x; k--)
        out[k] = out[k - 1];
    if (k > 0 && out[k - 1] == x) {
        for (; k < n; k++)
            out[k] = out[k + 1];
        return n;
    }
    out[k] = x;
    return n + 1;
}

size_t person_density_breaks(const struct person_density *self,
                             double out[PERSON_DENSITY_MAX_BREAKS])
{
    static const double steps[] = {8.3, 6, 4.5, 3, 2, 1};
    size_t n = 0;
    for (size_t k = 0; k < self->n_parts; k++) {
        const struct person_density_part *part = &self->parts[k];
        n = insert(out, n, part->centre);
        for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
            n = insert(out, n, part->centre - steps[i] * part->scale);
            n = insert(out, n, part->centre + steps[i] * part->scale);
        }
        double narrow = part->skew * part->skew; /* where Phi(alpha x) rises */
        for (size_t i = 0; i < sizeof steps / sizeof *steps && narrow > 1; i++) {
            n = insert(out, n, part->centre - steps[i] * part->scale / sqrt(narrow));
            n = insert(out, n, part->centre + steps[i] * part->scale / sqrt(narrow));
        }
    }
    return n;
}
