/* The blocks of all segments. store_micro_segment_read has checked that each lies within its
 * segment and belongs to the blocks that this segment adds, so that their number, and with it the
 * memory, is bounded by what is on the disk.
 * SPDX-License-Identifier: Apache-2.0 */
#include "micro_blocks.h"

#include <retake/base/file.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WIDEST = 8 };

static bool memory_out(struct err *err)
{
    err_set(err, ERR_MEMORY, "no memory for microdata");
    return false;
}

/* Room for the blocks up to the end of a segment, in which none is known yet. */
static bool blocks_grow(struct store_micro_blocks *self, const struct store_micro_span *span)
{
    for (int t = 0; t < TALLY_MICRO_N_TABLES; t++) {
        size_t n = (size_t)span->n_blocks[t], width = sizeof *self->found[t];
        struct store_micro_found *found = realloc(self->found[t], (n + 1) * width);
        if (!found)
            return false;
        memset(found + self->n[t], 0, (n + 1 - self->n[t]) * width);
        self->found[t] = found;
        self->n[t] = n;
    }
    return true;
}

static bool blocks_note(struct store_micro_blocks *self, unsigned segment,
                        const struct store_micro_entry *entries, size_t n, struct err *err)
{
    for (size_t i = 0; i < n; i++) {
        struct store_micro_found *found = &self->found[entries[i].table][entries[i].block];
        if (found->entry.n_rows != 0) {
            err_set(err, ERR_INPUT, "%s.%06u.segment: damaged: a block is twice there",
                    self->place->path, segment);
            return false;
        }
        *found = (struct store_micro_found){segment, entries[i]};
        if (entries[i].n_bytes > self->capacity)
            self->capacity = (size_t)entries[i].n_bytes;
    }
    return true;
}

static bool segment_note(struct store_micro_blocks *self, unsigned segment,
                         struct store_micro_span *span, struct err *err)
{
    struct store_micro_entry *entries = NULL;
    size_t n = 0;
    bool noted = store_micro_segment_read(self->place, segment, self->schema, span, &entries, &n,
                                          err) == ERR_OK &&
                 (blocks_grow(self, span) || memory_out(err)) &&
                 blocks_note(self, segment, entries, n, err);
    free(entries);
    return noted;
}

enum err_code store_micro_blocks_find(const struct store_micro_place *place,
                                      const struct tally_micro_schema *schema, unsigned n_segments,
                                      struct store_micro_blocks *self, struct err *err)
{
    struct store_micro_span span = {0};
    *self = (struct store_micro_blocks){.place = place, .schema = schema};
    for (unsigned s = 0; s < n_segments; s++)
        if (!segment_note(self, s, &span, err))
            return err->code;
    self->bytes = malloc(self->capacity + 1);
    self->planes = malloc(STORE_MICRO_BLOCK * WIDEST);
    self->values = malloc(STORE_MICRO_BLOCK * WIDEST);
    if (!self->bytes || !self->planes || !self->values)
        memory_out(err);
    return err->code;
}

static void segment_close(struct store_micro_blocks *self)
{
    if (self->name && self->descriptor >= 0)
        close(self->descriptor);
    free(self->name);
    self->name = NULL;
}

void store_micro_blocks_free(struct store_micro_blocks *self)
{
    for (int t = 0; t < TALLY_MICRO_N_TABLES; t++)
        free(self->found[t]);
    segment_close(self);
    free(self->bytes);
    free(self->planes);
    free(self->values);
    *self = (struct store_micro_blocks){.name = NULL};
}

static bool segment_open(struct store_micro_blocks *self, unsigned segment, struct err *err)
{
    size_t n_bytes;
    if (self->name && self->open == segment)
        return true;
    segment_close(self);
    self->name = store_micro_name(self->place, segment, "segment");
    self->open = segment;
    if (!self->name)
        return memory_out(err);
    return file_open_input(self->name, &self->descriptor, &n_bytes, err) == ERR_OK;
}

/* Whether the columns are what their digests say: what another process wrote is foreign. */
static bool values_match(const struct store_micro_blocks *self,
                         const struct store_micro_entry *entry)
{
    const struct tally_micro_table *table = &self->schema->tables[entry->table];
    const unsigned char *at = self->bytes;
    for (size_t k = 0; k < table->n_columns; k++) {
        const struct store_micro_packed packed = {at, entry->column_bytes[k], STORE_MICRO_BLOCK,
                                                  STORE_MICRO_BLOCK, entry->digest[k]};
        if (!store_micro_column_unpack(&packed, tally_micro_bytes[table->columns[k].type],
                                       self->planes, self->values))
            return false;
        at += entry->column_bytes[k];
    }
    return true;
}

enum err_code store_micro_blocks_read(struct store_micro_blocks *self, int table, size_t b,
                                      struct err *err)
{
    const struct store_micro_found *found = &self->found[table][b];
    if (segment_open(self, found->segment, err) &&
        store_micro_entry_read(self->name, self->descriptor, &found->entry, self->bytes, err) ==
            ERR_OK &&
        found->segment < self->n_foreign && !values_match(self, &found->entry))
        err_set(err, ERR_INPUT, "%s: damaged: values of another digest", self->name);
    return err->code;
}
