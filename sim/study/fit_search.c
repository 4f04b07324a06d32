/* The search: the only file with NLopt. Coarse over the whole box (DIRECT-L: Gablonsky & Kelley
 * 2001) unless every parameter has a start, then near the best (BOBYQA: Powell 2009; Nelder & Mead
 * 1965 for one parameter, which BOBYQA does not take). Neither uses derivatives or chance, and all
 * evaluations share their random numbers, so that the objective is a plain function.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/real.h>
#include <retake/base/wording.h>
#include <retake/study/evaluate.h>
#include <retake/tally/address.h>

#include <math.h>
#include <nlopt.h>
#include <stdio.h>
#include <string.h>

#include "fit.h"

enum { COARSE_PART = 16, FINE_PART = 4, LEAST_CANDIDATES = 2048, SET_BYTES = 320 };

static const double good_enough = 0.01; /* chi-square that the polish takes over from */

void study_fit_value(const struct study_free *self, double x, char text[64])
{
    double inside = real_min(real_max(x, 0), 1);
    snprintf(text, 64, "%.*f", self->decimals, self->low + inside * (self->high - self->low));
}

static enum err_code read_targets(struct fit *self, const struct dataset *data,
                                  struct fit_point *out)
{
    struct err reason = {0};
    for (size_t i = 0; i < self->self->n_targets; i++) {
        const struct study_target *target = &self->self->targets[i];
        struct tally_number number;
        tally_address_read(data, target->statistic, &number, &reason);
        if (!reason.code && number.is_count)
            err_set(&reason, ERR_INPUT,
                    "%s: a count grows with the candidates simulated; divide it, e.g. by "
                    "n_attempted[attempt=1]",
                    target->statistic);
        if (reason.code)
            return err_set(self->err, reason.code, "%s:%zu:1: column statistic: %s",
                           self->self->targets_path, target->line, reason.detail);
        out->value[i] = number.value;
        out->mcse[i] = isfinite(number.mcse) ? number.mcse : 0;
    }
    return ERR_OK;
}

static enum err_code refuse(struct fit *self, const struct err *reason)
{
    if (reason->code == ERR_INTERRUPTED)
        return err_set(self->err, ERR_INTERRUPTED, "interrupted after %s",
                       wording_count(self->self->n_evaluations, "evaluation").text);
    return err_set(self->err, reason->code, "%s", reason->detail);
}

enum err_code study_fit_evaluate(struct fit *self, const double *x, struct fit_point *out)
{
    char texts[STUDY_MAX_FREE][SET_BYTES], value[64];
    const char *sets[STUDY_MAX_FREE];
    struct scenario *s = self->scenario;
    int64_t n_candidates = s->engine_candidates, seed = s->engine_seed;
    struct engine_options engine = {.n_threads = self->options->n_threads,
                                    .stop = self->options->stop};
    struct dataset data;
    struct err reason = {0};
    double residuals[STUDY_MAX_TARGETS];
    for (size_t k = 0; k < self->self->n_free; k++) {
        study_fit_value(&self->self->free[k], x[k], value);
        snprintf(texts[k], SET_BYTES, "%.240s=%s", self->self->free[k].key, value);
        sets[k] = texts[k];
        out->x[k] = real_min(real_max(x[k], 0), 1);
    }
    s->engine_candidates = (int64_t)self->n_candidates;
    s->engine_seed = (int64_t)self->seed;
    study_evaluate(s, sets, self->self->n_free, &engine, &data, &reason);
    s->engine_candidates = n_candidates;
    s->engine_seed = seed;
    if (reason.code == ERR_OK && read_targets(self, &data, out) == ERR_OK)
        out->chi_square = study_fit_residuals(self, out->value, residuals);
    dataset_free(&data);
    self->self->n_evaluations++;
    return reason.code ? refuse(self, &reason) : self->err->code;
}

static void show(const struct fit *self)
{
    char values[2048] = "", value[64];
    size_t n = 0;
    for (size_t k = 0; k < self->self->n_free && n < sizeof values; k++) {
        study_fit_value(&self->self->free[k], self->best.x[k], value);
        n += (size_t)snprintf(values + n, sizeof values - n, "%s%s=%s", k ? " " : "",
                              self->self->free[k].key, value);
    }
    struct study_calibrate_progress progress = {.n_evaluations = self->self->n_evaluations,
                                                .chi_square = self->best.chi_square,
                                                .values = values};
    if (self->options->progress)
        self->options->progress(&progress, self->options->context);
}

struct objective {
    struct fit *fit;
    nlopt_opt opt;
};

static double evaluate(unsigned n, const double *x, double *gradient, void *context)
{
    struct objective *self = context;
    struct fit *fit = self->fit;
    struct fit_point point;
    (void)n;
    (void)gradient;
    if (fit->err->code || study_fit_evaluate(fit, x, &point) != ERR_OK) {
        nlopt_force_stop(self->opt);
        return HUGE_VAL;
    }
    if (point.chi_square < fit->best.chi_square) {
        fit->best = point;
        show(fit);
    }
    return point.chi_square;
}

static enum err_code minimise(struct fit *self, nlopt_algorithm algorithm, int n_evaluations)
{
    double x[STUDY_MAX_FREE], least;
    unsigned n = (unsigned)self->self->n_free;
    struct objective objective = {.fit = self, .opt = nlopt_create(algorithm, n)};
    if (!objective.opt)
        return err_set(self->err, ERR_MEMORY, "no memory for the search");
    memcpy(x, self->best.x, sizeof x);
    nlopt_set_min_objective(objective.opt, evaluate, &objective);
    nlopt_set_lower_bounds1(objective.opt, 0);
    nlopt_set_upper_bounds1(objective.opt, 1);
    nlopt_set_initial_step1(objective.opt, 0.1);
    nlopt_set_stopval(objective.opt, good_enough);
    nlopt_set_xtol_abs1(objective.opt, 1e-3);
    nlopt_set_ftol_abs(objective.opt, 1e-3);
    nlopt_set_maxeval(objective.opt, n_evaluations);
    nlopt_optimize(objective.opt, x, &least); /* best is what counts, however it ended */
    nlopt_destroy(objective.opt);
    return self->err->code;
}

/* From now on every evaluation takes this part of the candidates. */
static enum err_code rescale(struct fit *self, uint64_t part)
{
    double x[STUDY_MAX_FREE];
    uint64_t n = self->options->n_candidates / part;
    self->n_candidates = n > LEAST_CANDIDATES ? n : LEAST_CANDIDATES;
    memcpy(x, self->best.x, sizeof x);
    return study_fit_evaluate(self, x, &self->best);
}

enum err_code study_fit_search(struct fit *self)
{
    bool all_start = true;
    int n = (int)self->self->n_free;
    for (int k = 0; k < n; k++) {
        const struct study_free *free = &self->self->free[k];
        self->best.x[k] = (free->start - free->low) / (free->high - free->low);
        all_start = all_start && free->has_start;
    }
    if (!all_start && (rescale(self, COARSE_PART) != ERR_OK ||
                       minimise(self, NLOPT_GN_DIRECT_L, 12 + 14 * n) != ERR_OK))
        return self->err->code;
    if (rescale(self, FINE_PART) != ERR_OK)
        return self->err->code;
    show(self);
    if (self->best.chi_square > good_enough)
        minimise(self, n > 1 ? NLOPT_LN_BOBYQA : NLOPT_LN_NELDERMEAD, 10 + 14 * n);
    return self->err->code;
}
