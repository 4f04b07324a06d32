/* The ratio estimator against its definition, computed block by block in long double, and to the
 * last bit against rational arithmetic; sums beyond 64 bits; the order of merging.
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

/* Whole numbers of blocks (y0, n0, y1, n1), of sizes that cancel to nothing in floating point, and
 * the doubles nearest to the two errors. They come from Python: fractions.Fraction for V = B/(B-1)
 * sum (y - R n)^2 / N^2,   V = B/(B-1) sum ((y1 - R1 n1)/N1 - (y0 - R0 n0)/N0)^2, then math.isqrt(V
 * 4^k) / 2^k with 400 bits, rounded by float(Fraction). */
Test(exact, errors_to_the_last_bit)
{
    static const struct {
        int64_t block[4][4];
        double ratio, pair;
    } table[] = {
        {{{151, 210, 116, 166}, {104, 146, 110, 152}, {99, 142, 128, 182}, {168, 239, 166, 235}},
         0x1.3dd45b7a383c4p-8,
         0x1.bf3acf36c027ap-8},
        {{{1922895273, 151, 1922895282, 151},
          {-1575502163, 229, -1575502159, 229},
          {781695636, 164, 781695630, 164},
          {911008802, 176, 911008811, 176}},
         0x1.0b3c8a5ae0ff5p+22,
         0x1.43e7bb6e3d458p-6},
        {{{782929461738, 1096101246431, 758718695668, 1062206173935},
          {626947366278, 877726312792, 585280806424, 819393128992},
          {618011539060, 865216154682, 484942305793, 678919228110},
          {510309778319, 714433689646, 779025064936, 1090635090914}},
         0x1.02be8e85bc596p-40,
         0x1.9a5f72f58344fp-40},
        {{{335066789639600050, 469093505495440074, 393724891261319470, 551214847765847261},
          {317028412101690299, 443839776942366422, 232643081174753481, 325700313644654874},
          {389374850290046104, 545124790406064549, 348760921195751702, 488265289674052382},
          {275074049987411778, 385103669982376489, 254093933166930140, 355731506433702200}},
         0x1.7cd9a0efc9ffbp-60,
         0x1.a0b7b8efb2139p-59}};
    for (size_t k = 0; k < sizeof table / sizeof table[0]; k++) {
        struct exact_pair pair = {0};
        for (int b = 0; b < 4; b++)
            exact_pair_add_block(&pair, table[k].block[b][0], table[k].block[b][1],
                                 table[k].block[b][2], table[k].block[b][3]);
        cr_assert_eq(exact_ratio_error(&pair.first, 4), table[k].ratio, "ratio %zu", k);
        cr_assert_eq(exact_pair_error(&pair, 4), table[k].pair, "pair %zu", k);
    }
}

/* n = m in B blocks and y = a - 1, a, a + 1: the residuals are -1, 0, 1, the error is
 * sqrt(3/2 * 2) / (3 m) = 1 / (m sqrt 3). With y1 - y0 = 1, -1, 1, -1 in four blocks of m it is
 * sqrt(4/3 * 4) / (4 m), the same. With y = a, a + 1 in two blocks of 2^61 it is 1 / 2^62. */
Test(exact, residuals_far_below_the_last_digit_of_their_terms)
{
    const int64_t m = 100000000000000000, a = 271828182845904523, half = INT64_C(1) << 61;
    struct exact_ratio three = {0}, two = {0};
    struct exact_pair four = {0};
    for (int b = -1; b <= 1; b++)
        exact_ratio_add_block(&three, a + b, m);
    for (int b = 0; b < 4; b++)
        exact_pair_add_block(&four, a + 7 * b, m, a + 7 * b + (b % 2 ? -1 : 1), m);
    for (int b = 0; b < 2; b++)
        exact_ratio_add_block(&two, a + b, half);
    cr_assert_eq(exact_ratio_error(&three, 3), 0x1.aa0261e53865bp-58);
    cr_assert_eq(exact_pair_error(&four, 4), 0x1.aa0261e53865bp-58);
    cr_assert_eq(exact_ratio_error(&two, 2), 0x1p-62);
}

/* No sum of 128 bits is too wide. With y = 0 and N = sum y^2 = M = 2^127 - 1 the error is
 * sqrt(B/(B-1) / M), and that of two such ratios that have nothing in common is the root of twice
 * it. */
Test(exact, widest_sums)
{
    const exact_int most = ((exact_int)1 << 126) - 1 + ((exact_int)1 << 126);
    const struct exact_ratio wide = {.n = most, .yy = most};
    const struct exact_pair both = {.first = wide, .second = wide};
    cr_assert_eq(exact_ratio_error(&wide, INT64_MAX), 0x1.6a09e667f3bcdp-64);
    cr_assert_eq(exact_pair_error(&both, INT64_MAX), 0x1p-63);
    const struct exact_ratio least = {.y = -most - 1, .n = most, .yy = most, .nn = most};
    cr_assert(isfinite(exact_ratio_error(&least, INT64_MAX)));
    const struct exact_ratio impossible = {.y = 5, .n = 5, .yn = 5}; /* of no blocks */
    cr_assert_eq(exact_ratio_error(&impossible, 2), 0);
}

/* gcc's and clang's runtime libraries convert 128 bits with one rounding: ties to even. */
Test(exact, conversion_of_128_bits_is_rounded_once)
{
    const exact_int unit = (exact_int)1 << 60; /* the last digit of 2^112 to 2^113 */
    const exact_int base = (exact_int)1 << 112;
    static const struct {
        int units, halves, rest;
        double expected; /* in units beyond base */
    } table[] = {{0, 1, 0, 0}, {0, 1, 1, 1},  {0, 1, -1, 0}, {1, 1, 0, 2},
                 {1, 1, 1, 2}, {1, 1, -1, 1}, {1, 0, 1, 1},  {1, 0, -1, 1}};
    for (size_t k = 0; k < sizeof table / sizeof table[0]; k++) {
        exact_int x = base + table[k].units * unit + table[k].halves * unit / 2 + table[k].rest;
        double expected = 0x1p112 + table[k].expected * 0x1p60;
        cr_assert_eq((double)x, expected, "%zu", k);
        cr_assert_eq((double)-x, -expected, "%zu", k);
    }
}
