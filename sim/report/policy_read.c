/* Both sources give the text of a value, as it stands in YAML; so there is one way to read it.
 * SPDX-License-Identifier: Apache-2.0 */
#include "policy_read.h"

#include <retake/config/params.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool text_of_result(const struct store_provenance *provenance, const char *key,
                           char text[CONFIG_LIST_BYTES])
{
    const struct store_attribute *found = store_attribute_find(provenance, key);
    if (found && found->text)
        snprintf(text, CONFIG_LIST_BYTES, "%s", found->text);
    else if (found)
        config_param_format_number(found->number, text, CONFIG_LIST_BYTES);
    return found != NULL;
}

static bool text_of(const struct report_policy_source *source, const struct param *param,
                    char text[CONFIG_LIST_BYTES])
{
    if (!source->scenario)
        return text_of_result(source->provenance, param->path, text);
    config_param_format(param, source->scenario, 0, text, CONFIG_LIST_BYTES);
    return true;
}

/* The index of a word of n bytes among "first|second", or -1. */
static int choice_index(const char *choices, const char *word, size_t n)
{
    for (int k = 0; choices && *choices; k++) {
        size_t n_choice = strcspn(choices, "|");
        if (n_choice == n && strncmp(choices, word, n) == 0)
            return k;
        choices += n_choice + (choices[n_choice] == '|');
    }
    return -1;
}

/* One element: a number, a word, true, false, or none. */
static bool read_element(const struct param *param, const char *text, size_t n, double *out)
{
    char *end;
    int index = choice_index(param->choices, text, n);
    bool is_true = n == 4 && strncmp(text, "true", n) == 0;
    bool is_false = n == 5 && strncmp(text, "false", n) == 0;
    *out = index >= 0 ? index : is_true ? 1 : is_false ? 0 : (double)INFINITY;
    if (index >= 0 || is_true || is_false || (n == 4 && strncmp(text, "none", n) == 0))
        return true;
    *out = strtod(text, &end);
    return end == text + n && n > 0 && isfinite(*out);
}

/* "15", "[60, 60, 183]", "none". False where the key is absent or cannot be read. */
static bool read_values(const struct report_policy_source *source, const char *key,
                        struct policy_values *out)
{
    char text[CONFIG_LIST_BYTES];
    const struct param *param = config_param_find(key);
    out->n = 0;
    if (!param || !text_of(source, param, text))
        return false;
    const char *at = text;
    do {
        at += strspn(at, "[, ");
        size_t n = strcspn(at, ",] ");
        if (n == 0)
            break;
        if (out->n == CONFIG_MAX_LIST || !read_element(param, at, n, &out->at[out->n]))
            return false;
        out->n++;
        at += n;
    } while (*at);
    return out->n > 0;
}

double report_policy_value(const struct report_policy_source *source, const char *key,
                           double absent)
{
    struct policy_values values;
    return read_values(source, key, &values) ? values.at[0] : absent;
}

static void read_list(const struct report_policy_source *source, const char *key,
                      struct policy_values *out)
{
    if (!read_values(source, key, out))
        *out = (struct policy_values){.n = 1}; /* the first word, or 0 */
}

static void read_courses(const struct report_policy_source *source, struct policy *out)
{
    read_list(source, "policy.after_cycle", &out->after_cycle);
    out->courses[POLICY_REFRESHER] =
        (struct policy_course){report_policy_value(source, "policy.refresher.days", NAN),
                               report_policy_value(source, "policy.refresher.fee", NAN)};
    out->courses[POLICY_COURSE] =
        (struct policy_course){report_policy_value(source, "policy.course.days", NAN),
                               report_policy_value(source, "policy.course.fee", NAN)};
    out->refresher_renews = report_policy_value(source, "policy.refresher.renews_window", 0) != 0;
}

static void read_rest(const struct report_policy_source *source, struct policy *out)
{
    out->attempts_per_year = report_policy_value(source, "policy.max_attempts_per_year", INFINITY);
    out->window_days = report_policy_value(source, "policy.window_days", NAN);
    out->horizon_days = report_policy_value(source, "policy.horizon_days", NAN);
    out->result_days = report_policy_value(source, "policy.results_business_days", NAN);
    out->fee = report_policy_value(source, "policy.fee", NAN);
    out->authorization_days =
        report_policy_value(source, "gates.authorization.valid_days", INFINITY);
    out->authorization_fee = report_policy_value(source, "gates.authorization.fee", 0);
    read_list(source, "policy.cycle_wait_days", &out->cycle_waits);
    read_list(source, "policy.retake_cut_raise", &out->cut_raises);
}

bool report_policy_read(const struct report_policy_source *source, struct policy *out)
{
    *out = (struct policy){0};
    double in_cycle = report_policy_value(source, "policy.attempts_per_cycle", NAN);
    double cycles = report_policy_value(source, "policy.max_cycles", NAN);
    double most = report_policy_value(source, "policy.max_attempts", INFINITY);
    if (!(in_cycle >= 1 && cycles >= 1 && most >= 1 && in_cycle * cycles <= 1e6) ||
        !read_values(source, "policy.wait_days", &out->waits))
        return false;
    out->attempts_per_cycle = in_cycle;
    out->n_attempts = ceil(fmin(in_cycle * cycles, most));
    out->n_ends = (size_t)(ceil(out->n_attempts / in_cycle) - 1);
    read_courses(source, out);
    read_rest(source, out);
    return true;
}
