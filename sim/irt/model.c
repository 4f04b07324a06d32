/* Response functions of one item; the formulas are in model.h.
 *
 * With r_k = P^(k)/P of a category, sums over the categories:
 *     I = sum P r1^2                 I' = sum P (2 r1 r2 - r1^3)
 *     I'' = sum P (2 r2^2 + 2 r1 r3 - 5 r1^2 r2 + 2 r1^4)
 *     J = sum P r1 r2                J' = sum P (r2^2 + r1 r3 - r1^2 r2)
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/irt/model.h>

double irt_p(const struct irt_item *item, double theta)
{
    if (item->model != IRT_LOGISTIC) {
        double p[IRT_MAX_CATEGORIES];
        irt_probabilities(item, theta, p);
        return p[item->n_categories - 1];
    }
    return irt_curve8(vec_all(item->a), vec_all(item->b), vec_all(item->c), vec_all(item->d),
                      vec_all(theta))
        .p[0];
}

void irt_probabilities(const struct irt_item *item, double theta, double *p)
{
    struct irt_category8 categories[IRT_MAX_CATEGORIES];
    irt_categories8(item, vec_all(theta), categories);
    for (size_t x = 0; x < irt_n_categories(item); x++)
        p[x] = categories[x].p[0];
}

double irt_information(const struct irt_item *item, double theta)
{
    struct irt_category8 categories[IRT_MAX_CATEGORIES];
    double total = 0;
    if (item->model == IRT_LOGISTIC)
        return irt_curve8(vec_all(item->a), vec_all(item->b), vec_all(item->c), vec_all(item->d),
                          vec_all(theta))
            .information[0];
    irt_categories8(item, vec_all(theta), categories);
    for (size_t x = 0; x < item->n_categories; x++)
        total += categories[x].dp[0] * (categories[x].dp[0] / categories[x].p[0]);
    return total;
}

double irt_observed_information(const struct irt_item *item, double theta, size_t category)
{
    struct irt_category8 categories[IRT_MAX_CATEGORIES];
    irt_categories8(item, vec_all(theta), categories);
    double p = categories[category].p[0], r1 = categories[category].dp[0] / p;
    return r1 * r1 - categories[category].d2p[0] / p;
}

/* ---- logarithms ---- */

/* log 1/(1 + exp(-z)) */
VEC_INLINE vec8 log_logistic(vec8 z)
{
    vec8i is_negative = vec_less(z, vec_all(0));
    vec8 size = vec_choose(is_negative, -z, z);
    return vec_choose(is_negative, z, vec_all(0)) - vec_log(1.0 + vec_exp(-size));
}

static vec8 log_logistic_category(const struct irt_item *item, vec8 theta, size_t category)
{
    vec8 z = item->a * (theta - item->b), s = log_logistic(category ? z : -z);
    double floor = category ? item->c : 1.0 - item->d, height = item->d - item->c;
    return floor > 0 ? vec_log(floor + height * vec_exp(s)) : vec_log1(height) + s;
}

static vec8 log_gpcm_category(const struct irt_item *item, vec8 theta, size_t category)
{
    vec8 z[IRT_MAX_CATEGORIES] = {{0}}, highest = {0}, total = {0};
    for (size_t x = 1; x < item->n_categories; x++) {
        z[x] = z[x - 1] + item->a * (theta - item->steps[x - 1]);
        highest = vec_choose(vec_less(highest, z[x]), z[x], highest);
    }
    for (size_t x = 0; x < item->n_categories; x++)
        total += vec_exp(z[x] - highest);
    return z[category] - highest - vec_log(total);
}

static vec8 log_grm_category(const struct irt_item *item, vec8 theta, size_t category)
{
    bool has_lower = category > 0, has_upper = category + 1u < item->n_categories;
    vec8 out = {0};
    if (has_lower)
        out += log_logistic(item->a * (theta - item->steps[category - 1]));
    if (has_upper)
        out += log_logistic(-(item->a * (theta - item->steps[category])));
    if (has_lower && has_upper) {
        double gap = item->a * (item->steps[category] - item->steps[category - 1]);
        out += vec_log1(irt_grm_share(gap));
    }
    return out;
}

void irt_log_category8(const struct irt_item *item, const vec8 *theta, size_t category, vec8 *out)
{
    if (item->model == IRT_LOGISTIC)
        *out = log_logistic_category(item, *theta, category);
    else if (item->model == IRT_GPCM)
        *out = log_gpcm_category(item, *theta, category);
    else
        *out = log_grm_category(item, *theta, category);
}

/* log |P'/P| of each category. */
static void log_slopes(const struct irt_item *item, vec8 theta, const vec8 *log_p, vec8 *out)
{
    struct irt_category8 categories[IRT_MAX_CATEGORIES];
    if (item->model == IRT_LOGISTIC) {
        vec8 z = item->a * (theta - item->b);
        vec8 slope = vec_log1(item->a * (item->d - item->c)) + log_logistic(z) + log_logistic(-z);
        out[0] = slope - log_p[0];
        out[1] = slope - log_p[1];
        return;
    }
    irt_categories8(item, theta, categories);
    for (size_t x = 0; x < item->n_categories; x++) {
        vec8 slope = categories[x].dp / categories[x].p;
        slope = vec_choose(vec_less(slope, vec_all(0)), -slope, slope);
        out[x] = vec_log(vec_clamp(slope, IRT_TINY, 1 / IRT_TINY));
    }
}

void irt_log_information8(const struct irt_item *item, const vec8 *theta, vec8 *out)
{
    vec8 term[IRT_MAX_CATEGORIES], slope[IRT_MAX_CATEGORIES], highest, total = {0};
    size_t n = irt_n_categories(item);
    for (size_t x = 0; x < n; x++)
        irt_log_category8(item, theta, x, &term[x]);
    log_slopes(item, *theta, term, slope);
    highest = term[0] + 2.0 * slope[0];
    for (size_t x = 0; x < n; x++) { /* P (P'/P)^2 */
        term[x] += 2.0 * slope[x];
        highest = vec_choose(vec_less(highest, term[x]), term[x], highest);
    }
    for (size_t x = 0; x < n; x++)
        total += vec_exp(term[x] - highest);
    *out = highest + vec_log(total);
}

void irt_log_probabilities(const struct irt_item *item, double theta, double *out)
{
    struct irt_category8 categories[IRT_MAX_CATEGORIES];
    irt_categories8(item, vec_all(theta), categories);
    for (size_t x = 0; x < irt_n_categories(item); x++)
        out[x] = irt_log8(item, vec_all(theta), x, categories[x].p)[0];
}

/* ---- third derivatives ---- */

/* d^3 s/d theta^3 of s = 1/(1 + exp(-a (theta - b))). */
static double logistic_third(double a, double b, double theta)
{
    double e = vec_exp1(-(a * (theta - b))), s = 1 / (1 + e), t = e * s;
    return a * a * a * s * t * (1 - 6 * s * t);
}

static void gpcm_third(const struct irt_item *item, const struct irt_category8 *categories,
                       double *out)
{
    double mean = 0, variance = 0, third = 0, a = item->a;
    for (size_t x = 0; x < item->n_categories; x++)
        mean += (double)x * categories[x].p[0];
    for (size_t x = 0; x < item->n_categories; x++) {
        double u = (double)x - mean;
        variance += categories[x].p[0] * u * u;
        third += categories[x].p[0] * u * u * u;
    }
    for (size_t x = 0; x < item->n_categories; x++) {
        double u = (double)x - mean;
        out[x] = a * a * a * categories[x].p[0] * (u * u * u - 3 * u * variance - third);
    }
}

static void third_derivatives(const struct irt_item *item, double theta,
                              const struct irt_category8 *categories, double *out)
{
    if (item->model == IRT_LOGISTIC) {
        out[1] = (item->d - item->c) * logistic_third(item->a, item->b, theta);
        out[0] = -out[1];
        return;
    }
    if (item->model == IRT_GPCM) {
        gpcm_third(item, categories, out);
        return;
    }
    double below = 0;
    for (size_t x = 0; x + 1u < item->n_categories; x++) {
        double above = logistic_third(item->a, item->steps[x], theta);
        out[x] = below - above;
        below = above;
    }
    out[item->n_categories - 1] = below;
}

struct irt_functions irt_item_functions(const struct irt_item *item, double theta)
{
    struct irt_category8 categories[IRT_MAX_CATEGORIES];
    double d3p[IRT_MAX_CATEGORIES];
    struct irt_functions out = {0};
    irt_categories8(item, vec_all(theta), categories);
    third_derivatives(item, theta, categories, d3p);
    for (size_t x = 0; x < irt_n_categories(item); x++) {
        double p = categories[x].p[0], r1 = categories[x].dp[0] / p;
        double r2 = categories[x].d2p[0] / p, r3 = d3p[x] / p;
        out.information += p * r1 * r1;
        out.d_information += p * (2 * r1 * r2 - r1 * r1 * r1);
        out.d2_information +=
            p * (2 * r2 * r2 + 2 * r1 * r3 - 5 * r1 * r1 * r2 + 2 * r1 * r1 * r1 * r1);
        out.j += p * r1 * r2;
        out.d_j += p * (r2 * r2 + r1 * r3 - r1 * r1 * r2);
    }
    return out;
}

double irt_bank_information(const struct irt_bank *bank, double theta)
{
    double total = 0;
    for (size_t i = 0; i < bank->n_items; i++)
        if (!bank->items[i].is_pilot)
            total += irt_information(&bank->items[i], theta);
    return total;
}
