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

/**
 * Write a dataset and its provenance under path, by way of a temporary file.
 * @return ERR_OK; ERR_IO; ERR_MEMORY. Nothing appears under path unless the result is ERR_OK.
 */
enum err_code store_result_write(const char *path, const struct dataset *dataset,
                                 const struct store_provenance *provenance, struct err *err);

/** A result read back; store_result_free it, even after failure. */
struct store_result {
    struct dataset dataset;
    struct store_provenance provenance; /* owned by dataset.arena */
};

/**
 * Read a result file.
 * @return ERR_OK; ERR_INPUT: missing, not HDF5, truncated, damaged, changed or copied by another
 *         program (the seal is gone), not a retake result, of another format version, or with a
 *         statistics_digest that does not match the values; ERR_MEMORY
 */
enum err_code store_result_read(const char *path, struct store_result *out, struct err *err);

void store_result_free(struct store_result *self);

/** The text of a root attribute, or NULL. */
const char *store_result_text(const struct store_result *self, const char *name);

#endif
