/* Blocks of microdata: some rows of a table, column by column, as HDF5 stores a chunk.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_STORE_MICRO_BLOCK_H
#define RETAKE_STORE_MICRO_BLOCK_H

#include <retake/base/err.h>
#include <retake/tally/micro_rows.h>

/** Rows of a block, but for the last of a table. */
enum { STORE_MICRO_BLOCK = 65536, STORE_MICRO_DIGEST = 16, STORE_MICRO_VERSION = 1 };

/** Rows gathered, column by column. */
struct store_micro_raw {
    size_t n; /* so far, at most STORE_MICRO_BLOCK */
    void *values[TALLY_MICRO_MAX_COLUMNS];
    unsigned char *memory; /* owned */
};

bool store_micro_raw_init(const struct tally_micro_table *table, struct store_micro_raw *self);
void store_micro_raw_free(struct store_micro_raw *self);

/** Where a compressed block is and what it holds. */
struct store_micro_entry {
    uint64_t block;           /* of the table, from 0 */
    uint64_t offset, n_bytes; /* in its segment; one column after the other */
    uint64_t hash;            /* of these bytes */
    uint32_t table, n_rows;
    uint32_t column_bytes[TALLY_MICRO_MAX_COLUMNS];
    unsigned char digest[TALLY_MICRO_MAX_COLUMNS][STORE_MICRO_DIGEST]; /* of the values */
};

struct store_micro_block {
    struct store_micro_entry entry;
    unsigned char *bytes; /* [entry.n_bytes], owned */
    struct store_micro_block *next;
};

/** Compress rows. @param n_stored  rows of the chunk: raw->n, or more that are padded with 0
 * @return a block, store_micro_block_free it; NULL when memory is out */
struct store_micro_block *store_micro_block_pack(const struct tally_micro_table *table,
                                                 const struct store_micro_raw *raw,
                                                 size_t n_stored);
void store_micro_block_free(struct store_micro_block *self);

/** The most bytes that a column can have, compressed: stored bytes have a few of their own. */
size_t store_micro_packed_most(size_t value_bytes);

/** A column of a block, as it was packed, or as a file claims it. */
struct store_micro_packed {
    const unsigned char *bytes;
    size_t n_bytes, n, n_stored; /* n values, filled up to n_stored */
    const unsigned char *digest; /* of the values */
};

/**
 * Decompress a column; any bytes will do.
 * @param width   bytes of a value
 * @param planes  [n_stored * width], for the work
 * @param values  [n * width]
 * @return false: damaged, or values of another digest
 */
bool store_micro_column_unpack(const struct store_micro_packed *packed, size_t width, void *planes,
                               void *values);

#endif
