/* The index behind a file of microdata: what was packed is taken back; any other bytes are refused
 * in one line, before one of their numbers becomes a size or a place.
 * SPDX-License-Identifier: Apache-2.0 */
#include "micro_parts.h"

#include "micro_index.h"

#include <criterion/criterion.h>
#include <string.h>

enum { FILE_BYTES = 100000, N_CANDIDATES = 70000, N_SITTINGS = 3 };

/* Places in the bytes (docs/microdata.md): the head has 176 bytes, a column 64, a chunk 32. */
enum {
    AT_KEEP = 32,
    AT_FIRST = 128,
    AT_NEXT = 136,
    AT_N_CANDIDATES = 144,
    AT_N_SITTINGS = 152,
    AT_N_COLUMNS = 160,
    AT_COLUMN = 176,
    AT_COLUMN_BYTES = 176 + 56,
    AT_CHUNK = 176 + 4 * 64,
    CHUNK = 32
};

static struct tally_micro_schema schema;
static unsigned char *bytes;
static size_t n_bytes;

/* Three blocks, the chunks of which follow each other and have 100 bytes each. */
static void begin(void)
{
    static const uint64_t n_rows[] = {N_CANDIDATES, N_SITTINGS};
    struct store_micro_index index;
    struct err err = {0};
    parts_schema(&schema);
    cr_assert_eq(store_micro_index_init(&schema, n_rows, &index, &err), ERR_OK);
    index.first = 512;
    index.next = 512 + N_CANDIDATES;
    uint64_t at = 1000;
    for (int t = 0; t < 2; t++)
        for (size_t i = 0; i < index.n_blocks[t] * 2; i++, at += 100)
            index.chunks[t][i] = (struct store_micro_chunk){at, t == 0 ? 100 : 9, {(uint8_t)i}};
    bytes = store_micro_index_pack(&schema, &index, &n_bytes);
    cr_assert(bytes);
    store_micro_index_free(&index);
}

static void end(void)
{
    free(bytes);
}

TestSuite(micro_index, .init = begin, .fini = end);

static enum err_code take(size_t n, struct store_micro_index *out, struct err *err)
{
    return store_micro_index_take("part.h5", &schema, bytes, n, FILE_BYTES, out, err);
}

static void expect_refused(size_t n, const char *words)
{
    struct store_micro_index index;
    struct err err = {0};
    cr_expect_eq(take(n, &index, &err), ERR_INPUT, "%s", words);
    cr_expect(strstr(err.detail, words), "'%s' is not in '%s'", words, err.detail);
    store_micro_index_free(&index);
}

/* Refused with one word changed, which is then as it was. */
static void expect_word_refused(size_t at, uint64_t word, const char *words)
{
    uint64_t good;
    memcpy(&good, bytes + at, sizeof good);
    memcpy(bytes + at, &word, sizeof word);
    expect_refused(n_bytes, words);
    memcpy(bytes + at, &good, sizeof good);
}

Test(micro_index, what_was_packed_is_taken)
{
    struct store_micro_index index;
    struct err err = {0};
    cr_assert_eq(n_bytes, AT_CHUNK + (2 * 2 + 1 * 2) * CHUNK);
    cr_assert_eq(take(n_bytes, &index, &err), ERR_OK, "%s", err.detail);
    cr_expect_eq(index.first, 512);
    cr_expect_eq(index.next, 512 + N_CANDIDATES);
    cr_expect_eq(index.n_rows[0], N_CANDIDATES);
    cr_expect_eq(index.n_blocks[0], 2);
    cr_expect_eq(index.n_blocks[1], 1);
    cr_expect_eq(index.chunks[0][3].offset, 1300);
    cr_expect_eq(index.chunks[1][1].n_bytes, 9);
    cr_expect_eq(store_micro_block_rows(index.n_rows[0], 1), N_CANDIDATES - STORE_MICRO_BLOCK);
    cr_expect_eq(store_micro_block_stored(index.n_rows[0]), STORE_MICRO_BLOCK);
    cr_expect_eq(store_micro_block_stored(index.n_rows[1]), N_SITTINGS);
    store_micro_index_free(&index);
}

Test(micro_index, sizes_of_any_other_kind_are_refused)
{
    static const uint64_t odd[] = {0,
                                   1,
                                   65536,
                                   65537,
                                   131073,
                                   1ULL << 31,
                                   1ULL << 32,
                                   1ULL << 48,
                                   1ULL << 60,
                                   (1ULL << 63) - 1,
                                   1ULL << 63,
                                   UINT64_MAX - 65535,
                                   UINT64_MAX - 1,
                                   UINT64_MAX};
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        if (odd[i] != STORE_MICRO_BLOCK + 1) /* as many blocks: the digest will tell */
            expect_word_refused(AT_N_CANDIDATES, odd[i], "damaged");
        if (odd[i] == 0 || odd[i] > STORE_MICRO_BLOCK)
            expect_word_refused(AT_N_SITTINGS, odd[i], "damaged");
        if (odd[i] != 2)
            expect_word_refused(AT_N_COLUMNS, odd[i], "other columns");
        expect_word_refused(AT_COLUMN_BYTES, odd[i], odd[i] == 8 ? "" : "other columns");
        if (odd[i] > FILE_BYTES)
            expect_word_refused(AT_CHUNK, odd[i], "outside of the file");
        if (odd[i] > FILE_BYTES)
            expect_word_refused(AT_CHUNK + 8, odd[i], "outside of the file");
    }
    for (size_t n = 0; n < n_bytes; n += n < AT_CHUNK ? 13 : 1)
        expect_refused(n, "part.h5: ");
}

Test(micro_index, chunks_lie_within_the_file_and_claim_no_byte_twice)
{
    expect_word_refused(AT_CHUNK, FILE_BYTES - 99, "outside of the file");
    expect_word_refused(AT_CHUNK + 8, FILE_BYTES - 500, "outside of the file");
    /* three sittings of four bytes cannot become 2,000 */
    expect_word_refused(AT_CHUNK + 4 * CHUNK + 8, 2000, "outside of the file");
}

Test(micro_index, another_schema_is_refused)
{
    bytes[AT_COLUMN] ^= 1;
    expect_refused(n_bytes, "other columns than this scenario has");
    bytes[AT_COLUMN] ^= 1;
    bytes[AT_KEEP] ^= 1;
    expect_refused(n_bytes, "keeps other rows");
    bytes[AT_KEEP] ^= 1;
    bytes[3] ^= 1;
    expect_refused(n_bytes, "not a file of microdata");
    bytes[3] ^= 1;
    expect_word_refused(AT_NEXT, 512 + N_CANDIDATES - 1, "more candidates than the run had");
    expect_word_refused(AT_NEXT, 511, "more candidates than the run had");
    expect_word_refused(AT_FIRST, UINT64_MAX, "more candidates than the run had");
}

Test(micro_index, any_bytes_are_no_column)
{
    static const unsigned char values[] = {1, 0, 2, 0, 3, 0};
    struct store_micro_raw raw;
    const struct tally_micro_table table = {.n_columns = 1, .columns = {{.type = TALLY_MICRO_I16}}};
    unsigned char planes[6], out[6];
    cr_assert(store_micro_raw_init(&table, &raw));
    memcpy(raw.values[0], values, sizeof values);
    raw.n = 3;
    struct store_micro_block *block = store_micro_block_pack(&table, &raw, 3);
    cr_assert(block);
    struct store_micro_packed packed = {block->bytes, block->entry.n_bytes, 3, 3,
                                        block->entry.digest[0]};
    cr_expect(store_micro_column_unpack(&packed, 2, planes, out));
    cr_expect_arr_eq(out, values, sizeof values);
    packed.n_stored = 2, packed.n = 2;
    cr_expect_not(store_micro_column_unpack(&packed, 2, planes, out), "more than its bound");
    packed.n_stored = packed.n = 3, packed.n_bytes--;
    cr_expect_not(store_micro_column_unpack(&packed, 2, planes, out), "short");
    packed.n_bytes++;
    block->entry.digest[0][15] ^= 1;
    cr_expect_not(store_micro_column_unpack(&packed, 2, planes, out), "another digest");
    store_micro_block_free(block);
    store_micro_raw_free(&raw);
}
