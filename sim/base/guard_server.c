/* The server: one thread, asleep until the program asks; for each request it forks a worker and
 * says how that ended. Asked without a reader it forks a server like itself, so that the program
 * can have several files read at once, each by a worker that shares nothing with the others. What a
 * worker may have written reaches the server as numbers and a text that it passes on. It ends with
 * the program, whatever way that ends.
 * SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* memfd_create, close_range */
#include "guard_worker.h"

#ifdef __linux__

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SOCKET = 3, N_DESCRIPTORS = 2, SLICES_PER_SECOND = 10 };

/* Nothing of the program stays open: who reads its output would wait for this process too. */
static void descriptors_close(int socket)
{
    int high = fcntl(socket, F_DUPFD, SOCKET + 1); /* it may lie where standard input was closed */
    int null = open("/dev/null", O_RDWR);
    dup2(high, SOCKET);
    for (int k = 0; k < SOCKET && null >= 0; k++)
        dup2(null, k);
    fcntl(SOCKET, F_SETFD, FD_CLOEXEC);
    if (close_range(SOCKET + 1, ~0U, 0) != 0)
        for (int k = SOCKET + 1; k < 1024; k++)
            close(k);
}

/* A signal for the whole group (Ctrl-C, a scheduler's warning) is for the program alone. */
static void signals_ignore(void)
{
    static const int ignored[] = {SIGINT,  SIGTERM, SIGHUP,  SIGQUIT, SIGUSR1,
                                  SIGUSR2, SIGPIPE, SIGXCPU, SIGXFSZ, SIGALRM};
    sigset_t child;
    for (size_t i = 0; i < sizeof ignored / sizeof *ignored; i++)
        signal(ignored[i], SIG_IGN);
    signal(SIGCHLD, SIG_DFL);
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    sigprocmask(SIG_BLOCK, &child, NULL);
}

/* A request with its descriptors. False when the program is gone. */
static bool request_receive(struct guard_request *request, int descriptors[N_DESCRIPTORS])
{
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(N_DESCRIPTORS * sizeof(int))];
    } control;
    struct iovec piece = {request, sizeof *request};
    struct msghdr message = {.msg_iov = &piece,
                             .msg_iovlen = 1,
                             .msg_control = &control,
                             .msg_controllen = sizeof control};
    ssize_t n;
    do
        n = recvmsg(SOCKET, &message, MSG_CMSG_CLOEXEC);
    while (n < 0 && errno == EINTR);
    const struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    if (n != sizeof *request || !header ||
        header->cmsg_len != CMSG_LEN(N_DESCRIPTORS * sizeof(int)))
        return false;
    memcpy(descriptors, CMSG_DATA(header), N_DESCRIPTORS * sizeof(int));
    return true;
}

/* Wait for a worker, and end it when it has had its time. Time is counted in slices in which this
 * process runs, so that one that was stopped with its program (Ctrl-Z) loses none.
 * @return true: it was ended */
static bool worker_wait(pid_t worker, const struct guard_board *board, unsigned n_seconds,
                        int *status)
{
    const struct timespec slice = {.tv_nsec = 1000000000 / SLICES_PER_SECOND};
    bool is_reading = false, is_ended = false;
    sigset_t child;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    for (unsigned n_slices = 0; waitpid(worker, status, WNOHANG) == 0;) {
        bool is_over = sigtimedwait(&child, NULL, &slice) < 0 && errno == EAGAIN;
        is_reading = is_reading || board->is_reading;
        n_slices += is_over && is_reading;
        if (n_slices > n_seconds * SLICES_PER_SECOND && !is_ended)
            is_ended = kill(worker, SIGKILL) == 0;
    }
    return is_ended;
}

static enum guard_end end_of(int status, bool is_ended, const struct guard_board *board)
{
    int signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    if (WIFEXITED(status) && WEXITSTATUS(status) == GUARD_EXIT_OVER_MEMORY)
        return GUARD_OVER_MEMORY;
    if (WIFEXITED(status) && WEXITSTATUS(status) == GUARD_EXIT_DONE && board->code >= 0)
        return GUARD_DONE;
    if (WIFEXITED(status) && WEXITSTATUS(status) != GUARD_EXIT_DONE)
        return GUARD_NO_MEMORY;
    if (is_ended || signal == SIGXCPU)
        return GUARD_OVER_TIME;
    return signal == SIGKILL ? GUARD_KILLED : signal == SIGSYS ? GUARD_FORBIDDEN : GUARD_CRASHED;
}

/* Whether the system would give so much now. Not asked by a worker, whose peak would show it. */
static bool is_granted(size_t n_bytes)
{
    void *memory = mmap(NULL, n_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return memory != MAP_FAILED && munmap(memory, n_bytes) == 0;
}

static void worker_try(const struct guard_request *request, const int descriptors[N_DESCRIPTORS],
                       bool is_second, struct guard_board *board, struct guard_reply *reply)
{
    pid_t server = getpid();
    int status = 0;
    *board = (struct guard_board){
        .code = -1, .is_granted = is_granted(request->memory_bytes), .is_second = is_second};
    pid_t worker = fork();
    if (worker == 0) {
        close(SOCKET);
        if (prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == server)
            guard_worker_run(request, descriptors[0], descriptors[1], board);
        _exit(GUARD_EXIT_DONE);
    }
    if (worker < 0) {
        *reply = (struct guard_reply){.end = GUARD_NOT_STARTED, .code = errno};
        return;
    }
    bool is_ended = worker_wait(worker, board, request->n_seconds, &status);
    *reply = (struct guard_reply){.end = end_of(status, is_ended, board), .code = board->code};
    memcpy(reply->detail, board->detail, sizeof reply->detail);
    reply->detail[sizeof reply->detail - 1] = '\0';
}

/* HDF5 that once had no memory crashes later, or finds a good file damaged, and does not say why.
 */
static bool may_be_memory(const struct guard_reply *reply)
{
    return reply->end == GUARD_CRASHED || reply->end == GUARD_NO_MEMORY ||
           (reply->end == GUARD_DONE && reply->code != ERR_OK);
}

/* What fails is tried a second time by a new worker: a file that is to blame fails again. */
static void request_serve(const struct guard_request *request, const int descriptors[N_DESCRIPTORS],
                          struct guard_board *board, struct guard_reply *reply)
{
    if (request->reader.prepare && !request->reader.prepare()) {
        *reply = (struct guard_reply){.end = GUARD_NO_MEMORY};
        return;
    }
    worker_try(request, descriptors, false, board, reply);
    if (may_be_memory(reply) && lseek(descriptors[0], 0, SEEK_SET) == 0 &&
        ftruncate(descriptors[1], 0) == 0)
        worker_try(request, descriptors, true, board, reply);
}

/* Another server, with a conversation of its own: nothing of a file was ever here. */
static void server_double(int socket, struct guard_reply *reply)
{
    pid_t here = getpid(), other = fork();
    if (other == 0)
        guard_server_run(socket, here);
    *reply = (struct guard_reply){.end = other > 0 ? GUARD_DONE : GUARD_NOT_STARTED, .code = errno};
}

_Noreturn void guard_server_run(int socket, int program)
{
    struct guard_request request;
    struct guard_reply reply;
    int descriptors[N_DESCRIPTORS];
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    prctl(PR_SET_NAME, "retake-reader");
    descriptors_close(socket);
    signals_ignore();
    struct guard_board *board =
        mmap(NULL, sizeof *board, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    while (board != MAP_FAILED && getppid() == program && request_receive(&request, descriptors)) {
        if (request.reader.read)
            request_serve(&request, descriptors, board, &reply);
        else
            server_double(descriptors[0], &reply);
        for (int k = 0; k < N_DESCRIPTORS; k++)
            close(descriptors[k]);
        if (send(SOCKET, &reply, sizeof reply, MSG_NOSIGNAL) != sizeof reply)
            break;
    }
    _exit(0);
}

#endif
