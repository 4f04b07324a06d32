/* Partial credit and graded items against the written formulas in long double, their derivatives
 * against finite differences, and the models that they contain.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/rng.h>
#include <retake/irt/grid.h>
#include <retake/irt/model.h>

#include "fixture.h"

struct example {
    struct irt_item item;
    double steps[IRT_MAX_CATEGORIES];
};

/* Thresholds rise in a graded item; in a partial-credit item they need not. */
static void random_example(struct rng *rng, enum irt_model model, size_t n, struct example *out)
{
    double b = 3 * rng_unit(rng) - 2.5;
    for (size_t k = 0; k + 1 < n; k++) {
        b += model == IRT_GRM ? 0.05 + rng_unit(rng) : 2 * rng_unit(rng) - 0.7;
        out->steps[k] = b;
    }
    out->item = (struct irt_item){.a = 0.3 + 2 * rng_unit(rng),
                                  .d = 1,
                                  .model = (uint8_t)model,
                                  .n_categories = (uint8_t)n,
                                  .steps = out->steps};
}

static long double logistic(long double z)
{
    return 1 / (1 + expl(-z));
}

static long double exact_p(const struct irt_item *item, size_t x, long double theta)
{
    long double a = (long double)item->a, z = 0, mine = 0, total = 0;
    size_t n = irt_n_categories(item);
    if (item->model == IRT_LOGISTIC) {
        long double s = logistic(a * (theta - (long double)item->b));
        long double p = (long double)item->c + ((long double)item->d - (long double)item->c) * s;
        return x ? p : 1 - p;
    }
    if (item->model == IRT_GRM) {
        long double at = x ? logistic(a * (theta - (long double)item->steps[x - 1])) : 1;
        return at - (x + 1 < n ? logistic(a * (theta - (long double)item->steps[x])) : 0);
    }
    for (size_t k = 0; k < n; k++) {
        z += k ? a * (theta - (long double)item->steps[k - 1]) : 0;
        total += expl(z);
        mine = k == x ? expl(z) : mine;
    }
    return mine / total;
}

/* Central differences of order 4 of f(theta + k h), k = -3 .. 3. */
static long double first_difference(const long double *f, long double h)
{
    return (45 * (f[4] - f[2]) - 9 * (f[5] - f[1]) + (f[6] - f[0])) / (60 * h);
}

static long double second_difference(const long double *f, long double h)
{
    return (2 * (f[6] + f[0]) - 27 * (f[5] + f[1]) + 270 * (f[4] + f[2]) - 490 * f[3]) /
           (180 * h * h);
}

static void check_near(double mine, long double theirs, double limit, const char *what)
{
    cr_assert_leq(fabs(mine - (double)theirs), limit * (1 + fabs((double)theirs)),
                  "%s: %.15g, not %.15Lg", what, mine, theirs);
}

static void check_categories(const struct irt_item *item, double theta)
{
    const long double h = 0.004L;
    struct irt_category8 categories[IRT_MAX_CATEGORIES];
    double p[IRT_MAX_CATEGORIES], sum = 0;
    irt_categories8(item, vec_all(theta), categories);
    irt_probabilities(item, theta, p);
    for (size_t x = 0; x < irt_n_categories(item); x++) {
        long double f[7], log_f[7];
        for (int k = 0; k < 7; k++) {
            f[k] = exact_p(item, x, (long double)theta + (k - 3) * h);
            log_f[k] = logl(f[k]);
        }
        cr_assert_eq(categories[x].p[0], p[x]);
        cr_assert_eq(categories[x].p[6], p[x]);
        check_near(p[x], f[3], 2e-15, "P");
        check_near(categories[x].dp[0], first_difference(f, h), 1e-8, "P'");
        check_near(categories[x].d2p[0], second_difference(f, h), 1e-7, "P''");
        check_near(irt_observed_information(item, theta, x), -second_difference(log_f, h), 1e-6,
                   "observed information");
        sum += p[x];
    }
    cr_assert_float_eq(sum, 1, 1e-14);
    cr_assert_eq(irt_p(item, theta), p[irt_n_categories(item) - 1]);
}

/* I and J from exact probabilities and differences; their derivatives from differences of ours. */
static void check_functions(const struct irt_item *item, double theta)
{
    const double h = 0.005;
    long double information[7], j[7];
    struct irt_functions f = irt_item_functions(item, theta);
    for (int k = 0; k < 7; k++) {
        struct irt_functions there = irt_item_functions(item, theta + (k - 3) * h);
        information[k] = (long double)there.information;
        j[k] = (long double)there.j;
    }
    check_near(f.information, (long double)irt_information(item, theta), 1e-14, "I");
    check_near(f.d_information, first_difference(information, (long double)h), 1e-7, "I'");
    check_near(f.d2_information, second_difference(information, (long double)h), 1e-6, "I''");
    check_near(f.d_j, first_difference(j, (long double)h), 1e-7, "J'");
}

Test(polytomous, formulas_and_derivatives)
{
    struct rng rng = rng_published(31, 1);
    for (int i = 0; i < 600; i++) {
        struct example example;
        random_example(&rng, i % 2 ? IRT_GRM : IRT_GPCM, 2 + (size_t)(i % 15), &example);
        double theta = 8 * rng_unit(&rng) - 4;
        check_categories(&example.item, theta);
        check_functions(&example.item, theta);
        struct irt_item logistic_item = {.a = 0.3 + 2 * rng_unit(&rng),
                                         .b = theta / 2,
                                         .c = 0.2 * (i % 3),
                                         .d = 1 - 0.1 * (i % 2)};
        check_categories(&logistic_item, theta);
        check_functions(&logistic_item, theta);
    }
}

/* Expected information is the mean of the observed, and that of the squared score. */
Test(polytomous, information_is_the_mean_of_the_observed)
{
    struct rng rng = rng_published(32, 1);
    for (int i = 0; i < 400; i++) {
        struct example example;
        random_example(&rng, i % 2 ? IRT_GRM : IRT_GPCM, 2 + (size_t)(i % 15), &example);
        double theta = 8 * rng_unit(&rng) - 4, mean = 0, p[IRT_MAX_CATEGORIES];
        irt_probabilities(&example.item, theta, p);
        for (size_t x = 0; x < example.item.n_categories; x++)
            mean += p[x] * irt_observed_information(&example.item, theta, x);
        cr_assert_float_eq(mean, irt_information(&example.item, theta), 1e-12);
    }
}

Test(polytomous, two_categories_are_the_2pl)
{
    struct rng rng = rng_published(33, 1);
    for (int i = 0; i < 400; i++) {
        struct example example;
        random_example(&rng, i % 2 ? IRT_GRM : IRT_GPCM, 2, &example);
        struct irt_item twin = {.a = example.item.a, .b = example.steps[0], .d = 1};
        double theta = 12 * rng_unit(&rng) - 6;
        struct irt_functions mine = irt_item_functions(&example.item, theta);
        struct irt_functions theirs = irt_item_functions(&twin, theta);
        cr_assert_float_eq(irt_p(&example.item, theta), irt_p(&twin, theta), 1e-15);
        cr_assert_float_eq(mine.information, theirs.information, 1e-14);
        cr_assert_float_eq(mine.d_information, theirs.d_information, 1e-13);
        cr_assert_float_eq(mine.d2_information, theirs.d2_information, 1e-13);
        cr_assert_float_eq(mine.j, theirs.j, 1e-14);
        cr_assert_float_eq(mine.d_j, theirs.d_j, 1e-13);
    }
}

/* Partial credit: I = a^2 Var(x), and J = I'. */
Test(polytomous, partial_credit_is_an_exponential_family)
{
    struct rng rng = rng_published(34, 1);
    for (int i = 0; i < 200; i++) {
        struct example example;
        random_example(&rng, IRT_GPCM, 3 + (size_t)(i % 5), &example);
        double theta = 6 * rng_unit(&rng) - 3, mean = 0, square = 0, p[IRT_MAX_CATEGORIES];
        irt_probabilities(&example.item, theta, p);
        for (size_t x = 0; x < example.item.n_categories; x++) {
            mean += p[x] * (double)x;
            square += p[x] * (double)(x * x);
        }
        struct irt_functions f = irt_item_functions(&example.item, theta);
        double a = example.item.a;
        cr_assert_float_eq(f.information, a * a * (square - mean * mean), 1e-12);
        cr_assert_float_eq(f.j, f.d_information, 1e-12);
    }
}

/* Far from every threshold nothing becomes 0, negative, infinite or NaN. */
Test(polytomous, tails)
{
    struct rng rng = rng_published(35, 1);
    for (int i = 0; i < 200; i++) {
        struct example example;
        random_example(&rng, i % 2 ? IRT_GRM : IRT_GPCM, 2 + (size_t)(i % 4), &example);
        for (int theta = -40; theta <= 40; theta += 10) {
            double p[IRT_MAX_CATEGORIES], sum = 0;
            irt_probabilities(&example.item, theta, p);
            for (size_t x = 0; x < example.item.n_categories; x++) {
                cr_assert(p[x] > 0 && p[x] <= 1, "%g", p[x]);
                sum += p[x];
            }
            double information = irt_information(&example.item, theta);
            cr_assert(information > 0 && information < 100);
            cr_assert_float_eq(sum, 1, 1e-14);
        }
    }
}

Test(polytomous, rows_of_a_mixed_bank)
{
    struct rng rng = rng_published(36, 1);
    struct example examples[6];
    struct irt_item items[6];
    struct irt_estimator estimator = {.theta_min = -4, .theta_max = 4, .points = 33, .prior_sd = 1};
    struct arena arena = {0};
    struct err err = {0};
    struct irt_grid grid;
    double *rows, *information;
    uint32_t *first_row, expected = 0;
    for (size_t i = 0; i < 6; i++) {
        random_example(&rng, i % 3 == 1 ? IRT_GPCM : IRT_GRM, 2 + i, &examples[i]);
        if (i % 3 == 0)
            examples[i].item = (struct irt_item){.a = 1, .c = 0.2, .d = 0.9, .n_categories = 2};
        items[i] = examples[i].item;
    }
    cr_assert_eq(irt_grid_init(&estimator, &arena, &grid, &err), ERR_OK);
    cr_assert_eq(irt_grid_likelihood(&grid, items, 6, &arena, &rows, &first_row, &err), ERR_OK);
    cr_assert_eq(irt_grid_information(&grid, items, 6, &arena, &information, &err), ERR_OK);
    size_t n = grid.n_vectors * VEC_LANES;
    for (size_t i = 0; i < 6; i++) {
        cr_assert_eq(first_row[i], expected);
        expected += (uint32_t)irt_n_categories(&items[i]);
        for (size_t q = 0; q < grid.n_points; q++) {
            double p[IRT_MAX_CATEGORIES];
            irt_probabilities(&items[i], grid.theta[q], p);
            for (size_t x = 0; x < irt_n_categories(&items[i]); x++)
                cr_assert_eq(rows[(first_row[i] + x) * n + q], p[x]);
            cr_assert_float_eq(information[i * n + q], irt_information(&items[i], grid.theta[q]),
                               1e-15);
        }
    }
    arena_free(&arena);
}
