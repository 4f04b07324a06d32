/* SPDX-License-Identifier: Apache-2.0 */
#include "memory.h"

#include <stdlib.h>

size_t memory_left = SIZE_MAX;

void *aligned_alloc(size_t alignment, size_t n_bytes)
{
    void *memory = NULL;
    if (memory_left-- == 0)
        return NULL;
    return posix_memalign(&memory, alignment, n_bytes) == 0 ? memory : NULL;
}
