/* The index behind a file of microdata: a head, a record for each column, and one for each chunk in
 * the order of tables, blocks, columns. Numbers are 64 bits and little-endian, like the values of
 * the file. The head and the columns are what this program would write for the scenario, so that
 * they are compared, not read.
 *
 * The digest is XXH3 (128 bits) over, for each variable in the order of the file, its name (number
 * of bytes, then UTF-8), its number of values, and the canonical XXH3 (128 bits) of the canonical
 * XXH3 (128 bits) of each 65,536 values; numbers are 64 bits, all little-endian.
 * SPDX-License-Identifier: Apache-2.0 */
#include "micro_index.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

static const char index_mark[32] = "\nretake microdata index 1\n";

struct head {
    char mark[32], keep[96];
    uint64_t first, next;
    uint64_t n_rows[TALLY_MICRO_N_TABLES], n_columns[TALLY_MICRO_N_TABLES];
};

struct column {
    char name[56];
    uint64_t n_bytes; /* of a value */
};

size_t store_micro_block_rows(uint64_t n_rows, size_t block)
{
    uint64_t left = n_rows - (uint64_t)block * STORE_MICRO_BLOCK;
    return left < STORE_MICRO_BLOCK ? (size_t)left : STORE_MICRO_BLOCK;
}

size_t store_micro_block_stored(uint64_t n_rows)
{
    return n_rows < STORE_MICRO_BLOCK ? (size_t)n_rows : STORE_MICRO_BLOCK;
}

static uint64_t blocks_of(uint64_t n_rows)
{
    return n_rows / STORE_MICRO_BLOCK + (n_rows % STORE_MICRO_BLOCK != 0);
}

/* ---- making ---- */

static struct head head_of(const struct tally_micro_schema *schema,
                           const struct store_micro_index *self)
{
    struct head head = {.first = self->first, .next = self->next};
    memcpy(head.mark, index_mark, sizeof head.mark);
    tally_micro_keep_format(&schema->keep, head.keep);
    for (int t = 0; t < TALLY_MICRO_N_TABLES; t++) {
        head.n_rows[t] = self->n_rows[t];
        head.n_columns[t] = schema->tables[t].n_columns;
    }
    return head;
}

static struct column column_of(const struct tally_micro_column *column)
{
    struct column out = {.n_bytes = tally_micro_bytes[column->type]};
    snprintf(out.name, sizeof out.name, "%s", column->name);
    return out;
}

/* Head and columns. */
static size_t fixed_bytes(const struct tally_micro_schema *schema)
{
    size_t n_columns = 0;
    for (int t = 0; t < TALLY_MICRO_N_TABLES; t++)
        n_columns += schema->tables[t].n_columns;
    return sizeof(struct head) + n_columns * sizeof(struct column);
}

static void fixed_put(const struct tally_micro_schema *schema, const struct store_micro_index *self,
                      unsigned char *at)
{
    const struct head head = head_of(schema, self);
    memcpy(at, &head, sizeof head);
    at += sizeof head;
    for (int t = 0; t < TALLY_MICRO_N_TABLES; t++)
        for (size_t k = 0; k < schema->tables[t].n_columns; k++, at += sizeof(struct column)) {
            const struct column column = column_of(&schema->tables[t].columns[k]);
            memcpy(at, &column, sizeof column);
        }
}

static size_t chunk_bytes(const struct tally_micro_schema *schema,
                          const struct store_micro_index *self, int t)
{
    return self->n_blocks[t] * schema->tables[t].n_columns * sizeof(struct store_micro_chunk);
}

enum err_code store_micro_index_init(const struct tally_micro_schema *schema,
                                     const uint64_t n_rows[TALLY_MICRO_N_TABLES],
                                     struct store_micro_index *self, struct err *err)
{
    *self = (struct store_micro_index){.first = 0};
    for (int t = 0; t < TALLY_MICRO_N_TABLES; t++) {
        self->n_rows[t] = n_rows[t];
        self->n_blocks[t] = (size_t)blocks_of(n_rows[t]);
        self->chunks[t] = calloc(chunk_bytes(schema, self, t) + 1, 1);
        if (!self->chunks[t])
            return err_set(err, ERR_MEMORY, "no memory for microdata");
    }
    return ERR_OK;
}

void store_micro_index_free(struct store_micro_index *self)
{
    for (int t = 0; t < TALLY_MICRO_N_TABLES; t++)
        free(self->chunks[t]);
    *self = (struct store_micro_index){.first = 0};
}

bool store_micro_index_begins(const unsigned char *bytes, size_t n_bytes)
{
    return n_bytes >= sizeof index_mark && memcmp(bytes, index_mark, sizeof index_mark) == 0;
}

unsigned char *store_micro_index_pack(const struct tally_micro_schema *schema,
                                      const struct store_micro_index *self, size_t *n_bytes)
{
    size_t at = fixed_bytes(schema);
    *n_bytes = at;
    for (int t = 0; t < TALLY_MICRO_N_TABLES; t++)
        *n_bytes += chunk_bytes(schema, self, t);
    unsigned char *bytes = malloc(*n_bytes);
    if (!bytes)
        return NULL;
    fixed_put(schema, self, bytes);
    for (int t = 0; t < TALLY_MICRO_N_TABLES; t++) {
        memcpy(bytes + at, self->chunks[t], chunk_bytes(schema, self, t));
        at += chunk_bytes(schema, self, t);
    }
    return bytes;
}

/* ---- reading ---- */

/* What is wrong with the head; NULL: nothing. */
static const char *head_judge(const struct head *head, const struct head *wanted)
{
    if (memcmp(head->mark, wanted->mark, sizeof head->mark) != 0)
        return "not a file of microdata that this retake knows";
    if (memcmp(head->keep, wanted->keep, sizeof head->keep) != 0)
        return "keeps other rows than the other parts (--microdata-keep)";
    if (memcmp(head->n_columns, wanted->n_columns, sizeof head->n_columns) != 0)
        return "other columns than this scenario has";
    if (head->first > head->next || head->n_rows[TALLY_MICRO_CANDIDATES] > head->next - head->first)
        return "damaged: more candidates than the run had";
    return NULL;
}

/* Whether as many chunks as the rows need are exactly what is left of the bytes. */
static bool chunks_fit(const struct tally_micro_schema *schema, const struct head *head,
                       size_t n_left)
{
    uint64_t n_chunks = n_left / sizeof(struct store_micro_chunk);
    if (n_left % sizeof(struct store_micro_chunk) != 0)
        return false;
    for (int t = 0; t < TALLY_MICRO_N_TABLES; t++) {
        uint64_t n_blocks = blocks_of(head->n_rows[t]), n_columns = schema->tables[t].n_columns;
        if (n_blocks > n_chunks / n_columns)
            return false;
        n_chunks -= n_blocks * n_columns;
    }
    return n_chunks == 0;
}

/* Whether a chunk lies within the file and is no larger than its values can make it.
 * @param left  bytes of the file that other chunks have not claimed */
static bool chunk_is_sound(const struct store_micro_chunk *chunk, size_t value_bytes,
                           uint64_t file_bytes, uint64_t *left)
{
    if (chunk->n_bytes > store_micro_packed_most(value_bytes) || chunk->n_bytes > *left ||
        chunk->offset > file_bytes || chunk->n_bytes > file_bytes - chunk->offset)
        return false;
    *left -= chunk->n_bytes;
    return true;
}

static bool chunks_take(const struct tally_micro_schema *schema, const unsigned char *at,
                        uint64_t file_bytes, struct store_micro_index *self)
{
    uint64_t left = file_bytes;
    for (int t = 0; t < TALLY_MICRO_N_TABLES; t++) {
        const struct tally_micro_table *table = &schema->tables[t];
        memcpy(self->chunks[t], at, chunk_bytes(schema, self, t));
        at += chunk_bytes(schema, self, t);
        for (size_t i = 0; i < self->n_blocks[t] * table->n_columns; i++) {
            enum tally_micro_type type = table->columns[i % table->n_columns].type;
            size_t value_bytes =
                store_micro_block_stored(self->n_rows[t]) * tally_micro_bytes[type];
            if (!chunk_is_sound(&self->chunks[t][i], value_bytes, file_bytes, &left))
                return false;
        }
    }
    return true;
}

enum err_code store_micro_index_take(const char *name, const struct tally_micro_schema *schema,
                                     const unsigned char *bytes, size_t n_bytes,
                                     uint64_t file_bytes, struct store_micro_index *self,
                                     struct err *err)
{
    size_t n_fixed = fixed_bytes(schema);
    struct head head = {.first = 0};
    *self = (struct store_micro_index){.first = 0};
    if (n_bytes >= sizeof head)
        memcpy(&head, bytes, sizeof head);
    const struct head wanted = head_of(schema, self);
    const char *why = head_judge(&head, &wanted);
    if (!why && (n_bytes < n_fixed || !chunks_fit(schema, &head, n_bytes - n_fixed)))
        why = "damaged: its index has another size";
    if (why)
        return err_set(err, ERR_INPUT, "%s: %s", name, why);
    if (store_micro_index_init(schema, head.n_rows, self, err) != ERR_OK)
        return err->code;
    self->first = head.first;
    self->next = head.next;
    unsigned char *fixed = malloc(n_fixed);
    if (!fixed)
        return err_set(err, ERR_MEMORY, "no memory for microdata");
    fixed_put(schema, self, fixed);
    if (memcmp(fixed, bytes, n_fixed) != 0)
        err_set(err, ERR_INPUT, "%s: other columns than this scenario has", name);
    else if (!chunks_take(schema, bytes + n_fixed, file_bytes, self))
        err_set(err, ERR_INPUT, "%s: damaged: a block lies outside of the file", name);
    free(fixed);
    return err->code;
}

/* ---- the digest ---- */

static XXH128_canonical_t column_digest(const struct tally_micro_schema *schema,
                                        const struct store_micro_index *self, int t, size_t k,
                                        XXH3_state_t *hash)
{
    XXH128_canonical_t canonical;
    XXH3_128bits_reset(hash);
    for (size_t b = 0; b < self->n_blocks[t]; b++)
        XXH3_128bits_update(hash, self->chunks[t][b * schema->tables[t].n_columns + k].digest,
                            STORE_MICRO_DIGEST);
    XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(hash));
    return canonical;
}

bool store_micro_index_digest(const struct tally_micro_schema *schema,
                              const struct store_micro_index *self, char hex[33])
{
    XXH3_state_t *all = XXH3_createState(), *one = XXH3_createState();
    XXH128_canonical_t canonical;
    bool made = all && one && XXH3_128bits_reset(all) == XXH_OK;
    for (int t = 0; t < TALLY_MICRO_N_TABLES && made; t++)
        for (size_t k = 0; k < schema->tables[t].n_columns; k++) {
            const char *name = schema->tables[t].columns[k].name;
            uint64_t n_name = strlen(name);
            canonical = column_digest(schema, self, t, k, one);
            XXH3_128bits_update(all, &n_name, sizeof n_name);
            XXH3_128bits_update(all, name, n_name);
            XXH3_128bits_update(all, &self->n_rows[t], sizeof self->n_rows[t]);
            XXH3_128bits_update(all, &canonical, sizeof canonical);
        }
    if (made)
        XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(all));
    for (int i = 0; i < STORE_MICRO_DIGEST && made; i++)
        snprintf(hex + 2 * i, 3, "%02x", canonical.digest[i]);
    XXH3_freeState(all);
    XXH3_freeState(one);
    return made;
}
