/* Segments: a header, compressed blocks one after the other, the table of these blocks, and a
 * footer with a hash over both and over the span of candidates. Each block has a hash of its own.
 * While it is written a segment has no name; closing it gives it one.
 * SPDX-License-Identifier: Apache-2.0 */
#include "micro_segment.h"

#include "file_bytes.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xxhash.h>

static const char segment_mark[32] = "\nretake microdata segment 1\n";

struct header {
    char mark[32], key[32];
};

struct footer {
    struct store_micro_span span;
    uint64_t n_entries, entries_at;
    uint64_t hash; /* of the header, the entries, and the footer before it */
};

/* ---- names ---- */

char *store_micro_name(const struct store_micro_place *place, unsigned number, const char *suffix)
{
    size_t n = strlen(place->path) + 32;
    char *name = malloc(n);
    if (name)
        snprintf(name, n, "%s.%06u.%s", place->path, number, suffix);
    return name;
}

bool store_micro_segment_exists(const struct store_micro_place *place, unsigned number,
                                struct err *err)
{
    char *name = store_micro_name(place, number, "segment");
    bool exists = false;
    if (!name)
        err_set(err, ERR_MEMORY, "no memory for a file name");
    else
        file_look(name, &exists, err);
    free(name);
    return exists;
}

bool store_micro_remove(const struct store_micro_place *place, unsigned number, const char *suffix)
{
    char *name = store_micro_name(place, number, suffix);
    bool removed = name && unlink(name) == 0;
    free(name);
    return removed;
}

void store_micro_segments_sweep(const struct store_micro_place *place, unsigned from)
{
    enum { GAP = 64 }; /* where some are missing in between */
    for (unsigned number = from, missing = 0; missing < GAP; number++) {
        bool was_segment = store_micro_remove(place, number, "segment");
        bool was_tail = store_micro_remove(place, number, "tail");
        missing = was_segment || was_tail ? 0 : missing + 1;
    }
}

/* ---- writing ---- */

static enum err_code fail(const struct store_micro_place *place, struct err *err)
{
    return err_set(err, ERR_IO, "%s: cannot write microdata: %s", place->path, strerror(errno));
}

static bool bytes_put(struct store_micro_segment *self, const void *bytes, size_t n)
{
    self->n_bytes += n;
    return n == 0 || fwrite(bytes, 1, n, self->stream) == n;
}

static struct header header_of(const struct store_micro_place *place)
{
    struct header header;
    memcpy(header.mark, segment_mark, sizeof header.mark);
    memcpy(header.key, place->key, sizeof header.key);
    return header;
}

/* A stream of its own over the descriptor of a pending file. */
static FILE *stream_open(const struct file_pending *pending)
{
    int descriptor = fcntl(pending->descriptor, F_DUPFD_CLOEXEC, 0);
    FILE *stream = descriptor >= 0 ? fdopen(descriptor, "wb") : NULL;
    if (descriptor >= 0 && !stream)
        close(descriptor);
    return stream;
}

static enum err_code segment_open(const struct store_micro_place *place, unsigned number,
                                  struct store_micro_segment *self, struct err *err)
{
    const struct header header = header_of(place);
    store_micro_segment_drop(self);
    self->name = store_micro_name(place, number, "segment");
    if (!self->name)
        return err_set(err, ERR_MEMORY, "no memory for a file name");
    if (file_begin_beside(self->name, place->path, &self->pending, err) != ERR_OK)
        return err->code;
    self->stream = stream_open(&self->pending);
    return self->stream && bytes_put(self, &header, sizeof header) ? ERR_OK : fail(place, err);
}

static bool entry_add(struct store_micro_segment *self, const struct store_micro_entry *entry)
{
    if (self->n_entries == self->capacity) {
        size_t capacity = self->capacity ? 2 * self->capacity : 16;
        void *entries = realloc(self->entries, capacity * sizeof *self->entries);
        if (!entries)
            return false;
        self->entries = entries;
        self->capacity = capacity;
    }
    self->entries[self->n_entries++] = *entry;
    return true;
}

enum err_code store_micro_segment_append(const struct store_micro_place *place, unsigned number,
                                         struct store_micro_segment *self,
                                         const struct store_micro_block *block, struct err *err)
{
    if (!self->stream && segment_open(place, number, self, err) != ERR_OK)
        return err->code;
    struct store_micro_entry entry = block->entry;
    entry.offset = self->n_bytes;
    if (!bytes_put(self, block->bytes, block->entry.n_bytes))
        return fail(place, err);
    return entry_add(self, &entry) ? ERR_OK : err_set(err, ERR_MEMORY, "no memory for microdata");
}

static uint64_t hash_of(const struct header *header, const struct store_micro_entry *entries,
                        const struct footer *footer)
{
    uint64_t parts[3] = {XXH3_64bits(header, sizeof *header),
                         XXH3_64bits(entries, footer->n_entries * sizeof *entries),
                         XXH3_64bits(footer, offsetof(struct footer, hash))};
    return XXH3_64bits(parts, sizeof parts);
}

enum err_code store_micro_segment_close(const struct store_micro_place *place,
                                        struct store_micro_segment *self, unsigned number,
                                        const struct store_micro_span *span, struct err *err)
{
    if (!self->stream && segment_open(place, number, self, err) != ERR_OK)
        return err->code;
    const struct header header = header_of(place);
    struct footer footer = {
        .span = *span, .n_entries = self->n_entries, .entries_at = self->n_bytes};
    footer.hash = hash_of(&header, self->entries, &footer);
    bool written = bytes_put(self, self->entries, self->n_entries * sizeof *self->entries) &&
                   bytes_put(self, &footer, sizeof footer);
    if (fclose(self->stream) != 0)
        written = false;
    self->stream = NULL;
    if (written)
        file_commit(&self->pending, err);
    else
        fail(place, err);
    store_micro_segment_drop(self);
    return err->code;
}

void store_micro_segment_drop(struct store_micro_segment *self)
{
    if (self->stream)
        fclose(self->stream);
    file_discard(&self->pending);
    free(self->name);
    free(self->entries);
    *self = (struct store_micro_segment){0};
}

/* ---- reading ---- */

static bool footer_is_sane(const struct footer *footer, uint64_t n_bytes)
{
    uint64_t entry = sizeof(struct store_micro_entry);
    return footer->n_entries < n_bytes / entry + 1 && footer->entries_at < n_bytes &&
           footer->entries_at + footer->n_entries * entry + sizeof *footer == n_bytes;
}

/* A whole block within the segment: n_bytes are those of its columns. */
static bool entry_is_sound(const struct store_micro_entry *entry,
                           const struct tally_micro_schema *schema, const struct footer *footer)
{
    uint64_t n_bytes = 0;
    if (entry->table >= TALLY_MICRO_N_TABLES || entry->n_rows != STORE_MICRO_BLOCK ||
        entry->offset < sizeof(struct header) || entry->offset > footer->entries_at ||
        entry->n_bytes > footer->entries_at - entry->offset)
        return false;
    const struct tally_micro_table *table = &schema->tables[entry->table];
    for (size_t k = 0; k < table->n_columns; k++)
        n_bytes += entry->column_bytes[k];
    return n_bytes == entry->n_bytes;
}

/* Whether the blocks are those that follow the ones before, and the candidates too.
 * @param before  the span of the segment before */
static bool entries_are_sound(const struct store_micro_entry *entries,
                              const struct tally_micro_schema *schema, const struct footer *footer,
                              const struct store_micro_span *before)
{
    const struct store_micro_span *span = &footer->span;
    uint64_t n[TALLY_MICRO_N_TABLES] = {0};
    for (size_t i = 0; i < footer->n_entries; i++) {
        const struct store_micro_entry *entry = &entries[i];
        if (!entry_is_sound(entry, schema, footer) ||
            entry->block < before->n_blocks[entry->table] ||
            entry->block - before->n_blocks[entry->table] >= footer->n_entries)
            return false;
        n[entry->table]++;
    }
    for (size_t i = 0; i < footer->n_entries; i++)
        if (entries[i].block - before->n_blocks[entries[i].table] >= n[entries[i].table])
            return false;
    return span->from <= span->upto && span->n_blocks[0] == before->n_blocks[0] + n[0] &&
           span->n_blocks[1] == before->n_blocks[1] + n[1];
}

/* The parts of an open segment, which may be any file. */
struct parts {
    const char *name;
    int descriptor;
    struct header header;
    struct footer footer;
    struct store_micro_entry *entries; /* [footer.n_entries], owned */
};

static enum err_code ends_read(struct parts *self, size_t n_bytes, struct err *err)
{
    if (n_bytes < sizeof self->header + sizeof self->footer)
        return err_set(err, ERR_INPUT, "%s: damaged", self->name);
    if (store_bytes_read(self->name, self->descriptor, 0, &self->header, sizeof self->header, err))
        return err->code;
    if (store_bytes_read(self->name, self->descriptor, n_bytes - sizeof self->footer, &self->footer,
                         sizeof self->footer, err))
        return err->code;
    bool is_segment = memcmp(self->header.mark, segment_mark, sizeof segment_mark) == 0;
    return is_segment && footer_is_sane(&self->footer, n_bytes)
               ? ERR_OK
               : err_set(err, ERR_INPUT, "%s: damaged", self->name);
}

static enum err_code parts_read(struct parts *self, const struct store_micro_place *place,
                                size_t n_bytes, struct err *err)
{
    if (ends_read(self, n_bytes, err) != ERR_OK)
        return err->code;
    size_t n = self->footer.n_entries;
    self->entries = malloc((n + 1) * sizeof *self->entries);
    if (!self->entries)
        return err_set(err, ERR_MEMORY, "no memory for microdata");
    if (store_bytes_read(self->name, self->descriptor, self->footer.entries_at, self->entries,
                         n * sizeof *self->entries, err) != ERR_OK)
        return err->code;
    if (hash_of(&self->header, self->entries, &self->footer) != self->footer.hash)
        return err_set(err, ERR_INPUT, "%s: damaged", self->name);
    if (memcmp(self->header.key, place->key, sizeof self->header.key) != 0)
        return err_set(err, ERR_INPUT, "%s: belongs to another run", self->name);
    return ERR_OK;
}

enum err_code store_micro_segment_read(const struct store_micro_place *place, unsigned number,
                                       const struct tally_micro_schema *schema,
                                       struct store_micro_span *span,
                                       struct store_micro_entry **entries, size_t *n_entries,
                                       struct err *err)
{
    char *name = store_micro_name(place, number, "segment");
    struct parts parts = {.name = name, .descriptor = -1};
    size_t n_bytes;
    if (!name)
        err_set(err, ERR_MEMORY, "no memory for a file name");
    else if (file_open_input(name, &parts.descriptor, &n_bytes, err) == ERR_OK &&
             parts_read(&parts, place, n_bytes, err) == ERR_OK &&
             !entries_are_sound(parts.entries, schema, &parts.footer, span))
        err_set(err, ERR_INPUT, "%s: damaged: its blocks do not fit", name);
    if (parts.descriptor >= 0)
        close(parts.descriptor);
    free(name);
    if (entries && !err->code) {
        *entries = parts.entries;
        *n_entries = parts.footer.n_entries;
    } else {
        free(parts.entries);
    }
    if (!err->code)
        *span = parts.footer.span;
    return err->code;
}

enum err_code store_micro_entry_read(const char *path, int descriptor,
                                     const struct store_micro_entry *entry, unsigned char *bytes,
                                     struct err *err)
{
    if (store_bytes_read(path, descriptor, entry->offset, bytes, (size_t)entry->n_bytes, err) ==
            ERR_OK &&
        XXH3_64bits(bytes, (size_t)entry->n_bytes) != entry->hash)
        err_set(err, ERR_INPUT, "%s: damaged", path);
    return err->code;
}
