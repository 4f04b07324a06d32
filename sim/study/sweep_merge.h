/* Shards of a sweep become its result: the part of retake merge that is of sweeps.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_STUDY_SWEEP_MERGE_H
#define RETAKE_STUDY_SWEEP_MERGE_H

#include <retake/store/result.h>

#include <stdbool.h>

/** Whether a part is of a sweep. */
enum err_code study_sweep_is_part(const char *path, bool *out, struct err *err);

/** As study_merge and study_merge_missing (retake/study/merge.h). All parts are in memory at once.
 */
enum err_code study_sweep_merge(const char *const *paths, size_t n_paths, const char *history,
                                struct store_result *out, struct err *err);
enum err_code study_sweep_missing(const char *const *paths, size_t n_paths,
                                  void (*say)(const char *line, void *context), void *context,
                                  char **missing, struct err *err);

#endif
