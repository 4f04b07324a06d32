/* Pass rates block by block, for what variances are made of: the bench of variance and its test.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_BENCH_BLOCKS_H
#define RETAKE_BENCH_BLOCKS_H

#include <retake/engine/run.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WITHIN_1, WITHIN_3, WITHIN_6, N_WITHIN };

/** Shares of the candidates who passed within 1, 3 and 6 attempts, of those who attempted. */
struct blocks {
    size_t n;
    double (*passed)[N_WITHIN]; /* [n] */
};

static inline void blocks_free(struct blocks *self)
{
    free(self->passed);
    *self = (struct blocks){0};
}

static inline void blocks_count(const struct pathway_outcomes *outcomes, size_t from, size_t n,
                                double out[N_WITHIN])
{
    static const uint32_t within[N_WITHIN] = {1, 3, 6};
    double n_attempted = 0, n_passed[N_WITHIN] = {0};
    for (size_t i = from; i < from + n; i++) {
        const struct pathway_outcome *outcome = &outcomes->outcomes[i];
        uint32_t used = outcome->n_sittings, last = outcome->first_sitting + used - 1;
        n_attempted += used > 0;
        for (int k = 0; k < N_WITHIN; k++)
            n_passed[k] += used > 0 && used <= within[k] && outcomes->sittings[last].passed;
    }
    for (int k = 0; k < N_WITHIN; k++)
        out[k] = n_passed[k] / n_attempted;
}

/* For engine_options.chunk_done: blocks are disjoint, so threads may write at the same time. */
static inline void blocks_take(const struct pathway_outcomes *outcomes, uint64_t first,
                               void *context)
{
    struct blocks *self = context;
    for (size_t from = 0; from + TALLY_BLOCK <= outcomes->n; from += TALLY_BLOCK)
        blocks_count(outcomes, from, TALLY_BLOCK, self->passed[(first + from) / TALLY_BLOCK]);
}

/** Run a loaded scenario. blocks_free the result, even after failure. */
static inline enum err_code blocks_run(struct scenario *scenario, struct blocks *out,
                                       struct err *err)
{
    struct engine_plan plan = {0};
    struct tally *tally = NULL;
    struct engine_options options = {.chunk_done = blocks_take, .chunk_context = out};
    out->n = (size_t)scenario->engine_candidates / TALLY_BLOCK;
    out->passed = malloc(out->n * sizeof *out->passed);
    if (!out->passed)
        return err_set(err, ERR_MEMORY, "no memory for %zu blocks", out->n);
    if (engine_plan_init(scenario, &plan, err) == ERR_OK)
        engine_run(&plan, &options, &tally, err);
    tally_free(tally);
    engine_plan_free(&plan);
    return err->code;
}

/** Variance over blocks of the share passed within `which` in a, less that within `other` in b;
 * b NULL: of the former alone. */
static inline double blocks_variance(const struct blocks *a, int which, const struct blocks *b,
                                     int other)
{
    double mean = 0, sum = 0;
    for (size_t i = 0; i < a->n; i++)
        mean += (a->passed[i][which] - (b ? b->passed[i][other] : 0)) / (double)a->n;
    for (size_t i = 0; i < a->n; i++) {
        double x = a->passed[i][which] - (b ? b->passed[i][other] : 0) - mean;
        sum += x * x;
    }
    return sum / (double)(a->n - 1);
}

/** A bank of n equal Rasch items in a new file; unlink it after use. */
static inline enum err_code blocks_bank(size_t n, char path[256], struct err *err)
{
    const char *folder = getenv("TMPDIR");
    snprintf(path, 256, "%s/retake-bank-XXXXXX", folder ? folder : "/tmp");
    int descriptor = mkstemp(path);
    FILE *file = descriptor >= 0 ? fdopen(descriptor, "w") : NULL;
    if (!file)
        return err_set(err, ERR_IO, "%s: cannot be written", path);
    fputs("id,b\n", file);
    for (size_t i = 0; i < n; i++)
        fprintf(file, "I%zu,0\n", i);
    return fclose(file) == 0 ? ERR_OK : err_set(err, ERR_IO, "%s: cannot be written", path);
}

/** A population that meets an exam again and again: all return, nothing is learnt. */
struct blocks_retakes {
    const char *bank, *exam; /* sections of the scenario */
    double theta_mean, theta_sd;
    const char *sampling;
    int attempts, seed, n_blocks;
};

static inline enum err_code blocks_retakes(const struct blocks_retakes *retakes, struct blocks *out,
                                           struct err *err)
{
    char text[2048];
    struct scenario scenario = {0};
    snprintf(text, sizeof text,
             "engine: {candidates: %d, seed: %d, sampling: %s}\n"
             "bank: %s\n"
             "exam: {%s}\n"
             "population: {groups: {all: {theta_mean: %.17g, theta_sd: %.17g}}}\n"
             "deficits: {knowledge: 0, sequence: 0, scope: 0, reading: 0, pacing: 0}\n"
             "policy: {wait_days: 15, attempts_per_cycle: %d, max_cycles: 1, window_days: 3650,\n"
             "  horizon_days: 3650}\n"
             "study: {none: 1, broad: 0, targeted: 0}\n"
             "leave: {after_fail: 0}\n"
             "gates: {verification: {probability: 1, delay_days: {mean: 0, sd: 0}},\n"
             "  skills: {probability: 1}, licensure: {required: false}}\n",
             retakes->n_blocks * TALLY_BLOCK, retakes->seed, retakes->sampling, retakes->bank,
             retakes->exam, retakes->theta_mean, retakes->theta_sd, retakes->attempts);
    if (config_scenario_parse("retakes.yaml", text, strlen(text), &scenario, err) == ERR_OK)
        blocks_run(&scenario, out, err);
    config_scenario_free(&scenario);
    return err->code;
}

/** The exam of V8: 60 to 80 Rasch items at the cut, 95 % confidence; theta ~ N(.411, .8). */
#define BLOCKS_V8_EXAM                                                                             \
    "min_items: 60, max_items: 80, pilot_items: 0, time_limit_min: none, cut_theta: 0, "           \
    "select: {rule: random}, estimate: {rule: ml}, stop: {rule: confidence, level: 0.95}"

#endif
