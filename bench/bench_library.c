/* Journeys of a sweep per second on one core: simulated, and drawn from a session library.
 *
 * 64 policies of configs/emr.yaml that differ in waits, attempts, leaving and the refresher, in one
 * batch; processor time, so that a busy machine disturbs less. The first column of times is the
 * slope between two numbers of candidates: what a batch costs once (its tallies) is left out there
 * and given by itself. SPDX-License-Identifier: Apache-2.0 */
#include <retake/engine/batch.h>

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { N_POLICIES = 64, N_ROUNDS = 3 };

static const double n_asked = 1e10; /* 10,000 policies of 1,000,000 candidates */

struct policies {
    struct scenario scenarios[N_POLICIES + 1]; /* the base first */
    struct engine_plan plans[N_POLICIES + 1];
    const struct engine_plan *list[N_POLICIES];
};

static double processor_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void must(enum err_code code, const struct err *err)
{
    if (code == ERR_OK)
        return;
    fprintf(stderr, "bench_library: %s\n", err->detail);
    exit(1);
}

static void set(struct scenario *scenario, const char *key, double value)
{
    char text[96];
    struct err err = {0};
    snprintf(text, sizeof text, "%s=%g", key, value);
    must(config_scenario_set(scenario, text, &err), &err);
}

static void load(const char *path, const char *sessions, size_t k, struct scenario *out)
{
    char text[64];
    struct err err = {0};
    snprintf(text, sizeof text, "engine.sessions=%s", sessions);
    must(config_scenario_load(path, out, &err), &err);
    must(config_scenario_set(out, text, &err), &err);
    if (k == 0)
        return;
    k--;
    set(out, "policy.wait_days", (double)(15 + 15 * (k % 4)));
    set(out, "policy.attempts_per_cycle", (double)(2 + k / 4 % 4));
    set(out, "leave.after_fail", k / 16 % 2 ? 0.2 : 0.33);
    set(out, "policy.refresher.repairs", k / 32 ? 0.8 : 0.5);
}

static void prepare(const char *path, const char *sessions, struct policies *self)
{
    static const struct engine_options options = {0};
    struct err err = {0};
    for (size_t k = 0; k <= N_POLICIES; k++) {
        load(path, sessions, k, &self->scenarios[k]);
        must(k == 0
                 ? engine_plan_prepare(&self->scenarios[0], &options, &self->plans[0], &err)
                 : engine_plan_share(&self->scenarios[k], &self->plans[0], &self->plans[k], &err),
             &err);
        if (k > 0)
            self->list[k - 1] = &self->plans[k];
    }
}

static double seconds_of(struct policies *self, uint64_t n_candidates)
{
    const struct engine_options options = {.n_threads = 1};
    struct engine_batch batch;
    struct err err = {0};
    self->scenarios[0].engine_candidates = (int64_t)n_candidates;
    double began = processor_s();
    must(engine_batch_init(&self->plans[0], self->list, N_POLICIES, &batch, &err), &err);
    must(engine_batch_advance(&batch, &options, &err), &err);
    must(engine_batch_compare(&batch, &err), &err);
    double seconds = processor_s() - began;
    engine_batch_free(&batch);
    return seconds;
}

static int compare(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* The median of some rounds. */
static double typical_s(struct policies *self, uint64_t n_candidates)
{
    double rounds[N_ROUNDS];
    for (int k = 0; k < N_ROUNDS; k++)
        rounds[k] = seconds_of(self, n_candidates);
    qsort(rounds, N_ROUNDS, sizeof *rounds, compare);
    return rounds[N_ROUNDS / 2];
}

static double row(const char *path, const char *sessions, uint64_t n, double simulated)
{
    struct policies *self = calloc(1, sizeof *self);
    if (!self)
        exit(1);
    double began = processor_s();
    prepare(path, sessions, self);
    double once = processor_s() - began, less = typical_s(self, n / 8), all = typical_s(self, n);
    double slope = (all - less) / ((double)(n - n / 8) * (N_POLICIES + 1)), ns = 1e9 * slope;
    double of_batch = all - slope * (double)n * (N_POLICIES + 1);
    printf("%-9s %10.0f %12.2f %10.1f %10.3f %12.1f\n", sessions, ns, 1e3 / ns, once, of_batch,
           (n_asked * slope + 1e4 / (double)N_POLICIES * of_batch + once) / 2 / 60);
    if (simulated > 0)
        printf("one policy by library takes 1/%.0f of the time by simulation\n", simulated / ns);
    for (size_t k = N_POLICIES + 1; k-- > 0;) {
        engine_plan_free(&self->plans[k]);
        config_scenario_free(&self->scenarios[k]);
    }
    free(self);
    return ns;
}

int main(int argc, char **argv)
{
    const char *path = argc > 1 ? argv[1] : "configs/emr.yaml";
    puts("sessions   ns/journey  million/s  built in s  batch in s  10,000 policies x 1,000,000\n"
         "                                                       candidates, 2 cores [min]");
    double simulated = row(path, "simulate", 2048, 0);
    row(path, "library", 262144, simulated);
    return 0;
}
