/* A policy as numbers, from a scenario or from the attributes of a result.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_SIM_REPORT_POLICY_READ_H
#define RETAKE_SIM_REPORT_POLICY_READ_H

#include <retake/report/policy_words.h>

#include <stdbool.h>

/** Values by their place; the last one repeats. */
struct policy_values {
    size_t n; /* at least 1 */
    double at[CONFIG_MAX_LIST];
};

/** policy.after_cycle, in the order of its words. */
enum policy_kind { POLICY_REFRESHER, POLICY_COURSE, POLICY_N_KINDS };

struct policy_course {
    double days, fee; /* NaN: not known */
};

/** What is absent is NaN, or what "no effect" is: no limit, no wait, no rise. */
struct policy {
    double attempts_per_cycle, attempts_per_year;
    double n_attempts; /* in all */
    size_t n_ends;     /* ends of cycles that another attempt follows */
    struct policy_values waits, cycle_waits, cut_raises, after_cycle;
    struct policy_course courses[POLICY_N_KINDS];
    bool refresher_renews;
    double window_days, fee, authorization_days, authorization_fee, result_days, horizon_days;
};

/** False where attempts, cycles or waits are not known, or make no sense. */
bool report_policy_read(const struct report_policy_source *source, struct policy *out);

/** One value, or the first of a list; absent where it is not known. A word is its index, none is
 * infinity. */
double report_policy_value(const struct report_policy_source *source, const char *key,
                           double absent);

#endif
