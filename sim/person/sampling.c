/* Sampling schemes.
 *
 * random: every number from the candidate's own stream.
 *
 * The others spread the 256 candidates of a block. Candidate i of block b takes, in dimension k,
 *
 *     u = (s + v) / 256,    s = S_bk(x_k(i)),    v ~ U(0, 1) from the candidate's own stream
 *
 * x_k(i) being the first eight binary digits of point i of the Sobol' sequence (Sobol' 1967;
 * direction numbers of Joe & Kuo 2008) and S_bk a nested uniform scrambling of eight digits (Owen
 * 1995): digit j is flipped by a random bit that belongs to the digits before it. A scrambling is a
 * path through a binary tree of 255 nodes, hence 255 random bits, which are hashed from (seed, b,
 * k). So each u is uniform by itself, each dimension of a block has one point in each of 256
 * strata, and blocks are independent: the block stays the sampling unit of standard errors.
 *
 * sobol takes all dimensions below; stratified the first alone, the others being random.
 *
 * The first dimension says who the candidate is. Its strata are divided among groups by weight, and
 * within a group among the two components of a mixture: where u falls within a group is again a
 * uniform number, and makes the ability. So the numbers of a group in a block, and its abilities,
 * are stratified too.
 * SPDX-License-Identifier: Apache-2.0 */
#include "sampling.h"

#include "ability.h"

#include <retake/base/dist.h>

enum dimension { WHO, KNOWLEDGE, SHAPE, COMMON, SEQUENCE, SCOPE, READING, PACING, SPEED, N_DIMS };

enum { DIGITS = 8 };
_Static_assert(PERSON_BLOCK == 1 << DIGITS, "a block holds the points of eight binary digits");

/* Direction numbers as 8-bit fractions, from the file new-joe-kuo-6 (dimensions 1 to 9). */
static const uint8_t direction[N_DIMS][DIGITS] = {
    {128, 64, 32, 16, 8, 4, 2, 1},          {128, 192, 160, 240, 136, 204, 170, 255},
    {128, 192, 96, 144, 232, 92, 142, 197}, {128, 192, 32, 80, 248, 116, 162, 147},
    {128, 64, 32, 176, 248, 220, 122, 157}, {128, 64, 96, 48, 200, 36, 86, 251},
    {128, 192, 160, 208, 88, 148, 62, 227}, {128, 64, 160, 80, 136, 36, 18, 45},
    {128, 64, 160, 80, 40, 212, 106, 113},
};

/* No sitting has this number: the stream of a block never meets one of a candidate. */
static const uint32_t of_block = UINT32_MAX;

static uint32_t point(enum dimension k, uint32_t i)
{
    uint32_t x = 0;
    for (unsigned bit = 0; bit < DIGITS; bit++)
        x ^= (i >> bit & 1) * direction[k][bit];
    return x;
}

/* Node n of the tree, 1 to 255: n has the digits so far behind a leading 1. */
static uint32_t scramble(uint64_t key, enum dimension k, uint32_t x)
{
    uint64_t bits = 0;
    uint32_t node = 1, out = 0;
    for (unsigned j = 0; j < DIGITS; j++) {
        if (j == 0 || node >= 64) /* the first six levels share one word of 64 bits */
            bits = rng_word(key, 4 * (uint64_t)k + node / 64);
        uint32_t digit = x >> (DIGITS - 1 - j) & 1;
        out = out << 1 | (digit ^ (uint32_t)(bits >> node % 64 & 1));
        node = node << 1 | digit;
    }
    return out;
}

static void spread(uint64_t key, enum dimension k, uint32_t i, double *u)
{
    *u = dist_inner((scramble(key, k, point(k, i)) + *u) * (1.0 / (double)PERSON_BLOCK));
}

/* The group that u falls into. */
static uint32_t choose_group(const struct person_design *design, double u)
{
    uint32_t group = 0;
    while (group + 1 < design->n_groups && u >= design->share[group])
        group++;
    return group;
}

/* Where u falls within [low, high). */
static double within(double u, double low, double high)
{
    return dist_inner((u - low) / (high - low));
}

static void stratify_ability(const struct person_design *design, double u, struct person_units *out)
{
    double low = out->group > 0 ? design->share[out->group - 1] : 0;
    const struct person_ability *ability = &design->abilities[out->group];
    out->ability = within(u, low, design->share[out->group]);
    if (ability->shape != PERSON_SHAPE_MIXTURE)
        return;
    out->shape = out->ability;
    out->ability = out->shape < ability->weight ? within(out->shape, 0, ability->weight)
                                                : within(out->shape, ability->weight, 1);
}

static void spread_rest(uint64_t key, uint32_t i, struct person_units *out)
{
    static const enum dimension of_bucket[PERSON_N_BUCKETS] = {KNOWLEDGE, SEQUENCE, SCOPE, READING,
                                                               PACING};
    for (int b = 0; b < PERSON_N_BUCKETS; b++)
        spread(key, of_bucket[b], i, &out->deficit[b]);
    spread(key, SHAPE, i, &out->shape);
    spread(key, COMMON, i, &out->common);
    spread(key, SPEED, i, &out->speed);
}

void person_sample(const struct person_design *design, uint64_t candidate, struct rng *rng,
                   struct person_units *out)
{
    double who = rng_unit(rng);
    out->ability = rng_unit(rng);
    out->speed = rng_unit(rng);
    for (int b = 0; b < PERSON_N_BUCKETS; b++)
        out->deficit[b] = rng_unit(rng);
    out->common = rng_unit(rng);
    out->shape = rng_unit(rng);
    if (design->sampling == PERSON_RANDOM) {
        out->group = choose_group(design, who);
        return;
    }
    uint64_t key = rng_keyed(design->seed, candidate / PERSON_BLOCK, of_block, RNG_PERSON).state;
    uint32_t i = (uint32_t)(candidate % PERSON_BLOCK);
    spread(key, WHO, i, &who);
    if (design->sampling == PERSON_SOBOL)
        spread_rest(key, i, out);
    out->group = choose_group(design, who);
    stratify_ability(design, who, out);
}
