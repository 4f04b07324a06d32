/* Maximum information in any pool, exactly. The theta scale is cut into bins. Each bin lists items
 * by falling upper bound of their information over the bin, with the quadratic through three
 * Chebyshev nodes. A scan stops when the bound falls below the k-th best value seen. Where the
 * margins do not exceed twice the error of the quadratics, or the list runs out, the candidates are
 * compared by exact information instead. Ties go to the easier item.
 *
 * Most items are far below a bin's list, and one value shows it. Of a logistic item, with s and t
 * as in irt/model.h and P >= (d - c) s, Q >= (d - c) t,
 *     d ln I/d theta = 2 a (t - s) - P'/P + P'/Q      lies in      [-2 a, 2 a],
 * so that over |theta - centre| <= h  I <= I(centre) exp(2 a h). Where this is less than the n-th
 * greatest I(centre), n being the length of the list, the item is left out without a quadratic: the
 * last bound of the list is not less than that either.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/real.h>
#include <retake/base/wording.h>
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
VEC_INLINE double fit(const struct irt_item *item, double centre, double half,
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
        error = real_max(error, fabs(exact - cat_listed_value(out, t)));
        most = real_max(most, exact);
    }
    most = real_max(most, y[1]);
    out->bound = (float)((most + 4 * error) * (1 + 1e-6) + 1e-12);
    return error;
}

static int by_bound(const void *left, const void *right)
{
    const struct cat_listed *a = left, *b = right;
    if (a->bound != b->bound)
        return a->bound > b->bound ? -1 : 1;
    return (a->item > b->item) - (a->item < b->item);
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

/* What the tables are made from, bin by bin. */
struct workshop {
    vec8 *a, *b, *c, *d;    /* of the items, padded */
    vec8 *growth;           /* exp(2 a h); INFINITY: not a logistic item */
    vec8 *middle;           /* information at the centre of the bin */
    double *values;         /* of one list */
    bool *is_fit;           /* items that lists of the bin may hold */
    struct cat_listed *all; /* these items */
    size_t n, n_vectors, n_fit;
};

static bool workshop_init(const struct cat_design *design, double half, struct workshop *self)
{
    size_t n = design->n_scored, n_vectors = (n + VEC_LANES - 1) / VEC_LANES;
    vec8 *numbers = aligned_alloc(sizeof(vec8), 7 * n_vectors * sizeof(vec8));
    *self = (struct workshop){.a = numbers, .n = n, .n_vectors = n_vectors};
    self->is_fit = malloc(n_vectors * VEC_LANES);
    self->all = malloc(n * sizeof *self->all);
    if (!numbers || !self->is_fit || !self->all)
        return false;
    self->b = numbers + n_vectors;
    self->c = numbers + 2 * n_vectors;
    self->d = numbers + 3 * n_vectors;
    self->growth = numbers + 4 * n_vectors;
    self->middle = numbers + 5 * n_vectors;
    self->values = (double *)(numbers + 6 * n_vectors);
    for (size_t i = 0; i < n_vectors * VEC_LANES; i++) {
        const struct irt_item *item = &design->items[i < n ? i : 0];
        bool is_logistic = item->model == IRT_LOGISTIC;
        ((double *)self->a)[i] = is_logistic ? item->a : 0; /* no information: always fit */
        ((double *)self->b)[i] = is_logistic ? item->b : 0;
        ((double *)self->c)[i] = is_logistic ? item->c : 0;
        ((double *)self->d)[i] = is_logistic ? item->d : 1;
        ((double *)self->growth)[i] =
            is_logistic ? vec_exp1(2 * fabs(item->a) * half) * (1 + 1e-9) : (double)INFINITY;
    }
    return true;
}

static void workshop_free(struct workshop *self)
{
    free(self->a);
    free(self->is_fit);
    free(self->all);
}

/* The k-th greatest of n values, k from 1; the values change places. */
static double kth_greatest(double *values, size_t n, size_t k)
{
    size_t low = 0, high = n;
    while (high - low > 1) {
        double pivot = values[low + (high - low) / 2];
        size_t greater = low, at = low, less = high;
        while (at < less) {
            double x = values[at];
            if (x > pivot) {
                values[at++] = values[greater];
                values[greater++] = x;
            } else if (x < pivot) {
                values[at] = values[--less];
                values[less] = x;
            } else {
                at++;
            }
        }
        if (k - 1 >= greater && k - 1 < less)
            return pivot;
        if (k - 1 < greater)
            high = greater;
        else
            low = less;
    }
    return values[low];
}

/* Mark what the list of domain d (SIZE_MAX: of all items) may hold. */
VEC_INLINE void screen(const struct cat_design *design, size_t d, const struct cat_list *list,
                       struct workshop *self)
{
    const double *middle = (const double *)self->middle, *growth = (const double *)self->growth;
    size_t n = 0;
    for (size_t i = 0; i < self->n; i++) {
        bool is_in = d == SIZE_MAX || design->items[i].domain == d;
        self->values[n] = middle[i];
        n += is_in;
    }
    if (list->n == 0)
        return;
    double least = kth_greatest(self->values, n, list->n);
    for (size_t i = 0; i < self->n; i++) {
        bool is_in = d == SIZE_MAX || design->items[i].domain == d;
        self->is_fit[i] |= is_in && !(middle[i] * growth[i] + 1e-100 < least);
    }
}

/* Fit what the lists of one bin may hold. @return the greatest error */
VEC_CLONES static double fit_bin(const struct cat_design *design, const struct cat_list *lists,
                                 size_t n_lists, double centre, double half, struct workshop *self)
{
    double error = 0;
    size_t n = 0;
    for (size_t v = 0; v < self->n_vectors; v++)
        self->middle[v] =
            irt_curve8(self->a[v], self->b[v], self->c[v], self->d[v], vec_all(centre)).information;
    memset(self->is_fit, 0, self->n);
    for (size_t k = 0; k < n_lists; k++)
        screen(design, k - 1, &lists[k], self);
    for (size_t i = 0; i < self->n; i++)
        if (self->is_fit[i]) {
            self->all[n].item = (uint32_t)i;
            error = real_max(error, fit(&design->items[i], centre, half, &self->all[n++]));
        }
    self->n_fit = n;
    return error;
}

/* The lists of one bin from its items in the order of their bounds. */
static void fill_bin(const struct cat_design *design, struct cat_index *index, size_t n_lists,
                     size_t bin, const struct workshop *workshop)
{
    const struct cat_listed *all = workshop->all;
    memcpy(index->lists[0].listed + bin * index->lists[0].n, all, index->lists[0].n * sizeof *all);
    for (size_t d = 0; d + 1 < n_lists; d++) {
        struct cat_list *list = &index->lists[1 + d];
        struct cat_listed *out = list->listed + bin * list->n;
        size_t n = 0;
        for (size_t i = 0; i < workshop->n_fit && n < list->n; i++)
            if (design->items[all[i].item].domain == d)
                out[n++] = all[i];
    }
}

enum err_code cat_fisher_lists_init(struct cat_design *design, struct cat_index *index,
                                    struct err *err)
{
    size_t n_lists = 1 + (design->content ? design->content->n_domains : 0);
    double width = 1.0 / (double)BINS_PER_LOGIT;
    double low = design->estimator.theta_min, high = design->estimator.theta_max;
    struct workshop workshop;
    index->origin = low;
    index->n_per_logit = BINS_PER_LOGIT;
    index->n_bins = (size_t)ceil((high - low) * (double)BINS_PER_LOGIT);
    if (!workshop_init(design, width / 2, &workshop) || !allocate_lists(design, index, n_lists)) {
        workshop_free(&workshop);
        return err_set(err, ERR_MEMORY, "no memory for the selection of %s",
                       wording_count(design->n_scored, "item").text);
    }
    for (size_t bin = 0; bin < index->n_bins; bin++) {
        double centre = index->origin + ((double)bin + 0.5) * width;
        double error = fit_bin(design, index->lists, n_lists, centre, width / 2, &workshop);
        index->error = real_max(index->error, error);
        qsort(workshop.all, workshop.n_fit, sizeof *workshop.all, by_bound);
        fill_bin(design, index, n_lists, bin, &workshop);
    }
    workshop_free(&workshop);
    index->error = 2 * index->error + 1e-13;
    return cat_fisher_leaders_init(design, index, err);
}
