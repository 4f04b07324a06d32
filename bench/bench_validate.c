/* A cut study of configs/emr.yaml on one thread: processor time for each journey that it simulates,
 * beside that of a run of the same exam. The floor (floor.h) is measured in turns with both.
 * SPDX-License-Identifier: Apache-2.0 */
#include "floor.h"

#include <retake/study/cut.h>

enum { N_RUN = 20000, N_STUDY = 2000 };

static void must(enum err_code code, const struct err *err)
{
    if (code == ERR_OK)
        return;
    fprintf(stderr, "bench_validate: %s\n", err->detail);
    exit(1);
}

static double processor_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void load(const char *path, int64_t n, struct scenario *out)
{
    struct err err = {0};
    char set[64];
    must(config_scenario_load(path, out, &err), &err);
    snprintf(set, sizeof set, "engine.candidates=%lld", (long long)n);
    must(config_scenario_set(out, set, &err), &err);
}

/* Nanoseconds a journey of a run. */
static double time_run(const char *path)
{
    struct scenario scenario;
    struct engine_plan plan;
    struct engine_options options = {.n_threads = 1};
    struct tally *tally;
    struct err err = {0};
    load(path, N_RUN, &scenario);
    must(engine_plan_init(&scenario, &plan, &err), &err);
    double began = processor_s();
    must(engine_run(&plan, &options, &tally, &err), &err);
    double spent = processor_s() - began;
    tally_free(tally);
    engine_plan_free(&plan);
    config_scenario_free(&scenario);
    return spent / (double)N_RUN * 1e9;
}

static void count(uint64_t n_done, uint64_t n_total, void *context)
{
    uint64_t *n = context;
    (void)n_done;
    *n = n_total;
}

/* Nanoseconds a journey of a study, everything included. Half of the journeys are first sittings
 * only. */
static double time_study(const char *path)
{
    struct scenario scenario;
    struct store_result result;
    uint64_t n = 1;
    struct engine_options options = {.n_threads = 1, .progress = count, .context = &n};
    struct err err = {0};
    load(path, N_STUDY, &scenario);
    double began = processor_s();
    must(study_cut_run(&scenario, &options, "bench", &result, &err), &err);
    double spent = processor_s() - began;
    store_result_free(&result);
    config_scenario_free(&scenario);
    return spent / (double)n * 1e9;
}

static void show(const char *name, double *ns, double *ratio)
{
    printf("%-34s %12.1f %10.2f\n", name, bench_median(ns), bench_median(ratio));
}

int main(int argc, char **argv)
{
    const char *path = argc > 1 ? argv[1] : "configs/emr.yaml";
    struct study_pool pool = study_pool_emr();
    struct bench_exam floor;
    double ns[2][BENCH_N_ROUNDS], ratio[2][BENCH_N_ROUNDS];
    bench_exam_init(&floor, "bank: pool\nstudy: {none: 1, broad: 0, targeted: 0}\n", &pool);
    for (int k = 0; k < BENCH_N_ROUNDS; k++) {
        double floor_ns = bench_time_floor(&floor);
        ns[0][k] = time_run(path);
        ns[1][k] = time_study(path);
        ratio[0][k] = ns[0][k] / floor_ns;
        ratio[1][k] = ns[1][k] / floor_ns;
    }
    printf("%-34s %12s %10s\n", "cut study", "ns/journey", "x floor");
    show("a run of the same exam", ns[0], ratio[0]);
    show("the study", ns[1], ratio[1]);
    bench_exam_free(&floor);
    return 0;
}
