/* Maximum information for many sessions at once. The theta scale is cut into bins so narrow that
 * the order of the items by information hardly changes within one. Each bin has its leaders in
 * that order, and a bit for each that is sure to have more information, at every theta of the bin,
 * than any item after it. The choice is then the first leader that is free: no information is
 * computed. Where its bit is not set, or all leaders are used up, fisher_lists.c decides.
 *
 * The bits come from the quadratics of the lists: over |t - m| <= h a difference of two,
 *     D(t) = D0 + D1 (t - m) + D2 (t - m)^2 >= D0 - h |D1| - h^2 |D2|,
 * must exceed twice their error. An item outside the list has no more than the list's last bound.
 * SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include <retake/base/real.h>
#include <stdlib.h>

#include "fisher.h"

enum { SPLIT = 8, AT_ONCE = 8 }; /* bins of leaders in a bin of lists */

/* ---- selection ---- */

static const struct cat_leaders *find_leaders(const struct cat_index *index, double theta)
{
    double position = (theta - index->origin) * index->leaders_per_logit;
    double last = (double)(index->n_bins * SPLIT - 1);
    if (!(position >= 0 && position <= last + 1))
        return NULL;
    return &index->leaders[(size_t)(position < last ? position : last)];
}

/* The first free leader if it is sure, else UINT32_MAX. The leaders are looked at eight at a time:
 * whether one is free cannot be foreseen, but whether one of eight is mostly can. */
static inline uint32_t first_free(const struct cat_leaders *leaders, const uint8_t *shown)
{
    for (unsigned first = 0; first < CAT_N_LEADERS; first += AT_ONCE) {
        const uint16_t *item = leaders->item + first;
        uint32_t used = 0;
        for (unsigned k = AT_ONCE; k-- > 0;)
            used = used + used + shown[item[k]];
        unsigned k = (unsigned)__builtin_ctz(~used);
        if (k < AT_ONCE)
            return leaders->sure >> (first + k) & 1 ? item[k] : UINT32_MAX;
    }
    return UINT32_MAX;
}

void cat_fisher_lists_each(const struct cat_design *design, struct cat_session *const *sessions,
                           size_t n)
{
    const struct cat_available all = {.domain = CAT_ALL_DOMAINS};
    const struct cat_leaders *leaders[CAT_MAX_LANES];
    for (size_t i = 0; i < n; i++) {
        leaders[i] =
            design->index->leaders ? find_leaders(design->index, sessions[i]->seen.theta) : NULL;
        if (leaders[i])
            __builtin_prefetch(leaders[i]);
    }
    for (size_t i = 0; i < n; i++) {
        struct cat_session *self = sessions[i];
        self->item = leaders[i] ? first_free(leaders[i], self->shown) : UINT32_MAX;
        if (self->item == UINT32_MAX)
            cat_fisher_lists_best(design, self, self->seen.theta, all, 1, &self->item);
    }
}

/* ---- tables ---- */

/* One item's quadratic about the middle of a bin of leaders. */
struct contender {
    uint32_t item;
    double d0, d1, d2;
};

static void centre_on(const struct cat_listed *listed, double t, struct contender *out)
{
    out->item = listed->item;
    out->d0 = cat_listed_value(listed, t);
    out->d1 = listed->c1 + 2 * t * listed->c2;
    out->d2 = listed->c2;
}

/* By falling value; the order is nearly right before. */
static void sort(struct contender *all, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        struct contender one = all[i];
        size_t at = i;
        for (; at > 0 && all[at - 1].d0 < one.d0; at--)
            all[at] = all[at - 1];
        all[at] = one;
    }
}

/* How far the n contenders can move against each other over a bin of half width h, at most. */
static double greatest_drift(const struct contender *all, size_t n, double h)
{
    double low = INFINITY, high = -INFINITY, curved = 0;
    for (size_t i = 0; i < n; i++) {
        low = real_min(low, all[i].d1);
        high = real_max(high, all[i].d1);
        curved = real_max(curved, fabs(all[i].d2));
    }
    return h * (high - low) + 2 * h * h * curved;
}

/* Whether contender k surely beats all after it, and what is not listed. */
static bool is_sure(const struct contender *all, size_t n, size_t k, double h, double error,
                    double drift, double unlisted)
{
    double margin = 2 * error;
    if (!(all[k].d0 - h * fabs(all[k].d1) - h * h * fabs(all[k].d2) - margin > unlisted))
        return false;
    for (size_t j = k + 1; j < n && all[k].d0 - all[j].d0 <= drift + margin; j++) {
        double least = all[k].d0 - all[j].d0 - h * fabs(all[k].d1 - all[j].d1) -
                       h * h * fabs(all[k].d2 - all[j].d2);
        if (!(least > margin))
            return false;
    }
    return true;
}

static void fill_leaders(const struct cat_index *index, struct contender *all, double h,
                         double unlisted, struct cat_leaders *out)
{
    size_t n = index->lists[0].n;
    sort(all, n);
    double drift = greatest_drift(all, n, h);
    for (size_t k = 0; k < CAT_N_LEADERS; k++) {
        out->item[k] = (uint16_t)all[k < n ? k : 0].item;
        if (k < n && is_sure(all, n, k, h, index->error, drift, unlisted))
            out->sure |= UINT64_C(1) << k;
    }
}

enum err_code cat_fisher_leaders_init(struct cat_design *design, struct cat_index *index,
                                      struct err *err)
{
    const struct cat_list *list = &index->lists[0];
    double width = 1 / index->n_per_logit, h = 0.5 * width / (double)SPLIT * (1 + 1e-9);
    if (design->n_scored > UINT16_MAX)
        return ERR_OK;
    struct contender *all = malloc(list->n * sizeof *all);
    index->leaders_per_logit = index->n_per_logit * (double)SPLIT;
    index->leaders = arena_alloc(&design->arena, index->n_bins * SPLIT * sizeof *index->leaders);
    if (!all || !index->leaders) {
        free(all);
        return err_set(err, ERR_MEMORY, "no memory for the selection of items");
    }
    for (size_t bin = 0; bin < index->n_bins * SPLIT; bin++) {
        const struct cat_listed *listed = list->listed + bin / SPLIT * list->n;
        double t = (((double)(bin % SPLIT) + 0.5) / (double)SPLIT - 0.5) * width;
        for (size_t i = 0; i < list->n; i++)
            centre_on(&listed[i], t, &all[i]);
        double unlisted = list->is_whole ? 0 : (double)listed[list->n - 1].bound;
        fill_leaders(index, all, h, unlisted, &index->leaders[bin]);
    }
    free(all);
    return ERR_OK;
}
