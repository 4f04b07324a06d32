/* The parallel engine: the same digest for one thread and for eight, an end from within the
 * progress callback and from another thread. SPDX-License-Identifier: Apache-2.0 */
#include <retake/engine/run.h>

#include <pthread.h>
#include <string.h>

#include "trial.h"

struct fixture {
    struct scenario scenario;
    struct engine_plan plan;
};

static void fixture_init(struct fixture *self, const struct trial *trial)
{
    char path[4096];
    struct err err = {0};
    trial_path(trial, path);
    config_scenario_load(path, &self->scenario, &err);
    for (size_t k = 0; k < TRIAL_MAX_SETS && trial->sets[k]; k++)
        if (!err.code)
            config_scenario_set(&self->scenario, trial->sets[k], &err);
    if (!err.code)
        engine_plan_init(&self->scenario, &self->plan, &err);
    trial_must(err.code == ERR_OK, trial->name, err.detail);
}

static void fixture_free(struct fixture *self)
{
    engine_plan_free(&self->plan);
    config_scenario_free(&self->scenario);
}

/* What a run told its caller: plain variables, since calls come one at a time. */
struct watch {
    uint64_t n_calls, n_done, n_total;
    uint64_t stop_at; /* calls; 0 = never */
    sig_atomic_t stop;
    const char *name;
};

static void note(uint64_t n_done, uint64_t n_total, void *context)
{
    struct watch *self = context;
    trial_must(n_done > self->n_done && n_done <= n_total, self->name, "progress went astray");
    self->n_calls++;
    self->n_done = n_done;
    self->n_total = n_total;
    if (self->n_calls == self->stop_at)
        __atomic_store_n(&self->stop, 1, __ATOMIC_RELAXED);
}

static void digest_of(const struct fixture *fixture, int n_threads, const char *name, char hex[33])
{
    struct watch watch = {.name = name};
    struct engine_options options = {
        .n_threads = n_threads, .progress = note, .context = &watch, .stop = &watch.stop};
    struct tally *tally;
    struct dataset dataset = {0};
    struct err err = {0};
    engine_run(&fixture->plan, &options, &tally, &err);
    trial_must(err.code == ERR_OK, name, err.detail);
    trial_must(watch.n_done == (uint64_t)fixture->scenario.engine_candidates &&
                   watch.n_total == watch.n_done,
               name, "progress did not end at the last candidate");
    tally_statistics(tally, &dataset, &err);
    trial_must(err.code == ERR_OK, name, err.detail);
    dataset_digest(&dataset, hex);
    dataset_free(&dataset);
    tally_free(tally);
}

static void compare_threads(const struct fixture *fixture, const char *name)
{
    char one[33], eight[33];
    digest_of(fixture, 1, name, one);
    digest_of(fixture, 8, name, eight);
    printf("%-18s %s\n", name, one);
    trial_must(strcmp(one, eight) == 0, name, "one and eight threads differ");
}

static void expect_interrupted(const struct fixture *fixture, struct watch *watch)
{
    struct engine_options options = {
        .n_threads = 4, .progress = note, .context = watch, .stop = &watch->stop};
    struct tally *tally;
    struct err err = {0};
    engine_run(&fixture->plan, &options, &tally, &err);
    trial_must(err.code == ERR_INTERRUPTED && !tally, watch->name, "was not interrupted");
    trial_must(watch->n_done < (uint64_t)fixture->scenario.engine_candidates, watch->name,
               "ran to its end");
}

static void *raise_stop(void *context)
{
    struct watch *watch = context;
    __atomic_store_n(&watch->stop, 1, __ATOMIC_RELAXED);
    return NULL;
}

static void interrupt(void)
{
    static const struct trial long_one = {"interrupted", "configs/emr.yaml", {NULL}};
    struct fixture fixture;
    struct watch from_callback = {.stop_at = 2, .name = "end from the callback"};
    struct watch from_outside = {.name = "end from another thread"};
    pthread_t other;
    fixture_init(&fixture, &long_one);
    expect_interrupted(&fixture, &from_callback);
    trial_must(pthread_create(&other, NULL, raise_stop, &from_outside) == 0, "thread", "none");
    expect_interrupted(&fixture, &from_outside);
    pthread_join(other, NULL);
    fixture_free(&fixture);
}

int main(void)
{
    for (size_t k = 0; k < N_TRIALS; k++) {
        struct fixture fixture;
        fixture_init(&fixture, &trials[k]);
        compare_threads(&fixture, trials[k].name);
        fixture_free(&fixture);
    }
    interrupt();
    return 0;
}
