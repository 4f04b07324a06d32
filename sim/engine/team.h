/* A team of threads that takes chunks of work in order, as they come free.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_ENGINE_TEAM_H
#define RETAKE_ENGINE_TEAM_H

#include <retake/engine/run.h>

enum { ENGINE_CHUNK_BLOCKS = 4, ENGINE_CHUNK = ENGINE_CHUNK_BLOCKS * TALLY_BLOCK };

struct engine_team {
    const struct engine_options *options; /* threads, stop, pause_s */
    uint64_t n_chunks;
    void *context;
    void *(*begin)(void *context); /* what one thread needs; NULL when memory is out */
    void (*chunk)(void *context, void *own, uint64_t chunk);
    void (*done)(void *context, uint64_t chunk); /* by one thread at a time */
    void (*end)(void *context, void *own);       /* likewise; own is not NULL */
    uint64_t next_chunk;                         /* what was handed out was done */
    bool out_of_memory;                          /* then nothing counts */
};

/** Work off the chunks, or as many as options->stop and options->pause_s leave time for. */
void engine_team_run(struct engine_team *self);

#endif
