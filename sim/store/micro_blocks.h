/* The whole blocks of all segments, found in the order of the file.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_STORE_MICRO_BLOCKS_H
#define RETAKE_STORE_MICRO_BLOCKS_H

#include "micro_segment.h"

/** A block somewhere on the disk. */
struct store_micro_found {
    unsigned segment;
    struct store_micro_entry entry;
};

struct store_micro_blocks {
    const struct store_micro_place *place;
    const struct tally_micro_schema *schema;
    unsigned n_foreign; /* segments that another process wrote: their values are looked at */
    size_t n[TALLY_MICRO_N_TABLES];
    struct store_micro_found *found[TALLY_MICRO_N_TABLES]; /* [n] in order */
    unsigned char *bytes; /* of the block that was read last, one column after the other */

    char *name; /* of segment `open`; NULL: none is */
    int descriptor;
    unsigned open;
    size_t capacity; /* of bytes */
    unsigned char *planes, *values;
};

/** Find the blocks of the first n_segments segments. store_micro_blocks_free it, even after
 * failure. @return ERR_OK; ERR_INPUT; ERR_MEMORY */
enum err_code store_micro_blocks_find(const struct store_micro_place *place,
                                      const struct tally_micro_schema *schema, unsigned n_segments,
                                      struct store_micro_blocks *self, struct err *err);
void store_micro_blocks_free(struct store_micro_blocks *self);

/** Read block b of a table into bytes. @return ERR_OK; ERR_INPUT: damaged */
enum err_code store_micro_blocks_read(struct store_micro_blocks *self, int table, size_t b,
                                      struct err *err);

#endif
