/* What a command makes as text: to a file, or to standard output. Here and not in a room below,
 * since a library does not print.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_CLI_DELIVER_H
#define RETAKE_CLI_DELIVER_H

#include <retake/base/err.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/** Whether a path means standard output: "-". A file of that name is "./-". */
bool cli_is_stdout(const char *path);

/** As file_write, or to standard output where that is meant. */
enum err_code cli_deliver(const char *path, const void *bytes, size_t n_bytes, struct err *err);

/** A text that is written to a stream before it is delivered whole. */
struct cli_text {
    FILE *stream; /* NULL when memory is out */
    char *bytes;
    size_t n_bytes;
};

/** @return ERR_OK; ERR_MEMORY. After both cli_text_deliver is called. */
enum err_code cli_text_open(struct cli_text *self, struct err *err);

/** Close the stream, deliver the text unless err is set, and free it. */
enum err_code cli_text_deliver(struct cli_text *self, const char *path, struct err *err);

#endif
