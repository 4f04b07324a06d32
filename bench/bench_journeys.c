/* The whole: journeys per second of configs/emr.yaml on one thread and on two, of its normal form,
 * and what surrounds a run: the plan, the statistics, the file. The floor (floor.h) is measured in
 * turns with each. An argument: another scenario.
 * SPDX-License-Identifier: Apache-2.0 */
#include "floor.h"

#include <retake/engine/run.h>
#include <retake/store/image.h>

enum { N_CAT = 20000, N_NORMAL = 400000 };

static double wall_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void must(enum err_code code, const struct err *err)
{
    if (code == ERR_OK)
        return;
    fprintf(stderr, "bench_journeys: %s\n", err->detail);
    exit(1);
}

/** A scenario, ready to run. */
struct whole {
    struct scenario scenario;
    struct engine_plan plan;
};

static void whole_init(struct whole *self, const char *path, const char *set)
{
    struct err err = {0};
    must(config_scenario_load(path, &self->scenario, &err), &err);
    must(config_scenario_set(&self->scenario, set, &err), &err);
    must(engine_plan_init(&self->scenario, &self->plan, &err), &err);
}

static void whole_free(struct whole *self)
{
    engine_plan_free(&self->plan);
    config_scenario_free(&self->scenario);
}

/* Nanoseconds of the clock on the wall for each of n journeys. */
static double time_journeys(const struct whole *self, int n_threads, uint64_t n)
{
    struct engine_options options = {.n_threads = n_threads};
    struct engine_state state;
    struct err err = {0};
    double began = wall_s();
    must(engine_state_init(&self->plan, 0, &state, &err), &err);
    must(engine_advance(&self->plan, &options, n, &state, &err), &err);
    engine_state_free(&state);
    return (wall_s() - began) / (double)n * 1e9;
}

static void journeys(const char *name, const struct whole *self, const struct bench_exam *floor,
                     uint64_t n)
{
    double ns[2][BENCH_N_ROUNDS], ratio[BENCH_N_ROUNDS], gain[BENCH_N_ROUNDS];
    time_journeys(self, 1, n / 4);
    for (int k = 0; k < BENCH_N_ROUNDS; k++) {
        double floor_ns = bench_time_floor(floor);
        ns[0][k] = time_journeys(self, 1, n);
        ns[1][k] = time_journeys(self, 2, 2 * n);
        ratio[k] = ns[0][k] / floor_ns;
        gain[k] = ns[0][k] / ns[1][k];
    }
    double one = bench_median(ns[0]), two = bench_median(ns[1]);
    printf("%-34s %12.1f %16.4f %10.2f\n", name, one, 1e3 / one, bench_median(ratio));
    printf("  %-32s %12.1f %16.4f %10s %10.2f\n", "on two threads", two, 1e3 / two, "",
           bench_median(gain));
}

/* Milliseconds of what is done once in a run. */
static void once(const char *name, double ms, double run_s)
{
    printf("%-34s %12.2f %16.3f\n", name, ms, 100 * ms / (1e3 * run_s));
}

static void surroundings(const char *path)
{
    struct engine_options options = {.n_threads = 1};
    struct whole other;
    struct tally *tally;
    struct store_result result = {0};
    struct store_image image = {0};
    struct err err = {0};
    double at[4];
    at[0] = wall_s();
    whole_init(&other, path, "engine.candidates=20000");
    at[1] = wall_s();
    must(engine_run(&other.plan, &options, &tally, &err), &err);
    at[2] = wall_s();
    must(tally_statistics(tally, &result.dataset, &err), &err);
    at[3] = wall_s();
    must(store_image_make("bench", &result, &image, &err), &err);
    double written = wall_s();
    printf("\n%-34s %12s %16s\n", "once in a run", "ms", "% of 10 s");
    once("scenario, bank and plan", 1e3 * (at[1] - at[0]), 10);
    once("statistics", 1e3 * (at[3] - at[2]), 10);
    once("HDF5 file", 1e3 * (written - at[3]), 10);
    store_image_free(&image);
    store_result_free(&result);
    tally_free(tally);
    whole_free(&other);
}

int main(int argc, char **argv)
{
    const char *path = argc > 1 ? argv[1] : "configs/emr.yaml";
    struct study_pool pool = study_pool_emr();
    struct bench_exam floor;
    struct whole cat, normal;
    bench_exam_init(&floor, "bank: pool\nstudy: {none: 1, broad: 0, targeted: 0}\n", &pool);
    whole_init(&cat, path, "engine.candidates=1000000");
    whole_init(&normal, path, "exam.form=normal");
    printf("%-34s %12s %16s %10s %10s\n", "whole journeys", "ns/journey", "million journeys/s",
           "x floor", "gain");
    journeys("simulated", &cat, &floor, N_CAT);
    journeys("exam.form: normal", &normal, &floor, N_NORMAL);
    surroundings(path);
    whole_free(&normal);
    whole_free(&cat);
    bench_exam_free(&floor);
    return 0;
}
