/* The highest of several maxima. Where the log-likelihood (3PL, 4PL) or what is added to it (WL,
 * Jeffreys' prior, robust) may have several, a grid finds them all; they are compared at their
 * roots, not at grid points.
 *
 * Points of the grid are .25 logits apart, or 3/4 of the scale 1/a of the steepest item. What is
 * added has a closed form under MAP; else its derivative is integrated, by Simpson's rule.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/real.h>

#include "root.h"

static const double spacing = 0.25, widest = 0.75; /* [logit]; of 1/a */

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

/* ---- local maxima ---- */

/* A range of 40 logits has 160 cells. */
enum { MOST_CELLS = 200, MOST_PARTS = 64, MOST_PEAKS = 16, PANELS = 8 };

struct peak {
    double low, high; /* the points on both sides */
    double height, root;
};

/* Cells of the grid; those that may hold the highest maximum are cut into n_parts, none wider than
 * 3/4 of the scale 1/a of the steepest item, so that one part has one maximum. */
struct scan {
    size_t n_cells, n_parts, best_cell;
    double a;                                        /* of the steepest item */
    double origin, end, step;                        /* of a cell */
    double closed[MOST_CELLS + 1], area[MOST_CELLS]; /* heights at the points; integrals */
    double best, last, before_last;                  /* heights */
    double last_theta, before_last_theta;
    size_t n_peaks;
    struct peak peaks[MOST_PEAKS];
};

static double point_at(const struct scan *self, size_t k)
{
    return self->origin + (double)(k < self->n_cells ? k : self->n_cells) * self->step;
}

static void scan_init(const struct irt_search *search, double low, double high, struct scan *self)
{
    double n_cells = real_min(ceil((high - low) / spacing), MOST_CELLS);
    double step = (high - low) / n_cells;
    self->a = irt_answers_greatest_a(search->answers);
    double n_parts = ceil(step * self->a / widest);
    self->n_cells = (size_t)n_cells;
    self->n_parts = (size_t)real_max(1, real_min(n_parts, MOST_PARTS));
    self->best_cell = self->n_peaks = 0;
    self->origin = low;
    self->end = high;
    self->step = step;
    self->best = self->last = self->before_last = -INFINITY;
    self->last_theta = self->before_last_theta = low;
}

/* By how much a maximum may lie above the nearer of two points at a distance: the curvature is
 * hardly more than a^2 an answer. */
static double rise(const struct irt_search *search, double a, double distance)
{
    const struct irt_estimator *estimator = search->estimator;
    double curvature = (double)search->answers->n * a * a;
    if (estimator->method == IRT_MAP && estimator->prior == IRT_PRIOR_NORMAL)
        curvature += 1 / (estimator->prior_sd * estimator->prior_sd);
    return 1 + curvature * distance * distance / 8;
}

static void note_point(const struct irt_search *search, struct scan *self, size_t at, double closed,
                       double *integral, double *slope)
{
    self->closed[at] = closed;
    if (at > 0) {
        double from = point_at(self, at - 1), to = point_at(self, at);
        self->area[at - 1] = is_open(search) ? integrate(search, from, to, slope) : 0;
        *integral += self->area[at - 1];
    }
    if (closed + *integral > self->best) {
        self->best = closed + *integral;
        self->best_cell = at;
    }
}

/* Heights at the points of the cells. */
static void scan_cells(const struct irt_search *search, struct scan *self)
{
    double integral = 0, slope = open_slope(search, self->origin);
    for (size_t first = 0; first <= self->n_cells; first += VEC_LANES) {
        vec8 theta = {0};
        for (size_t k = 0; k < VEC_LANES; k++)
            theta[k] = point_at(self, first + k);
        vec8 height = closed_height(search, &theta);
        for (size_t k = 0; k < VEC_LANES && first + k <= self->n_cells; k++)
            note_point(search, self, first + k, height[k], &integral, &slope);
    }
}

static void add_peak(struct scan *self, struct peak peak)
{
    size_t k = self->n_peaks;
    if (k == MOST_PEAKS) { /* in the place of the lowest */
        k = 0;
        for (size_t i = 1; i < MOST_PEAKS; i++)
            k = self->peaks[i].height < self->peaks[k].height ? i : k;
        if (peak.height <= self->peaks[k].height)
            return;
        for (; k + 1 < MOST_PEAKS; k++)
            self->peaks[k] = self->peaks[k + 1];
    } else {
        self->n_peaks++;
    }
    self->peaks[k] = peak;
}

/* The heights come in order; the one after the last is -INFINITY. */
static void add_height(struct scan *self, double theta, double height)
{
    if (self->last > self->before_last && self->last >= height)
        add_peak(self, (struct peak){self->before_last_theta, theta, self->last, 0});
    self->before_last = self->last;
    self->before_last_theta = self->last_theta;
    self->last = height;
    self->last_theta = theta;
    self->best = real_max(self->best, height);
}

/* Points in rising order whose heights are added eight at a time: those within cells, which are to
 * be computed, and ends of cells. */
struct queue {
    size_t n, n_lanes;
    struct {
        double theta, closed, area; /* area: integral from the end of a cell before */
        bool is_end;
    } list[2 * VEC_LANES + 2];
    vec8 theta; /* [n_lanes] of those within */
    double integral;
};

static void flush(const struct irt_search *search, struct scan *self, struct queue *queue)
{
    vec8 height = {0};
    size_t lane = 0;
    if (queue->n_lanes > 0)
        height = closed_height(search, &queue->theta);
    for (size_t k = 0; k < queue->n; k++) {
        double integral = queue->integral + queue->list[k].area;
        bool is_end = queue->list[k].is_end;
        add_height(self, queue->list[k].theta,
                   (is_end ? queue->list[k].closed : height[lane]) + integral);
        lane += is_end ? 0 : 1;
        queue->integral = is_end ? integral : queue->integral;
    }
    queue->n = queue->n_lanes = 0;
}

static void push_parts(const struct irt_search *search, struct scan *self, size_t cell,
                       struct queue *queue)
{
    double from = point_at(self, cell), part = self->step / (double)self->n_parts, area = 0;
    double slope = open_slope(search, from);
    for (size_t k = 1; k < self->n_parts; k++) {
        double theta = from + (double)k * part;
        if (is_open(search))
            area += integrate(search, theta - part, theta, &slope);
        queue->list[queue->n].theta = theta;
        queue->list[queue->n].area = area;
        queue->list[queue->n++].is_end = false;
        queue->theta[queue->n_lanes++] = theta;
        if (queue->n_lanes == VEC_LANES)
            flush(search, self, queue);
    }
}

static void push_end(const struct irt_search *search, struct scan *self, size_t cell,
                     struct queue *queue)
{
    queue->list[queue->n].theta = cell + 1 < self->n_cells ? point_at(self, cell + 1) : self->end;
    queue->list[queue->n].closed = self->closed[cell + 1];
    queue->list[queue->n].area = self->area[cell];
    queue->list[queue->n++].is_end = true;
    if (queue->n > VEC_LANES)
        flush(search, self, queue);
}

static void find_peaks(const struct irt_search *search, struct scan *self)
{
    double left = self->closed[0], right, integral = 0;
    double least = self->best - rise(search, self->a, self->step);
    struct queue queue = {.n = 0};
    add_height(self, self->origin, left);
    for (size_t k = 0; k < self->n_cells; k++, left = right) {
        integral += self->area[k];
        right = self->closed[k + 1] + integral;
        if (self->n_parts > 1 && (left >= least || right >= least))
            push_parts(search, self, k, &queue);
        push_end(search, self, k, &queue);
    }
    flush(search, self, &queue);
    add_height(self, self->end, -INFINITY);
}

static void drop_low_peaks(const struct irt_search *search, struct scan *self)
{
    double least = self->best - rise(search, self->a, self->step / (double)self->n_parts);
    size_t n = 0;
    for (size_t k = 0; k < self->n_peaks; k++)
        if (self->peaks[k].height >= least)
            self->peaks[n++] = self->peaks[k];
    self->n_peaks = n;
}

/* The peaks at their roots, and the highest of them. */
static const struct peak *highest_peak(const struct irt_search *search, struct scan *self)
{
    double integral = 0, fine = self->step / (double)self->n_parts / PANELS;
    size_t best = 0;
    for (size_t k = 0; k < self->n_peaks; k++) {
        struct peak *peak = &self->peaks[k];
        struct irt_root at;
        peak->root =
            irt_root_find(search, peak->low, peak->high, 0.5 * (peak->low + peak->high), &at);
        double from = k > 0 ? self->peaks[k - 1].root : peak->root;
        if (is_open(search) && peak->root > from)
            integral += integrate_panels(search, from, peak->root, fine);
        vec8 theta = vec_all(peak->root), height = closed_height(search, &theta);
        peak->height = height[0] + integral;
        best = peak->height > self->peaks[best].height ? k : best;
    }
    return &self->peaks[best];
}

/* How many different peaks lie in a range. */
static size_t count_within(const struct scan *self, double low, double high)
{
    const double same = 1e-9;
    size_t n = 0;
    for (size_t k = 0; k < self->n_peaks; k++) {
        double root = self->peaks[k].root;
        bool is_new = k == 0 || root - self->peaks[k - 1].root > same;
        n += is_new && root >= low && root <= high ? 1 : 0;
    }
    return n;
}

/* To the cells on both sides of the highest point, where the highest maximum is there alone, so
 * that the search is the same whatever n_parts; else to the points on both sides of it. */
void irt_maxima_bracket(const struct irt_search *search, double *low, double *high)
{
    struct scan self;
    scan_init(search, *low, *high, &self);
    scan_cells(search, &self);
    if (self.best_cell > 0)
        *low = point_at(&self, self.best_cell - 1);
    if (self.best_cell < self.n_cells)
        *high = point_at(&self, self.best_cell + 1);
    find_peaks(search, &self);
    drop_low_peaks(search, &self);
    if (self.n_peaks <= 1)
        return;
    const struct peak *peak = highest_peak(search, &self);
    if (count_within(&self, *low, *high) > 1 || peak->root < *low || peak->root > *high) {
        *low = peak->low;
        *high = peak->high;
    }
}
