/* Maximum information in a Rasch pool (one common a): information falls with |b - theta|, so the
 * best item is the nearest available one on either side in difficulty order; a set of bits finds
 * it. Ties go to the easier item. SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include <retake/base/wording.h>

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

/* The bin of theta on a ladder: 0 below it, n_bins above it. */
static size_t bin_of(const struct cat_ladder *ladder, double theta)
{
    double position = (theta - ladder->origin) * ladder->n_per_logit;
    position = position > 0 ? position : 0;
    return (size_t)(int64_t)(position < (double)ladder->n_bins ? position : (double)ladder->n_bins);
}

/* The first item of a ladder with b >= theta, which lies in the bin. */
static uint32_t first_in_bin(const struct cat_ladder *ladder, size_t bin, double theta)
{
    uint32_t item = ladder->bucket[bin];
    item += ladder->difficulty[item] < theta; /* more than one is rare */
    while (ladder->difficulty[item] < theta)  /* the last is INFINITY */
        item++;
    return item;
}

static uint32_t first_above(const struct cat_ladder *ladder, double theta)
{
    return first_in_bin(ladder, bin_of(ladder, theta), theta);
}

/* Any pool: items of equal difficulty lie side by side, and the first of them comes first. */
static uint32_t best_of_any(const struct cat_design *design, const struct cat_session *session,
                            double theta, struct cat_available from, uint32_t k, uint32_t *out)
{
    const double *b = design->index->ladders[0].difficulty;
    uint32_t start = first_above(&design->index->ladders[0], theta), n = 0;
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

/* A ladder and what of it is available. */
struct view {
    const struct cat_ladder *ladder;
    const uint64_t *blocked, *set; /* set: NULL = all */
};

static struct view view_of(const struct cat_design *design, const struct cat_session *session,
                           struct cat_available from)
{
    const struct cat_ladder *ladders = design->index->ladders;
    if (from.domain == CAT_ALL_DOMAINS)
        return (struct view){ladders, session->blocked, from.set};
    size_t first = design->content->first_word[from.domain];
    return (struct view){ladders + 1 + from.domain, session->blocked_slots + first, NULL};
}

static uint64_t view_word(struct view view, size_t word)
{
    uint64_t bits = ~view.blocked[word];
    return view.set ? bits & view.set[word] : bits;
}

/* The available items on one side of theta, nearest first, with their distances. */
struct side {
    uint32_t n;
    uint32_t at[FEW + 1]; /* on the ladder */
    double far[FEW + 1];  /* INFINITY after the last */
};

static void look_above(struct view view, double theta, uint32_t start, uint32_t k, struct side *out)
{
    const struct cat_ladder *ladder = view.ladder;
    size_t word = start >> 6, n_words = (ladder->n + 63) / 64;
    uint32_t n = 0;
    uint64_t bits = word < n_words ? view_word(view, word) & (~UINT64_C(0) << (start & 63)) : 0;
    while (n < k) {
        while (!bits && ++word < n_words)
            bits = view_word(view, word);
        uint32_t at = bits ? (uint32_t)(word * 64) + (uint32_t)__builtin_ctzll(bits) : UINT32_MAX;
        if (at >= ladder->n)
            break;
        bits &= bits - 1;
        out->at[n] = at;
        out->far[n++] = ladder->difficulty[at] - theta;
    }
    out->at[n] = 0;
    out->far[n] = INFINITY;
    out->n = n;
}

static void look_below(struct view view, double theta, uint32_t to, uint32_t k, struct side *out)
{
    size_t word = to >> 6;
    uint32_t n = 0;
    uint64_t bits = to & 63 ? view_word(view, word) & ~(~UINT64_C(0) << (to & 63)) : 0;
    while (n < k) {
        while (!bits && word > 0)
            bits = view_word(view, --word);
        if (!bits)
            break;
        int top = 63 - __builtin_clzll(bits);
        bits ^= UINT64_C(1) << top;
        out->at[n] = (uint32_t)(word * 64) + (uint32_t)top;
        out->far[n] = theta - view.ladder->difficulty[out->at[n]];
        n++;
    }
    out->at[n] = 0;
    out->far[n] = INFINITY;
    out->n = n;
}

/* A few of a pool without equal difficulties, without branches that cannot be foreseen. */
static uint32_t best_few(struct view view, double theta, uint32_t k, uint32_t *out)
{
    struct side above, below;
    uint32_t start = first_above(view.ladder, theta), i = 0, j = 0;
    look_above(view, theta, start, k, &above);
    look_below(view, theta, start, k, &below);
    uint32_t n_all = above.n + below.n, n = n_all < k ? n_all : k;
    for (uint32_t rank = 0; rank < n; rank++) {
        bool take_below = below.far[j] <= above.far[i];
        uint32_t low = below.at[j], high = above.at[i];
        out[rank] = view.ladder->items[take_below ? low : high];
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
    return best_few(view_of(design, session, from), theta, k, out);
}

/* ---- all sessions at once ---- */

/* 64 bits of a set from bit at on; at may lie up to two words outside. */
static inline uint64_t window(const uint64_t *words, int64_t at)
{
    int64_t word = at >> 6;
    unsigned turn = (unsigned)at & 63;
    return (words[word] >> turn) | ((words[word + 1] << 1) << (63 - turn));
}

/* The nearest free item among the 128 on either side of start, the first at or above theta, without
 * a branch that cannot be foreseen. @return UINT32_MAX: one side has none there */
static inline uint32_t nearest(const struct cat_ladder *ladder, const uint64_t *blocked,
                               uint32_t start, double theta)
{
    int64_t at = start, n = (int64_t)ladder->n;
    uint64_t above = ~window(blocked, at), above2 = ~window(blocked, at + 64);
    uint64_t below = ~window(blocked, at - 64), below2 = ~window(blocked, at - 128);
    if (!(above | above2) || !(below | below2))
        return UINT32_MAX;
    int64_t up = above ? at : at + 64, down = below ? at - 1 : at - 65;
    up += __builtin_ctzll(above ? above : above2);
    down -= __builtin_clzll(below ? below : below2);
    up = up < n ? up : n;
    int64_t takes_below = theta - ladder->difficulty[down] <= ladder->difficulty[up] - theta;
    return (uint32_t)(up ^ ((up ^ down) & -takes_below));
}

void cat_fisher_rasch_each(const struct cat_design *design, struct cat_session *const *sessions,
                           size_t n)
{
    const struct cat_available all = {.domain = CAT_ALL_DOMAINS};
    const struct cat_ladder *ladder = &design->index->ladders[0];
    size_t bin[CAT_MAX_LANES];
    uint32_t start[CAT_MAX_LANES];
    for (size_t i = 0; i < n; i++) {
        bin[i] = bin_of(ladder, sessions[i]->seen.theta);
        __builtin_prefetch(&ladder->bucket[bin[i]]);
    }
    for (size_t i = 0; i < n; i++)
        start[i] = first_in_bin(ladder, bin[i], sessions[i]->seen.theta);
    for (size_t i = 0; i < n; i++) {
        struct cat_session *self = sessions[i];
        uint32_t item = nearest(ladder, self->blocked, start[i], self->seen.theta);
        if (item == UINT32_MAX)
            cat_fisher_rasch_best(design, self, self->seen.theta, all, 1, &item);
        else if (design->index->first_equal[item] != item) /* whichever side it is on */
            item = free_above(design, self, all, design->index->first_equal[item]);
        self->item = item;
    }
}

/* ---- tables ---- */

static void fill_buckets(struct cat_ladder *self)
{
    uint32_t item = 0;
    for (size_t k = 0; k <= self->n_bins; k++) {
        double edge = self->origin + (double)k / self->n_per_logit;
        while (item < self->n && self->difficulty[item] < edge - 1e-9)
            item++;
        self->bucket[k] = item;
    }
}

/* The ladder of a domain, or of all items with CAT_ALL_DOMAINS. */
static bool ladder_init(struct cat_design *design, uint32_t domain, struct cat_ladder *self)
{
    const struct irt_item *items = design->items;
    for (size_t i = 0; i < design->n_scored; i++)
        self->n += domain == CAT_ALL_DOMAINS || items[i].domain == domain;
    self->n_bins = 16 * self->n;
    self->bucket = arena_alloc(&design->arena, (self->n_bins + 1) * sizeof *self->bucket);
    self->difficulty = arena_alloc(&design->arena, (self->n + 1) * sizeof *self->difficulty);
    self->items = arena_alloc(&design->arena, (self->n + 1) * sizeof *self->items);
    if (!self->bucket || !self->difficulty || !self->items)
        return false;
    size_t n = 0;
    for (uint32_t i = 0; i < design->n_scored; i++)
        if (domain == CAT_ALL_DOMAINS || items[i].domain == domain) {
            self->items[n] = i;
            self->difficulty[n++] = items[i].b;
        }
    self->difficulty[n] = INFINITY;
    if (n == 0)
        return true;
    self->origin = self->difficulty[0];
    self->n_per_logit = (double)self->n_bins / (self->difficulty[n - 1] - self->origin + 1e-6);
    fill_buckets(self);
    return true;
}

enum err_code cat_fisher_rasch_init(struct cat_design *design, struct cat_index *index,
                                    struct err *err)
{
    size_t n = design->n_scored, n_domains = design->content ? design->content->n_domains : 0;
    index->ladders = arena_alloc(&design->arena, (1 + n_domains) * sizeof *index->ladders);
    index->first_equal = arena_alloc(&design->arena, n * sizeof *index->first_equal);
    bool fits = index->ladders && index->first_equal &&
                ladder_init(design, CAT_ALL_DOMAINS, &index->ladders[0]);
    for (uint32_t d = 0; fits && d < n_domains; d++)
        fits = ladder_init(design, d, &index->ladders[1 + d]);
    if (!fits)
        return err_set(err, ERR_MEMORY, "no memory for the selection of %s",
                       wording_count(n, "item").text);
    const double *b = index->ladders[0].difficulty;
    for (size_t i = 0; i < n; i++) {
        bool is_equal = i > 0 && b[i] == b[i - 1];
        index->has_ties |= is_equal;
        index->first_equal[i] = is_equal ? index->first_equal[i - 1] : (uint32_t)i;
    }
    return ERR_OK;
}
