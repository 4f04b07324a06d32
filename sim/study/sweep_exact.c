/* Policies by the exact solver: one after the other, each in milliseconds or in minutes, and a row
 * as soon as it is solved. The base is solved once. Differences from it are differences, without
 * error.
 * SPDX-License-Identifier: Apache-2.0 */
#include "sweep_work.h"

#include <retake/base/wording.h>
#include <retake/study/exact_solver.h>
#include <retake/tally/join.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exact_parts.h"

struct solved {
    size_t n;                 /* policies solved or refused */
    struct dataset *policies; /* [n_plans] */
    struct err *refusals;     /* [n_plans]: code ERR_OK, or why it cannot be solved */
};

static enum err_code begin(struct study_work *work, struct err *err)
{
    struct solved *self = calloc(1, sizeof *self);
    work->own = self;
    if (self) {
        self->policies = calloc(work->n_plans + 1, sizeof *self->policies);
        self->refusals = calloc(work->n_plans + 1, sizeof *self->refusals);
    }
    if (!self || !self->policies || !self->refusals)
        return err_set(err, ERR_MEMORY, "no memory for %s",
                       wording_count(work->n_plans, "policy").text);
    return ERR_OK;
}

static bool is_refusal(enum err_code code)
{
    return code == ERR_INPUT || code == ERR_RANGE;
}

static enum err_code solve_next(struct study_work *work, const struct engine_options *options,
                                struct err *err)
{
    struct solved *self = work->own;
    study_exact_solve(work->plans[self->n], options, &self->policies[self->n], err);
    if (is_refusal(err->code)) {
        self->refusals[self->n] = *err;
        err_clear(err);
    }
    self->n += err->code == ERR_OK;
    return err->code;
}

/* The base or one policy a call: the sweep looks at the clock in between. */
static enum err_code advance(struct study_work *work, const struct engine_options *options,
                             struct err *err)
{
    struct solved *self = work->own;
    if (work->base_statistics->n_vars == 0)
        study_exact_solve(work->base, options, work->base_statistics, err);
    else if (self->n < work->n_plans)
        solve_next(work, options, err);
    if (err->code == ERR_INTERRUPTED) /* the sweep asks why it stopped */
        err_clear(err);
    return err->code;
}

static size_t n_ready(const struct study_work *work)
{
    return ((const struct solved *)work->own)->n;
}

static const struct err *refusal(const struct study_work *work, size_t k)
{
    const struct solved *self = work->own;
    return self->refusals[k].code ? &self->refusals[k] : NULL;
}

static const char *const compared[] = {"pass_rate",
                                       "cumulative_pass_rate",
                                       "false_pass_rate",
                                       "false_fail_rate",
                                       "outcome_rate",
                                       "seats_per_candidate",
                                       "refreshers_per_candidate",
                                       "cost_per_candidate",
                                       "days_to_certification_mean"};

/* The base may have come from a checkpoint. */
static enum err_code add_difference(const struct dataset_var *var, const struct dataset *base,
                                    struct dataset *out, struct err *err)
{
    char name[128], text[256];
    const struct dataset_var *there = dataset_var(base, var->name);
    if (!there || there->type != var->type || var->type != DATASET_REAL || there->n != var->n)
        return err_set(err, ERR_INPUT, "the statistics of the base have no %s like it", var->name);
    double *values = arena_alloc(&out->arena, var->n * sizeof *values);
    double *zeros = arena_alloc(&out->arena, var->n * sizeof *zeros);
    if (!values || !zeros)
        return err_set(err, ERR_MEMORY, "no memory for differences");
    for (size_t k = 0; k < var->n; k++)
        values[k] = var->real[k] - there->real[k];
    snprintf(name, sizeof name, "%s_difference", var->name);
    snprintf(text, sizeof text, "%s less that of the base policy, on the same candidates",
             var->name);
    struct dataset_var difference = *var;
    difference.name = name;
    difference.long_name = text;
    difference.real = values;
    return study_exact_add_pair(out, &difference, zeros, err);
}

static enum err_code finish(struct study_work *work, size_t k, struct dataset *out, struct err *err)
{
    struct solved *self = work->own;
    const struct dataset *base = work->base_statistics;
    struct dataset like = {0}; /* the base over the dimensions of the policy */
    if (dataset_pick(&self->policies[k], base, NULL, NULL, out, err) != ERR_OK ||
        dataset_pick(base, out, NULL, NULL, &like, err) != ERR_OK)
        goto out;
    for (size_t i = 0; work->sweep->compares && i < sizeof compared / sizeof *compared; i++) {
        const struct dataset_var *var = dataset_var(out, compared[i]);
        struct dataset_var copy = var ? *var : (struct dataset_var){0};
        if (var && add_difference(&copy, &like, out, err) != ERR_OK)
            break;
    }
out:
    dataset_free(&like);
    dataset_free(&self->policies[k]);
    return err->code;
}

static void end(struct study_work *work)
{
    struct solved *self = work->own;
    for (size_t k = 0; self && self->policies && k < work->n_plans; k++)
        dataset_free(&self->policies[k]);
    if (self) {
        free(self->policies);
        free(self->refusals);
    }
    free(self);
    work->own = NULL;
}

const struct study_producer study_producer_exact = {.most = 64,
                                                    .base_is_fixed = true,
                                                    .begin = begin,
                                                    .advance = advance,
                                                    .n_ready = n_ready,
                                                    .refusal = refusal,
                                                    .finish = finish,
                                                    .end = end};
