/* The file of microdata and its making (docs/microdata.md). Rows come in from many threads and are
 * put in the order of candidates, cut into blocks, compressed by whoever completed the block, and
 * appended to the open segment by a thread of its own. A segment is closed at each checkpoint;
 * after the run all are joined into one HDF5 file.
 *
 *     FILE.open              the segment that is written
 *     FILE.000000.segment    closed: whole blocks of candidates [from, upto)
 *     FILE.000000.tail       rows that were still short of a block when that segment was closed
 *     FILE                   all of it
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_STORE_MICRODATA_H
#define RETAKE_STORE_MICRODATA_H

#include <retake/store/result.h>
#include <retake/tally/micro_rows.h>

struct store_micro_options {
    const char *path;                        /* of the file at the end */
    const struct tally_micro_schema *schema; /* must live on */
    char key[33];                            /* of the run: segments of another are refused */
    uint64_t first;                          /* candidate of this run or shard */
    uint64_t resume_at; /* go on from the segments that end here; first: there are none yet */
};

struct store_micro;

/**
 * Begin, or go on where a checkpoint stands. Segments that lie beyond resume_at are deleted; with
 * resume_at = first all are.
 * @param out  store_micro_close it; NULL after failure
 * @return ERR_OK; ERR_INPUT: a segment is missing, damaged, or of another run; ERR_IO; ERR_MEMORY
 */
enum err_code store_micro_open(const struct store_micro_options *options, struct store_micro **out,
                               struct err *err);

/** Hand over rows, which are freed; NULL: there was no memory for them. Any thread, candidates in
 * any order as long as all before them come too. Waits while too much is under way. A failure is
 * told by store_micro_failed and by the next flush. */
void store_micro_put(struct store_micro *self, struct tally_micro_rows *rows);

/** Whether something went wrong and rows are no longer taken. */
bool store_micro_failed(struct store_micro *self);

/**
 * All rows before candidate upto, which have been put, onto the disk: closes the segment.
 * @return ERR_OK; ERR_IO; ERR_MEMORY
 */
enum err_code store_micro_flush(struct store_micro *self, uint64_t upto, struct err *err);

/** The checkpoint that belongs to the last flush is on the disk: what only earlier ones need goes.
 */
void store_micro_saved(struct store_micro *self);

/**
 * Join everything put into the file, which appears whole. May be called again after failure.
 * @param digest  of all rows: the same for the same rows
 * @return ERR_OK; ERR_IO; ERR_INPUT: a segment was damaged; ERR_MEMORY
 */
enum err_code store_micro_finish(struct store_micro *self,
                                 const struct store_provenance *provenance, char digest[33],
                                 struct err *err);

/** @param removes  delete the segments too. NULL is harmless. */
void store_micro_close(struct store_micro *self, bool removes);

/** Delete what runs have left beside a file of microdata. */
void store_micro_sweep(const char *path);

/** A file to be joined with others, and what the result of its run says of it. */
struct store_micro_part {
    const char *path;
    const char *digest; /* that it must have; NULL: any */
    uint64_t next;      /* the candidate behind its last one */
};

/**
 * Join files of microdata that follow each other, in this order, into one.
 * @param schema  of all of them
 * @return ERR_OK; ERR_INPUT: a part is missing, damaged, or has other columns; ERR_IO; ERR_MEMORY
 */
enum err_code store_micro_join(const struct store_micro_part *parts, size_t n_parts,
                               const struct store_micro_options *options,
                               const struct store_provenance *provenance, char digest[33],
                               struct err *err);

#endif
