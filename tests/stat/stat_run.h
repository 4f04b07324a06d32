/* Runs of small scenarios for the statistical tests: from YAML text to statistics, and the limits
 * that sampling theory gives.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_STAT_RUN_H
#define TESTS_STAT_RUN_H

#include <retake/engine/run.h>

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Nothing but the exam: no deficits, no gates, no delays, nobody leaves, nothing is learnt. */
#define STAT_PATHWAY                                                                               \
    "study: {none: 1, broad: 0, targeted: 0}\n"                                                    \
    "leave: {after_fail: 0}\n"                                                                     \
    "gates:\n"                                                                                     \
    "  verification: {probability: 1, delay_days: {mean: 0, sd: 0}}\n"                             \
    "  skills: {probability: 1, delay_days: {mean: 0, sd: 0}}\n"                                   \
    "  licensure: {required: false}\n"

/* Standard errors that a statistic may lie from its expectation: P(|N(0, 1)| > 4) = 6.3e-5. */
static const double stat_limit = 4;

/** Simulate a scenario given as YAML text. dataset_free the result. */
static inline void stat_run(const char *text, struct dataset *out)
{
    struct err err = {0};
    struct scenario scenario;
    struct engine_plan plan = {0};
    struct engine_options options = {0};
    struct tally *tally = NULL;
    bool good = config_scenario_parse("stat.yaml", text, strlen(text), &scenario, &err) == ERR_OK &&
                engine_plan_init(&scenario, &plan, &err) == ERR_OK &&
                engine_run(&plan, &options, &tally, &err) == ERR_OK &&
                tally_statistics(tally, out, &err) == ERR_OK;
    cr_assert(good, "%s\n%s", err.detail, text);
    tally_free(tally);
    engine_plan_free(&plan);
    config_scenario_free(&scenario);
}

/** A value of a real variable of one group and several attempts (from 1). */
static inline double stat_real(const struct dataset *self, const char *name, size_t attempt)
{
    const struct dataset_var *var = dataset_var(self, name);
    cr_assert(var && var->real && attempt >= 1 && attempt <= var->n, "%s", name);
    return var->real[attempt - 1];
}

/** Write a bank of n identical Rasch items at b = 0 to a file of its own; unlink it after use. */
static inline void stat_bank_at_cut(size_t n, char path[256])
{
    const char *folder = getenv("TMPDIR");
    snprintf(path, 256, "%s/retake-bank-XXXXXX", folder ? folder : "/tmp");
    int descriptor = mkstemp(path);
    FILE *file = descriptor >= 0 ? fdopen(descriptor, "w") : NULL;
    cr_assert(file, "%s", path);
    fputs("id,b\n", file);
    for (size_t i = 0; i < n; i++)
        fprintf(file, "I%zu,0\n", i);
    cr_assert(fclose(file) == 0, "%s", path);
}

/** A proportion of n independent trials must lie within stat_limit standard errors of p. */
static inline void stat_expect_proportion(const char *what, double observed, double p, double n)
{
    double z = (observed - p) / sqrt(p * (1 - p) / n);
    printf("%-44s %.6f, exact %.6f, z %+.2f\n", what, observed, p, z);
    cr_expect(fabs(z) < stat_limit, "%s: %.6f, exact %.6f, z = %.2f", what, observed, p, z);
}

/** A mean of n independent values with a known standard deviation likewise. */
static inline void stat_expect_mean(const char *what, double observed, double mean, double sd,
                                    double n)
{
    double z = (observed - mean) / (sd / sqrt(n));
    printf("%-44s %.4f, exact %.4f, z %+.2f\n", what, observed, mean, z);
    cr_expect(fabs(z) < stat_limit, "%s: %.4f, exact %.4f, z = %.2f", what, observed, mean, z);
}

/** Mean scored length of the sittings of one attempt (one group). */
static inline double stat_mean_length(const struct dataset *self, size_t attempt)
{
    const struct dataset_var *var = dataset_var(self, "n_session_length");
    const struct dataset_dim *length = dataset_dim(self, "length");
    cr_assert(var && length);
    const int64_t *count = var->count + (attempt - 1) * length->n;
    double n = 0, total = 0;
    for (size_t k = 0; k < length->n; k++) {
        n += (double)count[k];
        total += (double)count[k] * (double)length->count[k];
    }
    return total / n;
}

#endif
