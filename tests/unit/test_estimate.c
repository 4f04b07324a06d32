/* Estimates of ability: catR's numbers for 120 patterns of four models, on several grids and
 * ranges; and what must hold of any estimate.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/rng.h>
#include <retake/irt/estimate.h>

#include "fixture.h"

enum { MAX_ITEMS = 64 };

/* A pattern of answers, in the shape that the estimators want. */
struct pattern {
    size_t n;
    struct irt_item items[MAX_ITEMS];
    double a[MAX_ITEMS], b[MAX_ITEMS], c[MAX_ITEMS], d[MAX_ITEMS], x[MAX_ITEMS];
    bool is_monotone;
} __attribute__((aligned(64)));

static void pattern_add(struct pattern *self, const struct irt_item *item, int answer)
{
    size_t k = self->n++;
    cr_assert_lt(k, MAX_ITEMS);
    if (k == 0)
        self->is_monotone = true;
    self->items[k] = *item;
    self->a[k] = item->a;
    self->b[k] = item->b;
    self->c[k] = item->c;
    self->d[k] = item->d;
    self->x[k] = answer;
    self->is_monotone &= item->c == 0 && item->d == 1;
}

static struct irt_estimate pattern_ml(const struct pattern *self, double low, double high,
                                      double start)
{
    double columns[5][MAX_ITEMS] __attribute__((aligned(64)));
    memcpy(columns[0], self->a, sizeof self->a);
    memcpy(columns[1], self->b, sizeof self->b);
    memcpy(columns[2], self->c, sizeof self->c);
    memcpy(columns[3], self->d, sizeof self->d);
    memcpy(columns[4], self->x, sizeof self->x);
    struct irt_answers answers = {self->n,
                                  columns[0],
                                  columns[1],
                                  columns[2],
                                  columns[3],
                                  columns[4],
                                  .is_monotone = self->is_monotone,
                                  .is_logistic = true};
    struct irt_estimator estimator = {.method = IRT_ML, .theta_min = low, .theta_max = high};
    return irt_estimate_root(&estimator, &answers, start);
}

struct prior {
    double mean, sd, low, high;
    size_t n_points;
};

static struct irt_estimate pattern_eap(const struct pattern *self, const struct prior *prior)
{
    struct arena arena = {0};
    struct irt_grid grid;
    struct err err = {0};
    double *rows;
    uint32_t *first_row;
    struct irt_estimator estimator = {.prior_mean = prior->mean,
                                      .prior_sd = prior->sd,
                                      .theta_min = prior->low,
                                      .theta_max = prior->high,
                                      .points = prior->n_points};
    cr_assert_eq(irt_grid_init(&estimator, &arena, &grid, &err), ERR_OK);
    cr_assert_eq(irt_grid_likelihood(&grid, self->items, self->n, &arena, &rows, &first_row, &err),
                 ERR_OK);
    size_t n = grid.n_vectors * VEC_LANES;
    double *weight = arena_alloc(&arena, n * sizeof *weight);
    memcpy(weight, grid.prior, n * sizeof *weight);
    for (size_t i = 0; i < self->n; i++)
        for (size_t q = 0; q < n; q++)
            weight[q] *= rows[(2 * i + (size_t)self->x[i]) * n + q];
    struct irt_estimate estimate = irt_eap(&grid, weight);
    arena_free(&arena);
    return estimate;
}

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

/* ---- catR ---- */

enum { N_BANKS = 4 };

static const char *const bank_names[N_BANKS] = {"R1", "T1", "U1", "F1"};

struct oracle {
    struct arena arena;
    struct csv_table patterns, estimates;
    struct irt_bank banks[N_BANKS];
};

static void oracle_init(struct oracle *self)
{
    *self = (struct oracle){0};
    fixture_table("tests/oracle/catR/patterns.csv", &self->arena, &self->patterns);
    fixture_table("tests/oracle/catR/estimates.csv", &self->arena, &self->estimates);
    for (size_t k = 0; k < N_BANKS; k++)
        fixture_oracle_bank(bank_names[k], &self->banks[k]);
}

static void oracle_free(struct oracle *self)
{
    for (size_t k = 0; k < N_BANKS; k++)
        irt_bank_free(&self->banks[k]);
    arena_free(&self->arena);
}

/* Pattern number p (from 1): "5;12;9" and "011". */
static void oracle_pattern(const struct oracle *self, size_t p, struct pattern *out)
{
    const char *bank = fixture_text(&self->patterns, p - 1, "bank");
    const char *items = fixture_text(&self->patterns, p - 1, "items");
    const char *answers = fixture_text(&self->patterns, p - 1, "resp");
    size_t k = 0;
    while (strcmp(bank_names[k], bank) != 0)
        k++;
    *out = (struct pattern){0};
    for (size_t i = 0; answers[i]; i++) {
        char *end;
        unsigned long item = strtoul(items, &end, 10);
        items = end + 1;
        pattern_add(out, &self->banks[k].items[item - 1], answers[i] == '1');
    }
}

Test(estimate, eap_as_catr)
{
    struct oracle oracle;
    struct pattern pattern;
    oracle_init(&oracle);
    int n = 0;
    double worst = 0;
    for (size_t row = 0; row < oracle.estimates.n_rows; row++) {
        const struct csv_table *t = &oracle.estimates;
        if (strcmp(fixture_text(t, row, "method"), "EAP") != 0)
            continue;
        struct prior prior = {fixture_real(t, row, "prior_mean"), fixture_real(t, row, "prior_sd"),
                              fixture_real(t, row, "lo"), fixture_real(t, row, "hi"),
                              (size_t)fixture_real(t, row, "points")};
        oracle_pattern(&oracle, (size_t)fixture_real(t, row, "pattern"), &pattern);
        struct irt_estimate mine = pattern_eap(&pattern, &prior);
        double theta = fixture_real(t, row, "theta"), se = fixture_real(t, row, "sem");
        cr_assert_float_eq(mine.theta, theta, 1e-10, "row %zu", row);
        cr_assert_float_eq(mine.se, se, 1e-10, "row %zu", row);
        worst = fmax(worst, fmax(fabs(mine.theta - theta), fabs(mine.se - se)));
        n++;
    }
    cr_log_info("EAP: %d estimates of catR, greatest difference %.2g", n, worst);
    cr_assert_eq(n, 720);
    oracle_free(&oracle);
}

Test(estimate, ml_as_catr)
{
    struct oracle oracle;
    struct pattern pattern;
    oracle_init(&oracle);
    int n = 0;
    double worst = 0;
    for (size_t row = 0; row < oracle.estimates.n_rows; row++) {
        const struct csv_table *t = &oracle.estimates;
        if (strcmp(fixture_text(t, row, "method"), "ML") != 0)
            continue;
        double low = fixture_real(t, row, "lo"), high = fixture_real(t, row, "hi");
        double theta = fixture_real(t, row, "theta"), se = fixture_real(t, row, "sem");
        oracle_pattern(&oracle, (size_t)fixture_real(t, row, "pattern"), &pattern);
        struct irt_estimate mine = pattern_ml(&pattern, low, high, 0);
        cr_assert_float_eq(mine.theta, theta, 1e-10, "row %zu", row);
        cr_assert_float_eq(mine.se / se, 1, 1e-10, "row %zu", row);
        worst = fmax(worst, fabs(mine.theta - theta));
        n++;
    }
    cr_log_info("ML: %d estimates of catR, greatest difference %.2g", n, worst);
    cr_assert_eq(n, 240);
    oracle_free(&oracle);
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
                pattern.x[i] = answer;
            cr_assert_eq(pattern_ml(&pattern, -4, 4, 0.1).theta, answer ? 4 : -4);
            cr_assert_eq(pattern_ml(&pattern, -8, 6, 0.1).theta, answer ? 6 : -8);
        }
}

/* Without answers the posterior is the prior: cut to +-8 SD it has its mean and SD. */
Test(estimate, eap_of_nothing_is_the_prior)
{
    struct pattern pattern = {0};
    struct prior prior = {0.5, 0.8, -6, 7, 201};
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
        struct prior prior = {rng_unit(&rng) - 0.5, 0.5 + rng_unit(&rng), -4, 5,
                              3 + rng_below(&rng, 80)};
        random_pattern(&rng, 1 + rng_below(&rng, 30), i % 4, &pattern);
        long double s0 = 0, s1 = 0, s2 = 0;
        for (size_t q = 0; q < prior.n_points; q++) {
            double theta = -4 + 9.0 * (double)q / (double)(prior.n_points - 1);
            long double z = ((long double)theta - (long double)prior.mean) / (long double)prior.sd;
            long double w = expl(log_likelihood(&pattern, theta) - z * z / 2);
            w *= q == 0 || q == prior.n_points - 1 ? 0.5L : 1;
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
