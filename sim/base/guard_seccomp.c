/* The worker's filter of system calls, in the machine language of the kernel (seccomp(2), classic
 * BPF): memory, the descriptors that are open already, and the end of the process. A mapping that
 * alone takes more than the limit comes from a size that the file claims; the filter sees the wish,
 * which malloc would only call a failure.
 * SPDX-License-Identifier: Apache-2.0 */
#include "guard_worker.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <unistd.h>

#if defined(__linux__) && (defined(__x86_64__) || defined(__aarch64__))

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#ifdef __x86_64__
#define OWN_ARCH AUDIT_ARCH_X86_64
#else
#define OWN_ARCH AUDIT_ARCH_AARCH64
#endif

enum { MAX_STEPS = 128, X32_CALLS = 0x40000000 };

struct program {
    struct sock_filter steps[MAX_STEPS];
    unsigned short n;
};

static void step_add(struct program *self, unsigned code, size_t value, size_t if_so, size_t if_not)
{
    self->steps[self->n++] =
        (struct sock_filter){(uint16_t)code, (uint8_t)if_so, (uint8_t)if_not, (uint32_t)value};
}

static void word_load(struct program *self, size_t offset)
{
    step_add(self, BPF_LD | BPF_W | BPF_ABS, offset, 0, 0);
}

static void verdict_add(struct program *self, uint32_t verdict)
{
    step_add(self, BPF_RET | BPF_K, verdict, 0, 0);
}

/* The offset of an argument's low half, as both processors store it. */
static size_t argument(int k)
{
    return offsetof(struct seccomp_data, args) + 8 * (size_t)k;
}

static void call_allow(struct program *self, int number)
{
    step_add(self, BPF_JMP | BPF_JEQ | BPF_K, (size_t)number, 0, 1);
    verdict_add(self, SECCOMP_RET_ALLOW);
}

/* n_steps follow, for this call alone; they end with a verdict. The others still find the number
 * of the call loaded. */
static void call_begin(struct program *self, int number, size_t n_steps)
{
    step_add(self, BPF_JMP | BPF_JEQ | BPF_K, (size_t)number, 0, n_steps);
}

static void code_refuse(struct program *self, int protection) /* 3 steps */
{
    word_load(self, argument(protection));
    step_add(self, BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 0, 1);
    verdict_add(self, SECCOMP_RET_KILL_PROCESS);
}

static void length_limit(struct program *self, int length, size_t max_bytes) /* 7 steps */
{
    word_load(self, argument(length) + 4);
    step_add(self, BPF_JMP | BPF_JGT | BPF_K, max_bytes >> 32, 3, 0);
    step_add(self, BPF_JMP | BPF_JEQ | BPF_K, max_bytes >> 32, 0, 3);
    word_load(self, argument(length));
    step_add(self, BPF_JMP | BPF_JGT | BPF_K, max_bytes & UINT32_MAX, 0, 1);
    verdict_add(self, SECCOMP_RET_TRAP);
    verdict_add(self, SECCOMP_RET_ALLOW);
}

static void memory_allow(struct program *self, size_t max_bytes)
{
    call_begin(self, __NR_mmap, 10);
    code_refuse(self, 2);
    length_limit(self, 1, max_bytes);
    call_begin(self, __NR_mremap, 7);
    length_limit(self, 2, max_bytes);
    call_begin(self, __NR_mprotect, 4);
    code_refuse(self, 2);
    verdict_add(self, SECCOMP_RET_ALLOW);
}

/* abort() sends itself a signal. */
static void abort_allow(struct program *self)
{
    call_begin(self, __NR_tgkill, 4);
    word_load(self, argument(0));
    step_add(self, BPF_JMP | BPF_JEQ | BPF_K, (size_t)getpid(), 1, 0);
    verdict_add(self, SECCOMP_RET_KILL_PROCESS);
    verdict_add(self, SECCOMP_RET_ALLOW);
}

static void others_allow(struct program *self)
{
    static const int calls[] = {
        __NR_brk,           __NR_munmap,
        __NR_madvise,       __NR_read,
        __NR_pread64,       __NR_write,
        __NR_writev,        __NR_lseek,
        __NR_fstat,         __NR_ftruncate,
        __NR_close,         __NR_futex,
        __NR_getpid,        __NR_gettid,
        __NR_getrandom,     __NR_sysinfo,
        __NR_clock_gettime, __NR_clock_nanosleep,
        __NR_nanosleep,     __NR_gettimeofday,
        __NR_getrusage,     __NR_rt_sigprocmask,
        __NR_rt_sigaction,  __NR_rt_sigreturn,
        __NR_sched_yield,   __NR_exit,
        __NR_exit_group,
    };
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        call_allow(self, calls[i]);
}

/* Nothing can be opened; HDF5 tries even for a file in memory, and must only hear that. */
static void opening_refuse(struct program *self)
{
    step_add(self, BPF_JMP | BPF_JEQ | BPF_K, __NR_openat, 0, 1);
    verdict_add(self, SECCOMP_RET_ERRNO | ENOENT);
#ifdef __NR_open
    step_add(self, BPF_JMP | BPF_JEQ | BPF_K, __NR_open, 0, 1);
    verdict_add(self, SECCOMP_RET_ERRNO | ENOENT);
#endif
}

static void program_make(struct program *self, size_t max_bytes)
{
    word_load(self, offsetof(struct seccomp_data, arch));
    step_add(self, BPF_JMP | BPF_JEQ | BPF_K, OWN_ARCH, 1, 0);
    verdict_add(self, SECCOMP_RET_KILL_PROCESS);
    word_load(self, offsetof(struct seccomp_data, nr));
    step_add(self, BPF_JMP | BPF_JGE | BPF_K, X32_CALLS, 0, 1);
    verdict_add(self, SECCOMP_RET_KILL_PROCESS);
    others_allow(self);
    opening_refuse(self);
    memory_allow(self, max_bytes);
    abort_allow(self);
    verdict_add(self, SECCOMP_RET_KILL_PROCESS);
}

static void memory_exceeded(int signal)
{
    (void)signal;
    _exit(GUARD_EXIT_OVER_MEMORY);
}

bool guard_seccomp_begin(size_t max_bytes)
{
    struct program program = {.n = 0};
    program_make(&program, max_bytes);
    struct sock_fprog filter = {program.n, program.steps};
    struct sigaction action = {.sa_handler = memory_exceeded};
    return sigaction(SIGSYS, &action, NULL) == 0 &&
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

/* The kernel reads the filter before it asks who sets it: a bad address shows that it would. */
bool guard_seccomp_is_there(void)
{
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, NULL) != 0 && errno == EFAULT;
}

#else

bool guard_seccomp_begin(size_t max_bytes)
{
    (void)max_bytes;
    return false;
}

bool guard_seccomp_is_there(void)
{
    return false;
}

#endif
