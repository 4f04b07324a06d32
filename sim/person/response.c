/* Responses, eight examinees at a time; the model is in response.h.
 *
 * One uniform decides an answer: right when u < P. Given a miss, (u - P)/(1 - P) is again uniform
 * and independent of it, and chooses the bucket. Of a rushed answer, u < w is a guess, and u/w, or
 * else (u - w)/(1 - w), decides in the same way. SPDX-License-Identifier: Apache-2.0 */
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
    out->reading = rng_keyed(design->seed, person->candidate, attempt, RNG_PERSON);
    out->pacing = design->pacing;
    out->elapsed_s = out->calm_s = 0;
    out->n_answered = out->n_rushed = 0;
    out->p_misread = design->p_misread;
    out->n_domains = design->n_domains;
    memcpy(out->domain, person->domain, design->n_domains * sizeof *out->domain);
    memset(out->misses, 0, sizeof out->misses);
}

void person_log_miss(struct person_lane *lane)
{
    enum person_bucket bucket = lane->miss;
    if (bucket == PERSON_N_BUCKETS)
        return;
    double u = lane->p_misread > 0 ? rng_unit(&lane->reading) : 1;
    if (u < lane->p_misread) {
        unsigned other = (unsigned)(u / lane->p_misread * (PERSON_N_BUCKETS - 1));
        bucket = (enum person_bucket)(other + (other >= bucket));
    }
    lane->misses[bucket]++;
}

/* Eight (item, examinee) pairs, transposed; speedup is 1 for those who do not rush. */
struct octet {
    vec8 a, b, c, d, theta, u, time_mean, time_sd, u_time;
    double speedup[VEC_LANES];
};

static double knowledge_on(const struct person_lane *lane, const struct irt_item *item)
{
    double deficit = lane->state.deficit[PERSON_KNOWLEDGE];
    return lane->n_domains > 0 ? deficit * lane->domain[item->domain] : deficit;
}

static double ability_on(const struct person_lane *lane, const struct irt_item *item)
{
    const double *deficit = lane->state.deficit;
    double theta = lane->state.ability - knowledge_on(lane, item);
    theta -= (double)item->demand[0] * deficit[PERSON_SEQUENCE];
    theta -= (double)item->demand[1] * deficit[PERSON_SCOPE];
    return theta - (double)item->demand[2] * deficit[PERSON_READING];
}

/* How much faster the next answer has to be, within what the examinee can do. */
static double speedup(const struct person_lane *lane)
{
    const struct person_pacing *pacing = &lane->pacing;
    double n_calm = lane->n_answered - lane->n_rushed, n_left = pacing->n_items - lane->n_answered;
    if (pacing->most_speedup <= 1 || lane->elapsed_s < pacing->after_s || n_calm < 1 || n_left < 1)
        return 1;
    double needed = lane->calm_s / n_calm * n_left, left = pacing->limit_s - lane->elapsed_s;
    if (needed <= left)
        return 1;
    return needed < pacing->most_speedup * left ? needed / left : pacing->most_speedup;
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
        out->theta[i] = ability_on(lanes[i < n ? i : 0], item);
        out->u[i] = i < n ? uniform(&lanes[i]->response) : 0.5;
    }
    for (size_t i = 0; is_timed && i < VEC_LANES; i++) {
        const struct irt_item *item = items[i < n ? i : 0];
        out->time_mean[i] = item->time_intensity - lanes[i < n ? i : 0]->state.speed;
        out->time_sd[i] = item->time_sd;
        out->speedup[i] = speedup(lanes[i < n ? i : 0]);
        out->u_time[i] = i < n ? uniform(&lanes[i]->latency) : 0.5;
    }
}

/* v is uniform: walk the buckets in proportion to what each took from theta. */
static enum person_bucket cause(const struct person_lane *lane, const struct irt_item *item,
                                double v)
{
    const double *deficit = lane->state.deficit;
    double share[PERSON_N_BUCKETS] = {
        knowledge_on(lane, item), (double)item->demand[0] * deficit[PERSON_SEQUENCE],
        (double)item->demand[1] * deficit[PERSON_SCOPE],
        (double)item->demand[2] * deficit[PERSON_READING], deficit[PERSON_PACING]};
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

/* An answer of one who does not rush. */
static enum person_bucket settle(const struct person_lane *lane, const struct irt_item *item,
                                 double theta, double u, double miss_u, uint8_t *answer)
{
    if (item->model != IRT_LOGISTIC)
        *answer = category(item, theta, u, &miss_u);
    bool is_full = *answer + 1u == irt_n_categories(item);
    return is_full ? PERSON_N_BUCKETS : cause(lane, item, miss_u);
}

static enum person_bucket rush(const struct person_lane *lane, const struct irt_item *item,
                               double theta, double speedup, double u, uint8_t *answer)
{
    const struct person_pacing *pacing = &lane->pacing;
    double w = pacing->loss * (1 - 1 / speedup), p[IRT_MAX_CATEGORIES];
    double guess = item->c > pacing->guess ? item->c : pacing->guess;
    if (u < w) {
        bool is_right = u < w * guess;
        *answer = is_right ? (uint8_t)(irt_n_categories(item) - 1) : 0;
        return is_right ? PERSON_N_BUCKETS : PERSON_PACING;
    }
    u = (u - w) / (1 - w);
    irt_probabilities(item, theta, p);
    double full = p[irt_n_categories(item) - 1];
    *answer = u < full;
    return settle(lane, item, theta, u, (u - full) / (1 - full), answer);
}

static void keep_time(struct person_lane *lane, double seconds, bool is_rushed)
{
    lane->elapsed_s += seconds;
    lane->calm_s += is_rushed ? 0 : seconds;
    lane->n_answered++;
    lane->n_rushed += is_rushed;
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
        bool is_rushed = seconds && o.speedup[i] > 1;
        answer[i] = o.u[i] < p[i];
        lanes[i]->miss =
            is_rushed ? rush(lanes[i], items[i], o.theta[i], o.speedup[i], o.u[i], &answer[i])
                      : settle(lanes[i], items[i], o.theta[i], o.u[i], v[i], &answer[i]);
    }
    if (!seconds)
        return;
    vec8 time = vec_exp(o.time_mean + o.time_sd * dist_normal_quantile8(o.u_time));
    for (size_t i = 0; i < n; i++) {
        bool is_rushed = o.speedup[i] > 1;
        seconds[i] = is_rushed ? time[i] / o.speedup[i] : time[i];
        keep_time(lanes[i], seconds[i], is_rushed);
    }
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
