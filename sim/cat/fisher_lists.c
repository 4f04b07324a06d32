/* Maximum information in any pool, exactly. The theta scale is cut into bins. Each bin lists items
 * by falling upper bound of their information over the bin, with the quadratic through three
 * Chebyshev nodes. A scan stops when the bound falls below the k-th best value seen. Where the
 * margins do not exceed twice the error of the quadratics, or the list runs out, the candidates are
 * compared by exact information instead. Ties go to the easier item.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/irt/model.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fisher.h"

enum { BINS_PER_LOGIT = 32, N_PROBES = 9 };

/* ---- selection ---- */

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

/* The list of one bin: the items of a set, or a superset of it. */
struct bin {
    const struct cat_listed *listed; /* NULL: no bin covers theta */
    size_t n;
    bool is_whole;
    double t; /* theta - centre */
};

/* The k best by exact information, from a bin's list or the whole set. */
static uint32_t exact_scan(const struct cat_design *design, const struct cat_session *session,
                           double theta, struct cat_available from, struct bin bin, uint32_t k,
                           struct leader *best)
{
    uint32_t n = 0;
    for (size_t j = 0; j < bin.n; j++) {
        uint32_t item = bin.listed[j].item;
        if (n == k && (double)bin.listed[j].bound < best[k - 1].value)
            return n;
        if (cat_is_available(session, from, item))
            n = insert(best, n, k,
                       (struct leader){item, irt_information(&design->items[item], theta)});
    }
    if (bin.is_whole)
        return n;
    n = 0;
    for (uint32_t item = 0; item < design->n_scored; item++)
        if (cat_is_available(session, from, item))
            n = insert(best, n, k,
                       (struct leader){item, irt_information(&design->items[item], theta)});
    return n;
}

/* The best item by the quadratics, or UINT32_MAX where they do not settle it. */
static uint32_t quick_best(double error, const struct cat_session *session,
                           struct cat_available from, struct bin bin)
{
    double best = -INFINITY, second = -INFINITY;
    uint32_t item = UINT32_MAX;
    for (size_t j = 0; j < bin.n; j++) {
        const struct cat_listed *one = &bin.listed[j];
        if ((double)one->bound < best - error)
            return best - second > 2 * error ? item : UINT32_MAX;
        if (!cat_is_available(session, from, one->item))
            continue;
        double value = cat_listed_value(one, bin.t);
        if (value > best) {
            second = best;
            best = value;
            item = one->item;
        } else if (value > second) {
            second = value;
        }
    }
    return UINT32_MAX;
}

/* The k best by the quadratics; 0 where they do not settle them and their order. */
static uint32_t quick_scan(double error, const struct cat_session *session,
                           struct cat_available from, struct bin bin, uint32_t k,
                           struct leader *best)
{
    uint32_t n = 0;
    size_t j = 0;
    for (; j < bin.n; j++) {
        const struct cat_listed *one = &bin.listed[j];
        if (n >= k && (double)one->bound < best[k - 1].value - error)
            break;
        if (cat_is_available(session, from, one->item))
            n = insert(best, n, k + 1, (struct leader){one->item, cat_listed_value(one, bin.t)});
    }
    if (n < k || j == bin.n)
        return 0;
    for (uint32_t i = 0; i + 1 < n; i++)
        if (best[i].value - best[i + 1].value <= 2 * error)
            return 0;
    return k;
}

static struct bin find_bin(const struct cat_index *index, double theta, struct cat_available from)
{
    double position = (theta - index->origin) * index->n_per_logit;
    if (!(position >= 0 && position <= (double)index->n_bins))
        return (struct bin){0};
    size_t k = position < (double)index->n_bins ? (size_t)position : index->n_bins - 1;
    const struct cat_list *list =
        &index->lists[from.domain == CAT_ALL_DOMAINS ? 0 : 1 + from.domain];
    double centre = index->origin + ((double)k + 0.5) / index->n_per_logit;
    return (struct bin){list->listed + k * list->n, list->n, list->is_whole, theta - centre};
}

uint32_t cat_fisher_lists_best(const struct cat_design *design, const struct cat_session *session,
                               double theta, struct cat_available from, uint32_t k, uint32_t *out)
{
    const struct cat_index *index = design->index;
    struct leader best[CAT_MAX_RANDOMESQUE + 1];
    struct bin bin = find_bin(index, theta, from);
    if (k == 1) {
        out[0] = quick_best(index->error, session, from, bin);
        if (out[0] != UINT32_MAX)
            return 1;
    }
    uint32_t n = k > 1 ? quick_scan(index->error, session, from, bin, k, best) : 0;
    if (n == 0)
        n = exact_scan(design, session, theta, from, bin, k, best);
    for (uint32_t i = 0; i < n; i++)
        out[i] = best[i].item;
    return n;
}

/* ---- tables ---- */

VEC_INLINE vec8 information8(const struct irt_item *item, vec8 theta)
{
    vec8 out;
    if (item->model == IRT_LOGISTIC)
        return irt_curve8(vec_all(item->a), vec_all(item->b), vec_all(item->c), vec_all(item->d),
                          theta)
            .information;
    for (int i = 0; i < VEC_LANES; i++)
        out[i] = irt_information(item, theta[i]);
    return out;
}

/* The quadratic through the nodes -h, 0, h of a bin, its greatest error and the bound over the bin.
 */
VEC_CLONES static double fit(const struct irt_item *item, double centre, double half,
                             struct cat_listed *out)
{
    double h = half * 0.8660254037844386; /* Chebyshev nodes */
    const vec8 first = {-h, 0, h, -half, -0.75 * half, -0.5 * half, -0.25 * half, 0.25 * half};
    const vec8 second = {0.5 * half, 0.75 * half, half, 0, 0, 0, 0, 0};
    vec8 y = information8(item, centre + first), z = information8(item, centre + second);
    out->c0 = y[1];
    out->c1 = (y[2] - y[0]) / (2 * h);
    out->c2 = (y[2] - 2 * y[1] + y[0]) / (2 * h * h);
    double error = 0, most = 0;
    for (int k = 0; k < N_PROBES; k++) {
        double t = k < 6 ? first[k + 2] : second[k - 6], exact = k < 6 ? y[k + 2] : z[k - 6];
        error = fmax(error, fabs(exact - cat_listed_value(out, t)));
        most = fmax(most, exact);
    }
    most = fmax(most, y[1]);
    out->bound = (float)((most + 4 * error) * (1 + 1e-6) + 1e-12);
    return error;
}

static int by_bound(const void *left, const void *right)
{
    const struct cat_listed *a = left, *b = right;
    if (a->bound != b->bound)
        return a->bound > b->bound ? -1 : 1;
    return a->item < b->item ? -1 : 1;
}

/* Scored items of domain d; of all when d is SIZE_MAX. */
static size_t count_items(const struct cat_design *design, size_t d)
{
    size_t n = 0;
    for (size_t i = 0; i < design->n_scored; i++)
        n += d == SIZE_MAX || design->items[i].domain == d;
    return n;
}

static bool allocate_lists(struct cat_design *design, struct cat_index *index, size_t n_lists)
{
    const size_t aside = 1000; /* items that exposure control may set aside */
    size_t wanted = design->exam.max_items + design->randomesque + (design->exposure ? aside : 64);
    index->lists = arena_alloc(&design->arena, n_lists * sizeof *index->lists);
    for (size_t k = 0; index->lists && k < n_lists; k++) {
        struct cat_list *list = &index->lists[k];
        size_t n = count_items(design, k - 1);
        list->n = wanted < n ? wanted : n;
        list->is_whole = list->n == n;
        list->listed =
            arena_alloc(&design->arena, (index->n_bins * list->n + 1) * sizeof *list->listed);
        if (!list->listed)
            return false;
    }
    return index->lists != NULL;
}

/* The lists of one bin from all items in the order of their bounds. */
static void fill_bin(const struct cat_design *design, struct cat_index *index, size_t n_lists,
                     size_t bin, const struct cat_listed *all)
{
    memcpy(index->lists[0].listed + bin * index->lists[0].n, all, index->lists[0].n * sizeof *all);
    for (size_t d = 0; d + 1 < n_lists; d++) {
        struct cat_list *list = &index->lists[1 + d];
        struct cat_listed *out = list->listed + bin * list->n;
        size_t n = 0;
        for (size_t i = 0; i < design->n_scored && n < list->n; i++)
            if (design->items[all[i].item].domain == d)
                out[n++] = all[i];
    }
}

enum err_code cat_fisher_lists_init(struct cat_design *design, struct cat_index *index,
                                    struct err *err)
{
    size_t n = design->n_scored, n_lists = 1;
    double width = 1.0 / BINS_PER_LOGIT;
    double low = design->estimator.theta_min, high = design->estimator.theta_max;
    if (design->content)
        n_lists += design->content->n_domains;
    index->origin = low;
    index->n_per_logit = BINS_PER_LOGIT;
    index->n_bins = (size_t)ceil((high - low) * BINS_PER_LOGIT);
    struct cat_listed *all = malloc(n * sizeof *all);
    if (!all || !allocate_lists(design, index, n_lists)) {
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
        fill_bin(design, index, n_lists, bin, all);
    }
    free(all);
    index->error = 2 * index->error + 1e-13;
    return cat_fisher_leaders_init(design, index, err);
}
