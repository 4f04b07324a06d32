/* Work in a process of its own, from which bytes come back: what a library that is not ours does
 * when memory is out stays there.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_BASE_APART_H
#define RETAKE_BASE_APART_H

#include <retake/base/err.h>

#include <stddef.h>

/** What work gives back, malloc'ed. */
struct apart_bytes {
    unsigned char *bytes;
    size_t n_bytes;
};

/** Work: it sees the memory of the caller, may write files, and prints nothing. */
typedef enum err_code apart_work(void *context, struct apart_bytes *out, struct err *err);

/**
 * From now on apart_do forks. For a program at its start, never for a library: what other threads
 * hold locked at a fork stays locked in the new process. Does nothing in builds with a sanitizer.
 */
void apart_begin(void);

/**
 * Do work: after apart_begin in a new process, else, or where none is to be had, in this one.
 * @param what  for messages: what is being done and to which file
 * @param out   the caller frees out->bytes
 * @return what work returned; ERR_MEMORY; ERR_INTERNAL: the process crashed
 */
enum err_code apart_do(const char *what, apart_work *work, void *context, struct apart_bytes *out,
                       struct err *err);

#endif
