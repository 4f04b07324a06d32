/* Work in a process of its own: fork, and a pipe for what it returns, the error first, then the
 * bytes. The new process has the memory of the old one, and ends with it.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/apart.h>
#include <retake/base/wording.h>

#include "sanitized.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

enum { IS_UNTOLD = 74 }; /* the status of a process whose pipe broke */

static bool may_fork;

void apart_begin(void)
{
    may_fork = !IS_SANITIZED;
}

struct answer {
    struct err err;
    size_t n_bytes;
};

/* False when the pipe ended before n bytes, or broke. */
static bool read_all(int from, void *to, size_t n)
{
    unsigned char *at = to;
    while (n > 0) {
        ssize_t got = read(from, at, n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        at += got;
        n -= (size_t)got;
    }
    return true;
}

static bool write_all(int to, const void *from, size_t n)
{
    const unsigned char *at = from;
    while (n > 0) {
        ssize_t put = write(to, at, n);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return false;
        at += put;
        n -= (size_t)put;
    }
    return true;
}

/* The new process. A crash leaves no dump and says nothing: the caller has a line for it. */
static _Noreturn void work_and_end(apart_work *work, void *context, int to)
{
    struct answer answer = {.n_bytes = 0};
    struct apart_bytes out = {.bytes = NULL};
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    signal(SIGPIPE, SIG_IGN);
    close(STDERR_FILENO);
#ifdef __linux__
    prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
    if (work(context, &out, &answer.err) == ERR_OK)
        answer.n_bytes = out.n_bytes;
    bool told = write_all(to, &answer, sizeof answer) && write_all(to, out.bytes, answer.n_bytes);
    _exit(told ? 0 : IS_UNTOLD);
}

static enum err_code take_answer(int from, struct apart_bytes *out, bool *is_whole, struct err *err)
{
    struct answer answer;
    *is_whole = read_all(from, &answer, sizeof answer);
    if (!*is_whole || answer.err.code)
        return *is_whole ? err_set(err, answer.err.code, "%s", answer.err.detail) : ERR_OK;
    unsigned char *bytes = malloc(answer.n_bytes + 1);
    if (!bytes)
        return err_set(err, ERR_MEMORY, "no memory for %s",
                       wording_count(answer.n_bytes, "byte").text);
    *is_whole = read_all(from, bytes, answer.n_bytes);
    if (!*is_whole) {
        free(bytes);
        return ERR_OK;
    }
    *out = (struct apart_bytes){bytes, answer.n_bytes};
    return ERR_OK;
}

static int wait_for_end(pid_t process)
{
    int status = 0;
    while (waitpid(process, &status, 0) < 0)
        if (errno != EINTR)
            break;
    return status;
}

/* Libraries crash, and some end the process that they are in. */
static enum err_code tell_end(const char *what, int status, struct err *err)
{
    bool is_signal = WIFSIGNALED(status);
    if (WIFEXITED(status) && (WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == IS_UNTOLD))
        return err_set(err, ERR_IO, "%s: what was made did not come through the pipe", what);
    return err_set(
        err, ERR_INTERNAL, "%s: the library that makes it ended with %s %d, as when memory is out",
        what, is_signal ? "signal" : "status", is_signal ? WTERMSIG(status) : WEXITSTATUS(status));
}

enum err_code apart_do(const char *what, apart_work *work, void *context, struct apart_bytes *out,
                       struct err *err)
{
    int ends[2];
    bool is_whole = false;
    *out = (struct apart_bytes){.bytes = NULL};
    if (!may_fork || pipe(ends) != 0)
        return work(context, out, err);
    pid_t process = fork();
    if (process == 0) {
        close(ends[0]);
        work_and_end(work, context, ends[1]);
    }
    close(ends[1]);
    if (process > 0)
        take_answer(ends[0], out, &is_whole, err);
    close(ends[0]);
    if (process < 0)
        return work(context, out, err);
    int status = wait_for_end(process);
    return is_whole || err->code ? err->code : tell_end(what, status, err);
}
