/* Whole files: reading, and writing that shows all or nothing.
 * SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <retake/base/file.h>

#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
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
    FILE *stream = fopen(pending.temporary, "wb");
    fputs("new", stream);
    fclose(stream);
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
    cr_expect_eq(n_entries(), 1);
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
