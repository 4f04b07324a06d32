/* Sums over answers. Logistic items lie in lanes, eight at a time; where the bank has polytomous
 * items, they are taken one by one. SPDX-License-Identifier: Apache-2.0 */
#include "answers.h"

#include <retake/base/real.h>
#include <retake/irt/log_model.h>

/* ---- logistic items, eight in lanes ---- */

struct lanes {
    struct irt_curve8 curve;
    vec8 a, b, x, ratio; /* P''/P' */
    vec8i valid;
};

VEC_INLINE struct lanes load_lanes(const struct irt_answers *answers, size_t i, double theta)
{
    const vec8 lane = {0, 1, 2, 3, 4, 5, 6, 7};
    const vec8 a = *(const vec8 *)(answers->a + i), c = *(const vec8 *)(answers->c + i);
    const vec8 d = *(const vec8 *)(answers->d + i);
    struct lanes out = {.a = a,
                        .b = *(const vec8 *)(answers->b + i),
                        .x = *(const vec8 *)(answers->x + i),
                        .valid = vec_less(lane, vec_all((double)(answers->n - i)))};
    out.curve = irt_curve8(a, out.b, c, d, vec_all(theta));
    out.ratio = a * ((out.curve.q - (1.0 - d)) - (out.curve.p - c)) / (d - c); /* a (1 - 2 s) */
    return out;
}

VEC_INLINE struct irt_score score_lanes(const struct irt_answers *answers, double theta,
                                        bool with_j)
{
    vec8 slope = {0}, information = {0}, j = {0};
    for (size_t i = 0; i < answers->n; i += VEC_LANES) {
        struct lanes k = load_lanes(answers, i, theta);
        vec8 term = k.curve.dp * (k.x - k.curve.p) / (k.curve.p * k.curve.q);
        slope += vec_choose(k.valid, term, vec_all(0));
        information += vec_choose(k.valid, k.curve.information, vec_all(0));
        if (with_j)
            j += vec_choose(k.valid, k.curve.information * k.ratio, vec_all(0));
    }
    return (struct irt_score){vec_sum(slope), vec_sum(information), with_j ? vec_sum(j) : 0};
}

VEC_CLONES static struct irt_score score_logistic(const struct irt_answers *answers, double theta)
{
    return score_lanes(answers, theta, false);
}

VEC_CLONES static struct irt_score score_j_logistic(const struct irt_answers *answers, double theta)
{
    return score_lanes(answers, theta, true);
}

/* ---- any items, one by one ---- */

VEC_CLONES static struct irt_score score_items(const struct irt_answers *answers, double theta)
{
    struct irt_score out = {0};
    struct irt_category8 categories[IRT_MAX_CATEGORIES];
    for (size_t i = 0; i < answers->n; i++) {
        const struct irt_item *item = answers->items[i];
        const struct irt_category8 *given = &categories[answers->categories[i]];
        irt_categories8(item, vec_all(theta), categories);
        out.slope += given->dp[0] / given->p[0];
        for (size_t x = 0; x < irt_n_categories(item); x++) {
            double r1 = categories[x].dp[0] / categories[x].p[0];
            out.information += categories[x].dp[0] * r1;
            out.j += categories[x].d2p[0] * r1;
        }
    }
    return out;
}

struct irt_score irt_answers_score(const struct irt_answers *answers, double theta)
{
    return answers->is_logistic ? score_logistic(answers, theta) : score_items(answers, theta);
}

struct irt_score irt_answers_score_j(const struct irt_answers *answers, double theta)
{
    return answers->is_logistic ? score_j_logistic(answers, theta) : score_items(answers, theta);
}

/* Item i of either kind; logistic items are rebuilt from the columns. */
static struct irt_item item_at(const struct irt_answers *answers, size_t i, size_t *category)
{
    *category = answers->is_logistic ? answers->x[i] > 0.5 : answers->categories[i];
    if (!answers->is_logistic)
        return *answers->items[i];
    return (struct irt_item){.a = answers->a[i],
                             .b = answers->b[i],
                             .c = answers->c[i],
                             .d = answers->d[i],
                             .n_categories = 2};
}

struct irt_sums irt_answers_sums(const struct irt_answers *answers, double theta)
{
    struct irt_sums out = {0};
    for (size_t i = 0; i < answers->n; i++) {
        size_t category;
        struct irt_item item = item_at(answers, i, &category);
        struct irt_functions functions = irt_item_functions(&item, theta);
        out.functions.information += functions.information;
        out.functions.d_information += functions.d_information;
        out.functions.d2_information += functions.d2_information;
        out.functions.j += functions.j;
        out.functions.d_j += functions.d_j;
        out.observed += irt_observed_information(&item, theta, category);
    }
    return out;
}

VEC_CLONES static struct irt_score robust_logistic(const struct irt_answers *answers, double theta,
                                                   double tuning)
{
    vec8 slope = {0}, information = {0}, square = {0};
    for (size_t i = 0; i < answers->n; i += VEC_LANES) {
        struct lanes k = load_lanes(answers, i, theta);
        vec8 residual = k.a * (theta - k.b);
        residual = vec_choose(vec_less(residual, vec_all(0)), -residual, residual);
        vec8 weight =
            vec_choose(vec_less(vec_all(tuning), residual), tuning / residual, vec_all(1));
        vec8 term = k.curve.dp * (k.x - k.curve.p) / (k.curve.p * k.curve.q);
        slope += vec_choose(k.valid, weight * term, vec_all(0));
        information += vec_choose(k.valid, weight * k.curve.information, vec_all(0));
        square += vec_choose(k.valid, weight * weight * k.curve.information, vec_all(0));
    }
    return (struct irt_score){vec_sum(slope), vec_sum(information), vec_sum(square)};
}

static struct irt_score robust_items(const struct irt_answers *answers, double theta, double tuning)
{
    struct irt_score out = {0};
    struct irt_category8 categories[IRT_MAX_CATEGORIES];
    for (size_t i = 0; i < answers->n; i++) {
        size_t category = answers->categories[i];
        const struct irt_item *item = answers->items[i];
        double residual = fabs(item->a * (theta - item->b)), information = 0;
        double weight = residual <= tuning ? 1 : tuning / residual;
        irt_categories8(item, vec_all(theta), categories);
        for (size_t x = 0; x < irt_n_categories(item); x++)
            information += categories[x].dp[0] * (categories[x].dp[0] / categories[x].p[0]);
        out.slope += weight * categories[category].dp[0] / categories[category].p[0];
        out.information += weight * information;
        out.j += weight * weight * information;
    }
    return out;
}

struct irt_score irt_answers_robust(const struct irt_answers *answers, double theta, double tuning)
{
    return answers->is_logistic ? robust_logistic(answers, theta, tuning)
                                : robust_items(answers, theta, tuning);
}

/* ---- eight abilities ---- */

/* log of the probability p of answer i, in the tails. */
static void tiny_log(const struct irt_answers *answers, size_t i, const vec8 *theta, const vec8 *p,
                     vec8 *out)
{
    size_t category;
    struct irt_item item = item_at(answers, i, &category);
    *out = irt_log8(&item, *theta, category, *p);
}

VEC_CLONES static void log_likelihood_logistic(const struct irt_answers *answers, const vec8 *theta,
                                               vec8 *out)
{
    vec8 total = {0};
    for (size_t i = 0; i < answers->n; i++) {
        struct irt_curve8 curve =
            irt_curve8(vec_all(answers->a[i]), vec_all(answers->b[i]), vec_all(answers->c[i]),
                       vec_all(answers->d[i]), *theta);
        vec8 p = answers->x[i] > 0.5 ? curve.p : curve.q, log_p = vec_log(p);
        if (vec_any(vec_less(p, vec_all(IRT_TINY))))
            tiny_log(answers, i, theta, &p, &log_p);
        total += log_p;
    }
    *out = total;
}

VEC_CLONES static void log_likelihood_items(const struct irt_answers *answers, const vec8 *theta,
                                            vec8 *out)
{
    struct irt_category8 categories[IRT_MAX_CATEGORIES];
    vec8 total = {0};
    for (size_t i = 0; i < answers->n; i++) {
        size_t given = answers->categories[i];
        irt_categories8(answers->items[i], *theta, categories);
        total += irt_log8(answers->items[i], *theta, given, categories[given].p);
    }
    *out = total;
}

void irt_answers_log_likelihood8(const struct irt_answers *answers, const vec8 *theta, vec8 *out)
{
    if (answers->is_logistic)
        log_likelihood_logistic(answers, theta, out);
    else
        log_likelihood_items(answers, theta, out);
}

double irt_log_likelihood(const struct irt_answers *answers, double theta)
{
    vec8 point = vec_all(theta), out;
    irt_answers_log_likelihood8(answers, &point, &out);
    return out[0];
}

VEC_CLONES static void add_information(const struct irt_item *item, const vec8 *theta,
                                       vec8 *information, vec8 *j)
{
    struct irt_category8 categories[IRT_MAX_CATEGORIES];
    irt_categories8(item, *theta, categories);
    for (size_t x = 0; x < irt_n_categories(item); x++) {
        vec8 r1 = categories[x].dp / categories[x].p;
        *information += categories[x].dp * r1;
        *j += categories[x].d2p * r1;
    }
}

void irt_answers_information8(const struct irt_answers *answers, const vec8 *theta,
                              vec8 *information, vec8 *j)
{
    *information = *j = vec_all(0);
    for (size_t i = 0; i < answers->n; i++) {
        size_t category;
        struct irt_item item = item_at(answers, i, &category);
        add_information(&item, theta, information, j);
    }
}

int irt_answers_extreme(const struct irt_answers *answers)
{
    bool is_lowest = answers->n > 0, is_highest = answers->n > 0;
    for (size_t i = 0; i < answers->n && (is_lowest || is_highest); i++) {
        size_t category = answers->is_logistic ? answers->x[i] > 0.5 : answers->categories[i];
        size_t n = answers->is_logistic ? 2 : irt_n_categories(answers->items[i]);
        is_lowest &= category == 0;
        is_highest &= category + 1 == n;
    }
    return is_highest ? 1 : is_lowest ? -1 : 0;
}

double irt_answers_greatest_a(const struct irt_answers *answers)
{
    double most = 0;
    for (size_t i = 0; i < answers->n; i++)
        most = real_max(most, answers->is_logistic ? answers->a[i] : answers->items[i]->a);
    return most;
}
