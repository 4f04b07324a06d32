/* Ratios of what a cut study counted, with their errors over units. Kappa is no ratio: its error,
 * and that of a difference, is by the jackknife, one unit left out at a time (Quenouille, Tukey):
 *     se^2 = (n - 1)/n sum (x_i - mean)^2
 * SPDX-License-Identifier: Apache-2.0 */
#include "cut_rates.h"

#include <math.h>
#include <stdlib.h>

struct tally_cell study_cut_rate(const struct cut_grid *grid, const int64_t *cells,
                                 enum cut_rate which, size_t attempt, size_t competence)
{
    const int64_t *below = &cells[cut_cell_state(grid, attempt, competence)];
    const int64_t *all = &cells[cut_cell_state(grid, attempt, grid->n_competence)];
    int64_t n_sat = cells[CUT_SAT], n_below = below[0] + below[1];
    switch (which) {
    case CUT_RATE_PASS:
        return (struct tally_cell){cells[CUT_N_FIXED + grid->n_attempts + attempt],
                                   cells[CUT_N_FIXED + attempt]};
    case CUT_RATE_CUMULATIVE:
        return (struct tally_cell){all[1], n_sat};
    case CUT_RATE_ACCURACY:
        return (struct tally_cell){below[0] + all[1] - below[1], n_sat};
    case CUT_RATE_FALSE_PASS:
        return (struct tally_cell){below[1], n_below};
    case CUT_RATE_FALSE_FAIL:
        return (struct tally_cell){all[0] - below[0], n_sat - n_below};
    case CUT_RATE_CONSISTENCY:
        return (struct tally_cell){cells[CUT_AGREE], n_sat};
    case CUT_RATE_LENGTH:
        return (struct tally_cell){cells[CUT_LENGTH], n_sat};
    case CUT_RATE_UNDECIDED:
        return (struct tally_cell){cells[CUT_UNDECIDED], n_sat};
    }
    return (struct tally_cell){0, 0};
}

void study_cut_rate_value(const struct cut_study *self, size_t policy, enum cut_rate which,
                          size_t attempt, size_t competence, double *value, double *error)
{
    struct exact_ratio ratio = {.y = 0};
    for (size_t u = 0; u < self->counts.n_units; u++) {
        struct tally_cell cell =
            study_cut_rate(&self->grid, cut_cells(self, policy, u), which, attempt, competence);
        if (cell.n != 0)
            exact_ratio_add_block(&ratio, cell.y, cell.n);
    }
    *value = exact_ratio_value(&ratio);
    *error = exact_ratio_error(&ratio, (int64_t)self->counts.n_units);
}

void study_cut_rate_difference(const struct cut_study *self, size_t base, size_t policy,
                               enum cut_rate which, size_t attempt, size_t competence,
                               double *value, double *error)
{
    struct exact_pair pair = {.first = {.y = 0}};
    for (size_t u = 0; u < self->counts.n_units; u++) {
        struct tally_cell a =
            study_cut_rate(&self->grid, cut_cells(self, base, u), which, attempt, competence);
        struct tally_cell b =
            study_cut_rate(&self->grid, cut_cells(self, policy, u), which, attempt, competence);
        exact_pair_add_block(&pair, a.y, a.n, b.y, b.n);
    }
    *value = exact_pair_value(&pair);
    *error = exact_pair_error(&pair, (int64_t)self->counts.n_units);
}

double study_cut_jackknife(const double *left_out, size_t n)
{
    double mean = 0, sum = 0;
    for (size_t i = 0; i < n; i++)
        mean += left_out[i] / (double)n;
    for (size_t i = 0; i < n; i++)
        sum += (left_out[i] - mean) * (left_out[i] - mean);
    return n > 1 ? sqrt(sum * (double)(n - 1) / (double)n) : (double)NAN;
}

/* ---- kappa ---- */

/* Cohen (1960) of two decisions on the same candidates. */
static double kappa(const int64_t total[CUT_N_FIXED], const int64_t *less)
{
    double n[CUT_N_FIXED];
    for (size_t k = 0; k < CUT_N_FIXED; k++)
        n[k] = (double)(total[k] - (less ? less[k] : 0));
    double p = n[CUT_PASS] / n[CUT_SAT], q = n[CUT_PASS_AGAIN] / n[CUT_SAT];
    double chance = p * q + (1 - p) * (1 - q);
    return chance < 1 ? (n[CUT_AGREE] / n[CUT_SAT] - chance) / (1 - chance) : (double)NAN;
}

static void total_of(const struct cut_study *self, size_t policy, int64_t total[CUT_N_FIXED])
{
    for (size_t u = 0; u < self->counts.n_units; u++)
        for (size_t k = 0; k < CUT_N_FIXED; k++)
            total[k] += cut_cells(self, policy, u)[k];
}

void study_cut_kappa_value(const struct cut_study *self, size_t base, size_t policy,
                           double value[2], double error[2])
{
    int64_t total[2][CUT_N_FIXED] = {{0}};
    size_t n = self->counts.n_units;
    double *left_out = calloc(2 * n, sizeof *left_out);
    total_of(self, base, total[0]);
    total_of(self, policy, total[1]);
    value[0] = kappa(total[1], NULL);
    value[1] = value[0] - kappa(total[0], NULL);
    if (!left_out) {
        err_set(self->err, ERR_MEMORY, "no memory for the cut study");
        return;
    }
    for (size_t u = 0; u < n; u++) {
        left_out[u] = kappa(total[1], cut_cells(self, policy, u));
        left_out[n + u] = left_out[u] - kappa(total[0], cut_cells(self, base, u));
    }
    error[0] = study_cut_jackknife(left_out, n);
    error[1] = study_cut_jackknife(left_out + n, n);
    free(left_out);
}
