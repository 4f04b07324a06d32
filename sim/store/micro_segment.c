/* Segments: a header, compressed blocks one after the other, the table of these blocks, and a
 * footer with a hash over both and over the span of candidates. Each block has a hash of its own.
 * While it is written a segment has another name; closing it is one rename.
 * SPDX-License-Identifier: Apache-2.0 */
#include "micro_segment.h"

#include <retake/base/file.h>

#include <errno.h>
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

char *store_micro_name_open(const struct store_micro_place *place)
{
    size_t n = strlen(place->path) + sizeof ".open";
    char *name = malloc(n);
    if (name)
        snprintf(name, n, "%s.open", place->path);
    return name;
}

char *store_micro_name(const struct store_micro_place *place, unsigned number, const char *suffix)
{
    size_t n = strlen(place->path) + 32;
    char *name = malloc(n);
    if (name)
        snprintf(name, n, "%s.%06u.%s", place->path, number, suffix);
    return name;
}

bool store_micro_segment_exists(const struct store_micro_place *place, unsigned number)
{
    char *name = store_micro_name(place, number, "segment");
    bool exists = name && access(name, F_OK) == 0;
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
    char *name = store_micro_name_open(place);
    if (name)
        unlink(name);
    free(name);
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

static enum err_code segment_open(const struct store_micro_place *place,
                                  struct store_micro_segment *self, struct err *err)
{
    const struct header header = header_of(place);
    char *name = store_micro_name_open(place);
    if (!name)
        return err_set(err, ERR_MEMORY, "no memory for a file name");
    self->n_bytes = 0;
    self->n_entries = 0;
    self->stream = fopen(name, "wb");
    free(name);
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

enum err_code store_micro_segment_append(const struct store_micro_place *place,
                                         struct store_micro_segment *self,
                                         const struct store_micro_block *block, struct err *err)
{
    if (!self->stream && segment_open(place, self, err) != ERR_OK)
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

enum err_code store_micro_settle(char *temporary, char *name, struct err *err)
{
    struct file_pending pending = {.path = name, .target = name, .temporary = temporary};
    char path[512];
    if (!temporary || !name) {
        free(temporary);
        free(name);
        return err_set(err, ERR_MEMORY, "no memory for a file name");
    }
    snprintf(path, sizeof path, "%s", name); /* file_commit frees the name before it complains */
    pending.path = path;
    return file_commit(&pending, err);
}

enum err_code store_micro_segment_close(const struct store_micro_place *place,
                                        struct store_micro_segment *self, unsigned number,
                                        const struct store_micro_span *span, struct err *err)
{
    if (!self->stream && segment_open(place, self, err) != ERR_OK)
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
    self->n_entries = 0;
    if (!written)
        return fail(place, err);
    return store_micro_settle(store_micro_name_open(place),
                              store_micro_name(place, number, "segment"), err);
}

void store_micro_segment_drop(struct store_micro_segment *self)
{
    if (self->stream)
        fclose(self->stream);
    free(self->entries);
    *self = (struct store_micro_segment){0};
}

/* ---- reading ---- */

static bool footer_is_sane(const struct footer *footer, long n_bytes)
{
    uint64_t n = (uint64_t)n_bytes, entry = sizeof(struct store_micro_entry);
    return footer->n_entries < n / entry + 1 && footer->entries_at < n &&
           footer->entries_at + footer->n_entries * entry + sizeof *footer == n;
}

static enum err_code parts_read(const char *name, const struct store_micro_place *place,
                                FILE *stream, struct footer *footer,
                                struct store_micro_entry **entries, struct err *err)
{
    struct header header;
    long n = 0;
    bool read = fread(&header, sizeof header, 1, stream) == 1 &&
                memcmp(header.mark, segment_mark, sizeof header.mark) == 0 &&
                fseek(stream, -(long)sizeof *footer, SEEK_END) == 0 &&
                fread(footer, sizeof *footer, 1, stream) == 1 && (n = ftell(stream)) > 0 &&
                footer_is_sane(footer, n) && fseek(stream, (long)footer->entries_at, SEEK_SET) == 0;
    if (!read)
        return err_set(err, ERR_INPUT, "%s: damaged", name);
    *entries = malloc((footer->n_entries + 1) * sizeof **entries);
    if (!*entries)
        return err_set(err, ERR_MEMORY, "no memory for microdata");
    if (fread(*entries, sizeof **entries, footer->n_entries, stream) != footer->n_entries ||
        hash_of(&header, *entries, footer) != footer->hash)
        return err_set(err, ERR_INPUT, "%s: damaged", name);
    if (memcmp(header.key, place->key, sizeof header.key) != 0)
        return err_set(err, ERR_INPUT, "%s: belongs to another run", name);
    return ERR_OK;
}

enum err_code store_micro_segment_read(const struct store_micro_place *place, unsigned number,
                                       struct store_micro_span *span,
                                       struct store_micro_entry **entries, size_t *n_entries,
                                       struct err *err)
{
    struct store_micro_entry *own = NULL;
    struct footer footer = {0};
    char *name = store_micro_name(place, number, "segment");
    FILE *stream = name ? fopen(name, "rb") : NULL;
    if (!name)
        err_set(err, ERR_MEMORY, "no memory for a file name");
    else if (!stream)
        err_set(err, ERR_INPUT, "%s: cannot open: %s", name, strerror(errno));
    else
        parts_read(name, place, stream, &footer, &own, err);
    if (stream)
        fclose(stream);
    free(name);
    *span = footer.span;
    if (entries && !err->code) {
        *entries = own;
        *n_entries = footer.n_entries;
    } else {
        free(own);
    }
    return err->code;
}

enum err_code store_micro_entry_read(const char *path, FILE *stream,
                                     const struct store_micro_entry *entry, unsigned char *bytes,
                                     struct err *err)
{
    if (fseek(stream, (long)entry->offset, SEEK_SET) != 0 ||
        fread(bytes, 1, entry->n_bytes, stream) != entry->n_bytes ||
        XXH3_64bits(bytes, entry->n_bytes) != entry->hash)
        return err_set(err, ERR_INPUT, "%s: damaged", path);
    return ERR_OK;
}
