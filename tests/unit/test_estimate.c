/* Estimates of ability: what must hold of any estimate.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pattern.h"

/* log-likelihood in long double */
static long double log_likelihood(const struct pattern *self, double theta)
{
    long double total = 0;
    for (size_t i = 0; i < self->n; i++) {
        long double z = (long double)self->a[i] * ((long double)theta - (long double)self->b[i]);
        long double c = (long double)self->c[i], d = (long double)self->d[i];
        total += logl(self->x[i] > 0.5 ? c + (d - c) / (1 + expl(-z))
                                       : (1 - d) + (d - c) / (1 + expl(z)));
    }
    return total;
}

/* ---- what must hold ---- */

static void random_pattern(struct rng *rng, size_t n, int model, struct pattern *out)
{
    double theta = 4 * rng_unit(rng) - 2;
    *out = (struct pattern){0};
    for (size_t i = 0; i < n; i++) {
        struct irt_item item = {.a = model > 0 ? 0.5 + 1.5 * rng_unit(rng) : 1,
                                .b = 4 * rng_unit(rng) - 2,
                                .c = model > 1 ? 0.3 * rng_unit(rng) : 0,
                                .d = model > 2 ? 1 - 0.15 * rng_unit(rng) : 1};
        double p = item.c + (item.d - item.c) / (1 + exp(-item.a * (theta - item.b)));
        pattern_add(out, &item, rng_unit(rng) < p);
    }
}

/* No grid point has a higher likelihood, and neither has a neighbour at 1e-6. */
Test(estimate, ml_is_the_highest)
{
    struct rng rng = rng_published(22, 1);
    struct pattern pattern;
    for (int i = 0; i < 200; i++) {
        random_pattern(&rng, 1 + rng_below(&rng, 60), i % 4, &pattern);
        struct irt_estimate mine = pattern_ml(&pattern, -4, 4, 0);
        long double height = log_likelihood(&pattern, mine.theta) + 1e-9L;
        for (int q = -400; q <= 400; q++)
            cr_assert_geq(height, log_likelihood(&pattern, q / 100.0), "%d: %g", i, mine.theta);
        long double exact = log_likelihood(&pattern, mine.theta) + 1e-15L;
        for (int side = -1; side <= 1; side += 2) {
            double there = mine.theta + side * 1e-6;
            if (there > -4 && there < 4)
                cr_assert_geq(exact, log_likelihood(&pattern, there), "%d", i);
        }
    }
}

Test(estimate, ml_does_not_depend_on_the_start)
{
    static const double starts[] = {-10, -4, -1, 0, 0.5, 3.999, 4, 100};
    struct rng rng = rng_published(23, 1);
    struct pattern pattern;
    for (int i = 0; i < 100; i++) {
        random_pattern(&rng, 5 + rng_below(&rng, 55), i % 2, &pattern);
        struct irt_estimate mine = pattern_ml(&pattern, -4, 4, 0);
        for (size_t k = 0; k < sizeof starts / sizeof starts[0]; k++)
            cr_assert_float_eq(pattern_ml(&pattern, -4, 4, starts[k]).theta, mine.theta, 2e-12);
    }
}

/* Wright (1988, RMT 2:2): L items of one difficulty H, R right: H + ln(R/(L - R)), and
 * SE sqrt(L/(R (L - R))). */
Test(estimate, ml_closed_form_of_equal_items)
{
    for (int right = 1; right < 40; right++) {
        struct pattern pattern = {0};
        struct irt_item item = {.a = 1, .b = 0.4, .d = 1};
        for (int i = 0; i < 40; i++)
            pattern_add(&pattern, &item, i < right);
        struct irt_estimate mine = pattern_ml(&pattern, -6, 6, 0);
        cr_assert_float_eq(mine.theta, 0.4 + log(right / (40.0 - right)), 1e-12);
        cr_assert_float_eq(mine.se, sqrt(40.0 / (right * (40.0 - right))), 1e-12);
    }
}

Test(estimate, ml_bounds_of_constant_patterns)
{
    for (int answer = 0; answer < 2; answer++)
        for (int model = 0; model < 4; model++) {
            struct rng rng = rng_published(24, (uint64_t)model);
            struct pattern pattern;
            random_pattern(&rng, 7, model, &pattern);
            for (size_t i = 0; i < 7; i++)
                pattern.x[i] = pattern.categories[i] = (uint8_t)answer;
            cr_assert_eq(pattern_ml(&pattern, -4, 4, 0.1).theta, answer ? 4 : -4);
            cr_assert_eq(pattern_ml(&pattern, -8, 6, 0.1).theta, answer ? 6 : -8);
        }
}

/* Without answers the posterior is the prior: cut to +-8 SD it has its mean and SD. */
Test(estimate, eap_of_nothing_is_the_prior)
{
    struct pattern pattern = {0};
    struct irt_estimator prior = {
        .prior_mean = 0.5, .prior_sd = 0.8, .theta_min = -6, .theta_max = 7, .points = 201};
    struct irt_estimate mine = pattern_eap(&pattern, &prior);
    cr_assert_float_eq(mine.theta, 0.5, 1e-12);
    cr_assert_float_eq(mine.se, 0.8, 1e-12);
}

/* Against long double sums over the same grid, for grids of any length. */
Test(estimate, eap_against_plain_sums)
{
    struct rng rng = rng_published(25, 1);
    struct pattern pattern;
    for (int i = 0; i < 100; i++) {
        struct irt_estimator prior = {.prior_mean = rng_unit(&rng) - 0.5,
                                      .prior_sd = 0.5 + rng_unit(&rng),
                                      .theta_min = -4,
                                      .theta_max = 5,
                                      .points = 3 + rng_below(&rng, 80)};
        random_pattern(&rng, 1 + rng_below(&rng, 30), i % 4, &pattern);
        long double s0 = 0, s1 = 0, s2 = 0;
        for (size_t q = 0; q < prior.points; q++) {
            double theta = -4 + 9.0 * (double)q / (double)(prior.points - 1);
            long double z =
                ((long double)theta - (long double)prior.prior_mean) / (long double)prior.prior_sd;
            long double w = expl(log_likelihood(&pattern, theta) - z * z / 2);
            w *= q == 0 || q == prior.points - 1 ? 0.5L : 1;
            s0 += w;
            s1 += w * (long double)theta;
            s2 += w * (long double)theta * (long double)theta;
        }
        struct irt_estimate mine = pattern_eap(&pattern, &prior);
        long double mean = s1 / s0;
        cr_assert_float_eq(mine.theta, (double)mean, 1e-12, "%d", i);
        cr_assert_float_eq(mine.se, (double)sqrtl(s2 / s0 - mean * mean), 1e-7, "%d", i);
    }
}
