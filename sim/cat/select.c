/* The next scored item: content says where it may come from, the selection rule orders what is
 * available, randomesque draws among the best, and exposure control may set the choice aside.
 * SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <math.h>

#include "content.h"
#include "rules.h"
#include "select.h"
#include "sets.h"

uint32_t cat_select_top(const uint32_t *items, const double *values, size_t n, uint32_t k,
                        uint32_t *out)
{
    double best[CAT_MAX_RANDOMESQUE];
    uint32_t n_best = 0;
    assert(k <= CAT_MAX_RANDOMESQUE);
    for (size_t i = 0; i < n; i++) {
        if (n_best == k && !(values[i] > best[k - 1]))
            continue;
        uint32_t at = n_best < k ? n_best++ : k - 1;
        for (; at > 0 && values[i] > best[at - 1]; at--) {
            best[at] = best[at - 1];
            out[at] = out[at - 1];
        }
        best[at] = values[i];
        out[at] = items[i];
    }
    return n_best;
}

static uint32_t best_by_criterion(const struct cat_select_rule *rule,
                                  const struct cat_design *design, struct cat_session *session,
                                  double theta, struct cat_available from, uint32_t k,
                                  uint32_t *out)
{
    struct cat_scratch *scratch = session->scratch;
    uint32_t n = cat_list_available(design, session, from, scratch->items);
    if (n == 0)
        return 0;
    rule->criterion(rule, design, session, theta, scratch->items, n, scratch->values);
    return cat_select_top(scratch->items, scratch->values, n, k, out);
}

static uint32_t choose(const struct cat_design *design, struct cat_session *session,
                       struct cat_available from)
{
    bool is_first = session->seen.n_scored == 0;
    const struct cat_select_rule *rule = is_first ? design->start : design->select;
    double theta = is_first ? design->estimator.start_theta : session->seen.theta;
    uint32_t best[CAT_MAX_RANDOMESQUE], k = design->randomesque;
    uint32_t n = rule->best ? rule->best(design, session, theta, from, k, best)
                            : best_by_criterion(rule, design, session, theta, from, k, best);
    if (n == 0)
        return UINT32_MAX;
    return best[n > 1 ? rng_below(&session->rng, n) : 0];
}

uint32_t cat_select_next(const struct cat_design *design, struct cat_session *session)
{
    struct cat_available from = {.domain = CAT_ALL_DOMAINS};
    if (design->exposure)
        cat_restore_exhausted(design, session);
    if (design->content)
        from = cat_content_next(design, session);
    uint32_t first = choose(design, session, from);
    if (!design->exposure || !design->exposure->accepts)
        return first;
    for (uint32_t item = first; item != UINT32_MAX; item = choose(design, session, from)) {
        if (design->exposure->accepts(design, session, item))
            return item;
        cat_set_aside(design, session, item);
    }
    return first; /* all were set aside: the test goes on with the best */
}

/* ---- rules from outside the tree ---- */

static void outside_values(const struct cat_select_rule *self, const struct cat_design *design,
                           struct cat_session *session, double theta, const uint32_t *items,
                           size_t n, double *values)
{
    self->outside->values(&design->exam, &session->seen, theta, items, n, values);
    for (size_t i = 0; i < n; i++)
        if (isnan(values[i]))
            values[i] = -INFINITY;
}

const struct cat_select_rule *cat_select_adapt(const struct rule_select *outside,
                                               struct arena *arena)
{
    struct cat_select_rule *rule = arena_alloc(arena, sizeof *rule);
    if (rule)
        *rule = (struct cat_select_rule){.name = outside->name,
                                         .doc = outside->doc,
                                         .parameters = outside->parameters,
                                         .needs_estimate = true,
                                         .criterion = outside_values,
                                         .outside = outside};
    return rule;
}
