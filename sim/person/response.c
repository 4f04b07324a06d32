/* Responses, eight examinees at a time; the model is in response.h.
 *
 * One uniform decides an answer: right when u < P. Given a miss, (u - P)/(1 - P) is again uniform
 * and independent of it, and chooses the bucket. SPDX-License-Identifier: Apache-2.0 */
#include <retake/person/response.h>

#include <retake/base/dist.h>
#include <retake/irt/model.h>

#include <string.h>

void person_lane_begin(const struct person_design *design, const struct person *person,
                       uint32_t attempt, struct person_lane *out)
{
    person_state(design, person, &out->state);
    out->response = rng_keyed(design->seed, person->candidate, attempt, RNG_RESPONSE);
    out->latency = rng_keyed(design->seed, person->candidate, attempt, RNG_LATENCY);
    memset(out->misses, 0, sizeof out->misses);
}

/* Eight (item, examinee) pairs, transposed. */
struct octet {
    vec8 a, b, c, d, theta, u, time_mean, time_sd, u_time;
};

static double ability_on(const struct person_state *state, const struct irt_item *item)
{
    const double *deficit = state->deficit;
    double theta = state->ability - deficit[PERSON_KNOWLEDGE];
    theta -= (double)item->demand[0] * deficit[PERSON_SEQUENCE];
    theta -= (double)item->demand[1] * deficit[PERSON_SCOPE];
    return theta - (double)item->demand[2] * deficit[PERSON_READING];
}

VEC_INLINE double uniform(struct rng *rng)
{
    return ((double)rng_bits(rng) + 0.5) * 0x1p-32;
}

VEC_INLINE void load(const struct irt_item *const *items, struct person_lane *const *lanes,
                     size_t n, bool is_timed, struct octet *out)
{
    for (size_t i = 0; i < VEC_LANES; i++) {
        const struct irt_item *item = items[i < n ? i : 0];
        out->a[i] = item->a;
        out->b[i] = item->b;
        out->c[i] = item->c;
        out->d[i] = item->d;
        out->theta[i] = ability_on(&lanes[i < n ? i : 0]->state, item);
        out->u[i] = i < n ? uniform(&lanes[i]->response) : 0.5;
    }
    for (size_t i = 0; is_timed && i < VEC_LANES; i++) {
        const struct irt_item *item = items[i < n ? i : 0];
        out->time_mean[i] = item->time_intensity - lanes[i < n ? i : 0]->state.speed;
        out->time_sd[i] = item->time_sd;
        out->u_time[i] = i < n ? uniform(&lanes[i]->latency) : 0.5;
    }
}

/* v is uniform: walk the buckets in proportion to what each took from theta. */
static enum person_bucket cause(const struct person_state *state, const struct irt_item *item,
                                double v)
{
    double share[PERSON_N_BUCKETS] = {
        state->deficit[PERSON_KNOWLEDGE], (double)item->demand[0] * state->deficit[PERSON_SEQUENCE],
        (double)item->demand[1] * state->deficit[PERSON_SCOPE],
        (double)item->demand[2] * state->deficit[PERSON_READING], state->deficit[PERSON_PACING]};
    double total = share[0] + share[1] + share[2] + share[3] + share[4];
    double left = v * total;
    if (total <= 0)
        return PERSON_KNOWLEDGE;
    for (int k = 0; k < PERSON_N_BUCKETS - 1; k++) {
        left -= share[k];
        if (left < 0)
            return (enum person_bucket)k;
    }
    return PERSON_PACING;
}

/* The category of an item with partial credit: the categories cut (0, 1) from the highest down, so
 * that u < P gives the better answer as it does for right and wrong. Full credit is no miss. */
static uint8_t category(const struct irt_item *item, double theta, double u, double *miss_u)
{
    double p[IRT_MAX_CATEGORIES], above = 0;
    irt_probabilities(item, theta, p);
    uint8_t x = (uint8_t)(irt_n_categories(item) - 1);
    *miss_u = (u - p[x]) / (1 - p[x]);
    for (above = p[x]; x > 0 && u >= above; x--)
        above += p[x - 1];
    return x;
}

VEC_CLONES static void answer_octet(const struct irt_item *const *items,
                                    struct person_lane *const *lanes, size_t n, uint8_t *answer,
                                    double *seconds)
{
    struct octet o;
    load(items, lanes, n, seconds != NULL, &o);
    vec8 e = vec_exp(-(o.a * (o.theta - o.b)));
    vec8 p = o.c + (o.d - o.c) / (1.0 + e);
    vec8 v = (o.u - p) / (1.0 - p);
    for (size_t i = 0; i < n; i++) {
        double miss_u = v[i];
        answer[i] = o.u[i] < p[i];
        if (items[i]->model != IRT_LOGISTIC)
            answer[i] = category(items[i], o.theta[i], o.u[i], &miss_u);
        bool is_full = answer[i] + 1u == irt_n_categories(items[i]);
        lanes[i]->miss = is_full ? PERSON_N_BUCKETS : cause(&lanes[i]->state, items[i], miss_u);
    }
    if (!seconds)
        return;
    vec8 time = vec_exp(o.time_mean + o.time_sd * dist_normal_quantile8(o.u_time));
    for (size_t i = 0; i < n; i++)
        seconds[i] = time[i];
}

void person_answer(const struct irt_item *const *items, struct person_lane *const *lanes, size_t n,
                   uint8_t *answer, double *seconds)
{
    for (size_t i = 0; i < n; i += VEC_LANES)
        answer_octet(items + i, lanes + i, n - i < VEC_LANES ? n - i : VEC_LANES, answer + i,
                     seconds ? seconds + i : NULL);
}

double person_normal_score(struct person_lane *lane, double sem)
{
    const double *deficit = lane->state.deficit;
    double theta = lane->state.ability - deficit[PERSON_KNOWLEDGE] - deficit[PERSON_SEQUENCE] -
                   deficit[PERSON_SCOPE] - deficit[PERSON_READING];
    return theta + sem * dist_normal_quantile(rng_unit(&lane->response));
}
