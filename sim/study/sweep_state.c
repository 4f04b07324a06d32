/* The bytes: a head, the statistics of a base that is of no batch, the numbers of the policies of
 * the batch under way, what its producer packed.
 * SPDX-License-Identifier: Apache-2.0 */
#include "sweep_state.h"

#include <retake/base/digest.h>
#include <retake/tally/dataset_bytes.h>

#include <stdlib.h>
#include <string.h>

static const char state_magic[16] = "retake-sweep-2\n";

struct head {
    char magic[16],
        digest[40];       /* of all bytes behind the head: a copy by another program has no seal */
    uint64_t n_fruitless; /* processes in a row that added nothing */
    uint64_t n_base;      /* bytes; 0: none is kept */
    uint64_t n_plans, n_bytes; /* n_plans 0: no batch is under way */
};

/* ---- getting ahead ---- */

struct study_gain study_state_gain(const struct study_loop *self)
{
    bool counts = self->is_at_work && self->producer->n_done;
    return (struct study_gain){.n_done = self->rows.n_done,
                               .n_candidates = counts ? self->producer->n_done(&self->work) : 0,
                               .has_base = self->base_statistics.n_vars > 0};
}

/* Whether this process got ahead. */
bool study_state_has_gained(const struct study_loop *self)
{
    struct study_gain gain = study_state_gain(self), began = self->began_with;
    return gain.n_done > began.n_done || gain.n_candidates > began.n_candidates ||
           (self->producer->base_is_fixed && gain.has_base && !began.has_base);
}

/* ---- keeping ---- */

/* The base as bytes on the heap, where it is not solved anew for every batch. */
static enum err_code pack_base(const struct study_loop *self, void **bytes, size_t *n_bytes)
{
    *bytes = NULL;
    *n_bytes = 0;
    if (!self->producer->base_is_fixed || self->base_statistics.n_vars == 0)
        return ERR_OK;
    return dataset_pack(&self->base_statistics, bytes, n_bytes, self->err);
}

enum err_code study_state_put(struct study_loop *self, struct store_result *out)
{
    const struct study_work *work = &self->work;
    struct head head = {.n_fruitless = study_state_has_gained(self) ? 0 : self->n_fruitless};
    bool packs = self->is_at_work && self->producer->n_bytes;
    void *base;
    size_t n_base;
    if (pack_base(self, &base, &n_base) != ERR_OK)
        return self->err->code;
    memcpy(head.magic, state_magic, sizeof head.magic);
    head.n_base = n_base;
    if (packs) {
        head.n_plans = work->n_plans;
        head.n_bytes = self->producer->n_bytes(work);
    }
    size_t n_points = head.n_plans * sizeof(uint64_t);
    unsigned char *to = store_result_state_new(out, sizeof head + n_base + n_points + head.n_bytes);
    if (study_sweep_memory(to, self->err) != ERR_OK)
        goto out;
    unsigned char *begin = to;
    to += sizeof head;
    if (base)
        memcpy(to, base, n_base);
    to += n_base;
    for (size_t k = 0; k < head.n_plans; k++) {
        uint64_t point = self->policies[k].point;
        memcpy(to + k * sizeof point, &point, sizeof point);
    }
    if (packs)
        self->producer->pack(work, to + n_points);
    digest_hex(begin + sizeof head, n_base + n_points + head.n_bytes, head.digest);
    memcpy(begin, &head, sizeof head);
out:
    free(base);
    return self->err->code;
}

/* ---- going on ---- */

enum err_code study_loop_refuse(const struct study_loop *self, const char *why)
{
    return err_set(self->err, ERR_INPUT, "%s: %s; to start afresh, remove it",
                   self->output.checkpoint, why);
}

/* Policy k of the batch under way: of this shard, and neither done nor there before. */
static bool is_to_come(const struct study_loop *self, const size_t *points, size_t k)
{
    bool is_new =
        points[k] - self->first < self->n_policies && !study_rows_is_done(&self->rows, points[k]);
    for (size_t i = 0; i < k; i++)
        is_new = is_new && points[i] != points[k];
    return is_new;
}

static enum err_code take_batch(struct study_loop *self, const struct head *head,
                                const unsigned char *from)
{
    size_t *points = calloc(head->n_plans, sizeof *points);
    if (study_sweep_memory(points, self->err) != ERR_OK)
        return self->err->code;
    memcpy(points, from, head->n_plans * sizeof *points);
    for (size_t k = 0; k < head->n_plans && !self->err->code; k++)
        if (!is_to_come(self, points, k))
            study_loop_refuse(self, "damaged: it has policies of another shard");
    if (!self->err->code)
        study_loop_batch_begin(self, points, head->n_plans);
    free(points);
    if (self->err->code)
        return self->err->code;
    if (self->work.n_plans != head->n_plans || !self->producer->n_bytes ||
        self->producer->n_bytes(&self->work) != head->n_bytes)
        return study_loop_refuse(self, "its state is of another version of retake");
    if (!self->producer->unpack(&self->work, from + head->n_plans * sizeof(uint64_t)))
        return study_loop_refuse(self, "damaged: its state contradicts itself");
    return ERR_OK;
}

static enum err_code unpack_base(struct study_loop *self, const unsigned char *from, size_t n_bytes)
{
    struct err reason = {0};
    if (!self->producer->base_is_fixed)
        return study_loop_refuse(self, "damaged: its state contradicts itself");
    if (dataset_unpack(from, n_bytes, &self->base_statistics, &reason) == ERR_MEMORY)
        return err_set(self->err, ERR_MEMORY, "%s", reason.detail);
    return reason.code || self->base_statistics.n_vars == 0
               ? study_loop_refuse(self, "damaged: its state contradicts itself")
               : ERR_OK;
}

enum err_code study_state_take(struct study_loop *self)
{
    const struct store_state *state = &self->found.state;
    struct head head;
    if (state->n_bytes < sizeof head)
        return study_loop_refuse(self, "it has no state of a sweep");
    memcpy(&head, state->bytes, sizeof head);
    size_t room = state->n_bytes - sizeof head;
    if (memcmp(head.magic, state_magic, sizeof head.magic) != 0)
        return study_loop_refuse(self, "its state is of another version of retake");
    bool fits = head.n_base <= room && head.n_base % sizeof(uint64_t) == 0;
    room -= fits ? head.n_base : 0;
    if (!fits || head.n_plans > room / sizeof(uint64_t) || head.n_plans > self->n_policies ||
        head.n_bytes != room - head.n_plans * sizeof(uint64_t))
        return study_loop_refuse(self, "damaged: its state contradicts itself");
    char digest[33];
    digest_hex(state->bytes + sizeof head, state->n_bytes - sizeof head, digest);
    if (memcmp(head.digest, digest, sizeof digest) != 0)
        return study_loop_refuse(self, "damaged: its state does not match its checksum");
    self->n_fruitless = head.n_fruitless < 1000 ? (size_t)head.n_fruitless : 1000;
    if (head.n_base > 0 && unpack_base(self, state->bytes + sizeof head, head.n_base) != ERR_OK)
        return self->err->code;
    return head.n_plans == 0 ? ERR_OK
                             : take_batch(self, &head, state->bytes + sizeof head + head.n_base);
}
