/* Whole files: read into memory, write so that nobody ever sees half of one.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_BASE_FILE_H
#define RETAKE_BASE_FILE_H

#include <retake/base/arena.h>
#include <retake/base/err.h>

#include <stddef.h>

/** The bytes of a file, followed by a terminating 0 that is not counted. */
struct file_text {
    char *bytes;
    size_t n_bytes;
};

/**
 * Read a whole file into the arena.
 * @return ERR_OK; ERR_INPUT if it is missing or unreadable; ERR_MEMORY
 */
enum err_code file_read(const char *path, struct arena *arena, struct file_text *out,
                        struct err *err);

/** A file that appears under its final name only when file_commit succeeds. */
struct file_pending {
    const char *path; /* the final name; the caller keeps it alive */
    char *target;     /* what it is, or what it links to; owned */
    char *temporary;  /* beside the target, in the same folder; owned */
};

/**
 * Choose the temporary name beside path and check that the folder can be written. Folders, devices
 * and pipes are refused; a link stays, and what it points to is replaced.
 * @return ERR_OK; ERR_IO; ERR_MEMORY. After success call file_commit or file_discard.
 */
enum err_code file_begin(const char *path, struct file_pending *out, struct err *err);

/** fsync the temporary file, rename it to the final name, fsync the folder. Discards on failure. */
enum err_code file_commit(struct file_pending *self, struct err *err);

/** Remove the temporary file; the final name is untouched. Harmless when called twice. */
void file_discard(struct file_pending *self);

/** Write n_bytes under path by way of a temporary file. @return ERR_OK; ERR_IO; ERR_MEMORY */
enum err_code file_write(const char *path, const void *bytes, size_t n_bytes, struct err *err);

/** A lock that one process at a time has: a file of its own, held by flock, so that whatever way
 * the process ends it is free again. */
struct file_lock {
    char *path;
    int descriptor;
};

/**
 * Lock path. Where the file system knows no locks, it is not locked, and that is no error.
 * @return ERR_OK; ERR_IO: another process has it, or it cannot be written; ERR_MEMORY. After
 *         success call file_unlock.
 */
enum err_code file_lock(const char *path, struct file_lock *out, struct err *err);

/** Remove the lock's file and let go. A zeroed struct does no harm. */
void file_unlock(struct file_lock *self);

/** path itself when absolute, else joined to the folder of base_file. NULL when memory is out. */
char *file_relative_to(const char *base_file, const char *path, struct arena *arena);

#endif
