/* Keys of random streams. Each of the four parts passes through a full 64-bit mixer (Stafford's
 * variant 13, as in SplitMix64) before the next is added, so that no two keys alias as sums of raw
 * numbers do; two further mixings make state and increment independent.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/rng.h>

static uint64_t mix(uint64_t x)
{
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

static const uint64_t golden = UINT64_C(0x9e3779b97f4a7c15);

uint64_t rng_root(uint64_t seed, uint64_t candidate)
{
    return mix((mix(seed + golden) ^ candidate) + golden);
}

struct rng rng_of_root(uint64_t root, uint32_t attempt, enum rng_purpose purpose)
{
    uint64_t key = mix((root ^ ((uint64_t)attempt * RNG_N_PURPOSES + (uint64_t)purpose)) + golden);
    return (struct rng){.state = mix(key + golden), .increment = mix(key + 2 * golden) | 1};
}

struct rng rng_keyed(uint64_t seed, uint64_t candidate, uint32_t attempt, enum rng_purpose purpose)
{
    return rng_of_root(rng_root(seed, candidate), attempt, purpose);
}

uint64_t rng_word(uint64_t key, uint64_t n)
{
    return mix(key + (n + 1) * golden);
}

struct rng rng_published(uint64_t initial_state, uint64_t sequence)
{
    struct rng self = {.state = 0, .increment = (sequence << 1) | 1};
    rng_bits(&self);
    self.state += initial_state;
    rng_bits(&self);
    return self;
}
