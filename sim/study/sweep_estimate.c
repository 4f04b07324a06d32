/* What a sweep would take, from a pilot: a few policies on a few candidates.
 * SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <retake/base/real.h>
#include <retake/pathway/library.h>

#include "sweep_loop.h"

enum { PILOT_POLICIES = 8, PILOT_CHUNKS = 2 };
static const double pilot_s = 1;

/* Policies spread over the design, as many as can be run. */
static enum err_code begin_pilot(struct study_loop *self, struct study_sweep_estimate *out)
{
    size_t points[PILOT_POLICIES], n = 0;
    size_t step = self->n_policies / PILOT_POLICIES + 1;
    for (size_t k = 0; k < self->n_policies && n < PILOT_POLICIES; k += step)
        points[n++] = self->first + k;
    if (n == 0 || study_loop_batch_begin(self, points, n) != ERR_OK)
        return self->err->code;
    out->n_pilot = self->work.n_plans;
    out->n_failing = n - self->work.n_plans;
    for (size_t k = 0; k < n && out->failure[0] == '\0'; k++) {
        const struct dataset_var *message =
            dataset_var(&self->rows[points[k] - self->first].dataset, "policy_message");
        if (message)
            snprintf(out->failure, sizeof out->failure, "%s", message->text[0]);
    }
    return ERR_OK;
}

/* Exams among the policies. */
static size_t count_exams(const struct study_loop *self)
{
    size_t n = 0;
    char(*keys)[33] = malloc((self->n_policies + 1) * sizeof *keys);
    for (size_t k = 0; keys && k < self->n_policies; k++) {
        size_t at = 0;
        study_exams_key(&self->exams, self->first + k, keys[n]);
        while (strcmp(keys[at], keys[n]) != 0)
            at++;
        n += at == n;
    }
    free(keys);
    return n;
}

static double library_bytes(const struct pathway_library *self)
{
    size_t n = self->size.n_replicates * self->per_replicate;
    return (double)n * ((double)sizeof *self->sittings +
                        (double)(pathway_library_n_details(&self->size) * sizeof *self->details));
}

static double bytes_of(const struct dataset *self)
{
    double n = 0;
    for (size_t k = 0; k < self->n_vars; k++)
        n += 8 * (double)self->vars[k].n;
    return n;
}

/* Seconds of one policy for one candidate, its share of the base included. */
static enum err_code time_pilot(struct study_loop *self, double *seconds)
{
    double began = study_loop_now_s(), share = 1;
    uint64_t n = self->n_candidates;
    self->engine.pause_s = pilot_s;
    if (self->work.n_plans == 0)
        return ERR_OK;
    if (self->producer->advance(&self->work, &self->engine, self->err) != ERR_OK)
        return self->err->code;
    if (self->producer->n_done)
        share = (double)self->producer->n_done(&self->work) / (double)n;
    if (share > 0)
        *seconds = (study_loop_now_s() - began) / share / (double)(self->work.n_plans + 1);
    return ERR_OK;
}

enum err_code study_sweep_estimate(struct study_sweep *sweep,
                                   const struct study_sweep_options *options,
                                   struct study_sweep_estimate *out, struct err *err)
{
    struct study_loop self = {
        .sweep = sweep, .options = options, .engine = options->engine, .err = err};
    double of_policy = 0;
    *out = (struct study_sweep_estimate){.n_policies = sweep->n_points};
    if (study_loop_begin(&self) == ERR_OK && begin_pilot(&self, out) == ERR_OK &&
        time_pilot(&self, &of_policy) == ERR_OK) {
        double batch = (double)study_loop_most_policies(&self), n = (double)self.n_policies;
        size_t bytes = engine_batch_policy_bytes(&self.plan, self.engine.n_threads);
        double at_once = n < batch ? n : batch;
        out->n_policies = self.n_policies;
        out->seconds = of_policy * (n + n / at_once);
        if (self.work.n_plans > 0 && study_loop_batch_finish(&self) == ERR_OK)
            for (size_t k = 0; k < self.n_policies; k++)
                if (bytes_of(&self.rows[k].dataset) > out->file_bytes)
                    out->file_bytes = bytes_of(&self.rows[k].dataset);
        out->memory_bytes = at_once * (double)bytes + 3 * out->file_bytes * n;
        if (self.plan.pathway.library) {
            out->n_libraries = count_exams(&self);
            out->memory_bytes += real_min((double)out->n_libraries, batch) *
                                 library_bytes(self.plan.pathway.library);
        }
        out->file_bytes = out->file_bytes * n + 65536;
    }
    study_loop_end(&self);
    return err->code;
}
