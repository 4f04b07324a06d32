/* Ranks: processes that share the work of one command. Rank 0 hands out units of work, each
 * described by a few numbers, and collects what comes back; the others ask, work and send. One
 * implementation stands alone (comm_alone.c, in the library), one speaks MPI (comm_mpi.c, in the
 * program retake-mpi).
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_ENGINE_COMM_H
#define RETAKE_ENGINE_COMM_H

#include <retake/base/err.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ENGINE_UNIT_WORDS = 256 };

/** The next unit for a rank that asks: how many words; 0: none now, it waits. Called under the lock
 * by a thread of its own. */
typedef size_t (*engine_comm_next)(void *context, uint64_t words[ENGINE_UNIT_WORDS]);

/** What a rank sent: a result, or the detail of its failure. */
struct engine_parcel {
    int rank;
    enum err_code code;
    size_t n_bytes;
    unsigned char *bytes; /* malloc'ed: free it */
};

/** With n_ranks 1 only `least` and `close` are there. */
struct engine_comm {
    int rank, n_ranks;

    /* Rank 0. */
    /** Begin to serve the others. @return ERR_OK; ERR_MEMORY */
    enum err_code (*begin)(struct engine_comm *self, engine_comm_next next, void *context,
                           struct err *err);
    void (*lock)(struct engine_comm *self);
    void (*unlock)(struct engine_comm *self);
    /** The oldest parcel that came in. False: there is none, after a nap of a millisecond where
     * `naps`. */
    bool (*collect)(struct engine_comm *self, bool naps, struct engine_parcel *out);
    /** Tell all to stop and wait until they have; what they still send can be collected. Also
     * before begin, and again. */
    void (*end)(struct engine_comm *self);

    /* The others. */
    /** Wait for a unit: how many words; 0: this rank is to stop, and will not be served again. */
    size_t (*receive)(struct engine_comm *self, uint64_t words[ENGINE_UNIT_WORDS]);
    /** Whether this rank is to stop: it may drop the unit at work. */
    bool (*is_told)(struct engine_comm *self);
    void (*send)(struct engine_comm *self, enum err_code code, const void *bytes, size_t n_bytes);

    /* All together, while rank 0 does not serve. */
    /** The least number that a rank gives. */
    int (*least)(struct engine_comm *self, int own);
    void (*close)(struct engine_comm *self);
};

/** The ranks of this process; close it at the end. NULL: there is no memory, or MPI has no threads.
 */
struct engine_comm *engine_comm_open(void);

#endif
