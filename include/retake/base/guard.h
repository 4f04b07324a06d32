/* Files of strangers, decoded by a process that can do no harm. guard_start forks a small server
 * before there are threads; for each file the server forks a worker that has limits of memory and
 * time, may open nothing and start nothing, decodes the file into plain bytes, and ends. What the
 * worker does not survive, this process does.
 *
 * To add a reader: write a function that decodes guard_input into plain bytes (retake/base/pack.h)
 * in memory from guard_output_new, and one that reads these bytes and believes none of them; make a
 * const struct guard_reader of it in your room; call guard_read. Nothing else needs to know of it.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_BASE_GUARD_H
#define RETAKE_BASE_GUARD_H

#include <retake/base/err.h>

#include <stdbool.h>
#include <stddef.h>

/** What a reader gets. */
struct guard_input {
    const char *name;           /* of the file, for messages */
    const unsigned char *bytes; /* the whole file, aligned to 64 bytes */
    size_t n_bytes;
    bool is_alone; /* the process ends with the reader: what it does not free is no matter */
};

/** Where its bytes go. */
struct guard_output {
    int descriptor; /* -1: memory of this process */
    unsigned char *bytes;
    size_t n_bytes;
};

/** Zeroed memory for the plain bytes of a reader; once in a reader. NULL when memory is out. */
unsigned char *guard_output_new(struct guard_output *self, size_t n_bytes);

enum { GUARD_HEAD_BYTES = 64 };

struct guard_reader {
    /** Optional: refuse a file in this process, before it is read, by how it begins and by its
     * size.
     * @param n_head  GUARD_HEAD_BYTES, or fewer where the file is shorter
     * @return ERR_OK; ERR_INPUT */
    enum err_code (*look)(const char *name, const unsigned char *head, size_t n_head,
                          size_t n_bytes, struct err *err);
    /** Optional: what needs no bytes of the file and is slow, such as starting a library. Called
     * for every file, before the limits hold and in a process that reads many files. False: memory
     * is out, and the library is not to be used in this process any more. */
    bool (*prepare)(void);
    /** Decode. Its errors are those of guard_read. ERR_MEMORY: an allocation failed; the guard then
     * finds out whether the limit or the system refused it. Opening a file, starting a thread or a
     * process ends it. */
    enum err_code (*read)(const struct guard_input *input, struct guard_output *output,
                          struct err *err);
};

/** Bytes that nobody else can change; anything may stand in them. */
struct guard_bytes {
    const unsigned char *bytes;
    size_t n_bytes;
    bool is_mapped;
};

/**
 * Start the server, where the system has what it needs; first thing in main, before any thread. The
 * handle is state of this process, as HDF5's own lock is: one program, one guard. Not under
 * sanitizers. Without it guard_read decodes in this process.
 */
void guard_start(void);

/** End the server; harmless where none is. */
void guard_stop(void);

/** How files are read, for people: "by a process of its own, seccomp". */
const char *guard_text(void);

/**
 * Decode a file. Threads take turns.
 * @param out  guard_bytes_free it, even after failure
 * @return ERR_OK; what file_open_input returns; ERR_INPUT, ERR_DAMAGED, ERR_IO, ERR_MEMORY of the
 * reader; ERR_HOSTILE: it crashed the reader, or took more memory or time than its size allows;
 *         ERR_MEMORY: the system refused memory or a process; ERR_USAGE: RETAKE_READ_MEMORY
 */
enum err_code guard_read(const char *path, const struct guard_reader *reader,
                         struct guard_bytes *out, struct err *err);

void guard_bytes_free(struct guard_bytes *self);

/** A file that is being read while this process does something else. */
struct guard_job {
    const char *path;
    struct guard_request *request; /* NULL: err says why there is none */
    int descriptor, output;        /* of the file and for its bytes; -1: not open */
    size_t server;                 /* that was asked; GUARD_MAX_SERVERS: none */
    struct err err;
};

enum { GUARD_MAX_SERVERS = 8 };

/** Have up to n servers, at most GUARD_MAX_SERVERS: each reads one file at a time. Fewer, where the
 * system gives no more. Not while a read is under way. */
void guard_widen(size_t n);

/** guard_read in two halves. What goes wrong is told by the second. Waits for a server that is
 * free, and for memory: files that are read at the same time may take no more together than half of
 * the machine has, but one alone may take what its size allows. So a thread that has begun a file
 * begins others with guard_begin_ahead.
 * @param path, reader  live until then */
void guard_begin(const char *path, const struct guard_reader *reader, struct guard_job *out);

/** The same without waiting. @return false: not now; nothing is begun, and there is nothing to
 * finish */
bool guard_begin_ahead(const char *path, const struct guard_reader *reader, struct guard_job *out);
enum err_code guard_finish(struct guard_job *self, struct guard_bytes *out, struct err *err);

#endif
