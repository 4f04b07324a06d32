/* Locks between processes. The file is removed by who holds it; so whoever opens it must look,
 * once it has the lock, whether the file under the name is still the same. A process that was
 * killed may have had one at work for it (base/apart), which has the lock too and ends a moment
 * later; so a lock that is held is tried for half a second.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/file.h>

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static bool is_still_there(const char *path, int descriptor)
{
    struct stat named, open;
    return lstat(path, &named) == 0 && fstat(descriptor, &open) == 0 &&
           named.st_ino == open.st_ino && named.st_dev == open.st_dev;
}

/* Nothing that somebody planted in its place is followed or waited for; -1 on failure. */
static int lock_open(const char *path, struct err *err)
{
    struct stat status;
    int descriptor =
        open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0666);
    if (descriptor < 0)
        err_set(err, ERR_IO, "%s: cannot write: %s", path,
                errno == ELOOP ? "it is a link" : strerror(errno));
    else if (fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode))
        err_set(err, ERR_IO, "%s: cannot write: it is not a regular file", path);
    if (descriptor >= 0 && err->code) {
        close(descriptor);
        descriptor = -1;
    }
    return descriptor;
}

enum { MOST_TRIES = 25 };

static bool wait_a_moment(int *n_tries)
{
    nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
    return ++*n_tries < MOST_TRIES;
}

enum err_code file_lock(const char *path, struct file_lock *out, struct err *err)
{
    int n_tries = 0;
    *out = (struct file_lock){.path = strdup(path), .descriptor = -1};
    if (!out->path)
        return err_set(err, ERR_MEMORY, "no memory for a file name");
    while (true) {
        int descriptor = lock_open(path, err);
        if (descriptor < 0)
            break;
        bool locked = flock(descriptor, LOCK_EX | LOCK_NB) == 0;
        if (!locked && errno == EWOULDBLOCK) {
            close(descriptor);
            if (wait_a_moment(&n_tries))
                continue;
            err_set(err, ERR_IO, "%s: another process is at work on this output", path);
            break;
        }
        if (!locked || is_still_there(path, descriptor)) {
            out->descriptor = descriptor;
            return ERR_OK;
        }
        close(descriptor);
    }
    free(out->path);
    *out = (struct file_lock){.descriptor = -1};
    return err->code;
}

enum err_code file_lock_output(const char *path, struct file_lock *out, struct err *err)
{
    char *name = file_beside(path, FILE_LOCK_SUFFIX);
    *out = (struct file_lock){.descriptor = -1};
    if (name)
        file_lock(name, out, err);
    else
        err_set(err, errno == ENOMEM ? ERR_MEMORY : ERR_IO, "%s: cannot write: %s", path,
                strerror(errno));
    free(name);
    return err->code;
}

void file_unlock(struct file_lock *self)
{
    if (!self->path)
        return;
    unlink(self->path);
    close(self->descriptor);
    free(self->path);
    *self = (struct file_lock){.descriptor = -1};
}
