/* Layout of a tally: where each count and each ratio lies.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_TALLY_CELLS_H
#define RETAKE_TALLY_CELLS_H

#include <retake/tally/paired.h>

/* Ratios by (row, attempt), by (attempt, theta bin) and by item. */
enum rate {
    RATE_PASS,
    RATE_CUMULATIVE,
    RATE_FALSE_PASS,
    RATE_FALSE_FAIL,
    RATE_MINUTES, /* fixed-point sums */
    N_RATES
};
enum theta_rate { THETA_PASS, THETA_BIAS, THETA_SQUARE, THETA_SE, N_THETA_RATES };
enum item_rate { ITEM_EXPOSURE, ITEM_SEEN_AGAIN, N_ITEM_RATES };

/* Counts by group; each a table of its own. */
enum count {
    COUNT_CANDIDATES,    /* [group] */
    COUNT_ATTEMPTS_USED, /* [group][n_attempts + 1] */
    COUNT_OUTCOME,       /* [group][PATHWAY_N_ENDS] */
    COUNT_REFRESHERS,    /* [group][cycle] */
    COUNT_DAYS,          /* [group][day bin] */
    COUNT_SCORE,         /* [group][attempt][score bin] */
    COUNT_LENGTH,        /* [group][attempt][length] */
    COUNT_MINUTES,       /* [group][attempt][minute bin] */
    COUNT_STOP,          /* [group][attempt][CAT_N_STOPS - 1] */
    COUNT_DECISION,      /* [group][attempt][competent][passed] */
    COUNT_MISSES,        /* [group][attempt][bucket] */
    COUNT_MISSES_BEFORE, /* [group][attempt][bucket], of those who sat again */
    COUNT_MISSED_LIMITS, /* [group][attempt] */
    COUNT_RUSHED,        /* [group][attempt] */
    COUNT_SEATS,         /* [group] */
    COUNT_FAILED_ALL,    /* [group] */
    COUNT_ELIGIBLE,      /* [group] */
    COUNT_LAPSED,        /* [group] */
    COUNT_COURSES,       /* [group][cycle] */
    COUNT_AWAITING,      /* [group][PATHWAY_N_GATES] */
    COUNT_FORFEITED,     /* [group] */
    COUNT_END_AFTER,     /* [group][n_attempts + 1][PATHWAY_N_ENDS] */
    COUNT_DAYS_WITHDREW, /* [group][day bin] */
    COUNT_DAYS_FAILED,   /* [group][day bin] */
    N_COUNTS
};

/* Means over candidates, by row; money in cents. */
enum mean {
    MEAN_OUTCOME, /* one for each end */
    MEAN_SEATS = MEAN_OUTCOME + PATHWAY_N_ENDS,
    MEAN_REFRESHERS,
    MEAN_COST,
    MEAN_DAYS, /* of those certified */
    N_MEANS
};

struct tally {
    const struct tally_shape *shape;
    int64_t n_blocks;
    size_t n_counts, n_ratios;
    size_t table[N_COUNTS + 1]; /* where each count's table begins; the last is the end */
    size_t of_group[N_COUNTS], of_attempt[N_COUNTS]; /* values of each; 0: not by attempt */
    int64_t *counts;                                 /* [n_counts] */
    struct exact_ratio *ratios;                      /* [n_ratios] */
    struct tally_cell *block;                        /* [n_ratios] */
    struct tally_cell *replicates; /* [n_replicates][n_ratios, then means by row]: in place of
                                   ratios and of paired blocks */
    int64_t *decided;              /* [n_groups][attempt][competent][passed], this block */
    int64_t *superseded;           /* [n_groups][attempt][competent]: failed here and sat again */
    int64_t *all_decided;          /* both, of each replicate */
    bool *is_open, *is_used;       /* [n_replicates]: to be settled; ever counted in */
    struct arena arena;
};

/* Values of each table of counts for one group. */
void tally_table_sizes(const struct tally_shape *shape, size_t out[N_COUNTS]);

/* Ratio k: its sums over the sampling units. */
struct exact_ratio tally_ratio(const struct tally *self, size_t k);

/* Whether sums from a file may be added and divided (tally_sound.c). */
bool tally_sums_are_sound(const struct exact_pair *pair);

/* Add the means of n outcomes, [row][mean]. */
void tally_means_add(const struct tally_shape *shape, const struct pathway_outcomes *outcomes,
                     size_t from, size_t n, struct tally_cell *means);

/* Cells of one replicate. */
static inline size_t tally_replicate_n_cells(const struct tally *self)
{
    return self->n_ratios + self->shape->n_rows * N_MEANS;
}

/* Sampling units of the ratio estimator: blocks, or replicates of a library. */
int64_t tally_n_units(const struct tally *self);

/* The first of an array of values, one for each of the last dimensions. */
static inline int64_t *tally_count(const struct tally *self, enum count which, size_t group,
                                   size_t attempt)
{
    return self->counts + self->table[which] + group * self->of_group[which] +
           attempt * self->of_attempt[which];
}

static inline size_t tally_rate(const struct tally_shape *shape, enum rate rate, size_t row,
                                size_t attempt)
{
    return ((size_t)rate * shape->n_rows + row) * shape->n_attempts + attempt;
}

static inline size_t tally_theta_rate(const struct tally_shape *shape, enum theta_rate rate,
                                      size_t attempt, size_t bin)
{
    size_t before = N_RATES * shape->n_rows * shape->n_attempts;
    return before + ((size_t)rate * shape->n_attempts + attempt) * shape->theta.n + bin;
}

static inline size_t tally_item_rate(const struct tally_shape *shape, enum item_rate rate,
                                     size_t item)
{
    size_t before = tally_theta_rate(shape, N_THETA_RATES, 0, 0);
    return before + (size_t)rate * shape->n_items + item;
}

#endif
