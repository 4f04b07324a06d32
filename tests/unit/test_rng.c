/* Random streams: the published outputs, keys that never alias, and independence across candidates
 * (draws that are spread too evenly would make every Monte Carlo error wrong).
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/rng.h>

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>

/* pcg32-demo of the reference implementation, round 1. */
Test(rng, published_outputs)
{
    static const uint32_t expected[] = {0xa15c02b7, 0x7b47f409, 0xba1d3330,
                                        0x83d2f293, 0xbfa4784b, 0xcbed606e};
    struct rng rng = rng_published(42, 54);
    for (size_t i = 0; i < 6; i++)
        cr_assert_eq(rng_bits(&rng), expected[i], "output %zu", i);
}

Test(rng, unit_and_below_from_published_outputs)
{
    struct rng rng = rng_published(42, 54);
    cr_assert_eq(rng_unit(&rng), ((double)0xa15c02b77b47fULL + 0.5) / 4503599627370496.0);
    rng = rng_published(42, 54);
    cr_assert_eq(rng_below(&rng, 10), (0xa15c02b7ULL * 10) >> 32);
    for (int i = 0; i < 100000; i++) {
        double u = rng_unit(&rng);
        cr_assert(u > 0 && u < 1);
        cr_assert_lt(rng_below(&rng, 7), 7);
    }
}

static int by_key(const void *left, const void *right)
{
    const struct rng *a = left, *b = right;
    if (a->state != b->state)
        return a->state < b->state ? -1 : 1;
    return a->increment < b->increment ? -1 : a->increment > b->increment;
}

static const uint64_t seeds[] = {0, 1, 2, 3, 20261123, 20261124, UINT64_C(1) << 32, UINT64_MAX};
enum { N_SEEDS = 8, N_CANDIDATES = 1000, N_ATTEMPTS = 7 };

/* Small numbers in every part are where sums and exclusive ors of raw parts collide. */
Test(rng, no_two_keys_share_a_stream)
{
    size_t n = 0, most = (size_t)N_SEEDS * N_CANDIDATES * N_ATTEMPTS * RNG_N_PURPOSES;
    struct rng *all = malloc(most * sizeof *all);
    cr_assert(all);
    for (size_t s = 0; s < N_SEEDS; s++)
        for (uint64_t c = 0; c < N_CANDIDATES; c++)
            for (uint32_t a = 0; a < N_ATTEMPTS; a++)
                for (int p = 0; p < RNG_N_PURPOSES; p++)
                    all[n++] = rng_keyed(seeds[s], c, a, (enum rng_purpose)p);
    qsort(all, n, sizeof *all, by_key);
    for (size_t i = 1; i < n; i++)
        cr_assert_neq(all[i].state, all[i - 1].state);
    for (size_t i = 0; i < n; i++)
        cr_assert(all[i].increment & 1, "an even increment has a short period");
    free(all);
}

/* z-score of the mean of the first draw of N candidates in a row; its variance over groups is 1. */
static double mean_score(uint64_t seed, uint64_t first, size_t n, uint32_t attempt, int purpose)
{
    double total = 0;
    for (size_t i = 0; i < n; i++) {
        struct rng rng = rng_keyed(seed, first + i, attempt, (enum rng_purpose)purpose);
        total += rng_unit(&rng);
    }
    return (total / (double)n - 0.5) * sqrt(12.0 * (double)n);
}

Test(rng, draws_across_candidates_vary_as_independent_ones)
{
    enum { N_GROUPS = 800, N = 1024 };
    for (int purpose = 0; purpose < RNG_N_PURPOSES; purpose++) {
        double squares = 0;
        for (uint64_t g = 0; g < N_GROUPS; g++) {
            double z = mean_score(20261123, g * N, N, 1, purpose);
            squares += z * z;
        }
        /* Chi-square with N_GROUPS degrees of freedom: SD sqrt(2/N_GROUPS) = 0.05; five of it. */
        cr_assert_float_eq(squares / (double)N_GROUPS, 1, 0.25, "purpose %d: %g", purpose,
                           squares / (double)N_GROUPS);
    }
}

/* Neighbouring keys are uncorrelated: 1/sqrt(N) is the SD of a sample correlation. */
static double correlation(int part)
{
    enum { N = 200000 };
    double sum = 0;
    for (uint64_t i = 0; i < N; i++) {
        struct rng a = rng_keyed(7, i, 1, RNG_RESPONSE);
        struct rng b = part == 0   ? rng_keyed(8, i, 1, RNG_RESPONSE)
                       : part == 1 ? rng_keyed(7, i + 1, 1, RNG_RESPONSE)
                       : part == 2 ? rng_keyed(7, i, 2, RNG_RESPONSE)
                                   : rng_keyed(7, i, 1, RNG_LATENCY);
        sum += (rng_unit(&a) - 0.5) * (rng_unit(&b) - 0.5);
    }
    return 12 * sum / sqrt((double)N);
}

Test(rng, neighbouring_keys_are_uncorrelated)
{
    for (int part = 0; part < 4; part++)
        cr_assert_lt(fabs(correlation(part)), 5, "part %d", part);
}
