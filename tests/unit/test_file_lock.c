/* Locks: one process at a time, and a process that is gone blocks nobody.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/file.h>

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[] = "/tmp/test_lock_XXXXXX", path[64];

static void enter(void)
{
    cr_assert_not_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/a.lock", folder);
}

static void leave(void)
{
    cr_expect_eq(rmdir(folder), 0, "a file was left behind");
}

TestSuite(file_lock, .init = enter, .fini = leave);

Test(file_lock, one_at_a_time)
{
    struct err err = {0};
    struct file_lock one, two;
    cr_assert_eq(file_lock(path, &one, &err), ERR_OK, "%s", err.detail);
    cr_expect_eq(file_lock(path, &two, &err), ERR_IO);
    cr_expect(strstr(err.detail, "another process is at work"), "%s", err.detail);
    file_unlock(&two);
    file_unlock(&one);
    file_unlock(&one);
    cr_expect_neq(access(path, F_OK), 0, "the lock's file is still there");
    err_clear(&err);
    cr_expect_eq(file_lock(path, &two, &err), ERR_OK, "%s", err.detail);
    file_unlock(&two);
}

/* A child takes the lock, says so through a pipe, and is killed. */
Test(file_lock, what_a_killed_process_left_does_not_block)
{
    int ends[2];
    char byte = 0;
    struct err err = {0};
    struct file_lock lock;
    cr_assert_eq(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        if (file_lock(path, &lock, &err) == ERR_OK && write(ends[1], "x", 1) == 1)
            pause();
        _exit(1);
    }
    cr_assert_eq(read(ends[0], &byte, 1), 1);
    cr_expect_eq(file_lock(path, &lock, &err), ERR_IO);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    cr_expect_eq(access(path, F_OK), 0, "nothing was left");
    err_clear(&err);
    cr_expect_eq(file_lock(path, &lock, &err), ERR_OK, "%s", err.detail);
    file_unlock(&lock);
}

Test(file_lock, fails_where_nothing_can_be_written)
{
    struct err err = {0};
    struct file_lock lock;
    cr_expect_eq(file_lock("/nowhere/a.lock", &lock, &err), ERR_IO);
    cr_expect(strstr(err.detail, "/nowhere/a.lock: cannot write"), "%s", err.detail);
    file_unlock(&lock);
}

/* A link to victim.txt and a pipe: neither is followed, opened for writing or removed. */
Test(file_lock, what_is_planted_in_its_place_is_refused)
{
    struct err err = {0};
    struct file_lock lock;
    char victim[64];
    snprintf(victim, sizeof victim, "%s/victim", folder);
    cr_assert_eq(symlink(victim, path), 0);
    cr_expect_eq(file_lock(path, &lock, &err), ERR_IO);
    cr_expect(strstr(err.detail, "it is a link"), "%s", err.detail);
    cr_expect_neq(access(victim, F_OK), 0, "it was made");
    unlink(path);
    err_clear(&err);
    cr_assert_eq(mkfifo(path, 0600), 0);
    alarm(20);
    cr_expect_eq(file_lock(path, &lock, &err), ERR_IO);
    cr_expect(strstr(err.detail, "not a regular file"), "%s", err.detail);
    unlink(path);
}

Test(file_lock, one_file_has_one_lock_whatever_it_is_called)
{
    struct err err = {0};
    struct file_lock one, two;
    char output[64], link[64];
    snprintf(output, sizeof output, "%s/a", folder);
    snprintf(link, sizeof link, "%s/b", folder);
    cr_assert_eq(symlink("a", link), 0);
    cr_assert_eq(file_lock_output(link, &one, &err), ERR_OK, "%s", err.detail);
    cr_expect_str_eq(one.path, path);
    cr_expect_eq(file_lock_output(output, &two, &err), ERR_IO);
    file_unlock(&one);
    unlink(link);
}
