/* A stream into memory: the C library buffers, and asks to write into a text that doubles. Once
 * that could not grow, every further writing fails, and so does closing.
 * SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* fopencookie */
#include <retake/base/stream.h>

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct memory {
    char **bytes; /* the caller's */
    size_t *n_bytes;
    size_t n_room;
    bool has_failed;
};

static void give_up(struct memory *self)
{
    free(*self->bytes);
    *self->bytes = NULL;
    *self->n_bytes = self->n_room = 0;
    self->has_failed = true;
    errno = ENOMEM;
}

static ssize_t memory_write(void *cookie, const char *from, size_t n)
{
    struct memory *self = cookie;
    size_t n_needed = *self->n_bytes + n + 1;
    if (!self->has_failed && n_needed > self->n_room) {
        size_t n_room = 2 * n_needed;
        char *grown = realloc(*self->bytes, n_room);
        if (grown) {
            *self->bytes = grown;
            self->n_room = n_room;
        } else {
            give_up(self);
        }
    }
    if (self->has_failed)
        return 0; /* for glibc an error, as -1 is for others */
    memcpy(*self->bytes + *self->n_bytes, from, n);
    *self->n_bytes += n;
    (*self->bytes)[*self->n_bytes] = '\0';
    return (ssize_t)n;
}

/* For ftell alone. */
static int memory_tell(void *cookie, off64_t *offset, int whence)
{
    const struct memory *self = cookie;
    if (whence != SEEK_CUR || *offset != 0)
        return -1;
    *offset = (off64_t)*self->n_bytes;
    return 0;
}

static int memory_close(void *cookie)
{
    struct memory *self = cookie;
    int result = self->has_failed ? EOF : 0;
    free(self);
    return result;
}

FILE *stream_to_memory(char **bytes, size_t *n_bytes)
{
    static const cookie_io_functions_t functions = {
        .write = memory_write, .seek = memory_tell, .close = memory_close};
    struct memory *self = malloc(sizeof *self);
    FILE *stream = NULL;
    *n_bytes = 0;
    *bytes = calloc(1, 1);
    if (self && *bytes) {
        *self = (struct memory){.bytes = bytes, .n_bytes = n_bytes, .n_room = 1};
        stream = fopencookie(self, "w", functions);
    }
    if (!stream) {
        free(self);
        free(*bytes);
        *bytes = NULL;
    }
    return stream;
}
