/* A policy in words. A gap is what lies between two attempts; gap k follows attempt k, from 1. The
 * end of cycle c is after attempt c times the attempts of a cycle. What is said is what
 * pathway/between.c does.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/report/policy_words.h>

#include <retake/base/wording.h>
#include <retake/config/params.h>

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "policy_read.h"

/* Text that grows, up to its room. */
struct words {
    char *text;
    size_t n;
};

static void __attribute__((format(printf, 2, 3))) say(struct words *self, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    size_t room = REPORT_POLICY_BYTES - self->n;
    int n = vsnprintf(self->text + self->n, room, format, arguments);
    va_end(arguments);
    if (n > 0)
        self->n += (size_t)n < room ? (size_t)n : room - 1;
}

static void say_number(struct words *self, double value)
{
    char text[32];
    config_param_format_number(value, text, sizeof text);
    say(self, "%s", text);
}

static void say_count(struct words *self, double value, const char *one)
{
    say_number(self, value);
    say(self, " %s%s", one, value == 1 ? "" : "s");
}

/* Money of people: whole, or with cents. */
static void say_money(struct words *self, double value)
{
    char digits[64];
    bool is_whole = value == floor(value);
    int n = snprintf(digits, sizeof digits, is_whole ? "%.0f" : "%.2f", value);
    int n_whole = is_whole ? n : n - 3;
    say(self, "$");
    for (int i = 0; i < n; i++)
        say(self, "%s%c", i > 0 && i < n_whole && (n_whole - i) % 3 == 0 ? "," : "", digits[i]);
}

/* ---- values by attempt ---- */

/* Value k, from 0, belongs to attempt first + k step. */
struct series {
    const struct policy_values *values;
    size_t n;
    double first, step;
};

static double series_at(const struct series *self, size_t k)
{
    const struct policy_values *values = self->values;
    return values->at[k < values->n ? k : values->n - 1];
}

/* Past these places nothing is new. */
static size_t n_places(const struct series *self)
{
    return self->n < self->values->n ? self->n : self->values->n;
}

/* Whether value k is the first of its kind. */
static bool is_new(const struct series *self, size_t k)
{
    for (size_t i = 0; i < k; i++)
        if (series_at(self, i) == series_at(self, k))
            return false;
    return true;
}

static bool has_value(const struct series *self, double value)
{
    for (size_t k = 0; k < n_places(self); k++)
        if (series_at(self, k) == value)
            return true;
    return false;
}

static bool is_constant(const struct series *self)
{
    for (size_t k = 1; k < n_places(self); k++)
        if (series_at(self, k) != series_at(self, 0))
            return false;
    return true;
}

/* The k at which a run of equal values that begins at k ends. */
static size_t run_end(const struct series *self, size_t k)
{
    double value = series_at(self, k);
    while (k < self->n && series_at(self, k) == value)
        k++;
    return k;
}

/* Attempts that follow each other: from = to is one. */
struct run {
    size_t from, to;
};

enum { MAX_RUNS = 3 * CONFIG_MAX_LIST };

/* Where the value is this one; two neighbours are two runs. @return how many */
static size_t find_runs(const struct series *series, double value, struct run runs[MAX_RUNS])
{
    size_t n = 0;
    for (size_t k = 0, end; k < series->n && n + 1 < MAX_RUNS; k = end) {
        end = run_end(series, k);
        if (series_at(series, k) != value)
            continue;
        bool is_long = end - k > 2;
        runs[n++] = (struct run){k, is_long ? end - 1 : k};
        if (end - k == 2)
            runs[n++] = (struct run){k + 1, k + 1};
    }
    return n;
}

/* "attempt 6", "attempts 3 and 9", "attempts 1 to 4, 7 and 9", "attempts 3 to 30 in steps of 3". */
static void say_attempts(struct words *self, const struct series *series, double value)
{
    struct run runs[MAX_RUNS] = {{0, 0}};
    size_t n = find_runs(series, value, runs);
    say(self, "attempt%s", n > 1 || runs[0].to > runs[0].from ? "s" : "");
    for (size_t i = 0; i < n; i++) {
        say(self, "%s %.0f",
            i == 0       ? ""
            : i + 1 == n ? " and"
                         : ",",
            series->first + (double)runs[i].from * series->step);
        if (runs[i].to > runs[i].from)
            say(self, " to %.0f", series->first + (double)runs[i].to * series->step);
        if (runs[i].to > runs[i].from && series->step > 1)
            say(self, " in steps of %.0f", series->step);
    }
}

/* ---- the sentences ---- */

/* By the ends of cycles. */
static struct series ends_of(const struct policy *self, const struct policy_values *values)
{
    return (struct series){values, self->n_ends, self->attempts_per_cycle,
                           self->attempts_per_cycle};
}

/* Whether the last of the attempts would come after the window has closed. */
static bool window_is_shorter(const struct policy *self, double most)
{
    double day = 0;
    if (self->n_ends > 0 || !isfinite(self->window_days))
        return false;
    for (double k = 1; k < most && day < self->window_days; k++)
        day += series_at(&(struct series){.values = &self->waits}, (size_t)k - 1);
    return day >= self->window_days;
}

static void say_how_many(struct words *self, const struct policy *policy)
{
    double n = policy->n_attempts, in_cycle = policy->attempts_per_cycle;
    if (n == 1) {
        say(self, "One attempt");
        return;
    }
    say(self, "Up to %s", wording_count((uint64_t)n, "attempt").text);
    if (window_is_shorter(policy, n))
        say(self, ", more than the window leaves time for");
    if (policy->n_ends > 0 && in_cycle > 1)
        say(self, ", in cycles of %.0f", in_cycle);
}

static void say_waits(struct words *self, const struct policy *policy)
{
    const struct series gaps = {&policy->waits, (size_t)policy->n_attempts - 1, 1, 1};
    if (gaps.n == 0)
        return;
    if (is_constant(&gaps) && series_at(&gaps, 0) == 0) {
        say(self, ", without a wait");
        return;
    }
    for (size_t k = 0; k < n_places(&gaps); k++) {
        if (!is_new(&gaps, k))
            continue;
        say(self, k || is_constant(&gaps) ? ", at least " : ", the next at least ");
        say_count(self, series_at(&gaps, k), "day");
        say(self, is_constant(&gaps) ? " apart" : " after ");
        if (!is_constant(&gaps))
            say_attempts(self, &gaps, series_at(&gaps, k));
    }
}

static void say_required(struct words *self, const struct policy *policy)
{
    const struct series ends = ends_of(policy, &policy->after_cycle);
    for (int kind = 0; kind < POLICY_N_KINDS; kind++) {
        const struct policy_course *course = &policy->courses[kind];
        if (!has_value(&ends, kind))
            continue;
        say(self, "; %s", kind == POLICY_COURSE ? "a whole new course" : "a refresher course");
        if (isfinite(course->days)) {
            say(self, " of ");
            say_count(self, course->days, "day");
        }
        if (isfinite(course->fee)) {
            say(self, " (");
            say_money(self, course->fee);
            say(self, ")");
        }
        say(self, " is required after ");
        say_attempts(self, &ends, kind);
    }
}

static void say_cycle_waits(struct words *self, const struct policy *policy)
{
    const struct series ends = ends_of(policy, &policy->cycle_waits);
    for (size_t k = 0; k < n_places(&ends); k++) {
        double days = series_at(&ends, k);
        if (!is_new(&ends, k) || days == 0)
            continue;
        say(self, "; the next cycle begins at least ");
        say_count(self, days, "day");
        say(self, " after ");
        say_attempts(self, &ends, days);
    }
}

static void say_raised_cut(struct words *self, const struct policy *policy)
{
    const struct series retakes = {&policy->cut_raises, (size_t)policy->n_attempts - 1, 2, 1};
    for (size_t k = 0; k < n_places(&retakes); k++) {
        double raise = series_at(&retakes, k);
        if (!is_new(&retakes, k) || raise == 0)
            continue;
        say(self, "; the passing point is ");
        say_number(self, raise);
        say(self, " logit higher in ");
        say_attempts(self, &retakes, raise);
    }
}

static void say_window(struct words *self, const struct policy *policy)
{
    const struct series ends = ends_of(policy, &policy->after_cycle);
    bool by_course = has_value(&ends, POLICY_COURSE);
    bool by_refresher = has_value(&ends, POLICY_REFRESHER) && policy->refresher_renews;
    if (isfinite(policy->window_days)) {
        say(self, " Sittings are allowed within ");
        say_count(self, policy->window_days, "day");
        say(self, " of the course%s.",
            by_course && by_refresher ? " or of the last repeated course of either kind"
            : by_course               ? ", the first or a new one"
            : by_refresher            ? " or of the last refresher"
                                      : "");
    }
    if (isfinite(policy->fee)) {
        say(self, " A sitting costs ");
        say_money(self, policy->fee);
        say(self, ".");
    }
}

static void say_gates(struct words *self, const struct policy *policy)
{
    if (isfinite(policy->authorization_days)) {
        say(self, " An authorisation to test is valid for ");
        say_count(self, policy->authorization_days, "day");
        if (policy->authorization_fee > 0) {
            say(self, "; a new one costs ");
            say_money(self, policy->authorization_fee);
        }
        say(self, ".");
    }
    if (policy->result_days > 0) {
        say(self, " Results come after ");
        say_count(self, policy->result_days, "business day");
        say(self, ".");
    }
    if (isfinite(policy->horizon_days)) {
        say(self, " Candidates are followed for ");
        say_count(self, policy->horizon_days, "day");
        say(self, ".");
    }
}

void report_policy_words(const struct report_policy_source *source, char text[REPORT_POLICY_BYTES])
{
    struct policy policy;
    struct words self = {text, 0};
    text[0] = '\0';
    if (!report_policy_read(source, &policy))
        return;
    say_how_many(&self, &policy);
    say_waits(&self, &policy);
    if (policy.attempts_per_year < policy.n_attempts)
        say(&self, ", no more than %.0f within any 365 days", policy.attempts_per_year);
    say_required(&self, &policy);
    say_cycle_waits(&self, &policy);
    say_raised_cut(&self, &policy);
    say(&self, ".");
    say_window(&self, &policy);
    say_gates(&self, &policy);
}

/* ---- what they rest on ---- */

/* When a sentence has something of a parameter in it. */
enum when { ALWAYS, WITH_CYCLES, WITH_REFRESHER, WITH_COURSE, WITH_EFFECT };

static const struct {
    const char *key;
    enum when when;
} policy_keys[] = {
    {"policy.attempts_per_cycle", ALWAYS},
    {"policy.max_cycles", ALWAYS},
    {"policy.max_attempts", WITH_EFFECT},
    {"policy.wait_days", ALWAYS},
    {"policy.max_attempts_per_year", WITH_EFFECT},
    {"policy.after_cycle", WITH_CYCLES},
    {"policy.refresher.days", WITH_REFRESHER},
    {"policy.refresher.fee", WITH_REFRESHER},
    {"policy.refresher.renews_window", WITH_REFRESHER},
    {"policy.course.days", WITH_COURSE},
    {"policy.course.fee", WITH_COURSE},
    {"policy.cycle_wait_days", WITH_EFFECT},
    {"policy.retake_cut_raise", WITH_EFFECT},
    {"policy.window_days", ALWAYS},
    {"policy.fee", ALWAYS},
    {"gates.authorization.valid_days", WITH_EFFECT},
    {"gates.authorization.fee", WITH_EFFECT},
    {"policy.results_business_days", ALWAYS},
    {"policy.horizon_days", ALWAYS},
};

_Static_assert(sizeof policy_keys / sizeof *policy_keys == REPORT_POLICY_KEYS, "keys");

static bool is_said(const struct policy *policy, size_t k, double value)
{
    const struct series ends = ends_of(policy, &policy->after_cycle);
    switch (policy_keys[k].when) {
    case WITH_CYCLES:
        return policy->n_ends > 0;
    case WITH_REFRESHER:
        return has_value(&ends, POLICY_REFRESHER);
    case WITH_COURSE:
        return has_value(&ends, POLICY_COURSE);
    case WITH_EFFECT:
        return value != 0 && value != (double)INFINITY;
    default:
        return true;
    }
}

size_t report_policy_keys(const struct report_policy_source *source,
                          const char *keys[REPORT_POLICY_KEYS])
{
    struct policy policy;
    size_t n = 0;
    if (!report_policy_read(source, &policy))
        return 0;
    for (size_t k = 0; k < REPORT_POLICY_KEYS; k++)
        if (is_said(&policy, k, report_policy_value(source, policy_keys[k].key, 0)))
            keys[n++] = policy_keys[k].key;
    return n;
}
