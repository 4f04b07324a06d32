/* A small dataset in the shape of a run's, with every kind of variable, for the tests of the rooms
 * that read, write and print results. The figures are made up but consistent with each other.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_TESTS_RESULT_EXAMPLE_H
#define RETAKE_TESTS_RESULT_EXAMPLE_H

#include <retake/store/result.h>

#include <math.h>
#include <stdio.h>

enum {
    EXAMPLE_ATTEMPTS = 3,
    EXAMPLE_DAY_BINS = 100,
    EXAMPLE_SCORE_BINS = 140,
    EXAMPLE_LENGTHS = 21,
    EXAMPLE_MINUTE_BINS = 15,
    EXAMPLE_ITEMS = 5000, /* enough for chunks */
    EXAMPLE_MAX_VALUES = 3 * EXAMPLE_ITEMS
};

static inline void example_dim_count(struct dataset *self, const char *name, size_t n,
                                     int64_t first, const char *long_name, struct err *err)
{
    int64_t values[64];
    for (size_t i = 0; i < n; i++)
        values[i] = first + (int64_t)i;
    dataset_add_dim(self,
                    &(struct dataset_dim){.name = name,
                                          .n = n,
                                          .type = DATASET_COUNT,
                                          .count = values,
                                          .unit = "1",
                                          .long_name = long_name},
                    err);
}

static inline void example_dim_text(struct dataset *self, const char *name, size_t n,
                                    const char *const *values, const char *long_name,
                                    struct err *err)
{
    dataset_add_dim(
        self,
        &(struct dataset_dim){
            .name = name, .n = n, .type = DATASET_TEXT, .text = values, .long_name = long_name},
        err);
}

/* n bins of equal width from first. */
static inline void example_dim_bins(struct dataset *self, const char *name, size_t n, double first,
                                    double width, const char *unit, struct err *err)
{
    double centre[256], bounds[512];
    for (size_t i = 0; i < n; i++) {
        bounds[2 * i] = first + width * (double)i;
        bounds[2 * i + 1] = bounds[2 * i] + width;
        centre[i] = bounds[2 * i] + width / 2;
    }
    dataset_add_dim(self,
                    &(struct dataset_dim){.name = name,
                                          .n = n,
                                          .type = DATASET_REAL,
                                          .real = centre,
                                          .bounds = bounds,
                                          .unit = unit,
                                          .long_name = name},
                    err);
}

static inline void example_dims(struct dataset *self, size_t n_groups, struct err *err)
{
    static const char *const groups[] = {"all", "urban", "rural"};
    static const char *const outcomes[] = {"licensed",    "certified_only",     "awaiting_gate",
                                           "withdrew",    "attempts_exhausted", "window_expired",
                                           "never_tested"};
    static const char *const stops[] = {"confidence", "max_items", "time"};
    static const char *const buckets[] = {"knowledge", "sequence", "scope", "reading", "pacing"};
    static char ids[EXAMPLE_ITEMS][8];
    static const char *items[EXAMPLE_ITEMS];
    for (size_t i = 0; i < EXAMPLE_ITEMS; i++) {
        snprintf(ids[i], sizeof ids[i], "i%05zu", i % 100000);
        items[i] = ids[i];
    }
    items[1] = "été\u2014ü"; /* text is UTF-8 */
    example_dim_text(self, "group", n_groups, groups, "group of candidates", err);
    example_dim_count(self, "attempt", EXAMPLE_ATTEMPTS, 1, "attempt", err);
    example_dim_count(self, "attempts_used", EXAMPLE_ATTEMPTS + 1, 0, "attempts used", err);
    example_dim_text(self, "outcome", 7, outcomes, "outcome at the horizon", err);
    example_dim_bins(self, "day_bin", EXAMPLE_DAY_BINS, 0, 7.5, "day", err);
    example_dim_bins(self, "score_bin", EXAMPLE_SCORE_BINS, 100, 10, "1", err);
    example_dim_count(self, "length", EXAMPLE_LENGTHS, 60, "scored items", err);
    example_dim_bins(self, "minute_bin", EXAMPLE_MINUTE_BINS, 0, 7, "min", err);
    example_dim_text(self, "stop_reason", 3, stops, "why the session ended", err);
    example_dim_count(self, "competent", 2, 0, "truly competent", err);
    example_dim_count(self, "passed", 2, 0, "passed", err);
    example_dim_text(self, "bucket", 5, buckets, "bucket of misses", err);
    example_dim_text(self, "item", EXAMPLE_ITEMS, items, "item", err);
}

/* Fill by a function of the indices over up to three dimensions; group g holds 1/(g+1) of it all.
 */
typedef double example_cell(size_t i, size_t j);

static inline void example_var(struct dataset *self, const char *name, enum dataset_type type,
                               const char *ancillary, size_t n_dims, const char *const *dims,
                               example_cell *cell, struct err *err)
{
    static double real[EXAMPLE_MAX_VALUES];
    static int64_t count[EXAMPLE_MAX_VALUES];
    struct dataset_var var = {.name = name,
                              .type = type,
                              .n_dims = n_dims,
                              .n = 1,
                              .unit = "1",
                              .long_name = name,
                              .ancillary = ancillary,
                              .real = real,
                              .count = count};
    for (size_t i = 0; i < n_dims; i++) {
        const struct dataset_dim *dim = dataset_dim(self, dims[i]);
        var.dim[i] = (size_t)(dim - self->dims);
        var.n *= dim->n;
    }
    size_t n_last = n_dims ? self->dims[var.dim[n_dims - 1]].n : 1;
    size_t n_middle = n_dims > 2 ? self->dims[var.dim[1]].n : 1;
    for (size_t i = 0; i < var.n; i++) {
        size_t group = i / n_last / n_middle;
        real[i] = cell(n_dims > 2 ? i / n_last % n_middle : group, i % n_last);
        count[i] = (int64_t)real[i] / (int64_t)(group + 1);
    }
    dataset_add_var(self, &var, err);
}

static inline double example_candidates(size_t i, size_t j)
{
    (void)i, (void)j;
    return 100000;
}

static inline double example_attempted(size_t i, size_t j)
{
    (void)i;
    return (double[]){96000, 20000, 10000}[j];
}

static inline double example_passed(size_t i, size_t j)
{
    (void)i;
    return (double[]){66000, 8000, 3000}[j];
}

static inline double example_rate(size_t i, size_t j)
{
    return example_passed(i, j) / example_attempted(i, j);
}

static inline double example_cumulative(size_t i, size_t j)
{
    (void)i;
    return (double[]){66000, 74000, 77000}[j] / 96000;
}

static inline double example_mcse(size_t i, size_t j)
{
    return 0.001 * (double)(i + j + 1);
}

static inline double example_used(size_t i, size_t j)
{
    (void)i;
    return (double[]){4000, 76000, 10000, 10000}[j];
}

static inline double example_outcome(size_t i, size_t j)
{
    (void)i;
    return (double[]){70000, 6000, 1000, 12000, 5000, 2000, 4000}[j];
}

static inline double example_few(size_t i, size_t j)
{
    return (double)(10 * (i + 1) * (j + 1) + 2);
}

/* 770 certified in each of the 100 bins. */
static inline double example_days(size_t i, size_t j)
{
    (void)i, (void)j;
    return 770;
}

static inline double example_maybe(size_t i, size_t j)
{
    return (i + j) % 7 == 3 ? (double)NAN : (j % 5 == 0 ? -0.0 : 1.0 / (double)(i + j + 3));
}

static inline double example_money(size_t i, size_t j)
{
    return 88.0 * 126000 / (double)(i + 1) + (double)j;
}

#define EXAMPLE_DIMS(...)                                                                          \
    sizeof((const char *[]){__VA_ARGS__}) / sizeof(const char *), (const char *[])                 \
    {                                                                                              \
        __VA_ARGS__                                                                                \
    }

static inline void example_tables(struct dataset *self, struct err *err)
{
    const enum dataset_type n = DATASET_COUNT, r = DATASET_REAL;
    example_var(self, "n_candidates", n, NULL, EXAMPLE_DIMS("group"), example_candidates, err);
    example_var(self, "n_attempted", n, NULL, EXAMPLE_DIMS("group", "attempt"), example_attempted,
                err);
    example_var(self, "n_passed", n, NULL, EXAMPLE_DIMS("group", "attempt"), example_passed, err);
    static const char *const rates[] = {"pass_rate", "cumulative_pass_rate", "false_pass_rate",
                                        "false_fail_rate"};
    example_cell *const cells[] = {example_rate, example_cumulative, example_mcse, example_mcse};
    for (size_t i = 0; i < 4; i++) {
        char mcse[64];
        snprintf(mcse, sizeof mcse, "%s_mcse", rates[i]);
        example_var(self, rates[i], r, mcse, EXAMPLE_DIMS("group", "attempt"), cells[i], err);
        example_var(self, mcse, r, NULL, EXAMPLE_DIMS("group", "attempt"), example_mcse, err);
    }
    example_var(self, "n_by_attempts_used", n, NULL, EXAMPLE_DIMS("group", "attempts_used"),
                example_used, err);
    example_var(self, "n_outcome", n, NULL, EXAMPLE_DIMS("group", "outcome"), example_outcome, err);
    example_var(self, "n_failed_all", n, NULL, EXAMPLE_DIMS("group"), example_few, err);
    example_var(self, "n_eligible_for_retest", n, NULL, EXAMPLE_DIMS("group"), example_few, err);
    example_var(self, "n_lapsed", n, NULL, EXAMPLE_DIMS("group"), example_few, err);
    example_var(self, "n_days_to_certification", n, NULL, EXAMPLE_DIMS("group", "day_bin"),
                example_days, err);
}

static inline void example_details(struct dataset *self, struct err *err)
{
    const enum dataset_type n = DATASET_COUNT, r = DATASET_REAL;
    example_var(self, "n_score", n, NULL, EXAMPLE_DIMS("group", "attempt", "score_bin"),
                example_few, err);
    example_var(self, "n_session_length", n, NULL, EXAMPLE_DIMS("group", "attempt", "length"),
                example_few, err);
    example_var(self, "n_session_minutes", n, NULL, EXAMPLE_DIMS("group", "attempt", "minute_bin"),
                example_few, err);
    example_var(self, "n_stop_reason", n, NULL, EXAMPLE_DIMS("group", "attempt", "stop_reason"),
                example_few, err);
    example_var(self, "n_decision", n, NULL,
                EXAMPLE_DIMS("group", "attempt", "competent", "passed"), example_few, err);
    example_var(self, "n_misses_by_bucket", n, NULL, EXAMPLE_DIMS("group", "attempt", "bucket"),
                example_few, err);
    example_var(self, "item_exposure_rate", r, "item_exposure_rate_mcse", EXAMPLE_DIMS("item"),
                example_maybe, err);
    example_var(self, "item_exposure_rate_mcse", r, NULL, EXAMPLE_DIMS("item"), example_maybe, err);
    example_var(self, "seats", n, NULL, EXAMPLE_DIMS("group"), example_few, err);
    example_var(self, "fees", r, NULL, EXAMPLE_DIMS("group"), example_money, err);
    example_var(self, "refresher_fees", r, NULL, EXAMPLE_DIMS("group"), example_money, err);
    example_var(self, "scalar", r, NULL, 0, NULL, example_mcse, err);
}

/* One to three groups; dataset_free it. err tells whether memory was out. */
static inline void example_dataset(struct dataset *self, size_t n_groups, struct err *err)
{
    *self = (struct dataset){0};
    example_dims(self, n_groups, err);
    example_tables(self, err);
    example_details(self, err);
}

static const struct store_attribute example_attributes[] = {
    {"title", "EMR, three attempts, 15 days", 0},
    {"scenario", "title: EMR, three attempts, 15 days\npolicy: {wait_days: 15}\n", 0},
    {"source", "retake 0.1.0", 0},
    {"engine.seed", "20261123", 0},
    {"policy.wait_days", NULL, 15},
    {"empty", "", 0},
};

static const struct store_provenance example_provenance = {
    sizeof example_attributes / sizeof *example_attributes, example_attributes};

#endif
