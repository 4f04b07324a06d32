/* Arena: a list of blocks, each at least 64 KiB; the newest serves until it is full. For blocks of
 * megabytes the system is asked for pages of 2 MiB: tables that are read here and there, a session
 * library above all, then miss the processor's table of pages less often.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/arena.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { ALIGNMENT = 64, BLOCK_BYTES = 65536, PAGE_BYTES = 1 << 21 };

struct arena_block {
    struct arena_block *older;
    size_t n_used, n_bytes; /* of the bytes behind this header */
};

static size_t round_up(size_t n_bytes, size_t to)
{
    return (n_bytes + to - 1) / to * to;
}

static void *memory_new(size_t n_bytes)
{
    if (n_bytes < 2 * PAGE_BYTES)
        return aligned_alloc(ALIGNMENT, n_bytes);
    size_t n = round_up(n_bytes, PAGE_BYTES);
    void *memory = aligned_alloc(PAGE_BYTES, n);
    if (memory)
        madvise(memory, n, MADV_HUGEPAGE); /* a wish: nothing depends on it */
    return memory;
}

static struct arena_block *block_new(struct arena *self, size_t n_bytes)
{
    size_t n = n_bytes > BLOCK_BYTES ? n_bytes : BLOCK_BYTES;
    struct arena_block *block = memory_new(ALIGNMENT + n);
    if (!block)
        return NULL;
    *block = (struct arena_block){.older = self->newest, .n_bytes = n};
    self->newest = block;
    return block;
}

void *arena_alloc(struct arena *self, size_t n_bytes)
{
    if (n_bytes > SIZE_MAX / 2)
        return NULL;
    size_t n = round_up(n_bytes ? n_bytes : 1, ALIGNMENT);
    struct arena_block *block = self->newest;
    if (!block || block->n_bytes - block->n_used < n)
        block = block_new(self, n);
    if (!block)
        return NULL;
    unsigned char *memory = (unsigned char *)block + ALIGNMENT + block->n_used;
    block->n_used += n;
    return memset(memory, 0, n);
}

char *arena_text(struct arena *self, const char *text, size_t n_chars)
{
    char *copy = arena_alloc(self, n_chars + 1);
    if (copy)
        memcpy(copy, text, n_chars);
    return copy;
}

void arena_free(struct arena *self)
{
    while (self->newest) {
        struct arena_block *older = self->newest->older;
        free(self->newest);
        self->newest = older;
    }
}
