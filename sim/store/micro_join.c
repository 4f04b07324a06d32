/* Files of microdata that follow each other, read block by block and written anew: blocks of the
 * whole do not begin where those of the parts do. A part may be a stranger's: only its index and
 * its blocks are read (micro_index.h), never by HDF5, and its values must have the digest that the
 * result of the part states.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/store/microdata.h>

#include "file_bytes.h"
#include "micro_index.h"
#include "seal.h"

#include <retake/base/file.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WIDEST = 8 };

struct part {
    const struct store_micro_part *stated; /* by its result */
    const struct tally_micro_schema *schema;
    struct err *err;
    int descriptor;
    struct store_micro_index index;
    uint64_t n_sittings; /* as the candidates say */
    unsigned char *bytes, *planes;
};

static bool refuse(const struct part *self, const char *why)
{
    err_set(self->err, ERR_INPUT, "%s: %s", self->stated->path, why);
    return false;
}

static bool memory_out(const struct part *self)
{
    err_set(self->err, ERR_MEMORY, "no memory for microdata");
    return false;
}

/* ---- the index ---- */

/* Where the HDF5 file ends, and the index begins; 0: nowhere. */
static uint64_t index_place(const struct part *self, uint64_t n_bytes)
{
    unsigned char superblock[48];
    uint64_t end = 0, least = sizeof superblock + STORE_SEAL_BYTES;
    if (n_bytes > least && store_bytes_read(self->stated->path, self->descriptor, 0, superblock,
                                            sizeof superblock, self->err) == ERR_OK)
        end = store_seal_place(superblock, sizeof superblock);
    return n_bytes > least && end < n_bytes - STORE_SEAL_BYTES ? end : 0;
}

static bool index_read(struct part *self, uint64_t n_bytes)
{
    const char *path = self->stated->path;
    uint64_t at = index_place(self, n_bytes);
    if (self->err->code)
        return false;
    if (at == 0)
        return refuse(self, "not a file of microdata that this retake knows");
    size_t n = (size_t)(n_bytes - STORE_SEAL_BYTES - at);
    unsigned char *bytes = malloc(n);
    if (!bytes)
        return memory_out(self);
    if (store_bytes_read(path, self->descriptor, at, bytes, n, self->err) == ERR_OK)
        store_micro_index_take(path, self->schema, bytes, n, at, &self->index, self->err);
    free(bytes);
    return !self->err->code;
}

static bool part_open(struct part *self)
{
    size_t n_bytes;
    return file_open_input(self->stated->path, &self->descriptor, &n_bytes, self->err) == ERR_OK &&
           store_seal_file_check(self->stated->path, self->descriptor, n_bytes, self->err) ==
               ERR_OK &&
           index_read(self, n_bytes);
}

/* Whether this is the file of which the result of the part speaks.
 * @param first  the candidate after those of the part before */
static bool part_is_right(struct part *self, uint64_t first)
{
    char digest[33];
    if (!store_micro_index_digest(self->schema, &self->index, digest))
        return memory_out(self);
    if (self->stated->digest && strcmp(digest, self->stated->digest) != 0)
        return refuse(self, "not the microdata of this part: its result states another digest");
    if (self->index.first != first)
        return refuse(self, "does not begin where the part before it ends");
    return self->index.next == self->stated->next ||
           refuse(self, "not the microdata of this part: its result ends at another candidate");
}

/* ---- the rows ---- */

/* @param values  [n * width] */
static bool column_read(const struct part *self, int t, size_t block, size_t k, void *values)
{
    const struct tally_micro_table *table = &self->schema->tables[t];
    const struct store_micro_chunk *chunk = &self->index.chunks[t][block * table->n_columns + k];
    const struct store_micro_packed packed = {
        self->bytes, (size_t)chunk->n_bytes, store_micro_block_rows(self->index.n_rows[t], block),
        store_micro_block_stored(self->index.n_rows[t]), chunk->digest};
    if (store_bytes_read(self->stated->path, self->descriptor, chunk->offset, self->bytes,
                         packed.n_bytes, self->err) != ERR_OK)
        return false;
    return store_micro_column_unpack(&packed, tally_micro_bytes[table->columns[k].type],
                                     self->planes, values) ||
           refuse(self, "damaged: its values are not those of its index");
}

/* Column 1 of candidates is n_sittings. */
static void sittings_count(struct part *self, const struct tally_micro_rows *rows)
{
    const uint8_t *counts = rows->values[TALLY_MICRO_CANDIDATES][1];
    for (size_t i = 0; i < rows->n[TALLY_MICRO_CANDIDATES]; i++)
        self->n_sittings += counts[i];
}

/* Rows of one table: the candidates of the part are not complete before part_end. */
static bool block_copy(struct part *self, int t, size_t block, struct store_micro *store)
{
    size_t n[TALLY_MICRO_N_TABLES] = {0};
    n[t] = store_micro_block_rows(self->index.n_rows[t], block);
    struct tally_micro_rows *rows = tally_micro_rows_new(self->schema, n);
    if (!rows)
        return memory_out(self);
    for (size_t k = 0; k < self->schema->tables[t].n_columns; k++)
        if (!column_read(self, t, block, k, rows->values[t][k])) {
            free(rows);
            return false;
        }
    sittings_count(self, rows);
    rows->first = self->index.first;
    store_micro_put(store, rows);
    return true;
}

static bool part_end(struct part *self, struct store_micro *store)
{
    const size_t none[TALLY_MICRO_N_TABLES] = {0};
    if (self->n_sittings != self->index.n_rows[TALLY_MICRO_SITTINGS])
        return refuse(self, "damaged: its sittings and its candidates do not agree");
    struct tally_micro_rows *rows = tally_micro_rows_new(self->schema, none);
    if (!rows)
        return memory_out(self);
    rows->first = self->index.first;
    rows->n_candidates = self->index.next - self->index.first;
    store_micro_put(store, rows);
    return true;
}

static bool part_copy(struct part *self, uint64_t first, struct store_micro *store)
{
    if (!part_open(self) || !part_is_right(self, first))
        return false;
    self->bytes = malloc(store_micro_packed_most(STORE_MICRO_BLOCK * WIDEST));
    self->planes = malloc(STORE_MICRO_BLOCK * WIDEST);
    if (!self->bytes || !self->planes)
        return memory_out(self);
    for (int t = 0; t < TALLY_MICRO_N_TABLES; t++)
        for (size_t b = 0; b < self->index.n_blocks[t]; b++)
            if (!block_copy(self, t, b, store))
                return false;
    return part_end(self, store);
}

static void part_close(struct part *self)
{
    if (self->descriptor >= 0)
        close(self->descriptor);
    free(self->bytes);
    free(self->planes);
    store_micro_index_free(&self->index);
}

enum err_code store_micro_join(const struct store_micro_part *parts, size_t n_parts,
                               const struct store_micro_options *options,
                               const struct store_provenance *provenance, char digest[33],
                               struct err *err)
{
    struct store_micro *store;
    uint64_t next = options->first;
    bool copied = store_micro_open(options, &store, err) == ERR_OK;
    for (size_t i = 0; i < n_parts && copied; i++) {
        struct part part = {
            .stated = &parts[i], .schema = options->schema, .err = err, .descriptor = -1};
        copied = part_copy(&part, next, store);
        next = parts[i].next;
        part_close(&part);
    }
    if (copied)
        store_micro_finish(store, provenance, digest, err);
    store_micro_close(store, true);
    return err->code;
}
