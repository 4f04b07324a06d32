/* A calibration from start to end. Search and polish share one seed (common random numbers); the
 * figures that are reported come from a run with candidates of its own, so that they owe nothing to
 * the luck of those that the parameters were fitted with.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/study/calibrate.h>

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "fit.h"

enum { TEXT_BYTES = 900 };

void study_calibration_warn(struct study_calibration *self, struct err *err, const char *format,
                            ...)
{
    char text[TEXT_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    const char *copy = arena_text(&self->arena, text, strlen(text));
    if (!copy)
        err_set(err, ERR_MEMORY, "no memory for the report");
    else if (self->n_warnings < STUDY_MAX_WARNINGS)
        self->warnings[self->n_warnings++] = copy;
}

/* Another seed: the odd constant of a Weyl sequence, its top bit left out. */
static uint64_t seed_of_check(uint64_t seed)
{
    return seed ^ UINT64_C(0x1E3779B97F4A7C15);
}

static void choose_rows(struct fit *self)
{
    for (size_t i = 0; i < self->self->n_targets; i++)
        if (!self->self->targets[i].is_predicted)
            self->rows[self->n_rows++] = i;
    self->best.chi_square = INFINITY;
    study_fit_weigh(self);
}

enum err_code study_calibrate(struct scenario *scenario,
                              const struct study_calibrate_options *options,
                              struct study_calibration *self, struct err *err)
{
    struct fit fit = {
        .scenario = scenario, .options = options, .self = self, .seed = options->seed, .err = err};
    struct fit_point check;
    self->n_candidates = options->n_candidates;
    self->seed = options->seed;
    choose_rows(&fit);
    if (study_fit_search(&fit) != ERR_OK || study_fit_polish(&fit) != ERR_OK)
        return err->code;
    fit.seed = seed_of_check(options->seed);
    if (study_fit_evaluate(&fit, fit.best.x, &check) == ERR_OK)
        study_fit_judge(&fit, &check);
    return err->code;
}
