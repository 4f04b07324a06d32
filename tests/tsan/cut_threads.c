/* The cut study counts without locks: the same digest for one thread and for eight, and an end from
 * within the progress callback. SPDX-License-Identifier: Apache-2.0 */
#include <retake/study/cut.h>

#include <string.h>

#include "trial.h"

static void note(uint64_t n_done, uint64_t n_total, void *context)
{
    sig_atomic_t *stop = context;
    (void)n_done;
    (void)n_total;
    __atomic_store_n(stop, 1, __ATOMIC_RELAXED);
}

/* Its digest; "" where it was stopped. */
static void study(const struct trial *trial, int n_threads, bool stops, char hex[33])
{
    static const char *const sets[] = {"engine.candidates=2100", "validate.cut_step=100",
                                       "validate.score_step=100", "validate.sittings=20",
                                       "validate.panel_se=0"};
    char path[4096];
    struct err err = {0};
    struct scenario scenario;
    struct store_result result = {.dataset = {0}};
    sig_atomic_t stop = 0;
    struct engine_options options = {.n_threads = n_threads, .stop = &stop, .context = &stop};
    options.progress = stops ? note : NULL;
    trial_path(trial, path);
    config_scenario_load(path, &scenario, &err);
    for (size_t k = 0; k < TRIAL_MAX_SETS && trial->sets[k] && !err.code; k++)
        config_scenario_set(&scenario, trial->sets[k], &err);
    for (size_t k = 0; k < sizeof sets / sizeof *sets && !err.code; k++)
        config_scenario_set(&scenario, sets[k], &err);
    if (stops && !err.code) /* more chunks than threads take at once */
        config_scenario_set(&scenario, "engine.candidates=20000", &err);
    if (!err.code)
        study_cut_run(&scenario, &options, "tsan", &result, &err);
    trial_must(err.code == (stops ? ERR_INTERRUPTED : ERR_OK), trial->name, err.detail);
    hex[0] = '\0';
    if (!stops)
        dataset_digest(&result.dataset, hex);
    err_clear(&err);
    store_result_free(&result);
    config_scenario_free(&scenario);
}

int main(void)
{
    for (size_t k = 0; k < N_TRIALS; k++) {
        char one[33], eight[33];
        study(&trials[k], 1, false, one);
        study(&trials[k], 8, false, eight);
        trial_must(strcmp(one, eight) == 0, trials[k].name, "another digest on eight threads");
        study(&trials[k], 8, true, eight);
    }
    return 0;
}
