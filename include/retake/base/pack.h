/* Plain bytes between processes of one program: 64-bit words in this machine's order. A text is its
 * length + 1 (0: there is none), its bytes and a 0; everything is filled up to whole words, so that
 * values lie as they do in memory.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_BASE_PACK_H
#define RETAKE_BASE_PACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** A zeroed struct only counts: pack once so, and again with bytes for what n has become. */
struct pack_writer {
    unsigned char *bytes; /* NULL: only count */
    size_t n;
};

void pack_put_bytes(struct pack_writer *self, const void *from, size_t n_bytes);
void pack_put_word(struct pack_writer *self, uint64_t word);

/** @param text  NULL: there is none */
void pack_put_text(struct pack_writer *self, const char *text);

/** Believes none of the bytes. Once is_bad is true every number is 0 and every pointer NULL, so a
 * chain of calls may be looked at once at its end. */
struct pack_reader {
    const unsigned char *bytes; /* aligned for a word */
    size_t n_left;              /* whole words */
    bool is_bad;
};

/** n elements of element_bytes each, where they lie; NULL where there are not so many. */
const void *pack_take_bytes(struct pack_reader *self, uint64_t n, size_t element_bytes);
uint64_t pack_take_word(struct pack_reader *self);

/** A text where it lies, or NULL: there is none. */
const char *pack_take_text(struct pack_reader *self);

#endif
