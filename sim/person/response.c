/* Responses, many examinees at a time; the model is in response.h.
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

enum { CROWD = 64 };

/* Up to CROWD (item, examinee) pairs, field by field, so that each step is a loop over vectors;
 * pairs beyond the last are harmless. */
struct crowd {
    vec8 z[CROWD / VEC_LANES];                       /* a (theta - b) */
    vec8 low[CROWD / VEC_LANES];                     /* c */
    vec8 height[CROWD / VEC_LANES];                  /* d - c */
    vec8 u[CROWD / VEC_LANES], v[CROWD / VEC_LANES]; /* of the answer, of the bucket */
    vec8 share[PERSON_N_BUCKETS][CROWD / VEC_LANES]; /* what each deficit takes from theta */
    vec8 miss[CROWD / VEC_LANES];                    /* bucket of the answer, as a number */
    vec8 time_mean[CROWD / VEC_LANES], time_sd[CROWD / VEC_LANES], u_time[CROWD / VEC_LANES];
    double theta[CROWD], speedup[CROWD]; /* speedup is 1 for those who do not rush */
    bool is_plain;                       /* all items are logistic, nobody rushes */
};

static double knowledge_on(const struct person_lane *lane, const struct irt_item *item)
{
    double deficit = lane->state.deficit[PERSON_KNOWLEDGE];
    return lane->n_domains > 0 ? deficit * lane->domain[item->domain] : deficit;
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

/* One field of the i-th pair. */
VEC_INLINE void put(vec8 *field, size_t i, double x)
{
    ((double *)field)[i] = x;
}

VEC_INLINE void load_pair(const struct irt_item *item, struct person_lane *lane, size_t i,
                          struct crowd *out)
{
    const double *deficit = lane->state.deficit;
    double share[PERSON_N_BUCKETS] = {
        knowledge_on(lane, item), (double)item->demand[0] * deficit[PERSON_SEQUENCE],
        (double)item->demand[1] * deficit[PERSON_SCOPE],
        (double)item->demand[2] * deficit[PERSON_READING], deficit[PERSON_PACING]};
    double theta = lane->state.ability - share[PERSON_KNOWLEDGE];
    theta = theta - share[PERSON_SEQUENCE] - share[PERSON_SCOPE] - share[PERSON_READING];
    for (size_t k = 0; k < PERSON_N_BUCKETS; k++)
        put(out->share[k], i, share[k]);
    out->theta[i] = theta;
    put(out->z, i, item->a * (theta - item->b));
    put(out->low, i, item->c);
    put(out->height, i, item->d - item->c);
    put(out->u, i, uniform(&lane->response));
    out->is_plain &= item->model == IRT_LOGISTIC;
}

VEC_INLINE void load_time(const struct irt_item *item, struct person_lane *lane, size_t i,
                          struct crowd *out)
{
    put(out->time_mean, i, item->time_intensity - lane->state.speed);
    put(out->time_sd, i, item->time_sd);
    out->speedup[i] = speedup(lane);
    put(out->u_time, i, uniform(&lane->latency));
    out->is_plain &= out->speedup[i] <= 1;
}

/* Walk the buckets in proportion to what each took from theta: the first at which v of the total is
 * used up, or the last; knowledge when nothing was taken. */
VEC_INLINE vec8 cause8(const struct crowd *self, size_t k, vec8 v)
{
    vec8 total = self->share[0][k] + self->share[1][k] + self->share[2][k] + self->share[3][k] +
                 self->share[4][k];
    vec8 left = v * total, bucket = {0};
    vec8i walks = vec_less(vec_all(0), total);
    for (int bin = 0; bin < PERSON_N_BUCKETS - 1; bin++) {
        left -= self->share[bin][k];
        walks &= ~vec_less(left, vec_all(0));
        bucket += vec_choose(walks, vec_all(1), vec_all(0));
    }
    return bucket;
}

/* The answers to logistic items of those who do not rush. */
VEC_INLINE void decide8(struct crowd *self, size_t k)
{
    vec8 p = self->low[k] + self->height[k] / (1.0 + vec_exp(-self->z[k]));
    vec8 u = self->u[k], v = (u - p) / (1.0 - p);
    vec8i is_right = vec_less(u, p);
    self->v[k] = v;
    self->miss[k] = vec_choose(is_right, vec_all(PERSON_N_BUCKETS), cause8(self, k, v));
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

static enum person_bucket cause(const struct crowd *crowd, size_t i, double v)
{
    return (enum person_bucket)cause8(crowd, i / VEC_LANES, vec_all(v))[i % VEC_LANES];
}

/* An answer of one who does not rush. */
static enum person_bucket settle(const struct crowd *crowd, size_t i, const struct irt_item *item,
                                 double u, double miss_u, uint8_t *answer)
{
    if (item->model != IRT_LOGISTIC)
        *answer = category(item, crowd->theta[i], u, &miss_u);
    bool is_full = *answer + 1u == irt_n_categories(item);
    return is_full ? PERSON_N_BUCKETS : cause(crowd, i, miss_u);
}

static enum person_bucket rush(const struct crowd *crowd, size_t i, const struct irt_item *item,
                               const struct person_pacing *pacing, double u, uint8_t *answer)
{
    double w = pacing->loss * (1 - 1 / crowd->speedup[i]), p[IRT_MAX_CATEGORIES];
    double guess = item->c > pacing->guess ? item->c : pacing->guess;
    if (u < w) {
        bool is_right = u < w * guess;
        *answer = is_right ? (uint8_t)(irt_n_categories(item) - 1) : 0;
        return is_right ? PERSON_N_BUCKETS : PERSON_PACING;
    }
    u = (u - w) / (1 - w);
    irt_probabilities(item, crowd->theta[i], p);
    double full = p[irt_n_categories(item) - 1];
    *answer = u < full;
    return settle(crowd, i, item, u, (u - full) / (1 - full), answer);
}

static void keep_time(struct person_lane *lane, double seconds, bool is_rushed)
{
    lane->elapsed_s += seconds;
    lane->calm_s += is_rushed ? 0 : seconds;
    lane->n_answered++;
    lane->n_rushed += is_rushed;
}

/* Partial credit, and those who rush. */
static void settle_others(const struct crowd *crowd, const struct irt_item *const *items,
                          struct person_lane *const *lanes, size_t n, bool is_timed,
                          uint8_t *answer)
{
    const double *u = (const double *)crowd->u, *v = (const double *)crowd->v;
    for (size_t i = 0; i < n; i++)
        lanes[i]->miss = is_timed && crowd->speedup[i] > 1
                             ? rush(crowd, i, items[i], &lanes[i]->pacing, u[i], &answer[i])
                             : settle(crowd, i, items[i], u[i], v[i], &answer[i]);
}

VEC_INLINE void take_times(const struct crowd *crowd, struct person_lane *const *lanes, size_t n,
                           double *seconds)
{
    for (size_t k = 0; k * VEC_LANES < n; k++) {
        vec8 time = vec_exp(crowd->time_mean[k] +
                            crowd->time_sd[k] * dist_normal_quantile8(crowd->u_time[k]));
        for (size_t i = k * VEC_LANES; i < n && i < (k + 1) * VEC_LANES; i++) {
            bool is_rushed = crowd->speedup[i] > 1;
            double calm = time[i % VEC_LANES];
            seconds[i] = is_rushed ? calm / crowd->speedup[i] : calm;
            keep_time(lanes[i], seconds[i], is_rushed);
        }
    }
}

VEC_CLONES static void answer_crowd(const struct irt_item *const *items,
                                    struct person_lane *const *lanes, size_t n, uint8_t *answer,
                                    double *seconds)
{
    struct crowd crowd;
    size_t last = (n - 1) / VEC_LANES;
    crowd.is_plain = true;
    crowd.z[last] = crowd.low[last] = crowd.time_mean[last] = crowd.time_sd[last] = vec_all(0);
    crowd.height[last] = vec_all(1);
    crowd.u[last] = crowd.u_time[last] = vec_all(0.5);
    for (size_t k = 0; k < PERSON_N_BUCKETS; k++)
        crowd.share[k][last] = vec_all(0);
    for (size_t i = 0; i < n; i++)
        load_pair(items[i], lanes[i], i, &crowd);
    for (size_t i = 0; seconds && i < n; i++)
        load_time(items[i], lanes[i], i, &crowd);
    for (size_t k = 0; k <= last; k++)
        decide8(&crowd, k);
    for (size_t i = 0; i < n; i++) {
        lanes[i]->miss = (enum person_bucket)((const double *)crowd.miss)[i];
        answer[i] = lanes[i]->miss == PERSON_N_BUCKETS;
    }
    if (!crowd.is_plain)
        settle_others(&crowd, items, lanes, n, seconds != NULL, answer);
    if (seconds)
        take_times(&crowd, lanes, n, seconds);
}

void person_answer(const struct irt_item *const *items, struct person_lane *const *lanes, size_t n,
                   uint8_t *answer, double *seconds)
{
    for (size_t i = 0; i < n; i += CROWD)
        answer_crowd(items + i, lanes + i, n - i < CROWD ? n - i : CROWD, answer + i,
                     seconds ? seconds + i : NULL);
}

double person_normal_score(struct person_lane *lane, double sem)
{
    const double *deficit = lane->state.deficit;
    double theta = lane->state.ability - deficit[PERSON_KNOWLEDGE] - deficit[PERSON_SEQUENCE] -
                   deficit[PERSON_SCOPE] - deficit[PERSON_READING];
    return theta + sem * dist_normal_quantile(rng_unit(&lane->response));
}
