/* Merging: integer counters are added, so neither the order of the parts nor where they were cut
 * matters. Each part must give its own statistics again from its counters before they count.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/study/merge.h>

#include <retake/base/stream.h>
#include <retake/base/wording.h>
#include <retake/study/durable.h>
#include <retake/study/record.h>
#include <retake/study/single.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "merge_shape.h"
#include "part.h"
#include "sweep_merge.h"

/* What is remembered of a part. */
struct range {
    const char *path;
    uint64_t first, end;      /* candidates first .. end - 1 */
    uint64_t shard, n_shards; /* 0, 0: of no partition */
};

struct merge {
    struct store_reads reads;
    struct range *ranges; /* [n], those that are good so far */
    size_t n;
    const char *reference_path;
    struct store_result reference; /* the first good part */
    struct study_part reference_part;
    struct study_shape shape; /* of the reference */
    struct tally *total, *one;
    char *histories;
    size_t n_histories;
    FILE *history;
    struct err *err;
};

/* ---- one part ---- */

static enum err_code reference_take(struct merge *self, const char *path,
                                    struct store_result *result, struct err *err)
{
    self->reference_path = path;
    self->reference = *result;
    *result = (struct store_result){0}; /* owned by the merge from now on */
    if (study_part_take(path, &self->reference, &self->reference_part, err) != ERR_OK ||
        study_shape_init(path, &self->reference, &self->shape, err) != ERR_OK ||
        study_part_fit(path, &self->reference_part, &self->shape.shape, err) != ERR_OK)
        return err->code;
    self->total = tally_new(&self->shape.shape);
    self->one = tally_new(&self->shape.shape);
    return self->total && self->one ? ERR_OK
                                    : err_set(err, ERR_MEMORY, "no memory for the tallies");
}

static void reference_drop(struct merge *self)
{
    tally_free(self->total);
    tally_free(self->one);
    study_shape_free(&self->shape);
    store_result_free(&self->reference);
    self->total = self->one = NULL;
    self->shape = (struct study_shape){0};
    self->reference = (struct store_result){0};
    self->reference_path = NULL;
}

static enum err_code part_compare(const struct merge *self, const char *path,
                                  const struct store_result *result, const struct study_part *part,
                                  struct err *err)
{
    const struct engine_exposure_known *one = &self->reference_part.exposure;
    const struct engine_exposure_known *two = &part->exposure;
    char difference[512];
    if (study_record_differs(&self->reference.provenance, &result->provenance, false, difference))
        return err_set(err, ERR_INPUT, "%s is of another scenario or of other inputs than %s: %s",
                       path, self->reference_path, difference);
    if (part->end > (uint64_t)self->shape.scenario.engine_candidates)
        return err_set(err, ERR_INPUT, "%s: damaged: it has candidates beyond the last", path);
    if (one->n_items != two->n_items ||
        (one->n_items && memcmp(one->p, two->p, one->n_items * sizeof *one->p) != 0))
        return err_set(err, ERR_INPUT, "%s and %s differ in their exposure parameters",
                       self->reference_path, path);
    return ERR_OK;
}

static struct range range_of(const char *path, const struct study_part *part,
                             const struct store_provenance *provenance)
{
    uint64_t n_shards = study_record_count(provenance, "n_shards", STUDY_MAX_SHARDS);
    uint64_t shard = study_record_count(provenance, "shard", n_shards);
    return (struct range){path, part->first, part->end, shard, shard > 0 ? n_shards : 0};
}

/* Read the next part and check all that can be said of it alone. Its counters are then in
 * self->one.
 */
static enum err_code part_read(struct merge *self, struct range *out, struct err *err)
{
    struct store_result own = {0};
    const char *path = self->reads.paths[self->reads.next];
    struct study_part part;
    bool is_first = !self->reference_path;
    if (store_reads_next(&self->reads, &own, err) != ERR_OK ||
        study_part_take(path, &own, &part, err) != ERR_OK)
        goto out;
    *out = range_of(path, &part, &own.provenance);
    if (out->shard == 0 && store_attribute_find(&own.provenance, "n_shards")) {
        err_set(err, ERR_INPUT, "%s: damaged: it is no shard of at most %d", path,
                STUDY_MAX_SHARDS);
        goto out;
    }
    if (part.next < part.end || study_record_is_unfinished(&own.provenance)) {
        err_set(err, ERR_INPUT, "%s: unfinished: %llu of %s; go on with --resume", path,
                (unsigned long long)(part.next - part.first),
                wording_count((part.end - part.first), "candidate").text);
        goto out;
    }
    if (is_first && reference_take(self, path, &own, err) != ERR_OK)
        goto out;
    const struct store_result *result = is_first ? &self->reference : &own;
    if (part_compare(self, path, result, is_first ? &self->reference_part : &part, err) == ERR_OK)
        study_part_count(path, result, is_first ? &self->reference_part : &part, &self->shape.shape,
                         self->one, err);
    if (!err->code && self->history) {
        const char *history = store_result_text(result, "history");
        fprintf(self->history, "\n%s", history ? history : "");
    }
out:
    if (err->code && is_first)
        reference_drop(self);
    store_result_free(&own);
    return err->code;
}

/* ---- all parts ---- */

static int by_place(const void *left, const void *right)
{
    const struct range *a = left, *b = right;
    const uint64_t keys[][2] = {
        {a->first, b->first}, {a->end, b->end}, {a->n_shards, b->n_shards}, {a->shard, b->shard}};
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
        if (keys[k][0] != keys[k][1])
            return keys[k][0] < keys[k][1] ? -1 : 1;
    return 0;
}

/* The numbers of the shards that are not there, "2,5-7"; empty ones need not be. NULL when memory
 * is out. All ranges must be of n_shards shards. */
static char *missing_text(const struct merge *self, uint64_t n_candidates, uint64_t n_shards)
{
    char *text = NULL;
    size_t n_text = 0;
    unsigned char *there = calloc(n_shards + 2, 1); /* there[n_shards + 1] ends the last run */
    FILE *out = there ? stream_to_memory(&text, &n_text) : NULL;
    for (size_t i = 0; out && i < self->n; i++)
        if (self->ranges[i].shard <= n_shards)
            there[self->ranges[i].shard] = 1;
    for (uint64_t k = 1, from = 0; out && k <= n_shards + 1; k++) {
        uint64_t first = 0, end = 0;
        if (k <= n_shards)
            study_part_range(n_candidates, k, n_shards, &first, &end);
        bool is_missing = first < end && !there[k];
        if (is_missing && !from)
            from = k;
        if (is_missing || !from)
            continue;
        fprintf(out, "%s%llu", ftell(out) > 0 ? "," : "", (unsigned long long)from);
        if (k - 1 > from)
            fprintf(out, "-%llu", (unsigned long long)(k - 1));
        from = 0;
    }
    free(there);
    if (out && fclose(out) != 0) {
        free(text);
        text = NULL;
    }
    return text;
}

static bool is_one_partition(const struct merge *self)
{
    for (size_t i = 0; i < self->n; i++)
        if (self->ranges[i].n_shards == 0 || self->ranges[i].n_shards != self->ranges[0].n_shards)
            return false;
    return self->n > 0;
}

static enum err_code gap_report(const struct merge *self, uint64_t from, uint64_t to)
{
    const uint64_t n = (uint64_t)self->shape.scenario.engine_candidates;
    uint64_t n_shards = self->ranges[0].n_shards;
    char *shards = is_one_partition(self) ? missing_text(self, n, n_shards) : NULL;
    if (shards && shards[0])
        err_set(self->err, ERR_INPUT, "of %s these are missing: %s",
                wording_count(n_shards, "shard").text, shards);
    else
        err_set(self->err, ERR_INPUT, "missing: candidates %llu to %llu of %llu",
                (unsigned long long)from, (unsigned long long)(to - 1), (unsigned long long)n);
    free(shards);
    return self->err->code;
}

/* Whether the parts are the whole run, each candidate once. */
static enum err_code tiles_check(const struct merge *self)
{
    const uint64_t n = (uint64_t)self->shape.scenario.engine_candidates;
    uint64_t reached = 0;
    const struct range *last = NULL; /* the one that reaches so far */
    qsort(self->ranges, self->n, sizeof *self->ranges, by_place);
    for (size_t i = 0; i < self->n; i++) {
        const struct range *range = &self->ranges[i];
        if (i > 0 && by_place(range, range - 1) == 0)
            return err_set(self->err, ERR_INPUT, "%s and %s are the same part", range[-1].path,
                           range->path);
        if (range->first == range->end)
            continue;
        if (last && range->first < reached)
            return err_set(self->err, ERR_INPUT, "%s and %s overlap: both have candidate %llu",
                           last->path, range->path, (unsigned long long)range->first);
        if (range->first > reached)
            return gap_report(self, reached, range->first);
        reached = range->end;
        last = range;
    }
    return reached < n ? gap_report(self, reached, n) : ERR_OK;
}

static enum err_code describe(const struct merge *self, const char *history,
                              struct store_result *out)
{
    static const char *const own[] = {"first_candidate", "next_candidate", "warning",
                                      "microdata_digest", NULL};
    char *lines = NULL;
    study_record_merged(out, &self->reference.provenance, own, self->n, self->err);
    size_t n_lines = strlen(history) + self->n_histories + 1;
    lines = malloc(n_lines);
    if (!lines)
        return err_set(self->err, ERR_MEMORY, "no memory for the history");
    snprintf(lines, n_lines, "%s%s", history, self->histories ? self->histories : "");
    study_record_text(out, "history", lines, self->err);
    free(lines);
    return study_single_warn(&self->shape.scenario, out, self->err);
}

static enum err_code begin(struct merge *self, const char *const *paths, size_t n_paths)
{
    self->ranges = calloc(n_paths + 1, sizeof *self->ranges);
    return self->ranges ? store_reads_begin(&self->reads, paths, n_paths, self->err)
                        : err_set(self->err, ERR_MEMORY, "no memory for %s",
                                  wording_count(n_paths, "part").text);
}

static void end(struct merge *self)
{
    store_reads_end(&self->reads);
    reference_drop(self);
    free(self->ranges);
    if (self->history)
        fclose(self->history);
    free(self->histories);
}

/* False: there are more candidates than the run has, so that parts overlap. */
static bool add_part(struct merge *self, uint64_t *n_counted)
{
    const struct range *range = &self->ranges[self->n - 1];
    *n_counted += range->end - range->first;
    if (*n_counted > (uint64_t)self->shape.scenario.engine_candidates)
        return false;
    tally_merge(self->total, self->one);
    return true;
}

enum err_code study_merge(const char *const *paths, size_t n_paths, const char *history,
                          struct store_result *out, struct err *err)
{
    struct merge self = {.err = err};
    uint64_t n_counted = 0;
    bool is_sweep = false;
    *out = (struct store_result){0};
    if (n_paths > 0 && study_sweep_is_part(paths[0], &is_sweep, err) != ERR_OK)
        return err->code;
    if (is_sweep)
        return study_sweep_merge(paths, n_paths, history, out, err);
    self.history = stream_to_memory(&self.histories, &self.n_histories);
    if (!self.history)
        return err_set(err, ERR_MEMORY, "no memory for the history");
    if (begin(&self, paths, n_paths) != ERR_OK)
        goto out;
    for (size_t i = 0; i < n_paths; i++) {
        if (part_read(&self, &self.ranges[self.n], err) != ERR_OK)
            goto out;
        self.n++;
        if (!add_part(&self, &n_counted))
            break;
    }
    if (fflush(self.history) != 0)
        err_set(err, ERR_MEMORY, "no memory for the history");
    else if (tiles_check(&self) == ERR_OK &&
             tally_statistics(self.total, &out->dataset, err) == ERR_OK)
        describe(&self, history, out);
out:
    end(&self);
    return err->code;
}

/* A part that is no good is told and passed over, unless the system failed to read it. */
static void pass_over(const struct err *reason, void (*say)(const char *line, void *context),
                      void *context, struct err *err)
{
    if (!err_is_bad_input(reason->code))
        err_set(err, reason->code, "%s", reason->detail);
    else if (say)
        say(reason->detail, context);
}

enum err_code study_merge_missing(const char *const *paths, size_t n_paths,
                                  void (*say)(const char *line, void *context), void *context,
                                  char **missing, struct err *err)
{
    struct merge self = {.err = err};
    size_t first = 0; /* that can be read: those before it may take long, and are tried once */
    bool is_sweep = false;
    *missing = NULL;
    for (; first < n_paths && !err->code; first++) {
        struct err reason = {0};
        if (study_sweep_is_part(paths[first], &is_sweep, &reason) == ERR_OK)
            break;
        pass_over(&reason, say, context, err);
    }
    if (err->code)
        return err->code;
    if (is_sweep)
        return study_sweep_missing(paths + first, n_paths - first, say, context, missing, err);
    if (begin(&self, paths + first, n_paths - first) != ERR_OK)
        goto out;
    for (size_t i = first; i < n_paths && !err->code; i++) {
        struct err reason = {0};
        if (part_read(&self, &self.ranges[self.n], &reason) == ERR_OK)
            self.n++;
        else
            pass_over(&reason, say, context, err);
    }
    if (err->code)
        goto out;
    if (self.n == 0)
        err_set(err, ERR_INPUT, "no part is good");
    else if (!is_one_partition(&self))
        err_set(err, ERR_INPUT, "the parts are shards of different numbers: --missing needs one");
    else
        *missing = missing_text(&self, (uint64_t)self.shape.scenario.engine_candidates,
                                self.ranges[0].n_shards);
    if (!err->code && !*missing)
        err_set(err, ERR_MEMORY, "no memory for %s",
                wording_count(self.ranges[0].n_shards, "shard").text);
out:
    end(&self);
    return err->code;
}
