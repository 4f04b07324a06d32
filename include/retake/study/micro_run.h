/* Microdata of a run: rows of candidates and sittings beside its statistics (docs/microdata.md).
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_STUDY_MICRO_RUN_H
#define RETAKE_STUDY_MICRO_RUN_H

#include <retake/store/microdata.h>
#include <retake/study/durable.h>

/** Of one run; the caller's, and not to be moved. */
struct study_micro {
    const char *path; /* of the file; NULL: none is wanted */
    struct tally_micro_keep keep;
    char keep_text[96];
    struct study_hooks hooks;
    const struct study_hooks *others; /* called too, before these; NULL: there are none */
    struct tally_micro_schema schema;
    struct store_micro *store; /* NULL before the first candidate */
    bool is_joined;            /* the file is there; the result may not be yet */
};

/** The record of what is kept: every file of the run says it, and its resumption must agree. */
#define STUDY_MICRO_KEEP "microdata_keep"

/** Where microdata stand unless told otherwise: OUT.micro.h5 beside OUT.h5. The caller frees it;
 * NULL when memory is out. */
char *study_micro_name(const char *output);

/**
 * Have a run write microdata: sets chunk_done of the engine's options; self->hooks are for struct
 * study_durable, in the place of others, which are called by them.
 * @param path    lives as long as self
 * @param others  the same; may be NULL
 */
void study_micro_init(struct study_micro *self, const char *path,
                      const struct tally_micro_keep *keep, const struct study_hooks *others,
                      struct engine_options *engine);

/**
 * After the run, whatever came of it. Where the run was not needed, since its result was there, the
 * file must be there too.
 * @param is_resumable  what lies on the disk stays, for the run to go on
 * @return err->code, which is the run's; ERR_INPUT
 */
enum err_code study_micro_end(struct study_micro *self, bool is_resumable, struct err *err);

/**
 * Join the microdata of the parts of a run, each beside its part under the usual name.
 * @param parts   results of shards, in any order
 * @param result  of the whole; its digest of the microdata is added
 * @return ERR_OK; ERR_INPUT: some are missing, damaged or do not belong to the parts; ERR_IO;
 *         ERR_MEMORY
 */
enum err_code study_micro_merge(const char *const *parts, size_t n_parts, const char *path,
                                struct store_result *result, struct err *err);

#endif
