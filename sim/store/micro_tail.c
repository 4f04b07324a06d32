/* Tails: rows that did not fill a block yet when a segment was closed. Blocks always begin at the
 * same rows, wherever a run was interrupted, so that the file at the end has the same bytes.
 * SPDX-License-Identifier: Apache-2.0 */
#include "micro_segment.h"

#include <retake/base/file.h>

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

static const char tail_mark[32] = "\nretake microdata tail 1\n";

struct tail_header {
    char mark[32], key[32];
    uint64_t n[TALLY_MICRO_N_TABLES];
};

static size_t tail_bytes(const struct tally_micro_schema *schema,
                         const uint64_t n[TALLY_MICRO_N_TABLES])
{
    size_t n_bytes = sizeof(struct tail_header) + sizeof(XXH64_hash_t);
    for (int t = 0; t < TALLY_MICRO_N_TABLES; t++)
        for (size_t k = 0; k < schema->tables[t].n_columns; k++)
            n_bytes += n[t] * tally_micro_bytes[schema->tables[t].columns[k].type];
    return n_bytes;
}

/* Copy the rows into bytes, or out of them; the place behind. */
static unsigned char *rows_copy(const struct tally_micro_schema *schema, unsigned char *bytes,
                                const struct store_micro_raw raw[TALLY_MICRO_N_TABLES],
                                bool is_read)
{
    for (int t = 0; t < TALLY_MICRO_N_TABLES; t++)
        for (size_t k = 0; k < schema->tables[t].n_columns; k++) {
            size_t n = raw[t].n * tally_micro_bytes[schema->tables[t].columns[k].type];
            memcpy(is_read ? raw[t].values[k] : bytes, is_read ? bytes : raw[t].values[k], n);
            bytes += n;
        }
    return bytes;
}

enum err_code store_micro_tail_write(const struct store_micro_place *place, unsigned number,
                                     const struct tally_micro_schema *schema,
                                     const struct store_micro_raw raw[TALLY_MICRO_N_TABLES],
                                     struct err *err)
{
    struct tail_header header = {.n = {raw[0].n, raw[1].n}};
    memcpy(header.mark, tail_mark, sizeof header.mark);
    memcpy(header.key, place->key, sizeof header.key);
    size_t n_bytes = tail_bytes(schema, header.n);
    char *name = store_micro_name(place, number, "tail");
    unsigned char *bytes = malloc(n_bytes);
    if (!name || !bytes) {
        err_set(err, ERR_MEMORY, "no memory for microdata");
        goto out;
    }
    memcpy(bytes, &header, sizeof header);
    unsigned char *end = rows_copy(schema, bytes + sizeof header, raw, false);
    XXH64_hash_t hash = XXH3_64bits(bytes, n_bytes - sizeof hash);
    memcpy(end, &hash, sizeof hash);
    file_write_beside(name, place->path, bytes, n_bytes, err);
out:
    free(bytes);
    free(name);
    return err->code;
}

static bool tail_is_whole(const struct file_text *file, const struct store_micro_place *place,
                          const struct tally_micro_schema *schema, struct tail_header *header)
{
    XXH64_hash_t hash;
    if (file->n_bytes < sizeof *header + sizeof hash)
        return false;
    memcpy(header, file->bytes, sizeof *header);
    memcpy(&hash, file->bytes + file->n_bytes - sizeof hash, sizeof hash);
    return memcmp(header->mark, tail_mark, sizeof header->mark) == 0 &&
           memcmp(header->key, place->key, sizeof header->key) == 0 &&
           header->n[0] < STORE_MICRO_BLOCK && header->n[1] < STORE_MICRO_BLOCK &&
           tail_bytes(schema, header->n) == file->n_bytes &&
           XXH3_64bits(file->bytes, file->n_bytes - sizeof hash) == hash;
}

enum err_code store_micro_tail_read(const struct store_micro_place *place, unsigned number,
                                    const struct tally_micro_schema *schema,
                                    struct store_micro_raw raw[TALLY_MICRO_N_TABLES],
                                    struct err *err)
{
    const uint64_t most[TALLY_MICRO_N_TABLES] = {STORE_MICRO_BLOCK, STORE_MICRO_BLOCK};
    struct arena arena = {0};
    struct file_text file;
    struct tail_header header;
    char *name = store_micro_name(place, number, "tail");
    if (!name) {
        err_set(err, ERR_MEMORY, "no memory for a file name");
    } else if (file_read(name, tail_bytes(schema, most), &arena, &file, err) == ERR_OK) {
        if (tail_is_whole(&file, place, schema, &header)) {
            raw[0].n = header.n[0];
            raw[1].n = header.n[1];
            rows_copy(schema, (unsigned char *)file.bytes + sizeof header, raw, true);
        } else {
            err_set(err, ERR_INPUT, "%s: damaged, or of another run", name);
        }
    }
    free(name);
    arena_free(&arena);
    return err->code;
}
