/* Segments of microdata on the disk: files of our own, sealed by a hash.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_STORE_MICRO_SEGMENT_H
#define RETAKE_STORE_MICRO_SEGMENT_H

#include "micro_block.h"

#include <retake/base/file.h>

#include <stdio.h>

/** Where the segments of one file are, and whose they are. */
struct store_micro_place {
    char *path;   /* of the file of microdata; owned */
    char key[33]; /* of the run */
};

/** What a segment covers. */
struct store_micro_span {
    uint64_t from, upto;                     /* candidates */
    uint64_t n_blocks[TALLY_MICRO_N_TABLES]; /* of all segments up to this one */
};

/** The segment that is written. */
struct store_micro_segment {
    FILE *stream; /* NULL: none is open; it writes through a descriptor of pending */
    struct file_pending pending;
    char *name; /* of pending; owned */
    uint64_t n_bytes;
    size_t n_entries, capacity;
    struct store_micro_entry *entries; /* owned */
};

/** Append a block, opening the segment of that number where none is. @return ERR_OK; ERR_IO;
 * ERR_MEMORY */
enum err_code store_micro_segment_append(const struct store_micro_place *place, unsigned number,
                                         struct store_micro_segment *self,
                                         const struct store_micro_block *block, struct err *err);

/** Close it, durably: from now on it is there. @return ERR_OK; ERR_IO; ERR_MEMORY */
enum err_code store_micro_segment_close(const struct store_micro_place *place,
                                        struct store_micro_segment *self, unsigned number,
                                        const struct store_micro_span *span, struct err *err);

/** Drop what is open. */
void store_micro_segment_drop(struct store_micro_segment *self);

/**
 * Read what a closed segment is. What is returned is sound: each block lies within the segment, is
 * whole, and is one of those that the segment adds to the blocks before it.
 * @param span     of the segment before it, zeroed for the first; becomes that of this one
 * @param entries  malloc'ed, the caller frees them; NULL: not wanted
 * @return ERR_OK; ERR_INPUT: missing, damaged, of another run; ERR_MEMORY
 */
enum err_code store_micro_segment_read(const struct store_micro_place *place, unsigned number,
                                       const struct tally_micro_schema *schema,
                                       struct store_micro_span *span,
                                       struct store_micro_entry **entries, size_t *n_entries,
                                       struct err *err);

/** The bytes of a block. @param bytes [entry->n_bytes] @return ERR_OK; ERR_INPUT: damaged; ERR_IO
 */
enum err_code store_micro_entry_read(const char *path, int descriptor,
                                     const struct store_micro_entry *entry, unsigned char *bytes,
                                     struct err *err);

/** false with err set: ERR_MEMORY; ERR_IO: the system cannot say. */
bool store_micro_segment_exists(const struct store_micro_place *place, unsigned number,
                                struct err *err);

/** "FILE.000012.segment"; NULL when memory is out. The caller frees it. */
char *store_micro_name(const struct store_micro_place *place, unsigned number, const char *suffix);

/** Rows short of a block, as of the closing of segment number. @return as for segments */
enum err_code store_micro_tail_write(const struct store_micro_place *place, unsigned number,
                                     const struct tally_micro_schema *schema,
                                     const struct store_micro_raw raw[TALLY_MICRO_N_TABLES],
                                     struct err *err);
enum err_code store_micro_tail_read(const struct store_micro_place *place, unsigned number,
                                    const struct tally_micro_schema *schema,
                                    struct store_micro_raw raw[TALLY_MICRO_N_TABLES],
                                    struct err *err);

/** Delete a file by its number and suffix; whether there was one. */
bool store_micro_remove(const struct store_micro_place *place, unsigned number, const char *suffix);

/** Delete every segment and tail from a number on. */
void store_micro_segments_sweep(const struct store_micro_place *place, unsigned from);

#endif
