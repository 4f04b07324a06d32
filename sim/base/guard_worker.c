/* The worker: loads the file, gives up what it may not have, decodes, ends.
 *
 * Where an allocation fails, either the limit was reached, which the file is to blame for, or the
 * system has no memory, which it is not. The first shows in the peak of the mappings: no single one
 * may be larger than half of the limit (guard_seccomp.c), so one that the limit refused came on top
 * of another half. What malloc refuses by itself, for no memory is so large, it refuses again.
 * Libraries lose the error, call it damage, or crash of it; most of the time errno keeps it.
 * SPDX-License-Identifier: Apache-2.0 */
#include "guard_worker.h"

#include <retake/base/file.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/prctl.h>
#endif

/* ---- limits ---- */

/* Of the one request that a worker has. */
static struct {
    int status;       /* /proc/self/status, or -1 */
    size_t own_bytes; /* mapped before the limits hold */
    size_t memory_bytes;
    bool is_tight; /* the system gives less than the limit */
    struct guard_board *board;
} worker;

/* A figure of /proc/self/status, in bytes; 0 where there is none. */
static size_t status_bytes(const char *name)
{
    char text[4096];
    ssize_t n = worker.status < 0 ? -1 : pread(worker.status, text, sizeof text - 1, 0);
    if (n <= 0)
        return 0;
    text[n] = '\0';
    const char *found = strstr(text, name);
    return found ? (size_t)strtoull(found + strlen(name), NULL, 10) * 1024 : 0;
}

/* As much as asked for, or as the hard limit leaves. False where that is less. */
static bool resource_limit(int resource, size_t soft, size_t hard)
{
    struct rlimit limit;
    if (getrlimit(resource, &limit) != 0)
        return false;
    bool is_less = limit.rlim_max != RLIM_INFINITY && limit.rlim_max < soft;
    limit.rlim_cur = is_less ? limit.rlim_max : soft;
    limit.rlim_max =
        limit.rlim_max != RLIM_INFINITY && limit.rlim_max < hard ? limit.rlim_max : hard;
    return setrlimit(resource, &limit) == 0 && !is_less;
}

static void limits_begin(const struct guard_request *request)
{
    size_t n = request->memory_bytes, all;
    worker.own_bytes = status_bytes("VmSize:");
    worker.memory_bytes = n;
    if (__builtin_add_overflow(worker.own_bytes, n, &all))
        all = SIZE_MAX;
    bool is_free = resource_limit(RLIMIT_AS, all, all);
    is_free =
        resource_limit(RLIMIT_FSIZE, n, n) && is_free; /* the output is a file for the system */
    worker.is_tight = !is_free || !worker.board->is_granted;
    resource_limit(RLIMIT_CPU, request->n_seconds, request->n_seconds + 1);
    resource_limit(RLIMIT_CORE, 0, 0);
#ifdef __linux__
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
#endif
    guard_seccomp_begin(n / 2);
    worker.board->is_reading = 1;
}

static bool is_over_memory(void)
{
    size_t peak = status_bytes("VmPeak:");
    return !worker.is_tight && peak > worker.own_bytes &&
           peak - worker.own_bytes > worker.memory_bytes / 2;
}

/* Of a library that does not look at what malloc returns; any other crash goes on to be one. */
static void crash_take(int signal)
{
    (void)signal;
    if (errno == ENOMEM)
        _exit(is_over_memory() ? GUARD_EXIT_OVER_MEMORY : GUARD_EXIT_NO_MEMORY);
}

/* ---- decoding ---- */

static bool memory_is_there(void)
{
    void *probe = malloc(64);
    free(probe);
    return probe;
}

static bool memory_was_missed(const struct err *err)
{
    return err->code == ERR_MEMORY || (err->code && errno == ENOMEM);
}

/* The server has what fails tried again by a new worker, so memory that is there and was refused
 * twice was refused for what the file asks. */
static enum err_code read_alone(const struct guard_request *request,
                                const struct guard_input *input, struct guard_output *output,
                                struct err *err)
{
    errno = 0;
    if (request->reader.read(input, output, err) == ERR_OK)
        return ERR_OK;
    if (is_over_memory())
        _exit(GUARD_EXIT_OVER_MEMORY);
    if (!memory_was_missed(err))
        return err->code;
    if (worker.board->is_second && !worker.is_tight && memory_is_there())
        _exit(GUARD_EXIT_OVER_MEMORY);
    err_clear(err);
    return err_set(err, ERR_MEMORY, "%s: no memory to read it", request->name);
}

enum err_code guard_worker_decode(const struct guard_request *request, int descriptor,
                                  void (*limit)(const struct guard_request *request),
                                  struct guard_output *output, struct err *err)
{
    struct arena arena = {0};
    struct file_text file;
    if (file_read_open(request->name, descriptor, request->n_bytes, &arena, &file, err) != ERR_OK)
        goto out;
    const struct guard_input input = {.name = request->name,
                                      .bytes = (const unsigned char *)file.bytes,
                                      .n_bytes = file.n_bytes,
                                      .is_alone = limit != NULL};
    if (!limit) {
        request->reader.read(&input, output, err);
        goto out;
    }
    limit(request);
    read_alone(request, &input, output, err);
out:
    arena_free(&arena);
    return err->code;
}

unsigned char *guard_output_new(struct guard_output *self, size_t n_bytes)
{
    if (self->descriptor < 0) {
        self->bytes = calloc(n_bytes ? n_bytes : 1, 1);
    } else if (ftruncate(self->descriptor, (off_t)n_bytes) == 0) {
        void *memory = mmap(NULL, n_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, self->descriptor, 0);
        self->bytes = memory == MAP_FAILED ? NULL : memory;
    }
    self->n_bytes = self->bytes ? n_bytes : 0;
    return self->bytes;
}

/* ---- the process ---- */

static void signals_reset(void)
{
    static const int crashes[] = {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL};
    const struct sigaction action = {.sa_handler = crash_take, .sa_flags = (int)SA_RESETHAND};
    sigset_t none;
    sigemptyset(&none);
    for (size_t i = 0; i < sizeof crashes / sizeof *crashes; i++)
        sigaction(crashes[i], &action, NULL);
    signal(SIGXCPU, SIG_DFL);
    signal(SIGXFSZ, SIG_IGN); /* of the output: an error, not an end */
    sigprocmask(SIG_SETMASK, &none, NULL);
}

_Noreturn void guard_worker_run(const struct guard_request *request, int descriptor, int output,
                                struct guard_board *board)
{
    struct guard_output out = {.descriptor = output};
    struct err err = {0};
    signals_reset();
    worker.board = board;
    worker.status = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
    enum err_code code = guard_worker_decode(request, descriptor, limits_begin, &out, &err);
    memcpy(board->detail, err.detail, sizeof board->detail);
    board->code = (int)code;
    _exit(GUARD_EXIT_DONE);
}
