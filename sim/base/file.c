/* Outputs. Writing goes through a temporary name in the same folder, fsync and rename, so that
 * the final name holds either the old file or the new one.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/file.h>

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The length of the folder part of path, its last slash included; 0 where there is none. */
static size_t folder_length(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? (size_t)(slash - path) + 1 : 0;
}

/* Where the bytes go: path, or what it links to. Only a regular file may be replaced by another. */
static enum err_code resolve(const char *path, struct file_pending *out, struct err *err)
{
    struct stat status;
    if (path[folder_length(path)] == '\0')
        return err_set(err, ERR_IO, "%s: cannot write: it is a folder", path);
    bool exists = stat(path, &status) == 0;
    if (exists && !S_ISREG(status.st_mode))
        return err_set(err, ERR_IO, "%s: cannot write: it is %s", path,
                       S_ISDIR(status.st_mode) ? "a folder" : "not a regular file");
    out->target = exists ? realpath(path, NULL) : strdup(path);
    if (!out->target)
        return err_set(err, ERR_IO, "%s: cannot write: %s", path, strerror(errno));
    return ERR_OK;
}

enum err_code file_begin(const char *path, struct file_pending *out, struct err *err)
{
    *out = (struct file_pending){.path = path};
    if (resolve(path, out, err) != ERR_OK)
        return err->code;
    size_t folder = folder_length(out->target), n = strlen(out->target) + 32;
    out->temporary = malloc(n);
    if (!out->temporary) {
        file_discard(out);
        return err_set(err, ERR_MEMORY, "no memory for a file name");
    }
    snprintf(out->temporary, n, "%.*s.%s.%ld.tmp", (int)folder, out->target, out->target + folder,
             (long)getpid());
    int descriptor = open(out->temporary, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    if (descriptor < 0) {
        err_set(err, ERR_IO, "%s: cannot write: %s", path, strerror(errno));
        file_discard(out);
        return err->code;
    }
    close(descriptor);
    return ERR_OK;
}

static bool sync_path(const char *path, int flags)
{
    int descriptor = open(path, flags);
    if (descriptor < 0)
        return false;
    bool synced = fsync(descriptor) == 0;
    int reason = errno;
    close(descriptor);
    errno = reason;
    return synced;
}

/* Make the rename itself durable. Some network file systems cannot sync a folder: not an error. */
static void sync_folder(const char *path)
{
    char folder[4096];
    size_t n = folder_length(path);
    if (n >= sizeof folder)
        return;
    memcpy(folder, n ? path : ".", n ? n : 1);
    folder[n ? n : 1] = '\0';
    (void)sync_path(folder, O_RDONLY | O_DIRECTORY);
}

enum err_code file_commit(struct file_pending *self, struct err *err)
{
    if (!sync_path(self->temporary, O_RDWR) || rename(self->temporary, self->target) != 0) {
        err_set(err, ERR_IO, "%s: cannot write: %s", self->path, strerror(errno));
        file_discard(self);
        return err->code;
    }
    sync_folder(self->target);
    free(self->temporary);
    self->temporary = NULL; /* there is nothing left to remove */
    file_discard(self);
    return ERR_OK;
}

void file_discard(struct file_pending *self)
{
    if (self->temporary)
        unlink(self->temporary);
    free(self->temporary);
    free(self->target);
    self->temporary = self->target = NULL;
}

enum err_code file_write(const char *path, const void *bytes, size_t n_bytes, struct err *err)
{
    struct file_pending pending;
    if (file_begin(path, &pending, err) != ERR_OK)
        return err->code;
    FILE *stream = fopen(pending.temporary, "wb");
    bool written = stream && fwrite(bytes, 1, n_bytes, stream) == n_bytes;
    if (stream && fclose(stream) != 0)
        written = false;
    if (!written) {
        err_set(err, ERR_IO, "%s: cannot write: %s", path, strerror(errno));
        file_discard(&pending);
        return err->code;
    }
    return file_commit(&pending, err);
}

char *file_relative_to(const char *base_file, const char *path, struct arena *arena)
{
    size_t folder = path[0] == '/' ? 0 : folder_length(base_file), n = strlen(path);
    char *joined = arena_alloc(arena, folder + n + 1);
    if (!joined)
        return NULL;
    memcpy(joined, base_file, folder);
    memcpy(joined + folder, path, n);
    return joined;
}
