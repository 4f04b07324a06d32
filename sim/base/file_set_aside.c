/* A file out of the way of another, without losing it.
 * SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* renameat2 */
#include <retake/base/file.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { MOST_KEPT = 100 };

/* Where the file system cannot refuse to replace, the name is looked at before. */
static bool move(const char *from, const char *to)
{
    struct stat status;
    if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
        return true;
    if (errno != EINVAL && errno != ENOSYS)
        return false;
    if (lstat(to, &status) == 0) {
        errno = EEXIST;
        return false;
    }
    return rename(from, to) == 0;
}

enum err_code file_set_aside(const char *path, const char *suffix, char **kept, struct err *err)
{
    char *target = file_target(path), numbered[64];
    bool is_moved = false;
    *kept = NULL;
    for (int k = 1; target && !is_moved && k <= MOST_KEPT; k++) {
        free(*kept);
        snprintf(numbered, sizeof numbered, k > 1 ? "%.40s-%d" : "%.40s", suffix, k);
        *kept = file_beside(target, numbered);
        is_moved = *kept && move(target, *kept);
        if (!*kept || (!is_moved && errno != EEXIST))
            break;
    }
    if (!is_moved) {
        err_set(err, errno == ENOMEM ? ERR_MEMORY : ERR_IO, "%s: cannot be set aside: %s", path,
                strerror(errno));
        free(*kept);
        *kept = NULL;
    }
    free(target);
    return err->code;
}
