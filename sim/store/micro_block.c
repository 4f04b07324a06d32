/* Compression of blocks: HDF5's filters shuffle and deflate, done here so that all threads share
 * the work outside HDF5's lock (H5Dwrite_chunk takes the outcome as it is).
 *
 * Shuffling puts the first bytes of all values together, then the second ones, and so on. Each such
 * plane is deflated as it deserves, which takes less than half the time of level 1 and less room:
 * rows are independent of each other, so that looking for matches is in vain. The low bytes of a
 * real are noise and only copied; others have some values more often than others and get a Huffman
 * code; runs of one value are counted. How even the counts n_b of its bytes are says which:
 * n^2 / sum n_b^2 is the number of different bytes that would be as uneven were they equally
 * frequent.
 * SPDX-License-Identifier: Apache-2.0 */
#include "micro_block.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>
#include <zlib.h>

bool store_micro_raw_init(const struct tally_micro_table *table, struct store_micro_raw *self)
{
    size_t n_bytes = 0;
    *self = (struct store_micro_raw){.n = 0};
    for (size_t k = 0; k < table->n_columns; k++)
        n_bytes += STORE_MICRO_BLOCK * tally_micro_bytes[table->columns[k].type];
    self->memory = malloc(n_bytes);
    if (!self->memory)
        return false;
    unsigned char *at = self->memory;
    for (size_t k = 0; k < table->n_columns; k++) {
        self->values[k] = at;
        at += STORE_MICRO_BLOCK * tally_micro_bytes[table->columns[k].type];
    }
    return true;
}

void store_micro_raw_free(struct store_micro_raw *self)
{
    free(self->memory);
    *self = (struct store_micro_raw){.n = 0};
}

void store_micro_block_free(struct store_micro_block *self)
{
    if (self)
        free(self->bytes);
    free(self);
}

static void shuffle(const unsigned char *values, size_t n, size_t width, size_t n_stored,
                    unsigned char *out)
{
    for (size_t b = 0; b < width; b++) {
        unsigned char *plane = out + b * n_stored;
        for (size_t i = 0; i < n; i++)
            plane[i] = values[i * width + b];
        memset(plane + n, 0, n_stored - n);
    }
}

struct effort {
    int level, strategy;
};

/* Twice the number of bytes, equally frequent, that would be as uneven. */
static uint64_t evenness(const unsigned char *plane, size_t n)
{
    enum { TABLES = 4 }; /* so that equal neighbours do not wait for each other */
    uint32_t counts[TABLES][256] = {{0}};
    uint64_t squares = 0;
    for (size_t i = 0; i < n; i++)
        counts[i % TABLES][plane[i]]++;
    for (size_t b = 0; b < 256; b++) {
        uint64_t count = 0;
        for (int t = 0; t < TABLES; t++)
            count += counts[t][b];
        squares += count * count;
    }
    return squares ? 2 * (uint64_t)n * n / squares : 0;
}

/* Only the numbers of candidates (64 bits) go up steadily: bytes that seem even, and yet repeat. */
static struct effort effort_of(const unsigned char *plane, size_t n, enum tally_micro_type type)
{
    enum { NOISE = 2 * 100, UNEVEN = 3 };
    if (type == TALLY_MICRO_I64)
        return (struct effort){1, Z_DEFAULT_STRATEGY};
    uint64_t n_even = evenness(plane, n);
    if (n_even >= NOISE)
        return (struct effort){0, Z_DEFAULT_STRATEGY};
    return (struct effort){1, n_even >= UNEVEN ? Z_HUFFMAN_ONLY : Z_RLE};
}

struct packer {
    z_stream zip;
    unsigned char *planes; /* one column, shuffled */
    unsigned char *out;    /* [capacity] */
    size_t capacity, n_out;
};

static bool column_deflate(struct packer *self, size_t n, size_t width, enum tally_micro_type type)
{
    z_stream *zip = &self->zip;
    if (deflateReset(zip) != Z_OK)
        return false;
    zip->next_out = self->out + self->n_out;
    zip->avail_out = (unsigned)(self->capacity - self->n_out);
    for (size_t b = 0; b < width; b++) {
        const struct effort effort = effort_of(self->planes + b * n, n, type);
        if (deflateParams(zip, effort.level, effort.strategy) != Z_OK)
            return false;
        zip->next_in = self->planes + b * n;
        zip->avail_in = (unsigned)n;
        int done = deflate(zip, b + 1 < width ? Z_NO_FLUSH : Z_FINISH);
        if (done != (b + 1 < width ? Z_OK : Z_STREAM_END))
            return false;
    }
    self->n_out = (size_t)(zip->next_out - self->out);
    return true;
}

static void digest_take(const void *values, size_t n_bytes, unsigned char *out)
{
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits(values, n_bytes));
    memcpy(out, &canonical, STORE_MICRO_DIGEST);
}

static void unshuffle(const unsigned char *planes, size_t n, size_t width, size_t n_stored,
                      unsigned char *out)
{
    for (size_t b = 0; b < width; b++)
        for (size_t i = 0; i < n; i++)
            out[i * width + b] = planes[b * n_stored + i];
}

bool store_micro_column_unpack(const struct store_micro_packed *packed, size_t width, void *planes,
                               void *values)
{
    unsigned char digest[STORE_MICRO_DIGEST];
    uLongf n_out = packed->n_stored * width;
    uLong n_in = packed->n_bytes;
    if (uncompress2(planes, &n_out, packed->bytes, &n_in) != Z_OK ||
        n_out != packed->n_stored * width || n_in != packed->n_bytes)
        return false;
    unshuffle(planes, packed->n, width, packed->n_stored, values);
    digest_take(values, packed->n * width, digest);
    return memcmp(digest, packed->digest, sizeof digest) == 0;
}

static bool columns_pack(struct packer *packer, const struct tally_micro_table *table,
                         const struct store_micro_raw *raw, size_t n_stored,
                         struct store_micro_entry *entry)
{
    for (size_t k = 0; k < table->n_columns; k++) {
        enum tally_micro_type type = table->columns[k].type;
        size_t width = tally_micro_bytes[type], before = packer->n_out;
        digest_take(raw->values[k], raw->n * width, entry->digest[k]);
        shuffle(raw->values[k], raw->n, width, n_stored, packer->planes);
        if (!column_deflate(packer, n_stored, width, type))
            return false;
        entry->column_bytes[k] = (uint32_t)(packer->n_out - before);
    }
    entry->n_rows = (uint32_t)raw->n;
    entry->n_bytes = packer->n_out;
    entry->hash = XXH3_64bits(packer->out, packer->n_out);
    return true;
}

size_t store_micro_packed_most(size_t value_bytes)
{
    return value_bytes * 9 / 8 + 1024;
}

static size_t most_bytes(const struct tally_micro_table *table, size_t n_stored)
{
    size_t n = 0;
    for (size_t k = 0; k < table->n_columns; k++)
        n += store_micro_packed_most(n_stored * tally_micro_bytes[table->columns[k].type]);
    return n;
}

struct store_micro_block *store_micro_block_pack(const struct tally_micro_table *table,
                                                 const struct store_micro_raw *raw, size_t n_stored)
{
    enum { WIDEST = 8 };
    struct packer packer = {.capacity = most_bytes(table, n_stored)};
    struct store_micro_block *self = calloc(1, sizeof *self);
    packer.planes = malloc(n_stored * WIDEST + 1);
    packer.out = malloc(packer.capacity);
    bool begun = self && packer.planes && packer.out && deflateInit(&packer.zip, 1) == Z_OK;
    bool packed = begun && columns_pack(&packer, table, raw, n_stored, &self->entry);
    if (begun)
        deflateEnd(&packer.zip);
    if (packed) {
        self->bytes = realloc(packer.out, packer.n_out + 1);
        packer.out = NULL;
    }
    free(packer.out);
    free(packer.planes);
    if (self && self->bytes)
        return self;
    store_micro_block_free(self);
    return NULL;
}
