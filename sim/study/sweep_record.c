/* Results and checkpoints of a sweep. The state of a checkpoint: a head, the statistics of a base
 * that is of no batch, the numbers of the policies of the batch under way, what its producer
 * packed.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/engine/ranks.h>

#include <retake/base/wording.h>
#include <retake/study/record.h>
#include <retake/study/sensitivity.h>
#include <retake/study/single.h>
#include <retake/study/sweep_verdict.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sweep_inputs.h"
#include "sweep_loop.h"
#include "sweep_state.h"

/* ---- what the sweep is recognised by ---- */

/* What the indices are computed from, here or when shards are merged. */
static enum err_code describe_sensitivity(struct study_loop *self, struct store_result *out)
{
    const struct study_sweep *sweep = self->sweep;
    char axes[4096] = "", statistics[8192] = "";
    size_t at = 0, to = 0;
    for (size_t a = 0; a < sweep->n_axes && at < sizeof axes; a++)
        at += (size_t)snprintf(axes + at, sizeof axes - at, "%s%s", a ? " " : "",
                               sweep->axes[a].name);
    for (size_t k = 0; k < sweep->n_sensitivity && to < sizeof statistics; k++)
        to += (size_t)snprintf(statistics + to, sizeof statistics - to, "%s%s", k ? "\n" : "",
                               sweep->sensitivity[k]);
    if (at >= sizeof axes || to >= sizeof statistics)
        return err_set(self->err, ERR_INPUT, "%s: sensitivity: too long a list", sweep->path);
    study_record_number(out, STUDY_SALTELLI_N, (double)sweep->n_asked, self->err);
    study_record_text(out, STUDY_SALTELLI_AXES, axes, self->err);
    study_record_number(out, STUDY_SALTELLI_NOISE, !sweep->common_random_numbers, self->err);
    return study_record_text(out, STUDY_SENSITIVITY, statistics, self->err);
}

static enum err_code describe(struct study_loop *self)
{
    char digest[33];
    const struct study_sweep *sweep = self->sweep;
    const struct study_durable *durable = &self->options->durable;
    struct store_result *out = &self->description;
    const char *coordinates = study_row_coordinates(sweep, &out->dataset.arena);
    if (study_sweep_memory(coordinates, self->err) != ERR_OK)
        return self->err->code;
    if (sweep->title[0])
        self->base.title = sweep->title;
    study_sweep_digest(sweep, digest);
    study_single_describe(&self->base, self->options->history, out, self->err);
    study_record_text(out, "sweep", sweep->text, self->err);
    study_record_text(out, "sweep_digest", digest, self->err);
    if (study_sweep_files_digest(sweep, &self->base, digest, self->err) == ERR_OK && digest[0])
        study_record_text(out, "axis_files_digest", digest, self->err);
    study_record_number(out, "n_policies", (double)sweep->n_points, self->err);
    study_record_text(out, "coordinates", coordinates, self->err);
    if (sweep->n_sensitivity > 0)
        describe_sensitivity(self, out);
    if (durable->n_shards > 0) {
        study_record_number(out, "shard", (double)durable->shard, self->err);
        study_record_number(out, "n_shards", (double)durable->n_shards, self->err);
    }
    return study_record_copy(
        out, &(struct store_provenance){durable->n_attributes, durable->attributes}, self->err);
}

/* ---- results ---- */

enum err_code study_loop_join(struct study_loop *self, struct dataset *out)
{
    struct err reason = {0};
    const struct dataset *common = self->base_row.n_vars > 0 ? &self->base_row : self->joined_base;
    study_rows_join(&self->rows, common, out, &reason);
    if (reason.code == ERR_INPUT && self->found.dataset.n_vars > 0)
        err_set(self->err, ERR_INPUT, "%s: damaged: %s; to start afresh, remove it",
                self->output.checkpoint, reason.detail);
    else if (reason.code)
        err_set(self->err, reason.code, "%s", reason.detail);
    return self->err->code;
}

enum err_code study_loop_result(struct study_loop *self, bool is_finished, struct store_result *out)
{
    char text[96];
    *out = (struct store_result){0};
    if (study_loop_join(self, &out->dataset) != ERR_OK)
        return self->err->code;
    study_record_copy(out, &self->description.provenance, self->err);
    if (is_finished && !self->err->code)
        return study_sweep_conclude(out, self->err);
    if (self->err->code)
        return self->err->code;
    snprintf(text, sizeof text, "%zu of %s", self->rows.n_done,
             wording_count(self->n_policies, "policy").text);
    study_record_text(out, "unfinished", text, self->err);
    return study_state_put(self, out);
}

/* ---- saving ---- */

static enum err_code save(struct study_loop *self, struct err *failure)
{
    struct store_result result = {0};
    if (study_loop_result(self, false, &result) == ERR_OK)
        study_output_keep(&self->output, &result, failure);
    store_result_free(&result);
    self->saved_s = study_loop_now_s();
    return self->err->code;
}

enum err_code study_loop_save_or_warn(struct study_loop *self)
{
    struct err failure = {0};
    if (save(self, &failure) == ERR_OK && failure.code && !self->warned) {
        study_output_say(&self->output, "warning: no checkpoint: %s; the sweep goes on",
                         failure.detail);
        self->warned = true;
    }
    return self->err->code;
}

/* Where a process is stopped time and again before it gets ahead, going on would be for ever. */
static enum err_code tell_stop(const struct study_loop *self)
{
    enum { MAX_FRUITLESS = 2 };
    double seconds = study_loop_now_s() - self->began_s;
    if (self->n_fruitless < MAX_FRUITLESS)
        return err_set(self->err, ERR_STOPPED, "stopped after %zu of %s; go on with --resume",
                       self->rows.n_done, wording_count(self->n_policies, "policy").text);
    return err_set(
        self->err, ERR_INTERRUPTED,
        "stopped after %zu of %s, and for the %zu%s time in a row, now after %.3g s, without "
        "getting ahead: %s takes longer; give it more time, and --resume",
        self->rows.n_done, wording_count(self->n_policies, "policy").text, self->n_fruitless,
        self->n_fruitless == 2   ? "nd"
        : self->n_fruitless == 3 ? "rd"
                                 : "th",
        seconds,
        self->producer->n_done ? "setting up a batch (--batch: a smaller one)" : "one policy");
}

enum err_code study_loop_stop(struct study_loop *self)
{
    struct err failure = {0};
    if (!self->output.is_kept)
        return err_set(self->err, ERR_INTERRUPTED, "interrupted after %zu of %s", self->rows.n_done,
                       wording_count(self->n_policies, "policy").text);
    if (self->comm) { /* a rank may be dead: at first what is there */
        if (save(self, &failure) != ERR_OK || study_ranks_end(self) != ERR_OK)
            return self->err->code;
        err_clear(&failure);
    }
    self->n_fruitless = study_state_has_gained(self) ? 0 : self->n_fruitless + 1;
    if (save(self, &failure) != ERR_OK)
        return self->err->code;
    if (failure.code)
        return err_set(self->err, failure.code, "%s; stopped after %zu of %s", failure.detail,
                       self->rows.n_done, wording_count(self->n_policies, "policy").text);
    return tell_stop(self);
}

/* ---- going on ---- */

static bool has_base(const struct dataset *dataset)
{
    for (size_t v = 0; v < dataset->n_vars; v++) {
        const char *name = dataset->vars[v].name;
        size_t n = strlen(name);
        if (n > 5 && strcmp(name + n - 5, "_base") == 0)
            return true;
    }
    return false;
}

/* Where all that are done failed, there is no base, and none is needed. */
bool study_loop_take_rows(struct study_loop *self, const struct dataset *joined)
{
    if (!study_rows_take(&self->rows, joined))
        return false;
    if (!self->joined_base && has_base(joined)) {
        self->joined_base = joined;
        self->has_base = true;
    }
    return true;
}

/* Go on from a checkpoint, or read the finished result in the place of running. */
static enum err_code find_before(struct study_loop *self, struct store_result *out,
                                 enum study_left *left)
{
    if (study_output_find(&self->output, &self->description.provenance, out, &self->found, left,
                          self->err) != ERR_OK ||
        *left != STUDY_LEFT_CHECKPOINT)
        return self->err->code;
    if (!study_loop_take_rows(self, &self->found.dataset))
        return study_loop_refuse(self, "damaged: its rows are not those of this sweep or shard");
    if (study_state_take(self) != ERR_OK)
        return self->err->code;
    study_output_say(&self->output, "resumed after %zu of %s", self->rows.n_done,
                     wording_count(self->n_policies, "policy").text);
    return ERR_OK;
}

/* ---- the whole ---- */

static enum err_code finish(struct study_loop *self, struct store_result *out)
{
    struct err ignored = {0};
    if (study_loop_result(self, true, out) != ERR_OK || !self->options->durable.output)
        return self->err->code;
    if (store_result_save(self->options->durable.output, out, self->err) != ERR_OK) {
        if (self->output.is_kept) /* perhaps that can be written */
            save(self, &ignored);
        return self->err->code;
    }
    if (self->output.is_kept)
        unlink(self->output.checkpoint);
    return ERR_OK;
}

enum err_code study_sweep_run(struct study_sweep *sweep, const struct study_sweep_options *options,
                              struct store_result *out, struct err *err)
{
    struct study_loop self = {
        .sweep = sweep,
        .options = options,
        .engine = options->engine,
        .err = err,
        .began_s = study_loop_now_s(),
        .comm = engine_comm_is_shared(options->engine.comm) ? options->engine.comm : NULL};
    enum study_left left;
    *out = (struct store_result){0};
    study_output_init(&options->durable, "sweep", &self.output);
    self.saved_s = self.began_s;
    self.engine.pause_s = 0;
    if (self.comm && self.comm->rank > 0) {
        study_ranks_help(&self);
        goto out;
    }
    if (study_ranks_begin(&self) != ERR_OK)
        goto out;
    if (study_output_place(&self.output, err) != ERR_OK || study_loop_begin(&self) != ERR_OK ||
        describe(&self) != ERR_OK || find_before(&self, out, &left) != ERR_OK) {
        study_output_translate(&self.output, err);
        goto out;
    }
    self.began_with = study_state_gain(&self);
    if (left != STUDY_LEFT_RESULT && study_loop_run(&self) == ERR_OK)
        finish(&self, out);
out:
    study_loop_end(&self);
    study_output_free(&self.output);
    return err->code;
}
