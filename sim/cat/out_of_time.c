/* How a session that ran out of time is decided. The item on the screen when time runs out is not
 * answered. The rules are those in use at NCSBN for the NCLEX before and after 2020.
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules.h"

static bool last_estimate(const struct rule_exam *exam, const struct rule_session *session)
{
    return session->n_scored > 0 && rule_passes(exam, session->theta);
}

static bool fail_below_minimum(const struct rule_exam *exam, const struct rule_session *session)
{
    return session->n_scored >= exam->min_items && last_estimate(exam, session);
}

static bool last_60(const struct rule_exam *exam, const struct rule_session *session)
{
    return session->n_scored >= exam->min_items && session->n_above_cut >= 60;
}

const struct rule_out_of_time cat_out_of_time_last_estimate = {
    .name = "last_estimate",
    .doc = "the last estimate against the cut",
    .parameters = "exam.cut_theta",
    .passes = last_estimate,
};

const struct rule_out_of_time cat_out_of_time_fail_below_minimum = {
    .name = "fail_below_minimum",
    .doc = "fail when fewer than exam.min_items were answered, else the last estimate",
    .parameters = "exam.cut_theta exam.min_items",
    .passes = fail_below_minimum,
};

const struct rule_out_of_time cat_out_of_time_last_60 = {
    .name = "last_60",
    .doc = "pass when exam.min_items were answered and the last 60 estimates all lay above the cut",
    .parameters = "exam.cut_theta exam.min_items",
    .passes = last_60,
};
