/* retake: Monte Carlo engine for exam policy. The embedding API.
 *
 * Handles are opaque; a handle is used by one thread at a time, different handles by different
 * threads. The library neither prints nor exits. A function that can fail returns an
 * exit-status-like code (0 done, 1 failure, 2 misused or called out of order, 65 bad input, 74
 * input or output, 130 interrupted) and leaves one line of explanation in the handle:
 * retake_message.
 *
 * Misuse is defined. NULL for a handle or for a text is 2 wherever a code is returned, and leaves
 * all else as it was; each function says what else may be NULL. A handle that has been freed, or
 * that retake_new did not make, is an error of the program: it ends by an assertion that names the
 * function, as far as the memory still shows it (not in a build with NDEBUG). While a progress
 * function runs, no function may be called on the handle of that run.
 *
 * HDF5, which is not made for hostile files, reads the session library that a scenario names in
 * this process (the program has a guarded process for that): name files that you trust.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef RETAKE_H
#define RETAKE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define RETAKE_API __attribute__((visibility("default")))

/** Version of the library, e.g. "0.1.0". Static. */
RETAKE_API const char *retake_version(void);

/** A scenario and, after retake_run, its results. */
struct retake;

/** A new, empty handle; NULL when memory is out. */
RETAKE_API struct retake *retake_new(void);

/** NULL: nothing is done. A handle is freed once. */
RETAKE_API void retake_free(struct retake *self);

/**
 * What went wrong in the last call on this handle, one line; "" after success. Valid until the next
 * call on the handle. NULL: a fixed text that says that there is no handle.
 */
RETAKE_API const char *retake_message(const struct retake *self);

/** Load a scenario file (YAML). Replaces what the handle held, but for rules; a load that fails
 * leaves nothing loaded. @param path  NULL is 2 */
RETAKE_API int retake_load(struct retake *self, const char *path);

/** Change one parameter: "policy.wait_days=30". The name of a file is relative to the scenario
 * file, whereas --set of the program means it from the working directory. @param assignment  NULL
 * is 2 */
RETAKE_API int retake_set(struct retake *self, const char *assignment);

struct rule_set; /* retake/rule.h */

/**
 * Rules from outside the tree, for scenarios to name; they stay across retake_load. The set
 * replaces the one before; it must live as long as the handle. NULL: none.
 * @return 65 when the set is refused, e.g. for a name that retake has; then the handle has none
 */
RETAKE_API int retake_add_rules(struct retake *self, const struct rule_set *rules);

/** All that retake_run checks before it begins, without running. */
RETAKE_API int retake_check(struct retake *self);

/** Called now and then during a run; return non-zero to end it early. */
typedef int retake_progress(uint64_t n_done, uint64_t n_total, void *context);

/** Simulate. @param n_threads 0 = as many as the machine gives; less is 2
 * @param progress, context  may be NULL */
RETAKE_API int retake_run(struct retake *self, int n_threads, retake_progress *progress,
                          void *context);

/**
 * The values of a statistic of the last run, row-major over its dimensions
 * (docs/results-format.md).
 * @param values   [n_values] receives up to n_values numbers; may be NULL to ask for the length
 * @return the number of values of the statistic, 0 when there is none of this name; so also for
 * NULL as handle or name, and before a run
 */
RETAKE_API size_t retake_values(const struct retake *self, const char *name, double *values,
                                size_t n_values);

/**
 * One number of the last run: "cumulative_pass_rate[attempt=3]", or a ratio of two counts
 * (docs/c-api.md).
 * @param value, mcse  receive it and its Monte Carlo standard error, NaN where there is none; may
 * be NULL; left alone on failure
 * @return 2 when no run has been made, or for a NULL address; 65 for a wrong address, with the
 * nearest name in the message
 */
RETAKE_API int retake_number(struct retake *self, const char *address, double *value, double *mcse);

/** Write the results of the last run to an HDF5 file; an existing file is replaced atomically.
 * @param path  NULL is 2 */
RETAKE_API int retake_write(struct retake *self, const char *path);

#ifdef __cplusplus
}
#endif

#endif
