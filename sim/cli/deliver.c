/* What a command makes, to a file or to standard output.
 * SPDX-License-Identifier: Apache-2.0 */
#include "deliver.h"

#include <retake/base/file.h>
#include <retake/base/plain.h>
#include <retake/base/stream.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool cli_is_stdout(const char *path)
{
    return path && strcmp(path, "-") == 0;
}

/* To a terminal nothing goes that it would obey. */
enum err_code cli_deliver(const char *path, const void *bytes, size_t n_bytes, struct err *err)
{
    if (!cli_is_stdout(path))
        return file_write(path, bytes, n_bytes, err);
    if (isatty(STDOUT_FILENO))
        plain_write(bytes, n_bytes, stdout);
    else
        fwrite(bytes, 1, n_bytes, stdout);
    if (fflush(stdout) != 0 || ferror(stdout))
        err_set(err, ERR_IO, "standard output: cannot write: %s", strerror(errno));
    return err->code;
}

enum err_code cli_text_open(struct cli_text *self, struct err *err)
{
    *self = (struct cli_text){.bytes = NULL};
    self->stream = stream_to_memory(&self->bytes, &self->n_bytes);
    return self->stream ? ERR_OK : err_set(err, ERR_MEMORY, "no memory for the text");
}

enum err_code cli_text_deliver(struct cli_text *self, const char *path, struct err *err)
{
    bool is_lost = self->stream && ferror(self->stream) != 0;
    if (self->stream && (fclose(self->stream) != 0 || is_lost) && !err->code)
        err_set(err, ERR_MEMORY, "%s: no memory for its text", path);
    if (!err->code)
        cli_deliver(path, self->bytes, self->n_bytes, err);
    free(self->bytes);
    *self = (struct cli_text){.bytes = NULL};
    return err->code;
}
