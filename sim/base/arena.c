/* Arena: a list of blocks, each twice the one before, from 1 to 64 KiB, so that a small arena is
 * small; the newest serves until it is full. What is larger has a block of its own. For blocks of
 * megabytes the system is asked for pages of 2 MiB: tables that are read here and there, a session
 * library above all, then miss the processor's table of pages less often.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/arena.h>

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { ALIGNMENT = 64, FIRST_BYTES = 1024, BLOCK_BYTES = 65536, PAGE_BYTES = 1 << 21 };

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

/* Of at least n_bytes. One that is larger than the others has no room to spare: the newest goes on
 * serving. */
static struct arena_block *block_new(struct arena *self, size_t n_bytes)
{
    struct arena_block *newest = self->newest;
    size_t usual = newest ? 2 * newest->n_bytes : FIRST_BYTES - ALIGNMENT;
    usual = usual < BLOCK_BYTES ? usual : BLOCK_BYTES;
    bool is_alone = newest && n_bytes > usual;
    size_t n = n_bytes > usual ? n_bytes : usual;
    struct arena_block *block = memory_new(ALIGNMENT + round_up(n, ALIGNMENT));
    if (!block)
        return NULL;
    *block = (struct arena_block){.n_bytes = round_up(n, ALIGNMENT)};
    block->older = is_alone ? newest->older : newest;
    if (is_alone)
        newest->older = block;
    else
        self->newest = block;
    return block;
}

/* n bytes behind a multiple of `alignment`. */
static unsigned char *bytes_take(struct arena *self, size_t n, size_t alignment)
{
    struct arena_block *block = self->newest;
    if (!block || block->n_bytes < round_up(block->n_used, alignment) ||
        block->n_bytes - round_up(block->n_used, alignment) < n)
        block = block_new(self, n);
    if (!block)
        return NULL;
    size_t at = round_up(block->n_used, alignment);
    block->n_used = at + n;
    return (unsigned char *)block + ALIGNMENT + at;
}

void *arena_alloc(struct arena *self, size_t n_bytes)
{
    if (n_bytes > SIZE_MAX / 2)
        return NULL;
    size_t n = round_up(n_bytes ? n_bytes : 1, ALIGNMENT);
    unsigned char *memory = bytes_take(self, n, ALIGNMENT);
    return memory ? memset(memory, 0, n) : NULL;
}

char *arena_text(struct arena *self, const char *text, size_t n_chars)
{
    char *copy = n_chars < SIZE_MAX / 2 ? (char *)bytes_take(self, n_chars + 1, 1) : NULL;
    if (!copy)
        return NULL;
    memcpy(copy, text, n_chars);
    copy[n_chars] = '\0';
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
