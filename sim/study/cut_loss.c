/* Expected loss of the two errors, and the cut that makes it least.
 *
 * Loss is r P(false pass) + P(false fail), joint probabilities of a candidate who sat, r the cost
 * of a false pass over that of a false fail. Its least lies where the derivative of a cubic, fitted
 * by least squares to the cuts around the lowest one, is 0: noise moves the lowest of the cuts by
 * steps, the cubic hardly. The interval is that of percentiles of the bootstrap over units (Efron &
 * Tibshirani 1993, section 13.3): all cuts and thresholds are drawn together, as they were
 * simulated on the same candidates.
 * SPDX-License-Identifier: Apache-2.0 */
#include "cut_rates.h"

#include <retake/base/real.h>

#include "linear.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { N_REPLICATES = 400, LEAST_REACH = 4 };

static const double reach_points = 50; /* of the cubic, to either side */

struct cut_losses {
    struct cut_study *study;
    size_t n_rows;                    /* thresholds x attempts */
    size_t reach;                     /* cuts to either side */
    int64_t *weight;                  /* [n_units]: how often each is in a draw */
    int64_t *false_pass, *false_fail; /* [n_cuts][n_rows]: of one draw of units */
    double *curve;                    /* [n_cuts] */
    double *replicates;               /* [n_rows][n_ratios][N_REPLICATES] */
};

static size_t row_of(const struct cut_grid *grid, size_t competence, size_t attempt)
{
    return competence * grid->n_attempts + attempt;
}

static struct tally_cell errors_of(const struct cut_grid *grid, const int64_t *cells,
                                   size_t competence, size_t attempt)
{
    const int64_t *below = &cells[cut_cell_state(grid, attempt, competence)];
    const int64_t *all = &cells[cut_cell_state(grid, attempt, grid->n_competence)];
    return (struct tally_cell){below[1], all[0] - below[0]};
}

/* ---- loss at each cut ---- */

/* The error is that of the ratio estimator, loss being a ratio of a real sum to candidates. */
static void value_of(const struct cut_study *self, size_t cut, size_t competence, size_t attempt,
                     double ratio, double *value, double *error)
{
    double y = 0, n = 0, squares = 0, n_units = (double)self->counts.n_units;
    for (size_t u = 0; u < self->counts.n_units; u++) {
        const int64_t *cells = cut_cells(self, cut, u);
        struct tally_cell e = errors_of(&self->grid, cells, competence, attempt);
        y += ratio * (double)e.y + (double)e.n;
        n += (double)cells[CUT_SAT];
    }
    for (size_t u = 0; u < self->counts.n_units; u++) {
        const int64_t *cells = cut_cells(self, cut, u);
        struct tally_cell e = errors_of(&self->grid, cells, competence, attempt);
        double d = ratio * (double)e.y + (double)e.n - y / n * (double)cells[CUT_SAT];
        squares += d * d;
    }
    *value = y / n;
    *error = n_units > 1 ? sqrt(squares * n_units / (n_units - 1)) / n : (double)NAN;
}

static void add_loss(struct cut_study *self)
{
    const struct cut_grid *grid = &self->grid;
    size_t n = grid->n_cuts * grid->n_competence * grid->n_ratios * grid->n_attempts, i = 0;
    double *value = study_cut_alloc(self, n, sizeof *value),
           *error = study_cut_alloc(self, n, sizeof *error);
    for (size_t c = 0; c < grid->n_cuts && !self->err->code; c++)
        for (size_t t = 0; t < grid->n_competence; t++)
            for (size_t r = 0; r < grid->n_ratios; r++)
                for (size_t a = 0; a < grid->n_attempts; a++, i++)
                    value_of(self, c, t, a, grid->ratio[r], &value[i], &error[i]);
    study_cut_add(self,
                  &(struct cut_var){.name = "loss",
                                    .unit = "1",
                                    .long_name =
                                        "expected loss a candidate by this attempt: cost_ratio "
                                        "P(false pass) + P(false fail)",
                                    .value = value,
                                    .error = error},
                  CUT_DIMS("cut", "competence", "cost_ratio", "attempt"));
}

/* ---- the least ---- */

/* Coefficients of the least squares cubic over points -m .. m or a part of them; false where they
 * are not determined. */
static bool fit_cubic(const double *x, const double *y, size_t n, double out[4])
{
    double a[LINEAR_ROWS][LINEAR_ROWS] = {{0}};
    memset(out, 0, 4 * sizeof *out);
    for (size_t i = 0; i < n; i++) {
        double power[4] = {1, x[i], x[i] * x[i], x[i] * x[i] * x[i]};
        for (size_t j = 0; j < 4; j++) {
            out[j] += power[j] * y[i];
            for (size_t k = 0; k < 4; k++)
                a[j][k] += power[j] * power[k];
        }
    }
    if (!study_linear_cholesky(4, a))
        return false;
    study_linear_forward(4, a, out);
    for (size_t j = 4; j-- > 0;) {
        for (size_t k = j + 1; k < 4; k++)
            out[j] -= a[k][j] * out[k];
        out[j] /= a[j][j];
    }
    return true;
}

/* Where the cubic has its least value inside [low, high]; NaN: nowhere. */
static double least_of_cubic(const double c[4], double low, double high)
{
    double p = 3 * c[3], q = 2 * c[2], r = c[1], x;
    if (fabs(p) < 1e-12 * fabs(q)) {
        x = -r / q;
    } else {
        double root = q * q - 4 * p * r;
        x = root >= 0 ? (-q + sqrt(root)) / (2 * p) : (double)NAN; /* of the two, the minimum */
    }
    return x >= low && x <= high ? x : (double)NAN;
}

/* The lowest of the cuts where the cubic has no least value near it. */
static double least_of(const struct cut_losses *self)
{
    const struct cut_grid *grid = &self->study->grid;
    double x[2 * 1000 + 1], c[4], step = 0;
    size_t least = 0, n = grid->n_cuts;
    for (size_t k = 1; k < n; k++)
        least = self->curve[k] < self->curve[least] ? k : least;
    size_t from = least > self->reach ? least - self->reach : 0;
    size_t to = least + self->reach < n ? least + self->reach : n - 1;
    if (to - from < LEAST_REACH)
        return grid->cut[least];
    step = (grid->cut[to] - grid->cut[from]) / (double)(to - from);
    for (size_t k = from; k <= to; k++)
        x[k - from] = ((double)k - (double)least) / (double)self->reach;
    double at = fit_cubic(x, self->curve + from, to - from + 1, c)
                    ? least_of_cubic(c, x[0], x[to - from])
                    : (double)NAN;
    return isnan(at) ? grid->cut[least] : grid->cut[least] + at * (double)self->reach * step;
}

/* Counts of one draw of units. */
static void draw(struct cut_losses *self)
{
    const int64_t *weight = self->weight;
    const struct cut_study *study = self->study;
    const struct cut_grid *grid = &study->grid;
    memset(self->false_pass, 0, grid->n_cuts * self->n_rows * sizeof *self->false_pass);
    memset(self->false_fail, 0, grid->n_cuts * self->n_rows * sizeof *self->false_fail);
    for (size_t c = 0; c < grid->n_cuts; c++)
        for (size_t u = 0; u < study->counts.n_units; u++) {
            const int64_t *cells = cut_cells(study, c, u);
            for (size_t t = 0; t < grid->n_competence && weight[u] > 0; t++)
                for (size_t a = 0; a < grid->n_attempts; a++) {
                    struct tally_cell e = errors_of(grid, cells, t, a);
                    size_t at = c * self->n_rows + row_of(grid, t, a);
                    self->false_pass[at] += weight[u] * e.y;
                    self->false_fail[at] += weight[u] * e.n;
                }
        }
}

static double least_at(struct cut_losses *self, size_t row, double ratio)
{
    size_t n_cuts = self->study->grid.n_cuts;
    for (size_t c = 0; c < n_cuts; c++) {
        size_t at = c * self->n_rows + row;
        self->curve[c] = ratio * (double)self->false_pass[at] + (double)self->false_fail[at];
    }
    return least_of(self);
}

static void replicate(struct cut_losses *self, uint32_t number)
{
    int64_t *weight = self->weight;
    struct cut_study *study = self->study;
    const struct cut_grid *grid = &study->grid;
    uint32_t n_units = (uint32_t)study->counts.n_units;
    uint64_t seed = (uint64_t)study->scenario->engine_seed;
    struct rng rng = rng_keyed(seed, UINT64_MAX - 1 - number, CUT_KEY_OFFSET, RNG_POOL);
    memset(weight, 0, n_units * sizeof *weight);
    for (uint32_t u = 0; u < n_units; u++)
        weight[rng_below(&rng, n_units)]++;
    draw(self);
    for (size_t row = 0; row < self->n_rows; row++)
        for (size_t r = 0; r < grid->n_ratios; r++)
            self->replicates[(row * grid->n_ratios + r) * N_REPLICATES + number] =
                least_at(self, row, grid->ratio[r]);
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

struct interval {
    double *least, *low, *high; /* [competence][cost_ratio][attempt] */
};

static void fill(struct cut_losses *self, const struct interval *out)
{
    const struct cut_grid *grid = &self->study->grid;
    size_t i = 0, tail = N_REPLICATES / 40; /* 2.5 % */
    for (size_t t = 0; t < grid->n_competence; t++)
        for (size_t r = 0; r < grid->n_ratios; r++)
            for (size_t a = 0; a < grid->n_attempts; a++, i++) {
                size_t row = row_of(grid, t, a);
                double *all = self->replicates + (row * grid->n_ratios + r) * N_REPLICATES;
                qsort(all, N_REPLICATES, sizeof *all, by_size);
                out->least[i] = least_at(self, row, grid->ratio[r]);
                out->low[i] = all[tail - 1];
                out->high[i] = all[N_REPLICATES - tail];
            }
}

static void add_least(struct cut_study *self, const struct interval *found)
{
    const char *const *dims = CUT_DIMS("competence", "cost_ratio", "attempt");
    study_cut_add(self,
                  &(struct cut_var){.name = "loss_minimising_cut",
                                    .unit = "points",
                                    .long_name =
                                        "cut of least expected loss by this attempt; at an end "
                                        "of the cuts it may lie beyond",
                                    .value = found->least},
                  dims);
    study_cut_add(self,
                  &(struct cut_var){.name = "loss_minimising_cut_low",
                                    .unit = "points",
                                    .long_name = "lower end of its 95 % bootstrap interval",
                                    .value = found->low},
                  dims);
    study_cut_add(self,
                  &(struct cut_var){.name = "loss_minimising_cut_high",
                                    .unit = "points",
                                    .long_name = "upper end of its 95 % bootstrap interval",
                                    .value = found->high},
                  dims);
}

static void losses_init(struct cut_study *self, struct cut_losses *out)
{
    const struct cut_grid *grid = &self->grid;
    size_t n_rows = grid->n_competence * grid->n_attempts;
    double reach = floor(reach_points / self->scenario->validate_cut_step);
    *out = (struct cut_losses){
        .study = self,
        .n_rows = n_rows,
        .reach = (size_t)real_min(real_max(reach, LEAST_REACH), 1000),
        .weight = study_cut_alloc(self, self->counts.n_units, sizeof(int64_t)),
        .false_pass = study_cut_alloc(self, grid->n_cuts * n_rows, sizeof(int64_t)),
        .false_fail = study_cut_alloc(self, grid->n_cuts * n_rows, sizeof(int64_t)),
        .curve = study_cut_alloc(self, grid->n_cuts, sizeof(double)),
        .replicates = study_cut_alloc(self, n_rows * grid->n_ratios, N_REPLICATES * sizeof(double)),
    };
}

double study_cut_loss_try(struct cut_study *self)
{
    self->losses = study_cut_alloc(self, 1, sizeof *self->losses);
    if (self->losses)
        losses_init(self, self->losses);
    if (self->err->code)
        return 0;
    double began = engine_thread_time_s();
    replicate(self->losses, 0);
    return N_REPLICATES * (engine_thread_time_s() - began);
}

void study_cut_loss_add(struct cut_study *self)
{
    size_t n = self->losses->n_rows * self->grid.n_ratios;
    struct interval found = {study_cut_alloc(self, n, sizeof(double)),
                             study_cut_alloc(self, n, sizeof(double)),
                             study_cut_alloc(self, n, sizeof(double))};
    add_loss(self);
    for (uint32_t k = 0; k < N_REPLICATES && !self->err->code; k++) {
        replicate(self->losses, k);
        study_cut_work_tell(self, CUT_STAGE_LOSS, (k + 1.0) / N_REPLICATES);
    }
    if (self->err->code)
        return;
    for (size_t u = 0; u < self->counts.n_units; u++)
        self->losses->weight[u] = 1;
    draw(self->losses);
    fill(self->losses, &found);
    add_least(self, &found);
}
