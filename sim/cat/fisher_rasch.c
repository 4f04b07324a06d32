/* Maximum information in a Rasch pool (one common a): information falls with |b - theta|, so the
 * best item is the nearest available one on either side in difficulty order; a set of bits finds
 * it. Ties go to the easier item. SPDX-License-Identifier: Apache-2.0 */
#include "fisher.h"

static uint64_t free_word(const struct cat_session *session, struct cat_available from, size_t word)
{
    uint64_t bits = ~session->blocked[word];
    return from.set ? bits & from.set[word] : bits;
}

/* The nearest available item at or above at, or n_scored. */
static uint32_t free_above(const struct cat_design *design, const struct cat_session *session,
                           struct cat_available from, uint32_t at)
{
    size_t word = at >> 6, n_words = (design->n_scored + 63) / 64;
    if (at >= design->n_scored)
        return (uint32_t)design->n_scored;
    uint64_t bits = free_word(session, from, word) & (~UINT64_C(0) << (at & 63));
    while (!bits && ++word < n_words)
        bits = free_word(session, from, word);
    if (!bits)
        return (uint32_t)design->n_scored;
    uint32_t item = (uint32_t)(word * 64) + (uint32_t)__builtin_ctzll(bits);
    return item < design->n_scored ? item : (uint32_t)design->n_scored;
}

/* The nearest available item below to, or UINT32_MAX. */
static uint32_t free_below(const struct cat_session *session, struct cat_available from,
                           uint32_t to)
{
    if (to == 0)
        return UINT32_MAX;
    size_t word = (to - 1) >> 6;
    uint64_t bits = free_word(session, from, word) & (~UINT64_C(0) >> (63 - ((to - 1) & 63)));
    while (!bits && word-- > 0)
        bits = free_word(session, from, word);
    if (!bits)
        return UINT32_MAX;
    return (uint32_t)(word * 64) + 63 - (uint32_t)__builtin_clzll(bits);
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

uint32_t cat_fisher_rasch_best(const struct cat_design *design, const struct cat_session *session,
                               double theta, struct cat_available from, uint32_t k, uint32_t *out)
{
    const double *b = design->index->difficulty;
    uint32_t start = first_above(design, theta), n = 0;
    uint32_t above = free_above(design, session, from, start);
    uint32_t below = free_below(session, from, start);
    while (n < k && (above < design->n_scored || below != UINT32_MAX)) {
        bool take_below = below != UINT32_MAX &&
                          (above >= design->n_scored || theta - b[below] <= b[above] - theta);
        if (!take_below) {
            out[n++] = above;
            above = free_above(design, session, from, above + 1);
            continue;
        }
        uint32_t first = design->index->first_equal[below];
        for (uint32_t item = first; n < k; item++) {
            item = free_above(design, session, from, item);
            if (item > below)
                break;
            out[n++] = item;
        }
        below = free_below(session, from, first);
    }
    return n;
}

enum err_code cat_fisher_rasch_init(struct cat_design *design, struct cat_index *index,
                                    struct err *err)
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
