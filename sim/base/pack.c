/* SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/pack.h>

#include <string.h>

enum { WORD = 8 };

void pack_put_bytes(struct pack_writer *self, const void *from, size_t n_bytes)
{
    size_t filled = (n_bytes + WORD - 1) / WORD * WORD;
    if (self->bytes && n_bytes > 0) {
        memset(self->bytes + self->n + n_bytes, 0, filled - n_bytes);
        memcpy(self->bytes + self->n, from, n_bytes);
    }
    self->n += filled;
}

void pack_put_word(struct pack_writer *self, uint64_t word)
{
    pack_put_bytes(self, &word, sizeof word);
}

void pack_put_text(struct pack_writer *self, const char *text)
{
    size_t n = text ? strlen(text) + 1 : 0;
    pack_put_word(self, n);
    pack_put_bytes(self, text, n);
}

const void *pack_take_bytes(struct pack_reader *self, uint64_t n, size_t element_bytes)
{
    const void *from = self->bytes;
    if (self->is_bad || n > self->n_left / element_bytes) {
        self->is_bad = true;
        return NULL;
    }
    size_t filled = ((size_t)n * element_bytes + WORD - 1) / WORD * WORD;
    if (filled > self->n_left) {
        self->is_bad = true;
        return NULL;
    }
    self->bytes += filled;
    self->n_left -= filled;
    return from;
}

uint64_t pack_take_word(struct pack_reader *self)
{
    uint64_t word = 0;
    const void *from = pack_take_bytes(self, 1, WORD);
    if (from)
        memcpy(&word, from, sizeof word);
    return word;
}

const char *pack_take_text(struct pack_reader *self)
{
    uint64_t n = pack_take_word(self);
    const char *text = n > 0 ? pack_take_bytes(self, n, 1) : NULL;
    if (text && text[n - 1] != '\0') {
        self->is_bad = true;
        return NULL;
    }
    return text;
}
