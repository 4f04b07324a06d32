/* What the standard-setting panel's own uncertainty means: the cut is normal around the operational
 * one with the panel's standard error (Clauser & Nungester 2001 look at the operational cut alone;
 * the distribution of rates is that of the simulated curve at the panel's cuts). Between simulated
 * cuts the curve is linear. Cuts more than REACH standard errors away, 6 in 100,000, are left out.
 * SPDX-License-Identifier: Apache-2.0 */
#include "cut_rates.h"

#include <retake/base/real.h>
#include <retake/base/vec.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { N_NODES = 801, REACH = 4 };

static const double multiples[] = {0, 0.25, 0.5, 0.75, 1, 1.25};
enum { N_SE = sizeof multiples / sizeof *multiples };

/* The distribution of the cut, at N_NODES points. */
struct panel {
    struct cut_study *study;
    double cut[N_NODES], weight[N_NODES];
};

struct node {
    double value, weight;
};

struct summary {
    double mean, error, sd, low, high;
};

static void fill_nodes(struct panel *self, double centre, double se)
{
    double total = 0;
    for (size_t k = 0; k < N_NODES; k++) {
        double z = (double)REACH * (2.0 * (double)k / (N_NODES - 1) - 1);
        self->cut[k] = centre + se * z;
        self->weight[k] = vec_exp1(-0.5 * z * z);
        total += self->weight[k];
    }
    for (size_t k = 0; k < N_NODES; k++)
        self->weight[k] /= total;
}

static int by_value(const void *a, const void *b)
{
    const struct node *x = a, *y = b;
    if (x->value != y->value)
        return x->value < y->value ? -1 : 1;
    return (x->weight > y->weight) - (x->weight < y->weight);
}

/* The value at which the weights reach a share. */
static double quantile(const struct node *nodes, double share)
{
    double sum = 0;
    for (size_t k = 0; k < N_NODES; k++) {
        sum += nodes[k].weight;
        if (sum >= share)
            return nodes[k].value;
    }
    return nodes[N_NODES - 1].value;
}

/* Weights of the simulated cuts in the mean over the panel's. */
static void fill_loads(const struct panel *self, double *load)
{
    const struct cut_grid *grid = &self->study->grid;
    for (size_t c = 0; c < grid->n_cuts; c++)
        load[c] = 0;
    for (size_t k = 0; k < N_NODES; k++) {
        size_t c = 0;
        while (c + 2 < grid->n_cuts && self->cut[k] >= grid->cut[c + 1])
            c++;
        double width = grid->n_cuts > 1 ? grid->cut[c + 1] - grid->cut[c] : 1;
        double part = real_min(real_max((self->cut[k] - grid->cut[c]) / width, 0), 1);
        load[c] += self->weight[k] * (1 - part);
        if (grid->n_cuts > 1)
            load[c + 1] += self->weight[k] * part;
    }
}

/* The error of a weighted sum of ratios on the same units: of the sum of their residuals. */
static double error_of(const struct cut_study *study, const double *load, const double *curve,
                       enum cut_rate which, size_t attempt)
{
    const struct cut_grid *grid = &study->grid;
    double squares = 0, n_units = (double)study->counts.n_units;
    double *total = calloc(grid->n_cuts, sizeof *total);
    for (size_t u = 0; total && u < study->counts.n_units; u++)
        for (size_t c = 0; c < grid->n_cuts; c++)
            total[c] +=
                (double)study_cut_rate(grid, cut_cells(study, c, u), which, attempt, grid->given).n;
    for (size_t u = 0; total && u < study->counts.n_units; u++) {
        double sum = 0;
        for (size_t c = 0; c < grid->n_cuts; c++) {
            struct tally_cell cell =
                study_cut_rate(grid, cut_cells(study, c, u), which, attempt, grid->given);
            if (load[c] > 0)
                sum += load[c] * ((double)cell.y - curve[c] * (double)cell.n) / total[c];
        }
        squares += sum * sum;
    }
    free(total);
    return total && n_units > 1 ? sqrt(squares * n_units / (n_units - 1)) : (double)NAN;
}

static struct summary summarise(const struct panel *self, const double *curve, const double *load,
                                enum cut_rate which, size_t attempt)
{
    const struct cut_grid *grid = &self->study->grid;
    struct node nodes[N_NODES];
    struct summary out = {.mean = 0};
    double squares = 0;
    for (size_t k = 0; k < N_NODES; k++) {
        double value = study_cut_interpolate(grid->cut, curve, grid->n_cuts, self->cut[k]);
        nodes[k] = (struct node){value, self->weight[k]};
        out.mean += self->weight[k] * value;
    }
    for (size_t k = 0; k < N_NODES; k++)
        squares += self->weight[k] * (nodes[k].value - out.mean) * (nodes[k].value - out.mean);
    out.sd = sqrt(squares);
    qsort(nodes, N_NODES, sizeof *nodes, by_value);
    out.low = quantile(nodes, 0.025);
    out.high = quantile(nodes, 0.975);
    out.error = error_of(self->study, load, curve, which, attempt);
    return out;
}

enum { MEAN, SD, LOW, HIGH, N_COLUMNS };

/* A rate over panel standard errors and attempts. */
struct columns {
    enum cut_rate which;
    size_t n_attempts;
    double *of[N_COLUMNS], *error; /* [N_SE][n_attempts] */
};

static void fill_attempt(struct panel *self, size_t attempt, double *curve, double *load,
                         struct columns *out)
{
    struct cut_study *study = self->study;
    const struct cut_grid *grid = &study->grid;
    double error;
    for (size_t c = 0; c < grid->n_cuts; c++)
        study_cut_rate_value(study, c, out->which, attempt, grid->given, &curve[c], &error);
    for (size_t k = 0; k < N_SE; k++) {
        size_t i = k * out->n_attempts + attempt;
        fill_nodes(self, grid->cut[grid->operational],
                   study->scenario->validate_panel_se * multiples[k]);
        fill_loads(self, load);
        struct summary s = summarise(self, curve, load, out->which, attempt);
        out->of[MEAN][i] = s.mean;
        out->of[SD][i] = s.sd;
        out->of[LOW][i] = s.low;
        out->of[HIGH][i] = s.high;
        out->error[i] = s.error;
    }
}

static void add_columns(struct cut_study *study, const struct columns *from, const char *name,
                        const char *what, const char *const *dims)
{
    static const char *const suffixes[] = {"", "_sd", "_low", "_high"};
    static const char *const texts[] = {"mean", "standard deviation", "2.5 % quantile",
                                        "97.5 % quantile"};
    for (size_t k = 0; k < N_COLUMNS; k++) {
        char full[96], text[300];
        snprintf(full, sizeof full, "%s%s", name, suffixes[k]);
        snprintf(text, sizeof text, "%s over the panel's cuts of: %s", texts[k], what);
        study_cut_add(study,
                      &(struct cut_var){.name = full,
                                        .unit = "1",
                                        .long_name = text,
                                        .value = from->of[k],
                                        .error = k == MEAN ? from->error : NULL},
                      dims);
    }
}

static void add_rate(struct panel *self, enum cut_rate which, const char *name, const char *what)
{
    struct cut_study *study = self->study;
    bool is_first = which == CUT_RATE_ACCURACY; /* of first sittings only */
    struct columns columns = {.which = which, .n_attempts = is_first ? 1 : study->grid.n_attempts};
    size_t n = N_SE * columns.n_attempts, n_cuts = study->grid.n_cuts;
    double *curve = study_cut_alloc(study, n_cuts, sizeof *curve);
    double *load = study_cut_alloc(study, n_cuts, sizeof *load);
    columns.error = study_cut_alloc(study, n, sizeof(double));
    for (size_t k = 0; k < N_COLUMNS; k++)
        columns.of[k] = study_cut_alloc(study, n, sizeof(double));
    for (size_t a = 0; a < columns.n_attempts && !study->err->code; a++)
        fill_attempt(self, a, curve, load, &columns);
    add_columns(study, &columns, name, what,
                is_first ? CUT_DIMS("panel_se") : CUT_DIMS("panel_se", "attempt"));
}

enum err_code study_cut_panel_check(struct cut_study *self)
{
    const struct cut_grid *grid = &self->grid;
    double se = self->scenario->validate_panel_se, cut = grid->cut[grid->operational];
    double reach = (double)REACH * multiples[N_SE - 1] * se * (1 - 1e-9);
    if (cut - reach >= grid->cut[0] && cut + reach <= grid->cut[grid->n_cuts - 1])
        return ERR_OK;
    return config_scenario_error(
        self->scenario, "validate.panel_se", self->err, ERR_RANGE,
        "%g: %g points to either side of the cut are looked at, and the cuts are %g to %g; widen "
        "validate.cut_from and validate.cut_to, or set 0 to leave the panel out",
        se, reach, grid->cut[0], grid->cut[grid->n_cuts - 1]);
}

void study_cut_panel_add(struct cut_study *self)
{
    double se = self->scenario->validate_panel_se, values[N_SE];
    struct panel *panel = study_cut_alloc(self, 1, sizeof *panel);
    if (se <= 0 || !panel)
        return;
    panel->study = self;
    for (size_t k = 0; k < N_SE; k++)
        values[k] = se * multiples[k];
    const struct dataset_dim dim = {.name = "panel_se",
                                    .n = N_SE,
                                    .type = DATASET_REAL,
                                    .real = values,
                                    .unit = "points",
                                    .long_name = "standard error of the cut that the panel gave"};
    if (dataset_add_dim(&self->out->dataset, &dim, self->err) != ERR_OK)
        return;
    add_rate(panel, CUT_RATE_CUMULATIVE, "panel_pass_rate",
             "passed by this attempt, of candidates who attempted");
    add_rate(panel, CUT_RATE_FALSE_PASS, "panel_false_pass_rate",
             "passed by this attempt, of those not competent (population.competent_theta)");
    add_rate(panel, CUT_RATE_FALSE_FAIL, "panel_false_fail_rate",
             "not passed by this attempt, of those competent");
    add_rate(panel, CUT_RATE_ACCURACY, "panel_accuracy",
             "first sittings whose decision agrees with true competence");
}
