/* The nearest item: closest_difficulty to the estimate plus exam.select.offset (Urry 1970),
 * closest_maximum by the point where the item's information is greatest (Li & Schafer 2005).
 * SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include <retake/base/real.h>

#include "rules.h"

static void closest_difficulty(const struct cat_select_rule *self, const struct cat_design *design,
                               struct cat_session *session, double theta, const uint32_t *items,
                               size_t n, double *values)
{
    (void)self, (void)session;
    double wanted = theta + design->select_numbers->offset;
    for (size_t i = 0; i < n; i++)
        values[i] = -fabs(design->items[items[i]].b - wanted);
}

static void closest_maximum(const struct cat_select_rule *self, const struct cat_design *design,
                            struct cat_session *session, double theta, const uint32_t *items,
                            size_t n, double *values)
{
    (void)self, (void)session;
    for (size_t i = 0; i < n; i++)
        values[i] = -fabs(design->peaks[items[i]] - theta);
}

/* Where information is greatest: the best of a grid around b, then bisection of its slope. */
static double peak(const struct irt_item *item)
{
    const int n = 400;
    double step = 20 / item->a / n, low = item->b - 10 / item->a, best = -1, at = low;
    for (size_t k = 0; item->steps && k + 1 < irt_n_categories(item); k++)
        low = real_min(low, item->steps[k] - 10 / item->a);
    step = real_max(step, 2 * (item->b - low) / n);
    for (int k = 0; k <= n; k++) {
        double information = irt_information(item, low + k * step);
        if (information > best) {
            best = information;
            at = low + k * step;
        }
    }
    double left = at - step, right = at + step;
    for (int k = 0; k < 100 && left < right; k++) {
        double middle = 0.5 * (left + right);
        if (irt_item_functions(item, middle).d_information > 0)
            left = middle;
        else
            right = middle;
    }
    return 0.5 * (left + right);
}

static enum err_code init_peaks(const struct scenario *scenario, struct cat_design *design,
                                struct err *err)
{
    (void)scenario;
    double *peaks = arena_alloc(&design->arena, design->n_scored * sizeof *peaks);
    if (!peaks)
        return err_set(err, ERR_MEMORY, "no memory for the selection of items");
    for (size_t i = 0; i < design->n_scored; i++)
        peaks[i] = peak(&design->items[i]);
    design->peaks = peaks;
    return ERR_OK;
}

const struct cat_select_rule cat_select_closest_difficulty = {
    .name = "closest_difficulty",
    .doc = "the difficulty nearest to the estimate plus exam.select.offset (Urry 1970)",
    .parameters = "exam.select.offset",
    .needs_estimate = true,
    .criterion = closest_difficulty,
};

const struct cat_select_rule cat_select_closest_maximum = {
    .name = "closest_maximum",
    .doc = "the item whose information peaks nearest to the estimate (Li & Schafer 2005)",
    .needs_estimate = true,
    .init = init_peaks,
    .criterion = closest_maximum,
};
