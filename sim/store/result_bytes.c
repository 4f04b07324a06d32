/* A result as plain bytes (retake/base/pack.h), for another process of the same program.
 *
 *     dataset; n_attributes, per attribute: name, text, number; n_bytes of the state, state
 * SPDX-License-Identifier: Apache-2.0 */
#include "result_bytes.h"

#include <retake/tally/dataset_bytes.h>

#include <stdbool.h>
#include <string.h>

enum { WORD = 8 };

void store_result_put(const struct store_result *self, struct pack_writer *to)
{
    dataset_put(&self->dataset, to);
    pack_put_word(to, self->provenance.n_attributes);
    for (size_t i = 0; i < self->provenance.n_attributes; i++) {
        const struct store_attribute *attribute = &self->provenance.attributes[i];
        pack_put_text(to, attribute->name);
        pack_put_text(to, attribute->text);
        pack_put_bytes(to, &attribute->number, sizeof attribute->number);
    }
    pack_put_word(to, self->state.n_bytes);
    pack_put_bytes(to, self->state.bytes, self->state.n_bytes);
}

static enum err_code attributes_take(struct pack_reader *from, struct store_result *out,
                                     struct err *err)
{
    enum { LEAST_BYTES = 4 * WORD }; /* of an attribute: two texts, one of them not empty */
    uint64_t n = pack_take_word(from);
    if (n > from->n_left / LEAST_BYTES)
        n = 0, from->is_bad = true;
    struct arena *arena = &out->dataset.arena;
    struct store_attribute *table = arena_alloc(arena, ((size_t)n + 1) * sizeof *table);
    bool is_short = !table;
    for (size_t i = 0; i < n && !is_short && !from->is_bad; i++) {
        const char *name = pack_take_text(from), *text = pack_take_text(from);
        const void *number = pack_take_bytes(from, 1, sizeof table[i].number);
        from->is_bad = from->is_bad || !name || !number;
        if (from->is_bad)
            break;
        table[i].name = arena_text(arena, name, strlen(name));
        table[i].text = text ? arena_text(arena, text, strlen(text)) : NULL;
        memcpy(&table[i].number, number, sizeof table[i].number);
        is_short = !table[i].name || (text && !table[i].text);
    }
    out->provenance = (struct store_provenance){(size_t)n, table};
    return is_short ? err_set(err, ERR_MEMORY, "no memory for a result") : ERR_OK;
}

static enum err_code state_take(struct pack_reader *from, struct store_result *out, struct err *err)
{
    uint64_t n = pack_take_word(from);
    const void *bytes = pack_take_bytes(from, n, 1);
    if (!bytes || n == 0)
        return ERR_OK;
    unsigned char *copy = store_result_state_new(out, (size_t)n);
    if (!copy)
        return err_set(err, ERR_MEMORY, "no memory for a result");
    memcpy(copy, bytes, (size_t)n);
    return ERR_OK;
}

enum err_code store_result_take(const void *bytes, size_t n_bytes, struct store_result *out,
                                struct err *err)
{
    struct pack_reader from = {.bytes = bytes, .n_left = n_bytes / WORD * WORD};
    *out = (struct store_result){.provenance = {0}};
    /* The arena is the dataset's, so the dataset comes first. */
    if (dataset_take(&from, &out->dataset, err) != ERR_OK ||
        attributes_take(&from, out, err) != ERR_OK || state_take(&from, out, err) != ERR_OK)
        return err->code;
    return from.is_bad || from.n_left > 0 ? err_set(err, ERR_INTERNAL, "these bytes are no result")
                                          : ERR_OK;
}
