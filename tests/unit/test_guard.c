/* The guard: what a reader makes comes back; what befalls it is one line, and never this process.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/guard.h>

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static char path[64];

/* What a file says is what a reader does. */
static void file_fill(const void *bytes, size_t n_bytes)
{
    int descriptor = open(path, O_WRONLY | O_TRUNC);
    cr_assert(descriptor >= 0 && write(descriptor, bytes, n_bytes) == (ssize_t)n_bytes);
    close(descriptor);
}

static void file_make(void)
{
    snprintf(path, sizeof path, "/tmp/retake-guard-XXXXXX");
    close(mkstemp(path));
    file_fill("strange", 7);
}

static void file_remove(void)
{
    guard_stop();
    unlink(path);
}

TestSuite(guard, .init = file_make, .fini = file_remove);

/* ---- readers ---- */

/* The file, and a byte. */
static enum err_code copy_read(const struct guard_input *input, struct guard_output *output,
                               struct err *err)
{
    unsigned char *bytes = guard_output_new(output, input->n_bytes + 1);
    if (!bytes)
        return err_set(err, ERR_MEMORY, "no memory");
    memcpy(bytes, input->bytes, input->n_bytes);
    bytes[input->n_bytes] = '!';
    return ERR_OK;
}

static enum err_code refusal_read(const struct guard_input *input, struct guard_output *output,
                                  struct err *err)
{
    (void)output;
    return err_set(err, ERR_INPUT, "%s: not\033[31m mine", input->name);
}

/* ---- tests ---- */

static const struct guard_reader copy = {.read = copy_read};

static void expect_copy(void)
{
    struct guard_bytes bytes;
    struct err err = {0};
    file_fill("strange", 7);
    cr_expect_eq(guard_read(path, &copy, &bytes, &err), ERR_OK, "%s", err.detail);
    cr_expect(bytes.n_bytes == 8 && memcmp(bytes.bytes, "strange!", 8) == 0);
    guard_bytes_free(&bytes);
}

Test(guard, brings_back_what_a_reader_makes)
{
    expect_copy();
    guard_start();
    for (int k = 0; k < 3; k++)
        expect_copy();
}

static void expect_error(enum err_code (*read)(const struct guard_input *, struct guard_output *,
                                               struct err *),
                         const void *file, size_t n_bytes, enum err_code code, const char *why)
{
    const struct guard_reader reader = {.read = read};
    struct guard_bytes bytes;
    struct err err = {0};
    file_fill(file, n_bytes);
    guard_read(path, &reader, &bytes, &err);
    cr_expect_eq(err.code, code, "%s: code %d, '%s'", why, (int)err.code, err.detail);
    cr_expect(strstr(err.detail, why) && strstr(err.detail, path) && !strchr(err.detail, '\n') &&
                  !strchr(err.detail, '\033'),
              "'%s', not '%s'", err.detail, why);
    guard_bytes_free(&bytes);
}

Test(guard, passes_on_errors)
{
    struct guard_bytes bytes;
    struct err err = {0};
    expect_error(refusal_read, "strange", 7, ERR_INPUT, "not?[31m mine");
    guard_start();
    expect_error(refusal_read, "strange", 7, ERR_INPUT, "not?[31m mine");
    cr_expect_eq(guard_read("/nowhere", &copy, &bytes, &err), ERR_INPUT);
}

Test(guard, ends_with_its_program)
{
    guard_start();
    expect_copy();
    guard_stop();
    cr_expect(waitpid(-1, NULL, 0) < 0 && errno == ECHILD, "a zombie is left");
}

Test(guard, limit_is_a_number_of_mebibytes)
{
    static const char *const bad[] = {"many", "-1", "0", "1.5", "1G", "99999999999999999999"};
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
        struct guard_bytes bytes;
        struct err err = {0};
        setenv("RETAKE_READ_MEMORY", bad[k], 1);
        cr_expect_eq(guard_read(path, &copy, &bytes, &err), ERR_USAGE);
        cr_expect(strstr(err.detail, "a number of MiB"), "'%s'", err.detail);
    }
    setenv("RETAKE_READ_MEMORY", "2048", 1);
    expect_copy();
}

/* ---- where there is a guard ---- */

#if !defined(__SANITIZE_ADDRESS__)

static enum err_code lie_read(const struct guard_input *input, struct guard_output *output,
                              struct err *err)
{
    (void)input, (void)output;
    err->code = (enum err_code)77;
    memset(err->detail, 'x', sizeof err->detail);
    return err->code;
}

static enum err_code nothing_read(const struct guard_input *input, struct guard_output *output,
                                  struct err *err)
{
    (void)input, (void)output;
    return err->code;
}

/* What the first byte of the file says. */
static enum err_code misdeed_read(const struct guard_input *input, struct guard_output *output,
                                  struct err *err)
{
    volatile char *nowhere = NULL;
    switch (input->bytes[0]) {
    case 'a':
        abort();
    case 's':
        *nowhere = 1;
        break;
    case 'n':
        socket(AF_UNIX, SOCK_STREAM, 0);
        break;
    case 'f':
        fork();
        break;
    case 'k':
        kill(getppid(), SIGTERM);
        break;
    case 'x':
        mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        break;
    case 'o':
        if (open(input->name, O_RDONLY) >= 0 || errno != ENOENT)
            abort();
        break;
    case 'q':
        _exit(0);
    default:
        break;
    }
    return nothing_read(input, output, err);
}

/* Asks for pieces of so many MiB until there are no more. */
static enum err_code memory_read(const struct guard_input *input, struct guard_output *output,
                                 struct err *err)
{
    size_t piece;
    memcpy(&piece, input->bytes, sizeof piece);
    (void)output;
    while (malloc(piece << 20))
        continue;
    return err_set(err, ERR_MEMORY, "%s: no memory", input->name);
}

Test(guard, survives_its_workers)
{
    static const struct {
        const char *deed, *why;
    } deeds[] = {{"abort", "(it crashes the reader)"}, {"segv", "(it crashes the reader)"},
                 {"quit", "(it crashes the reader)"},  {"net", "do what it may not)"},
                 {"fork", "do what it may not)"},      {"kill", "do what it may not)"},
                 {"x", "do what it may not)"},         {"open", "its reader left nothing"}};
    guard_start();
    for (size_t k = 0; k < sizeof deeds / sizeof *deeds; k++)
        expect_error(misdeed_read, deeds[k].deed, 1, ERR_HOSTILE, deeds[k].why);
    expect_error(lie_read, "strange", 7, ERR_HOSTILE, "its reader failed");
    expect_error(nothing_read, "strange", 7, ERR_HOSTILE, "its reader left nothing");
    expect_copy();
}

/* One piece of half the limit and more, pieces that exceed it together; then more is allowed. */
Test(guard, limits_memory)
{
    size_t half = 600, small = 100;
    guard_start();
    expect_error(memory_read, &half, sizeof half, ERR_HOSTILE, "(it takes more than 1024 MiB)");
    expect_error(memory_read, &small, sizeof small, ERR_HOSTILE, "(it takes more than 1024 MiB)");
    setenv("RETAKE_READ_MEMORY", "1100", 1);
    expect_error(memory_read, &small, sizeof small, ERR_HOSTILE, "(it takes more than 1100 MiB)");
}

/* No memory is so large, whenever it is asked for. */
Test(guard, limits_claims)
{
    size_t claim = SIZE_MAX >> 21;
    guard_start();
    expect_error(memory_read, &claim, sizeof claim, ERR_HOSTILE, "(it takes more than 1024 MiB)");
}

static int *n_reads; /* shared with the workers */

/* Memory that is missed once is asked for again; what crashes of it is not the file's fault. */
static enum err_code missed_read(const struct guard_input *input, struct guard_output *output,
                                 struct err *err)
{
    volatile char *nowhere = NULL;
    errno = ENOMEM;
    if (input->n_bytes > 0)
        *nowhere = 1;
    if ((*n_reads)++ > 0)
        return copy_read(input, output, err);
    return err_set(err, ERR_INPUT, "%s: a library failed", input->name);
}

Test(guard, knows_what_the_system_refuses)
{
    const struct guard_reader missed = {.read = missed_read};
    struct guard_bytes bytes;
    struct err err = {0};
    n_reads =
        mmap(NULL, sizeof *n_reads, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    cr_assert_neq(n_reads, MAP_FAILED);
    file_fill("", 0);
    guard_start();
    cr_expect_eq(guard_read(path, &missed, &bytes, &err), ERR_OK, "%s", err.detail);
    cr_expect_eq(bytes.n_bytes, 1);
    guard_bytes_free(&bytes);
    expect_error(missed_read, "crash", 5, ERR_MEMORY, "no memory to read it");
}

static void address_space_limit(size_t n_mebibytes)
{
    struct rlimit limit = {n_mebibytes << 20, n_mebibytes << 20};
    cr_assert_eq(setrlimit(RLIMIT_AS, &limit), 0);
}

/* Under a limit of the user's the same wish is the system's refusal. */
Test(guard, knows_a_limit_of_the_user)
{
    size_t small = 100;
    address_space_limit(900);
    guard_start();
    expect_error(memory_read, &small, sizeof small, ERR_MEMORY, "no memory to read it");
    expect_copy();
}

/* What was closed before the program began is none of the guard's concern. */
Test(guard, starts_without_standard_streams)
{
    int kept = dup(STDERR_FILENO);
    for (int k = 0; k < 3; k++)
        close(k);
    guard_start();
    expect_copy();
    for (int k = 0; k < 3; k++)
        dup2(kept, k);
}

/* ---- several at once ---- */

static void expect_finished(struct guard_job *job)
{
    struct guard_bytes bytes;
    struct err err = {0};
    cr_expect_eq(guard_finish(job, &bytes, &err), ERR_OK, "%s", err.detail);
    cr_expect(bytes.n_bytes == 8 && memcmp(bytes.bytes, "strange!", 8) == 0);
    guard_bytes_free(&bytes);
}

/* One is begun, a second one ahead of it where that is expected, a third one never: there are two
 * servers at most. */
static void expect_ahead(bool is_second)
{
    struct guard_job jobs[3];
    guard_widen(2);
    guard_begin(path, &copy, &jobs[0]);
    cr_expect_eq(guard_begin_ahead(path, &copy, &jobs[1]), is_second);
    cr_expect(!guard_begin_ahead(path, &copy, &jobs[2]));
    expect_finished(&jobs[0]);
    if (is_second)
        expect_finished(&jobs[1]);
    cr_assert(guard_begin_ahead(path, &copy, &jobs[2]));
    expect_finished(&jobs[2]);
}

Test(guard, reads_ahead_where_a_server_is_free)
{
    guard_start();
    expect_ahead(true);
}

/* Who begins a file ahead of one that waits for a server would wait for himself. */
Test(guard, never_waits_for_what_it_began_ahead)
{
    struct rlimit limit, none;
    cr_assert_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
    guard_start();
    none = (struct rlimit){.rlim_cur = 3, .rlim_max = limit.rlim_max};
    cr_assert_eq(setrlimit(RLIMIT_NOFILE, &none), 0);
    guard_widen(2); /* there is no descriptor for its conversation */
    cr_assert_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
    struct guard_job jobs[2];
    guard_begin(path, &copy, &jobs[0]);
    cr_expect(!guard_begin_ahead(path, &copy, &jobs[1]));
    expect_finished(&jobs[0]);
    guard_begin(path, &copy, &jobs[1]);
    expect_finished(&jobs[1]);
}

/* Two of a third of the machine each are more than half of it. */
Test(guard, lets_workers_have_half_of_the_machine_together)
{
    char third[32];
    size_t page = (size_t)sysconf(_SC_PAGESIZE), n_pages = (size_t)sysconf(_SC_PHYS_PAGES);
    snprintf(third, sizeof third, "%zu", n_pages / 3 * page >> 20);
    setenv("RETAKE_READ_MEMORY", third, 1);
    guard_start();
    expect_ahead(false);
}

#endif
