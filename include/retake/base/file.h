/* Whole files: read into memory, write so that nobody ever sees half of one.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_BASE_FILE_H
#define RETAKE_BASE_FILE_H

#include <retake/base/arena.h>
#include <retake/base/err.h>

#include <stdbool.h>
#include <stddef.h>

/** The bytes of a file, followed by a terminating 0 that is not counted. */
struct file_text {
    char *bytes;
    size_t n_bytes;
};

/** For file_read, of what grows with the work and has no limit of its own: as memory allows. */
#define FILE_MEMORY_BYTES ((size_t)-1)

/**
 * Open an input: a regular file, or a link to one. A folder, a pipe, a socket and a device are
 * refused at once; nothing is waited for.
 * @param descriptor  at the beginning of the file, for reading; the caller closes it. -1 on failure
 * @param n_bytes     the size that it has now
 * @return ERR_OK; ERR_INPUT: missing, not allowed, or no regular file; ERR_MEMORY; ERR_IO: the
 *         system fails, too many open files among others
 */
enum err_code file_open_input(const char *path, int *descriptor, size_t *n_bytes, struct err *err);

/**
 * Read a whole file into the arena.
 * @param max_bytes  a larger file is refused before it is read: the limit of its kind
 *                   (YAML_MAX_BYTES, CSV_MAX_BYTES), or FILE_MEMORY_BYTES
 * @return what file_open_input returns; ERR_INPUT: too large; ERR_MEMORY: the machine has no such
 *         memory; ERR_IO: it cannot be read, or its size changed meanwhile
 */
enum err_code file_read(const char *path, size_t max_bytes, struct arena *arena,
                        struct file_text *out, struct err *err);

/** The same of a file that file_open_input opened. */
enum err_code file_read_open(const char *path, int descriptor, size_t n_bytes, struct arena *arena,
                             struct file_text *out, struct err *err);

/**
 * Whether anything stands under a path; a link that leads nowhere does not.
 * @return ERR_OK; ERR_MEMORY; ERR_IO: the system does not say
 */
enum err_code file_look(const char *path, bool *is_there, struct err *err);

/** A file that appears under its final name only when file_commit succeeds. Until then nobody else
 * can open it, or foresee its name. */
struct file_pending {
    const char *path, *output; /* as they were given */
    char *target;              /* what path is, or what it leads to; owned */
    char *temporary;           /* beside the target; NULL: it has no name yet; owned */
    int descriptor;            /* for reading and writing; owned */
};

/**
 * Begin a file that is to take the place of path, and remove what killed processes left beside it.
 * Folders, devices and pipes are refused; a link stays, and what it points to is replaced or made.
 * @return ERR_OK; ERR_IO; ERR_MEMORY. After success call file_commit or file_discard.
 */
enum err_code file_begin(const char *path, struct file_pending *out, struct err *err);

/** A name of no file, for file_begin_beside. */
#define FILE_NO_OUTPUT ""

/**
 * The same for what belongs to an output, e.g. its checkpoint: a new one is for the same people as
 * the output where that is there, and a link in its place is replaced itself.
 * @param output  NULL: as file_begin; FILE_NO_OUTPUT: there is none, but a link in its place is
 *                replaced all the same: nobody chose the name; the caller keeps it alive
 */
enum err_code file_begin_beside(const char *path, const char *output, struct file_pending *out,
                                struct err *err);

/** Append. @return ERR_OK; ERR_IO */
enum err_code file_put(struct file_pending *self, const void *bytes, size_t n_bytes,
                       struct err *err);

/**
 * Owner, group and permissions of the file that is replaced (what a new one has, else), fsync,
 * rename, fsync of the folder. Discards on failure.
 */
enum err_code file_commit(struct file_pending *self, struct err *err);

/** Remove the temporary file; the final name is untouched. Harmless when called twice. */
void file_discard(struct file_pending *self);

/** Write n_bytes under path by way of a temporary file. @return ERR_OK; ERR_IO; ERR_MEMORY */
enum err_code file_write(const char *path, const void *bytes, size_t n_bytes, struct err *err);

/** The same by way of file_begin_beside. */
enum err_code file_write_beside(const char *path, const char *output, const void *bytes,
                                size_t n_bytes, struct err *err);

/**
 * Move what path leads to out of the way, to a name that nothing has: it and the suffix, or
 * SUFFIX-2 ...
 * @param kept  that name, malloc'ed; NULL on failure
 * @return ERR_OK; ERR_IO; ERR_MEMORY
 */
enum err_code file_set_aside(const char *path, const char *suffix, char **kept, struct err *err);

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

/** Behind the name of an output. */
#define FILE_LOCK_SUFFIX ".lock"

/** Lock what path leads to, so that one file has one lock whatever it is called. */
enum err_code file_lock_output(const char *path, struct file_lock *out, struct err *err);

/** Remove the lock's file and let go. A zeroed struct does no harm. */
void file_unlock(struct file_lock *self);

/** The length of the folder part of path, its last slash included; 0 where there is none. */
size_t file_folder_length(const char *path);

/** The folder of path, "." where path names none; malloc'ed. NULL when memory is out. */
char *file_folder(const char *path);

/** What path leads to: itself, or the end of a chain of links, whether something is there or not;
 * malloc'ed. NULL with errno: links in a circle, memory. */
char *file_target(const char *path);

/** The name of a file beside what path leads to: that and a suffix; malloc'ed. NULL with errno. */
char *file_beside(const char *path, const char *suffix);

/** Whether two names are one file, or would be. */
bool file_is_same(const char *a, const char *b);

/** path itself when absolute, else joined to the folder of base_file. NULL when memory is out. */
char *file_relative_to(const char *base_file, const char *path, struct arena *arena);

#endif
