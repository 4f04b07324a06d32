/* Dealing the misses of a sitting that was drawn to the buckets, as in simulation (response.h): a
 * missed item of the node is drawn for each with a probability in proportion to
 * (1 - P(theta_i))/(1 - P(theta)), then its bucket in proportion to what each deficit takes on it.
 * Both steps together are one draw from the buckets' mean probabilities.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/vec.h>
#include <retake/pathway/draw.h>

#include <string.h>

VEC_INLINE vec8 widen(const float *eight)
{
    typedef float float8 __attribute__((vector_size(32)));
    float8 x;
    memcpy(&x, eight, sizeof x);
    return __builtin_convertvector(x, vec8);
}

/* For each kept item, its weight and what each bucket's deficit takes on it; summed to the
 * probabilities of the buckets. */
VEC_INLINE void bucket_shares(const struct library_profile *profile,
                              const struct person_design *design, const struct person_state *state,
                              const double *domain, double theta, double *out)
{
    const double *deficit = state->deficit;
    vec8 sums[PERSON_N_BUCKETS] = {{0}};
    for (size_t from = 0; from < LIBRARY_PROFILE; from += VEC_LANES) {
        vec8 p = widen(profile->p + from), a = widen(profile->a + from), share[PERSON_N_BUCKETS];
        share[PERSON_KNOWLEDGE] = vec_all(deficit[PERSON_KNOWLEDGE]);
        for (int k = 0; k < IRT_N_DEMANDS; k++)
            share[1 + k] = widen(profile->demand[k] + from) * deficit[1 + k];
        for (size_t i = 0; design->n_domains > 0 && i < VEC_LANES; i++)
            share[PERSON_KNOWLEDGE][i] *= domain[profile->domain[from + i]];
        vec8 mine = state->ability - share[0] - share[1] - share[2] - share[3];
        share[PERSON_PACING] = vec_all(deficit[PERSON_PACING]);
        vec8 total = share[0] + share[1] + share[2] + share[3] + share[4];
        vec8i is_none = (vec8i)(total <= 0.0); /* no deficit at all: knowledge */
        share[0] = vec_choose(is_none, vec_all(1), share[0]);
        total = vec_choose(is_none, vec_all(1), total);
        vec8 weight = 1.0 / ((1.0 + p * (vec_exp(a * (mine - theta)) - 1.0)) * total);
        for (int k = 0; k < PERSON_N_BUCKETS; k++)
            sums[k] += weight * share[k];
    }
    for (int k = 0; k < PERSON_N_BUCKETS; k++)
        out[k] = vec_sum(sums[k]);
}

/* Misread: with probability m a miss is taken for one of the four others. */
static void misread(double m, double *p)
{
    for (int k = 0; k < PERSON_N_BUCKETS; k++)
        p[k] = p[k] * (1 - m) + (1 - p[k]) * m / (PERSON_N_BUCKETS - 1);
}

enum { DEALT = 16 }; /* at a time */

typedef uint32_t dealt __attribute__((vector_size(4 * DEALT)));

/* 32 bits each for the k-th of many draws (Wellons's lowbias32 of a counter). */
VEC_INLINE dealt scramble(uint32_t key, dealt k)
{
    dealt x = key + k * UINT32_C(0x9e3779b9);
    x = (x ^ (x >> 16)) * UINT32_C(0x7feb352d);
    x = (x ^ (x >> 15)) * UINT32_C(0x846ca68b);
    return x ^ (x >> 16);
}

/* n misses to the buckets: cumulative counts, then their differences. */
VEC_INLINE void deal(uint32_t n, const double *p, struct rng *rng, uint16_t *misses)
{
    dealt number = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    dealt below[PERSON_N_BUCKETS - 1] = {{0}};
    uint32_t limit[PERSON_N_BUCKETS - 1], key = rng_bits(rng), before = 0;
    double sum = 0;
    for (int k = 0; k < PERSON_N_BUCKETS - 1; k++) {
        sum += p[k];
        limit[k] = sum < 1 ? (uint32_t)(sum * 0x1p32) : UINT32_MAX;
    }
    for (uint32_t first = 0; first < n; first += DEALT, number += DEALT) {
        dealt x = scramble(key, number), is_real = (dealt)(number < n);
        for (int k = 0; k < PERSON_N_BUCKETS - 1; k++)
            below[k] -= (dealt)(x < limit[k]) & is_real;
    }
    for (int k = 0; k < PERSON_N_BUCKETS; k++) {
        uint32_t upper = k < PERSON_N_BUCKETS - 1 ? 0 : n;
        for (int i = 0; k < PERSON_N_BUCKETS - 1 && i < DEALT; i++)
            upper += below[k][i];
        misses[k] = (uint16_t)(misses[k] + upper - before);
        before = upper;
    }
}

VEC_CLONES void pathway_library_deal(const struct person_design *design,
                                     const struct person *person, const struct person_state *state,
                                     const struct pathway_drawn *drawn, uint16_t *misses)
{
    double p[PERSON_N_BUCKETS] = {[PERSON_KNOWLEDGE] = 1}, total = 0;
    double guesses[PERSON_N_BUCKETS] = {[PERSON_PACING] = 1};
    const double *deficit = state->deficit;
    struct rng rng = drawn->rng;
    if (deficit[0] + deficit[1] + deficit[2] + deficit[3] + deficit[4] > 0) {
        bucket_shares(drawn->profile, design, state, person->domain, drawn->theta, p);
        for (int k = 0; k < PERSON_N_BUCKETS; k++)
            total += p[k];
        for (int k = 0; k < PERSON_N_BUCKETS; k++)
            p[k] /= total;
    }
    misread(design->p_misread, p);
    misread(design->p_misread, guesses);
    deal(drawn->sitting->n_misses, p, &rng, misses);
    if (drawn->sitting->n_guesses > 0)
        deal(drawn->sitting->n_guesses, guesses, &rng, misses);
}
