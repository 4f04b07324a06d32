/* Drawing sittings.
 *
 * Effective ability: what the examinee has left on the mean item,
 *     theta = ability - knowledge sum_d share_d multiple_d - sum_k demand_k deficit_k,
 * demand_k and share_d being those of the tests at that ability (information-weighted).
 *
 * Which items ask much also matters, near the cut or far from it, and the mean does not tell. So n
 * sittings of the node are looked at and one is taken with probability in proportion to its
 * likelihood for this examinee over that for whom it was simulated for (sampling importance
 * resampling, Rubin 1988), of which the logarithm is expanded:
 *     w = exp((-t - q/2) n/(n - 1) (1 + 1.4 v/n)),
 *     t = sum_i x_i d log P(answer_i)/d theta,  q = sum_i x_i^2 information_i,
 *     x_i = sum_k deficit_k demand_ik + g_d(i) - f,
 * f being by how much ability, knowledge taken off, is higher than for whom it was simulated, and g
 * what knowledge takes in the item's domain beyond its mean. Given a sitting's own t and not the
 * others', its chance is
 *     (1 - t + (t^2 - Var t) (n - 2)/(2 (n - 1)) - (q - mean q)/2 + ...)/n:
 * the exponent n/(n - 1) makes any mean right to first order, and nearly all of the second is there
 * too; with a factor for v, the variance of t among the n, the mean of a normal t moves by .99 to
 * 1.01 of Var t up to Var t = .25 (n = 4), .5 (16) and 1 (32), by .95 at 2 (tried by simulation).
 * Var t is the spread over items of what is taken, sum_kl cov_kl deficit_k deficit_l + knowledge^2
 * var multiple, times the information of the test; the larger, the more sittings are looked at. q
 * is looked at only then.
 *
 * Eight examinees at a time, so that one's wait for memory is another's work.
 * SPDX-License-Identifier: Apache-2.0 */
#include "library_nodes.h"

#include <retake/base/vec.h>
#include <retake/pathway/draw.h>

#include <assert.h>
#include <math.h>
#include <string.h>

/* Those who sit down, the first repeated where there are fewer. */
struct sitters {
    const struct pathway_sitter *each[VEC_LANES];
    vec8 ability, proficiency, speed, deficit[PERSON_N_BUCKETS];
};

VEC_INLINE void gather(const struct pathway_sitter *sitters, size_t n, struct sitters *out)
{
    for (size_t k = 0; k < VEC_LANES; k++) {
        const struct person_state *state = sitters[k < n ? k : 0].state;
        out->each[k] = &sitters[k < n ? k : 0];
        out->ability[k] = state->ability;
        out->proficiency[k] = state->proficiency;
        out->speed[k] = state->speed;
        for (int b = 0; b < PERSON_N_BUCKETS; b++)
            out->deficit[b][k] = state->deficit[b];
    }
}

/* ---- effective ability ---- */

static size_t coarse_node(double place)
{
    return (size_t)(0.5 * place + 0.5);
}

/* What the tests there ask for, and what knowledge takes on their mean item. */
struct asked {
    vec8 demand[IRT_N_DEMANDS], knowledge;
};

static double mean_multiple(const struct library_demands *demands, const double *domain,
                            size_t n_domains)
{
    double sum = 0;
    for (size_t d = 0; d < n_domains; d++)
        sum += demands->domain[d] * domain[d];
    return sum;
}

VEC_INLINE struct asked asked_at(const struct pathway_library *self, size_t n_domains,
                                 const struct sitters *sitters, vec8 place)
{
    struct asked out = {.knowledge = sitters->deficit[PERSON_KNOWLEDGE]};
    for (size_t k = 0; k < VEC_LANES; k++) {
        const struct library_demands *demands = &self->demands[coarse_node(place[k])];
        for (int d = 0; d < IRT_N_DEMANDS; d++)
            out.demand[d][k] = demands->mean[d];
        if (n_domains > 0)
            out.knowledge[k] *= mean_multiple(demands, sitters->each[k]->person->domain, n_domains);
    }
    return out;
}

VEC_INLINE vec8 left(const struct pathway_library *self, size_t n_domains,
                     const struct sitters *sitters, vec8 theta)
{
    struct asked asked =
        asked_at(self, n_domains, sitters, pathway_library_places(theta - self->center));
    vec8 sum = sitters->ability - asked.knowledge;
    for (int d = 0; d < IRT_N_DEMANDS; d++)
        sum -= asked.demand[d] * sitters->deficit[PERSON_SEQUENCE + d];
    return sum;
}

/* What the tests ask changes with ability: the ability at which what is left is that ability, by
 * two rounds and the line through them (Aitken's), whose slope is held in bounds. */
VEC_INLINE vec8 effective_ability(const struct pathway_library *self, size_t n_domains,
                                  const struct sitters *sitters)
{
    vec8 start = sitters->proficiency;
    vec8 one = left(self, n_domains, sitters, start);
    vec8 two = left(self, n_domains, sitters, one);
    vec8 step = one - start;
    vec8i is_still = vec_less(step * step, vec_all(1e-6));
    vec8 slope = (two - one) / vec_choose(is_still, vec_all(1), step);
    slope = vec_clamp(vec_choose(is_still, vec_all(0), slope), -4, 0.5);
    return one + (two - one) / (1.0 - slope);
}

double pathway_library_variance(const struct pathway_library *self,
                                const struct person_design *design,
                                const struct person_state *state, const double *domain)
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
    return self->information * (sum + knowledge * knowledge * (square - mean * mean));
}

/* ---- the sittings of a node ---- */

enum { FEW = 4, MANY = 16, MOST = 32 };

static const double many_from = 0.25, most_from = 0.5; /* Var t */

/* n sittings among which one is chosen, and by what. */
struct rivals {
    const struct library_sitting *node;
    uint32_t n_node, first, n; /* of the node: first, first + 1, ... in a ring */
    bool are_slow;
    double u; /* uniform */
    /* By what slopes change the logarithm of w: ability, each deficit, knowledge in each domain. */
    double tilt[1 + IRT_N_DEMANDS];
    double domain_tilt[PERSON_MAX_DOMAINS];
    /* Likewise details, among many. */
    double bend[LIBRARY_BY_DOMAIN];
    double excess[PERSON_MAX_DOMAINS], f, deficit[IRT_N_DEMANDS], scale;
};

static const struct library_sitting *rival(const struct rivals *self, uint32_t r)
{
    uint32_t k = self->first + r;
    return &self->node[k < self->n_node ? k : k % self->n_node];
}

/* A whole number around a place, its mean: the place. */
static size_t near(double place, double u)
{
    size_t low = (size_t)place;
    return low + (u < place - (double)low);
}

static double unit(struct rng *rng)
{
    return ((double)rng_bits(rng) + 0.5) * 0x1p-32;
}

/* Where an examinee stands; u is the candidate's own, the same at each attempt. */
struct standing {
    double place, speed, variance, u;       /* variance: of t */
    const struct library_sitting *sittings; /* of the replicate */
    uint32_t attempt;
};

/* The node, and which of its sittings. Each attempt takes others, as far as there are: with the
 * same again, a failure would foretell the next, as it does not given the ability. */
static void meet(const struct pathway_library *self, const struct standing *at, struct rng *rng,
                 struct rivals *out)
{
    const struct library_size *size = &self->size;
    double u = unit(rng), v = unit(rng);
    out->are_slow = size->n_speeds > 0 && at->speed < self->safe_speed;
    if (out->are_slow) {
        double slow = pathway_library_slow_place(self->safe_speed - at->speed);
        size_t last = size->n_speeds - 1, step = slow < (double)last ? near(slow, v) : last;
        size_t cell = near(0.5 * at->place, u) * size->n_speeds + step;
        out->n_node = size->n_slow;
        out->node = at->sittings + self->parts.slow + cell * size->n_slow;
    } else {
        out->n_node = size->n_sittings;
        out->node = at->sittings + near(at->place, u) * size->n_sittings;
    }
    uint32_t wanted = at->variance < many_from ? FEW : at->variance < most_from ? MANY : MOST;
    out->n = FEW;
    while (out->n < wanted && 2 * out->n <= out->n_node)
        out->n *= 2;
    uint32_t step = (at->attempt - 1) * out->n;
    out->first = ((uint32_t)(at->u * out->n_node) + step + step / out->n_node) % out->n_node;
    for (uint32_t r = 0; r < FEW; r++)
        __builtin_prefetch(rival(out, r));
}

/* ---- the choice ---- */

/* A sitting's slopes times the tilts. */
VEC_INLINE vec4 tilted(const struct library_sitting *sitting, vec4 tilt)
{
    typedef int16_t short4 __attribute__((vector_size(8)));
    short4 slope;
    memcpy(&slope, sitting->slope, sizeof slope);
    return __builtin_convertvector(slope, vec4) * tilt;
}

static const int16_t *details_of(const struct pathway_library *self,
                                 const struct library_sitting *sitting)
{
    return self->details +
           (size_t)(sitting - self->sittings) * pathway_library_n_details(&self->size);
}

static double domain_tilted(const struct pathway_library *self, const struct rivals *rivals,
                            const struct library_sitting *sitting)
{
    const int16_t *slope = details_of(self, sitting) + LIBRARY_BY_DOMAIN + self->size.n_domains;
    double sum = 0;
    for (size_t d = 0; d < self->size.n_domains; d++)
        sum += rivals->domain_tilt[d] * slope[d];
    return sum;
}

/* -q/2 n/(n - 1). Within a sitting demands are taken to be alike in all domains. */
static double bent(const struct pathway_library *self, const struct rivals *rivals,
                   const struct library_sitting *sitting)
{
    const int16_t *detail = details_of(self, sitting);
    double sum = 0, mean = rivals->f;
    for (int k = 0; k < LIBRARY_BY_DOMAIN; k++)
        sum += rivals->bend[k] * detail[k];
    if (self->size.n_domains == 0 || detail[LIBRARY_INFORMATION] <= 0)
        return sum;
    for (int k = 0; k < IRT_N_DEMANDS; k++)
        mean -= rivals->deficit[k] * detail[LIBRARY_TIMES_DEMAND + k] / detail[LIBRARY_INFORMATION];
    for (size_t d = 0; d < self->size.n_domains; d++)
        sum += rivals->scale * detail[LIBRARY_BY_DOMAIN + d] * rivals->excess[d] *
               (rivals->excess[d] - 2 * mean);
    return sum;
}

/* log w of four. */
VEC_INLINE vec4 log_weights(const struct pathway_library *self, const struct rivals *rivals,
                            uint32_t from)
{
    _Static_assert(IRT_N_DEMANDS == 3, "vectors of four");
    const struct library_sitting *each[4] = {rival(rivals, from), rival(rivals, from + 1),
                                             rival(rivals, from + 2), rival(rivals, from + 3)};
    vec4 tilt;
    memcpy(&tilt, rivals->tilt, sizeof tilt);
    vec4 a = tilted(each[0], tilt), b = tilted(each[1], tilt);
    vec4 c = tilted(each[2], tilt), d = tilted(each[3], tilt);
    vec4 ab = __builtin_shufflevector(a, b, 0, 4, 2, 6) + __builtin_shufflevector(a, b, 1, 5, 3, 7);
    vec4 cd = __builtin_shufflevector(c, d, 0, 4, 2, 6) + __builtin_shufflevector(c, d, 1, 5, 3, 7);
    vec4 sum =
        __builtin_shufflevector(ab, cd, 0, 1, 4, 5) + __builtin_shufflevector(ab, cd, 2, 3, 6, 7);
    for (size_t r = 0; self->size.n_domains > 0 && r < 4; r++)
        sum[r] += domain_tilted(self, rivals, each[r]);
    return sum;
}

VEC_INLINE vec8 join(vec4 low, vec4 high)
{
    return __builtin_shufflevector(low, high, 0, 1, 2, 3, 4, 5, 6, 7);
}

/* 1.4 v/n, from the squares of deviations of n values of t n/(n - 1). */
VEC_INLINE double steeper(double squares, double n)
{
    return 1.4 * squares * (n - 1) / (n * n * n);
}

VEC_INLINE vec8 sums_of_four(vec8 x)
{
    x += __builtin_shufflevector(x, x, 1, 0, 3, 2, 5, 4, 7, 6);
    return x + __builtin_shufflevector(x, x, 2, 3, 0, 1, 6, 7, 4, 5);
}

/* Two examinees at once, each with few: exp takes eight. */
VEC_INLINE void choose_of_few(const struct pathway_library *self, const struct rivals *rivals,
                              const struct library_sitting *out[2])
{
    vec8 x = join(log_weights(self, &rivals[0], 0), log_weights(self, &rivals[1], 0));
    vec8 deviation = x - sums_of_four(x) / FEW;
    vec8 w = vec_exp(x * (1.0 + sums_of_four(deviation * deviation) * steeper(1, FEW)));
    for (size_t k = 0; k < 2; k++) {
        double first = w[4 * k], second = first + w[4 * k + 1], third = second + w[4 * k + 2];
        double mark = rivals[k].u * (third + w[4 * k + 3]);
        out[k] =
            rival(&rivals[k], (uint32_t)((mark >= first) + (mark >= second) + (mark >= third)));
    }
}

VEC_INLINE const struct library_sitting *choose_of_many(const struct pathway_library *self,
                                                        const struct rivals *rivals)
{
    vec8 x[MOST / VEC_LANES], bend[MOST / VEC_LANES], total = {0}, squares = {0};
    double up_to[MOST], sum = 0;
    uint32_t n_vectors = rivals->n / VEC_LANES, n = n_vectors * VEC_LANES;
    assert(n > 0 && n == rivals->n);
    for (uint32_t v = 0; v < n_vectors; v++) {
        uint32_t from = v * VEC_LANES;
        x[v] =
            join(log_weights(self, rivals, from), log_weights(self, rivals, from + VEC_LANES / 2));
        total += x[v];
        for (uint32_t r = 0; r < VEC_LANES; r++)
            bend[v][r] = bent(self, rivals, rival(rivals, from + r));
    }
    double mean = vec_sum(total) / rivals->n;
    for (uint32_t v = 0; v < n_vectors; v++)
        squares += (x[v] - mean) * (x[v] - mean);
    double factor = 1.0 + steeper(vec_sum(squares), rivals->n);
    for (uint32_t v = 0; v < n_vectors; v++) {
        vec8 w = vec_exp((x[v] + bend[v]) * factor);
        for (uint32_t r = 0; r < VEC_LANES; r++)
            up_to[v * VEC_LANES + r] = sum += w[r];
    }
    uint32_t chosen = 0;
    while (chosen + 1 < n && rivals->u * sum >= up_to[chosen])
        chosen++;
    return rival(rivals, chosen);
}

/* ---- all of it ---- */

/* What an examinee is of eight. */
struct seat {
    double place, theta, stretch, shift, knowledge;
};

/* The coefficients of q, the square of f - sum_k deficit_k demand_k. */
static void bend(const double *deficit, double f, struct rivals *out)
{
    double scale = -0.5 * (double)out->n / (out->n - 1) / (double)LIBRARY_CURVATURE;
    double *product = out->bend + LIBRARY_TIMES_PRODUCT;
    out->f = f;
    out->scale = scale;
    out->bend[LIBRARY_INFORMATION] = scale * f * f;
    for (int k = 0; k < IRT_N_DEMANDS; k++) {
        out->deficit[k] = deficit[k];
        out->bend[LIBRARY_TIMES_DEMAND + k] = scale * -2 * f * deficit[k];
        for (int l = k; l < IRT_N_DEMANDS; l++)
            *product++ = scale * (l == k ? 1 : 2) * deficit[k] * deficit[l];
    }
}

static void take_seat(const struct pathway_library *self, const struct person_design *design,
                      const struct pathway_sitter *sitter, const struct seat *seat,
                      struct rivals *rivals)
{
    const struct person_state *state = sitter->state;
    const struct person *person = sitter->person;
    struct pathway_drawn *out = sitter->drawn;
    uint64_t root = rng_root(design->seed, person->candidate);
    size_t replicate = (size_t)(person->candidate / LIBRARY_BLOCK % self->size.n_replicates);
    const struct standing standing = {
        .place = seat->place,
        .speed = state->speed,
        .variance = pathway_library_variance(self, design, state, person->domain),
        .u = ((double)(root >> 12) + 0.5) * 0x1p-52,
        .sittings = self->sittings + replicate * self->per_replicate,
        .attempt = sitter->attempt};
    out->rng = rng_of_root(root, sitter->attempt, RNG_RESPONSE);
    meet(self, &standing, &out->rng, rivals);
    out->profile = &self->profiles[replicate * LIBRARY_N_COARSE + coarse_node(seat->place)];
    out->theta = seat->theta;
    out->stretch = rivals->are_slow ? 1 : seat->stretch;
    rivals->u = unit(&out->rng);
    double scale = (double)rivals->n / (rivals->n - 1) / (double)LIBRARY_SLOPE;
    rivals->tilt[0] = seat->shift * scale;
    for (int d = 0; d < IRT_N_DEMANDS; d++)
        rivals->tilt[1 + d] = -state->deficit[PERSON_SEQUENCE + d] * scale;
    for (size_t d = 0; d < design->n_domains; d++) {
        rivals->excess[d] = state->deficit[PERSON_KNOWLEDGE] * person->domain[d] - seat->knowledge;
        rivals->domain_tilt[d] = -rivals->excess[d] * scale;
    }
    if (rivals->n > FEW)
        bend(state->deficit + PERSON_SEQUENCE, seat->shift, rivals);
}

VEC_CLONES void pathway_library_draw(const struct pathway_library *self,
                                     const struct person_design *design,
                                     const struct pathway_sitter *all, size_t n)
{
    struct sitters sitters;
    struct rivals rivals[VEC_LANES];
    assert(n >= 1 && n <= VEC_LANES);
    gather(all, n, &sitters);
    vec8 theta = effective_ability(self, design->n_domains, &sitters);
    vec8 place = pathway_library_places(theta - self->center);
    vec8 knowledge = asked_at(self, design->n_domains, &sitters, place).knowledge;
    vec8 stretch = vec_exp((self->size.n_speeds > 0 ? self->safe_speed : 0) - sitters.speed);
    vec8 shift = sitters.ability - knowledge - theta;
    for (size_t k = 0; k < n; k++) {
        const struct seat seat = {place[k], theta[k], stretch[k], shift[k], knowledge[k]};
        take_seat(self, design, &all[k], &seat, &rivals[k]);
    }
    if (n % 2 == 1)
        rivals[n] = rivals[n - 1];
    for (size_t k = 0; k < n; k += 2) {
        const struct library_sitting *chosen[2];
        choose_of_few(self, &rivals[k], chosen);
        for (size_t m = 0; m < 2 && k + m < n; m++)
            all[k + m].drawn->sitting =
                rivals[k + m].n > FEW ? choose_of_many(self, &rivals[k + m]) : chosen[m];
    }
}

void pathway_drawn_read(const struct pathway_drawn *self, struct pathway_sitting *out)
{
    const struct library_sitting *from = self->sitting;
    out->theta = (double)from->theta;
    out->se = (double)from->se;
    out->minutes = (float)((double)from->minutes * self->stretch);
    out->n_scored = from->n_scored;
    out->n_seen = from->n_seen;
    out->n_rushed = from->n_rushed;
    out->stop = from->stop;
    out->passed = from->passed != 0;
}
