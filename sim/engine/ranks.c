/* A unit is the candidates first .. end - 1; what comes back is those two numbers and the tally.
 * Units shrink towards the end, so that the ranks end together. What came before the candidates in
 * front of it waits in a span; spans that meet become one, so there are never more than units at
 * work. The state has no gap, and sums are exact: the statistics do not depend on who counted what.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/engine/ranks.h>

#include <stdlib.h>
#include <string.h>

#include "team.h"

enum { UNIT_CHUNKS = 16 }; /* for each thread */

struct engine_span {
    uint64_t first, end;
    struct tally *tally;
};

bool engine_comm_is_shared(const struct engine_comm *comm)
{
    return comm && comm->n_ranks > 1;
}

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* ---- handing out ---- */

static size_t next_unit(void *context, uint64_t words[ENGINE_UNIT_WORDS])
{
    struct engine_ranks *self = context;
    if (self->next >= self->until)
        return 0;
    uint64_t left = self->until - self->next, share = left / (2 * (uint64_t)self->comm->n_ranks);
    uint64_t n = least(share / ENGINE_CHUNK * ENGINE_CHUNK, self->most);
    words[0] = self->next;
    words[1] = self->next += least(n < ENGINE_CHUNK ? ENGINE_CHUNK : n, left);
    return 2;
}

enum err_code engine_ranks_begin(const struct engine_options *options, struct engine_ranks *self,
                                 struct err *err)
{
    int n_threads = options->n_threads > 0 ? options->n_threads : engine_default_threads();
    *self = (struct engine_ranks){.most = UNIT_CHUNKS * ENGINE_CHUNK * (uint64_t)n_threads};
    if (!engine_comm_is_shared(options->comm))
        return ERR_OK;
    self->comm = options->comm;
    return self->comm->begin(self->comm, next_unit, self, err);
}

void engine_ranks_free(struct engine_ranks *self)
{
    if (self->comm)
        self->comm->end(self->comm);
    for (size_t k = 0; k < self->n_spans; k++)
        tally_free(self->spans[k].tally);
    free(self->spans);
    *self = (struct engine_ranks){0};
}

/* ---- adding ---- */

static enum err_code keep(struct engine_ranks *self, struct engine_span span, struct err *err)
{
    if (self->n_spans == self->n_room) {
        size_t n_room = 2 * self->n_room + 8;
        struct engine_span *spans = realloc(self->spans, n_room * sizeof *spans);
        if (!spans) {
            tally_free(span.tally);
            return err_set(err, ERR_MEMORY, "no memory for what the ranks counted");
        }
        self->spans = spans;
        self->n_room = n_room;
    }
    self->spans[self->n_spans++] = span;
    return ERR_OK;
}

/* The span that meets this one, taken out; n_spans: none does. */
static size_t meeting(const struct engine_ranks *self, const struct engine_span *span)
{
    size_t k = 0;
    while (k < self->n_spans && self->spans[k].end != span->first &&
           self->spans[k].first != span->end)
        k++;
    return k;
}

/* Takes the tally over. */
static enum err_code add(struct engine_ranks *self, struct engine_span span,
                         struct engine_state *state, struct err *err)
{
    for (size_t k; (k = meeting(self, &span)) < self->n_spans;) {
        struct engine_span other = self->spans[k];
        self->spans[k] = self->spans[--self->n_spans];
        tally_merge(span.tally, other.tally);
        tally_free(other.tally);
        span.first = least(span.first, other.first);
        span.end = other.end > span.end ? other.end : span.end;
    }
    if (span.first != state->next)
        return keep(self, span, err);
    tally_merge(state->total, span.tally);
    tally_free(span.tally);
    state->next = span.end;
    return ERR_OK;
}

static enum err_code add_parcel(struct engine_ranks *self, const struct engine_plan *plan,
                                const struct engine_parcel *parcel, struct engine_state *state,
                                struct err *err)
{
    struct engine_span span = {.tally = NULL};
    uint64_t words[2];
    if (parcel->code)
        return err_set(err, parcel->code, "rank %d: %s", parcel->rank, (char *)parcel->bytes);
    if (parcel->n_bytes != sizeof words + tally_n_bytes(&plan->shape))
        return err_set(err, ERR_INTERNAL, "rank %d runs another program or scenario", parcel->rank);
    if (!(span.tally = tally_new(&plan->shape)))
        return err_set(err, ERR_MEMORY, "no memory for the tallies");
    memcpy(words, parcel->bytes, sizeof words);
    tally_unpack(span.tally, parcel->bytes + sizeof words);
    span.first = words[0];
    span.end = words[1];
    return add(self, span, state, err);
}

/* All that has come; where nothing has, after a nap. */
static enum err_code add_parcels(struct engine_ranks *self, const struct engine_plan *plan,
                                 bool naps, struct engine_state *state, struct err *err)
{
    struct engine_parcel parcel;
    while (!err->code && self->comm->collect(self->comm, naps, &parcel)) {
        add_parcel(self, plan, &parcel, state, err);
        free(parcel.bytes);
        naps = false;
    }
    return err->code;
}

/* ---- working ---- */

static enum err_code count(const struct engine_plan *plan, const struct engine_options *options,
                           const uint64_t *words, struct engine_state *unit, struct err *err)
{
    struct engine_options own = *options;
    own.progress = NULL; /* it would count from the unit's first candidate */
    own.pause_s = 0;
    if (engine_state_init(plan, words[0], unit, err) == ERR_OK)
        engine_advance(plan, &own, words[1], unit, err);
    return err->code;
}

enum err_code engine_ranks_work(const struct engine_plan *plan,
                                const struct engine_options *options, const uint64_t *words,
                                struct err *err)
{
    struct engine_state unit = {0};
    size_t n = 2 * sizeof *words + tally_n_bytes(&plan->shape);
    unsigned char *bytes = malloc(n);
    if (!bytes)
        err_set(err, ERR_MEMORY, "no memory for a message");
    else if (count(plan, options, words, &unit, err) == ERR_OK) {
        memcpy(bytes, &(uint64_t[2]){unit.first, unit.next}, 2 * sizeof *words);
        tally_pack(unit.total, bytes + 2 * sizeof *words);
        options->comm->send(options->comm, ERR_OK, bytes, n);
    }
    engine_state_free(&unit);
    free(bytes);
    return err->code;
}

/* A unit by rank 0 itself. False: there was none. */
static bool work_here(struct engine_ranks *self, const struct engine_plan *plan,
                      const struct engine_options *options, struct engine_state *state,
                      struct err *err)
{
    uint64_t words[ENGINE_UNIT_WORDS];
    struct engine_state unit = {0};
    self->comm->lock(self->comm);
    size_t n = next_unit(self, words);
    self->comm->unlock(self->comm);
    if (n > 0 && count(plan, options, words, &unit, err) == ERR_OK) {
        add(self, (struct engine_span){unit.first, unit.next, unit.total}, state, err);
        unit.total = NULL;
    }
    engine_state_free(&unit);
    return n > 0;
}

static bool is_over(const struct engine_options *options, double ends_at)
{
    bool stopped = options->stop && __atomic_load_n(options->stop, __ATOMIC_RELAXED);
    return stopped || (options->pause_s > 0 && engine_time_s() >= ends_at);
}

enum err_code engine_ranks_advance(struct engine_ranks *self, const struct engine_plan *plan,
                                   const struct engine_options *options, uint64_t until,
                                   struct engine_state *state, struct err *err)
{
    if (!self->comm)
        return engine_advance(plan, options, until, state, err);
    double ends_at = engine_time_s() + options->pause_s;
    self->comm->lock(self->comm);
    self->next = self->next > state->next ? self->next : state->next;
    self->until = until;
    self->comm->unlock(self->comm);
    do {
        bool worked = work_here(self, plan, options, state, err);
        add_parcels(self, plan, !worked, state, err);
        if (options->progress)
            options->progress(state->next - state->first, options->n_total, options->context);
    } while (!err->code && state->next < until && !is_over(options, ends_at));
    return err->code;
}

enum err_code engine_ranks_end(struct engine_ranks *self, const struct engine_plan *plan,
                               struct engine_state *state, struct err *err)
{
    if (!self->comm)
        return ERR_OK;
    self->comm->end(self->comm);
    return add_parcels(self, plan, false, state, err);
}
