/* A weight is m 2^e with m in [1, 2) and e a whole number. Probabilities come from the rows, those
 * of the far tails, where rows end at e^-708, from logarithms.
 *
 * Why it is enough to look at sums below 2^-500: a weight that is lost is below 2^-1000, so that it
 * does not show in any sum before that. SPDX-License-Identifier: Apache-2.0 */
#include "weights.h"

#include <retake/irt/log_model.h>

#include <string.h>

#include "rules.h"

static const double lost = 0x1p-1000;

struct scaled {
    vec8 m;
    vec8i e;
};

/* m > 0 in [1, 2), the rest into e. */
VEC_INLINE void normalise(struct scaled *self)
{
    vec8i more = ((vec8i)self->m >> 52) - 1023;
    self->m = (vec8)((vec8i)self->m - (more << 52));
    self->e += more;
}

/* exp(x) = m 2^e, for x far beyond the range of exp. */
VEC_INLINE struct scaled scaled_exp(vec8 x)
{
    const double shift = 0x1.8p52;
    vec8 t = x * 0x1.71547652b82fep0 + shift, k = t - shift;
    struct scaled out = {.m = vec_exp((x - k * 0x1.62e42fefap-1) - k * 0x1.cf79abc9e3b39p-40)};
    out.e = (vec8i)t - (vec8i)vec_all(shift);
    normalise(&out);
    return out;
}

VEC_INLINE struct scaled scaled_start(const struct cat_weights_over *over, size_t v)
{
    const vec8i none = (vec8i){0} - (INT64_C(1) << 40);
    struct scaled out = {.m = vec_all(1)};
    const vec8 lane = {0, 1, 2, 3, 4, 5, 6, 7};
    vec8i is_there =
        vec_less(lane + (double)(v * VEC_LANES), vec_all((double)over->grid->n_points));
    if (over->log_start) {
        vec8 log_start = ((const vec8 *)over->log_start)[v];
        is_there &= vec_less(vec_all(-(double)INFINITY), log_start);
        out = scaled_exp(vec_choose(is_there, log_start, vec_all(0)));
    }
    out.e = (is_there & out.e) | (~is_there & none);
    return out;
}

VEC_INLINE void multiply(const struct cat_design *design, const struct cat_weights_over *over,
                         struct cat_weights_answer answer, size_t v, struct scaled *self)
{
    const vec8 *rows = (const vec8 *)over->rows;
    vec8 p = rows[(over->first_row[answer.item] + answer.category) * over->grid->n_vectors + v];
    vec8i is_tiny = vec_less(p, vec_all(IRT_TINY));
    if (vec_any(is_tiny)) {
        vec8 log_p;
        irt_log_category8(&design->items[answer.item], &((const vec8 *)over->grid->theta)[v],
                          answer.category, &log_p);
        struct scaled small = scaled_exp(log_p);
        p = vec_choose(is_tiny, small.m, p);
        self->e += is_tiny & small.e;
    }
    self->m *= p;
    normalise(self);
}

VEC_CLONES static void multiply_all(const struct cat_design *design,
                                    const struct cat_session *session,
                                    const struct cat_weights_over *over,
                                    const struct cat_weights_answer *also, size_t v,
                                    struct scaled *out)
{
    *out = scaled_start(over, v);
    for (size_t k = 0; k < session->seen.n_scored; k++) {
        const struct cat_weights_answer given = {session->scored[k], session->scored_answers[k]};
        multiply(design, over, given, v, out);
    }
    if (also)
        multiply(design, over, *also, v, out);
}

void cat_weights_exact(const struct cat_design *design, const struct cat_session *session,
                       const struct cat_weights_over *over, const struct cat_weights_answer *also,
                       double *out)
{
    size_t n = over->grid->n_vectors * VEC_LANES;
    int64_t *exponent = session->scratch->exponents, top = INT64_MIN;
    for (size_t v = 0; v < over->grid->n_vectors; v++) {
        struct scaled scaled;
        multiply_all(design, session, over, also, v, &scaled);
        memcpy(out + v * VEC_LANES, &scaled.m, sizeof scaled.m);
        memcpy(exponent + v * VEC_LANES, &scaled.e, sizeof scaled.e);
    }
    for (size_t q = 0; q < n; q++)
        top = exponent[q] > top ? exponent[q] : top;
    for (size_t q = 0; q < n; q++) {
        int64_t below = top - exponent[q];
        union vec_word power = {.bits = (uint64_t)(1023 - (below <= 1000 ? below : 0)) << 52};
        out[q] = below <= 1000 ? out[q] * power.real : 0;
    }
}

void cat_weights_restore(const struct cat_design *design, const struct cat_session *session,
                         const struct cat_weights_over *over, double *weight)
{
    double *exact = session->scratch->exact, scale = 1;
    size_t n = over->grid->n_vectors * VEC_LANES, best = 0;
    cat_weights_exact(design, session, over, NULL, exact);
    for (size_t q = 0; q < n; q++)
        best = weight[q] > weight[best] ? q : best;
    bool is_left = weight[best] >= lost;
    if (is_left)
        scale = weight[best] / CAT_WEIGHTS_LOW / exact[best];
    for (size_t q = 0; q < n; q++)
        weight[q] = is_left && weight[q] >= lost ? weight[q] / CAT_WEIGHTS_LOW : exact[q] * scale;
}
