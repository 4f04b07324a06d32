/* What it costs that a guarded process reads results: the time of a read against that of one in
 * this process, in turns. The small one is about what a run writes, the large one a session
 * library.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/guard.h>
#include <retake/store/result.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { N_ROUNDS = 7, SMALL = 20000, LARGE = 9000000 };

static void exit_on(const struct err *err)
{
    if (err->code == ERR_OK)
        return;
    fprintf(stderr, "bench_guard: %s\n", err->detail);
    exit(1);
}

static double now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return 1e3 * (double)now.tv_sec + 1e-6 * (double)now.tv_nsec;
}

/* Numbers that do not compress well. */
static void result_write(const char *path, size_t n)
{
    int64_t *values = malloc(n * sizeof *values);
    struct dataset dataset = {0};
    struct err err = {0};
    if (!values)
        exit(1);
    for (size_t i = 0; i < n; i++)
        values[i] = (int64_t)(i * UINT64_C(0x9E3779B97F4A7C15) >> 16);
    dataset_add_dim(&dataset,
                    &(struct dataset_dim){.name = "place",
                                          .n = n,
                                          .type = DATASET_COUNT,
                                          .count = values,
                                          .unit = "1",
                                          .long_name = "place"},
                    &err);
    exit_on(&err);
    store_result_write(path, &dataset, &(struct store_provenance){0}, &err);
    exit_on(&err);
    dataset_free(&dataset);
    free(values);
}

static double read_ms(const char *path)
{
    struct store_result result;
    struct err err = {0};
    double began = now_ms();
    store_result_read(path, &result, &err);
    double ms = now_ms() - began;
    exit_on(&err);
    store_result_free(&result);
    return ms;
}

static int by_value(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static double median_of(double values[N_ROUNDS])
{
    qsort(values, N_ROUNDS, sizeof *values, by_value);
    return values[N_ROUNDS / 2];
}

static void time_result(const char *name, size_t n)
{
    char path[] = "/tmp/bench-guard-XXXXXX";
    double guarded[N_ROUNDS], ratio[N_ROUNDS];
    int descriptor = mkstemp(path);
    if (descriptor < 0)
        exit(1);
    close(descriptor);
    result_write(path, n);
    for (int k = -1; k < N_ROUNDS; k++) { /* the first is not counted */
        guard_start();
        double there = read_ms(path);
        guard_stop();
        double here = read_ms(path);
        if (k >= 0) {
            guarded[k] = there;
            ratio[k] = there / here;
        }
    }
    printf("%-28s  %10.2f  %10.2f\n", name, median_of(guarded), median_of(ratio));
    unlink(path);
}

int main(void)
{
    printf("%-28s  %10s  %10s\n", "read by a guarded process", "ms", "x floor");
    time_result("160 kB of numbers", SMALL);
    time_result("72 MB of numbers", LARGE);
    return 0;
}
