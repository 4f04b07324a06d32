/* Pass rates, accuracy and consistency at every cut.
 * SPDX-License-Identifier: Apache-2.0 */
#include "cut_rates.h"

struct table {
    double *value, *error;
};

static struct table table_new(struct cut_study *self, size_t n)
{
    return (struct table){study_cut_alloc(self, n, sizeof(double)),
                          study_cut_alloc(self, n, sizeof(double))};
}

/* A rate over cuts, n_competence thresholds (1: none) and n_attempts attempts (1: the first). */
static void add_rate(struct cut_study *self, enum cut_rate which, size_t n_competence,
                     size_t n_attempts, const struct cut_var *var, const char *const *dims)
{
    size_t n_cuts = self->grid.n_cuts, i = 0;
    struct table table = table_new(self, n_cuts * n_competence * n_attempts);
    struct cut_var own = *var;
    for (size_t c = 0; c < n_cuts && !self->err->code; c++)
        for (size_t t = 0; t < n_competence; t++)
            for (size_t a = 0; a < n_attempts; a++, i++)
                study_cut_rate_value(self, c, which, a, t, &table.value[i], &table.error[i]);
    own.value = table.value;
    own.error = table.error;
    study_cut_add(self, &own, dims);
}

/* Numerator or denominator of the rate of passing. */
static void add_counts(struct cut_study *self, size_t first_cell, const char *name,
                       const char *long_name)
{
    size_t n_attempts = self->grid.n_attempts, n_cuts = self->grid.n_cuts;
    int64_t *count = study_cut_alloc(self, n_cuts * n_attempts, sizeof *count);
    for (size_t c = 0; count && c < n_cuts; c++)
        for (size_t u = 0; u < self->counts.n_units; u++)
            for (size_t a = 0; a < n_attempts; a++)
                count[c * n_attempts + a] += cut_cells(self, c, u)[first_cell + a];
    study_cut_add(
        self, &(struct cut_var){.name = name, .unit = "1", .long_name = long_name, .count = count},
        CUT_DIMS("cut", "attempt"));
}

static void add_kappa(struct cut_study *self)
{
    size_t n = self->grid.n_cuts;
    struct table table = table_new(self, n);
    for (size_t c = 0; c < n && !self->err->code; c++) {
        double value[2], error[2] = {0};
        study_cut_kappa_value(self, c, c, value, error);
        table.value[c] = value[0];
        table.error[c] = error[0];
    }
    study_cut_add(self,
                  &(struct cut_var){.name = "kappa",
                                    .unit = "1",
                                    .long_name =
                                        "Cohen's kappa of two independent first sittings of the "
                                        "same candidate in the same state",
                                    .value = table.value,
                                    .error = table.error},
                  CUT_DIMS("cut"));
}

/* The denominators of the rates of errors, so that shares of all candidates can be had. */
static void add_incompetent(struct cut_study *self)
{
    const struct cut_grid *grid = &self->grid;
    size_t n = grid->n_cuts * grid->n_competence * grid->n_attempts, i = 0;
    int64_t *count = study_cut_alloc(self, n, sizeof *count);
    for (size_t c = 0; count && c < grid->n_cuts; c++)
        for (size_t t = 0; t < grid->n_competence; t++)
            for (size_t a = 0; a < grid->n_attempts; a++, i++)
                for (size_t u = 0; u < self->counts.n_units; u++)
                    count[i] +=
                        study_cut_rate(grid, cut_cells(self, c, u), CUT_RATE_FALSE_PASS, a, t).n;
    study_cut_add(self,
                  &(struct cut_var){.name = "n_not_competent",
                                    .unit = "1",
                                    .long_name =
                                        "candidates who sat and were not competent on the day "
                                        "of their last sitting up to this attempt",
                                    .count = count},
                  CUT_DIMS("cut", "competence", "attempt"));
}

static void add_undecided(struct cut_study *self)
{
    const struct cut_var var = {.name = "undecided_rate",
                                .unit = "1",
                                .long_name = "first sittings that ended, other than by a rule that "
                                             "decides, with the interval of exam.stop.level still "
                                             "holding the cut; NaN: exam.stop.rule decides "
                                             "nothing"};
    if (self->decides == CAT_DECIDES_NOTHING)
        study_cut_add_nan(self, &var, CUT_DIMS("cut"));
    else
        add_rate(self, CUT_RATE_UNDECIDED, 1, 1, &var, CUT_DIMS("cut"));
}

static void add_lengths(struct cut_study *self)
{
    if (self->scenario->exam_form != CONFIG_FORM_NORMAL)
        add_rate(self, CUT_RATE_LENGTH, 1, 1,
                 &(struct cut_var){.name = "session_length_mean",
                                   .unit = "items",
                                   .long_name = "mean number of scored items of first sittings"},
                 CUT_DIMS("cut"));
    add_undecided(self);
}

void study_cut_decisions_add(struct cut_study *self)
{
    size_t n_attempts = self->grid.n_attempts, n_competence = self->grid.n_competence;
    const char *const *by_attempt = CUT_DIMS("cut", "attempt");
    const char *const *by_all = CUT_DIMS("cut", "competence", "attempt");
    study_cut_add(self,
                  &(struct cut_var){.name = "cut_theta",
                                    .unit = "logit",
                                    .long_name = "passing point on the ability scale",
                                    .value = self->grid.cut_theta},
                  CUT_DIMS("cut"));
    add_counts(self, CUT_N_FIXED, "n_attempted", "sittings");
    add_counts(self, CUT_N_FIXED + n_attempts, "n_passed", "sittings that were passed");
    add_rate(self, CUT_RATE_PASS, 1, n_attempts,
             &(struct cut_var){
                 .name = "pass_rate", .unit = "1", .long_name = "passed of sittings, by attempt"},
             by_attempt);
    add_rate(self, CUT_RATE_CUMULATIVE, 1, n_attempts,
             &(struct cut_var){.name = "cumulative_pass_rate",
                               .unit = "1",
                               .long_name = "passed by this attempt, of candidates who attempted "
                                            "at least once"},
             by_attempt);
    add_rate(self, CUT_RATE_ACCURACY, n_competence, 1,
             &(struct cut_var){.name = "accuracy",
                               .unit = "1",
                               .long_name = "first sittings whose decision agrees with true "
                                            "competence"},
             CUT_DIMS("cut", "competence"));
    add_rate(self, CUT_RATE_CONSISTENCY, 1, 1,
             &(struct cut_var){.name = "consistency",
                               .unit = "1",
                               .long_name = "two independent first sittings of the same candidate "
                                            "in the same state, decided alike"},
             CUT_DIMS("cut"));
    add_kappa(self);
    add_incompetent(self);
    add_rate(self, CUT_RATE_FALSE_PASS, n_competence, n_attempts,
             &(struct cut_var){.name = "false_pass_rate",
                               .unit = "1",
                               .long_name = "passed by this attempt, of those not competent on "
                                            "the day of their last sitting so far"},
             by_all);
    add_rate(self, CUT_RATE_FALSE_FAIL, n_competence, n_attempts,
             &(struct cut_var){.name = "false_fail_rate",
                               .unit = "1",
                               .long_name = "not passed by this attempt, of those competent on "
                                            "the day of their last sitting so far"},
             by_all);
    add_lengths(self);
}
