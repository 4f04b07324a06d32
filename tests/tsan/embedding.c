/* The embedding API from several threads at once, each with handles of its own: load, change, run
 * on threads of its own, read, write, stop early, fail. All must see the same statistics.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake.h>

#include <math.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "trial.h"

enum { N_THREADS = 4, N_VALUES = 8, N_TOGETHER = 2 };

static const char *const statistics[] = {"n_attempted", "n_passed", "cumulative_pass_rate",
                                         "cumulative_pass_rate_mcse"};

enum { N_STATISTICS = sizeof statistics / sizeof statistics[0] };

struct worker {
    const struct trial *trial;
    int n_together; /* threads of each run */
    size_t n[N_STATISTICS];
    double values[N_STATISTICS][N_VALUES];
};

static struct retake *load(const struct trial *trial)
{
    char path[4096];
    struct retake *handle = retake_new();
    trial_must(handle, trial->name, "no handle");
    trial_path(trial, path);
    trial_must(retake_load(handle, path) == 0, trial->name, retake_message(handle));
    for (size_t k = 0; k < TRIAL_MAX_SETS && trial->sets[k]; k++)
        trial_must(retake_set(handle, trial->sets[k]) == 0, trial->name, retake_message(handle));
    return handle;
}

static void write_result(struct retake *handle, const char *name)
{
    char path[] = "/tmp/retake-tsan-XXXXXX";
    int descriptor = mkstemp(path);
    trial_must(descriptor >= 0, name, "no temporary file");
    close(descriptor);
    trial_must(retake_write(handle, path) == 0, name, retake_message(handle));
    unlink(path);
}

static int stop_at_once(uint64_t n_done, uint64_t n_total, void *context)
{
    size_t *n_calls = context;
    ++*n_calls;
    return n_done < n_total;
}

static void fail(struct retake *handle, const char *name)
{
    size_t n_calls = 0;
    trial_must(retake_set(handle, "policy.wait_day=1") == 65, name, "an unknown key passed");
    trial_must(strstr(retake_message(handle), "wait_days"), name, retake_message(handle));
    trial_must(retake_set(handle, "engine.candidates=1000000") == 0, name, retake_message(handle));
    trial_must(retake_run(handle, 2, stop_at_once, &n_calls) == 130, name, "was not interrupted");
    trial_must(n_calls > 0, name, "no progress");
    trial_must(retake_values(handle, statistics[0], NULL, 0) == 0, name, "half a result");
}

static void *work(void *context)
{
    struct worker *self = context;
    struct retake *handle = load(self->trial);
    trial_must(retake_run(handle, self->n_together, NULL, NULL) == 0, self->trial->name,
               retake_message(handle));
    for (size_t k = 0; k < N_STATISTICS; k++)
        self->n[k] = retake_values(handle, statistics[k], self->values[k], N_VALUES);
    write_result(handle, self->trial->name);
    fail(handle, self->trial->name);
    retake_free(handle);
    return NULL;
}

static void compare(const struct worker *left, const struct worker *right)
{
    for (size_t k = 0; k < N_STATISTICS; k++)
        trial_must(left->n[k] > 0 && left->n[k] == right->n[k] &&
                       memcmp(left->values[k], right->values[k], sizeof left->values[k]) == 0,
                   left->trial->name, statistics[k]);
}

static void run_trial(const struct trial *trial)
{
    struct worker alone = {.trial = trial, .n_together = 1}, workers[N_THREADS];
    pthread_t threads[N_THREADS];
    work(&alone);
    for (size_t k = 0; k < N_THREADS; k++) {
        workers[k] = (struct worker){.trial = trial, .n_together = N_TOGETHER};
        trial_must(pthread_create(&threads[k], NULL, work, &workers[k]) == 0, "thread", "none");
    }
    for (size_t k = 0; k < N_THREADS; k++) {
        pthread_join(threads[k], NULL);
        compare(&alone, &workers[k]);
    }
    printf("%-18s %d threads, the same statistics\n", trial->name, N_THREADS);
}

int main(void)
{
    for (size_t k = 0; k < N_TRIALS; k++)
        run_trial(&trials[k]);
    return 0;
}
