/* Random streams across candidates, attempts, purposes and seeds.
 *
 * PCG32 keyed by raw numbers draws too evenly over candidates: the variance of the z-score of the
 * mean is 0.02 to 0.06 where 1 is right, and every standard error would be wrong. Here N first
 * draws u_i, one per candidate, make for each of S seeds two z-scores, both N(0, 1) in the limit:
 *
 *     mean           z = sum (u_i - 1/2) sqrt(12/N)
 *     product of     z = sum (u_i - 1/2)(v_i - 1/2) 12/sqrt(N)      (terms uncorrelated, mean 0,
 *     two streams                                                    variance 1/144)
 *
 * with v_i the draw of the neighbour, of another attempt, purpose or seed. Over seeds
 * (S - 1) var(z) ~ chi-square with S - 1 = 199 degrees of freedom; by Wilson & Hilferty its
 * quantiles at 5e-5 and 1 - 5e-5 (z = 3.8906) are 199 (1 - 2/(9 199) -+ 3.8906 sqrt(2/(9 199)))^3:
 * 0.6559 and 1.4387 times 199. The mean of z over seeds is N(0, 1/200).
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/rng.h>

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>

enum { N_SEEDS = 200, N_STREAMS = 100000 };

static const double least_variance = 0.6559, most_variance = 1.4387, most_mean = 0.2751;

static void expect_normal(const char *what, const double *z)
{
    double mean = 0, variance = 0;
    for (size_t s = 0; s < N_SEEDS; s++)
        mean += z[s] / (double)N_SEEDS;
    for (size_t s = 0; s < N_SEEDS; s++)
        variance += (z[s] - mean) * (z[s] - mean) / (N_SEEDS - 1);
    printf("%-52s mean %+.3f, variance %.3f\n", what, mean, variance);
    cr_expect(fabs(mean) < most_mean, "%s: mean of z %.3f", what, mean);
    cr_expect(variance > least_variance && variance < most_variance, "%s: variance of z %.3f", what,
              variance);
}

/* The key of a stream but for the candidate. */
struct key {
    uint64_t seed;
    uint32_t attempt;
    enum rng_purpose purpose;
};

static double first_draw(struct key key, uint64_t candidate)
{
    struct rng rng = rng_keyed(key.seed, candidate, key.attempt, key.purpose);
    return rng_unit(&rng) - 0.5;
}

static double z_of_mean(struct key key)
{
    double total = 0;
    for (uint64_t i = 0; i < N_STREAMS; i++)
        total += first_draw(key, i);
    return total * sqrt(12.0 / (double)N_STREAMS);
}

/* Of the streams of candidate i by one key and of candidate i + shift by another. */
static double z_of_product(struct key left, struct key right, uint64_t shift)
{
    double total = 0;
    for (uint64_t i = 0; i < N_STREAMS; i++)
        total += first_draw(left, i) * first_draw(right, i + shift);
    return total * 12 / sqrt(N_STREAMS);
}

/* Means and lag-1 products in one pass over the candidates. */
static void expect_good(enum rng_purpose purpose, uint32_t attempt)
{
    double mean[N_SEEDS], lag[N_SEEDS];
    char what[80];
    for (uint64_t seed = 0; seed < N_SEEDS; seed++) {
        struct key key = {seed, attempt, purpose};
        double before = first_draw(key, N_STREAMS), total = 0, products = 0;
        for (uint64_t i = 0; i < N_STREAMS; i++) {
            double u = first_draw(key, i);
            total += u;
            products += u * before;
            before = u;
        }
        mean[seed] = total * sqrt(12.0 / (double)N_STREAMS);
        lag[seed] = products * 12 / sqrt(N_STREAMS);
    }
    snprintf(what, sizeof what, "purpose %d, attempt %u: mean", (int)purpose, attempt);
    expect_normal(what, mean);
    snprintf(what, sizeof what, "purpose %d, attempt %u: neighbours", (int)purpose, attempt);
    expect_normal(what, lag);
}

static void expect_independent(const char *what, struct key left, struct key right, uint64_t shift)
{
    double z[N_SEEDS];
    for (uint64_t seed = 0; seed < N_SEEDS; seed++) {
        struct key a = left, b = right;
        a.seed += seed;
        b.seed += seed;
        z[seed] = z_of_product(a, b, shift);
    }
    expect_normal(what, z);
}

Test(streams, known_answers)
{
    static const uint32_t known[] = {0xa15c02b7, 0x7b47f409, 0xba1d3330,
                                     0x83d2f293, 0xbfa4784b, 0xcbed606e};
    struct rng rng = rng_published(42, 54);
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        cr_expect_eq(rng_bits(&rng), known[i]);
}

Test(streams, means_and_neighbours)
{
    for (int purpose = 0; purpose < RNG_POOL; purpose++)
        for (uint32_t attempt = 1; attempt <= 2; attempt++)
            expect_good((enum rng_purpose)purpose, attempt);
    expect_good(RNG_PERSON, 0);
    expect_good(RNG_RESPONSE, 200);
}

Test(streams, large_seeds)
{
    double z[N_SEEDS];
    for (uint64_t seed = 0; seed < N_SEEDS; seed++)
        z[seed] = z_of_mean((struct key){(seed + 1) << 32, 1, RNG_RESPONSE});
    expect_normal("seeds in steps of 2^32: mean", z);
}

Test(streams, independence)
{
    const struct key first = {0, 1, RNG_RESPONSE};
    expect_independent("attempts 1 and 2", first, (struct key){0, 2, RNG_RESPONSE}, 0);
    expect_independent("attempts 2 and 3", (struct key){0, 2, RNG_RESPONSE},
                       (struct key){0, 3, RNG_RESPONSE}, 0);
    expect_independent("purposes response and latency", first, (struct key){0, 1, RNG_LATENCY}, 0);
    expect_independent("purposes person and gates", (struct key){0, 0, RNG_PERSON},
                       (struct key){0, 0, RNG_GATES}, 0);
    expect_independent("seeds s and s + 1", first, (struct key){1, 1, RNG_RESPONSE}, 0);
    /* seed + candidate is the same number for both */
    expect_independent("seed s + 1 and the neighbour of seed s", (struct key){1, 1, RNG_RESPONSE},
                       first, 1);
}

/* The z-scores must see the fault that they are for: raw ids as state and sequence. */
Test(streams, raw_keys_fail)
{
    double variance = 0;
    for (uint64_t seed = 0; seed < N_SEEDS; seed++) {
        double total = 0;
        for (uint64_t i = 0; i < N_STREAMS; i++) {
            struct rng rng = rng_published(seed, i);
            total += rng_unit(&rng) - 0.5;
        }
        double z = total * sqrt(12.0 / (double)N_STREAMS);
        variance += z * z / (double)N_SEEDS;
    }
    printf("raw keys: variance of z %.3f\n", variance);
    cr_expect(variance < least_variance, "raw keys: variance of z %.3f", variance);
}
