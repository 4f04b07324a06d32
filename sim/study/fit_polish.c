/* The polish: Gauss-Newton on the residuals r, whitened by published and simulated noise, with
 * slopes A from central differences over common random numbers and the singular values of A,
 *
 *     step = -sum_k v_k (u_k' r)/s_k     over the directions that the targets feel at all.
 *
 * With slopes per range of a parameter, s_k says by how many standard errors the targets move when
 * the parameters move along v_k through their range.
 * SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include <retake/base/real.h>
#include <string.h>

#include "fit.h"

enum { MAX_STEPS = 6, MAX_HALVINGS = 4, MAX_SLOPES = 3 };

static const double difference = 0.02; /* of the range, each way */
static const double least_felt = 0.3;  /* of s; below, a step would follow noise */
static const double far = 0.05;        /* of the range: slopes are taken anew */

static enum err_code differentiate(struct fit *self)
{
    for (size_t k = 0; k < self->self->n_free; k++) {
        struct fit_point up, down;
        double x[STUDY_MAX_FREE];
        memcpy(x, self->best.x, sizeof x);
        x[k] = real_min(self->best.x[k] + difference, 1);
        if (study_fit_evaluate(self, x, &up) != ERR_OK)
            return self->err->code;
        x[k] = real_max(self->best.x[k] - difference, 0);
        if (study_fit_evaluate(self, x, &down) != ERR_OK)
            return self->err->code;
        for (size_t i = 0; i < self->self->n_targets; i++) {
            double slope = (up.value[i] - down.value[i]) / (up.x[k] - down.x[k]);
            self->slope[i][k] = isfinite(slope) ? slope : 0;
        }
    }
    return ERR_OK;
}

/* Singular values of the whitened slopes; the columns of parameters that are held count as 0. */
static void decompose(struct fit *self, const bool *held)
{
    double l[LINEAR_ROWS][LINEAR_ROWS], column[LINEAR_ROWS];
    memcpy(l, self->factor, sizeof l);
    for (size_t k = 0; k < self->self->n_free; k++) {
        for (size_t i = 0; i < self->n_rows; i++)
            column[i] = held && held[k] ? 0 : self->slope[self->rows[i]][k];
        study_linear_forward(self->n_rows, l, column);
        for (size_t i = 0; i < self->n_rows; i++)
            self->svd.us[i][k] = column[i];
    }
    study_linear_svd(self->n_rows, self->self->n_free, &self->svd);
}

static void newton_step(const struct fit *self, double *step)
{
    double residuals[STUDY_MAX_TARGETS];
    study_fit_residuals(self, self->best.value, residuals);
    for (size_t i = 0; i < self->self->n_free; i++)
        step[i] = 0;
    for (size_t k = 0; k < self->self->n_free; k++) {
        double s = self->svd.s[k], along = 0;
        if (s < least_felt)
            continue;
        for (size_t i = 0; i < self->n_rows; i++)
            along += self->svd.us[i][k] * residuals[i];
        for (size_t i = 0; i < self->self->n_free; i++)
            step[i] -= self->svd.v[i][k] * along / (s * s);
    }
}

/* A step that keeps within the bounds: what would leave them is held, and the others go on. */
static void choose_step(struct fit *self, double *step)
{
    bool held[STUDY_MAX_FREE] = {false}, again = true;
    while (again) {
        decompose(self, held);
        newton_step(self, step);
        again = false;
        for (size_t k = 0; k < self->self->n_free; k++) {
            double x = self->best.x[k];
            bool leaves = (x <= 0 && step[k] < 0) || (x >= 1 && step[k] > 0);
            again = again || (leaves && !held[k]);
            held[k] = held[k] || leaves;
        }
    }
}

/* Take the step, or a half of it, ... as long as that is worse. gain: what was gained. */
static enum err_code take_step(struct fit *self, const double *step, double *gain)
{
    double share = 1, before = self->best.chi_square;
    *gain = 0;
    for (int halving = 0; halving <= MAX_HALVINGS; halving++, share /= 2) {
        struct fit_point point;
        double x[STUDY_MAX_FREE];
        for (size_t k = 0; k < self->self->n_free; k++)
            x[k] = real_min(real_max(self->best.x[k] + share * step[k], 0), 1);
        if (study_fit_evaluate(self, x, &point) != ERR_OK)
            return self->err->code;
        if (point.chi_square < before) {
            self->best = point;
            *gain = before - point.chi_square;
            break;
        }
    }
    return ERR_OK;
}

static double distance(const struct fit *self, const double *x)
{
    double most = 0;
    for (size_t k = 0; k < self->self->n_free; k++)
        most = real_max(most, fabs(self->best.x[k] - x[k]));
    return most;
}

static enum err_code descend(struct fit *self)
{
    double step[STUDY_MAX_FREE], gain = 1;
    for (int n = 0; n < MAX_STEPS && gain > 1e-3 && self->best.chi_square > 1e-4; n++) {
        choose_step(self, step);
        if (take_step(self, step, &gain) != ERR_OK)
            return self->err->code;
    }
    return ERR_OK;
}

/* From now on residuals weigh by the noise of the best point too. */
static void weigh(struct fit *self)
{
    double residuals[STUDY_MAX_TARGETS];
    study_fit_weigh_simulated(self, self->best.mcse);
    self->best.chi_square = study_fit_residuals(self, self->best.value, residuals);
}

enum err_code study_fit_polish(struct fit *self)
{
    double x[STUDY_MAX_FREE];
    self->n_candidates = self->options->n_candidates;
    memcpy(x, self->best.x, sizeof x);
    if (study_fit_evaluate(self, x, &self->best) != ERR_OK)
        return self->err->code;
    weigh(self);
    for (int n = 0; n < MAX_SLOPES; n++) {
        memcpy(x, self->best.x, sizeof x);
        if (differentiate(self) != ERR_OK || descend(self) != ERR_OK)
            return self->err->code;
        if (distance(self, x) < far)
            break;
    }
    weigh(self);
    decompose(self, NULL);
    return ERR_OK;
}
