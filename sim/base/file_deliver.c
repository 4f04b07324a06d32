/* What a command makes, to a file or to standard output.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/file.h>
#include <retake/base/file_deliver.h>
#include <retake/base/plain.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool file_is_stdout(const char *path)
{
    return path && strcmp(path, "-") == 0;
}

/* To a terminal nothing goes that it would obey. */
enum err_code file_deliver(const char *path, const void *bytes, size_t n_bytes, struct err *err)
{
    if (!file_is_stdout(path))
        return file_write(path, bytes, n_bytes, err);
    if (isatty(STDOUT_FILENO))
        plain_write(bytes, n_bytes, stdout);
    else
        fwrite(bytes, 1, n_bytes, stdout);
    if (fflush(stdout) != 0 || ferror(stdout))
        err_set(err, ERR_IO, "standard output: cannot write: %s", strerror(errno));
    return err->code;
}
