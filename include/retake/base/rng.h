/* Random streams: PCG32 (XSH-RR 64/32) of O'Neill (2014), "PCG: a family of simple fast
 * space-efficient statistically good algorithms for random number generation", section 6.
 *
 *     state <- state * 6364136223846793005 + increment      (increment odd, selects the stream)
 *     output = rotate_right(((state >> 18) ^ state) >> 27, state >> 59)    of the old state
 *
 * A stream is keyed by hashing (seed, candidate, attempt, purpose) into state and increment, so
 * that any draw can be made again without the draws before it: candidate 17 is the same person
 * under every policy, and no stream has to be kept in a checkpoint.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_BASE_RNG_H
#define RETAKE_BASE_RNG_H

#include <stdint.h>

/** What a stream is for. Numbered by the compiler, so that no two can share a number. */
enum rng_purpose {
    RNG_PERSON,   /* who the candidate is */
    RNG_GATES,    /* verification, skills, licensure, first sitting */
    RNG_SELECT,   /* pilot positions, random selection */
    RNG_RESPONSE, /* right or wrong */
    RNG_LATENCY,  /* response times */
    RNG_STUDY,    /* what is done in a wait */
    RNG_LEAVE,    /* who leaves, who completes the refresher */
    RNG_POOL,     /* generation of an item pool */
    RNG_N_PURPOSES
};

struct rng {
    uint64_t state, increment;
};

/** What the streams of a candidate have in common. */
uint64_t rng_root(uint64_t seed, uint64_t candidate);
/** rng_keyed from there. */
struct rng rng_of_root(uint64_t root, uint32_t attempt, enum rng_purpose purpose);

/** The stream of a key. attempt counts from 1; 0 is for what happens once in a life. */
struct rng rng_keyed(uint64_t seed, uint64_t candidate, uint32_t attempt, enum rng_purpose purpose);

/** Word n of the random words that belong to a key, the state of rng_keyed: each by itself. */
uint64_t rng_word(uint64_t key, uint64_t n);

/** PCG32 seeded as its published definition seeds it (for known answers). */
struct rng rng_published(uint64_t initial_state, uint64_t sequence);

/** 32 uniform bits. */
static inline uint32_t rng_bits(struct rng *self)
{
    uint64_t old = self->state;
    self->state = old * UINT64_C(6364136223846793005) + self->increment;
    uint32_t folded = (uint32_t)(((old >> 18) ^ old) >> 27);
    uint32_t turn = (uint32_t)(old >> 59);
    return (folded >> turn) | (folded << (-turn & 31));
}

/** Uniform on the open interval (0, 1) in steps of 2^-52; takes two outputs. */
static inline double rng_unit(struct rng *self)
{
    uint64_t high = rng_bits(self), low = rng_bits(self);
    return ((double)(((high << 32) | low) >> 12) + 0.5) * 0x1p-52;
}

/** Uniform integer in [0, n), n below 2^16 or so (bias below n 2^-32); takes one output. */
static inline uint32_t rng_below(struct rng *self, uint32_t n)
{
    return (uint32_t)(((uint64_t)rng_bits(self) * n) >> 32);
}

#endif
