/* From counts to the statistics of a run: dimensions, then variables, each rate with its Monte
 * Carlo standard error `_mcse` from the ratio estimator over blocks (exact.h).
 *
 * "all" is the sum over groups; for rates it was summed block by block, so that its errors hold
 * too. SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cells.h"

struct builder {
    const struct tally *tally;
    const struct tally_shape *shape;
    struct dataset *out;
    struct arena scratch;
    struct err *err;
};

/* ---- dimensions ---- */

static void *scratch(struct builder *self, size_t n_bytes)
{
    void *memory = arena_alloc(&self->scratch, n_bytes);
    if (!memory)
        err_set(self->err, ERR_MEMORY, "no memory for the statistics");
    return memory;
}

static void dim_text(struct builder *self, const char *name, size_t n, const char *const *text,
                     const char *long_name)
{
    dataset_add_names(self->out, name, n, text, long_name, self->err);
}

static void dim_count(struct builder *self, const char *name, size_t n, int64_t from,
                      const char *unit, const char *long_name)
{
    int64_t *count = scratch(self, n * sizeof *count);
    for (size_t i = 0; count && i < n; i++)
        count[i] = from + (int64_t)i;
    struct dataset_dim dim = {.name = name,
                              .n = n,
                              .type = DATASET_COUNT,
                              .count = count,
                              .unit = unit,
                              .long_name = long_name};
    if (!self->err->code)
        dataset_add_dim(self->out, &dim, self->err);
}

static void dim_bins(struct builder *self, const char *name, const struct tally_bins *bins,
                     const char *unit, const char *long_name)
{
    dataset_add_bins(self->out, name, bins->low, bins->width, bins->n, unit, long_name, self->err);
}

static void group_dim(struct builder *self)
{
    const struct tally_shape *shape = self->shape;
    const char **names = scratch(self, shape->n_rows * sizeof *names);
    if (!names)
        return;
    names[0] = "all";
    for (size_t row = 1; row < shape->n_rows; row++)
        names[row] = shape->scenario->groups[row - 1].name;
    dim_text(self, "group", shape->n_rows, names, "group of candidates; all = their sum");
}

static void add_dims(struct builder *self)
{
    const struct tally_shape *shape = self->shape;
    group_dim(self);
    dim_count(self, "attempt", shape->n_attempts, 1, "1", "number of the attempt");
    dim_count(self, "attempts_used", shape->n_attempts + 1, 0, "1", "sittings of a candidate");
    dim_text(self, "outcome", PATHWAY_N_ENDS, pathway_end_names, "where the candidate ended");
    dim_count(self, "cycle", shape->n_cycles, 1, "1",
              "cycle of attempts that a refresher followed");
    dim_bins(self, "day_bin", &shape->days, "day",
             "days from the end of the course; the last bin also holds what lies beyond");
    if (shape->counts_sessions)
        dim_bins(
            self, "score_bin", &shape->score, "points",
            "report-scale score before rounding; the first and last bins hold what was clamped");
    dim_text(self, "stop_reason", CAT_N_STOPS - 1, cat_stop_names + 1, "why the session ended");
    dim_count(self, "competent", 2, 0, "1", "1 = competent on the day");
    dim_count(self, "passed", 2, 0, "1", "1 = passed");
    if (shape->counts_sessions)
        dim_bins(self, "theta_bin", &shape->theta, "logit",
                 "ability on the day less knowledge, sequence and scope deficits; "
                 "the first and last bins also hold what lies beyond");
    dim_text(self, "gate", PATHWAY_N_GATES, pathway_gate_names,
             "gate that was still open on the horizon day");
    dim_text(self, "bucket", PERSON_N_BUCKETS, person_bucket_names, "bucket of the error log");
    if (shape->bank && shape->counts_sessions)
        dim_count(self, "length", shape->n_lengths, 0, "1", "scored items answered");
    if (shape->n_items > 0)
        dim_text(self, "item", shape->n_items, shape->bank->ids, "item of the bank");
    if (shape->is_timed && shape->counts_sessions)
        dim_bins(self, "minute_bin", &shape->minutes, "min",
                 "minutes used; the last bin also holds what lies beyond");
}

/* ---- variables ---- */

static void add_var(struct builder *self, struct dataset_var *var, const char *const *dims)
{
    var->n = 1;
    for (size_t k = 0; dims[k]; k++) {
        const struct dataset_dim *dim = dataset_dim(self->out, dims[k]);
        if (self->err->code || !dim)
            return;
        var->dim[var->n_dims++] = (size_t)(dim - self->out->dims);
        var->n *= dim->n;
    }
    dataset_add_var(self->out, var, self->err);
}

#define DIMS(...) ((const char *const[]){__VA_ARGS__, NULL})

/* A table of counts by group, with the row of all groups first. */
static void add_count(struct builder *self, enum count which, const char *name,
                      const char *const *dims, const char *long_name)
{
    const struct tally *t = self->tally;
    size_t of_group = (t->table[which + 1] - t->table[which]) / self->shape->n_groups;
    size_t rows = self->shape->n_rows;
    int64_t *values = scratch(self, rows * of_group * sizeof *values);
    if (!values)
        return;
    for (size_t g = 0; g < self->shape->n_groups; g++) {
        const int64_t *from = t->counts + t->table[which] + g * of_group;
        for (size_t i = 0; i < of_group; i++) {
            values[i] += from[i];
            if (rows > 1)
                values[(g + 1) * of_group + i] = from[i];
        }
    }
    struct dataset_var var = {
        .name = name, .type = DATASET_COUNT, .count = values, .unit = "1", .long_name = long_name};
    add_var(self, &var, dims);
}

/* The numerators or denominators of n ratios. */
static void add_part(struct builder *self, size_t first, size_t n, bool denominator,
                     const char *name, const char *const *dims, const char *long_name)
{
    int64_t *values = scratch(self, n * sizeof *values);
    for (size_t i = 0; values && i < n; i++) {
        struct exact_ratio ratio = tally_ratio(self->tally, first + i);
        values[i] = (int64_t)(denominator ? ratio.n : ratio.y);
    }
    struct dataset_var var = {
        .name = name, .type = DATASET_COUNT, .count = values, .unit = "1", .long_name = long_name};
    add_var(self, &var, dims);
}

static void add_pair(struct builder *self, const char *name, const double *value,
                     const double *error, const char *unit, const char *const *dims,
                     const char *long_name)
{
    char mcse[64], text[256];
    snprintf(mcse, sizeof mcse, "%s_mcse", name);
    snprintf(text, sizeof text, "Monte Carlo standard error of %s", name);
    struct dataset_var var = {.name = name,
                              .type = DATASET_REAL,
                              .real = value,
                              .unit = unit,
                              .long_name = long_name,
                              .ancillary = mcse};
    struct dataset_var of_error = {
        .name = mcse, .type = DATASET_REAL, .real = error, .unit = unit, .long_name = text};
    add_var(self, &var, dims);
    add_var(self, &of_error, dims);
}

enum transform { PLAIN, FIXED_POINT, ROOT_OF_FIXED_POINT };

/* n ratios with their standard errors; the error of a root by the delta method. */
static void add_rate(struct builder *self, size_t first, size_t n, enum transform transform,
                     const char *name, const char *unit, const char *const *dims,
                     const char *long_name)
{
    double *value = scratch(self, n * sizeof *value), *error = scratch(self, n * sizeof *error);
    double scale = transform == PLAIN ? 1 : 1.0 / (1 << EXACT_FRACTION_BITS);
    for (size_t i = 0; value && error && i < n; i++) {
        struct exact_ratio ratio = tally_ratio(self->tally, first + i);
        value[i] = exact_ratio_value(&ratio) * scale;
        error[i] = exact_ratio_error(&ratio, tally_n_units(self->tally)) * scale;
        if (transform == ROOT_OF_FIXED_POINT) {
            value[i] = sqrt(value[i]);
            error[i] = value[i] > 0 ? error[i] / (2 * value[i]) : 0;
        }
    }
    add_pair(self, name, value, error, unit, dims, long_name);
}

static void add_attempts(struct builder *self)
{
    const struct tally_shape *shape = self->shape;
    const char *const *dims = DIMS("group", "attempt");
    size_t n = shape->n_rows * shape->n_attempts, pass = tally_rate(shape, RATE_PASS, 0, 0);
    add_part(self, pass, n, true, "n_attempted", dims, "sittings");
    add_part(self, pass, n, false, "n_passed", dims, "sittings that were passed");
    add_rate(self, pass, n, PLAIN, "pass_rate", "1", dims, "passed of sittings, by attempt");
    add_rate(self, tally_rate(shape, RATE_CUMULATIVE, 0, 0), n, PLAIN, "cumulative_pass_rate", "1",
             dims, "passed by this attempt, of candidates who attempted at least once");
    add_rate(
        self, tally_rate(shape, RATE_FALSE_PASS, 0, 0), n, PLAIN, "false_pass_rate", "1", dims,
        "passed by this attempt, of those not competent on the day of their last sitting so far");
    add_rate(
        self, tally_rate(shape, RATE_FALSE_FAIL, 0, 0), n, PLAIN, "false_fail_rate", "1", dims,
        "not passed by this attempt, of those competent on the day of their last sitting so far");
}

static void add_thetas(struct builder *self)
{
    const struct tally_shape *shape = self->shape;
    const char *const *dims = DIMS("attempt", "theta_bin");
    size_t n = shape->n_attempts * shape->theta.n, pass = tally_theta_rate(shape, THETA_PASS, 0, 0);
    add_part(self, pass, n, true, "n_theta", dims, "sittings by ability");
    add_part(self, pass, n, false, "n_pass_theta", dims, "sittings that were passed, by ability");
    add_rate(self, pass, n, PLAIN, "pass_rate_theta", "1", dims, "P(pass | theta)");
    add_rate(self, tally_theta_rate(shape, THETA_BIAS, 0, 0), n, FIXED_POINT, "theta_bias", "logit",
             dims, "mean of estimate minus ability");
    add_rate(self, tally_theta_rate(shape, THETA_SQUARE, 0, 0), n, ROOT_OF_FIXED_POINT,
             "theta_rmse", "logit", dims, "root mean square of estimate minus ability");
    add_rate(self, tally_theta_rate(shape, THETA_SE, 0, 0), n, FIXED_POINT, "theta_se", "logit",
             dims, "mean standard error reported by the estimator");
}

static void add_money(struct builder *self, enum count which, const char *name, double price,
                      const char *long_name)
{
    const struct tally *t = self->tally;
    size_t of_group = (t->table[which + 1] - t->table[which]) / self->shape->n_groups;
    double *values = scratch(self, self->shape->n_rows * sizeof *values);
    for (size_t g = 0; values && g < self->shape->n_groups; g++) {
        int64_t n = 0;
        for (size_t i = 0; i < of_group; i++)
            n += tally_count(t, which, g, 0)[i];
        values[0] += price * (double)n;
        if (self->shape->n_rows > 1)
            values[g + 1] = price * (double)n;
    }
    struct dataset_var var = {
        .name = name, .type = DATASET_REAL, .real = values, .unit = "USD", .long_name = long_name};
    add_var(self, &var, DIMS("group"));
}

static void add_counts(struct builder *self)
{
    const struct scenario *s = self->shape->scenario;
    add_count(self, COUNT_ATTEMPTS_USED, "n_by_attempts_used", DIMS("group", "attempts_used"),
              "candidates by the sittings they took");
    add_count(self, COUNT_OUTCOME, "n_outcome", DIMS("group", "outcome"), "candidates by outcome");
    add_count(self, COUNT_AWAITING, "n_awaiting_by_gate", DIMS("group", "gate"),
              "candidates who passed, by the gate that held them up on the horizon day");
    add_count(self, COUNT_FAILED_ALL, "n_failed_all", DIMS("group"),
              "attempted, did not pass, no attempt left");
    add_count(self, COUNT_ELIGIBLE, "n_eligible_for_retest", DIMS("group"),
              "attempted, did not pass, attempts left and the window open on the horizon day");
    add_count(self, COUNT_LAPSED, "n_lapsed", DIMS("group"),
              "attempted, did not pass, attempts left but the window closed by the horizon day");
    add_count(self, COUNT_REFRESHERS, "n_refreshers", DIMS("group", "cycle"),
              "refreshers completed");
    add_count(self, COUNT_COURSES, "n_courses", DIMS("group", "cycle"),
              "whole new courses completed");
    add_count(self, COUNT_DAYS, "n_days_to_certification", DIMS("group", "day_bin"),
              "certified candidates by days from the end of the course");
    if (self->shape->counts_sessions)
        add_count(self, COUNT_SCORE, "n_score", DIMS("group", "attempt", "score_bin"),
                  "sittings by score");
    add_count(self, COUNT_DECISION, "n_decision", DIMS("group", "attempt", "competent", "passed"),
              "sittings by competence on the day and decision");
    add_count(self, COUNT_SEATS, "seats", DIMS("group"), "sittings, all attempts");
    add_money(self, COUNT_SEATS, "fees", s->policy_fee, "exam fees paid");
    add_money(self, COUNT_REFRESHERS, "refresher_fees", s->policy_refresher_fee,
              "refresher fees paid");
    add_money(self, COUNT_COURSES, "course_fees", s->policy_course_fee,
              "fees of whole new courses paid");
    add_count(self, COUNT_FORFEITED, "n_authorizations_forfeited", DIMS("group"),
              "authorisations to test that ran out before the sitting");
    add_money(self, COUNT_FORFEITED, "authorization_fees", s->gates_authorization_fee,
              "fees paid for new authorisations");
    add_count(self, COUNT_END_AFTER, "n_outcome_by_attempts_used",
              DIMS("group", "attempts_used", "outcome"),
              "candidates by the sittings they took and where they ended");
    add_count(self, COUNT_DAYS_WITHDREW, "n_days_to_withdrawal", DIMS("group", "day_bin"),
              "candidates who withdrew, by the day on which their last result posted");
    add_count(self, COUNT_DAYS_FAILED, "n_days_to_last_failure", DIMS("group", "day_bin"),
              "candidates with no attempt left, by the day on which their last result posted");
}

static void add_exposure_parameters(struct builder *self)
{
    const struct cat_design *cat = self->shape->cat;
    double *values = scratch(self, cat->n_items * sizeof *values);
    for (size_t i = 0; values && i < cat->n_items; i++)
        values[cat->order[i]] = i < cat->n_scored ? cat->p_shown[i] : 1;
    struct dataset_var var = {.name = "item_exposure_parameter",
                              .type = DATASET_REAL,
                              .real = values,
                              .unit = "1",
                              .long_name = "probability with which exposure control lets the item "
                                           "be shown; 1 = uncontrolled"};
    add_var(self, &var, DIMS("item"));
}

static void add_sessions(struct builder *self)
{
    add_count(self, COUNT_STOP, "n_stop_reason", DIMS("group", "attempt", "stop_reason"),
              "sittings by why they ended");
    add_count(self, COUNT_LENGTH, "n_session_length", DIMS("group", "attempt", "length"),
              "sittings by scored items answered");
    add_count(self, COUNT_MISSES, "n_misses_by_bucket", DIMS("group", "attempt", "bucket"),
              "missed items by the bucket they were logged under");
    add_count(self, COUNT_MISSES_BEFORE, "n_misses_before_retake",
              DIMS("group", "attempt", "bucket"),
              "missed items by bucket in sittings that another followed: compare with "
              "n_misses_by_bucket of the next attempt, the same candidates");
}

static void add_items(struct builder *self)
{
    const struct tally_shape *shape = self->shape;
    size_t n = shape->n_items;
    add_rate(self, tally_item_rate(shape, ITEM_EXPOSURE, 0), n, PLAIN, "item_exposure_rate", "1",
             DIMS("item"), "sittings in which the item was answered, of all sittings");
    add_rate(self, tally_item_rate(shape, ITEM_SEEN_AGAIN, 0), n, PLAIN, "item_seen_again_rate",
             "1", DIMS("item"),
             "retake sittings in which the item was answered and known, of all of them");
    if (shape->cat && shape->cat->p_shown)
        add_exposure_parameters(self);
}

static void add_minutes(struct builder *self)
{
    const struct tally_shape *shape = self->shape;
    if (shape->counts_sessions)
        add_count(self, COUNT_MINUTES, "n_session_minutes", DIMS("group", "attempt", "minute_bin"),
                  "sittings by minutes used");
    if (shape->counts_sessions && shape->scenario->pacing_rush_speedup > 1)
        add_count(self, COUNT_RUSHED, "n_rushed_answers", DIMS("group", "attempt"),
                  "answers given faster than usual as time ran short");
    add_rate(self, tally_rate(shape, RATE_MINUTES, 0, 0), shape->n_rows * shape->n_attempts,
             FIXED_POINT, "session_minutes_mean", "min", DIMS("group", "attempt"),
             "mean minutes used");
}

bool tally_is_of_sessions(const char *name)
{
    static const char *const names[] = {
        "n_theta",           "n_pass_theta",       "pass_rate_theta",
        "theta_bias",        "theta_rmse",         "theta_se",
        "n_score",           "n_stop_reason",      "n_session_length",
        "n_session_minutes", "n_misses_by_bucket", "n_misses_before_retake",
        "n_rushed_answers"};
    size_t n = strlen(name);
    for (size_t k = 0; k < sizeof names / sizeof names[0]; k++)
        if (strncmp(name, names[k], strlen(names[k])) == 0 &&
            (n == strlen(names[k]) || strcmp(name + strlen(names[k]), "_mcse") == 0))
            return true;
    return false;
}

enum err_code tally_statistics(const struct tally *self, struct dataset *out, struct err *err)
{
    struct builder builder = {.tally = self, .shape = self->shape, .out = out, .err = err};
    *out = (struct dataset){0};
    add_dims(&builder);
    add_count(&builder, COUNT_CANDIDATES, "n_candidates", DIMS("group"), "candidates simulated");
    add_attempts(&builder);
    add_counts(&builder);
    if (self->shape->counts_sessions)
        add_thetas(&builder);
    if (self->shape->counts_sessions && self->shape->bank)
        add_sessions(&builder);
    if (self->shape->n_items > 0)
        add_items(&builder);
    if (self->shape->has_limits)
        add_count(&builder, COUNT_MISSED_LIMITS, "n_missed_limits", DIMS("group", "attempt"),
                  "sittings whose items miss a limit of exam.content, though not for want of time");
    if (self->shape->is_timed)
        add_minutes(&builder);
    arena_free(&builder.scratch);
    if (err->code != ERR_OK)
        dataset_free(out);
    return err->code;
}
