/* Several ranks at one sweep. A unit is a batch of policies, smaller towards the end so that the
 * ranks end together; what comes back is the dataset of those policies, joined like those of a
 * checkpoint. Rank 0 works too; all that concerns files is its own.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/engine/ranks.h>
#include <retake/tally/dataset_bytes.h>

#include <stdlib.h>
#include <string.h>

#include "sweep_loop.h"

static const double told_every_s = 1;

struct study_received {
    struct study_received *next;
    struct dataset dataset;
};

/* ---- rank 0 ---- */

/* The server's thread reads only rows of policies that nobody has yet: nobody writes those. */
static size_t take_points(struct study_loop *self, size_t *points)
{
    if (!self->is_open) /* there is no plan yet */
        return 0;
    size_t left = self->n_policies - self->next, ranks = (size_t)self->comm->n_ranks;
    size_t share = (left + 2 * ranks - 1) / (2 * ranks), most = study_loop_most_policies(self);
    size_t n = 0;
    most = most < ENGINE_UNIT_WORDS ? most : ENGINE_UNIT_WORDS;
    while (n == 0 && self->next < self->n_policies)
        n = study_loop_next(self, share < most ? share : most, points);
    return n;
}

static size_t next_unit(void *context, uint64_t words[ENGINE_UNIT_WORDS])
{
    size_t points[ENGINE_UNIT_WORDS], n = take_points(context, points);
    for (size_t k = 0; k < n; k++)
        words[k] = points[k];
    return n;
}

enum err_code study_ranks_begin(struct study_loop *self)
{
    return self->comm ? self->comm->begin(self->comm, next_unit, self, self->err) : ERR_OK;
}

static enum err_code take_parcel(struct study_loop *self, const struct engine_parcel *parcel)
{
    struct study_received *received;
    if (parcel->code)
        return err_set(self->err, parcel->code, "rank %d: %s", parcel->rank, (char *)parcel->bytes);
    received = calloc(1, sizeof *received);
    if (study_sweep_memory(received, self->err) != ERR_OK)
        return self->err->code;
    received->next = self->received;
    self->received = received;
    if (dataset_unpack(parcel->bytes, parcel->n_bytes, &received->dataset, self->err) == ERR_OK &&
        !study_loop_take_rows(self, &received->dataset))
        err_set(self->err, ERR_INTERNAL, "rank %d sent policies that it did not have",
                parcel->rank);
    return self->err->code;
}

static enum err_code absorb(struct study_loop *self, bool naps)
{
    struct engine_parcel parcel;
    while (!self->err->code && self->comm->collect(self->comm, naps, &parcel)) {
        take_parcel(self, &parcel);
        free(parcel.bytes);
        naps = false;
    }
    return self->err->code;
}

enum err_code study_ranks_absorb(struct study_loop *self)
{
    return absorb(self, false);
}

enum err_code study_ranks_end(struct study_loop *self)
{
    self->comm->end(self->comm);
    return absorb(self, false);
}

void study_ranks_free(struct study_loop *self)
{
    if (self->comm && self->comm->rank == 0)
        self->comm->end(self->comm);
    for (struct study_received *received = self->received, *next; received; received = next) {
        next = received->next;
        dataset_free(&received->dataset);
        free(received);
    }
    self->received = NULL;
}

static void open_desk(struct study_loop *self)
{
    for (size_t k = 0; self->policies && k < self->work.n_plans; k++)
        self->rows.rows[self->policies[k].point - self->first].is_at_work = true;
    self->comm->lock(self->comm);
    self->is_open = true;
    self->comm->unlock(self->comm);
}

enum err_code study_ranks_run(struct study_loop *self)
{
    size_t points[ENGINE_UNIT_WORDS];
    open_desk(self);
    study_loop_batch_run(self); /* the one of the checkpoint */
    while (!self->err->code && self->rows.n_done < self->n_policies) {
        self->comm->lock(self->comm);
        size_t n = take_points(self, points);
        self->comm->unlock(self->comm);
        if (study_loop_look_around(self) != ERR_OK)
            break;
        if (n == 0)
            absorb(self, true);
        else
            study_loop_batch_of(self, points, n);
    }
    return self->err->code;
}

/* ---- the others ---- */

/* The rows so far, which are the first rank's from now on. */
static enum err_code send(struct study_loop *self)
{
    struct dataset dataset = {0};
    void *bytes = NULL;
    size_t n_bytes;
    if (self->rows.n_done == 0)
        return ERR_OK;
    if (study_loop_join(self, &dataset) == ERR_OK &&
        dataset_pack(&dataset, &bytes, &n_bytes, self->err) == ERR_OK)
        self->comm->send(self->comm, ERR_OK, bytes, n_bytes);
    free(bytes);
    dataset_free(&dataset);
    study_rows_forget(&self->rows);
    return self->err->code;
}

/* Until the batch is done or dropped. Rows that are there before its end are sent as they come, so
 * that a checkpoint has them. */
static enum err_code advance(struct study_loop *self)
{
    double sent_s = study_loop_now_s();
    self->engine.pause_s = told_every_s;
    while (!self->err->code && study_loop_batch_goes_on(self) && !self->comm->is_told(self->comm)) {
        if (self->producer->advance(&self->work, &self->engine, self->err) == ERR_OK)
            study_loop_batch_take_ready(self);
        if (!self->err->code && study_loop_now_s() >= sent_s + told_every_s) {
            send(self);
            sent_s = study_loop_now_s();
        }
    }
    return self->err->code ? self->err->code : study_loop_batch_take_ready(self);
}

static enum err_code work(struct study_loop *self, const uint64_t *words, size_t n)
{
    size_t points[ENGINE_UNIT_WORDS];
    for (size_t k = 0; k < n; k++)
        points[k] = words[k];
    if (study_loop_batch_begin(self, points, n) == ERR_OK && advance(self) == ERR_OK)
        send(self);
    study_loop_batch_end(self);
    study_rows_forget(&self->rows);
    return self->err->code;
}

void study_ranks_help(struct study_loop *self)
{
    uint64_t words[ENGINE_UNIT_WORDS];
    bool is_ready = false;
    self->engine.stop = NULL; /* a signal is for the first rank, which tells the others */
    self->engine.progress = NULL;
    for (size_t n; (n = self->comm->receive(self->comm, words)) > 0;) {
        if (!is_ready) /* by now the first has prepared, so that a library is on the disk */
            study_loop_begin(self);
        is_ready = true;
        if (!self->err->code)
            work(self, words, n);
        if (self->err->code)
            self->comm->send(self->comm, self->err->code, self->err->detail,
                             strlen(self->err->detail));
    }
    err_clear(self->err); /* the first told it */
}
