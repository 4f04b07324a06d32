/* Rows of the results.
 * SPDX-License-Identifier: Apache-2.0 */
#include "sweep_row.h"

#include <retake/config/params.h>
#include <retake/study/grid_doubt.h>
#include <retake/study/reach_doubt.h>
#include <retake/tally/address.h>
#include <retake/tally/join.h>
#include <retake/tally/tally.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a board asks for: some hundred numbers for each policy. */
static const char *const default_outputs[] = {
    "n_candidates",
    "n_attempted",
    "n_passed",
    "pass_rate",
    "cumulative_pass_rate",
    "false_pass_rate",
    "false_fail_rate",
    "n_by_attempts_used",
    "n_outcome",
    "outcome_rate",
    "n_refreshers",
    "n_courses",
    "n_failed_all",
    "n_eligible_for_retest",
    "n_lapsed",
    "seats",
    "seats_per_candidate",
    "refreshers_per_candidate",
    "fees",
    "refresher_fees",
    "course_fees",
    "cost_per_candidate",
    "days_to_certification_mean",
    "session_minutes_mean",
};

/* ---- which variables ---- */

static bool ends_with(const char *name, size_t n, const char *suffix)
{
    size_t n_suffix = strlen(suffix);
    return n > n_suffix && strncmp(name + n - n_suffix, suffix, n_suffix) == 0;
}

/* The length of X in X, X_mcse, X_difference, X_difference_mcse. */
static size_t stem_of(const char *name)
{
    size_t n = strlen(name);
    if (ends_with(name, n, "_mcse"))
        n -= strlen("_mcse");
    if (ends_with(name, n, "_difference"))
        n -= strlen("_difference");
    return n;
}

static bool is_among(const char *name, size_t n, const char *const *names, size_t n_names)
{
    for (size_t k = 0; k < n_names; k++)
        if (strlen(names[k]) == n && strncmp(names[k], name, n) == 0)
            return true;
    return false;
}

/* The second address of a ratio, or NULL. */
static const char *next_address(const char *text)
{
    const char *end = text + tally_address_length(text);
    return *end == '/' ? end + 1 : NULL;
}

/* Whether an address of the sensitivity, or its second one behind '/', is of this variable. */
static bool is_asked(const char *name, size_t n, const struct study_sweep *sweep)
{
    for (size_t k = 0; k < sweep->n_sensitivity; k++)
        for (const char *p = sweep->sensitivity[k]; p; p = next_address(p))
            if (strcspn(p, "[/") == n && strncmp(p, name, n) == 0)
                return true;
    return false;
}

static const char *choose(const char *name, char buffer[128], const void *context)
{
    (void)buffer;
    const struct study_sweep *sweep = context;
    if (sweep->all_outputs || strcmp(name, STUDY_POLICY_WARNING) == 0)
        return name;
    bool is_kept = sweep->n_outputs > 0
                       ? is_among(name, stem_of(name), sweep->outputs, sweep->n_outputs)
                       : is_among(name, stem_of(name), default_outputs,
                                  sizeof default_outputs / sizeof *default_outputs);
    return is_kept || is_asked(name, stem_of(name), sweep) ? name : NULL;
}

static const char *choose_base(const char *name, char buffer[128], const void *context)
{
    if (!choose(name, buffer, context))
        return NULL;
    size_t n = strlen(name);
    bool is_error = ends_with(name, n, "_mcse");
    snprintf(buffer, 128, "%.*s_base%s", (int)(is_error ? n - strlen("_mcse") : n), name,
             is_error ? "_mcse" : "");
    return buffer;
}

/* Of the base, or an index of sensitivity. */
static bool is_of_all(const char *name)
{
    size_t n = strlen(name);
    n -= ends_with(name, n, "_mcse") ? strlen("_mcse") : 0;
    return ends_with(name, n, "_base") || strncmp(name, "sobol_", strlen("sobol_")) == 0;
}

enum {
    WARNING_BYTES =
        STUDY_GRID_DOUBT_BYTES + STUDY_MOST_REACH_DOUBTS * (STUDY_REACH_DOUBT_BYTES + 32)
};

/* What a run warns of, in its order, with "; " between. */
static void join_warnings(const struct scenario *scenario, const struct dataset *statistics,
                          char text[WARNING_BYTES])
{
    struct study_reach_doubt found[STUDY_MOST_REACH_DOUBTS];
    char grid[STUDY_GRID_DOUBT_BYTES];
    size_t at = 0, n = study_reach_doubts_of(scenario, statistics, found);
    text[0] = '\0';
    for (size_t k = 0; k < n; k++)
        at += (size_t)snprintf(text + at, WARNING_BYTES - at, "%s%s: %s", k > 0 ? "; " : "",
                               found[k].key, found[k].text);
    if (study_grid_doubt_of(scenario, statistics, grid))
        snprintf(text + at, WARNING_BYTES - at, "%s%s", n > 0 ? "; " : "", grid);
}

enum err_code study_row_warn(const struct scenario *scenario, struct dataset *statistics,
                             struct err *err)
{
    char text[WARNING_BYTES];
    const char *line = text;
    const struct dataset_var var = {.name = STUDY_POLICY_WARNING,
                                    .type = DATASET_TEXT,
                                    .n = 1,
                                    .text = &line,
                                    .long_name = "what a run of this policy warns of"};
    join_warnings(scenario, statistics, text);
    if (!text[0])
        return ERR_OK;
    return dataset_add_var(statistics, &var, err);
}

bool study_row_are_joined(const struct dataset *joined)
{
    const struct dataset_dim *rows = dataset_dim(joined, "scenario");
    if (!rows || rows->type != DATASET_COUNT)
        return joined->n_vars == 0;
    for (size_t v = 0; v < joined->n_vars; v++) {
        const struct dataset_var *var = &joined->vars[v];
        bool is_by_row = var->n_dims > 0 && &joined->dims[var->dim[0]] == rows;
        for (size_t k = 1; k < var->n_dims; k++)
            if (&joined->dims[var->dim[k]] == rows)
                return false;
        if (is_by_row == is_of_all(var->name))
            return false;
    }
    return true;
}

enum err_code study_row_base(const struct study_sweep *sweep, const struct dataset *statistics,
                             struct dataset *out, struct err *err)
{
    return dataset_pick(statistics, NULL, choose_base, sweep, out, err);
}

/* ---- axis values ---- */

static void add(struct dataset *out, const char *name, enum dataset_type type, const void *value,
                const char *unit, const char *long_name, struct err *err)
{
    struct dataset_var var = {.name = name,
                              .type = type,
                              .n = 1,
                              .real = type == DATASET_REAL ? value : NULL,
                              .count = type == DATASET_COUNT ? value : NULL,
                              .text = type == DATASET_TEXT ? value : NULL,
                              .unit = unit,
                              .long_name = long_name};
    if (!err->code)
        dataset_add_var(out, &var, err);
}

/* Units that xarray would take for dates are none here. */
static const char *unit_of(const struct param *param)
{
    return param->unit[0] ? param->unit : NULL;
}

static void add_column(const struct study_sweep *sweep, size_t point, size_t k, struct dataset *out,
                       struct err *err)
{
    const struct study_column *column = &sweep->columns[k];
    const struct param *param = config_param_find(column->key);
    const char *text = sweep->values[point * sweep->n_columns + k];
    double real = 0;
    if (column->is_number && study_sweep_number(text, &real))
        add(out, column->name, DATASET_REAL, &real, unit_of(param), param->doc, err);
    else
        add(out, column->name, DATASET_TEXT, &text, NULL, param->doc, err);
}

/* An axis that sets several parameters is a coordinate of its own: labels, or 1, 2, ... */
static void add_compound(const struct study_sweep *sweep, size_t point, size_t a,
                         struct dataset *out, struct err *err)
{
    const struct study_axis *axis = &sweep->axes[a];
    static const char text[] = "value of an axis that sets several parameters";
    size_t choice = sweep->choices ? sweep->choices[point * sweep->n_axes + a] : 0;
    int64_t number = (int64_t)choice + 1;
    if (axis->labels)
        add(out, axis->name, DATASET_TEXT, &axis->labels[choice], NULL, text, err);
    else
        add(out, axis->name, DATASET_COUNT, &number, "1", text, err);
}

static bool is_compound(const struct study_sweep *sweep, const struct study_axis *axis)
{
    return strcmp(sweep->columns[axis->first_column].key, axis->name) != 0;
}

const char *study_row_reason(const char *detail)
{
    static const char head[] = "--set ";
    return strncmp(detail, head, sizeof head - 1) == 0 ? detail + sizeof head - 1 : detail;
}

enum err_code study_row_make(const struct study_sweep *sweep, size_t point,
                             const struct dataset *statistics, const char *message,
                             struct dataset *out, struct err *err)
{
    int64_t status = statistics ? STUDY_POLICY_DONE : STUDY_POLICY_FAILED;
    for (size_t a = 0; a < sweep->n_axes; a++) {
        const struct study_axis *axis = &sweep->axes[a];
        if (is_compound(sweep, axis))
            add_compound(sweep, point, a, out, err);
        for (size_t c = 0; c < axis->n_columns; c++)
            add_column(sweep, point, axis->first_column + c, out, err);
    }
    add(out, "policy_status", DATASET_COUNT, &status, "1",
        "0 = done, 1 = failed: policy_message says why", err);
    add(out, "policy_message", DATASET_TEXT, &message, NULL, "why a policy failed", err);
    if (statistics && !err->code)
        dataset_pick(statistics, NULL, choose, sweep, out, err);
    return err->code;
}

const char *study_row_coordinates(const struct study_sweep *sweep, struct arena *arena)
{
    size_t n = 1, at = 0;
    for (size_t a = 0; a < sweep->n_axes; a++)
        n += strlen(sweep->axes[a].name) + 1;
    for (size_t k = 0; k < sweep->n_columns; k++)
        n += strlen(sweep->columns[k].name) + 1;
    char *text = arena_alloc(arena, n);
    for (size_t a = 0; text && a < sweep->n_axes; a++)
        if (is_compound(sweep, &sweep->axes[a]))
            at += (size_t)snprintf(text + at, n - at, "%s%s", at ? " " : "", sweep->axes[a].name);
    for (size_t k = 0; text && k < sweep->n_columns; k++)
        at += (size_t)snprintf(text + at, n - at, "%s%s", at ? " " : "", sweep->columns[k].name);
    return text;
}

/* ---- before anything is simulated ---- */

/* The variable of an address, or the second one behind '/'. */
static bool address_asks_for_sessions(const char *address)
{
    char name[128];
    for (const char *p = address; p; p = next_address(p)) {
        snprintf(name, sizeof name, "%.*s", (int)strcspn(p, "[/"), p);
        if (tally_is_of_sessions(name))
            return true;
    }
    return false;
}

bool study_row_asks_for_sessions(const struct study_sweep *sweep)
{
    bool asks = sweep->all_outputs;
    for (size_t k = 0; k < sweep->n_outputs; k++)
        asks = asks || tally_is_of_sessions(sweep->outputs[k]);
    for (size_t k = 0; k < sweep->n_sensitivity; k++)
        asks = asks || address_asks_for_sessions(sweep->sensitivity[k]);
    return asks;
}

static enum err_code check_sensitivity(const struct study_sweep *sweep,
                                       const struct dataset *statistics, struct err *err)
{
    struct tally_number number;
    struct err reason = {0};
    for (size_t k = 0; k < sweep->n_sensitivity; k++)
        if (tally_address_read(statistics, sweep->sensitivity[k], &number, &reason) != ERR_OK)
            return err_set(err, reason.code, "%s: sensitivity: %s", sweep->path, reason.detail);
    return ERR_OK;
}

/* What a sweep adds to statistics. */
static const char *const own_names[] = {"scenario",           "policy_status", "policy_message",
                                        STUDY_POLICY_WARNING, "statistic",     "parameter"};

enum err_code study_row_check(const struct study_sweep *sweep, const struct dataset *statistics,
                              struct err *err)
{
    const char **names = calloc(statistics->n_vars + 1, sizeof *names);
    if (study_sweep_memory(names, err) != ERR_OK)
        return err->code;
    for (size_t k = 0; k < statistics->n_vars; k++)
        names[k] = statistics->vars[k].name;
    for (size_t k = 0; k < sweep->n_outputs && !err->code; k++) {
        const char *near = config_nearest_word(sweep->outputs[k], names, statistics->n_vars);
        if (!dataset_var(statistics, sweep->outputs[k]))
            err_set(err, ERR_INPUT, "%s: outputs: no variable '%.80s'%s%s%s", sweep->path,
                    sweep->outputs[k], near ? "; did you mean '" : "", near ? near : "",
                    near ? "'?" : "");
    }
    for (size_t a = 0; a < sweep->n_axes && !err->code; a++)
        if (dataset_var(statistics, sweep->axes[a].name) ||
            dataset_dim(statistics, sweep->axes[a].name) ||
            is_among(sweep->axes[a].name, strlen(sweep->axes[a].name), own_names,
                     sizeof own_names / sizeof own_names[0]))
            study_sweep_refuse(sweep, sweep->axes[a].line, sweep->axes[a].column,
                               sweep->axes[a].name, err, ERR_INPUT,
                               "the name of a statistic; give the axis another name");
    free(names);
    return err->code ? err->code : check_sensitivity(sweep, statistics, err);
}
