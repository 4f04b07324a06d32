/* How far a decision can be trusted, given the reported score of a first sitting.
 * SPDX-License-Identifier: Apache-2.0 */
#include "cut_rates.h"

enum band_rate { COMPETENT, RIGHT, SAME };

static struct tally_cell cell_of(const struct cut_study *self, const int64_t *cells,
                                 enum band_rate which, size_t competence)
{
    int64_t below[2] = {0}, all[2] = {0};
    for (size_t k = 0; k < self->grid.n_competence + 1; k++)
        for (size_t passed = 0; passed < 2; passed++) {
            all[passed] += cells[2 * k + passed];
            below[passed] += k <= competence ? cells[2 * k + passed] : 0;
        }
    int64_t n = all[0] + all[1];
    if (which == SAME)
        return (struct tally_cell){cells[self->counts.n_band_cells - 1], n};
    if (which == RIGHT)
        return (struct tally_cell){below[0] + all[1] - below[1], n};
    return (struct tally_cell){n - below[0] - below[1], n};
}

static void add_rate(struct cut_study *self, enum band_rate which, size_t n_competence,
                     const struct cut_var *var, const char *const *dims)
{
    size_t n_bands = self->grid.band.n, i = 0;
    double *value = study_cut_alloc(self, n_bands * n_competence, sizeof *value);
    double *error = study_cut_alloc(self, n_bands * n_competence, sizeof *error);
    struct cut_var own = *var;
    for (size_t b = 0; b < n_bands && !self->err->code; b++)
        for (size_t t = 0; t < n_competence; t++, i++) {
            struct exact_ratio ratio = {.y = 0};
            for (size_t u = 0; u < self->counts.n_units; u++) {
                const int64_t *cells =
                    self->counts.bands + (u * n_bands + b) * self->counts.n_band_cells;
                struct tally_cell cell = cell_of(self, cells, which, t);
                if (cell.n != 0)
                    exact_ratio_add_block(&ratio, cell.y, cell.n);
            }
            value[i] = exact_ratio_value(&ratio);
            error[i] = exact_ratio_error(&ratio, (int64_t)self->counts.n_units);
        }
    own.value = value;
    own.error = error;
    study_cut_add(self, &own, dims);
}

static void add_counts(struct cut_study *self)
{
    size_t n_bands = self->grid.band.n;
    int64_t *count = study_cut_alloc(self, n_bands, sizeof *count);
    for (size_t b = 0; count && b < n_bands; b++)
        for (size_t u = 0; u < self->counts.n_units; u++)
            count[b] +=
                cell_of(self, self->counts.bands + (u * n_bands + b) * self->counts.n_band_cells,
                        SAME, 0)
                    .n;
    study_cut_add(self,
                  &(struct cut_var){.name = "n_score_band",
                                    .unit = "1",
                                    .long_name = "first sittings by reported score",
                                    .count = count},
                  CUT_DIMS("score_band"));
}

void study_cut_bands_add(struct cut_study *self)
{
    add_counts(self);
    add_rate(self, COMPETENT, self->grid.n_competence,
             &(struct cut_var){.name = "p_competent_given_band",
                               .unit = "1",
                               .long_name = "P(competent | reported score in this band), first "
                                            "sittings at the operational cut"},
             CUT_DIMS("score_band", "competence"));
    add_rate(self, RIGHT, self->grid.n_competence,
             &(struct cut_var){.name = "p_decision_right_given_band",
                               .unit = "1",
                               .long_name = "P(decision agrees with true competence | reported "
                                            "score in this band)"},
             CUT_DIMS("score_band", "competence"));
    add_rate(self, SAME, 1,
             &(struct cut_var){.name = "p_same_decision_given_band",
                               .unit = "1",
                               .long_name = "P(an independent sitting in the same state is decided "
                                            "alike | reported score in this band)"},
             CUT_DIMS("score_band"));
}
