/* All estimators over random banks of every model: optimal, finite, independent of the start,
 * monotone where theory says so; standard errors; extreme patterns; quadratures.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pattern.h"

enum { RASCH, TWO_PL, THREE_PL, FOUR_PL, PARTIAL, GRADED, MIXED, N_KINDS };

static void random_item(struct rng *rng, int kind, struct irt_item *out, double *steps)
{
    int own = kind == MIXED ? (int)rng_below(rng, MIXED) : kind;
    *out = (struct irt_item){.a = own == RASCH ? 1 : 0.5 + 1.5 * rng_unit(rng),
                             .b = 4 * rng_unit(rng) - 2,
                             .c = own == THREE_PL || own == FOUR_PL ? 0.3 * rng_unit(rng) : 0,
                             .d = own == FOUR_PL ? 1 - 0.15 * rng_unit(rng) : 1,
                             .n_categories = 2};
    if (own < PARTIAL)
        return;
    out->model = own == PARTIAL ? IRT_GPCM : IRT_GRM;
    out->n_categories = (uint8_t)(2 + rng_below(rng, 4));
    double b = out->b - 1;
    for (size_t k = 0; k + 1u < out->n_categories; k++)
        steps[k] = b += 0.1 + rng_unit(rng);
    out->steps = steps;
}

static int draw_answer(struct rng *rng, const struct irt_item *item, double theta)
{
    double p[IRT_MAX_CATEGORIES], u = rng_unit(rng);
    size_t x = 0;
    irt_probabilities(item, theta, p);
    while (x + 1 < irt_n_categories(item) && u >= p[x])
        u -= p[x++];
    return (int)x;
}

static void random_pattern(struct rng *rng, size_t n, int kind, struct pattern *out)
{
    double theta = 4 * rng_unit(rng) - 2, steps[IRT_MAX_CATEGORIES];
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < n; i++) {
        struct irt_item item;
        random_item(rng, kind, &item, steps);
        pattern_add(out, &item, draw_answer(rng, &item, theta));
    }
}

static struct irt_estimator estimator_of(enum irt_method method, enum irt_prior prior)
{
    return (struct irt_estimator){.method = method,
                                  .prior = prior,
                                  .prior_mean = 0.2,
                                  .prior_sd = 0.9,
                                  .prior_min = -3,
                                  .prior_max = 3,
                                  .theta_min = -4,
                                  .theta_max = 4,
                                  .points = 49,
                                  .b_min = -2,
                                  .b_max = 2,
                                  .tuning = 1};
}

/* Methods under test: each with the priors that it knows. */
static const struct {
    enum irt_method method;
    enum irt_prior prior;
} methods[] = {
    {IRT_EAP, IRT_PRIOR_NORMAL}, {IRT_EAP, IRT_PRIOR_UNIFORM}, {IRT_EAP, IRT_PRIOR_JEFFREYS},
    {IRT_MAP, IRT_PRIOR_NORMAL}, {IRT_MAP, IRT_PRIOR_UNIFORM}, {IRT_MAP, IRT_PRIOR_JEFFREYS},
    {IRT_ML, IRT_PRIOR_NORMAL},  {IRT_WL, IRT_PRIOR_NORMAL},   {IRT_ROBUST, IRT_PRIOR_NORMAL}};

enum { N_METHODS = sizeof methods / sizeof methods[0] };

static long double log_likelihood(struct pattern *self, double theta)
{
    struct irt_answers answers = pattern_answers(self);
    long double total = 0;
    for (size_t i = 0; i < answers.n; i++) {
        double p[IRT_MAX_CATEGORIES];
        irt_probabilities(answers.items[i], theta, p);
        total += logl((long double)p[answers.categories[i]]);
    }
    return total;
}

/* What MAP, ML and, for exponential families, WL maximise. */
static long double height(struct pattern *self, const struct irt_estimator *estimator, double theta)
{
    struct irt_answers answers = pattern_answers(self);
    long double value = log_likelihood(self, theta);
    double z = (theta - estimator->prior_mean) / estimator->prior_sd;
    if (estimator->method == IRT_MAP && estimator->prior == IRT_PRIOR_NORMAL)
        return value - (long double)(z * z / 2);
    if (estimator->method == IRT_WL ||
        (estimator->method == IRT_MAP && estimator->prior == IRT_PRIOR_JEFFREYS))
        return value + logl((long double)irt_answers_information(&answers, theta)) / 2;
    return value;
}

static bool has_height(const struct irt_estimator *estimator, int kind)
{
    if (estimator->method == IRT_WL)
        return kind == RASCH || kind == TWO_PL || kind == PARTIAL;
    return estimator->method == IRT_MAP || estimator->method == IRT_ML;
}

/* No point of a fine grid is higher. */
static void check_highest(struct pattern *pattern, const struct irt_estimator *estimator,
                          double theta)
{
    bool is_uniform = estimator->method == IRT_MAP && estimator->prior == IRT_PRIOR_UNIFORM;
    double low = is_uniform ? -3 : -4, high = -low;
    long double mine = height(pattern, estimator, theta) + 1e-9L;
    for (double there = low; there <= high; there += 0.04)
        cr_assert_geq(mine, height(pattern, estimator, there), "%g is lower than %g", theta, there);
}

Test(estimators, highest_and_finite)
{
    struct rng rng = rng_published(41, 1);
    struct pattern pattern;
    int n = 0;
    for (int i = 0; i < 30 * N_KINDS; i++) {
        random_pattern(&rng, 1 + rng_below(&rng, 50), i % N_KINDS, &pattern);
        for (size_t k = 0; k < N_METHODS; k++) {
            struct irt_estimator estimator = estimator_of(methods[k].method, methods[k].prior);
            struct irt_estimate mine = pattern_estimate(&pattern, &estimator);
            cr_assert(mine.theta >= -4 && mine.theta <= 4, "method %zu: %g", k, mine.theta);
            cr_assert(mine.se > 0 && isfinite(mine.se), "method %zu: se %g", k, mine.se);
            if (has_height(&estimator, i % N_KINDS))
                check_highest(&pattern, &estimator, mine.theta);
            n++;
        }
    }
    cr_log_info("%d estimates, finite and highest", n);
}

Test(estimators, start_changes_nothing)
{
    static const double starts[] = {-10, -4, -1.3, 0.5, 3.999, 4, 100};
    struct rng rng = rng_published(42, 1);
    struct pattern pattern;
    for (int i = 0; i < 20 * N_KINDS; i++) {
        random_pattern(&rng, 1 + rng_below(&rng, 50), i % N_KINDS, &pattern);
        for (size_t k = 3; k < N_METHODS; k++) {
            struct irt_estimator estimator = estimator_of(methods[k].method, methods[k].prior);
            double theta = pattern_root(&pattern, &estimator, 0).theta;
            for (size_t s = 0; s < sizeof starts / sizeof starts[0]; s++)
                cr_assert_float_eq(pattern_root(&pattern, &estimator, starts[s]).theta, theta,
                                   2e-12, "pattern %d, method %zu from %g", i, k, starts[s]);
        }
    }
}

/* Logistic items through the path of any items. */
Test(estimators, both_paths_agree)
{
    static const enum irt_se errors[] = {IRT_SE_DEFAULT, IRT_SE_EXPECTED, IRT_SE_OBSERVED,
                                         IRT_SE_ASYMPTOTIC};
    struct rng rng = rng_published(43, 1);
    struct pattern pattern;
    for (int i = 0; i < 200; i++) {
        random_pattern(&rng, 1 + rng_below(&rng, 50), i % PARTIAL, &pattern);
        for (size_t k = 3; k < N_METHODS; k++) {
            struct irt_estimator estimator = estimator_of(methods[k].method, methods[k].prior);
            estimator.se = errors[i % 4];
            pattern.is_logistic = true;
            struct irt_estimate fast = pattern_root(&pattern, &estimator, 0);
            pattern.is_logistic = false;
            struct irt_estimate slow = pattern_root(&pattern, &estimator, 0);
            cr_assert_float_eq(fast.theta, slow.theta, 2e-12, "pattern %d, method %zu", i, k);
            if (isfinite(slow.se))
                cr_assert_float_eq(fast.se / slow.se, 1, 1e-9, "pattern %d, method %zu", i, k);
        }
    }
}

/* One answer better: no lower estimate, where the likelihood ratio is monotone. */
Test(estimators, monotone_in_the_answers)
{
    static const int kinds[] = {RASCH, TWO_PL, PARTIAL, GRADED};
    struct rng rng = rng_published(44, 1);
    struct pattern pattern;
    for (int i = 0; i < 400; i++) {
        random_pattern(&rng, 1 + rng_below(&rng, 40), kinds[i % 4], &pattern);
        size_t item = rng_below(&rng, (uint32_t)pattern.n);
        if (pattern.categories[item] + 1u == irt_n_categories(&pattern.items[item]))
            continue;
        for (size_t k = 0; k < N_METHODS; k++) {
            struct irt_estimator estimator = estimator_of(methods[k].method, methods[k].prior);
            bool is_plain = estimator.method == IRT_EAP || estimator.method == IRT_MAP ||
                            estimator.method == IRT_ML;
            if (!is_plain && kinds[i % 4] == GRADED)
                continue;
            if (estimator.method == IRT_ROBUST)
                continue;
            double before = pattern_estimate(&pattern, &estimator).theta;
            pattern.x[item] += 1;
            pattern.categories[item]++;
            double after = pattern_estimate(&pattern, &estimator).theta;
            pattern.x[item] -= 1;
            pattern.categories[item]--;
            cr_assert_geq(after, before - 1e-11, "pattern %d, method %zu", i, k);
        }
    }
}

/* Partial credit with one discrimination: the sum score is sufficient (Masters 1982). */
Test(estimators, sum_score_is_sufficient)
{
    struct rng rng = rng_published(45, 1);
    struct pattern pattern;
    for (int i = 0; i < 100; i++) {
        random_pattern(&rng, 20, PARTIAL, &pattern);
        for (size_t k = 0; k < pattern.n; k++)
            pattern.items[k].a = 0.8;
        struct irt_estimator estimator = estimator_of(IRT_ML, IRT_PRIOR_NORMAL);
        double before = pattern_root(&pattern, &estimator, 0).theta;
        size_t up = 0, down = 0;
        while (up < 20 && pattern.categories[up] + 1 == pattern.items[up].n_categories)
            up++;
        while (down < 20 && (pattern.categories[down] == 0 || down == up))
            down++;
        if (up == 20 || down == 20)
            continue;
        pattern.categories[up]++;
        pattern.categories[down]--;
        cr_assert_float_eq(pattern_root(&pattern, &estimator, 0).theta, before, 1e-11);
    }
}

/* One more item: the expected SE at the same ability falls. */
Test(estimators, errors_fall_with_information)
{
    struct rng rng = rng_published(46, 1);
    struct pattern pattern;
    for (int i = 0; i < 50 * N_KINDS; i++) {
        double last = INFINITY, last_map = INFINITY;
        random_pattern(&rng, 30, i % N_KINDS, &pattern);
        struct irt_estimator ml = estimator_of(IRT_ML, IRT_PRIOR_NORMAL);
        struct irt_estimator map = estimator_of(IRT_MAP, IRT_PRIOR_NORMAL);
        struct irt_answers answers = pattern_answers(&pattern);
        for (answers.n = 1; answers.n <= 30; answers.n++) {
            double se = irt_standard_error(&ml, &answers, 0.3);
            double se_map = irt_standard_error(&map, &answers, 0.3);
            cr_assert_lt(se, last);
            cr_assert_lt(se_map, last_map);
            cr_assert_lt(se_map, se);
            cr_assert_float_eq(se * se * irt_answers_information(&answers, 0.3), 1, 1e-12);
            last = se;
            last_map = se_map;
        }
    }
}

/* 1PL, 2PL and partial credit: observed information is the expected one. */
Test(estimators, observed_is_expected_in_exponential_families)
{
    static const int kinds[] = {RASCH, TWO_PL, PARTIAL};
    struct rng rng = rng_published(47, 1);
    struct pattern pattern;
    for (int i = 0; i < 90; i++) {
        random_pattern(&rng, 25, kinds[i % 3], &pattern);
        struct irt_answers answers = pattern_answers(&pattern);
        for (int k = 0; k < 2; k++) {
            struct irt_estimator estimator = estimator_of(k ? IRT_MAP : IRT_ML, IRT_PRIOR_NORMAL);
            double expected = irt_standard_error(&estimator, &answers, 0.4);
            estimator.se = IRT_SE_OBSERVED;
            cr_assert_float_eq(irt_standard_error(&estimator, &answers, 0.4), expected, 1e-12);
        }
    }
}

/* ---- extreme patterns ---- */

static void extreme_pattern(size_t n, int kind, bool is_highest, struct pattern *out)
{
    struct rng rng = rng_published(48, (uint64_t)kind);
    random_pattern(&rng, n, kind, out);
    for (size_t i = 0; i < n; i++) {
        out->categories[i] =
            is_highest ? (uint8_t)(irt_n_categories(&out->items[i]) - 1) : (uint8_t)0;
        out->x[i] = is_highest;
    }
}

Test(estimators, extreme_patterns_of_ml)
{
    struct pattern pattern;
    for (int kind = 0; kind < N_KINDS; kind++)
        for (int is_highest = 0; is_highest < 2; is_highest++)
            for (size_t n = 1; n < 6; n++) {
                double side = is_highest ? 1 : -1;
                struct irt_estimator ml = estimator_of(IRT_ML, IRT_PRIOR_NORMAL);
                struct irt_estimator map = estimator_of(IRT_MAP, IRT_PRIOR_NORMAL);
                extreme_pattern(n, kind, is_highest, &pattern);
                ml.start_theta = 0.5;
                cr_assert_eq(pattern_root(&pattern, &ml, 0).theta, 4 * side);
                ml.constant = IRT_CONSTANT_START;
                struct irt_estimate start = pattern_root(&pattern, &ml, 0);
                cr_assert(start.theta == 0.5 && isinf(start.se));
                ml.constant = IRT_CONSTANT_BOUND_THEN_START;
                cr_assert_eq(pattern_root(&pattern, &ml, 0).theta, n == 1 ? 4 * side : 0.5);
                ml.constant = IRT_CONSTANT_DODD;
                double left = (2 - 0.5 * side) * pow(0.5, (double)n); /* to b_max = 2 */
                cr_assert_float_eq(pattern_root(&pattern, &ml, 0).theta, side * (2 - left), 1e-14);
                ml.constant = IRT_CONSTANT_MAP;
                cr_assert_float_eq(pattern_root(&pattern, &ml, 0).theta,
                                   pattern_root(&pattern, &map, 0).theta, 1e-12);
            }
}

/* ---- grids ---- */

/* Simpson's 3/8 rule is exact for cubics: the moments of a uniform prior. */
Test(estimators, quadratures)
{
    struct pattern pattern = {.is_logistic = true, .is_monotone = true};
    struct irt_estimator eap = estimator_of(IRT_EAP, IRT_PRIOR_UNIFORM);
    struct arena arena = {0};
    struct irt_grid grid;
    struct err err = {0};
    eap.theta_min = eap.prior_min = -1;
    eap.theta_max = eap.prior_max = 5;
    eap.points = 7;
    eap.quadrature = IRT_SIMPSON38;
    struct irt_estimate simpson = pattern_eap(&pattern, &eap);
    cr_assert_float_eq(simpson.theta, 2, 1e-14);
    cr_assert_float_eq(simpson.se, sqrt(3), 1e-14);
    eap.quadrature = IRT_SUM; /* of -1, 0, ..., 5 */
    cr_assert_float_eq(pattern_eap(&pattern, &eap).se, 2, 1e-14);
    eap.quadrature = IRT_TRAPEZOID;
    cr_assert_float_eq(pattern_eap(&pattern, &eap).se, sqrt(19.0 / 6), 1e-14);
    eap.quadrature = IRT_SIMPSON38;
    eap.points = 33;
    cr_assert_eq(irt_grid_init(&eap, &arena, &grid, &err), ERR_RANGE);
    arena_free(&arena);
}

/* The mean and SD of the prior survive a flat likelihood; a uniform prior cuts the grid. */
Test(estimators, uniform_prior_cuts_the_grid)
{
    struct pattern pattern = {.is_logistic = true, .is_monotone = true};
    struct irt_estimator eap = estimator_of(IRT_EAP, IRT_PRIOR_UNIFORM);
    eap.quadrature = IRT_SUM;
    eap.theta_min = -6;
    eap.theta_max = 6;
    eap.points = 61;
    eap.prior_min = -0.4;
    eap.prior_max = 1.2; /* nine points */
    struct irt_estimate mine = pattern_eap(&pattern, &eap);
    cr_assert_float_eq(mine.theta, 0.4, 1e-14);
    cr_assert_float_eq(mine.se, 0.2 * sqrt(80.0 / 12), 1e-14);
}
