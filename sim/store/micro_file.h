/* The file of microdata as HDF5 (docs/microdata.md).
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_STORE_MICRO_FILE_H
#define RETAKE_STORE_MICRO_FILE_H

#include "micro_segment.h"

#include <retake/store/result.h>

/** What is to be joined. */
struct store_micro_source {
    const struct store_micro_place *place;
    const struct tally_micro_schema *schema;
    unsigned n_segments, n_foreign;    /* foreign: the first ones, which another process wrote */
    uint64_t first, next;              /* candidates */
    const struct store_micro_raw *raw; /* [TALLY_MICRO_N_TABLES]: rows behind the last block */
};

/** Write the file, by way of a temporary one. @return ERR_OK; ERR_IO; ERR_INPUT: a segment is
 * missing or damaged; ERR_MEMORY */
enum err_code store_micro_file_write(const struct store_micro_source *source,
                                     const struct store_provenance *provenance, char digest[33],
                                     struct err *err);

#endif
