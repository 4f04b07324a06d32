/* The most informative test at an ability, by falling information: first what the domains are owed,
 * then the best of the rest. Without enemies no test within the limits has more information (the
 * limits are a matroid). SPDX-License-Identifier: Apache-2.0 */
#include <retake/cat/adequacy.h>

#include <stdlib.h>

#include "rules.h"

static int by_falling_information(const void *left, const void *right)
{
    const struct cat_ranked *a = left, *b = right;
    if (a->information != b->information)
        return a->information < b->information ? 1 : -1;
    return a->item < b->item ? -1 : a->item > b->item;
}

static void swap(struct cat_ranked *a, struct cat_ranked *b)
{
    struct cat_ranked old = *a;
    *a = *b;
    *b = old;
}

/* Whether an enemy of the item is among the first n. */
static bool has_enemy(const struct cat_design *self, const struct cat_ranked *chosen, size_t n,
                      uint32_t item)
{
    uint16_t group = self->items[item].enemy;
    for (size_t k = 0; group && k < n; k++)
        if (self->items[chosen[k].item].enemy == group)
            return true;
    return false;
}

static uint32_t least_of(const struct cat_content *content, size_t domain)
{
    return content->rule->needs_targets && content->quota[domain] > content->least[domain]
               ? content->quota[domain]
               : content->least[domain];
}

/* Whether the first n hold as many of a domain as a test may. */
static bool is_full(const struct cat_design *self, const struct cat_ranked *chosen, size_t n,
                    size_t domain)
{
    size_t count = 0;
    if (!self->content || self->content->most[domain] >= self->exam.max_items)
        return false;
    for (size_t k = 0; k < n; k++)
        count += self->items[chosen[k].item].domain == domain;
    return count >= self->content->most[domain];
}

/* Move up to n_more items, of a domain or of all, to the front, behind the first n; the rest stays
 * in order. Returns how many are in front then. */
static size_t take(const struct cat_design *self, uint32_t domain, size_t n_more, size_t n,
                   struct cat_ranked *items)
{
    for (size_t k = n; k < self->n_scored && n_more > 0; k++) {
        uint32_t item = items[k].item;
        size_t of = self->items[item].domain;
        if (domain != CAT_ALL_DOMAINS && of != domain)
            continue;
        if (domain == CAT_ALL_DOMAINS && is_full(self, items, n, of))
            continue;
        if (has_enemy(self, items, n, item))
            continue;
        for (size_t j = k; j > n; j--)
            swap(&items[j], &items[j - 1]);
        n++;
        n_more--;
    }
    return n;
}

size_t cat_best_test(const struct cat_design *self, double theta, struct cat_ranked *out)
{
    size_t most = self->exam.max_items, n = 0;
    for (uint32_t i = 0; i < self->n_scored; i++)
        out[i] = (struct cat_ranked){irt_information(&self->items[i], theta), i};
    if (!self->stop) /* a linear form: the first items, in the bank's order */
        return most < self->n_scored ? most : self->n_scored;
    qsort(out, self->n_scored, sizeof *out, by_falling_information);
    for (uint32_t d = 0; self->content && d < self->content->n_domains; d++) {
        size_t owed = least_of(self->content, d);
        n = take(self, d, owed < most - n ? owed : most - n, n, out);
    }
    return take(self, CAT_ALL_DOMAINS, most - n, n, out);
}

double cat_best_information(const struct cat_design *self, double theta, struct cat_ranked *scratch)
{
    double total = 0;
    size_t n = cat_best_test(self, theta, scratch);
    for (size_t k = 0; k < n; k++)
        total += scratch[k].information;
    return total;
}
