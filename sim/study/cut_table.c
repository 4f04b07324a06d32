/* Dimensions and variables of a cut study.
 * SPDX-License-Identifier: Apache-2.0 */
#include "cut_rates.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static void add_dim(struct cut_study *self, const struct dataset_dim *dim)
{
    if (!self->err->code)
        dataset_add_dim(&self->out->dataset, dim, self->err);
}

static void dim_real(struct cut_study *self, const char *name, size_t n, const double *real,
                     const char *unit, const char *long_name)
{
    add_dim(self, &(struct dataset_dim){.name = name,
                                        .n = n,
                                        .type = DATASET_REAL,
                                        .real = real,
                                        .unit = unit,
                                        .long_name = long_name});
}

static void dim_attempt(struct cut_study *self)
{
    size_t n = self->grid.n_attempts;
    int64_t *count = study_cut_alloc(self, n, sizeof *count);
    for (size_t k = 0; count && k < n; k++)
        count[k] = (int64_t)k + 1;
    add_dim(self, &(struct dataset_dim){.name = "attempt",
                                        .n = n,
                                        .type = DATASET_COUNT,
                                        .count = count,
                                        .unit = "1",
                                        .long_name = "number of the attempt"});
}

void study_cut_add_dims(struct cut_study *self)
{
    const struct cut_grid *grid = &self->grid;
    dim_real(self, "cut", grid->n_cuts, grid->cut, "points",
             "passing point on the report scale of today");
    dim_real(self, "competence", grid->n_competence, grid->competence, "logit",
             "true threshold of competence, on the proficiency of the day");
    dim_real(self, "cost_ratio", grid->n_ratios, grid->ratio, "1",
             "cost of a false pass over that of a false fail");
    dim_attempt(self);
    dim_real(self, "score_point", grid->n_points, grid->point, "points",
             "true ability, as a score on the report scale");
    dataset_add_bins(
        &self->out->dataset, "score_band", grid->band.low, grid->band.width, grid->band.n, "points",
        "band of the reported score; the first and last bands hold what was clamped", self->err);
}

/* Variables over dimensions that are there; the _mcse comes first, as elsewhere. */
static void add_one(struct cut_study *self, const struct cut_var *from, const double *real,
                    const char *name, const char *ancillary, const char *long_name,
                    const char *const *dims)
{
    struct dataset *out = &self->out->dataset;
    struct dataset_var var = {.name = name,
                              .type = real ? DATASET_REAL : DATASET_COUNT,
                              .n = 1,
                              .real = real,
                              .count = real ? NULL : from->count,
                              .unit = from->unit,
                              .long_name = long_name,
                              .ancillary = ancillary};
    for (size_t k = 0; dims[k] && !self->err->code; k++) {
        const struct dataset_dim *dim = dataset_dim(out, dims[k]);
        if (!dim) {
            err_set(self->err, ERR_INTERNAL, "%s: no dimension %s", name, dims[k]);
            return;
        }
        var.dim[var.n_dims++] = (size_t)(dim - out->dims);
        var.n *= dim->n;
    }
    if (!self->err->code)
        dataset_add_var(out, &var, self->err);
}

void study_cut_add(struct cut_study *self, const struct cut_var *var, const char *const *dims)
{
    char name[128], long_name[512];
    if (self->err->code)
        return;
    snprintf(name, sizeof name, "%s_mcse", var->name);
    snprintf(long_name, sizeof long_name, "Monte Carlo standard error of %s", var->name);
    add_one(self, var, var->value, var->name, var->error ? name : NULL, var->long_name, dims);
    if (var->error)
        add_one(self, var, var->error, name, NULL, long_name, dims);
}

void study_cut_add_nan(struct cut_study *self, const struct cut_var *var, const char *const *dims)
{
    const struct dataset_dim *dim = dataset_dim(&self->out->dataset, dims[0]);
    struct cut_var own = *var;
    double *value = study_cut_alloc(self, dim ? dim->n : 0, sizeof *value);
    for (size_t k = 0; value && k < dim->n; k++)
        value[k] = (double)NAN;
    own.value = own.error = value;
    study_cut_add(self, &own, dims);
}
