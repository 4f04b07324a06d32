/* Outputs. What is written has no name, or one that nobody can foresee, until it is whole and on
 * the disk; then it takes the place of the file that was there. So the final name holds either the
 * old file or the new one, and no name that somebody planted is ever followed.
 *
 * A name is ".TARGET.0123456789abcdef.tmp". Its file is locked while a process works on it; what
 * nobody holds was left by one that was killed, and the next one that writes the target removes it.
 * SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* O_TMPFILE, strchrnul */
#include <retake/base/file.h>

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

enum {
    RANDOM_DIGITS = 16,
    MAX_PREFIX = 200, /* of a target's name, so that the longest stays within what systems allow */
    MAX_TRIES = 100,
    PRIVATE = 0600, /* while it is written */
};

static const char temporary_suffix[] = ".tmp";

/* ---- names ---- */

static const char *base_name(const char *path)
{
    return path + file_folder_length(path);
}

/* NULL when memory is out, or nothing random is to be had. */
static char *temporary_name(const char *target)
{
    uint64_t random;
    size_t n = strlen(target) + RANDOM_DIGITS + 8;
    char *name = malloc(n);
    if (name && getrandom(&random, sizeof random, 0) == (ssize_t)sizeof random) {
        snprintf(name, n, "%.*s.%.*s.%016llx%s", (int)file_folder_length(target), target,
                 MAX_PREFIX, base_name(target), (unsigned long long)random, temporary_suffix);
        return name;
    }
    free(name);
    return NULL;
}

/* Whether a name is such a one of a target, or of a file whose name begins like the target's: the
 * checkpoint of an output is OUTPUT.checkpoint. */
static bool is_temporary_of(const char *name, const char *target)
{
    const char *base = base_name(target);
    size_t n = strlen(name), n_base = strnlen(base, MAX_PREFIX);
    size_t n_end = 1 + RANDOM_DIGITS + sizeof temporary_suffix - 1; /* with a dot */
    if (n < 1 + n_base + n_end || name[0] != '.' || strncmp(name + 1, base, n_base) != 0 ||
        name[1 + n_base] != '.' || name[n - n_end] != '.' ||
        strcmp(name + n - sizeof temporary_suffix + 1, temporary_suffix) != 0)
        return false;
    const char *digits = name + n - n_end + 1;
    return strspn(digits, "0123456789abcdef") == RANDOM_DIGITS;
}

/* Whether a name still is the file that is open. */
static bool is_name_of(int folder, const char *name, int descriptor)
{
    struct stat named, open;
    return fstatat(folder, name, &named, AT_SYMLINK_NOFOLLOW) == 0 &&
           fstat(descriptor, &open) == 0 && named.st_ino == open.st_ino &&
           named.st_dev == open.st_dev;
}

/* ---- what killed processes left ---- */

static void left_over_remove(int folder, const char *name)
{
    struct stat status;
    int descriptor = openat(folder, name, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (descriptor < 0)
        return;
    if (fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) &&
        flock(descriptor, LOCK_EX | LOCK_NB) == 0 && is_name_of(folder, name, descriptor))
        unlinkat(folder, name, 0);
    close(descriptor);
}

static void left_overs_remove(const char *target)
{
    char *path = file_folder(target);
    DIR *folder = path ? opendir(path) : NULL;
    free(path);
    if (!folder)
        return;
    for (struct dirent *entry; (entry = readdir(folder));)
        if (is_temporary_of(entry->d_name, target))
            left_over_remove(dirfd(folder), entry->d_name);
    closedir(folder);
}

/* ---- the temporary file ---- */

static void descriptor_name(int descriptor, char name[32])
{
    snprintf(name, 32, "/proc/self/fd/%d", descriptor);
}

/* A file without a name, where the file system knows such and it can be given one later; else -1.
 */
static int unnamed_open(const char *target, mode_t mode)
{
    char link[32], *folder = file_folder(target);
    int descriptor = folder ? open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, mode) : -1;
    free(folder);
    descriptor_name(descriptor, link);
    if (descriptor >= 0 && access(link, F_OK) != 0) {
        close(descriptor);
        descriptor = -1;
    }
    return descriptor;
}

/* A file of a new name that nobody has, and that this process holds; -1 with errno. Where a file
 * system knows no locks it is not held, and nobody can take it for a left-over either. */
static int named_open(const char *target, mode_t mode, char **name)
{
    for (int k = 0; k < MAX_TRIES; k++) {
        *name = temporary_name(target);
        if (!*name)
            return -1;
        int descriptor = open(*name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
        bool is_held =
            descriptor >= 0 && (flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK);
        if (is_held && is_name_of(AT_FDCWD, *name, descriptor))
            return descriptor;
        int reason = descriptor >= 0 ? EEXIST : errno; /* somebody swept it away at once */
        if (descriptor >= 0)
            close(descriptor);
        free(*name);
        *name = NULL;
        errno = reason;
        if (reason != EEXIST)
            break;
    }
    return -1;
}

static bool can_be_replaced(const char *target)
{
    struct stat status;
    return lstat(target, &status) != 0 || S_ISREG(status.st_mode) || S_ISLNK(status.st_mode);
}

/* Where the bytes go: path, or what it links to. Only a regular file may be replaced by another. */
static enum err_code target_find(const char *path, struct file_pending *out, struct err *err)
{
    struct stat status;
    out->target = out->output ? strdup(path) : file_target(path);
    if (!out->target)
        return err_set(err, errno == ENOMEM ? ERR_MEMORY : ERR_IO, "%s: cannot write: %s", path,
                       strerror(errno));
    bool is_folder = base_name(out->target)[0] == '\0' ||
                     (lstat(out->target, &status) == 0 && S_ISDIR(status.st_mode));
    if (is_folder || !can_be_replaced(out->target))
        return err_set(err, ERR_IO, "%s: cannot write: it is %s", path,
                       is_folder ? "a folder" : "not a regular file");
    return ERR_OK;
}

enum err_code file_begin(const char *path, struct file_pending *out, struct err *err)
{
    return file_begin_beside(path, NULL, out, err);
}

enum err_code file_begin_beside(const char *path, const char *output, struct file_pending *out,
                                struct err *err)
{
    *out = (struct file_pending){.path = path, .output = output, .descriptor = -1};
    if (target_find(path, out, err) == ERR_OK) {
        left_overs_remove(out->target);
        out->descriptor = unnamed_open(out->target, PRIVATE);
        if (out->descriptor < 0)
            out->descriptor = named_open(out->target, PRIVATE, &out->temporary);
        if (out->descriptor < 0)
            err_set(err, errno == ENOMEM ? ERR_MEMORY : ERR_IO, "%s: cannot write: %s", path,
                    strerror(errno));
    }
    if (err->code)
        file_discard(out);
    return err->code;
}

enum err_code file_put(struct file_pending *self, const void *bytes, size_t n_bytes,
                       struct err *err)
{
    const char *next = bytes;
    while (n_bytes > 0) {
        ssize_t n = write(self->descriptor, next, n_bytes);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_set(err, ERR_IO, "%s: cannot write: %s", self->path, strerror(errno));
        next += n;
        n_bytes -= (size_t)n;
    }
    return ERR_OK;
}

/* ---- who may read it ---- */

/* What the system gives a new file here; by way of a file that stays empty, so that what is written
 * is never open to more than its owner. */
static bool mode_of_new(const char *target, mode_t *mode)
{
    struct stat status;
    char *name = NULL;
    int descriptor = unnamed_open(target, 0666);
    if (descriptor < 0)
        descriptor = named_open(target, 0666, &name);
    bool known = descriptor >= 0 && fstat(descriptor, &status) == 0;
    if (known)
        *mode = status.st_mode & 0777;
    if (name)
        unlink(name);
    free(name);
    if (descriptor >= 0)
        close(descriptor);
    return known;
}

/* The owner where that is permitted, else the group, else neither: then the new group may do no
 * more than everybody. */
static mode_t owner_keep(int descriptor, const struct stat *before)
{
    struct stat now;
    mode_t mode = before->st_mode & 0777;
    if (fstat(descriptor, &now) == 0 && now.st_uid == before->st_uid &&
        now.st_gid == before->st_gid)
        return mode;
    if (fchown(descriptor, before->st_uid, before->st_gid) == 0 ||
        fchown(descriptor, (uid_t)-1, before->st_gid) == 0)
        return mode;
    return (mode & ~(mode_t)070) | ((mode & 07) << 3 & mode);
}

/* The access list of the file before, or none where it had none: the new file may have got one from
 * its folder. Where it cannot be kept, the bits of the group go too: beside a list they are its
 * mask, and alone would say too much. */
static mode_t access_list_keep(int descriptor, const char *path, mode_t mode)
{
    static const char name[] = "system.posix_acl_access";
    char list[4096];
    ssize_t n = getxattr(path, name, list, sizeof list);
    if (n < 0 && errno != ERANGE) {
        (void)fremovexattr(descriptor, name);
        return mode;
    }
    bool is_kept = n > 0 && fsetxattr(descriptor, name, list, (size_t)n, 0) == 0;
    return is_kept ? mode : mode & ~(mode_t)070;
}

/* A file that replaces another is for the same people; a new one beside an output for those of it.
 */
static bool permissions_set(const struct file_pending *self)
{
    struct stat before;
    mode_t mode;
    const char *like = self->target;
    bool is_there = lstat(like, &before) == 0 && S_ISREG(before.st_mode);
    if (!is_there && self->output) {
        like = self->output;
        is_there = stat(like, &before) == 0;
    }
    if (is_there) {
        mode = owner_keep(self->descriptor, &before);
        mode = access_list_keep(self->descriptor, like, mode);
    } else if (!mode_of_new(self->target, &mode)) {
        return false;
    }
    return fchmod(self->descriptor, mode) == 0;
}

/* ---- the end ---- */

/* Give a file without a name a temporary one, since a link cannot replace what is there. */
static bool pending_name(struct file_pending *self)
{
    char link[32];
    descriptor_name(self->descriptor, link);
    (void)flock(self->descriptor, LOCK_EX | LOCK_NB); /* where there are locks */
    for (int k = 0; k < MAX_TRIES && !self->temporary; k++) {
        char *name = temporary_name(self->target);
        if (name && linkat(AT_FDCWD, link, AT_FDCWD, name, AT_SYMLINK_FOLLOW) == 0) {
            self->temporary = name;
            return true;
        }
        bool is_taken = name && errno == EEXIST;
        free(name);
        if (!is_taken)
            return false;
    }
    return self->temporary;
}

/* Make the rename itself durable. Some network file systems cannot sync a folder: not an error. */
static void folder_sync(const char *target)
{
    char *path = file_folder(target);
    int descriptor = path ? open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    if (descriptor >= 0) {
        (void)fsync(descriptor);
        close(descriptor);
    }
    free(path);
}

enum err_code file_commit(struct file_pending *self, struct err *err)
{
    if (!permissions_set(self) || fsync(self->descriptor) != 0 || !pending_name(self) ||
        rename(self->temporary, self->target) != 0) {
        err_set(err, ERR_IO, "%s: cannot write: %s", self->path, strerror(errno));
        file_discard(self);
        return err->code;
    }
    folder_sync(self->target);
    free(self->temporary);
    self->temporary = NULL; /* there is nothing left to remove */
    file_discard(self);
    return ERR_OK;
}

void file_discard(struct file_pending *self)
{
    if (self->temporary)
        unlink(self->temporary);
    if (self->target && self->descriptor >= 0)
        close(self->descriptor);
    free(self->temporary);
    free(self->target);
    self->temporary = self->target = NULL;
    self->descriptor = -1;
}

enum err_code file_write(const char *path, const void *bytes, size_t n_bytes, struct err *err)
{
    return file_write_beside(path, NULL, bytes, n_bytes, err);
}

enum err_code file_write_beside(const char *path, const char *output, const void *bytes,
                                size_t n_bytes, struct err *err)
{
    struct file_pending pending;
    if (file_begin_beside(path, output, &pending, err) != ERR_OK)
        return err->code;
    if (file_put(&pending, bytes, n_bytes, err) == ERR_OK)
        return file_commit(&pending, err);
    file_discard(&pending);
    return err->code;
}
