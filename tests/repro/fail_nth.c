/* Loaded before the C library (LD_PRELOAD), lets the n-th allocation or the n-th system call of
 * input and output of a program fail, counted from the beginning of main. Processes that it forks
 * are counted together with it, and the call fails once in all of them.
 *
 * Allocations are taken by name. System calls are taken by seccomp, for the C library makes those
 * of its streams without a name that could be taken: each traps into a handler, which makes it from
 * one known instruction, or returns an error in its place. Writing to standard error never fails.
 *
 *   FAIL_WHAT    memory: allocations; io: input and output, EIO; room: the same, but ENOSPC, EMFILE
 *                and ENOMEM where such calls say so; thread: pthread_create
 *   FAIL_AT      which; 0: none, only count
 *   FAIL_ON      1: all after it fail too
 *   FAIL_TALLY   file of two 64-bit numbers: calls so far, and how many have failed
 *
 * SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

enum what { NOTHING, MEMORY, IO, ROOM, THREAD };

struct tally {
    uint64_t n_calls, n_failed;
};

static struct {
    enum what what;
    uint64_t at;
    int goes_on;
    struct tally *tally;
} plan;

static int is_to_fail(enum what what)
{
    if (plan.what != what)
        return 0;
    uint64_t n = __atomic_add_fetch(&plan.tally->n_calls, 1, __ATOMIC_RELAXED);
    int fails = plan.at > 0 && (plan.goes_on ? n >= plan.at : n == plan.at);
    if (fails)
        __atomic_add_fetch(&plan.tally->n_failed, 1, __ATOMIC_RELAXED);
    return fails;
}

/* ---- allocations ---- */

void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t each);
void *__libc_realloc(void *old, size_t n);
void *__libc_memalign(size_t alignment, size_t n);

static int is_refused(void)
{
    if (!is_to_fail(MEMORY))
        return 0;
    errno = ENOMEM;
    return 1;
}

void *malloc(size_t n)
{
    return is_refused() ? NULL : __libc_malloc(n);
}

void *calloc(size_t n, size_t each)
{
    return is_refused() ? NULL : __libc_calloc(n, each);
}

void *realloc(void *old, size_t n)
{
    return is_refused() ? NULL : __libc_realloc(old, n);
}

void *aligned_alloc(size_t alignment, size_t n)
{
    return is_refused() ? NULL : __libc_memalign(alignment, n);
}

void *memalign(size_t alignment, size_t n)
{
    return is_refused() ? NULL : __libc_memalign(alignment, n);
}

int posix_memalign(void **out, size_t alignment, size_t n)
{
    void *memory = is_refused() ? NULL : __libc_memalign(alignment, n);
    if (!memory)
        return ENOMEM;
    *out = memory;
    return 0;
}

/* ---- threads ---- */

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *),
                   void *data)
{
    static int (*real)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
    if (!real)
        *(void **)&real = dlsym(RTLD_NEXT, "pthread_create");
    return is_to_fail(THREAD) ? EAGAIN : real(thread, attributes, run, data);
}

/* ---- input and output ---- */

/* What a call says when there is no room; 0: it says EIO. */
static const struct {
    long number;
    int no_room;
} io_calls[] = {
    {SYS_read, 0},           {SYS_pread64, 0},        {SYS_readv, 0},
    {SYS_write, ENOSPC},     {SYS_pwrite64, ENOSPC},  {SYS_writev, ENOSPC},
    {SYS_open, EMFILE},      {SYS_openat, EMFILE},    {SYS_close, ENOSPC},
    {SYS_stat, ENOMEM},      {SYS_fstat, 0},          {SYS_lstat, ENOMEM},
    {SYS_newfstatat, 0},     {SYS_statx, ENOMEM},     {SYS_lseek, 0},
    {SYS_fsync, ENOSPC},     {SYS_fdatasync, ENOSPC}, {SYS_ftruncate, ENOSPC},
    {SYS_rename, ENOSPC},    {SYS_renameat, ENOSPC},  {SYS_renameat2, ENOSPC},
    {SYS_link, ENOSPC},      {SYS_linkat, ENOSPC},    {SYS_unlink, ENOMEM},
    {SYS_unlinkat, ENOMEM},  {SYS_flock, ENOLCK},     {SYS_memfd_create, EMFILE},
    {SYS_fchmod, 0},         {SYS_fchown, 0},         {SYS_mkdir, ENOSPC},
    {SYS_pipe2, EMFILE},     {SYS_mmap, ENOMEM},      {SYS_access, ENOMEM},
    {SYS_faccessat, ENOMEM}, {SYS_readlink, ENOMEM},  {SYS_socketpair, EMFILE},
    {SYS_sendmsg, ENOMEM},   {SYS_recvmsg, ENOMEM},   {SYS_recvfrom, ENOMEM},
    {SYS_sendto, ENOMEM},
};

enum { N_IO_CALLS = sizeof io_calls / sizeof *io_calls };

/* The one instruction from which the filter lets such calls through: what it sees is the address
 * behind it. */
long fail_nth_call(long number, const greg_t *registers);
extern const char fail_nth_behind[];
__asm__(".text\n"
        ".hidden fail_nth_call\n.hidden fail_nth_behind\n.type fail_nth_call, @function\n"
        ".globl fail_nth_call, fail_nth_behind\n"
        "fail_nth_call:\n"
        "  mov %rdi, %rax\n"
        "  mov %rsi, %r11\n"
        "  mov 64(%r11), %rdi\n"
        "  mov 72(%r11), %rsi\n"
        "  mov 96(%r11), %rdx\n"
        "  mov 16(%r11), %r10\n"
        "  mov (%r11), %r8\n"
        "  mov 8(%r11), %r9\n"
        "  syscall\n"
        "fail_nth_behind:\n"
        "  ret\n");

_Static_assert(REG_R8 == 0 && REG_R9 == 1 && REG_R10 == 2 && REG_RDI == 8 && REG_RSI == 9 &&
                   REG_RDX == 12,
               "the places of registers in fail_nth_call");

static int reason_of(long number)
{
    for (size_t k = 0; k < N_IO_CALLS; k++)
        if (io_calls[k].number == number && io_calls[k].no_room && plan.what == ROOM)
            return io_calls[k].no_room;
    return EIO;
}

static int writes_errors(long number, const greg_t *registers)
{
    return (number == SYS_write || number == SYS_writev) && registers[REG_RDI] == STDERR_FILENO;
}

/* What the program wants done at SIGSYS, which a filter of its own may raise. */
static struct sigaction of_program = {.sa_handler = SIG_DFL};

/* Takes the program's wish in place of the one handler that there can be. */
int sigaction(int number, const struct sigaction *new, struct sigaction *old)
{
    static int (*real)(int, const struct sigaction *, struct sigaction *);
    if (!real)
        *(void **)&real = dlsym(RTLD_NEXT, "sigaction");
    if (number != SIGSYS || plan.what < IO || plan.what > ROOM)
        return real(number, new, old);
    if (old)
        *old = of_program;
    if (new)
        of_program = *new;
    return 0;
}

/* Whether the filter of this file asks, and not one of the program. */
static int is_ours(long number, const greg_t *registers)
{
    int is_listed = 0;
    for (size_t k = 0; k < N_IO_CALLS; k++)
        is_listed = is_listed || io_calls[k].number == number;
    return is_listed && registers[REG_RIP] != (greg_t)(uintptr_t)fail_nth_behind &&
           (number != SYS_mmap || (int)registers[REG_R8] != -1);
}

static void pass_on(int number, siginfo_t *info, void *data)
{
    if (of_program.sa_flags & SA_SIGINFO)
        of_program.sa_sigaction(number, info, data);
    else if (of_program.sa_handler != SIG_DFL && of_program.sa_handler != SIG_IGN)
        of_program.sa_handler(number);
    else {
        signal(SIGSYS, SIG_DFL);
        raise(SIGSYS);
    }
}

static void trapped(int signal_number, siginfo_t *info, void *data)
{
    greg_t *registers = ((ucontext_t *)data)->uc_mcontext.gregs;
    long number = info->si_syscall;
    if (!is_ours(number, registers)) {
        pass_on(signal_number, info, data);
        return;
    }
    int fails = !writes_errors(number, registers) && is_to_fail(plan.what);
    if (!fails || number == SYS_close) /* which closes whatever it says */
        registers[REG_RAX] = fail_nth_call(number, registers);
    if (fails)
        registers[REG_RAX] = -reason_of(number);
}

#define LOAD(member) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, member))
#define UNLESS(value, skipped) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, skipped)
#define END(action) BPF_STMT(BPF_RET | BPF_K, action)

static void append(struct sock_fprog *self, struct sock_filter instruction)
{
    self->filter[self->len++] = instruction;
}

/* The calls of the table trap, unless they are made from the one instruction; of mmap, those that
 * map a file. The halves of a 64-bit number lie as on a little-endian machine. */
static int filter_begin(void)
{
    uint64_t behind = (uint64_t)(uintptr_t)fail_nth_behind;
    struct sock_filter code[2 * N_IO_CALLS + 12] = {
        LOAD(instruction_pointer),
        UNLESS((uint32_t)behind, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, instruction_pointer) + 4),
        UNLESS((uint32_t)(behind >> 32), 1),
        END(SECCOMP_RET_ALLOW),
        LOAD(nr),
    };
    struct sock_fprog program = {6, code};
    for (size_t k = 0; k < N_IO_CALLS; k++)
        if (io_calls[k].number != SYS_mmap) {
            append(&program, (struct sock_filter)UNLESS((uint32_t)io_calls[k].number, 1));
            append(&program, (struct sock_filter)END(SECCOMP_RET_TRAP));
        }
    append(&program, (struct sock_filter)UNLESS(SYS_mmap, 2));
    append(&program, (struct sock_filter)LOAD(args[4]));
    append(&program, (struct sock_filter)UNLESS(UINT32_MAX, 1));
    append(&program, (struct sock_filter)END(SECCOMP_RET_ALLOW));
    append(&program, (struct sock_filter)END(SECCOMP_RET_TRAP));
    struct sigaction action = {.sa_sigaction = trapped, .sa_flags = SA_SIGINFO | SA_NODEFER};
    int (*real)(int, const struct sigaction *, struct sigaction *);
    *(void **)&real = dlsym(RTLD_NEXT, "sigaction");
    return real(SIGSYS, &action, NULL) != 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0;
}

/* ---- the beginning of main ---- */

static int (*main_of_program)(int, char **, char **);

static const char *word_of(const char *name)
{
    const char *text = getenv(name);
    return text ? text : "";
}

static int tally_open(const char *path)
{
    int file = open(path, O_RDWR | O_CLOEXEC);
    void *memory = mmap(NULL, sizeof *plan.tally, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    plan.tally = memory;
    return file < 0 || memory == MAP_FAILED || close(file) != 0;
}

static int main_counted(int argc, char **argv, char **environment)
{
    static const char *const names[] = {"", "memory", "io", "room", "thread"};
    const char *what = word_of("FAIL_WHAT");
    plan.at = strtoull(word_of("FAIL_AT"), NULL, 10);
    plan.goes_on = word_of("FAIL_ON")[0] == '1';
    unsetenv("LD_PRELOAD");
    if (tally_open(word_of("FAIL_TALLY")))
        return 99;
    for (int k = MEMORY; k <= THREAD; k++)
        if (strcmp(what, names[k]) == 0)
            plan.what = (enum what)k;
    if ((plan.what == IO || plan.what == ROOM) && filter_begin())
        return 77;
    return main_of_program(argc, argv, environment);
}

/* NOLINTNEXTLINE */
int __libc_start_main(int (*main)(int, char **, char **), int argc, char **argv, void (*init)(void),
                      void (*fini)(void), void (*loader_fini)(void), void *stack_end)
{
    int (*real)(int (*)(int, char **, char **), int, char **, void (*)(void), void (*)(void),
                void (*)(void), void *);
    *(void **)&real = dlsym(RTLD_NEXT, "__libc_start_main");
    main_of_program = main;
    return real(main_counted, argc, argv, init, fini, loader_fini, stack_end);
}
