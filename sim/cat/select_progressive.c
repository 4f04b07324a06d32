/* Selection that begins at random and ends with information.
 *
 * progressive   (Revuelta & Ponsoda 1998) the greatest (1 - W) R_i + W I_i, with R_i uniform
 * between 0 and the greatest information of the items at hand proportional  (Segall 2004; Barrada
 * et al. 2008) an item is drawn with probability in proportion to I_i^H, H = W max_items
 *
 * For item q of a test of at most Q (Barrada, Olea, Ponsoda & Abad 2008), with t =
 * exam.select.acceleration: W = 0 at q = 1, else sum_{f=1..q} (f - 1)^t / sum_{f=1..Q} (f - 1)^t.
 * SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "rules.h"
#include "sets.h"

/* x^t for x >= 0, without the C library, whose bits depend on the processor. */
static double power(double x, double t)
{
    return x > 0 ? vec_exp1(t * vec_log1(x)) : 0;
}

static double weight_of_information(const struct cat_design *design,
                                    const struct cat_session *session)
{
    uint32_t now = session->seen.n_scored + 1;
    double so_far = 0, total = 0;
    for (uint32_t f = 2; f <= design->exam.max_items; f++) {
        double term = power(f - 1.0, design->select_numbers->acceleration);
        total += term;
        so_far += f <= now ? term : 0;
    }
    return total > 0 ? so_far / total : 1;
}

/* Fills values with information; returns the greatest. */
static double informations(const struct cat_design *design, double theta, const uint32_t *items,
                           size_t n, double *values)
{
    double most = 0;
    for (size_t i = 0; i < n; i++) {
        values[i] = irt_information(&design->items[items[i]], theta);
        most = values[i] > most ? values[i] : most;
    }
    return most;
}

static void progressive(const struct cat_select_rule *self, const struct cat_design *design,
                        struct cat_session *session, double theta, const uint32_t *items, size_t n,
                        double *values)
{
    (void)self;
    double most = informations(design, theta, items, n, values);
    double weight = weight_of_information(design, session);
    for (size_t i = 0; i < n; i++)
        values[i] = (1 - weight) * most * rng_unit(&session->rng) + weight * values[i];
}

/* One draw: to choose at random among k draws would change nothing. */
static uint32_t proportional(const struct cat_design *design, struct cat_session *session,
                             double theta, struct cat_available from, uint32_t k, uint32_t *out)
{
    (void)k;
    double *values = session->scratch->values, total = 0;
    uint32_t *items = session->scratch->items;
    uint32_t n = cat_list_available(design, session, from, items);
    double most = informations(design, theta, items, n, values);
    double power_of = weight_of_information(design, session) * design->exam.max_items;
    for (uint32_t i = 0; i < n; i++) {
        values[i] = power_of > 0 && most > 0 ? power(values[i] / most, power_of) : 1;
        total += values[i];
    }
    double left = rng_unit(&session->rng) * total;
    for (uint32_t i = 0; i < n; i++) {
        left -= values[i];
        if (left < 0 || i + 1 == n) {
            out[0] = items[i];
            return 1;
        }
    }
    return 0;
}

const struct cat_select_rule cat_select_progressive = {
    .name = "progressive",
    .doc = "a random part that gives way to information (Revuelta & Ponsoda 1998)",
    .parameters = "exam.select.acceleration",
    .needs_estimate = true,
    .criterion = progressive,
};

const struct cat_select_rule cat_select_proportional = {
    .name = "proportional",
    .doc = "drawn in proportion to a growing power of information (Segall 2004)",
    .parameters = "exam.select.acceleration",
    .needs_estimate = true,
    .is_drawn = true,
    .best = proportional,
};
