/* Logarithms of response functions: those of the logistic function, -log(1 + exp(-z)), are sums of
 * what may be far beyond the range of exp and of what is within it.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/irt/log_model.h>

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
