/* Maximum information in a Rasch pool (one common a): information falls with |b - theta|, so the
 * best item is the nearest available one on either side in difficulty order; a set of bits finds
 * it. Ties go to the easier item. SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "fisher.h"

enum { FEW = 8 };

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

/* Any pool: items of equal difficulty lie side by side, and the first of them comes first. */
static uint32_t best_of_any(const struct cat_design *design, const struct cat_session *session,
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

/* The available items on one side of theta, nearest first, with their distances. */
struct side {
    uint32_t n;
    uint32_t items[FEW + 1];
    double far[FEW + 1]; /* INFINITY after the last */
};

static void look_above(const struct cat_design *design, const struct cat_session *session,
                       double theta, struct cat_available from, uint32_t start, uint32_t k,
                       struct side *out)
{
    size_t word = start >> 6, n_words = (design->n_scored + 63) / 64;
    const double *b = design->index->difficulty;
    uint32_t n = 0;
    uint64_t bits =
        word < n_words ? free_word(session, from, word) & (~UINT64_C(0) << (start & 63)) : 0;
    while (n < k) {
        while (!bits && ++word < n_words)
            bits = free_word(session, from, word);
        uint32_t item = bits ? (uint32_t)(word * 64) + (uint32_t)__builtin_ctzll(bits) : UINT32_MAX;
        if (item >= design->n_scored)
            break;
        bits &= bits - 1;
        out->items[n] = item;
        out->far[n++] = b[item] - theta;
    }
    out->far[n] = INFINITY;
    out->n = n;
}

static void look_below(const struct cat_design *design, const struct cat_session *session,
                       double theta, struct cat_available from, uint32_t to, uint32_t k,
                       struct side *out)
{
    const double *b = design->index->difficulty;
    size_t word = to >> 6;
    uint32_t n = 0;
    uint64_t bits = to & 63 ? free_word(session, from, word) & ~(~UINT64_C(0) << (to & 63)) : 0;
    while (n < k) {
        while (!bits && word > 0)
            bits = free_word(session, from, --word);
        if (!bits)
            break;
        int top = 63 - __builtin_clzll(bits);
        bits ^= UINT64_C(1) << top;
        out->items[n] = (uint32_t)(word * 64) + (uint32_t)top;
        out->far[n] = theta - b[out->items[n]];
        n++;
    }
    out->far[n] = INFINITY;
    out->n = n;
}

/* A few of a pool without equal difficulties, without branches that cannot be foreseen. */
static uint32_t best_few(const struct cat_design *design, const struct cat_session *session,
                         double theta, struct cat_available from, uint32_t k, uint32_t *out)
{
    struct side above, below;
    uint32_t start = first_above(design, theta), i = 0, j = 0;
    look_above(design, session, theta, from, start, k, &above);
    look_below(design, session, theta, from, start, k, &below);
    uint32_t n_all = above.n + below.n, n = n_all < k ? n_all : k;
    for (uint32_t at = 0; at < n; at++) {
        bool take_below = below.far[j] <= above.far[i];
        uint32_t low = below.items[j], high = above.items[i];
        out[at] = take_below ? low : high;
        j += take_below;
        i += !take_below;
    }
    return n;
}

uint32_t cat_fisher_rasch_best(const struct cat_design *design, const struct cat_session *session,
                               double theta, struct cat_available from, uint32_t k, uint32_t *out)
{
    if (k > FEW || design->index->has_ties)
        return best_of_any(design, session, theta, from, k, out);
    return best_few(design, session, theta, from, k, out);
}

enum err_code cat_fisher_rasch_init(struct cat_design *design, struct cat_index *index,
                                    struct err *err)
{
    size_t n = design->n_scored;
    double low = design->items[0].b, high = design->items[n - 1].b;
    index->origin = low;
    index->n_bins = 16 * n;
    index->n_per_logit = (double)index->n_bins / (high - low + 1e-6);
    index->bucket = arena_alloc(&design->arena, (index->n_bins + 1) * sizeof *index->bucket);
    index->difficulty = arena_alloc(&design->arena, n * sizeof *index->difficulty);
    index->first_equal = arena_alloc(&design->arena, n * sizeof *index->first_equal);
    if (!index->bucket || !index->difficulty || !index->first_equal)
        return err_set(err, ERR_MEMORY, "no memory for the selection of %zu items", n);
    for (size_t i = 0; i < n; i++) {
        bool is_equal = i > 0 && design->items[i].b == design->items[i - 1].b;
        index->difficulty[i] = design->items[i].b;
        index->has_ties |= is_equal;
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
