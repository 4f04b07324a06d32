/* Rules from outside the tree, one of each kind, against the installed header alone. Compiled into
 * a program (outside_program.c) and into a shared object for `retake run --rules`.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/rule.h>

#include <math.h>

static bool after_61(const struct rule_exam *exam, const struct rule_session *session)
{
    (void)exam;
    return session->n_scored >= 61;
}

static const struct rule_stop stop_after_61 = {
    .name = "after_61", .doc = "after 61 items", .step = after_61};

/* What closest_difficulty does. */
static void nearest(const struct rule_exam *exam, const struct rule_session *session, double theta,
                    const uint32_t *items, size_t n, double *values)
{
    (void)session;
    for (size_t k = 0; k < n; k++)
        values[k] = -fabs(exam->items[items[k]].b - theta);
}

static const struct rule_select select_nearest = {
    .name = "nearest", .doc = "the nearest difficulty", .values = nearest};

/* The first item of the bank never, every other one half of the times. */
static double half(const struct rule_exam *exam, const struct rule_session *session, uint32_t item)
{
    uint32_t row = exam->items[item].bank_row;
    (void)session;
    return row == 0 ? 0 : row % 2 ? 1 : 0.5;
}

static const struct rule_exposure exposure_half = {
    .name = "half", .doc = "items of even rows half of the times", .p_shown = half};

/* By what the answers say about the cut. */
static bool by_ratio(const struct rule_exam *exam, const struct rule_session *session)
{
    (void)exam;
    return session->log_ratio > 0;
}

static const struct rule_out_of_time time_by_ratio = {.name = "by_ratio",
                                                      .doc = "the sign of the likelihood ratio",
                                                      .parameters = "exam.stop.delta",
                                                      .needs = RULE_NEEDS_RATIO,
                                                      .passes = by_ratio};

static bool everyone(const struct rule_exam *exam, const struct rule_session *session)
{
    (void)exam, (void)session;
    return true;
}

static const struct rule_out_of_time time_everyone = {
    .name = "everyone", .doc = "everyone passes", .passes = everyone};

static const struct rule_stop *const stops[] = {&stop_after_61, NULL};
static const struct rule_select *const selects[] = {&select_nearest, NULL};
static const struct rule_exposure *const exposures[] = {&exposure_half, NULL};
static const struct rule_out_of_time *const outs_of_time[] = {&time_by_ratio, &time_everyone, NULL};

const struct rule_set retake_rules = {.version = RULE_VERSION,
                                      .stops = stops,
                                      .selects = selects,
                                      .exposures = exposures,
                                      .outs_of_time = outs_of_time};
