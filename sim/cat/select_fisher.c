/* Maximum Fisher information, exactly: the item that a scan over the whole pool would choose.
 *
 * Rasch pools (one common a): information falls with |b - theta|, so the best item is the nearest
 * free one on either side in difficulty order; a set of bits finds it.
 *
 * Other pools: the theta scale is cut into bins. Each bin lists items by falling upper bound of
 * their information over the bin, with the quadratic through three Chebyshev nodes. A scan stops
 * when the bound falls below the best value seen. Where the leader's margin does not exceed twice
 * the error of the quadratics, or the list runs out, the candidates are compared by exact
 * information instead. Ties go to the easier item. SPDX-License-Identifier: Apache-2.0 */
#include "rules.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BINS_PER_LOGIT = 32, N_PROBES = 9, MAX_RANDOMESQUE = 100 };

struct candidate {
    float bound; /* upper bound of the information over the bin */
    uint32_t item;
    double c0, c1, c2; /* information at the bin's centre + t is near c0 + t (c1 + t c2) */
};

struct cat_index {
    bool is_rasch;
    double origin, n_per_logit; /* bins, or buckets of difficulty */
    size_t n_bins, n_listed;
    double error;            /* of the quadratics, at most */
    struct candidate *lists; /* [n_bins][n_listed] */
    uint32_t *bucket;        /* [n_bins + 1]: first item with b >= origin + k / n_per_logit */
    double *difficulty;      /* [n_scored], rising */
    uint32_t *first_equal;   /* [n_scored]: first item of the same difficulty */
};

static bool is_used(const struct cat_session *session, uint32_t item)
{
    return session->used[item >> 6] >> (item & 63) & 1;
}

/* ---- Rasch pools ---- */

/* The nearest free item at or above from, or n_scored. */
static uint32_t free_above(const struct cat_design *design, const struct cat_session *session,
                           uint32_t from)
{
    size_t word = from >> 6, n_words = (design->n_scored + 63) / 64;
    if (from >= design->n_scored)
        return (uint32_t)design->n_scored;
    uint64_t free_bits = ~session->used[word] & (~UINT64_C(0) << (from & 63));
    while (!free_bits && ++word < n_words)
        free_bits = ~session->used[word];
    if (!free_bits)
        return (uint32_t)design->n_scored;
    uint32_t item = (uint32_t)(word * 64) + (uint32_t)__builtin_ctzll(free_bits);
    return item < design->n_scored ? item : (uint32_t)design->n_scored;
}

/* The nearest free item below to, or UINT32_MAX. */
static uint32_t free_below(const struct cat_session *session, uint32_t to)
{
    if (to == 0)
        return UINT32_MAX;
    size_t word = (to - 1) >> 6;
    uint64_t free_bits = ~session->used[word] & (~UINT64_C(0) >> (63 - ((to - 1) & 63)));
    while (!free_bits && word-- > 0)
        free_bits = ~session->used[word];
    if (!free_bits)
        return UINT32_MAX;
    return (uint32_t)(word * 64) + 63 - (uint32_t)__builtin_clzll(free_bits);
}

/* The first item with b >= theta. */
static uint32_t first_above(const struct cat_design *design, double theta)
{
    const struct cat_index *index = design->index;
    double position = (theta - index->origin) * index->n_per_logit;
    if (position <= 0)
        return 0;
    if (position >= (double)index->n_bins)
        return (uint32_t)design->n_scored;
    uint32_t item = index->bucket[(size_t)position];
    while (item < design->n_scored && index->difficulty[item] < theta)
        item++;
    return item;
}

/* Fill best[] with the k nearest free items, nearest first; returns how many there are. */
static uint32_t nearest(const struct cat_design *design, const struct cat_session *session,
                        double theta, uint32_t k, uint32_t *best)
{
    const double *b = design->index->difficulty;
    uint32_t start = first_above(design, theta), n = 0;
    uint32_t above = free_above(design, session, start), below = free_below(session, start);
    while (n < k && (above < design->n_scored || below != UINT32_MAX)) {
        bool take_below = below != UINT32_MAX &&
                          (above >= design->n_scored || theta - b[below] <= b[above] - theta);
        if (!take_below) {
            best[n++] = above;
            above = free_above(design, session, above + 1);
            continue;
        }
        uint32_t first = design->index->first_equal[below];
        for (uint32_t item = first; n < k; item++) {
            item = free_above(design, session, item);
            if (item > below)
                break;
            best[n++] = item;
        }
        below = free_below(session, first);
    }
    return n;
}

/* ---- other pools ---- */

struct leader {
    uint32_t item;
    double value;
};

static bool leads(struct leader a, struct leader b)
{
    return a.value > b.value || (a.value == b.value && a.item < b.item);
}

/* Insert into best[0..n), kept in order and at most k long; returns the new length. */
static uint32_t insert(struct leader *best, uint32_t n, uint32_t k, struct leader one)
{
    if (n == k && !leads(one, best[k - 1]))
        return n;
    uint32_t at = n < k ? n : k - 1;
    for (; at > 0 && leads(one, best[at - 1]); at--)
        best[at] = best[at - 1];
    best[at] = one;
    return n < k ? n + 1 : k;
}

/* The k best by exact information, from a bin's list (NULL: none covers theta) or the whole pool.
 */
static uint32_t exact_scan(const struct cat_design *design, const struct cat_session *session,
                           double theta, const struct candidate *list, uint32_t k,
                           struct leader *best)
{
    uint32_t n = 0;
    for (size_t j = 0; list && j < design->index->n_listed; j++) {
        if (n == k && (double)list[j].bound < best[k - 1].value)
            return n;
        if (!is_used(session, list[j].item))
            n = insert(best, n, k,
                       (struct leader){list[j].item,
                                       irt_information(&design->items[list[j].item], theta)});
    }
    if (list && design->index->n_listed == design->n_scored)
        return n;
    n = 0;
    for (uint32_t item = 0; item < design->n_scored; item++)
        if (!is_used(session, item))
            n = insert(best, n, k,
                       (struct leader){item, irt_information(&design->items[item], theta)});
    return n;
}

/* The best item by the quadratics, or UINT32_MAX where they do not settle it. */
static uint32_t quick_scan(const struct cat_index *index, const struct cat_session *session,
                           const struct candidate *list, double t)
{
    double best = -INFINITY, second = -INFINITY;
    uint32_t item = UINT32_MAX;
    for (size_t j = 0; j < index->n_listed; j++) {
        if ((double)list[j].bound < best - index->error)
            return best - second > 2 * index->error ? item : UINT32_MAX;
        if (is_used(session, list[j].item))
            continue;
        double value = list[j].c0 + t * (list[j].c1 + t * list[j].c2);
        if (value > best) {
            second = best;
            best = value;
            item = list[j].item;
        } else if (value > second) {
            second = value;
        }
    }
    return UINT32_MAX;
}

static uint32_t best_by_information(const struct cat_design *design, struct cat_session *session,
                                    double theta)
{
    const struct cat_index *index = design->index;
    double position = (theta - index->origin) * index->n_per_logit;
    const struct candidate *list = NULL;
    uint32_t k = design->randomesque;
    if (position >= 0 && position <= (double)index->n_bins) {
        size_t bin = position < (double)index->n_bins ? (size_t)position : index->n_bins - 1;
        list = index->lists + bin * index->n_listed;
        double centre = index->origin + ((double)bin + 0.5) / index->n_per_logit;
        uint32_t quick = k == 1 ? quick_scan(index, session, list, theta - centre) : UINT32_MAX;
        if (quick != UINT32_MAX)
            return quick;
    }
    struct leader best[MAX_RANDOMESQUE];
    uint32_t n = exact_scan(design, session, theta, list, k, best);
    if (n == 0)
        return UINT32_MAX;
    return best[k > 1 ? rng_below(&session->rng, n) : 0].item;
}

static uint32_t step(const struct cat_design *design, struct cat_session *session, double theta)
{
    if (!design->index->is_rasch)
        return best_by_information(design, session, theta);
    uint32_t best[MAX_RANDOMESQUE], k = design->randomesque;
    uint32_t n = nearest(design, session, theta, k, best);
    if (n == 0)
        return UINT32_MAX;
    return best[k > 1 ? rng_below(&session->rng, n) : 0];
}

/* ---- tables ---- */

static enum err_code init_rasch(struct cat_design *design, struct cat_index *index, struct err *err)
{
    size_t n = design->n_scored;
    double low = design->items[0].b, high = design->items[n - 1].b;
    index->origin = low;
    index->n_bins = 4 * n;
    index->n_per_logit = (double)index->n_bins / (high - low + 1e-6);
    index->bucket = arena_alloc(&design->arena, (index->n_bins + 1) * sizeof *index->bucket);
    index->difficulty = arena_alloc(&design->arena, n * sizeof *index->difficulty);
    index->first_equal = arena_alloc(&design->arena, n * sizeof *index->first_equal);
    if (!index->bucket || !index->difficulty || !index->first_equal)
        return err_set(err, ERR_MEMORY, "no memory for the selection of %zu items", n);
    for (size_t i = 0; i < n; i++) {
        bool is_equal = i > 0 && design->items[i].b == design->items[i - 1].b;
        index->difficulty[i] = design->items[i].b;
        index->first_equal[i] = is_equal ? index->first_equal[i - 1] : (uint32_t)i;
    }
    uint32_t item = 0;
    for (size_t k = 0; k <= index->n_bins; k++) {
        double edge = low + (double)k / index->n_per_logit;
        while (item < n && index->difficulty[item] < edge - 1e-9)
            item++;
        index->bucket[k] = item;
    }
    return ERR_OK;
}

/* The quadratic through the nodes -h, 0, h of a bin, its greatest error and the bound over the bin.
 */
static double fit(const struct irt_item *item, double centre, double half, struct candidate *out)
{
    double h = half * 0.8660254037844386; /* Chebyshev nodes */
    double low = irt_information(item, centre - h), mid = irt_information(item, centre),
           high = irt_information(item, centre + h);
    out->c0 = mid;
    out->c1 = (high - low) / (2 * h);
    out->c2 = (high - 2 * mid + low) / (2 * h * h);
    double error = 0, most = 0;
    for (int k = 0; k < N_PROBES; k++) {
        double t = half * (2.0 * k / (N_PROBES - 1) - 1);
        double exact = irt_information(item, centre + t);
        error = fmax(error, fabs(exact - (out->c0 + t * (out->c1 + t * out->c2))));
        most = fmax(most, exact);
    }
    out->bound = (float)((most + 4 * error) * (1 + 1e-6) + 1e-12);
    return error;
}

static int by_bound(const void *left, const void *right)
{
    const struct candidate *a = left, *b = right;
    if (a->bound != b->bound)
        return a->bound > b->bound ? -1 : 1;
    return a->item < b->item ? -1 : 1;
}

static enum err_code init_lists(struct cat_design *design, struct cat_index *index, struct err *err)
{
    size_t n = design->n_scored, wanted = design->exam.max_items + design->randomesque + 64;
    double width = 1.0 / BINS_PER_LOGIT;
    index->n_listed = wanted < n ? wanted : n;
    index->origin = design->theta_min;
    index->n_per_logit = BINS_PER_LOGIT;
    index->n_bins = (size_t)ceil((design->theta_max - design->theta_min) * BINS_PER_LOGIT);
    index->lists =
        arena_alloc(&design->arena, index->n_bins * index->n_listed * sizeof *index->lists);
    struct candidate *all = malloc(n * sizeof *all);
    if (!index->lists || !all) {
        free(all);
        return err_set(err, ERR_MEMORY, "no memory for the selection of %zu items", n);
    }
    for (size_t bin = 0; bin < index->n_bins; bin++) {
        double centre = index->origin + ((double)bin + 0.5) * width;
        for (size_t i = 0; i < n; i++) {
            all[i].item = (uint32_t)i;
            index->error = fmax(index->error, fit(&design->items[i], centre, width / 2, &all[i]));
        }
        qsort(all, n, sizeof *all, by_bound);
        memcpy(index->lists + bin * index->n_listed, all, index->n_listed * sizeof *all);
    }
    free(all);
    index->error = 2 * index->error + 1e-13;
    return ERR_OK;
}

static bool is_rasch(const struct cat_design *design)
{
    for (size_t i = 0; i < design->n_scored; i++) {
        const struct irt_item *item = &design->items[i];
        if (item->a != design->items[0].a || item->c != 0 || item->d != 1)
            return false;
    }
    return true;
}

static enum err_code init(struct cat_design *design, struct err *err)
{
    struct cat_index *index = arena_alloc(&design->arena, sizeof *index);
    if (!index)
        return err_set(err, ERR_MEMORY, "no memory for the selection of items");
    design->index = index;
    index->is_rasch = is_rasch(design);
    return index->is_rasch ? init_rasch(design, index, err) : init_lists(design, index, err);
}

const struct cat_select_rule cat_select_fisher = {
    .name = "fisher",
    .doc = "maximum Fisher information at the estimate (Lord 1980), exactly",
    .needs_estimate = true,
    .init = init,
    .step = step,
};
