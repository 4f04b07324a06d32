/* What a cut study varies, and what it counts.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_SIM_STUDY_CUT_COUNT_H
#define RETAKE_SIM_STUDY_CUT_COUNT_H

#include <retake/engine/visit.h>

/* What is varied. */
struct cut_grid {
    size_t n_cuts, operational; /* index of the cut in force */
    double *cut, *cut_theta;    /* [n_cuts] score points, logit */
    size_t n_competence, given; /* index of population.competent_theta */
    double *competence;         /* [n_competence] rising, logit */
    size_t n_attempts;
    size_t n_ratios;
    const double *ratio; /* [n_ratios] cost of a false pass over that of a false fail */
    size_t n_points;
    double *point, *point_theta; /* [n_points] score points, logit */
    struct tally_bins band;      /* of observed scores */
    struct tally_bins ability;   /* proficiency; no threshold of competence lies inside a bin */
    double z;                    /* of the interval that must exclude the cut */
};

/* Cells of a unit: these, then sittings and passes by attempt, then the state after each attempt:
 * candidates by their last sitting so far, [attempt][competence class][passed], where class k holds
 * those who reach k thresholds. study_cut_counts_fold sums it over classes. */
enum cut_cell {
    CUT_SAT,        /* candidates who sat */
    CUT_AGREE,      /* both first sittings are decided alike */
    CUT_PASS,       /* first sittings passed */
    CUT_PASS_AGAIN, /* the other first sittings passed */
    CUT_LENGTH,     /* scored items of first sittings */
    CUT_UNDECIDED,  /* first sittings, as study_cut_is_undecided */
    CUT_N_FIXED
};

/* By unit and band: candidates by [competence class][passed], then those decided alike again. */
struct cut_counts {
    size_t n_units, n_cells, n_band_cells;
    uint64_t unit_candidates;
    int64_t *cells;   /* [n_policies][n_units][n_cells] */
    int64_t *bands;   /* [n_units][band.n][n_band_cells]: the operational cut */
    int64_t *ability; /* [ability.n]: first sittings, the operational cut */
};

/* Sums over the sittings at one score point, of one batch. */
enum cut_given_cell {
    CUT_GIVEN_N,
    CUT_GIVEN_PASS,
    CUT_GIVEN_UNDECIDED,
    CUT_GIVEN_LENGTH,
    CUT_GIVEN_ERROR, /* from here on fixed point: estimate less theta, its square, ... */
    CUT_GIVEN_SQUARE,
    CUT_GIVEN_POINTS, /* reported score less the point, its square */
    CUT_GIVEN_POINTS_SQUARE,
    CUT_GIVEN_SE,
    CUT_GIVEN_INFORMATION,
    CUT_GIVEN_N_CELLS
};

enum { CUT_BATCHES = 32 };

/* Sittings at given ability, at the operational cut. */
struct cut_given {
    struct scenario scenario;
    struct engine_plan plan;
    float *information; /* [n_points][items of the bank]: of scored items; NULL without items */
    int64_t *cells;     /* [n_points][CUT_BATCHES][CUT_GIVEN_N_CELLS] */
};

static inline size_t cut_cell_state(const struct cut_grid *grid, size_t attempt, size_t class)
{
    return CUT_N_FIXED + 2 * grid->n_attempts + 2 * (attempt * (grid->n_competence + 1) + class);
}

#endif
