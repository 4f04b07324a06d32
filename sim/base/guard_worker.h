/* Between the guard's three processes: the program asks, the server forks, the worker decodes.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_BASE_GUARD_WORKER_H
#define RETAKE_BASE_GUARD_WORKER_H

#include <retake/base/guard.h>

/** What the program asks, of a file, or, without a reader, for another server with the socket that
 * comes along. A function has the same address in all three, which are forks of one. Two
 * descriptors come along: the file's and the output's. */
struct guard_request {
    struct guard_reader reader;
    size_t n_bytes; /* of the file */
    size_t memory_bytes;
    unsigned n_seconds;
    char name[sizeof((struct err *)0)->detail];
};

/** How it ended. */
enum guard_end {
    GUARD_DONE, /* code and detail say how */
    GUARD_CRASHED,
    GUARD_FORBIDDEN,
    GUARD_OVER_MEMORY,
    GUARD_NO_MEMORY, /* the system's */
    GUARD_OVER_TIME,
    GUARD_KILLED,     /* by the system */
    GUARD_NOT_STARTED /* code is the system's reason */
};

struct guard_reply {
    enum guard_end end;
    int code; /* an err_code, or what the worker claims to be one */
    char detail[sizeof((struct err *)0)->detail];
};

/** Memory that the server and a worker share. */
struct guard_board {
    bool is_granted;         /* the system would give all that the limit allows */
    bool is_second;          /* another worker failed before */
    volatile int is_reading; /* the limits hold */
    int code;                /* -1: none yet */
    char detail[sizeof((struct err *)0)->detail];
};

/** Exit statuses of a worker. Any other: a library ended it, as HDF5 does without memory. */
enum { GUARD_EXIT_DONE = 0, GUARD_EXIT_OVER_MEMORY = 3, GUARD_EXIT_NO_MEMORY = 4 };

/** Serve until the program is gone. */
_Noreturn void guard_server_run(int socket, int program);

_Noreturn void guard_worker_run(const struct guard_request *request, int descriptor, int output,
                                struct guard_board *board);

/** Load the file and let the reader decode it. @param limit  called between the two, or NULL */
enum err_code guard_worker_decode(const struct guard_request *request, int descriptor,
                                  void (*limit)(const struct guard_request *request),
                                  struct guard_output *output, struct err *err);

/** Allow what decoding needs, and no mapping above max_bytes: such a wish ends the process with
 * GUARD_EXIT_OVER_MEMORY, every other with SIGSYS. False where the system has no such filter. */
bool guard_seccomp_begin(size_t max_bytes);

/** Whether guard_seccomp_begin can succeed. */
bool guard_seccomp_is_there(void);

#endif
