/* Errors: one list makes the enum, the texts and the exit statuses.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_BASE_ERR_H
#define RETAKE_BASE_ERR_H

#include <stdbool.h>

/* name, exit status (sysexits.h where it has one), text */
#define ERR_LIST(X)                                                                                \
    X(OK, 0, "ok")                                                                                 \
    X(MEMORY, 1, "out of memory")                                                                  \
    X(INTERNAL, 1, "internal error")                                                               \
    X(USAGE, 2, "usage error")                                                                     \
    X(INPUT, 65, "bad input")                                                                      \
    X(RANGE, 65, "value out of range")                                                             \
    X(DAMAGED, 65, "damaged")                                                                      \
    X(HOSTILE, 65, "cannot be read: damaged or hostile")                                           \
    X(IO, 74, "input or output failed")                                                            \
    X(STOPPED, 75, "stopped at a checkpoint; resumable")                                           \
    X(INTERRUPTED, 130, "interrupted")

enum err_code {
#define X(name, status, text) ERR_##name,
    ERR_LIST(X)
#undef X
        ERR_N_CODES
};

/** What went wrong. A zeroed struct is ERR_OK. The detail is one line without a full stop. */
struct err {
    enum err_code code;
    char detail[1024];
    void (*note)(const char *line); /* takes what is no error but worth a word; NULL: nobody does */
};

/**
 * Record an error and return its code, so that a caller can write `return err_set(err, ...)`.
 * The first error recorded in a struct stays; later ones are ignored until err_clear.
 */
enum err_code err_set(struct err *err, enum err_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/** The note stays. */
void err_clear(struct err *err);

/** Tell the caller one line about something that is no error, such as how a file was read. The same
 * line may come more than once. */
void err_note(const struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/** The fixed text of a code, e.g. "bad input". */
const char *err_text(enum err_code code);

/** The exit status of the program for a code: 0, 1, 2, 65, 74, 75 or 130. */
int err_exit_status(enum err_code code);

/** Whether the input is to blame (65), and not the machine, the system or this program. */
bool err_is_bad_input(enum err_code code);

#endif
