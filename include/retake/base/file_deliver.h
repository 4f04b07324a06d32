/* What a command makes as text: a file, or standard output.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_BASE_FILE_DELIVER_H
#define RETAKE_BASE_FILE_DELIVER_H

#include <retake/base/err.h>

#include <stdbool.h>
#include <stddef.h>

/** Whether a path means standard output: "-". A file of that name is "./-". */
bool file_is_stdout(const char *path);

/** As file_write, or to standard output where that is meant. */
enum err_code file_deliver(const char *path, const void *bytes, size_t n_bytes, struct err *err);

#endif
