/* What a policy costs the exact solver, plans being there already as in a sweep: the normal form
 * with all days on which it can begin, the adaptive test of V8, and forgetting, where each day is
 * an integral of its own. SPDX-License-Identifier: Apache-2.0 */
#include <retake/study/exact_solver.h>

#include <retake/config/scenario.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define PEOPLE                                                                                     \
    "population:\n  first_test_days: {mean: 30, sd: 20}\n"                                         \
    "  groups: {all: {theta_mean: 0.411, theta_sd: 0.8}}\n"

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void fail(const struct err *err)
{
    fprintf(stderr, "bench_exact: %s\n", err->detail);
    exit(1);
}

static void time_policy(const char *name, const char *yaml)
{
    struct scenario scenario;
    struct engine_plan plan = {0};
    struct err err = {0};
    int n = 0;
    if (config_scenario_parse("bench.yaml", yaml, strlen(yaml), &scenario, &err) != ERR_OK ||
        engine_plan_init(&scenario, &plan, &err) != ERR_OK)
        fail(&err);
    double began = now_s();
    while (now_s() - began < 0.5) {
        struct dataset out;
        if (study_exact_solve(&plan, NULL, &out, &err) != ERR_OK)
            fail(&err);
        dataset_free(&out);
        n++;
    }
    printf("%-44s %10.2f ms a policy\n", name, 1e3 * (now_s() - began) / n);
    engine_plan_free(&plan);
    config_scenario_free(&scenario);
}

static void write_bank(char path[64])
{
    strcpy(path, "/tmp/bench-exact-XXXXXX");
    int descriptor = mkstemp(path);
    FILE *file = descriptor >= 0 ? fdopen(descriptor, "w") : NULL;
    if (!file)
        exit(1);
    fputs("id,b\n", file);
    for (int i = 0; i < 80; i++)
        fprintf(file, "I%d,0\n", i);
    fclose(file);
}

int main(void)
{
    char bank[64], yaml[1024];
    time_policy("exact, normal form",
                "exam: {form: normal, sem: 0.25, time_limit_min: none}\n" PEOPLE);
    write_bank(bank);
    snprintf(
        yaml, sizeof yaml,
        "bank: %s\nexam: {pilot_items: 0, time_limit_min: none, estimate: {rule: ml}}\n" PEOPLE,
        bank);
    time_policy("exact, adaptive test of items all alike", yaml);
    unlink(bank);
    time_policy("exact, normal form, forgetting",
                "exam: {form: normal, sem: 0.25, time_limit_min: none}\n"
                "study: {course_gain: 0.3}\n" PEOPLE);
    return 0;
}
