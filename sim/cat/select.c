/* The next scored item: content says where it may come from, the selection rule orders what is
 * available, randomesque draws among the best, and exposure control may set the choice aside.
 * SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "blueprint.h"
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

/* The best available items, best first. */
struct batch {
    uint32_t n;
    uint32_t items[CAT_MAX_RANDOMESQUE];
    bool is_full; /* there may be more than these */
};

static const struct cat_select_rule *rule_of(const struct cat_design *design,
                                             const struct cat_session *session)
{
    return session->seen.n_scored == 0 ? design->start : design->select;
}

static void fill(const struct cat_design *design, struct cat_session *session,
                 struct cat_available from, uint32_t k, struct batch *self)
{
    const struct cat_select_rule *rule = rule_of(design, session);
    bool is_first = session->seen.n_scored == 0;
    double theta = is_first ? design->estimator.start_theta : session->seen.theta;
    self->n = rule->best ? rule->best(design, session, theta, from, k, self->items)
                         : best_by_criterion(rule, design, session, theta, from, k, self->items);
    self->is_full = self->n == k;
}

/* Draw a rank, and look for no more than that needs. */
static uint32_t draw(const struct cat_design *design, struct cat_session *session,
                     struct cat_available from, struct batch *self)
{
    uint32_t k = design->randomesque, at = 0;
    bool is_drawn = rule_of(design, session)->is_drawn;
    if (k > 1 && !is_drawn)
        at = rng_below(&session->rng, k);
    fill(design, session, from, at + 1, self);
    if (self->n == 0)
        return UINT32_MAX;
    if (at >= self->n || (k > 1 && is_drawn))
        at = rng_below(&session->rng, self->n);
    return self->items[at];
}

uint32_t cat_select_draw(const struct cat_design *design, struct cat_session *session,
                         struct cat_available from)
{
    struct batch batch;
    return draw(design, session, from, &batch);
}

static void leave_out(struct batch *self, uint32_t item)
{
    uint32_t at = 0;
    while (self->items[at] != item)
        at++;
    memmove(self->items + at, self->items + at + 1, (--self->n - at) * sizeof *self->items);
}

/* The next item after one was set aside: several more are fetched at once. */
static uint32_t draw_again(const struct cat_design *design, struct cat_session *session,
                           struct cat_available from, uint32_t aside, struct batch *self)
{
    enum { MORE = 16 };
    uint32_t k = design->randomesque, most = k + MORE;
    leave_out(self, aside);
    if (self->n == 0 || (self->n < k && self->is_full))
        fill(design, session, from, most < CAT_MAX_RANDOMESQUE ? most : CAT_MAX_RANDOMESQUE, self);
    if (self->n == 0)
        return UINT32_MAX;
    return self->items[k > 1 ? rng_below(&session->rng, k < self->n ? k : self->n) : 0];
}

uint32_t cat_select_next(const struct cat_design *design, struct cat_session *session)
{
    struct cat_available from = {.domain = CAT_ALL_DOMAINS};
    struct batch batch;
    if (design->exposure)
        cat_restore_exhausted(design, session);
    if (design->content && design->content->blueprint)
        return cat_blueprint_next(design, session);
    if (design->content)
        from = cat_content_next(design, session);
    uint32_t first = draw(design, session, from, &batch), item = first;
    if (!design->exposure || !design->exposure->accepts)
        return first;
    while (item != UINT32_MAX && !design->exposure->accepts(design, session, item)) {
        cat_set_aside(design, session, item);
        item = draw_again(design, session, from, item, &batch);
    }
    return item == UINT32_MAX ? first : item; /* all were set aside: the best after all */
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
