/* Pieces of files. A call may do a part of the work, or be interrupted.
 * SPDX-License-Identifier: Apache-2.0 */
#include "file_bytes.h"

#include <errno.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

enum err_code store_bytes_read(const char *name, int descriptor, uint64_t at, void *bytes,
                               size_t n_bytes, struct err *err)
{
    unsigned char *to = bytes;
    while (n_bytes > 0) {
        ssize_t n = pread(descriptor, to, n_bytes, (off_t)at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_set(err, ERR_IO, "%s: cannot read: %s", name, strerror(errno));
        if (n == 0)
            return err_set(err, ERR_INPUT, "%s: damaged: it ends early", name);
        to += n;
        at += (uint64_t)n;
        n_bytes -= (size_t)n;
    }
    return ERR_OK;
}

int store_bytes_write(int descriptor, uint64_t at, const void *bytes, size_t n_bytes)
{
    const unsigned char *from = bytes;
    while (n_bytes > 0) {
        ssize_t n = pwrite(descriptor, from, n_bytes, (off_t)at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n < 0 ? errno : ENOSPC;
        from += n;
        at += (uint64_t)n;
        n_bytes -= (size_t)n;
    }
    return 0;
}
