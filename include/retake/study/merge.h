/* Shards of one run become its result.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_STUDY_MERGE_H
#define RETAKE_STUDY_MERGE_H

#include <retake/store/result.h>

/**
 * Merge parts, in any order and of any partition into whole blocks, to what one run gives: the
 * statistics are the same bytes. Memory does not grow with the number of parts beyond a few words.
 * @param history  the command line, for the record
 * @param out  caller's; store_result_free it, even after failure
 * @return ERR_OK; ERR_INPUT, with the files' names: a part is unreadable, damaged, unfinished or of
 *         another scenario, parts overlap, or some are missing; ERR_MEMORY
 */
enum err_code study_merge(const char *const *paths, size_t n_paths, const char *history,
                          struct store_result *out, struct err *err);

/**
 * Find out which shards are missing. Parts that cannot be read, are damaged, unfinished or of
 * another scenario than the first good one count as missing; each is told in a line.
 * @param say  called with each such line; may be NULL
 * @param missing  their numbers as of an array job, "2,5-7"; "" when none is missing; the caller
 *                 frees it
 * @return ERR_OK; ERR_INPUT: no part is good, or they are shards of different numbers; ERR_MEMORY
 */
enum err_code study_merge_missing(const char *const *paths, size_t n_paths,
                                  void (*say)(const char *line, void *context), void *context,
                                  char **missing, struct err *err);

#endif
