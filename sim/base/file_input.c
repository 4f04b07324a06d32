/* Inputs: opened so that nothing in the place of a file can hold the program up, looked at before a
 * byte is read, and read once from one descriptor.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/file.h>
#include <retake/base/wording.h>

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Whether the file is at fault, which the user can mend, or the system. */
static enum err_code code_of(int reason)
{
    static const int of_the_file[] = {ENOENT, ENOTDIR, EISDIR,       EACCES, EPERM,
                                      ELOOP,  EINVAL,  ENAMETOOLONG, ENXIO,  ENODEV};
    for (size_t i = 0; i < sizeof of_the_file / sizeof *of_the_file; i++)
        if (reason == of_the_file[i])
            return ERR_INPUT;
    return reason == ENOMEM ? ERR_MEMORY : ERR_IO;
}

enum err_code file_open_input(const char *path, int *descriptor, size_t *n_bytes, struct err *err)
{
    struct stat status;
    int opened;
    do
        opened = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
    while (opened < 0 && errno == EINTR);
    *descriptor = -1;
    if (opened < 0)
        return err_set(err, code_of(errno), "%s: cannot open: %s", path, strerror(errno));
    if (fstat(opened, &status) != 0)
        err_set(err, code_of(errno), "%s: cannot read: %s", path, strerror(errno));
    else if (!S_ISREG(status.st_mode))
        err_set(err, ERR_INPUT, "%s: not a regular file", path);
    if (err->code) {
        close(opened);
        return err->code;
    }
    *descriptor = opened;
    *n_bytes = (size_t)status.st_size;
    return ERR_OK;
}

enum err_code file_look(const char *path, bool *is_there, struct err *err)
{
    *is_there = access(path, F_OK) == 0;
    if (*is_there || errno == ENOENT || errno == ENOTDIR || errno == ENAMETOOLONG)
        return ERR_OK;
    return err_set(err, errno == ENOMEM ? ERR_MEMORY : ERR_IO, "%s: cannot look: %s", path,
                   strerror(errno));
}

/* How many bytes come, most at most; -1 with errno. */
static ssize_t bytes_read(int descriptor, char *bytes, size_t most)
{
    size_t n = 0;
    while (n < most) {
        ssize_t more = read(descriptor, bytes + n, most - n);
        if (more < 0 && errno == EINTR)
            continue;
        if (more < 0)
            return -1;
        if (more == 0)
            break;
        n += (size_t)more;
    }
    return (ssize_t)n;
}

/* A file of another size than it said, longer or shorter, is being written, or is none of a disk.
 */
static enum err_code text_read(int descriptor, const char *path, struct file_text *out,
                               struct err *err)
{
    char beyond;
    ssize_t n = bytes_read(descriptor, out->bytes, out->n_bytes);
    ssize_t n_beyond = n < 0 ? n : bytes_read(descriptor, &beyond, 1);
    if (n_beyond < 0)
        return err_set(err, code_of(errno), "%s: cannot read: %s", path, strerror(errno));
    if ((size_t)n != out->n_bytes || n_beyond != 0)
        return err_set(err, ERR_IO, "%s: its size changed while it was read", path);
    return ERR_OK;
}

/* As many bytes as the machine has: what is larger is refused before the system is asked, which
 * promises more than it has. */
static size_t memory_of_machine(void)
{
    long n_pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
    return n_pages > 0 && page > 0 ? (size_t)n_pages * (size_t)page : SIZE_MAX;
}

enum err_code file_read_open(const char *path, int descriptor, size_t n_bytes, struct arena *arena,
                             struct file_text *out, struct err *err)
{
    if (n_bytes >= memory_of_machine())
        return err_set(err, ERR_MEMORY, "%s: no memory for %s", path,
                       wording_count(n_bytes, "byte").text);
    *out = (struct file_text){arena_alloc(arena, n_bytes + 1), n_bytes};
    if (!out->bytes)
        return err_set(err, ERR_MEMORY, "%s: no memory for %s", path,
                       wording_count(n_bytes, "byte").text);
    return text_read(descriptor, path, out, err);
}

enum err_code file_read(const char *path, size_t max_bytes, struct arena *arena,
                        struct file_text *out, struct err *err)
{
    int descriptor;
    size_t n_bytes;
    if (file_open_input(path, &descriptor, &n_bytes, err) != ERR_OK)
        return err->code;
    if (max_bytes != FILE_MEMORY_BYTES && n_bytes > max_bytes)
        err_set(err, ERR_INPUT, "%s: too large: %s, the limit is %zu", path,
                wording_count(n_bytes, "byte").text, max_bytes);
    else
        file_read_open(path, descriptor, n_bytes, arena, out, err);
    close(descriptor);
    return err->code;
}
