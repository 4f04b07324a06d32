/* Relative paths from one folder to another: both folders are resolved, what they share is dropped,
 * and ".." leads out of the rest.
 * SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* realpath, strchrnul */
#include "relocate.h"

#include <retake/base/file.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The real folder of a path, with a final '/'; the caller frees it. NULL when there is none. */
static char *real_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
    char *real = folder ? realpath(folder, NULL) : NULL;
    free(folder);
    if (!real)
        return NULL;
    size_t n = strlen(real);
    bool is_root = n == 1;
    char *closed = realloc(real, n + 2);
    if (closed && !is_root)
        memcpy(closed + n, "/", 2);
    if (!closed)
        free(real);
    return closed;
}

/* From folder a to folder b: "../" for what a has more, then what b has more. */
static char *lead(const char *a, const char *b, const char *name, struct arena *arena)
{
    size_t shared = 0, n_up = 0;
    for (size_t i = 0; a[i] && a[i] == b[i]; i++)
        if (a[i] == '/')
            shared = i + 1;
    for (const char *p = a + shared; *p; p++)
        n_up += *p == '/';
    size_t n = 3 * n_up + strlen(b + shared) + strlen(name) + 1;
    char *out = arena_alloc(arena, n);
    for (size_t i = 0; out && i < n_up; i++)
        strcat(out, "../");
    if (out) {
        strcat(out, b + shared);
        strcat(out, name);
    }
    return out;
}

const char *config_relocate(const char *old_path, const char *new_path, const char *file,
                            struct arena *arena)
{
    if (file[0] == '/' || !*file)
        return file;
    const char *full = file_relative_to(old_path, file, arena);
    if (!full)
        return NULL;
    const char *slash = strrchr(full, '/');
    char *from = real_folder(new_path), *to = real_folder(full), *old = real_folder(old_path);
    const char *out = file;
    if (from && to && old && strcmp(from, old) != 0)
        out = lead(from, to, slash ? slash + 1 : full, arena);
    free(from);
    free(to);
    free(old);
    return out;
}

const char *config_relocate_from_here(const char *new_path, const char *file, struct arena *arena)
{
    if (file[0] == '/' || !*file)
        return file;
    char *folder = real_folder(file), *here = folder ? NULL : real_folder("");
    const char *out = NULL;
    if (folder)
        out = config_relocate("", new_path, file, arena);
    else if (here)
        out = file_relative_to(here, file, arena);
    free(folder);
    free(here);
    return out;
}
