/* Results and checkpoints of a sweep. The state of a checkpoint is the batch under way: a head, the
 * numbers of its policies, what the producer packed.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/engine/ranks.h>
#include <retake/study/record.h>
#include <retake/study/sensitivity.h>
#include <retake/study/single.h>
#include <retake/study/sweep_verdict.h>
#include <retake/tally/join.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sweep_inputs.h"
#include "sweep_loop.h"

static const char state_magic[16] = "retake-sweep-1\n";

struct head {
    char magic[16];
    uint64_t n_plans, n_bytes; /* n_plans 0: no batch is under way */
};

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
    size_t n = 0;
    struct dataset_row *rows = calloc(self->n_policies + 1, sizeof *rows);
    if (study_sweep_memory(rows, self->err) != ERR_OK)
        return self->err->code;
    for (size_t k = 0; k < self->n_policies; k++) {
        const struct study_loop_row *row = &self->rows[k];
        bool is_new = row->dataset.n_vars > 0;
        if (row->is_done)
            rows[n++] = (struct dataset_row){.number = (int64_t)(self->first + k + 1),
                                             .dataset = is_new ? &row->dataset : row->joined,
                                             .is_joined = !is_new,
                                             .at = row->joined_at};
    }
    const struct dataset_joint joint = {.dim = "scenario",
                                        .long_name = "number of the policy in the design",
                                        .n_rows = n,
                                        .rows = rows,
                                        .common = self->base_row.n_vars > 0 ? &self->base_row
                                                                            : self->joined_base};
    struct err reason = {0};
    if (n > 0 && dataset_join(&joint, out, &reason) == ERR_INPUT && self->found.dataset.n_vars > 0)
        err_set(self->err, ERR_INPUT, "%s: damaged: %s; to start afresh, remove it",
                self->output.checkpoint, reason.detail);
    else if (reason.code)
        err_set(self->err, reason.code, "%s", reason.detail);
    free(rows);
    return self->err->code;
}

static enum err_code put_state(struct study_loop *self, struct store_result *out)
{
    const struct study_work *work = &self->work;
    struct head head = {.n_plans = 0};
    bool packs = self->is_at_work && self->producer->n_bytes;
    memcpy(head.magic, state_magic, sizeof head.magic);
    if (packs) {
        head.n_plans = work->n_plans;
        head.n_bytes = self->producer->n_bytes(work);
    }
    size_t n_points = head.n_plans * sizeof(uint64_t);
    unsigned char *to = store_result_state_new(out, sizeof head + n_points + head.n_bytes);
    if (study_sweep_memory(to, self->err) != ERR_OK)
        return self->err->code;
    memcpy(to, &head, sizeof head);
    for (size_t k = 0; k < head.n_plans; k++) {
        uint64_t point = self->policies[k].point;
        memcpy(to + sizeof head + k * sizeof point, &point, sizeof point);
    }
    if (packs)
        self->producer->pack(work, to + sizeof head + n_points);
    return ERR_OK;
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
    snprintf(text, sizeof text, "%zu of %zu policies", self->n_done, self->n_policies);
    study_record_text(out, "unfinished", text, self->err);
    return put_state(self, out);
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

enum err_code study_loop_stop(struct study_loop *self)
{
    struct err failure = {0};
    if (!self->output.is_kept)
        return err_set(self->err, ERR_INTERRUPTED, "interrupted after %zu of %zu policies",
                       self->n_done, self->n_policies);
    if (self->comm) { /* a rank may be dead: at first what is there */
        if (save(self, &failure) != ERR_OK || study_ranks_end(self) != ERR_OK)
            return self->err->code;
        err_clear(&failure);
    }
    if (save(self, &failure) != ERR_OK)
        return self->err->code;
    if (failure.code)
        return err_set(self->err, failure.code, "%s; stopped after %zu of %zu policies",
                       failure.detail, self->n_done, self->n_policies);
    return err_set(self->err, ERR_STOPPED, "stopped after %zu of %zu policies; go on with --resume",
                   self->n_done, self->n_policies);
}

/* ---- going on ---- */

static enum err_code refuse(const struct study_loop *self, const char *why)
{
    return err_set(self->err, ERR_INPUT, "%s: %s; to start afresh, remove it",
                   self->output.checkpoint, why);
}

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
    const struct dataset_dim *dim = dataset_dim(joined, "scenario");
    if (!study_row_are_joined(joined))
        return false;
    for (size_t row = 0; dim && row < dim->n; row++) {
        size_t k = (size_t)dim->count[row] - 1 - self->first;
        if (k >= self->n_policies || self->rows[k].is_done)
            return false;
        self->rows[k].is_done = true;
        self->rows[k].joined = joined;
        self->rows[k].joined_at = row;
        self->n_done++;
    }
    if (!self->joined_base && has_base(joined)) {
        self->joined_base = joined;
        self->has_base = true;
    }
    return true;
}

/* Policy k of the batch under way: of this shard, and neither done nor there before. */
static bool is_to_come(const struct study_loop *self, const size_t *points, size_t k)
{
    bool is_new =
        points[k] - self->first < self->n_policies && !self->rows[points[k] - self->first].is_done;
    for (size_t i = 0; i < k; i++)
        is_new = is_new && points[i] != points[k];
    return is_new;
}

static enum err_code take_batch(struct study_loop *self)
{
    const struct store_state *state = &self->found.state;
    struct head head;
    if (state->n_bytes < sizeof head)
        return refuse(self, "it has no state of a sweep");
    memcpy(&head, state->bytes, sizeof head);
    size_t room = state->n_bytes - sizeof head;
    if (memcmp(head.magic, state_magic, sizeof head.magic) != 0)
        return refuse(self, "its state is of another version of retake");
    if (head.n_plans > room / sizeof(uint64_t) || head.n_plans > self->n_policies ||
        head.n_bytes != room - head.n_plans * sizeof(uint64_t))
        return refuse(self, "damaged: its state contradicts itself");
    if (head.n_plans == 0)
        return ERR_OK;
    size_t *points = calloc(head.n_plans, sizeof *points);
    if (study_sweep_memory(points, self->err) != ERR_OK)
        return self->err->code;
    memcpy(points, state->bytes + sizeof head, head.n_plans * sizeof *points);
    for (size_t k = 0; k < head.n_plans && !self->err->code; k++)
        if (!is_to_come(self, points, k))
            refuse(self, "damaged: it has policies of another shard");
    if (!self->err->code)
        study_loop_batch_begin(self, points, head.n_plans);
    free(points);
    if (self->err->code)
        return self->err->code;
    if (self->work.n_plans != head.n_plans || !self->producer->n_bytes ||
        self->producer->n_bytes(&self->work) != head.n_bytes)
        return refuse(self, "its state is of another version of retake");
    if (!self->producer->unpack(&self->work,
                                state->bytes + sizeof head + head.n_plans * sizeof(uint64_t)))
        return refuse(self, "damaged: its state contradicts itself");
    return ERR_OK;
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
        return refuse(self, "damaged: its rows are not those of this sweep or shard");
    if (take_batch(self) != ERR_OK)
        return self->err->code;
    study_output_say(&self->output, "resumed after %zu of %zu policies", self->n_done,
                     self->n_policies);
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
        describe(&self) != ERR_OK || find_before(&self, out, &left) != ERR_OK)
        goto out;
    if (left != STUDY_LEFT_RESULT && study_loop_run(&self) == ERR_OK)
        finish(&self, out);
out:
    study_loop_end(&self);
    study_output_free(&self.output);
    return err->code;
}
