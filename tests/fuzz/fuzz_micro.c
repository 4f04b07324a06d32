/* Files of microdata behind their hashes: words (place, value) are written into good ones, the
 * hashes made again, and they are read. The first byte says which: the index behind a file, a
 * compressed column, a segment, a tail. Refused in one line, or sound.
 * SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "file_input.h"

#include <retake/base/file.h>

#include "micro_blocks.h"
#include "micro_index.h"

#include <xxhash.h>

enum { FILE_BYTES = 100000, N_ROWS = 70000, N_TAIL = 50, EDIT_BYTES = 5 };

struct good {
    struct tally_micro_schema schema;
    struct store_micro_place place;
    unsigned char *index, *column;
    struct file_text segment, tail;
    struct store_micro_block *block;
    struct arena arena;
    size_t n_index;
};

/* ---- good files ---- */

static void schema_make(struct tally_micro_schema *self)
{
    self->tables[0] =
        (struct tally_micro_table){.n_columns = 2,
                                   .columns = {{.name = "candidate", .type = TALLY_MICRO_I64},
                                               {.name = "n_sittings", .type = TALLY_MICRO_U8}}};
    self->tables[1] =
        (struct tally_micro_table){.n_columns = 2,
                                   .columns = {{.name = "theta", .type = TALLY_MICRO_F32},
                                               {.name = "passed", .type = TALLY_MICRO_I8}}};
}

static void index_make(struct good *self)
{
    static const uint64_t n_rows[] = {N_ROWS, N_TAIL};
    struct store_micro_index index;
    struct err err = {0};
    require(store_micro_index_init(&self->schema, n_rows, &index, &err) == ERR_OK);
    index.next = N_ROWS;
    uint64_t at = 1000;
    for (int t = 0; t < TALLY_MICRO_N_TABLES; t++)
        for (size_t i = 0; i < 2 * index.n_blocks[t]; i++, at += 100)
            index.chunks[t][i] = (struct store_micro_chunk){.offset = at, .n_bytes = 100};
    self->index = store_micro_index_pack(&self->schema, &index, &self->n_index);
    require(self->index != NULL);
    store_micro_index_free(&index);
}

static void input_take(struct good *self, const char *suffix, struct file_text *out)
{
    struct err err = {0};
    char *name = store_micro_name(&self->place, 0, suffix);
    require(name && file_read(name, FILE_MEMORY_BYTES, &self->arena, out, &err) == ERR_OK);
    free(name);
}

/* One block of candidates in a segment, and a tail of some rows of both tables. */
static void files_make(struct good *self)
{
    struct store_micro_raw raw[TALLY_MICRO_N_TABLES];
    struct store_micro_segment segment = {.stream = NULL};
    const struct store_micro_span span = {.upto = STORE_MICRO_BLOCK, .n_blocks = {1, 0}};
    struct err err = {0};
    for (int t = 0; t < TALLY_MICRO_N_TABLES; t++) {
        require(store_micro_raw_init(&self->schema.tables[t], &raw[t]));
        memset(raw[t].memory, 0, STORE_MICRO_BLOCK * 5);
        raw[t].n = N_TAIL;
    }
    require(store_micro_tail_write(&self->place, 0, &self->schema, raw, &err) == ERR_OK);
    memset(raw[0].memory, 1, STORE_MICRO_BLOCK * 9);
    raw[0].n = STORE_MICRO_BLOCK;
    self->block = store_micro_block_pack(&self->schema.tables[0], &raw[0], STORE_MICRO_BLOCK);
    require(self->block != NULL);
    store_micro_segment_append(&self->place, 0, &segment, self->block, &err);
    store_micro_segment_close(&self->place, &segment, 0, &span, &err);
    require(err.code == ERR_OK);
    store_micro_segment_drop(&segment);
    for (int t = 0; t < TALLY_MICRO_N_TABLES; t++)
        store_micro_raw_free(&raw[t]);
    input_take(self, "segment", &self->segment);
    input_take(self, "tail", &self->tail);
}

static const struct good *good_files(void)
{
    static struct good self;
    static char path[] = "/dev/shm/retake-fuzz-XXXXXX/m";
    if (self.place.path)
        return &self;
    path[sizeof path - 3] = '\0';
    require(mkdtemp(path) != NULL);
    path[sizeof path - 3] = '/';
    self.place.path = path;
    schema_make(&self.schema);
    index_make(&self);
    files_make(&self);
    return &self;
}

/* ---- bad ones ---- */

/* A copy with edits: a place from the end or the beginning, a value, and how it is meant. */
static unsigned char *edited(const void *from, size_t n, const uint8_t *data, size_t n_bytes)
{
    unsigned char *bytes = malloc(n + 1);
    require(bytes != NULL);
    memcpy(bytes, from, n);
    for (size_t i = 0; i + EDIT_BYTES <= n_bytes; i += EDIT_BYTES) {
        size_t at = (data[i] | (size_t)data[i + 1] << 8) % n, width = data[i + 2] & 1 ? 8 : 4;
        uint64_t old = 0, value = data[i + 3];
        at = (data[i + 2] & 2 ? n - 1 - at : at) / width * width;
        width = width < n - at ? width : n - at;
        memcpy(&old, bytes + at, width);
        const uint64_t values[] = {value, old + value, old - value, UINT64_MAX - value,
                                   value << data[i + 4] % 64};
        memcpy(bytes + at, &values[data[i + 4] % 5], width);
    }
    return bytes;
}

static void input_put(const struct good *self, const char *suffix, const void *bytes, size_t n)
{
    char *name = store_micro_name(&self->place, 0, suffix);
    FILE *stream = name ? fopen(name, "wb") : NULL;
    require(stream && fwrite(bytes, 1, n, stream) == n);
    fclose(stream);
    free(name);
}

static void try_index(const struct good *self, const uint8_t *data, size_t n_bytes)
{
    struct store_micro_index index;
    struct err err = {0};
    unsigned char *bytes = edited(self->index, self->n_index, data, n_bytes);
    store_micro_index_take("fuzz", &self->schema, bytes, self->n_index, FILE_BYTES, &index, &err);
    require_message(&err);
    uint64_t total = 0;
    for (int t = 0; err.code == ERR_OK && t < TALLY_MICRO_N_TABLES; t++)
        for (size_t i = 0; i < 2 * index.n_blocks[t]; i++) {
            const struct store_micro_chunk *chunk = &index.chunks[t][i];
            require(chunk->offset <= FILE_BYTES && chunk->n_bytes <= FILE_BYTES - chunk->offset);
            total += chunk->n_bytes;
        }
    require(total <= FILE_BYTES);
    store_micro_index_free(&index);
    free(bytes);
}

/* Any bytes, or a good column with edits, as values of some width. */
static void try_column(const struct good *self, const uint8_t *data, size_t n_bytes)
{
    static unsigned char planes[STORE_MICRO_BLOCK * 8], values[STORE_MICRO_BLOCK * 8];
    const struct store_micro_entry *entry = &self->block->entry;
    bool is_edit = n_bytes > 0 && data[0] & 1;
    size_t width = n_bytes > 1 ? (size_t)1 << data[1] % 4 : 8;
    size_t n = is_edit ? entry->column_bytes[0] : n_bytes;
    unsigned char *bytes = edited(is_edit ? self->block->bytes : data, n, is_edit ? data + 2 : NULL,
                                  is_edit && n_bytes > 2 ? n_bytes - 2 : 0);
    struct store_micro_packed packed = {bytes, n, STORE_MICRO_BLOCK, STORE_MICRO_BLOCK,
                                        entry->digest[0]};
    store_micro_column_unpack(&packed, width, planes, values);
    packed.n = packed.n_stored = n_bytes % 100 + 1;
    store_micro_column_unpack(&packed, width, planes, values);
    free(bytes);
}

static void try_segment(const struct good *self, const uint8_t *data, size_t n_bytes)
{
    enum { HEADER = 64, ENTRY = sizeof(struct store_micro_entry), FOOTER = 56 };
    size_t n = self->segment.n_bytes;
    struct store_micro_blocks blocks;
    struct err err = {0};
    unsigned char *bytes = edited(self->segment.bytes, n, data, n_bytes);
    uint64_t parts[3] = {XXH3_64bits(bytes, HEADER), XXH3_64bits(bytes + n - FOOTER - ENTRY, ENTRY),
                         XXH3_64bits(bytes + n - FOOTER, FOOTER - sizeof(uint64_t))};
    uint64_t hash = XXH3_64bits(parts, sizeof parts);
    memcpy(bytes + n - sizeof hash, &hash, sizeof hash);
    input_put(self, "segment", bytes, n);
    store_micro_blocks_find(&self->place, &self->schema, 1, &blocks, &err);
    blocks.n_foreign = 1;
    for (int t = 0; t < TALLY_MICRO_N_TABLES; t++)
        for (size_t b = 0; !err.code && b < blocks.n[t]; b++)
            store_micro_blocks_read(&blocks, t, b, &err);
    require_message(&err);
    store_micro_blocks_free(&blocks);
    free(bytes);
}

static void try_tail(const struct good *self, const uint8_t *data, size_t n_bytes)
{
    size_t n = self->tail.n_bytes;
    struct store_micro_raw raw[TALLY_MICRO_N_TABLES];
    struct err err = {0};
    unsigned char *bytes = edited(self->tail.bytes, n, data, n_bytes);
    uint64_t hash = XXH3_64bits(bytes, n - sizeof hash);
    memcpy(bytes + n - sizeof hash, &hash, sizeof hash);
    input_put(self, "tail", bytes, n);
    for (int t = 0; t < TALLY_MICRO_N_TABLES; t++)
        require(store_micro_raw_init(&self->schema.tables[t], &raw[t]));
    store_micro_tail_read(&self->place, 0, &self->schema, raw, &err);
    require_message(&err);
    for (int t = 0; t < TALLY_MICRO_N_TABLES; t++) {
        require(raw[t].n < STORE_MICRO_BLOCK);
        store_micro_raw_free(&raw[t]);
    }
    free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n_bytes)
{
    static void (*const tries[])(const struct good *, const uint8_t *,
                                 size_t) = {try_index, try_column, try_segment, try_tail};
    if (n_bytes > 0)
        tries[data[0] % 4](good_files(), data + 1, n_bytes - 1);
    return 0;
}
