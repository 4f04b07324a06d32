/* Microdata from several threads at once: rows out of order, blocks completed side by side, and a
 * disk that refuses. SPDX-License-Identifier: Apache-2.0 */
#include <retake/store/microdata.h>

#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "trial.h"

enum { THREADS = 4, CHUNKS = 400, CHUNK = 512 };

struct crowd {
    struct store_micro *store;
    struct tally_micro_schema schema;
    unsigned next; /* chunk to be handed out */
};

static void schema_make(struct tally_micro_schema *self)
{
    static const char *const names[] = {"candidate", "sitting"};
    *self = (struct tally_micro_schema){0};
    for (int t = 0; t < TALLY_MICRO_N_TABLES; t++) {
        self->tables[t].dimension = names[t];
        self->tables[t].n_columns = 1;
        self->tables[t].columns[0] = (struct tally_micro_column){.name = t ? "day" : "candidate",
                                                                 .type = TALLY_MICRO_I64,
                                                                 .unit = "1",
                                                                 .long_name = "number"};
    }
}

static void *hand_in(void *context)
{
    struct crowd *self = context;
    const size_t n[] = {CHUNK, CHUNK};
    for (unsigned k; (k = __atomic_fetch_add(&self->next, 1, __ATOMIC_RELAXED)) < CHUNKS;) {
        struct tally_micro_rows *rows = tally_micro_rows_new(&self->schema, n);
        trial_must(rows, "microdata", "no memory");
        rows->first = (uint64_t)k * CHUNK;
        rows->n_candidates = CHUNK;
        for (int t = 0; t < TALLY_MICRO_N_TABLES; t++)
            memset(rows->values[t][0], (int)k, CHUNK * sizeof(int64_t));
        store_micro_put(self->store, rows);
    }
    return NULL;
}

static enum err_code run(const char *path, struct err *err)
{
    pthread_t threads[THREADS];
    struct crowd crowd = {.next = 0};
    schema_make(&crowd.schema);
    const struct store_micro_options options = {.path = path, .schema = &crowd.schema, .key = "k"};
    trial_must(store_micro_open(&options, &crowd.store, err) == ERR_OK, "open", err->detail);
    for (int i = 0; i < THREADS; i++)
        trial_must(pthread_create(&threads[i], NULL, hand_in, &crowd) == 0, "microdata", "thread");
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    store_micro_flush(crowd.store, (uint64_t)CHUNKS * CHUNK, err);
    bool failed = store_micro_failed(crowd.store);
    trial_must(failed == (err->code != ERR_OK), "microdata", "a failure that nobody tells");
    store_micro_close(crowd.store, true);
    return err->code;
}

int main(void)
{
    char folder[] = "/tmp/retake-test-XXXXXX", path[64];
    struct err err = {0};
    trial_must(mkdtemp(folder), "microdata", "no folder");
    snprintf(path, sizeof path, "%s/micro.h5", folder);
    trial_must(run(path, &err) == ERR_OK, "microdata", err.detail);
    trial_must(rmdir(folder) == 0, "microdata", "a file was left behind");
    trial_must(run(path, &err) == ERR_IO, "microdata", "a missing folder was no failure");
    return 0;
}
