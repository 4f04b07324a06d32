/* Libraries of sessions: found in a file, or built, and shared by the plans that can use them.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_ENGINE_LIBRARIES_H
#define RETAKE_ENGINE_LIBRARIES_H

#include <retake/pathway/library.h>

/** One library in memory. */
struct engine_library {
    struct pathway_library sittings;
    char digest[33];             /* XXH3-128, hex, of all that it depends on */
    char statistics_digest[33];  /* of its file; "": it is in none */
    struct engine_library *next; /* of the pool */
};

/** The libraries built or read so far. Zeroed: none. Not for several threads at a time. */
struct engine_libraries {
    struct engine_library *first;
};

void engine_libraries_free(struct engine_libraries *self);

#endif
