/* Ratios of what a cut study counted, and variables made of them.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_SIM_STUDY_CUT_RATES_H
#define RETAKE_SIM_STUDY_CUT_RATES_H

#include <retake/tally/paired.h>

#include "cut_parts.h"

/* cut_rates.c: ratios of what is counted. */
enum cut_rate {
    CUT_RATE_PASS,       /* of sittings, by attempt */
    CUT_RATE_CUMULATIVE, /* of candidates, by this attempt */
    CUT_RATE_ACCURACY,   /* attempt 0 */
    CUT_RATE_FALSE_PASS,
    CUT_RATE_FALSE_FAIL,
    CUT_RATE_CONSISTENCY,
    CUT_RATE_LENGTH,
    CUT_RATE_UNDECIDED
};
struct tally_cell study_cut_rate(const struct cut_grid *grid, const int64_t *cells,
                                 enum cut_rate which, size_t attempt, size_t competence);
/* Value and standard error of one policy. */
void study_cut_rate_value(const struct cut_study *self, size_t policy, enum cut_rate which,
                          size_t attempt, size_t competence, double *value, double *error);
/* Policy less base. */
void study_cut_rate_difference(const struct cut_study *self, size_t base, size_t policy,
                               enum cut_rate which, size_t attempt, size_t competence,
                               double *value, double *error);
/* Kappa; with a base (else base = policy) also their difference. */
void study_cut_kappa_value(const struct cut_study *self, size_t base, size_t policy,
                           double value[2], double error[2]);
/* Standard error of a value by the jackknife: of n values, each with one unit left out. */
double study_cut_jackknife(const double *left_out, size_t n);

/* cut_table.c: dimensions and variables. */
struct cut_var {
    const char *name, *unit, *long_name;
    const double *value, *error; /* error NULL: no _mcse */
    const int64_t *count;        /* in place of value */
};
void study_cut_add_dims(struct cut_study *self);
void study_cut_add(struct cut_study *self, const struct cut_var *var, const char *const *dims);
/* The same of one dimension, of a statistic that this exam has not: value and error are NaN. */
void study_cut_add_nan(struct cut_study *self, const struct cut_var *var, const char *const *dims);
#define CUT_DIMS(...) ((const char *const[]){__VA_ARGS__, NULL})

#endif
