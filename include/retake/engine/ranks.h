/* One run by several ranks: candidates are handed out, tallies come back and are added.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_ENGINE_RANKS_H
#define RETAKE_ENGINE_RANKS_H

#include <retake/engine/comm.h>
#include <retake/engine/run.h>

struct engine_span; /* candidates that came before those in front of them */

/** Rank 0's side. */
struct engine_ranks {
    struct engine_comm *comm; /* NULL: there are no others */
    uint64_t next, until;     /* handed out before next; until: where hand-outs end */
    uint64_t most;            /* candidates in a unit */
    size_t n_spans, n_room;
    struct engine_span *spans;
};

/** Whether a comm has other ranks. NULL has none. */
bool engine_comm_is_shared(const struct engine_comm *comm);

/**
 * Begin to serve; units come with engine_ranks_advance. Without other ranks nothing happens here,
 * and engine_ranks_advance is engine_advance.
 * @param self  the caller's, not moved; engine_ranks_free it
 * @return ERR_OK; ERR_MEMORY
 */
enum err_code engine_ranks_begin(const struct engine_options *options, struct engine_ranks *self,
                                 struct err *err);

/** As engine_advance, by all ranks. options->chunk_done is not called for the others' chunks. What
 * a rank fails with ends the run. */
enum err_code engine_ranks_advance(struct engine_ranks *self, const struct engine_plan *plan,
                                   const struct engine_options *options, uint64_t until,
                                   struct engine_state *state, struct err *err);

/** Tell the others to stop, and add what they had under way. */
enum err_code engine_ranks_end(struct engine_ranks *self, const struct engine_plan *plan,
                               struct engine_state *state, struct err *err);
void engine_ranks_free(struct engine_ranks *self);

/** Another rank's side: do one unit and send it. @return ERR_OK; ERR_MEMORY */
enum err_code engine_ranks_work(const struct engine_plan *plan,
                                const struct engine_options *options, const uint64_t *words,
                                struct err *err);

#endif
