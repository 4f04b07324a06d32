/* Inputs: whatever stands in the place of a file, the answer comes at once and says what is wrong.
 * SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <retake/base/file.h>

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* Each test runs in a process and a folder of its own. */
static char folder[] = "/tmp/test_input_XXXXXX";

static void enter(void)
{
    cr_assert_not_null(mkdtemp(folder));
    cr_assert_eq(chdir(folder), 0);
    alarm(20); /* nothing may wait */
}

static void leave(void)
{
    char command[64];
    cr_assert_eq(chdir("/"), 0);
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    cr_assert_eq(system(command), 0);
}

TestSuite(file_input, .init = enter, .fini = leave);

static void expect(const char *path, size_t max_bytes, enum err_code code, const char *words)
{
    struct arena arena = {0};
    struct file_text text;
    struct err err = {0};
    cr_expect_eq(file_read(path, max_bytes, &arena, &text, &err), code, "%s: %s", path, err.detail);
    cr_expect(strstr(err.detail, words), "%s does not say %s", err.detail, words);
    cr_expect(!code || strncmp(err.detail, path, strlen(path)) == 0, "%s", err.detail);
    arena_free(&arena);
}

static void make(const char *path, off_t n_bytes)
{
    int descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
    cr_assert_eq(ftruncate(descriptor, n_bytes), 0);
    close(descriptor);
}

Test(file_input, what_is_no_file_is_refused_and_not_waited_for)
{
    struct sockaddr_un name = {.sun_family = AF_UNIX, .sun_path = "socket"};
    int listener = socket(AF_UNIX, SOCK_STREAM, 0);
    cr_assert_eq(mkfifo("fifo", 0600), 0);
    cr_assert_eq(symlink("fifo", "link"), 0);
    cr_assert_eq(bind(listener, (struct sockaddr *)&name, sizeof name), 0);
    expect("fifo", FILE_MEMORY_BYTES, ERR_INPUT, "not a regular file");
    expect("link", FILE_MEMORY_BYTES, ERR_INPUT, "not a regular file");
    expect("socket", FILE_MEMORY_BYTES, ERR_INPUT, "cannot open");
    expect("/dev/zero", FILE_MEMORY_BYTES, ERR_INPUT, "not a regular file");
    expect(".", FILE_MEMORY_BYTES, ERR_INPUT, "not a regular file");
    expect("absent", FILE_MEMORY_BYTES, ERR_INPUT, "cannot open: No such file or directory");
    close(listener);
}

/* Sparse files: nothing of them is on the disk, and reading one would take long. */
Test(file_input, the_size_is_looked_at_before_reading)
{
    make("small", 1000);
    make("large", (off_t)3 << 30);
    make("vast", (off_t)1 << 42);
    expect("small", 1000, ERR_OK, "");
    expect("small", 999, ERR_INPUT, "too large: 1000 bytes, the limit is 999");
    expect("large", 4 << 20, ERR_INPUT, "the limit is 4194304");
    expect("vast", FILE_MEMORY_BYTES, ERR_MEMORY, "no memory for 4398046511104 bytes");
}

/* A file of the kernel says that it has no bytes, and has some. Address 0 of a process cannot be
 * read, which the kernel calls an input/output error. */
Test(file_input, what_fails_in_the_system_is_not_bad_input)
{
    struct rlimit before, few;
    expect("/proc/self/status", FILE_MEMORY_BYTES, ERR_IO, "its size changed");
    expect("/proc/self/mem", FILE_MEMORY_BYTES, ERR_IO, "Input/output error");
    make("good", 1);
    cr_assert_eq(getrlimit(RLIMIT_NOFILE, &before), 0);
    few = (struct rlimit){.rlim_cur = 3, .rlim_max = before.rlim_max};
    cr_assert_eq(setrlimit(RLIMIT_NOFILE, &few), 0);
    expect("good", FILE_MEMORY_BYTES, ERR_IO, "Too many open files");
    cr_assert_eq(setrlimit(RLIMIT_NOFILE, &before), 0);
}

Test(file_input, an_open_input_has_its_size_and_is_not_inherited)
{
    struct err err = {0};
    int descriptor;
    size_t n_bytes;
    make("a", 7);
    cr_assert_eq(file_open_input("a", &descriptor, &n_bytes, &err), ERR_OK, "%s", err.detail);
    cr_expect_eq(n_bytes, 7);
    cr_expect(fcntl(descriptor, F_GETFD) & FD_CLOEXEC);
    close(descriptor);
    cr_expect_eq(file_open_input("b", &descriptor, &n_bytes, &err), ERR_INPUT);
    cr_expect_eq(descriptor, -1);
}

/* Nothing can stand under a name that is too long; of a ring of links nothing can be said. */
Test(file_input, what_is_there_is_told_from_what_cannot_be_seen)
{
    struct err err = {0};
    bool is_there;
    char name[600] = {0};
    make("a", 0);
    cr_assert_eq(symlink("nowhere", "dangling"), 0);
    cr_assert_eq(symlink("ring", "ring"), 0);
    cr_expect(file_look("a", &is_there, &err) == ERR_OK && is_there);
    memset(name, 'a', sizeof name - 1);
    const char *const absent[] = {"b", "a/b", "dangling", name};
    for (size_t k = 0; k < sizeof absent / sizeof *absent; k++)
        cr_expect(file_look(absent[k], &is_there, &err) == ERR_OK && !is_there, "%s", absent[k]);
    cr_expect_eq(file_look("ring", &is_there, &err), ERR_IO);
    cr_expect_not(is_there);
    cr_expect(strstr(err.detail, "ring: cannot look"), "%s", err.detail);
}
