/* Counting for a cut study: integers by unit, added without locks.
 *
 * A sitting adds 1 to the state after its attempt and, where another follows, takes 1 from the
 * state after that: what is summed up over attempts later is the candidates by their last sitting
 * so far, as tally.c has them.
 * SPDX-License-Identifier: Apache-2.0 */
#include "cut_parts.h"

#include <retake/base/real.h>

#include <math.h>

enum { MOST_UNITS = 512, LEAST_UNITS = 64 };

static const double most_bytes = 512e6;

static void add(int64_t *cell, int64_t value)
{
    __atomic_fetch_add(cell, value, __ATOMIC_RELAXED);
}

static size_t bin_of(const struct tally_bins *self, double x)
{
    double position = floor((x - self->low) / self->width + 1e-9);
    if (!(position > 0))
        return 0;
    return position < (double)self->n ? (size_t)position : self->n - 1;
}

/* Thresholds that a proficiency reaches. */
static size_t class_of(const struct cut_grid *grid, double proficiency)
{
    size_t k = 0;
    while (k < grid->n_competence && proficiency >= grid->competence[k])
        k++;
    return k;
}

/* Units are whole blocks, all of the same number of them; fewer where memory would be short. */
enum err_code study_cut_counts_init(struct cut_study *self)
{
    struct cut_counts *counts = &self->counts;
    const struct cut_grid *grid = &self->grid;
    uint64_t n = (uint64_t)self->scenario->engine_candidates;
    uint64_t n_blocks = (n + TALLY_BLOCK - 1) / TALLY_BLOCK;
    counts->n_cells = cut_cell_state(grid, grid->n_attempts, 0);
    counts->n_band_cells = 2 * (grid->n_competence + 1) + 1;
    double of_unit = (double)(self->n_policies * counts->n_cells * sizeof *counts->cells);
    double most = real_max(real_min(MOST_UNITS, most_bytes / of_unit), LEAST_UNITS);
    uint64_t in_unit = (n_blocks + (uint64_t)most - 1) / (uint64_t)most;
    counts->unit_candidates = in_unit * TALLY_BLOCK;
    counts->n_units = (size_t)((n_blocks + in_unit - 1) / in_unit);
    counts->cells = study_cut_alloc(self, self->n_policies * counts->n_units,
                                    counts->n_cells * sizeof(int64_t));
    counts->bands = study_cut_alloc(self, counts->n_units * grid->band.n,
                                    counts->n_band_cells * sizeof(int64_t));
    counts->ability = study_cut_alloc(self, grid->ability.n, sizeof(int64_t));
    return self->err->code;
}

/* ---- one candidate ---- */

static void add_journey(const struct cut_grid *grid, const struct pathway_sitting *sittings,
                        size_t n, int64_t *cells)
{
    for (size_t a = 0; a < n; a++) {
        const struct pathway_sitting *sitting = &sittings[a];
        size_t class = class_of(grid, sitting->proficiency);
        add(&cells[CUT_N_FIXED + a], 1);
        add(&cells[CUT_N_FIXED + grid->n_attempts + a], sitting->passed);
        add(&cells[cut_cell_state(grid, a, class) + sitting->passed], 1);
        if (a + 1 < n)
            add(&cells[cut_cell_state(grid, a + 1, class) + sitting->passed], -1);
    }
}

bool study_cut_is_undecided(const struct cut_study *self, double cut_theta,
                            const struct pathway_sitting *sitting)
{
    bool is_decided = sitting->stop == CAT_STOP_RULE && self->decides == CAT_DECIDES_ALL;
    return !is_decided && fabs(sitting->theta - cut_theta) < self->grid.z * sitting->se;
}

static void add_first(const struct cut_study *self, size_t policy,
                      const struct pathway_sitting *first, const struct pathway_sitting *again,
                      int64_t *cells)
{
    double cut_theta = self->policies[policy].scenario.exam_cut_theta;
    add(&cells[CUT_SAT], 1);
    add(&cells[CUT_AGREE], first->passed == again->passed);
    add(&cells[CUT_PASS], first->passed);
    add(&cells[CUT_PASS_AGAIN], again->passed);
    add(&cells[CUT_LENGTH], first->n_scored);
    add(&cells[CUT_UNDECIDED], study_cut_is_undecided(self, cut_theta, first));
}

/* What only the operational cut is asked for. */
static void add_detail(struct cut_study *self, size_t unit, const struct pathway_sitting *first,
                       const struct pathway_sitting *again)
{
    const struct cut_grid *grid = &self->grid;
    struct cut_counts *counts = &self->counts;
    size_t band = bin_of(&grid->band, first->score);
    int64_t *cells = counts->bands + (unit * grid->band.n + band) * counts->n_band_cells;
    add(&cells[2 * class_of(grid, first->proficiency) + first->passed], 1);
    add(&cells[counts->n_band_cells - 1], first->passed == again->passed);
    add(&counts->ability[bin_of(&grid->ability, first->proficiency)], 1);
}

void study_cut_counts_take(struct cut_study *self, size_t policy,
                           const struct pathway_outcomes *first,
                           const struct pathway_outcomes *second)
{
    struct cut_counts *counts = &self->counts;
    for (size_t i = 0; i < first->n; i++) {
        const struct pathway_outcome *outcome = &first->outcomes[i];
        size_t unit = (size_t)((first->first + i) / counts->unit_candidates);
        int64_t *cells = counts->cells + (policy * counts->n_units + unit) * counts->n_cells;
        if (outcome->n_sittings == 0)
            continue;
        const struct pathway_sitting *sittings = first->sittings + outcome->first_sitting;
        const struct pathway_sitting *again = second->sittings + second->outcomes[i].first_sitting;
        add_journey(&self->grid, sittings, outcome->n_sittings, cells);
        add_first(self, policy, sittings, again, cells);
        if (policy == self->grid.operational)
            add_detail(self, unit, sittings, again);
    }
}

/* ---- at the end ---- */

/* Sums over attempts, then over classes of competence from the lowest up. */
static void fold(const struct cut_grid *grid, int64_t *cells)
{
    size_t n_classes = grid->n_competence + 1;
    for (size_t a = 1; a < grid->n_attempts; a++)
        for (size_t k = 0; k < 2 * n_classes; k++)
            cells[cut_cell_state(grid, a, 0) + k] += cells[cut_cell_state(grid, a - 1, 0) + k];
    for (size_t a = 0; a < grid->n_attempts; a++)
        for (size_t k = 1; k < n_classes; k++)
            for (size_t passed = 0; passed < 2; passed++)
                cells[cut_cell_state(grid, a, k) + passed] +=
                    cells[cut_cell_state(grid, a, k - 1) + passed];
}

void study_cut_counts_fold(struct cut_study *self)
{
    const struct cut_counts *counts = &self->counts;
    for (size_t k = 0; k < self->n_policies * counts->n_units; k++)
        fold(&self->grid, counts->cells + k * counts->n_cells);
}
