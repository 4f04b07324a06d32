/* The program's side of the guard: it asks, takes the bytes back as memory that nobody can change
 * any more, and turns what befell the worker into one line.
 * SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* memfd_create, close_range */
#include <retake/base/guard.h>

#include "guard_worker.h"
#include "sanitized.h"

#include <retake/base/environment.h>
#include <retake/base/file.h>
#include <retake/base/wording.h>

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

/* Servers: the first is a child of this process, the others are of the first. */
static struct {
    pthread_mutex_t lock;
    pthread_cond_t freed;
    enum { GUARD_NONE, GUARD_RUNS, GUARD_FAILED } state;
    size_t n_servers;
    int sockets[GUARD_MAX_SERVERS];
    bool is_busy[GUARD_MAX_SERVERS];
    size_t granted_bytes; /* what the workers that are at work may take together */
    pid_t first;
} guard = {.lock = PTHREAD_MUTEX_INITIALIZER, .freed = PTHREAD_COND_INITIALIZER};

/* ---- limits of a file ---- */

enum {
    MEBIBYTE = 1 << 20,
    LEAST_MEBIBYTES = 1024,
    TIMES_THE_FILE = 8,
    TIMES_DEFLATED = 128, /* a sweep of many policies that differ little is 40 times its file */
    LEAST_SECONDS = 5
};

static size_t times(size_t n_bytes, size_t factor)
{
    return n_bytes < SIZE_MAX / 2 / factor ? n_bytes * factor : SIZE_MAX / 2;
}

static size_t half_of_machine(void)
{
    long n_pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
    return n_pages > 0 && page > 0 ? (size_t)n_pages / 2 * (size_t)page : 0;
}

/* A share of the machine, where that is more than 8 times the file. */
static size_t memory_for(size_t n_bytes)
{
    size_t half = half_of_machine();
    size_t least = times(n_bytes, TIMES_THE_FILE), most = times(n_bytes, TIMES_DEFLATED);
    most = most < half ? most : half;
    return most > least ? most : least;
}

/* Seconds follow memory, which follows the size: 64 MiB a second, a tenth of what decoding does. */
static enum err_code limits_choose(size_t n_bytes, struct guard_request *out, struct err *err)
{
    enum { MEBIBYTES_PER_SECOND = 64 };
    const char *text = environment_text("RETAKE_READ_MEMORY");
    size_t own = memory_for(n_bytes);
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
    guard.first = fork();
    if (guard.first == 0)
        guard_server_run(sockets[1], program);
    close(sockets[1]);
    guard.sockets[0] = sockets[0];
    guard.n_servers = 1;
    guard.state = guard.first > 0 ? GUARD_RUNS : GUARD_FAILED;
}

void guard_stop(void)
{
    for (size_t k = 0; k < guard.n_servers; k++)
        close(guard.sockets[k]);
    if (guard.first > 0)
        while (waitpid(guard.first, NULL, 0) < 0 && errno == EINTR)
            continue;
    guard.n_servers = 0;
    guard.first = 0;
    guard.state = GUARD_NONE;
}

static bool request_send(int socket, const struct guard_request *request, const int descriptors[2])
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
        n = sendmsg(socket, &message, MSG_NOSIGNAL);
    while (n < 0 && errno == EINTR);
    return n == sizeof *request;
}

static bool reply_receive(int socket, struct guard_reply *reply)
{
    ssize_t n;
    do
        n = recv(socket, reply, sizeof *reply, 0);
    while (n < 0 && errno == EINTR);
    return n == sizeof *reply;
}

void guard_widen(size_t n)
{
    struct guard_request request = {.n_bytes = 0}; /* without a reader: another server, please */
    struct guard_reply reply;
    n = n < GUARD_MAX_SERVERS ? n : GUARD_MAX_SERVERS;
    pthread_mutex_lock(&guard.lock);
    for (bool grows = guard.state == GUARD_RUNS && !guard.is_busy[0];
         grows && guard.n_servers < n;) {
        int sockets[2];
        if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets) != 0)
            break;
        grows = request_send(guard.sockets[0], &request, (int[]){sockets[1], sockets[1]}) &&
                reply_receive(guard.sockets[0], &reply) && reply.end == GUARD_DONE;
        close(sockets[1]);
        if (grows)
            guard.sockets[guard.n_servers++] = sockets[0];
        else
            close(sockets[0]);
    }
    pthread_mutex_unlock(&guard.lock);
}

/* Of several files at once each may be hostile: what they may take together is what one may. */
static bool memory_is_free(size_t n_bytes)
{
    size_t half = half_of_machine();
    return guard.granted_bytes == 0 || (n_bytes <= half && guard.granted_bytes <= half - n_bytes);
}

/* A server that is free, or GUARD_MAX_SERVERS. */
static size_t server_take(size_t n_bytes, bool waits)
{
    size_t k = 0;
    pthread_mutex_lock(&guard.lock);
    for (;; k = 0) {
        while (k < guard.n_servers && guard.is_busy[k])
            k++;
        if (k < guard.n_servers && !memory_is_free(n_bytes))
            k = guard.n_servers;
        if (k < guard.n_servers || !waits)
            break;
        pthread_cond_wait(&guard.freed, &guard.lock);
    }
    bool is_free = k < guard.n_servers;
    if (is_free) {
        guard.is_busy[k] = true;
        guard.granted_bytes += n_bytes;
    }
    pthread_mutex_unlock(&guard.lock);
    return is_free ? k : GUARD_MAX_SERVERS;
}

static void server_release(size_t k, size_t n_bytes)
{
    pthread_mutex_lock(&guard.lock);
    guard.is_busy[k] = false;
    guard.granted_bytes -= n_bytes;
    pthread_cond_broadcast(&guard.freed); /* one may want less than another */
    pthread_mutex_unlock(&guard.lock);
}

/* What a worker says of itself may be a lie: it is one of the errors that a reader can have. */
static enum err_code claim_take(const struct guard_request *request,
                                const struct guard_reply *reply, struct err *err)
{
    static const enum err_code claims[] = {ERR_INPUT, ERR_RANGE, ERR_DAMAGED, ERR_IO, ERR_MEMORY};
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
        return err_set(err, ERR_MEMORY, "%s: no memory for %s", request->name,
                       wording_count(n, "byte").text);
    *out = (struct guard_bytes){memory, n, true};
    return ERR_OK;
}

/* False: no server is free, and it does not wait for one. */
static bool there_begin(struct guard_job *self, bool waits)
{
    self->server = server_take(self->request->memory_bytes, waits);
    if (self->server == GUARD_MAX_SERVERS)
        return false;
    self->output = memfd_create("retake-reader", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (self->output < 0)
        err_set(&self->err, errno == ENOMEM ? ERR_MEMORY : ERR_IO, "%s: cannot read: %s",
                self->path, strerror(errno));
    else if (!request_send(guard.sockets[self->server], self->request,
                           (int[]){self->descriptor, self->output}))
        err_set(&self->err, ERR_MEMORY, "%s: the process that reads files is gone", self->path);
    return true;
}

static enum err_code there_finish(struct guard_job *self, struct guard_bytes *out, struct err *err)
{
    struct guard_reply reply;
    if (!self->err.code && !reply_receive(guard.sockets[self->server], &reply))
        err_set(&self->err, ERR_MEMORY, "%s: the process that reads files is gone", self->path);
    if (self->server < GUARD_MAX_SERVERS)
        server_release(self->server, self->request->memory_bytes);
    if (self->err.code)
        return err_set(err, self->err.code, "%s", self->err.detail);
    if (end_judge(self->request, &reply, err) == ERR_OK)
        output_take(self->request, self->output, out, err);
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

void guard_widen(size_t n)
{
    (void)n;
}

static bool there_begin(struct guard_job *self, bool waits)
{
    (void)self;
    (void)waits;
    return true;
}

static enum err_code there_finish(struct guard_job *self, struct guard_bytes *out, struct err *err)
{
    return decode_here(self->request, self->descriptor, out, err);
}

const char *guard_text(void)
{
    return "in this process, by no guard";
}

#endif

/* ---- both ---- */

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

static void job_prepare(struct guard_job *self, const struct guard_reader *reader)
{
    size_t n_bytes;
    struct err *err = &self->err;
    if (file_open_input(self->path, &self->descriptor, &n_bytes, err) != ERR_OK ||
        head_look(self->path, self->descriptor, n_bytes, reader, err) != ERR_OK)
        return;
    self->request = calloc(1, sizeof *self->request);
    if (!self->request) {
        err_set(err, ERR_MEMORY, "%s: no memory to read it", self->path);
        return;
    }
    self->request->reader = *reader;
    self->request->n_bytes = n_bytes;
    snprintf(self->request->name, sizeof self->request->name, "%s", self->path);
    limits_choose(n_bytes, self->request, err);
    if (!err->code && guard.state == GUARD_FAILED)
        err_set(err, ERR_MEMORY, "%s: no process to read it could be started", self->path);
}

static void job_free(struct guard_job *self)
{
    if (self->descriptor >= 0)
        close(self->descriptor);
    if (self->output >= 0)
        close(self->output);
    free(self->request);
    self->request = NULL;
}

static bool job_begin(const char *path, const struct guard_reader *reader, bool waits,
                      struct guard_job *out)
{
    *out = (struct guard_job){
        .path = path, .descriptor = -1, .output = -1, .server = GUARD_MAX_SERVERS};
    job_prepare(out, reader);
    if (out->err.code || guard.state != GUARD_RUNS || there_begin(out, waits))
        return true;
    job_free(out);
    return false;
}

void guard_begin(const char *path, const struct guard_reader *reader, struct guard_job *out)
{
    job_begin(path, reader, true, out);
}

bool guard_begin_ahead(const char *path, const struct guard_reader *reader, struct guard_job *out)
{
    return job_begin(path, reader, false, out);
}

enum err_code guard_finish(struct guard_job *self, struct guard_bytes *out, struct err *err)
{
    *out = (struct guard_bytes){.bytes = NULL};
    if (self->request && guard.state == GUARD_RUNS)
        there_finish(self, out, err);
    else if (self->err.code)
        err_set(err, self->err.code, "%s", self->err.detail);
    else
        decode_here(self->request, self->descriptor, out, err);
    job_free(self);
    return err->code;
}

enum err_code guard_read(const char *path, const struct guard_reader *reader,
                         struct guard_bytes *out, struct err *err)
{
    struct guard_job job;
    guard_begin(path, reader, &job);
    return guard_finish(&job, out, err);
}

void guard_bytes_free(struct guard_bytes *self)
{
    if (self->is_mapped)
        munmap((void *)self->bytes, self->n_bytes);
    else
        free((void *)self->bytes);
    *self = (struct guard_bytes){.bytes = NULL};
}
