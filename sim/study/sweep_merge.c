/* Policies are rows, so merging is joining rows: of parts of any partition, in any order.
 * SPDX-License-Identifier: Apache-2.0 */
#include "sweep_merge.h"

#include "spans.h"
#include "sweep_row.h"

#include <retake/base/stream.h>
#include <retake/base/wording.h>
#include <retake/study/record.h>
#include <retake/study/sweep_run.h>
#include <retake/study/sweep_verdict.h>
#include <retake/tally/join.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct part {
    const char *path;
    struct store_result result;
};

struct merge {
    struct store_reads reads;
    struct part *parts; /* [n_parts], those that are good */
    size_t n_parts, n_policies;
    struct dataset_row *rows; /* [n_policies]; dataset NULL: missing */
    const char **from;        /* [n_policies]: the file of each row */
    struct err *err;
};

enum err_code study_sweep_is_part(const char *path, bool *out, struct err *err)
{
    struct store_result result = {0};
    *out = store_result_read(path, &result, err) == ERR_OK &&
           store_attribute_find(&result.provenance, "sweep_digest");
    store_result_free(&result);
    return err->code;
}

/* ---- one part ---- */

static enum err_code check(const struct merge *self, const char *path,
                           const struct store_result *result, struct err *err)
{
    char difference[512];
    const char *unfinished = store_result_text(result, "unfinished");
    if (!store_attribute_find(&result->provenance, "sweep_digest"))
        return err_set(err, ERR_INPUT, "%s: not of a sweep, as the others are", path);
    if (unfinished)
        return err_set(err, ERR_INPUT, "%s: unfinished: %s; go on with --resume", path, unfinished);
    if (self->n_parts > 0 && study_record_differs(&self->parts[0].result.provenance,
                                                  &result->provenance, false, difference))
        return err_set(err, ERR_INPUT, "%s is of another sweep or of other inputs than %s: %s",
                       path, self->parts[0].path, difference);
    return ERR_OK;
}

static enum err_code reserve(struct merge *self, const char *path,
                             const struct store_result *result, struct err *err)
{
    self->n_policies = study_record_count(&result->provenance, "n_policies", STUDY_MAX_POLICIES);
    if (self->n_policies == 0)
        return err_set(err, ERR_INPUT, "%s: damaged: it does not say how many policies there are",
                       path);
    self->rows = calloc(self->n_policies, sizeof *self->rows);
    self->from = calloc(self->n_policies, sizeof *self->from);
    return self->rows && self->from ? ERR_OK
                                    : err_set(err, ERR_MEMORY, "no memory to merge a sweep");
}

static enum err_code take_rows(struct merge *self, const struct part *part, struct err *err)
{
    const struct dataset_dim *dim = dataset_dim(&part->result.dataset, "scenario");
    if (!study_row_are_joined(&part->result.dataset))
        return err_set(err, ERR_INPUT, "%s: damaged: its rows are not those of a sweep",
                       part->path);
    for (size_t at = 0; dim && at < dim->n; at++) {
        size_t k = (size_t)dim->count[at] - 1;
        if (k >= self->n_policies)
            return err_set(err, ERR_INPUT, "%s: damaged: it has a policy %lld of %zu", part->path,
                           (long long)dim->count[at], self->n_policies);
        if (self->from[k])
            return err_set(err, ERR_INPUT, "%s and %s overlap: both have policy %zu", self->from[k],
                           part->path, k + 1);
        self->from[k] = part->path;
        self->rows[k] = (struct dataset_row){.number = dim->count[at],
                                             .dataset = &part->result.dataset,
                                             .is_joined = true,
                                             .at = at};
    }
    return ERR_OK;
}

/* parts must not move: rows point into them. */
static enum err_code read_part(struct merge *self, struct err *err)
{
    struct part *part = &self->parts[self->n_parts];
    const char *path = self->reads.paths[self->reads.next];
    *part = (struct part){.path = path};
    if (store_reads_next(&self->reads, &part->result, err) != ERR_OK ||
        check(self, path, &part->result, err) != ERR_OK ||
        (!self->rows && reserve(self, path, &part->result, err) != ERR_OK) ||
        take_rows(self, part, err) != ERR_OK) {
        store_result_free(&part->result);
        return err->code;
    }
    self->n_parts++;
    return ERR_OK;
}

static enum err_code begin(struct merge *self, const char *const *paths, size_t n_paths)
{
    self->parts = calloc(n_paths + 1, sizeof *self->parts);
    return self->parts ? store_reads_begin(&self->reads, paths, n_paths, self->err)
                       : err_set(self->err, ERR_MEMORY, "no memory for %s",
                                 wording_count(n_paths, "part").text);
}

static void end(struct merge *self)
{
    store_reads_end(&self->reads);
    for (size_t k = 0; k < self->n_parts; k++)
        store_result_free(&self->parts[k].result);
    free(self->parts);
    free(self->rows);
    free(self->from);
}

/* ---- what is missing ---- */

/* The shards whose policies are missing; of policies where the parts are of no one partition. */
static char *missing_text(const struct merge *self, size_t n_shards)
{
    size_t n = n_shards ? n_shards : self->n_policies;
    bool *missing = calloc(n, sizeof *missing);
    const struct study_sweep sweep = {.n_points = self->n_policies};
    for (size_t k = 0; missing && k < n; k++) {
        size_t first = k, n_here = 1;
        const struct study_durable shard = {.shard = (int64_t)k + 1, .n_shards = (int64_t)n};
        if (n_shards)
            study_sweep_shard(&sweep, &shard, &first, &n_here);
        for (size_t i = first; i < first + n_here; i++)
            missing[k] = missing[k] || !self->from[i];
    }
    char *text = missing ? study_spans(missing, n) : NULL;
    free(missing);
    return text;
}

static size_t common_shards(const struct merge *self)
{
    size_t n = 0;
    for (size_t k = 0; k < self->n_parts; k++) {
        size_t own =
            study_record_count(&self->parts[k].result.provenance, "n_shards", STUDY_MAX_SHARDS);
        if (k > 0 && own != n)
            return 0;
        n = own;
    }
    return n;
}

static enum err_code check_whole(const struct merge *self)
{
    size_t n_shards = common_shards(self), k = 0;
    while (k < self->n_policies && self->from[k])
        k++;
    if (k == self->n_policies)
        return ERR_OK;
    char *text = missing_text(self, n_shards);
    err_set(self->err, ERR_INPUT, "of %zu %s these are missing: %s",
            n_shards ? n_shards : self->n_policies, n_shards ? "shards" : "policies",
            text ? text : "?");
    free(text);
    return self->err->code;
}

/* ---- the whole ---- */

static enum err_code describe(const struct merge *self, const char *history,
                              struct store_result *out)
{
    static const char *const own[] = {"warning", STUDY_POLICIES_FAILED, NULL};
    char *lines = NULL;
    size_t n_lines = 0;
    study_record_merged(out, &self->parts[0].result.provenance, own, self->n_parts, self->err);
    FILE *text = stream_to_memory(&lines, &n_lines);
    for (size_t k = 0; text && k < self->n_parts; k++) {
        const char *of_part = store_result_text(&self->parts[k].result, "history");
        fprintf(text, "%s\n%s", k == 0 ? history : "", of_part ? of_part : "");
    }
    if (!text || fclose(text) != 0)
        err_set(self->err, ERR_MEMORY, "no memory for the history");
    else
        study_record_text(out, "history", lines, self->err);
    free(lines);
    return self->err->code;
}

/* The part that has the base: any where a policy was run. */
static const struct dataset *base_of(const struct merge *self)
{
    static const char suffix[] = "_base";
    for (size_t k = 0; k < self->n_policies; k++)
        for (size_t v = 0; self->rows[k].dataset && v < self->rows[k].dataset->n_vars; v++) {
            const char *name = self->rows[k].dataset->vars[v].name;
            size_t n = strlen(name);
            if (n > sizeof suffix && strcmp(name + n - (sizeof suffix - 1), suffix) == 0)
                return self->rows[k].dataset;
        }
    return NULL;
}

enum err_code study_sweep_merge(const char *const *paths, size_t n_paths, const char *history,
                                struct store_result *out, struct err *err)
{
    struct merge self = {.err = err};
    *out = (struct store_result){0};
    begin(&self, paths, n_paths);
    for (size_t k = 0; k < n_paths && !err->code; k++)
        read_part(&self, err);
    if (!err->code && check_whole(&self) == ERR_OK) {
        const struct dataset_joint joint = {.dim = "scenario",
                                            .long_name = "number of the policy in the design",
                                            .n_rows = self.n_policies,
                                            .rows = self.rows,
                                            .common = base_of(&self)};
        if (dataset_join(&joint, &out->dataset, err) == ERR_OK)
            describe(&self, history, out);
        if (!err->code)
            study_sweep_conclude(out, err);
    }
    end(&self);
    return err->code;
}

enum err_code study_sweep_missing(const char *const *paths, size_t n_paths,
                                  void (*say)(const char *line, void *context), void *context,
                                  char **missing, struct err *err)
{
    struct merge self = {.err = err};
    *missing = NULL;
    begin(&self, paths, n_paths);
    for (size_t k = 0; k < n_paths && !err->code; k++) {
        struct err reason = {0};
        read_part(&self, &reason);
        if (reason.code && !err_is_bad_input(reason.code))
            err_set(err, reason.code, "%s", reason.detail);
        else if (reason.code && say)
            say(reason.detail, context);
    }
    size_t n_shards = self.parts && self.n_parts > 0 ? common_shards(&self) : 0;
    if (err->code)
        goto out;
    if (self.n_parts == 0)
        err_set(err, ERR_INPUT, "no part is good");
    else if (n_shards == 0)
        err_set(err, ERR_INPUT, "the parts are shards of different numbers: --missing needs one");
    else if (!(*missing = missing_text(&self, n_shards)))
        err_set(err, ERR_MEMORY, "no memory for %s", wording_count(n_shards, "shard").text);
out:
    end(&self);
    return err->code;
}
