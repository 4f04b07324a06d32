/* From rows in any order to segments. Under the lock, rows are put in order and copied into the
 * block that is being filled; who completes a block compresses it, outside the lock; one thread
 * writes. What is under way is bounded: a caller that is far ahead of the next candidate waits, and
 * so does one whose block finds the queue full. The caller that holds the next candidate never
 * waits for others, so that all get on.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/store/microdata.h>

#include <retake/base/wording.h>

#include "micro_file.h"
#include "micro_segment.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum {
    MOST_AHEAD = 65536, /* candidates that wait for those before them */
    MOST_QUEUED = 2     /* blocks that wait for the disk */
};

struct job {
    int table;
    uint64_t block;
    struct store_micro_raw raw;
    struct job *next;
};

struct store_micro {
    const struct tally_micro_schema *schema;
    struct store_micro_place place;
    uint64_t first;

    pthread_mutex_t lock;             /* of all that follows */
    pthread_cond_t moved;             /* something did */
    uint64_t next;                    /* candidate */
    struct tally_micro_rows *waiting; /* out of order */
    struct store_micro_raw raw[TALLY_MICRO_N_TABLES];
    uint64_t n_blocks[TALLY_MICRO_N_TABLES]; /* completed */
    struct store_micro_block *queue, **queue_end;
    size_t n_queued, n_packing; /* n_queued includes the one that is being written */
    bool is_closing, has_thread;
    struct err failure; /* once there is one, nothing moves any more */

    pthread_t writer;
    struct store_micro_segment segment; /* the writer's while blocks are queued */
    uint64_t segment_from;
    unsigned n_segments;  /* closed */
    unsigned n_foreign;   /* of these, when this process began */
    unsigned n_saved;     /* of these, when the last checkpoint was saved */
    unsigned oldest_tail; /* that may be on the disk */
};

/* ---- the thread that writes ---- */

static void fail(struct store_micro *self, const struct err *err)
{
    pthread_mutex_lock(&self->lock);
    if (!self->failure.code)
        self->failure = *err;
    pthread_cond_broadcast(&self->moved);
    pthread_mutex_unlock(&self->lock);
}

static void fail_memory(struct store_micro *self)
{
    struct err err = {0};
    err_set(&err, ERR_MEMORY, "no memory for microdata");
    fail(self, &err);
}

/* The next block; NULL when all is written and the thread may end. */
static struct store_micro_block *queue_take(struct store_micro *self)
{
    pthread_mutex_lock(&self->lock);
    while (!self->queue && !self->is_closing)
        pthread_cond_wait(&self->moved, &self->lock);
    struct store_micro_block *block = self->queue;
    if (block) {
        self->queue = block->next;
        if (!self->queue)
            self->queue_end = &self->queue;
    }
    pthread_mutex_unlock(&self->lock);
    return block;
}

static void *write_blocks(void *context)
{
    struct store_micro *self = context;
    struct err err = {0};
    for (struct store_micro_block *block; (block = queue_take(self));) {
        if (!err.code && store_micro_segment_append(&self->place, self->n_segments, &self->segment,
                                                    block, &err) != ERR_OK)
            fail(self, &err);
        store_micro_block_free(block);
        pthread_mutex_lock(&self->lock);
        self->n_queued--;
        pthread_cond_broadcast(&self->moved);
        pthread_mutex_unlock(&self->lock);
    }
    return NULL;
}

/* Waits while the queue is full. */
static void queue_put(struct store_micro *self, struct store_micro_block *block)
{
    pthread_mutex_lock(&self->lock);
    while (self->n_queued >= MOST_QUEUED && !self->failure.code)
        pthread_cond_wait(&self->moved, &self->lock);
    *self->queue_end = block;
    self->queue_end = &block->next;
    self->n_queued++;
    pthread_cond_broadcast(&self->moved);
    pthread_mutex_unlock(&self->lock);
}

/* ---- rows into blocks ---- */

/* Hand a full block over for compression. False when memory is out. */
static bool block_detach(struct store_micro *self, int table, struct job ***end)
{
    struct job *job = malloc(sizeof *job);
    if (!job)
        return false;
    *job = (struct job){.table = table, .block = self->n_blocks[table]++, .raw = self->raw[table]};
    **end = job;
    *end = &job->next;
    self->n_packing++;
    return store_micro_raw_init(&self->schema->tables[table], &self->raw[table]);
}

static bool rows_append(struct store_micro *self, const struct tally_micro_rows *rows, int table,
                        struct job ***end)
{
    const struct tally_micro_table *columns = &self->schema->tables[table];
    struct store_micro_raw *raw = &self->raw[table];
    for (size_t from = 0; from < rows->n[table];) {
        size_t n = rows->n[table] - from, room = STORE_MICRO_BLOCK - raw->n;
        n = n < room ? n : room;
        for (size_t k = 0; k < columns->n_columns; k++) {
            size_t width = tally_micro_bytes[columns->columns[k].type];
            memcpy((char *)raw->values[k] + raw->n * width,
                   (const char *)rows->values[table][k] + from * width, n * width);
        }
        raw->n += n;
        from += n;
        if (raw->n == STORE_MICRO_BLOCK && !block_detach(self, table, end))
            return false;
    }
    return true;
}

/* The rows that begin at the next candidate, out of those that wait. */
static struct tally_micro_rows *rows_take(struct store_micro *self)
{
    for (struct tally_micro_rows **at = &self->waiting; *at; at = &(*at)->next)
        if ((*at)->first == self->next) {
            struct tally_micro_rows *rows = *at;
            *at = rows->next;
            return rows;
        }
    return NULL;
}

/* All rows that are now in order; the blocks they completed. */
static struct job *rows_advance(struct store_micro *self)
{
    struct job *jobs = NULL, **end = &jobs;
    bool fits = true;
    for (struct tally_micro_rows *rows; fits && (rows = rows_take(self));) {
        for (int t = 0; t < TALLY_MICRO_N_TABLES && fits; t++)
            fits = rows_append(self, rows, t, &end);
        self->next += rows->n_candidates;
        free(rows);
    }
    if (!fits && !self->failure.code)
        err_set(&self->failure, ERR_MEMORY, "no memory for microdata");
    return jobs;
}

static void jobs_do(struct store_micro *self, struct job *jobs)
{
    for (struct job *job = jobs, *next; job; job = next) {
        next = job->next;
        struct store_micro_block *block =
            store_micro_block_pack(&self->schema->tables[job->table], &job->raw, STORE_MICRO_BLOCK);
        if (block) {
            block->entry.table = (uint32_t)job->table;
            block->entry.block = job->block;
            queue_put(self, block);
        } else {
            fail_memory(self);
        }
        store_micro_raw_free(&job->raw);
        free(job);
        pthread_mutex_lock(&self->lock);
        self->n_packing--;
        pthread_cond_broadcast(&self->moved);
        pthread_mutex_unlock(&self->lock);
    }
}

void store_micro_put(struct store_micro *self, struct tally_micro_rows *rows)
{
    if (!rows) {
        fail_memory(self);
        return;
    }
    pthread_mutex_lock(&self->lock);
    while (rows->first >= self->next + MOST_AHEAD && !self->failure.code)
        pthread_cond_wait(&self->moved, &self->lock);
    struct job *jobs = NULL;
    if (self->failure.code) {
        free(rows);
    } else {
        rows->next = self->waiting;
        self->waiting = rows;
        jobs = rows_advance(self);
        pthread_cond_broadcast(&self->moved);
    }
    pthread_mutex_unlock(&self->lock);
    jobs_do(self, jobs);
}

bool store_micro_failed(struct store_micro *self)
{
    pthread_mutex_lock(&self->lock);
    bool failed = self->failure.code != ERR_OK;
    pthread_mutex_unlock(&self->lock);
    return failed;
}

/* ---- segments ---- */

/* All that was put is in the segment, or something failed. */
static enum err_code settle(struct store_micro *self, uint64_t upto, struct err *err)
{
    pthread_mutex_lock(&self->lock);
    while (self->n_queued + self->n_packing > 0)
        pthread_cond_wait(&self->moved, &self->lock);
    if (self->failure.code)
        *err = self->failure;
    else if (self->waiting || self->next != upto)
        err_set(err, ERR_INTERNAL, "microdata: candidate %llu is missing before %llu",
                (unsigned long long)self->next, (unsigned long long)upto);
    pthread_mutex_unlock(&self->lock);
    return err->code;
}

/* Close the segment that ends before the next candidate. */
static enum err_code segment_end(struct store_micro *self, bool needs_tail, struct err *err)
{
    const struct store_micro_span span = {.from = self->segment_from,
                                          .upto = self->next,
                                          .n_blocks = {self->n_blocks[0], self->n_blocks[1]}};
    if (span.from == span.upto)
        return ERR_OK;
    store_micro_segment_close(&self->place, &self->segment, self->n_segments, &span, err);
    if (needs_tail && err->code == ERR_OK)
        store_micro_tail_write(&self->place, self->n_segments, self->schema, self->raw, err);
    if (err->code) {
        fail(self, err);
        return err->code;
    }
    self->n_segments++;
    self->segment_from = span.upto;
    return ERR_OK;
}

enum err_code store_micro_flush(struct store_micro *self, uint64_t upto, struct err *err)
{
    if (settle(self, upto, err) == ERR_OK)
        segment_end(self, true, err);
    return err->code;
}

void store_micro_saved(struct store_micro *self)
{
    self->n_saved = self->n_segments;
    for (; self->oldest_tail + 1 < self->n_saved; self->oldest_tail++)
        store_micro_remove(&self->place, self->oldest_tail, "tail");
}

enum err_code store_micro_finish(struct store_micro *self,
                                 const struct store_provenance *provenance, char digest[33],
                                 struct err *err)
{
    if (settle(self, self->next, err) != ERR_OK || segment_end(self, false, err) != ERR_OK)
        return err->code;
    const struct store_micro_source source = {.place = &self->place,
                                              .schema = self->schema,
                                              .n_segments = self->n_segments,
                                              .n_foreign = self->n_foreign,
                                              .first = self->first,
                                              .next = self->next,
                                              .raw = self->raw};
    return store_micro_file_write(&source, provenance, digest, err);
}

/* ---- beginning and end ---- */

/* The closed segments that end at or before a candidate, one after the other. */
static enum err_code segments_find(struct store_micro *self, uint64_t resume_at, struct err *err)
{
    struct store_micro_span span = {0};
    while (self->next < resume_at &&
           store_micro_segment_exists(&self->place, self->n_segments, err)) {
        if (store_micro_segment_read(&self->place, self->n_segments, self->schema, &span, NULL,
                                     NULL, err) != ERR_OK)
            return err->code;
        if (span.from != self->next || span.upto > resume_at)
            break;
        self->next = span.upto;
        memcpy(self->n_blocks, span.n_blocks, sizeof self->n_blocks);
        self->n_segments++;
    }
    if (self->next == resume_at || err->code)
        return err->code;
    return err_set(err, ERR_INPUT,
                   "%s.%06u.segment: missing: the checkpoint stands at candidate %llu, the "
                   "microdata end at %llu; restore the segment, or start anew without --resume",
                   self->place.path, self->n_segments, (unsigned long long)resume_at,
                   (unsigned long long)self->next);
}

/* Whether there are no more rows of candidates than candidates, and as many where all are kept. */
static bool rows_fit(const struct store_micro *self)
{
    const struct tally_micro_keep *keep = &self->schema->keep;
    uint64_t n_rows = self->n_blocks[0] * STORE_MICRO_BLOCK + self->raw[0].n;
    uint64_t n_candidates = self->next - self->first;
    bool keeps_all = keep->every <= 1 && keep->from_attempt <= 1 && !keep->only_failed;
    return keeps_all ? n_rows == n_candidates : n_rows <= n_candidates;
}

/* Take up what a checkpoint left, or nothing. */
static enum err_code take_up(struct store_micro *self, uint64_t resume_at, struct err *err)
{
    if (segments_find(self, resume_at, err) != ERR_OK)
        return err->code;
    store_micro_segments_sweep(&self->place, self->n_segments);
    self->segment_from = self->next;
    self->n_saved = self->n_foreign = self->n_segments;
    if (self->n_segments > 0 &&
        store_micro_tail_read(&self->place, self->n_segments - 1, self->schema, self->raw, err) ==
            ERR_OK &&
        !rows_fit(self))
        err_set(err, ERR_INPUT, "%s.%06u.tail: damaged: its rows are not those of %s",
                self->place.path, self->n_segments - 1,
                wording_count((self->next - self->first), "candidate").text);
    return err->code;
}

static bool memory_init(struct store_micro *self, const struct store_micro_options *options)
{
    self->place.path = file_target(options->path);
    memcpy(self->place.key, options->key, sizeof self->place.key);
    bool made = self->place.path;
    for (int t = 0; t < TALLY_MICRO_N_TABLES; t++)
        made = store_micro_raw_init(&options->schema->tables[t], &self->raw[t]) && made;
    return made;
}

enum err_code store_micro_open(const struct store_micro_options *options, struct store_micro **out,
                               struct err *err)
{
    *out = NULL;
    struct store_micro *self = calloc(1, sizeof *self);
    if (!self)
        return err_set(err, ERR_MEMORY, "no memory for microdata");
    self->schema = options->schema;
    self->first = self->next = options->first;
    self->queue_end = &self->queue;
    pthread_mutex_init(&self->lock, NULL);
    pthread_cond_init(&self->moved, NULL);
    if (!memory_init(self, options))
        err_set(err, ERR_MEMORY, "no memory for microdata");
    else if (take_up(self, options->resume_at, err) == ERR_OK)
        self->has_thread = pthread_create(&self->writer, NULL, write_blocks, self) == 0;
    if (!err->code && !self->has_thread)
        err_set(err, ERR_MEMORY, "no thread for microdata");
    if (err->code)
        store_micro_close(self, false);
    else
        *out = self;
    return err->code;
}

void store_micro_close(struct store_micro *self, bool removes)
{
    if (!self)
        return;
    pthread_mutex_lock(&self->lock);
    self->is_closing = true;
    pthread_cond_broadcast(&self->moved);
    pthread_mutex_unlock(&self->lock);
    if (self->has_thread)
        pthread_join(self->writer, NULL);
    for (struct tally_micro_rows *rows = self->waiting, *next; rows; rows = next) {
        next = rows->next;
        free(rows);
    }
    store_micro_segment_drop(&self->segment);
    if (removes)
        store_micro_segments_sweep(&self->place, 0);
    for (int t = 0; t < TALLY_MICRO_N_TABLES; t++)
        store_micro_raw_free(&self->raw[t]);
    pthread_cond_destroy(&self->moved);
    pthread_mutex_destroy(&self->lock);
    free(self->place.path);
    free(self);
}

void store_micro_sweep(const char *path)
{
    struct store_micro_place place = {.path = (char *)path};
    store_micro_segments_sweep(&place, 0);
}
