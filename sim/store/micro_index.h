/* The index of a file of microdata: which columns it has and where their blocks are. It stands
 * behind the end of the HDF5 file, before the seal, where HDF5 and netCDF do not look. What retake
 * reads of such a file is this index and the blocks, which it checks and decompresses itself: HDF5
 * is not made for files of strangers, and never sees one.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_STORE_MICRO_INDEX_H
#define RETAKE_STORE_MICRO_INDEX_H

#include "micro_block.h"

/** One column of one block, compressed. */
struct store_micro_chunk {
    uint64_t offset, n_bytes;                 /* in the file */
    unsigned char digest[STORE_MICRO_DIGEST]; /* of the values */
};

struct store_micro_index {
    uint64_t first, next; /* candidates */
    uint64_t n_rows[TALLY_MICRO_N_TABLES];
    size_t n_blocks[TALLY_MICRO_N_TABLES];
    struct store_micro_chunk *chunks[TALLY_MICRO_N_TABLES]; /* [n_blocks][n_columns], owned */
};

/** Room for the chunks of so many rows. store_micro_index_free it, even after failure.
 * @return ERR_OK; ERR_MEMORY */
enum err_code store_micro_index_init(const struct tally_micro_schema *schema,
                                     const uint64_t n_rows[TALLY_MICRO_N_TABLES],
                                     struct store_micro_index *self, struct err *err);
void store_micro_index_free(struct store_micro_index *self);

/** Whether bytes begin as an index does. */
bool store_micro_index_begins(const unsigned char *bytes, size_t n_bytes);

/** As bytes, which the caller frees; NULL when memory is out. */
unsigned char *store_micro_index_pack(const struct tally_micro_schema *schema,
                                      const struct store_micro_index *self, size_t *n_bytes);

/**
 * Take any bytes for an index; what is taken is sound: every chunk lies within the file, and the
 * chunks have no more bytes than it.
 * @param schema     that it must have
 * @param file_bytes of the HDF5 file before it
 * @param name       for messages
 * @return ERR_OK; ERR_INPUT; ERR_MEMORY. store_micro_index_free it, even after failure.
 */
enum err_code store_micro_index_take(const char *name, const struct tally_micro_schema *schema,
                                     const unsigned char *bytes, size_t n_bytes,
                                     uint64_t file_bytes, struct store_micro_index *self,
                                     struct err *err);

/** Rows of a block, and the rows that its chunks hold: the last block of several is filled up. */
size_t store_micro_block_rows(uint64_t n_rows, size_t block);
size_t store_micro_block_stored(uint64_t n_rows);

/** The digest of all rows (docs/microdata.md). @return false when memory is out */
bool store_micro_index_digest(const struct tally_micro_schema *schema,
                              const struct store_micro_index *self, char hex[33]);

#endif
