/* The state of a sweep at work.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_STUDY_SWEEP_LOOP_H
#define RETAKE_STUDY_SWEEP_LOOP_H

#include <retake/study/sweep_run.h>

#include "output.h"
#include "sweep_policy.h"
#include "sweep_row.h"
#include "sweep_rows.h"
#include "sweep_work.h"

struct study_order {
    size_t point;
    char key[33]; /* of its exam */
};

/** What a checkpoint would keep: a process that adds nothing to it does not get ahead. */
struct study_gain {
    size_t n_done;
    uint64_t n_candidates; /* of the batch under way */
    bool has_base;
};

struct study_loop {
    struct study_sweep *sweep;
    const struct study_sweep_options *options;
    struct engine_options engine;
    struct err *err;
    struct scenario base;
    struct engine_plan plan; /* of the base */
    const struct study_producer *producer;
    uint64_t n_candidates;
    struct study_exams exams;
    size_t first, n_policies;  /* of this shard */
    struct study_order *order; /* [n_policies] */
    struct study_rows rows;
    size_t next;
    struct dataset base_statistics; /* all of them, of this batch or of the sweep */
    struct dataset base_row;        /* those that are kept */
    bool has_base;
    /* the batch; the first n_taken of its policies are rows */
    size_t n_taken;
    struct study_policy *policies;
    const struct engine_plan **plans;
    struct study_work work;
    bool is_at_work;
    /* the record */
    struct study_output output;
    bool warned, has_advanced;
    struct store_result description, found;
    struct study_gain began_with; /* when this process began */
    size_t n_fruitless;           /* processes before, in a row, that did not get ahead */
    double began_s, saved_s;
    /* other ranks */
    struct engine_comm *comm;          /* NULL: there are none */
    struct study_received *received;   /* from them */
    const struct dataset *joined_base; /* which of them, or of the checkpoint, has the base */
    bool is_open;                      /* policies may be handed out */
};

double study_loop_now_s(void);

/** Base, plan, order. */
enum err_code study_loop_begin(struct study_loop *self);
void study_loop_end(struct study_loop *self);

/** Take the rows of a joined dataset over; it must live on. False: they are not of this shard. */
bool study_loop_take_rows(struct study_loop *self, const struct dataset *joined);

/** Of the next n policies in order only those that are not done. */
size_t study_loop_next(struct study_loop *self, size_t n, size_t *points);

/** Policies in a batch. */
size_t study_loop_most_policies(const struct study_loop *self);

enum err_code study_loop_batch_begin(struct study_loop *self, const size_t *points, size_t n);

/** Make rows of the first n policies of the batch, where they are none yet. */
enum err_code study_loop_batch_take(struct study_loop *self, size_t n);

/** The same of those that are ready. */
enum err_code study_loop_batch_take_ready(struct study_loop *self);

/** Whether there is a batch that is not done. */
bool study_loop_batch_goes_on(const struct study_loop *self);

void study_loop_batch_end(struct study_loop *self);

/** Go on until the batch is done, if there is one, and end it. */
enum err_code study_loop_batch_run(struct study_loop *self);

/** A batch of these policies, from its set-up to its end. */
enum err_code study_loop_batch_of(struct study_loop *self, const size_t *points, size_t n);

/** Between two pauses: stop, save, or neither. */
enum err_code study_loop_look_around(struct study_loop *self);

/** All batches. */
enum err_code study_loop_run(struct study_loop *self);

/** The policies so far, joined; dataset_free it. */
enum err_code study_loop_join(struct study_loop *self, struct dataset *out);

/** The same as a result. */
enum err_code study_loop_result(struct study_loop *self, bool is_finished,
                                struct store_result *out);

/** A checkpoint on the way: the sweep goes on without it. */
enum err_code study_loop_save_or_warn(struct study_loop *self);

/** Told to stop: a checkpoint where they are kept. @return ERR_STOPPED, ERR_INTERRUPTED, ... */
enum err_code study_loop_stop(struct study_loop *self);

/* ---- sweep_ranks.c: the batches of several ranks ---- */

/** Serve the other ranks, if there are any; no policies yet. */
enum err_code study_ranks_begin(struct study_loop *self);
/** All batches. */
enum err_code study_ranks_run(struct study_loop *self);
/** Take over what came in. */
enum err_code study_ranks_absorb(struct study_loop *self);
/** Tell them to stop, and take over what still came in. */
enum err_code study_ranks_end(struct study_loop *self);
void study_ranks_free(struct study_loop *self);
/** Another rank's side: batches until it is told to stop. */
void study_ranks_help(struct study_loop *self);

#endif
