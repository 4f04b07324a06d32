/* The ratio estimator against its definition, computed block by block in long double; sums beyond
 * 64 bits; the order of merging.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/exact.h>
#include <retake/base/rng.h>

#include <criterion/criterion.h>
#include <math.h>

enum { MAX_BLOCKS = 1000 };

struct sample {
    int n_blocks;
    int64_t y[MAX_BLOCKS], n[MAX_BLOCKS];
};

/* sqrt( B/(B-1) sum (y - R n)^2 ) / sum n */
static long double direct_error(const struct sample *s)
{
    long double total_y = 0, total_n = 0, residual = 0, blocks = s->n_blocks;
    for (int b = 0; b < s->n_blocks; b++) {
        total_y += (long double)s->y[b];
        total_n += (long double)s->n[b];
    }
    for (int b = 0; b < s->n_blocks; b++) {
        long double e = (long double)s->y[b] - total_y / total_n * (long double)s->n[b];
        residual += e * e;
    }
    return sqrtl(blocks / (blocks - 1) * residual) / total_n;
}

static void draw(struct rng *rng, int n_blocks, double p, int64_t scale, struct sample *out)
{
    out->n_blocks = n_blocks;
    for (int b = 0; b < n_blocks; b++) {
        out->n[b] = 100 + rng_below(rng, 156);
        out->y[b] = 0;
        for (int64_t i = 0; i < out->n[b]; i++)
            out->y[b] += rng_unit(rng) < p ? scale : 0;
    }
}

static void add(struct exact_ratio *self, const struct sample *s, int from, int to)
{
    for (int b = from; b < to; b++)
        exact_ratio_add_block(self, s->y[b], s->n[b]);
}

struct setting {
    int n_blocks;
    double p;
    int64_t scale;
};

Test(exact, ratio_against_its_definition)
{
    static const struct setting settings[] = {{2, 0.5, 1},
                                              {10, 0.1, 1},
                                              {1000, 0.7, 1},
                                              {1000, 0.001, 1},
                                              {500, 0.999, 1},
                                              {1000, 0.4, 1 << 24},
                                              {50, 0.9, INT64_C(1) << 40}};
    struct rng rng = rng_published(11, 1);
    static struct sample s;
    for (size_t k = 0; k < sizeof settings / sizeof settings[0]; k++) {
        draw(&rng, settings[k].n_blocks, settings[k].p, settings[k].scale, &s);
        struct exact_ratio ratio = {0};
        add(&ratio, &s, 0, s.n_blocks);
        long double total_y = 0, total_n = 0;
        for (int b = 0; b < s.n_blocks; b++) {
            total_y += (long double)s.y[b];
            total_n += (long double)s.n[b];
        }
        double error = exact_ratio_error(&ratio, s.n_blocks);
        cr_assert_eq(exact_ratio_value(&ratio), (double)(total_y / total_n));
        cr_assert_float_eq(error / (double)direct_error(&s), 1, 1e-12, "setting %zu", k);
    }
}

/* The spread that the estimator claims is the spread that repetitions have. */
Test(exact, ratio_error_is_the_spread_of_repetitions)
{
    enum { REPEATS = 2000, BLOCKS = 50 };
    struct rng rng = rng_published(12, 1);
    static struct sample s;
    double sum = 0, squares = 0, variance = 0;
    for (int i = 0; i < REPEATS; i++) {
        struct exact_ratio ratio = {0};
        draw(&rng, BLOCKS, 0.3, 1, &s);
        add(&ratio, &s, 0, BLOCKS);
        double value = exact_ratio_value(&ratio), error = exact_ratio_error(&ratio, BLOCKS);
        sum += value;
        squares += value * value;
        variance += error * error;
    }
    double observed = squares / (double)REPEATS - sum / (double)REPEATS * (sum / (double)REPEATS);
    /* a variance of 2000 draws has a relative SD of sqrt(2/2000) = 3 %; five of it */
    cr_assert_float_eq(observed / (variance / (double)REPEATS), 1, 0.16);
    cr_assert_float_eq(sum / (double)REPEATS, 0.3,
                       5 * sqrt(variance / (double)REPEATS / (double)REPEATS));
}

Test(exact, merging_in_any_order_is_the_same)
{
    struct rng rng = rng_published(13, 1);
    static struct sample s;
    draw(&rng, 300, 0.5, 7919, &s);
    struct exact_ratio whole = {0}, parts[3] = {{0}}, merged = {0};
    add(&whole, &s, 0, 300);
    add(&parts[0], &s, 200, 300);
    add(&parts[1], &s, 0, 50);
    add(&parts[2], &s, 50, 200);
    for (int k = 2; k >= 0; k--)
        exact_ratio_merge(&merged, &parts[k]);
    cr_assert(merged.y == whole.y && merged.n == whole.n && merged.yy == whole.yy &&
              merged.yn == whole.yn && merged.nn == whole.nn);
}

Test(exact, squares_beyond_64_bits)
{
    struct exact_ratio ratio = {0};
    int64_t big = INT64_C(1000000000000000);
    for (int i = 0; i < 1000; i++)
        exact_ratio_add_block(&ratio, i % 2 ? big : -big + 2, big);
    cr_assert(ratio.y == 1000);
    cr_assert(ratio.n == (exact_int)big * 1000);
    cr_assert(ratio.yy == ((exact_int)big * big + (exact_int)(big - 2) * (big - 2)) * 500);
    cr_assert(ratio.yn == (exact_int)2 * 500 * big);
}

Test(exact, nothing_to_divide_by)
{
    struct exact_ratio ratio = {0};
    cr_assert(isnan(exact_ratio_value(&ratio)));
    cr_assert(isnan(exact_ratio_error(&ratio, 10)));
    exact_ratio_add_block(&ratio, 1, 2);
    cr_assert_eq(exact_ratio_value(&ratio), 0.5);
    cr_assert(isnan(exact_ratio_error(&ratio, 1)));
    cr_assert(isnan(exact_ratio_error(&ratio, 0)));
    exact_ratio_add_block(&ratio, 2, 4);
    cr_assert_eq(exact_ratio_error(&ratio, 2), 0, "y/n is the same in every block");
}

Test(exact, fixed_point_rounds_to_the_nearest_ties_to_even)
{
    const double unit = 1.0 / (1 << EXACT_FRACTION_BITS);
    static const struct {
        double units;
        int64_t expected;
    } table[] = {{0, 0},    {1, 1},     {0.5, 0},  {1.5, 2},    {2.5, 2},
                 {-0.5, 0}, {-1.5, -2}, {0.75, 1}, {-0.75, -1}, {1e9 + 0.25, 1000000000}};
    for (size_t k = 0; k < sizeof table / sizeof table[0]; k++)
        cr_assert_eq(exact_fixed(table[k].units * unit), table[k].expected);
    cr_assert_eq(exact_real(exact_fixed(0.1) * (exact_int)10),
                 10 * (double)exact_fixed(0.1) / 16777216.0);
    cr_assert_float_eq(exact_real(exact_fixed(3.14159)), 3.14159, unit / 2);
}
