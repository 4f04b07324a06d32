/* Microdata of a run: rows of candidates and sittings beside its statistics (docs/microdata.md).
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_STUDY_MICRODATA_H
#define RETAKE_STUDY_MICRODATA_H

#include <retake/engine/run.h>
#include <retake/store/microdata.h>

/** What is wanted; path NULL: nothing. */
struct study_micro_options {
    const char *path;
    struct tally_micro_keep keep;
};

struct study_micro {
    struct tally_micro_schema schema;
    struct store_micro *store; /* NULL: nothing is wanted, and every call does nothing */
};

/**
 * Begin at candidate first, or go on at resume_at, where a checkpoint stands. Sets the chunk_done
 * of the engine's options, where microdata are wanted.
 * @param self  caller's; must not be moved; study_micro_close it, even after failure
 * @return ERR_OK; what store_micro_open returns
 */
enum err_code study_micro_open(const struct study_micro_options *options,
                               const struct engine_plan *plan, uint64_t first, uint64_t resume_at,
                               struct engine_options *engine, struct study_micro *self,
                               struct err *err);

/** Before a checkpoint at candidate upto is written; after it was. */
enum err_code study_micro_flush(struct study_micro *self, uint64_t upto, struct err *err);
void study_micro_saved(struct study_micro *self);

/** At the end of the run: the file. @return what store_micro_finish returns */
enum err_code study_micro_finish(struct study_micro *self,
                                 const struct store_provenance *provenance, struct err *err);

/** @param removes  the segments too: the result is on the disk, or nobody will go on */
void study_micro_close(struct study_micro *self, bool removes);

#endif
