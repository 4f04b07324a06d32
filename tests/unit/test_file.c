/* Whole files: reading, and writing that shows all or nothing.
 * SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <retake/base/file.h>

#include <criterion/criterion.h>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Each test runs in a process and a folder of its own. */
static char folder[] = "/tmp/test_file_XXXXXX";

static void enter(void)
{
    cr_assert_not_null(mkdtemp(folder));
    cr_assert_eq(chdir(folder), 0);
}

static void leave(void)
{
    char command[64];
    cr_assert_eq(chdir("/"), 0);
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    cr_assert_eq(system(command), 0);
}

static size_t n_entries(void)
{
    size_t n = 0;
    DIR *stream = opendir(".");
    for (struct dirent *entry; (entry = readdir(stream));)
        n += entry->d_name[0] != '.' || strlen(entry->d_name) > 2;
    closedir(stream);
    return n;
}

static void expect_content(const char *path, const char *bytes, size_t n_bytes)
{
    struct arena arena = {0};
    struct file_text text;
    struct err err = {0};
    cr_assert_eq(file_read(path, FILE_MEMORY_BYTES, &arena, &text, &err), ERR_OK, "%s", err.detail);
    cr_assert_eq(text.n_bytes, n_bytes);
    cr_expect_eq(memcmp(text.bytes, bytes, n_bytes), 0);
    cr_expect_eq(text.bytes[n_bytes], '\0');
    arena_free(&arena);
}

Test(file, what_is_written_is_read_back, .init = enter, .fini = leave)
{
    struct err err = {0};
    cr_assert_eq(file_write("a.bin", "one\0two", 7, &err), ERR_OK, "%s", err.detail);
    expect_content("a.bin", "one\0two", 7);
    cr_assert_eq(file_write("a.bin", "", 0, &err), ERR_OK, "%s", err.detail);
    expect_content("a.bin", "", 0);
    cr_expect_eq(n_entries(), 1);
}

Test(file, what_cannot_be_read_is_bad_input, .init = enter, .fini = leave)
{
    struct arena arena = {0};
    struct file_text text;
    struct err err = {0};
    cr_expect_eq(file_read("absent.yaml", FILE_MEMORY_BYTES, &arena, &text, &err), ERR_INPUT);
    cr_expect_str_eq(err.detail, "absent.yaml: cannot open: No such file or directory");
    err_clear(&err);
    cr_expect_eq(file_read(".", FILE_MEMORY_BYTES, &arena, &text, &err), ERR_INPUT);
    cr_expect_str_eq(err.detail, ".: not a regular file");
    arena_free(&arena);
}

Test(file, nothing_is_seen_before_commit, .init = enter, .fini = leave)
{
    struct file_pending pending;
    struct err err = {0};
    cr_assert_eq(file_write("a.txt", "old", 3, &err), ERR_OK);
    cr_assert_eq(file_begin("a.txt", &pending, &err), ERR_OK);
    cr_assert_eq(file_put(&pending, "ne", 2, &err), ERR_OK, "%s", err.detail);
    cr_assert_eq(file_put(&pending, "w", 1, &err), ERR_OK, "%s", err.detail);
    expect_content("a.txt", "old", 3);
    cr_assert_eq(file_commit(&pending, &err), ERR_OK, "%s", err.detail);
    expect_content("a.txt", "new", 3);
    cr_expect_eq(n_entries(), 1);
}

Test(file, discard_leaves_no_trace, .init = enter, .fini = leave)
{
    struct file_pending pending;
    struct err err = {0};
    cr_assert_eq(file_begin("a.txt", &pending, &err), ERR_OK);
    file_discard(&pending);
    file_discard(&pending);
    cr_expect_eq(n_entries(), 0);
}

Test(file, a_failed_commit_discards, .init = enter, .fini = leave)
{
    struct file_pending pending;
    struct err err = {0};
    cr_assert_eq(file_begin("a.txt", &pending, &err), ERR_OK);
    cr_assert_eq(mkdir("a.txt", 0777), 0);
    cr_expect_eq(file_commit(&pending, &err), ERR_IO);
    cr_expect_null(pending.temporary);
    cr_expect_eq(n_entries(), 1);
}

Test(file, what_cannot_be_written_is_an_io_error, .init = enter, .fini = leave)
{
    static const char *const paths[] = {"absent/a.txt", "folder", "folder/", "a.txt/b"};
    struct err err = {0};
    cr_assert_eq(mkdir("folder", 0777), 0);
    cr_assert_eq(file_write("a.txt", "a", 1, &err), ERR_OK);
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        err_clear(&err);
        cr_expect_eq(file_write(paths[i], "x", 1, &err), ERR_IO, "%s", paths[i]);
        cr_expect_eq(strncmp(err.detail, paths[i], strlen(paths[i])), 0, "%s", err.detail);
    }
    cr_expect_eq(n_entries(), 2);
}

static mode_t mode_of(const char *path)
{
    struct stat status;
    cr_assert_eq(lstat(path, &status), 0, "%s is not there", path);
    return status.st_mode & 07777;
}

/* Without /proc a file cannot be given a name later, so it has one from the beginning, as where a
 * file system knows no files without a name. */
static void write_with_a_name(const char *path)
{
    enum { SKIPPED = 77 };
    int status;
    if (fork() == 0) {
        struct file_pending pending;
        struct err err = {0};
        if (chroot(".") != 0)
            _exit(SKIPPED);
        if (file_begin(path, &pending, &err) != ERR_OK || !pending.temporary ||
            mode_of(pending.temporary) != 0600 || file_put(&pending, "new", 3, &err) != ERR_OK)
            _exit(1);
        _exit(file_commit(&pending, &err) != ERR_OK);
    }
    cr_assert_gt(wait(&status), 0);
    cr_expect(WIFEXITED(status) && (WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == SKIPPED));
}

static void write_both_ways(const char *path)
{
    struct err err = {0};
    cr_assert_eq(file_write(path, "new", 3, &err), ERR_OK, "%s", err.detail);
    write_with_a_name(path);
    expect_content(path, "new", 3);
}

Test(file, the_mode_is_kept_and_a_new_file_has_what_others_have, .init = enter, .fini = leave)
{
    struct err err = {0};
    umask(027);
    write_both_ways("new.txt");
    cr_expect_eq(mode_of("new.txt"), 0640);
    cr_assert_eq(chmod("new.txt", 0600), 0);
    write_both_ways("new.txt");
    cr_expect_eq(mode_of("new.txt"), 0600);
    cr_assert_eq(chmod("new.txt", 04666), 0);
    write_both_ways("new.txt");
    cr_expect_eq(mode_of("new.txt"), 0666, "never a set-user bit");
    cr_assert_eq(chmod("new.txt", 0604), 0);
    cr_assert_eq(file_write_beside("part.txt", "new.txt", "p", 1, &err), ERR_OK);
    cr_expect_eq(mode_of("part.txt"), 0604);
    cr_assert_eq(file_write_beside("other.txt", "absent.txt", "p", 1, &err), ERR_OK);
    cr_expect_eq(mode_of("other.txt"), 0640);
    umask(022);
}

Test(file, the_owner_is_kept_where_that_is_permitted, .init = enter, .fini = leave)
{
    struct stat status;
    write_both_ways("a.txt");
    if (chown("a.txt", 4321, 8765) != 0)
        cr_skip_test("only root gives files away");
    write_both_ways("a.txt");
    cr_assert_eq(stat("a.txt", &status), 0);
    cr_expect_eq(status.st_uid, 4321);
    cr_expect_eq(status.st_gid, 8765);
}

Test(file, links_are_followed_to_what_is_not_there_yet_too, .init = enter, .fini = leave)
{
    char name[64];
    struct err err = {0};
    struct file_pending pending;
    cr_assert_eq(mkdir("scratch", 0777), 0);
    cr_assert_eq(symlink("scratch/second", "first"), 0);
    cr_assert_eq(symlink("target.txt", "scratch/second"), 0);
    cr_assert_eq(symlink("absent/target.txt", "nowhere"), 0);
    cr_assert_eq(symlink("circle", "circle"), 0);
    write_both_ways("first");
    expect_content("scratch/target.txt", "new", 3);
    cr_expect_gt(readlink("first", name, sizeof name), 0, "the link itself was replaced");
    write_both_ways("first");
    cr_expect_eq(file_begin("nowhere", &pending, &err), ERR_IO);
    cr_expect_str_eq(err.detail, "nowhere: cannot write: No such file or directory");
    err_clear(&err);
    cr_expect_eq(file_begin("circle", &pending, &err), ERR_IO);
    cr_expect_str_eq(err.detail, "circle: cannot write: Too many levels of symbolic links");
}

/* What a name of ours points to is never touched, and only what nobody holds is removed. */
Test(file, left_overs_are_removed_and_nothing_else, .init = enter, .fini = leave)
{
    static const char *const kept[] = {
        ".a.txt.1234.tmp",         ".b.txt.0123456789abcdef.tmp", ".a.txt.0123456789ABCDEF.tmp",
        ".a.txt.0123456789abcdef", "a.txt.0123456789abcdef.tmp",  ".a.txt.01234567-9abcdef.tmp"};
    static const char *const removed[] = {".a.txt.0123456789abcdef.tmp",
                                          ".a.txt.checkpoint.0123456789abcdef.tmp"};
    static const char held[] = ".a.txt.00000000000000aa.tmp",
                      link[] = ".a.txt.00000000000000bb.tmp",
                      fifo[] = ".a.txt.00000000000000cc.tmp";
    const size_t n_kept = sizeof kept / sizeof *kept;
    alarm(20);
    for (size_t i = 0; i < n_kept; i++)
        close(open(kept[i], O_CREAT | O_WRONLY, 0600));
    for (size_t i = 0; i < 2; i++)
        close(open(removed[i], O_CREAT | O_WRONLY, 0600));
    struct err err = {0};
    cr_assert_eq(file_write("victim", "victim", 6, &err), ERR_OK);
    cr_assert_eq(symlink("victim", link), 0);
    cr_assert_eq(mkfifo(fifo, 0600), 0);
    int descriptor = open(held, O_CREAT | O_RDWR, 0600);
    cr_assert_eq(flock(descriptor, LOCK_EX), 0);
    write_both_ways("a.txt");
    expect_content("victim", "victim", 6);
    cr_expect_eq(access(held, F_OK), 0);
    cr_expect_eq(access(link, F_OK), 0);
    cr_expect_eq(access(fifo, F_OK), 0);
    for (size_t i = 0; i < n_kept; i++)
        cr_expect_eq(access(kept[i], F_OK), 0, "%s is gone", kept[i]);
    for (size_t i = 0; i < 2; i++)
        cr_expect_neq(access(removed[i], F_OK), 0, "%s is there", removed[i]);
    close(descriptor);
    write_both_ways("a.txt");
    cr_expect_neq(access(held, F_OK), 0);
}

/* Many processes, one file: each writes all of it, none fails for another. */
Test(file, many_may_write_one_file_at_once, .init = enter, .fini = leave)
{
    enum { N = 16, TIMES = 10 };
    int status;
    for (int k = 0; k < N; k++)
        if (fork() == 0) {
            struct err err = {0};
            for (int n = 0; n < TIMES && !err.code; n++)
                file_write("a.txt", "same", 4, &err);
            _exit((int)err.code);
        }
    for (int k = 0; k < N; k++) {
        cr_assert_gt(wait(&status), 0);
        cr_expect_eq(status, 0);
    }
    expect_content("a.txt", "same", 4);
    cr_expect_eq(n_entries(), 1);
}

Test(file, a_limit_of_size_is_an_error_of_writing, .init = enter, .fini = leave)
{
    static const char bytes[10000];
    struct err err = {0};
    cr_assert_eq(file_write("a.txt", "old", 3, &err), ERR_OK);
    signal(SIGXFSZ, SIG_IGN);
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &(struct rlimit){4096, RLIM_INFINITY}), 0);
    cr_expect_eq(file_write("a.txt", bytes, sizeof bytes, &err), ERR_IO);
    cr_expect_str_eq(err.detail, "a.txt: cannot write: File too large");
    expect_content("a.txt", "old", 3);
    cr_expect_eq(n_entries(), 1);
}

Test(file, two_names_of_one_file_are_known, .init = enter, .fini = leave)
{
    struct err err = {0};
    cr_assert_eq(mkdir("b", 0777), 0);
    cr_assert_eq(file_write("a", "a", 1, &err), ERR_OK);
    cr_assert_eq(link("a", "b/hard"), 0);
    cr_assert_eq(symlink("../a", "b/soft"), 0);
    cr_assert_eq(symlink("b", "folder"), 0);
    cr_assert_eq(symlink("b/absent", "dangling"), 0);
    static const char *const same[][2] = {{"a", "./a"},    {"a", "b/hard"},
                                          {"a", "b/soft"}, {"b/absent", "folder/absent"},
                                          {"x", "./x"},    {"dangling", "folder/absent"},
                                          {"b/x", "./b/x"}},
                             *const other[][2] = {{"a", "b"}, {"a", "x"}, {"x", "b/x"}, {"x", "y"}};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        cr_expect(file_is_same(same[i][0], same[i][1]), "%s, %s", same[i][0], same[i][1]);
    for (size_t i = 0; i < sizeof other / sizeof *other; i++)
        cr_expect_not(file_is_same(other[i][0], other[i][1]), "%s, %s", other[i][0], other[i][1]);
}

Test(file, a_path_is_relative_to_the_folder_of_its_file)
{
    struct arena arena = {0};
    cr_expect_str_eq(file_relative_to("configs/emr.yaml", "banks/emr.csv", &arena),
                     "configs/banks/emr.csv");
    cr_expect_str_eq(file_relative_to("emr.yaml", "emr.csv", &arena), "emr.csv");
    cr_expect_str_eq(file_relative_to("/a/emr.yaml", "../emr.csv", &arena), "/a/../emr.csv");
    cr_expect_str_eq(file_relative_to("/a/emr.yaml", "/b/emr.csv", &arena), "/b/emr.csv");
    arena_free(&arena);
}
