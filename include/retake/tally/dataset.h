/* A dataset: named variables over named dimensions, as xarray has them. The statistics of a run,
 * whatever they are, travel from the tallies to files and tables in this one form.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_TALLY_DATASET_H
#define RETAKE_TALLY_DATASET_H

#include <retake/base/arena.h>
#include <retake/base/err.h>

#include <stddef.h>
#include <stdint.h>

enum { DATASET_MAX_DIMS = 5 };

enum dataset_type { DATASET_REAL, DATASET_COUNT, DATASET_TEXT }; /* double, int64_t, const char * */

/** A dimension of at least one element and, always, its coordinate. */
struct dataset_dim {
    const char *name;
    size_t n;
    enum dataset_type type;
    const double *real;      /* [n], DATASET_REAL */
    const int64_t *count;    /* [n], DATASET_COUNT */
    const char *const *text; /* [n], DATASET_TEXT */
    const double *bounds;    /* [n][2] edges of the bins, or NULL */
    const char *unit, *long_name;
};

/** A variable, row-major over its dimensions. */
struct dataset_var {
    const char *name;
    enum dataset_type type;
    size_t n_dims;                /* 0 for a scalar */
    size_t dim[DATASET_MAX_DIMS]; /* indices into dims */
    size_t n;                     /* number of values: the product of the dimensions */
    const double *real;           /* a ratio with denominator 0 is NaN */
    const int64_t *count;
    const char *const *text;
    const char *unit; /* "1" for rates and counts; day, min */
    const char *long_name;
    const char *ancillary; /* the name of its _mcse variable, or NULL */
};

struct dataset {
    size_t n_dims, n_vars;
    struct dataset_dim *dims;
    struct dataset_var *vars;
    struct arena arena; /* owns everything above */
};

void dataset_free(struct dataset *self);

/** A variable or a dimension by name; NULL when there is none. */
const struct dataset_var *dataset_var(const struct dataset *self, const char *name);
const struct dataset_dim *dataset_dim(const struct dataset *self, const char *name);

/** The variable of this name, if it is of this type over just these dimensions, in order, and the
 * last name is followed by NULL; else NULL. What reads values of a file by index asks this. */
const struct dataset_var *dataset_var_over(const struct dataset *self, const char *name,
                                           enum dataset_type type, const char *const *dims);

/**
 * Add a dimension or a variable by value; texts and values are copied. Dimensions first.
 * @return ERR_OK; ERR_MEMORY; ERR_INTERNAL for a repeated name, a wrong size or missing values
 */
enum err_code dataset_add_dim(struct dataset *self, const struct dataset_dim *dim, struct err *err);
enum err_code dataset_add_var(struct dataset *self, const struct dataset_var *var, struct err *err);

/** The same as dataset_add_var, of values that lie in the arena of the dataset already: they are
 * not copied. Of texts that is true of their list, and the texts are copied. */
enum err_code dataset_adopt_var(struct dataset *self, const struct dataset_var *var,
                                struct err *err);

/** Add a dimension of names. Does nothing where err is set already. */
enum err_code dataset_add_names(struct dataset *self, const char *name, size_t n,
                                const char *const *text, const char *long_name, struct err *err);

/** Add a dimension of n equal bins from low on: its coordinate is their centres, and its bounds
 * their edges. Does nothing where err is set already. */
enum err_code dataset_add_bins(struct dataset *self, const char *name, double low, double width,
                               size_t n, const char *unit, const char *long_name, struct err *err);

/** XXH3 (128 bits, 32 hex digits and a terminator) over names, dimensions, coordinates and values
 * of all variables in order; units and texts for people do not enter. */
void dataset_digest(const struct dataset *self, char hex[33]);

#endif
