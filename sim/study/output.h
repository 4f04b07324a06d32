/* The place where a result is to stand: the checkpoint beside it, and what an earlier run
 * or sweep left there.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_SIM_STUDY_OUTPUT_H
#define RETAKE_SIM_STUDY_OUTPUT_H

#include <retake/study/durable.h>

struct study_output {
    const struct study_durable *durable;
    const char *what; /* "scenario" or "sweep": what another one would be of, in messages */
    bool is_kept;     /* there are checkpoints */
    char *checkpoint; /* its path; NULL without an output */
};

enum study_left { STUDY_LEFT_NOTHING, STUDY_LEFT_RESULT, STUDY_LEFT_CHECKPOINT };

/** @param durable, what  outlive it */
void study_output_init(const struct study_durable *durable, const char *what,
                       struct study_output *self);

/** Find out where the checkpoint is: beside what the output leads to. @return ERR_OK; ERR_IO;
 * ERR_MEMORY */
enum err_code study_output_place(struct study_output *self, struct err *err);

/** Write a checkpoint. @return what store_result_save returns */
enum err_code study_output_keep(const struct study_output *self, const struct store_result *result,
                                struct err *err);

/**
 * Look for a finished result of this very work, else for its checkpoint. Only when resuming;
 * otherwise a checkpoint that would be overwritten is refused.
 * @param here    what the work is recognised by
 * @param result  the finished result, for STUDY_LEFT_RESULT; its checkpoint is removed
 * @param found   the checkpoint, for STUDY_LEFT_CHECKPOINT. Both: store_result_free them
 * @return ERR_OK; ERR_INPUT: it is damaged or of another work
 */
enum err_code study_output_find(const struct study_output *self,
                                const struct store_provenance *here, struct store_result *result,
                                struct store_result *found, enum study_left *left, struct err *err);

/** A stop while a work is set up, which leaves nothing new to keep: ERR_INTERRUPTED becomes
 * ERR_STOPPED where there are checkpoints. */
void study_output_translate(const struct study_output *self, struct err *err);

void study_output_free(struct study_output *self);

/** A line for people. */
void study_output_say(const struct study_output *self, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
