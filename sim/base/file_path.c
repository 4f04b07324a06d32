/* Paths: what a name leads to, and whether two names are one file.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/file.h>

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

size_t file_folder_length(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? (size_t)(slash - path) + 1 : 0;
}

char *file_folder(const char *path)
{
    size_t n = file_folder_length(path);
    return n ? strndup(path, n) : strdup(".");
}

/* What the link under path says, as seen from where path is seen; NULL with errno. */
static char *link_read(const char *path)
{
    char text[PATH_MAX];
    ssize_t n = readlink(path, text, sizeof text);
    if (n < 0)
        return NULL;
    if (n == sizeof text) {
        errno = ENAMETOOLONG;
        return NULL;
    }
    size_t folder = text[0] == '/' ? 0 : file_folder_length(path);
    char *out = malloc(folder + (size_t)n + 1);
    if (out) {
        memcpy(out, path, folder);
        memcpy(out + folder, text, (size_t)n);
        out[folder + (size_t)n] = '\0';
    }
    return out;
}

/* As many links as the system itself follows. */
char *file_target(const char *path)
{
    enum { MAX_LINKS = 40 };
    struct stat status;
    char *target = strdup(path);
    for (int k = 0; target && lstat(target, &status) == 0 && S_ISLNK(status.st_mode); k++) {
        char *next = k < MAX_LINKS ? link_read(target) : NULL;
        if (k == MAX_LINKS)
            errno = ELOOP;
        free(target);
        target = next;
    }
    return target;
}

char *file_beside(const char *path, const char *suffix)
{
    char *target = file_target(path);
    size_t n = target ? strlen(target) + strlen(suffix) + 1 : 0;
    char *name = target ? malloc(n) : NULL;
    if (name)
        snprintf(name, n, "%s%s", target, suffix);
    free(target);
    return name;
}

static bool is_same_inode(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* Of two names that are not there yet: whether they would be entries of one folder. */
static bool is_same_place(const char *a, const char *b)
{
    struct stat at_a, at_b;
    char *one = file_folder(a), *two = file_folder(b);
    bool is_same = strcmp(a + file_folder_length(a), b + file_folder_length(b)) == 0 && one &&
                   two && stat(one, &at_a) == 0 && stat(two, &at_b) == 0 &&
                   is_same_inode(&at_a, &at_b);
    free(one);
    free(two);
    return is_same;
}

bool file_is_same(const char *a, const char *b)
{
    struct stat at_a, at_b;
    bool has_a = stat(a, &at_a) == 0, has_b = stat(b, &at_b) == 0;
    if (has_a || has_b)
        return has_a && has_b && is_same_inode(&at_a, &at_b);
    char *one = file_target(a), *two = file_target(b);
    bool is_same = one && two && is_same_place(one, two);
    free(one);
    free(two);
    return is_same;
}

char *file_relative_to(const char *base_file, const char *path, struct arena *arena)
{
    size_t folder = path[0] == '/' ? 0 : file_folder_length(base_file), n = strlen(path);
    char *joined = arena_alloc(arena, folder + n + 1);
    if (!joined)
        return NULL;
    memcpy(joined, base_file, folder);
    memcpy(joined + folder, path, n);
    return joined;
}
