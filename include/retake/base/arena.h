/* Arena: many small allocations with one life, freed at once.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_BASE_ARENA_H
#define RETAKE_BASE_ARENA_H

#include <stddef.h>

/** A zeroed struct is an empty arena. Not for sharing between threads. */
struct arena {
    struct arena_block *newest;
};

/** n_bytes of zeroed memory aligned to 64 bytes, or NULL when memory is out. */
void *arena_alloc(struct arena *self, size_t n_bytes);

/** A copy of the first n_chars characters of text, with a terminator; NULL when memory is out. */
char *arena_text(struct arena *self, const char *text, size_t n_chars);

/** Free everything; the arena is empty and usable again. */
void arena_free(struct arena *self);

#endif
