/* What failed and what is doubtful among the policies of a result, in one line each.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/study/sweep_verdict.h>

#include <retake/base/wording.h>
#include <retake/study/record.h>
#include <retake/study/sensitivity.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "spans.h"
#include "sweep_row.h"

enum { LINE_BYTES = 900, MOST_AXES = 6, MOST_NUMBERS = 60 };

/* The variable of this name with one value for each policy, or NULL. */
static const struct dataset_var *by_policy(const struct dataset *dataset, const char *name,
                                           enum dataset_type type)
{
    return dataset_var_over(dataset, name, type, (const char *const[]){"scenario", NULL});
}

static size_t count_policies(const struct dataset *dataset)
{
    const struct dataset_dim *policies = dataset_dim(dataset, "scenario");
    return policies ? policies->n : 0;
}

/* How many policies failed, and the first of them. */
static size_t count_failed(const struct dataset *dataset, size_t *first)
{
    const struct dataset_var *status = by_policy(dataset, "policy_status", DATASET_COUNT);
    size_t n = 0;
    for (size_t k = 0; status && k < status->n; k++)
        if (status->count[k] == STUDY_POLICY_FAILED && n++ == 0)
            *first = k;
    return n;
}

/* Whether the result has indices, and none of them has a base point. */
static bool has_no_base_point(const struct dataset *dataset)
{
    const struct dataset_var *used = dataset_var_over(dataset, "sobol_n", DATASET_COUNT,
                                                      (const char *const[]){"statistic", NULL});
    bool none = used != NULL;
    for (size_t s = 0; used && s < used->n; s++)
        none = none && used->count[s] == 0;
    return none;
}

bool study_sweep_is_void(const struct store_result *result)
{
    size_t first, n = count_failed(&result->dataset, &first);
    return n > 0 && !store_attribute_find(&result->provenance, "shard") &&
           (n == count_policies(&result->dataset) || has_no_base_point(&result->dataset));
}

/* ---- which policy it is ---- */

static void append_value(const struct dataset_var *var, size_t row, char text[LINE_BYTES])
{
    size_t n = strlen(text);
    if (var->type == DATASET_TEXT)
        snprintf(text + n, LINE_BYTES - n, "%.60s", var->text[row]);
    else if (var->type == DATASET_COUNT)
        snprintf(text + n, LINE_BYTES - n, "%lld", (long long)var->count[row]);
    else
        snprintf(text + n, LINE_BYTES - n, "%.6g", var->real[row]);
}

/* "policy.wait_days 90, cut raised", from the coordinates of the result. */
static void append_axes(const struct store_result *result, size_t row, char text[LINE_BYTES])
{
    const char *names = store_result_text(result, "coordinates");
    for (size_t k = 0; names && *names; k++) {
        char name[256];
        size_t n = strcspn(names, " "), at = strlen(text);
        snprintf(name, sizeof name, "%.*s", (int)n, names);
        names += n + (names[n] == ' ');
        const struct dataset_var *var = dataset_var(&result->dataset, name);
        if (k == MOST_AXES)
            snprintf(text + at, LINE_BYTES - at, ", ...");
        if (k >= MOST_AXES || !var || var->n != count_policies(&result->dataset))
            continue;
        snprintf(text + at, LINE_BYTES - at, "%s%s ", k ? ", " : "", name);
        append_value(var, row, text);
    }
}

static enum err_code tell_failed(struct store_result *result, struct err *err)
{
    const struct dataset *dataset = &result->dataset;
    const struct dataset_var *message = by_policy(dataset, "policy_message", DATASET_TEXT);
    char axes[LINE_BYTES] = "", line[3 * LINE_BYTES];
    size_t first = 0, n = count_failed(dataset, &first), at = 0;
    if (n == 0)
        return ERR_OK;
    append_axes(result, first, axes);
    if (has_no_base_point(dataset))
        at = (size_t)snprintf(line, sizeof line, "no base point can be run");
    else
        at = (size_t)snprintf(line, sizeof line, "%zu of %s cannot be run", n,
                              wording_count(count_policies(dataset), "policy").text);
    snprintf(line + at, sizeof line - at, "; the first: policy %lld (%s): %s",
             (long long)dataset_dim(dataset, "scenario")->count[first], axes,
             message ? message->text[first] : "");
    return study_record_text(result, STUDY_POLICIES_FAILED, line, err);
}

/* ---- warnings ---- */

/* Whether two warnings are of one kind: of the same key, which comes first. */
static bool is_one_kind(const char *a, const char *b)
{
    size_t n = strcspn(a, ":");
    return strncmp(a, b, n + 1) == 0;
}

/* The numbers of the policies of one kind, of which the first is row `first`; they are struck from
 * `left`. NULL when memory is out. */
static char *numbers_of_kind(const struct dataset *dataset, const struct dataset_var *warnings,
                             size_t first, bool *left, size_t *n)
{
    const int64_t *numbers = dataset_dim(dataset, "scenario")->count;
    size_t most = (size_t)numbers[warnings->n - 1];
    bool *are = calloc(most, sizeof *are);
    *n = 0;
    for (size_t k = first; are && k < warnings->n; k++)
        if (left[k] && is_one_kind(warnings->text[first], warnings->text[k])) {
            are[numbers[k] - 1] = true;
            left[k] = false;
            ++*n;
        }
    char *text = are ? study_spans(are, most) : NULL;
    free(are);
    return text;
}

static enum err_code tell_kind(struct store_result *result, const struct dataset_var *warnings,
                               size_t first, bool *left, struct err *err)
{
    char line[LINE_BYTES];
    size_t n;
    char *numbers = numbers_of_kind(&result->dataset, warnings, first, left, &n);
    if (!numbers)
        return err_set(err, ERR_MEMORY, "no memory for the warnings of a sweep");
    size_t n_all = strlen(numbers), n_shown = n_all < MOST_NUMBERS ? n_all : MOST_NUMBERS;
    while (n_shown < n_all && n_shown > 0 && numbers[n_shown] != ',')
        n_shown--;
    snprintf(line, sizeof line, "%s %.*s%s (%zu of %zu): %s", wording_noun(n, "policy").text,
             (int)n_shown, numbers, n_shown < n_all ? ",..." : "", n, warnings->n,
             warnings->text[first]);
    free(numbers);
    return study_record_warning(result, line, err);
}

static enum err_code tell_warnings(struct store_result *result, struct err *err)
{
    const struct dataset *dataset = &result->dataset;
    const struct dataset_var *warnings = by_policy(dataset, STUDY_POLICY_WARNING, DATASET_TEXT);
    const struct dataset_var *base = dataset_var_over(dataset, STUDY_POLICY_WARNING "_base",
                                                      DATASET_TEXT, (const char *const[]){NULL});
    char line[LINE_BYTES];
    bool *left = warnings ? calloc(warnings->n, sizeof *left) : NULL;
    if (warnings && !left)
        return err_set(err, ERR_MEMORY, "no memory for the warnings of a sweep");
    for (size_t k = 0; left && k < warnings->n; k++)
        left[k] = warnings->text[k][0] != '\0';
    for (size_t k = 0; left && k < warnings->n && !err->code; k++)
        if (left[k])
            tell_kind(result, warnings, k, left, err);
    free(left);
    if (!base || warnings || err->code) /* the policies are like it */
        return err->code;
    snprintf(line, sizeof line, "the base: %s", base->text[0]);
    return study_record_warning(result, line, err);
}

enum err_code study_sweep_conclude(struct store_result *result, struct err *err)
{
    if (study_sensitivity_add(result, err) == ERR_OK && tell_failed(result, err) == ERR_OK)
        tell_warnings(result, err);
    return err->code;
}
