/* A stream into memory that says when memory is out. glibc's open_memstream (2.36) does not: it
 * drops what it has no room for, and neither ferror nor fclose tells.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_BASE_STREAM_H
#define RETAKE_BASE_STREAM_H

#include <stddef.h>
#include <stdio.h>

/**
 * Open a stream that is only written to, from its beginning to its end.
 * @param bytes    after fflush and fclose: what was written, and a 0 behind it that is not counted;
 *                 the caller frees it after fclose. NULL when one of them failed
 * @param n_bytes  how many
 * @return NULL when memory is out; fclose is EOF when it was out later
 */
FILE *stream_to_memory(char **bytes, size_t *n_bytes);

#endif
