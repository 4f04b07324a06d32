/* Distinct names, numbered in order of appearance. SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_IRT_NAMES_H
#define RETAKE_IRT_NAMES_H

#include <retake/base/arena.h>

#include <stdbool.h>
#include <stdint.h>

struct irt_names {
    const char **list; /* [n], not copied */
    size_t n, n_slots;
    uint32_t *slots;
};

/** Room for n_max names. @return false when memory is out */
bool irt_names_init(struct irt_names *self, size_t n_max, struct arena *arena);

/** The number of a name, added where it is new. */
size_t irt_names_add(struct irt_names *self, const char *name);

#endif
