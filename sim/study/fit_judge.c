/* What the fit is worth. The covariance of the estimates is (A'A)^-1 with A the whitened slopes:
 * published noise and the simulation's own are both in the weights. A parameter is identified when
 * its standard error is below that of a uniform value between its bounds, (high - low)/sqrt(12):
 * else the targets say less than the bounds did.
 *
 * Gain and who returns: a cumulative rate shows who passed, not how many of the rest came back; few
 * who return and gain much look like many who return and gain little. Whatever curvature the model
 * has, figures of this kind do not tell the two apart, so the pair is named by its keys.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/real.h>
#include <retake/tally/address.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fit.h"

static const double uniform_sd = 0.2886751345948129; /* 1/sqrt(12) */
static const double least_s = 1e-6;                  /* stands for 0 */
static const double large_part = 0.3;                /* of a direction */
static const double strong = 0.95;                   /* correlation */
static const double missed = 2;                      /* standard errors */

static double squared(double x)
{
    return x * x;
}

/* Covariance of two estimates, per range. */
static double covariance(const struct fit *self, size_t i, size_t j)
{
    const struct linear_svd *svd = &self->svd;
    double sum = 0;
    for (size_t k = 0; k < self->self->n_free; k++)
        sum += svd->v[i][k] * svd->v[j][k] / squared(real_max(svd->s[k], least_s));
    return sum;
}

static void judge_parameters(struct fit *fit)
{
    struct study_calibration *self = fit->self;
    char text[64];
    for (size_t i = 0; i < self->n_free; i++) {
        struct study_free *free = &self->free[i];
        double share = sqrt(covariance(fit, i, i)), x = fit->best.x[i];
        study_fit_value(free, x, text);
        free->estimate = strtod(text, NULL);
        free->se = share > 1e3 ? (double)INFINITY : share * (free->high - free->low);
        free->is_identified = share < uniform_sd;
        free->at_bound = x < 1e-3 ? -1 : x > 1 - 1e-3 ? 1 : 0;
        for (size_t j = 0; j < self->n_free; j++)
            self->correlation[i][j] =
                covariance(fit, i, j) / sqrt(covariance(fit, i, i) * covariance(fit, j, j));
    }
}

/* Variance of (predicted - published) of a held-out target. With e the noise of the published
 * figures (covariance P), m that of the simulations which were fitted (M) and c that of the check
 * run, which has candidates of its own,
 *
 *     predicted - published = G (e - m) + c - e,   G = slope' (A'A)^-1 A' of the fitted targets
 *     variance              = G (P + M) G' - 2 G P + P + M
 *
 * where G P alone has the held-out figure going together with the fitted ones. A direction that is
 * left open has no estimate: it errs like a uniform value between the bounds. */
static double variance_of_prediction(struct fit *fit, const struct fit_point *check, size_t row)
{
    double with[STUDY_MAX_TARGETS], through[STUDY_MAX_TARGETS] = {0};
    double variance = study_fit_covariance(fit, check->mcse, row, row);
    for (size_t i = 0; i < fit->n_rows; i++)
        with[i] = study_fit_covariance(fit, NULL, row, fit->rows[i]);
    study_linear_forward(fit->n_rows, fit->factor, with);
    for (size_t k = 0; k < fit->self->n_free; k++) {
        double s = fit->svd.s[k], along = 0;
        for (size_t j = 0; j < fit->self->n_free; j++)
            along += fit->slope[row][j] * fit->svd.v[j][k];
        if (s < 1 / uniform_sd)
            variance += squared(along * uniform_sd);
        else
            for (size_t i = 0; i < fit->n_rows; i++)
                through[i] += fit->svd.us[i][k] * along / (s * s);
    }
    for (size_t i = 0; i < fit->n_rows; i++)
        variance += through[i] * (through[i] - 2 * with[i]);
    return real_max(variance, squared(check->mcse[row]));
}

/* At most that of (fitted - published) of a fitted target: the parameters take up some of it. */
static double variance_of_fit(const struct fit *fit, const struct fit_point *check, size_t row)
{
    return squared(fit->self->targets[row].se) + squared(fit->best.mcse[row]) +
           squared(check->mcse[row]);
}

static void judge_targets(struct fit *fit, const struct fit_point *check)
{
    struct study_calibration *self = fit->self;
    for (size_t i = 0; i < self->n_targets; i++) {
        struct study_target *target = &self->targets[i];
        target->fitted = check->value[i];
        target->mcse = check->mcse[i];
        double variance = target->is_predicted ? variance_of_prediction(fit, check, i)
                                               : variance_of_fit(fit, check, i);
        target->z = (target->fitted - target->value) / sqrt(variance);
        bool is_missed = !(fabs(target->z) <= missed);
        if (target->is_predicted)
            study_calibration_warn(
                fit->self, fit->err,
                "%s was held out: %.4f predicted, %.4f published, %+.1f standard errors; %s",
                target->statistic, target->fitted, target->value, target->z,
                is_missed ? "missed, so that the model with these parameters does not carry over "
                            "to it"
                          : "within the noise of the figures, which is no proof of the model");
        else if (is_missed)
            study_calibration_warn(
                fit->self, fit->err,
                "%s is not reached: %.4f fitted, %.4f published, %+.1f standard errors",
                target->statistic, target->fitted, target->value, target->z);
    }
}

/* How far from x one may go along a direction, within the bounds; sign = +1 or -1. */
static double reach(const struct fit *fit, size_t direction, double sign)
{
    double least = INFINITY;
    for (size_t i = 0; i < fit->self->n_free; i++) {
        double v = sign * fit->svd.v[i][direction], x = fit->best.x[i];
        if (v > 1e-9)
            least = real_min(least, (1 - x) / v);
        else if (v < -1e-9)
            least = real_min(least, -x / v);
    }
    return sign * least;
}

/* "a, b" of the parameters that have a large part in an open direction; how many. from, to: their
 * values at its two ends. They are not identified, however small the error of each looks. */
static size_t name_direction(struct fit *fit, size_t direction, char *names, char *from, char *to)
{
    double down = reach(fit, direction, -1), up = reach(fit, direction, 1);
    size_t n = 0;
    char text[64];
    names[0] = from[0] = to[0] = '\0';
    for (size_t i = 0; i < fit->self->n_free; i++) {
        struct study_free *free = &fit->self->free[i];
        double v = fit->svd.v[i][direction];
        const char *comma = n ? ", " : "";
        if (fabs(v) < large_part)
            continue;
        free->is_identified = false;
        snprintf(names + strlen(names), 256 - strlen(names), "%s%.80s", comma, free->key);
        study_fit_value(free, fit->best.x[i] + down * v, text);
        snprintf(from + strlen(from), 128 - strlen(from), "%s%s", comma, text);
        study_fit_value(free, fit->best.x[i] + up * v, text);
        snprintf(to + strlen(to), 128 - strlen(to), "%s%s", comma, text);
        n++;
    }
    return n;
}

static void judge_directions(struct fit *fit)
{
    char names[256], from[128], to[128];
    for (size_t k = 0; k < fit->self->n_free; k++) {
        double s = fit->svd.s[k];
        if (s >= 1 / uniform_sd)
            continue;
        if (name_direction(fit, k, names, from, to) > 1)
            study_calibration_warn(
                fit->self, fit->err,
                "the targets do not identify %s separately: from (%s) to (%s) they change by "
                "about %.1f standard errors, so the values here are one choice of many; fix all "
                "but one from another source, or add a target that tells them apart",
                names, from, to, s * (reach(fit, k, 1) - reach(fit, k, -1)));
        else
            study_calibration_warn(
                fit->self, fit->err,
                "the targets do not identify %s: near its estimate they feel it so little that "
                "its whole range, %s to %s, is worth about %.1f standard errors; fix it from "
                "another source",
                names, from, to, s);
    }
}

static void judge_pairs(struct fit *fit)
{
    const struct study_calibration *self = fit->self;
    for (size_t i = 0; i < self->n_free; i++)
        for (size_t j = i + 1; j < self->n_free; j++)
            if (self->free[i].is_identified && self->free[j].is_identified &&
                fabs(self->correlation[i][j]) > strong)
                study_calibration_warn(
                    fit->self, fit->err,
                    "%s and %s are hard to tell apart: their estimates correlate %+.2f",
                    self->free[i].key, self->free[j].key, self->correlation[i][j]);
}

static void judge_bounds(struct fit *fit)
{
    for (size_t i = 0; i < fit->self->n_free; i++) {
        const struct study_free *free = &fit->self->free[i];
        if (free->at_bound)
            study_calibration_warn(
                fit->self, fit->err,
                "%s ends at its %s bound, %g: wider bounds may fit better, and its standard error "
                "does not hold there",
                free->key, free->at_bound < 0 ? "low" : "high",
                free->at_bound < 0 ? free->low : free->high);
    }
    if (fit->self->n_degrees <= 0)
        study_calibration_warn(
            fit->self, fit->err,
            "%zu parameter%s for %zu target%s: that the targets are met says nothing for the "
            "model",
            fit->self->n_free, fit->self->n_free == 1 ? "" : "s", fit->n_rows,
            fit->n_rows == 1 ? "" : "s");
}

/* The first free parameter whose key begins with one of the words. */
static const char *find_key(const struct study_calibration *self, const char *const *words)
{
    for (size_t i = 0; i < self->n_free; i++)
        for (size_t k = 0; words[k]; k++)
            if (strncmp(self->free[i].key, words[k], strlen(words[k])) == 0)
                return self->free[i].key;
    return NULL;
}

static bool only_cumulative(const struct fit *fit)
{
    static const char word[] = "cumulative_pass_rate";
    for (size_t i = 0; i < fit->n_rows; i++)
        if (strncmp(fit->self->targets[fit->rows[i]].statistic, word, sizeof word - 1) != 0)
            return false;
    return true;
}

static void judge_gain_and_return(struct fit *fit)
{
    static const char *const gains[] = {"study.", "deficits.", "policy.refresher.repairs", NULL};
    static const char *const returns[] = {"leave.", "policy.refresher.p_completed", NULL};
    const char *gain = find_key(fit->self, gains), *leave = find_key(fit->self, returns);
    if (gain && leave && only_cumulative(fit))
        study_calibration_warn(
            fit->self, fit->err,
            "gain and who returns are not separately identifiable from cumulative rates: do not "
            "read %s and %s as estimates; fix one (leave from the share who retest), or add a "
            "target such as pass_rate[attempt=2] or n_attempted[attempt=2]/n_attempted[attempt=1]",
            gain, leave);
}

void study_fit_judge(struct fit *self, const struct fit_point *check)
{
    self->self->chi_square = self->best.chi_square;
    self->self->n_degrees = (int)self->n_rows - (int)self->self->n_free;
    judge_parameters(self);
    judge_gain_and_return(self);
    judge_directions(self);
    judge_pairs(self);
    judge_bounds(self);
    judge_targets(self, check);
}
