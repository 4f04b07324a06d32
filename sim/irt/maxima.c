/* The highest of several maxima. Where the log-likelihood (3PL, 4PL) or what is added to it (WL,
 * Jeffreys' prior, robust) may have several, a grid finds them all; they are compared at their
 * roots, not at grid points.
 *
 * Points of the grid are .25 logits apart, or half of the scale 1/a of the steepest item. What is
 * added has a closed form under MAP; else its derivative is integrated, by Simpson's rule.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/real.h>

#include "root.h"

static const double spacing = 0.25;

/* ---- heights ---- */

/* What is added to the log-likelihood, where it has a closed form. */
static vec8 closed_height(const struct irt_search *self, const vec8 *theta)
{
    const struct irt_estimator *estimator = self->estimator;
    vec8 height = {0}, information, j;
    if (estimator->method == IRT_ROBUST)
        return height;
    irt_answers_log_likelihood8(self->answers, theta, &height);
    if (estimator->method != IRT_MAP || estimator->prior == IRT_PRIOR_UNIFORM)
        return height;
    if (estimator->prior == IRT_PRIOR_NORMAL) {
        vec8 z = (*theta - estimator->prior_mean) / estimator->prior_sd;
        return height - 0.5 * z * z;
    }
    irt_answers_information8(self->answers, theta, &information, &j);
    return height + 0.5 * vec_log(information);
}

/* The derivative of the rest, to be integrated: WL, robust. */
static double open_slope(const struct irt_search *self, double theta)
{
    if (self->estimator->method == IRT_ROBUST)
        return irt_answers_robust(self->answers, theta, self->estimator->tuning).slope;
    if (self->estimator->method != IRT_WL)
        return 0;
    struct irt_score score = irt_answers_score_j(self->answers, theta);
    return irt_root_warm(&score);
}

/* ---- the highest of several maxima ---- */

enum { MOST_PEAKS = 16, MOST_PARTS = 64, PANELS = 8 };

struct peak {
    size_t at; /* its grid point */
    double height, root;
};

/* A grid of cells, each of n_parts equal parts, none wider than half of the scale 1/a of the
 * steepest item: what lies between two of its points has one maximum. */
struct scan {
    size_t n_cells, n_parts, best_cell;
    double origin, end, step; /* of a cell */
    double last, before_last, best, best_of_cells;
    size_t n_peaks;
    struct peak peaks[MOST_PEAKS];
};

static double point_at(const struct scan *self, size_t k)
{
    double part = self->step / (double)self->n_parts;
    if (k >= self->n_cells * self->n_parts)
        return self->origin + (double)self->n_cells * self->step;
    return self->origin + (double)(k / self->n_parts) * self->step +
           (double)(k % self->n_parts) * part;
}

static void scan_init(const struct irt_search *search, double low, double high, struct scan *self)
{
    double n_cells = ceil((high - low) / spacing);
    double n_parts = ceil(2 * spacing * irt_answers_greatest_a(search->answers));
    *self = (struct scan){.n_cells = (size_t)n_cells,
                          .n_parts = (size_t)real_max(1, real_min(n_parts, MOST_PARTS)),
                          .origin = low,
                          .end = high,
                          .step = (high - low) / n_cells,
                          .last = -INFINITY,
                          .before_last = -INFINITY,
                          .best = -INFINITY,
                          .best_of_cells = -INFINITY};
}

static void add_peak(struct scan *self, size_t at, double height)
{
    size_t k = self->n_peaks;
    if (k == MOST_PEAKS) { /* in the place of the lowest */
        k = 0;
        for (size_t i = 1; i < MOST_PEAKS; i++)
            k = self->peaks[i].height < self->peaks[k].height ? i : k;
        if (height <= self->peaks[k].height)
            return;
        for (; k + 1 < MOST_PEAKS; k++)
            self->peaks[k] = self->peaks[k + 1];
    } else {
        self->n_peaks++;
    }
    self->peaks[k] = (struct peak){.at = at, .height = height};
}

/* The heights come in order; the one after the last is -INFINITY. */
static void add_height(struct scan *self, size_t k, double height)
{
    if (k > 0 && self->last > self->before_last && self->last >= height)
        add_peak(self, k - 1, self->last);
    self->before_last = self->last;
    self->last = height;
    self->best = real_max(self->best, height);
    if (k % self->n_parts == 0 && height > self->best_of_cells) {
        self->best_of_cells = height;
        self->best_cell = k / self->n_parts;
    }
}

/* The integral of the open slope over [from, to] by Simpson's rule. @param slope  at from, then at
 * to */
static double integrate(const struct irt_search *search, double from, double to, double *slope)
{
    double left = *slope, middle = open_slope(search, to - 0.5 * (to - from));
    *slope = open_slope(search, to);
    return (to - from) / 6 * (left + 4 * middle + *slope);
}

/* The same over panels of a width at most. */
static double integrate_panels(const struct irt_search *search, double from, double to,
                               double most_width)
{
    double n = ceil((to - from) / most_width), width = (to - from) / n, sum = 0;
    double slope = open_slope(search, from);
    for (double k = 0; k < n; k++)
        sum += integrate(search, from + k * width, k + 1 < n ? from + (k + 1) * width : to, &slope);
    return sum;
}

static bool is_open(const struct irt_search *search)
{
    return search->estimator->method == IRT_WL || search->estimator->method == IRT_ROBUST;
}

static void find_peaks(const struct irt_search *search, struct scan *self)
{
    size_t n = self->n_cells * self->n_parts;
    double integral = 0, slope = open_slope(search, self->origin);
    for (size_t first = 0; first <= n; first += VEC_LANES) {
        vec8 theta = {0};
        for (size_t k = 0; k < VEC_LANES; k++)
            theta[k] = point_at(self, first + k);
        vec8 height = closed_height(search, &theta);
        for (size_t k = 0; k < VEC_LANES && first + k <= n; k++) {
            if (first + k > 0 && is_open(search))
                integral += integrate(search, point_at(self, first + k - 1), theta[k], &slope);
            add_height(self, first + k, height[k] + integral);
        }
    }
    add_height(self, n + 1, -INFINITY);
}

/* A peak rises above its grid point by I w^2/8 at most, w the distance of two points: with w
 * within 1/(2 a) by n/128 and what a narrow prior adds. Lower ones are left out. */
static void drop_low_peaks(const struct irt_search *search, struct scan *self)
{
    double margin = 1 + (double)search->answers->n / 16, w = self->step / (double)self->n_parts;
    size_t n = 0;
    if (search->estimator->method == IRT_MAP && search->estimator->prior == IRT_PRIOR_NORMAL)
        margin += w * w / (8 * search->estimator->prior_sd * search->estimator->prior_sd);
    for (size_t k = 0; k < self->n_peaks; k++)
        if (self->peaks[k].height >= self->best - margin)
            self->peaks[n++] = self->peaks[k];
    self->n_peaks = n;
}

static void bracket_of(const struct scan *self, size_t at, double *low, double *high)
{
    *low = at > 0 ? point_at(self, at - 1) : self->origin;
    *high = at < self->n_cells * self->n_parts ? point_at(self, at + 1) : self->end;
}

/* The peaks at their roots, and the highest of them. */
static const struct peak *highest_peak(const struct irt_search *search, struct scan *self)
{
    double integral = 0, fine = self->step / (double)self->n_parts / PANELS, low, high;
    size_t best = 0;
    for (size_t k = 0; k < self->n_peaks; k++) {
        struct peak *peak = &self->peaks[k];
        struct irt_root at;
        bracket_of(self, peak->at, &low, &high);
        peak->root = irt_root_find(search, low, high, 0.5 * (low + high), &at);
        double from = k > 0 ? self->peaks[k - 1].root : peak->root;
        if (is_open(search) && peak->root > from)
            integral += integrate_panels(search, from, peak->root, fine);
        vec8 theta = vec_all(peak->root), height = closed_height(search, &theta);
        peak->height = height[0] + integral;
        best = peak->height > self->peaks[best].height ? k : best;
    }
    return &self->peaks[best];
}

/* Narrow [low, high] to the points around the highest maximum: the cells on both sides where that
 * leaves it alone. */
void irt_maxima_bracket(const struct irt_search *search, double *low, double *high)
{
    struct scan self;
    size_t n_within = 0;
    scan_init(search, *low, *high, &self);
    find_peaks(search, &self);
    drop_low_peaks(search, &self);
    if (self.best_cell > 0)
        *low = self.origin + (double)(self.best_cell - 1) * self.step;
    if (self.best_cell < self.n_cells)
        *high = self.origin + (double)(self.best_cell + 1) * self.step;
    if (self.n_peaks <= 1)
        return;
    const struct peak *peak = highest_peak(search, &self);
    for (size_t k = 0; k < self.n_peaks; k++)
        n_within += self.peaks[k].root >= *low && self.peaks[k].root <= *high ? 1 : 0;
    if (n_within > 1 || peak->root < *low || peak->root > *high)
        bracket_of(&self, peak->at, low, high);
}
