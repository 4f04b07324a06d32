/* The program's side of the guard: it asks, takes the bytes back as memory that nobody can change
 * any more, and turns what befell the worker into one line.
 * SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* memfd_create, close_range */
#include <retake/base/guard.h>

#include "guard_worker.h"
#include "sanitized.h"

#include <retake/base/environment.h>
#include <retake/base/file.h>

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__linux__) && !IS_SANITIZED
#define GUARD_IS_THERE 1
#else
#define GUARD_IS_THERE 0
#endif

static struct {
    pthread_mutex_t lock; /* of the conversation */
    enum { GUARD_NONE, GUARD_RUNS, GUARD_FAILED } state;
    int socket;
    pid_t server;
} guard = {.lock = PTHREAD_MUTEX_INITIALIZER, .socket = -1};

/* ---- limits of a file ---- */

enum { MEBIBYTE = 1 << 20, LEAST_MEBIBYTES = 1024, TIMES_THE_FILE = 8, LEAST_SECONDS = 5 };

/* Seconds follow memory, which follows the size: 64 MiB a second, a tenth of what decoding does. */
static enum err_code limits_choose(size_t n_bytes, struct guard_request *out, struct err *err)
{
    enum { MEBIBYTES_PER_SECOND = 64 };
    const char *text = environment_text("RETAKE_READ_MEMORY");
    size_t own = n_bytes < SIZE_MAX / TIMES_THE_FILE ? n_bytes * TIMES_THE_FILE : SIZE_MAX / 2;
    if (text) {
        char *end;
        unsigned long long wanted = strtoull(text, &end, 10);
        if (*text < '0' || *text > '9' || *end || wanted < 1 || wanted > SIZE_MAX / 2 / MEBIBYTE)
            return err_set(err, ERR_USAGE, "RETAKE_READ_MEMORY is '%s': a number of MiB, from 1",
                           text);
        own = own > wanted * MEBIBYTE ? own : (size_t)wanted * MEBIBYTE;
    }
    size_t least = (size_t)LEAST_MEBIBYTES * MEBIBYTE;
    size_t n_seconds = LEAST_SECONDS + own / MEBIBYTE / MEBIBYTES_PER_SECOND;
    out->memory_bytes = own > least ? own : least;
    out->n_seconds = n_seconds < 1000000 ? (unsigned)n_seconds : 1000000;
    return ERR_OK;
}

/* ---- in this process ---- */

static enum err_code decode_here(const struct guard_request *request, int descriptor,
                                 struct guard_bytes *out, struct err *err)
{
    struct guard_output output = {.descriptor = -1};
    if (request->reader.prepare && !request->reader.prepare())
        return err_set(err, ERR_MEMORY, "%s: no memory to read it", request->name);
    guard_worker_decode(request, descriptor, NULL, &output, err);
    *out = (struct guard_bytes){output.bytes, output.n_bytes, false};
    return err->code;
}

#if GUARD_IS_THERE

/* ---- by the server ---- */

void guard_start(void)
{
    int sockets[2];
    guard.state = GUARD_FAILED;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets) != 0)
        return;
    pid_t program = getpid();
    guard.server = fork();
    if (guard.server == 0)
        guard_server_run(sockets[1], program);
    close(sockets[1]);
    guard.socket = sockets[0];
    guard.state = guard.server > 0 ? GUARD_RUNS : GUARD_FAILED;
}

void guard_stop(void)
{
    if (guard.socket >= 0)
        close(guard.socket);
    if (guard.server > 0)
        while (waitpid(guard.server, NULL, 0) < 0 && errno == EINTR)
            continue;
    guard.socket = -1;
    guard.server = 0;
    guard.state = GUARD_NONE;
}

static bool request_send(const struct guard_request *request, const int descriptors[2])
{
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(2 * sizeof(int))];
    } control = {.bytes = {0}};
    struct iovec piece = {(void *)request, sizeof *request};
    struct msghdr message = {.msg_iov = &piece,
                             .msg_iovlen = 1,
                             .msg_control = &control,
                             .msg_controllen = sizeof control};
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(2 * sizeof(int));
    memcpy(CMSG_DATA(header), descriptors, 2 * sizeof(int));
    ssize_t n;
    do
        n = sendmsg(guard.socket, &message, MSG_NOSIGNAL);
    while (n < 0 && errno == EINTR);
    return n == sizeof *request;
}

static bool reply_receive(struct guard_reply *reply)
{
    ssize_t n;
    do
        n = recv(guard.socket, reply, sizeof *reply, 0);
    while (n < 0 && errno == EINTR);
    return n == sizeof *reply;
}

static bool server_ask(const struct guard_request *request, const int descriptors[2],
                       struct guard_reply *reply)
{
    pthread_mutex_lock(&guard.lock);
    bool is_answered = request_send(request, descriptors) && reply_receive(reply);
    pthread_mutex_unlock(&guard.lock);
    return is_answered;
}

/* What a worker says of itself may be a lie: it is one of the errors that a reader can have. */
static enum err_code claim_take(const struct guard_request *request,
                                const struct guard_reply *reply, struct err *err)
{
    static const enum err_code claims[] = {ERR_INPUT, ERR_RANGE, ERR_IO, ERR_MEMORY};
    if (reply->code == ERR_OK)
        return ERR_OK;
    for (size_t i = 0; i < sizeof claims / sizeof *claims; i++)
        if (reply->code == (int)claims[i])
            return err_set(err, claims[i], "%.*s", (int)sizeof reply->detail - 1, reply->detail);
    return err_set(err, ERR_HOSTILE, "%s: cannot be read: damaged or hostile (%s)", request->name,
                   "its reader failed");
}

static enum err_code end_judge(const struct guard_request *request, const struct guard_reply *reply,
                               struct err *err)
{
    const char *hostile = "cannot be read: damaged or hostile";
    switch (reply->end) {
    case GUARD_DONE:
        return claim_take(request, reply, err);
    case GUARD_KILLED:
        return err_set(err, ERR_MEMORY, "%s: the system ended the process that read it",
                       request->name);
    case GUARD_NO_MEMORY:
        return err_set(err, ERR_MEMORY, "%s: no memory to read it", request->name);
    case GUARD_NOT_STARTED:
        return err_set(err, ERR_MEMORY, "%s: no process to read it: %s", request->name,
                       strerror(reply->code));
    case GUARD_OVER_MEMORY:
        return err_set(err, ERR_HOSTILE, "%s: %s (it takes more than %zu MiB)", request->name,
                       hostile, request->memory_bytes / MEBIBYTE);
    case GUARD_OVER_TIME:
        return err_set(err, ERR_HOSTILE, "%s: %s (it takes more than %u s)", request->name, hostile,
                       request->n_seconds);
    case GUARD_FORBIDDEN:
        return err_set(err, ERR_HOSTILE, "%s: %s (it makes the reader do what it may not)",
                       request->name, hostile);
    case GUARD_CRASHED:
        break;
    }
    return err_set(err, ERR_HOSTILE, "%s: %s (it crashes the reader)", request->name, hostile);
}

/* The worker is gone; the seals are refused if anybody else could still write. */
static enum err_code output_take(const struct guard_request *request, int output,
                                 struct guard_bytes *out, struct err *err)
{
    struct stat status;
    const int seals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL;
    if (fstat(output, &status) != 0)
        return err_set(err, ERR_IO, "%s: what was read of it cannot be taken: %s", request->name,
                       strerror(errno));
    if (fcntl(output, F_ADD_SEALS, seals) != 0 || status.st_size <= 0 ||
        (size_t)status.st_size > request->memory_bytes)
        return err_set(err, ERR_HOSTILE, "%s: cannot be read: damaged or hostile (%s)",
                       request->name, "its reader left nothing");
    size_t n = (size_t)status.st_size;
    void *memory = mmap(NULL, n, PROT_READ, MAP_PRIVATE, output, 0);
    if (memory == MAP_FAILED)
        return err_set(err, ERR_MEMORY, "%s: no memory for %zu bytes", request->name, n);
    *out = (struct guard_bytes){memory, n, true};
    return ERR_OK;
}

static enum err_code decode_there(const struct guard_request *request, int descriptor,
                                  struct guard_bytes *out, struct err *err)
{
    struct guard_reply reply;
    int output = memfd_create("retake-reader", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (output < 0)
        return err_set(err, errno == ENOMEM ? ERR_MEMORY : ERR_IO, "%s: cannot read: %s",
                       request->name, strerror(errno));
    if (!server_ask(request, (int[]){descriptor, output}, &reply))
        err_set(err, ERR_MEMORY, "%s: the process that reads files is gone", request->name);
    else if (end_judge(request, &reply, err) == ERR_OK)
        output_take(request, output, out, err);
    close(output);
    return err->code;
}

const char *guard_text(void)
{
    return guard.state == GUARD_FAILED ? "by a process of its own, which could not be started"
           : guard.state != GUARD_RUNS ? "in this process, by no guard"
           : guard_seccomp_is_there()  ? "by a process of its own, with seccomp"
                                       : "by a process of its own, without seccomp";
}

#else

void guard_start(void)
{
}

void guard_stop(void)
{
}

static enum err_code decode_there(const struct guard_request *request, int descriptor,
                                  struct guard_bytes *out, struct err *err)
{
    return decode_here(request, descriptor, out, err);
}

const char *guard_text(void)
{
    return "in this process, by no guard";
}

#endif

/* ---- both ---- */

static enum err_code file_decode(const char *path, int descriptor, size_t n_bytes,
                                 const struct guard_reader *reader, struct guard_bytes *out,
                                 struct err *err)
{
    struct guard_request asked = {.reader = *reader, .n_bytes = n_bytes};
    if (limits_choose(n_bytes, &asked, err) != ERR_OK)
        return err->code;
    snprintf(asked.name, sizeof asked.name, "%s", path);
    if (guard.state == GUARD_FAILED)
        return err_set(err, ERR_MEMORY, "%s: no process to read it could be started", path);
    return guard.state == GUARD_RUNS ? decode_there(&asked, descriptor, out, err)
                                     : decode_here(&asked, descriptor, out, err);
}

static enum err_code head_look(const char *path, int descriptor, size_t n_bytes,
                               const struct guard_reader *reader, struct err *err)
{
    unsigned char head[GUARD_HEAD_BYTES];
    ssize_t n;
    if (!reader->look)
        return ERR_OK;
    do
        n = pread(descriptor, head, sizeof head, 0);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return err_set(err, errno == ENOMEM ? ERR_MEMORY : ERR_IO, "%s: cannot read: %s", path,
                       strerror(errno));
    return reader->look(path, head, (size_t)n, n_bytes, err);
}

enum err_code guard_read(const char *path, const struct guard_reader *reader,
                         struct guard_bytes *out, struct err *err)
{
    int descriptor;
    size_t n_bytes;
    *out = (struct guard_bytes){.bytes = NULL};
    if (file_open_input(path, &descriptor, &n_bytes, err) != ERR_OK)
        return err->code;
    if (head_look(path, descriptor, n_bytes, reader, err) == ERR_OK)
        file_decode(path, descriptor, n_bytes, reader, out, err);
    close(descriptor);
    return err->code;
}

void guard_bytes_free(struct guard_bytes *self)
{
    if (self->is_mapped)
        munmap((void *)self->bytes, self->n_bytes);
    else
        free((void *)self->bytes);
    *self = (struct guard_bytes){.bytes = NULL};
}
