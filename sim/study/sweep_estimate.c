/* What a sweep would take, from a pilot: a few policies on a few candidates.
 * SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <retake/base/footprint.h>
#include <retake/base/real.h>
#include <retake/base/wording.h>
#include <retake/pathway/library.h>

#include "sweep_loop.h"

enum { PILOT_POLICIES = 8, PILOT_CHUNKS = 2 };
static const double pilot_s = 1;

/* The first of the pilot that cannot be run, and why. */
static void find_failure(const struct study_loop *self, const size_t *points, size_t n,
                         struct study_sweep_estimate *out)
{
    for (size_t k = 0; k < n && out->failure[0] == '\0'; k++) {
        const char *message = study_rows_text(&self->rows, points[k], "policy_message");
        if (message && message[0])
            snprintf(out->failure, sizeof out->failure, "policy %zu: %s", points[k] + 1, message);
    }
}

/* Policies spread over the design, as many as can be run. Where none can, nothing can be told. */
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
    find_failure(self, points, n, out);
    if (out->n_pilot == 0)
        return err_set(self->err, ERR_INPUT, "%s: %zu of %s tried cannot be run; the first: %s",
                       self->sweep->path, n, wording_count(n, "policy").text, out->failure);
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

/* Seconds of one policy, of all candidates; the base counts as one. At least one is seen. */
static enum err_code time_pilot(struct study_loop *self, double *seconds)
{
    const struct study_producer *producer = self->producer;
    double began = study_loop_now_s(), elapsed = 0, n_seen = 0;
    while (study_loop_batch_goes_on(self) && (elapsed < pilot_s || n_seen == 0)) {
        self->engine.pause_s = real_max(pilot_s - elapsed, 1e-3);
        if (producer->advance(&self->work, &self->engine, self->err) != ERR_OK)
            return self->err->code;
        elapsed = study_loop_now_s() - began;
        n_seen = producer->n_done ? (double)producer->n_done(&self->work)
                                  : (double)producer->n_ready(&self->work);
    }
    if (n_seen > 0 && producer->n_done)
        *seconds = elapsed * (double)self->n_candidates / n_seen / (double)(self->work.n_plans + 1);
    else if (n_seen > 0)
        *seconds = elapsed / (n_seen + 1);
    return ERR_OK;
}

/* Bytes of the values of a row, over the dimensions that all rows of the pilot have together. */
static enum err_code row_bytes(struct study_loop *self, double *out)
{
    struct dataset joined = {0};
    bool is_partial = self->producer->base_is_fixed;
    if (self->work.n_plans == 0) /* a shard without policies */
        return ERR_OK;
    size_t n = is_partial ? self->producer->n_ready(&self->work) : self->work.n_plans;
    if (study_loop_batch_take(self, n) != ERR_OK)
        return self->err->code;
    if (study_loop_join(self, &joined) == ERR_OK)
        for (size_t k = 0; k < joined.n_vars; k++)
            if (joined.vars[k].n_dims > 0 && joined.vars[k].dim[0] == 0)
                *out += 8 * (double)joined.vars[k].n / (double)self->rows.n_done;
    dataset_free(&joined);
    return self->err->code;
}

/* Bytes of this process. */
struct memory {
    double before;           /* all that does not depend on the number of policies at a time */
    double of_plan, of_work; /* of one policy of a batch: what it is, and while it is at work */
    double once;             /* while any is at work */
};

/* Of a pilot that is at work, whose plans were built after `before` was taken. */
static enum err_code memory_measure(struct study_loop *self, struct memory *out, double *seconds)
{
    double built = footprint_resident_bytes(), n = (double)self->work.n_plans;
    footprint_peak_forget();
    if (time_pilot(self, seconds) != ERR_OK || n == 0)
        return self->err->code;
    double work = real_max(footprint_peak_bytes() - built, 0);
    if (!self->plan.pathway.library) /* else the libraries are counted */
        out->of_plan = real_max(built - out->before, 0) / n;
    if (self->producer->base_is_fixed)
        out->once = work;
    else
        out->of_work = work / (n + 1);
    if (out->before <= 0) /* the system does not tell */
        out->of_work = (double)engine_batch_policy_bytes(&self->plan, self->engine.n_threads);
    return ERR_OK;
}

/* At the end the rows lie there twice, and the file once, in place of the batch; at a checkpoint
 * beside it. What HDF5 takes is beside both: what a batch has freed lies in other pieces. */
static void estimate_bytes(const struct study_loop *self, const struct memory *memory,
                           double of_row, struct study_sweep_estimate *out)
{
    const double deflated = 0.3, hdf5_bytes = 8e6, plain_file_bytes = 160e3;
    double n = (double)self->n_policies, most = (double)study_loop_most_policies(self);
    double at_once = real_min(n, most), rows = of_row * n;
    double batch = at_once * (memory->of_plan + memory->of_work) + memory->of_work + memory->once;
    double file = rows * (1 + deflated);
    if (self->plan.pathway.library) {
        out->n_libraries = count_exams(self);
        batch +=
            real_min((double)out->n_libraries, most) * library_bytes(self->plan.pathway.library);
    }
    bool is_kept = self->options->durable.checkpoint_s > 0 || self->options->durable.max_time_s > 0;
    out->file_bytes = rows + plain_file_bytes;
    out->memory_bytes =
        memory->before + rows + hdf5_bytes + (is_kept ? batch + file : real_max(batch, file));
}

enum err_code study_sweep_estimate(struct study_sweep *sweep,
                                   const struct study_sweep_options *options,
                                   struct study_sweep_estimate *out, struct err *err)
{
    struct study_loop self = {
        .sweep = sweep, .options = options, .engine = options->engine, .err = err};
    struct memory memory = {0};
    double of_policy = 0, of_row = 0;
    *out = (struct study_sweep_estimate){.n_policies = sweep->n_points};
    if (study_loop_begin(&self) != ERR_OK)
        goto out;
    memory.before = footprint_resident_bytes();
    if (begin_pilot(&self, out) == ERR_OK && memory_measure(&self, &memory, &of_policy) == ERR_OK &&
        row_bytes(&self, &of_row) == ERR_OK) {
        double n = (double)self.n_policies;
        double n_bases = self.producer->base_is_fixed
                             ? 1
                             : n / real_min(n, (double)study_loop_most_policies(&self));
        out->n_policies = self.n_policies;
        out->seconds = n > 0 ? of_policy * (n + n_bases) : 0;
        estimate_bytes(&self, &memory, of_row, out);
    }
out:
    study_loop_end(&self);
    return err->code;
}
