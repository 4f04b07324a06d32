/* Result files: HDF5 that is also netCDF-4 (docs/results-format.md). The only room that knows HDF5.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_STORE_RESULT_H
#define RETAKE_STORE_RESULT_H

#include <retake/tally/dataset.h>

/** One root attribute: text, or a number when text is NULL. */
struct store_attribute {
    const char *name, *text;
    double number;
};

/** What a result says about itself. The writer adds Conventions, date_created, statistics_digest
 * and retake_format_version, and passes over entries of these names. */
struct store_provenance {
    size_t n_attributes;
    const struct store_attribute *attributes;
};

/** The attribute of a name, or NULL. */
const struct store_attribute *store_attribute_find(const struct store_provenance *self,
                                                   const char *name);

/** Bytes that only retake reads: what a run needs to go on or to be merged (a packed tally). The
 * file keeps them as the variable retake_state (uint8); they are under the seal, and outside of
 * statistics_digest. n_bytes 0: the result has none. */
struct store_state {
    const unsigned char *bytes;
    size_t n_bytes;
};

/** A result; store_result_free it, even after failure to make or read it. */
struct store_result {
    struct dataset dataset;
    struct store_provenance provenance; /* owned by dataset.arena */
    struct store_state state;           /* owned by dataset.arena */
};

/**
 * Write a result under path, by way of a temporary file.
 * @return ERR_OK; ERR_IO; ERR_MEMORY. Nothing appears under path unless the result is ERR_OK.
 */
enum err_code store_result_save(const char *path, const struct store_result *result,
                                struct err *err);

/** The same for what belongs to an output, as file_write_beside. */
enum err_code store_result_save_beside(const char *path, const char *output,
                                       const struct store_result *result, struct err *err);

/** The same as store_result_save, of a dataset and its provenance without a state. */
enum err_code store_result_write(const char *path, const struct dataset *dataset,
                                 const struct store_provenance *provenance, struct err *err);

/**
 * Read a result file.
 * @return ERR_OK; ERR_INPUT: missing, not HDF5, truncated, damaged, not a retake result, of another
 * format version, or with a statistics_digest that does not match the values; ERR_MEMORY
 */
enum err_code store_result_read(const char *path, struct store_result *out, struct err *err);

/** Results that are read in order, several at a time. */
struct store_reads {
    const char *const *paths;
    size_t n, next, n_begun; /* paths; the one that store_reads_next reads; those begun */
    size_t n_ahead;
    struct guard_job *jobs; /* [n_ahead], a ring */
};

/** Begin to read. paths must live on.
 * @param self  store_reads_end it, even after failure @return ERR_OK; ERR_MEMORY */
enum err_code store_reads_begin(struct store_reads *self, const char *const *paths, size_t n,
                                struct err *err);

/** The next path, as store_result_read reads it. There must be one. */
enum err_code store_reads_next(struct store_reads *self, struct store_result *out, struct err *err);
void store_reads_end(struct store_reads *self);

void store_result_free(struct store_result *self);

/** Give a result a state of n_bytes zeroed bytes for the caller to fill, in the result's arena.
 * NULL when memory is out. */
unsigned char *store_result_state_new(struct store_result *self, size_t n_bytes);

/** The text of a root attribute, or NULL. */
const char *store_result_text(const struct store_result *self, const char *name);

#endif
