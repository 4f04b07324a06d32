/* A run that ends when its statistics are precise enough (docs/sampling.md).
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_STUDY_PRECISION_H
#define RETAKE_STUDY_PRECISION_H

#include <retake/study/durable.h>

enum { STUDY_MAX_GOALS = 16 };

/** Blocks at the first look, and those that a standard error needs before it is believed. */
enum { STUDY_FIRST_LOOK = 64, STUDY_LEAST_BLOCKS = 50 };

/** What a run is to reach. A zeroed struct: nothing, and it never ends a run early. */
struct study_precision {
    size_t n_goals;
    struct study_goal {
        const char *text; /* the caller's: ADDRESS=HALFWIDTH */
        char address[256];
        double half_width; /* of the 95 % interval, at most */
        double reached;    /* at the last look; NaN where there is no standard error yet */
    } goals[STUDY_MAX_GOALS];
    uint64_t looked_at; /* the candidate that came next at the last look; 0 = none */
    bool is_met;        /* all goals, at the last look */
    uint64_t expected;  /* candidates that the goals will take, by the last look; 0 = unknown */
    /** Called after each look. May be NULL. */
    void (*looked)(const struct study_precision *self, void *context);
    void *looked_context;
    struct study_hooks hooks; /* of study_precision_hooks */
    struct err failure;       /* of a look; it ends the run */
};

/**
 * One more goal, ADDRESS=HALFWIDTH; text must live on.
 * @return ERR_OK; ERR_USAGE with one clear line
 */
enum err_code study_precision_add(struct study_precision *self, const char *text, struct err *err);

/**
 * Whether every address names a statistic of this plan that has a standard error.
 * @return ERR_OK; ERR_INPUT, the messages of tally_address_read; ERR_MEMORY
 */
enum err_code study_precision_check(const struct study_precision *self,
                                    const struct engine_plan *plan, struct err *err);

/** The first place to look at behind candidate `next`: after 64 blocks, then whenever an eighth has
 * been added. It depends on nothing else. */
uint64_t study_precision_next_look(uint64_t next);

/**
 * Look at a total of `next` candidates, which began with candidate 0, and set reached and is_met.
 * @return ERR_OK; ERR_INPUT as study_precision_check; ERR_MEMORY
 */
enum err_code study_precision_look(struct study_precision *self, const struct tally *total,
                                   uint64_t next, struct err *err);

/**
 * Where the run is to stop next, no later than end; state->next when all goals are met there.
 * Looks only at the places of study_precision_next_look, wherever else the run paused.
 * @return as study_precision_look
 */
enum err_code study_precision_until(struct study_precision *self, const struct engine_state *state,
                                    uint64_t end, uint64_t *out, struct err *err);

/** Whether the run's end was reached with a goal that is not: one line about it, else "". */
void study_precision_shortfall(const struct study_precision *self, char *line, size_t n_bytes);

/** "ADDRESS=HALFWIDTH; ..." of what was asked, or of what was reached. */
void study_precision_text(const struct study_precision *self, bool reached, char *text,
                          size_t n_bytes);

/** Have a run end at a precision: hooks for struct study_durable, which check the addresses before
 * the first candidate and record precision_reached, precision_met and, where the run's end came
 * first, a warning. self must not move while they are in use. */
const struct study_hooks *study_precision_hooks(struct study_precision *self);

/** Half-width of the 95 % interval of an estimate from n_blocks >= 2 blocks: t(.975, n_blocks - 1)
 * times its standard error. Where nothing has varied yet (mcse 0): 3/n_blocks. */
double study_precision_half_width(double mcse, uint64_t n_blocks);

#endif
