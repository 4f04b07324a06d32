/* Drawing a sitting.
 *
 * Effective ability: what the examinee has left on the mean item,
 *     theta = ability - knowledge sum_d share_d multiple_d - sum_k demand_k deficit_k,
 * demand_k and share_d being those of the tests at that ability (information-weighted). The spread
 * over items, sum_kl cov_kl deficit_k deficit_l + knowledge^2 var multiple, chooses the second
 * level with probability spread / (spread of that level).
 *
 * Which items ask much also matters, near the cut or far from it, and the mean does not tell. So
 * four sittings of the node are drawn and three choices between two made (0 or 1, 2 or 3, the
 * winners), s rather than r with probability 1/(1 + exp(t_s - t_r)) (Barker 1965). -t is the change
 * of a sitting's log likelihood, to first order, from whom it was simulated for to this examinee:
 * with e and f what deficits and ability, knowledge taken off, differ by,
 *     t = sum_i (sum_k e_k demand_ik - f) d log P(answer_i)/d theta.
 * Each round weighs a sitting by 1 - t/2 to first order, so that any mean is right to first order.
 *
 * Misses are dealt to the buckets as in simulation (response.h): a missed item of the node is drawn
 * for each with a probability in proportion to (1 - P(theta_i))/(1 - P(theta)), then its bucket in
 * proportion to what each deficit takes on it. Both steps together are one draw from the buckets'
 * mean probabilities.
 * SPDX-License-Identifier: Apache-2.0 */
#include "library_nodes.h"

#include <retake/base/dist.h>

#include <math.h>
#include <string.h>

static size_t coarse_node(double place)
{
    return (size_t)(0.5 * place + 0.5);
}

/* What the knowledge deficit takes from the mean item of the tests there. */
static double knowledge(const struct library_demands *demands, const struct person_design *design,
                        const struct person_state *state, const double *domain)
{
    double deficit = state->deficit[PERSON_KNOWLEDGE], sum = 0;
    for (size_t d = 0; d < design->n_domains; d++)
        sum += demands->domain[d] * domain[d];
    return design->n_domains > 0 ? deficit * sum : deficit;
}

static double left(const struct pathway_library *self, const struct person_design *design,
                   const struct person_state *state, const double *domain, double theta)
{
    const struct library_demands *demands =
        &self->demands[coarse_node(pathway_library_place(theta - self->center))];
    return state->ability - knowledge(demands, design, state, domain) -
           demands->mean[0] * state->deficit[PERSON_SEQUENCE] -
           demands->mean[1] * state->deficit[PERSON_SCOPE] -
           demands->mean[2] * state->deficit[PERSON_READING];
}

/* What the tests ask changes with ability: the ability at which what is left is that ability, by
 * two rounds and the line through them (Aitken's), whose slope is held in bounds. */
static double effective_ability(const struct pathway_library *self,
                                const struct person_design *design,
                                const struct person_state *state, const double *domain)
{
    double start = state->proficiency;
    double one = left(self, design, state, domain, start);
    double two = left(self, design, state, domain, one);
    double step = one - start, slope = fabs(step) > 1e-3 ? (two - one) / step : 0;
    return one + (two - one) / (1 - fmin(fmax(slope, -4), 0.5));
}

double pathway_library_spread(const struct pathway_library *self,
                              const struct person_design *design, const struct person_state *state,
                              const double *domain)
{
    const double *deficit = state->deficit + PERSON_SEQUENCE;
    double sum = 0, mean = 0, square = 0, knowledge = state->deficit[PERSON_KNOWLEDGE];
    for (int k = 0; k < IRT_N_DEMANDS; k++)
        for (int l = 0; l < IRT_N_DEMANDS; l++)
            sum += self->covariance[k][l] * deficit[k] * deficit[l];
    for (size_t d = 0; d < design->n_domains; d++) {
        mean += design->domain_share[d] * domain[d];
        square += design->domain_share[d] * domain[d] * domain[d];
    }
    return sum + knowledge * knowledge * (square - mean * mean);
}

/* A whole number around a place, its mean: the place. */
static size_t near(double place, double u)
{
    size_t low = (size_t)place;
    return low + (u < place - (double)low);
}

/* Which of the n sittings of a node. Each attempt of a candidate takes another one: with the same
 * again, a failure would foretell the next, as it does not given the ability. */
struct choice {
    double u; /* the candidate's */
    uint32_t attempt;
};

/* Two sittings of the replicate, and by what their minutes are multiplied. */
struct chosen {
    size_t at, rivals[LIBRARY_RIVALS];
    double stretch;
    bool is_spread;
};

/* Rivals lie side by side in memory; the next attempt begins behind them. */
static void pick(const struct choice *choice, size_t first, size_t n, struct chosen *out)
{
    size_t step = (size_t)choice->attempt * (LIBRARY_RIVALS + 1);
    size_t k = ((size_t)(choice->u * (double)n) + step + step / n) % n;
    out->at = first + k;
    for (size_t r = 0; r < LIBRARY_RIVALS; r++)
        out->rivals[r] = first + (k + r + 1) % n;
}

static struct chosen choose(const struct pathway_library *self, double place, double speed,
                            double spread, const struct choice *choice, struct rng *rng)
{
    const struct library_size *size = &self->size;
    struct library_parts parts = pathway_library_parts(size);
    struct chosen out = {.stretch = 1};
    double u = rng_unit(rng), v = rng_unit(rng);
    bool is_slow = size->n_speeds > 0 && speed < self->safe_speed;
    if (is_slow) {
        double slow = pathway_library_slow_place(self->safe_speed - speed);
        size_t node = near(0.5 * place, u);
        size_t last = size->n_speeds - 1, step = slow < (double)last ? near(slow, v) : last;
        pick(choice, parts.slow + (node * size->n_speeds + step) * size->n_slow, size->n_slow,
             &out);
        return out;
    }
    out.stretch = vec_exp1(size->n_speeds > 0 ? self->safe_speed - speed : -speed);
    out.is_spread = size->n_spread > 0 && v * self->spread < spread;
    if (out.is_spread)
        pick(choice, parts.spread + near(0.5 * place, u) * size->n_spread, size->n_spread, &out);
    else
        pick(choice, near(place, u) * size->n_sittings, size->n_sittings, &out);
    return out;
}

/* ---- buckets of misses ---- */

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

struct pathway_drawn pathway_library_draw(const struct pathway_library *self,
                                          const struct person_design *design,
                                          const struct person *person,
                                          const struct person_state *state, uint32_t attempt)
{
    uint64_t root = rng_root(design->seed, person->candidate);
    struct rng rng = rng_of_root(root, attempt, RNG_RESPONSE);
    struct rng once = rng_of_root(root, 0, RNG_RESPONSE);
    const struct choice choice = {rng_unit(&once), attempt};
    size_t replicate = (size_t)(person->candidate / LIBRARY_BLOCK % self->size.n_replicates);
    double theta = effective_ability(self, design, state, person->domain);
    double spread = pathway_library_spread(self, design, state, person->domain);
    double where = pathway_library_place(theta - self->center);
    struct chosen chosen = choose(self, where, state->speed, spread, &choice, &rng);
    const struct library_sitting *sittings = &self->sittings[replicate * self->per_replicate];
    __builtin_prefetch(&sittings[chosen.at]);
    struct pathway_drawn out = {
        .sitting = &sittings[chosen.at],
        .profile = &self->profiles[replicate * LIBRARY_N_COARSE + coarse_node(where)],
        .theta = theta,
        .stretch = chosen.stretch};
    if (self->spread > 0 && spread > 0) {
        for (int r = 0; r < LIBRARY_RIVALS; r++) {
            out.rivals[r] = &sittings[chosen.rivals[r]];
            out.u[r] = ((double)rng_bits(&rng) + 0.5) * 0x1p-32;
            __builtin_prefetch(out.rivals[r]);
        }
        out.is_open = true;
        const struct library_demands *there = &self->demands[coarse_node(where)];
        double simulated = chosen.is_spread ? self->spread_deficit : 0;
        out.shift = state->ability - knowledge(there, design, state, person->domain) - theta -
                    simulated * (there->mean[0] + there->mean[1] + there->mean[2]);
        for (int k = 0; k < IRT_N_DEMANDS; k++)
            out.tilt[k] = state->deficit[PERSON_SEQUENCE + k] - simulated;
    }
    out.rng = rng;
    return out;
}

/* Barker's choice between two, of which e = exp(t). */
static size_t better(const double *e, double u, size_t one, size_t other)
{
    return u * (e[one] + e[other]) < e[other] ? one : other;
}

VEC_INLINE const struct library_sitting *decide(const struct pathway_drawn *self)
{
    const struct library_sitting *all[VEC_LANES] = {self->sitting};
    double t[VEC_LANES] = {0}, e[VEC_LANES];
    for (size_t r = 0; r < LIBRARY_RIVALS; r++)
        all[1 + r] = self->rivals[r];
    for (size_t r = 0; r <= LIBRARY_RIVALS; r++) {
        t[r] = -self->shift * all[r]->slope;
        for (int k = 0; k < IRT_N_DEMANDS; k++)
            t[r] += self->tilt[k] * all[r]->demand_slope[k];
        t[r] /= LIBRARY_SLOPE;
    }
    vec8 x;
    memcpy(&x, t, sizeof x);
    x = vec_exp(x);
    memcpy(e, &x, sizeof e);
    return all[better(e, self->u[2], better(e, self->u[0], 0, 1), better(e, self->u[1], 2, 3))];
}

VEC_CLONES void pathway_library_read(struct pathway_drawn *drawn, struct pathway_sitting *out)
{
    if (drawn->is_open)
        drawn->sitting = decide(drawn);
    drawn->is_open = false;
    const struct library_sitting *from = drawn->sitting;
    out->theta = (double)from->theta;
    out->se = (double)from->se;
    out->minutes = (float)((double)from->minutes * drawn->stretch);
    out->n_scored = from->n_scored;
    out->n_seen = from->n_seen;
    out->n_rushed = from->n_rushed;
    out->stop = from->stop;
    out->passed = from->passed != 0;
}
