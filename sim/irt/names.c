/* An open-addressed table of names. SPDX-License-Identifier: Apache-2.0 */
#include "names.h"

#include <string.h>

static uint64_t text_hash(const char *text)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (; *text; text++)
        hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
    return hash ^ (hash >> 29);
}

bool irt_names_init(struct irt_names *self, size_t n_max, struct arena *arena)
{
    *self = (struct irt_names){.n_slots = 2 * n_max + 1};
    self->list = arena_alloc(arena, n_max * sizeof *self->list);
    self->slots = arena_alloc(arena, self->n_slots * sizeof *self->slots);
    return self->list && self->slots;
}

size_t irt_names_add(struct irt_names *self, const char *name)
{
    size_t slot = text_hash(name) % self->n_slots;
    for (; self->slots[slot]; slot = (slot + 1) % self->n_slots)
        if (strcmp(self->list[self->slots[slot] - 1], name) == 0)
            return self->slots[slot] - 1;
    self->list[self->n++] = name;
    self->slots[slot] = (uint32_t)self->n;
    return self->n - 1;
}
