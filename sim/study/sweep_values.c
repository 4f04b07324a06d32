/* The values of axes, before anything is run. Each is tried in the base: what that refuses no
 * policy can have. Two values are the same when the base then has the same, however they are
 * written.
 * SPDX-License-Identifier: Apache-2.0 */
#include "sweep_parts.h"

#include <retake/base/digest.h>
#include <retake/config/csv.h>
#include <retake/config/params.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DIGEST_BYTES = 33, MOST_TRIALS = 4096 /* of one copy of the base, which they fill */ };

/* The base, to try values in. */
struct trial {
    struct study_sweep *sweep;
    struct scenario scenario;
    size_t n_tried;
    struct err *err;
};

bool study_values_format(const struct scenario *scenario, const char *key,
                         char text[CONFIG_LIST_BYTES])
{
    char path[512];
    const struct param *param = config_param_find(key);
    for (size_t m = 0; m < config_param_n_members(param, scenario); m++) {
        config_param_path(param, scenario, m, path, sizeof path);
        if (strcmp(path, key) == 0) {
            config_param_format(param, scenario, m, text, CONFIG_LIST_BYTES);
            return true;
        }
    }
    return false;
}

/* ---- what is there twice ---- */

static int by_text(const void *left, const void *right)
{
    const char *const *a = *(const char *const *const *)left;
    const char *const *b = *(const char *const *const *)right;
    int order = strcmp(*a, *b);
    return order ? order : (a > b) - (a < b);
}

bool study_values_repeat(const char *const *texts, size_t n, size_t *first, size_t *again,
                         struct err *err)
{
    const char *const **places = calloc(n + 1, sizeof *places);
    bool found = false;
    if (study_sweep_memory(places, err) != ERR_OK)
        return false;
    for (size_t k = 0; k < n; k++)
        places[k] = texts + k;
    qsort(places, n, sizeof *places, by_text);
    for (size_t k = 1; k < n; k++) {
        size_t at = (size_t)(places[k] - texts);
        if (strcmp(*places[k - 1], *places[k]) != 0 || (found && at > *again))
            continue;
        *first = (size_t)(places[k - 1] - texts);
        *again = at;
        found = true;
    }
    free(places);
    return found;
}

/* The digest so far, with one more value. */
static void chain(char digest[DIGEST_BYTES], const char *text)
{
    char joined[DIGEST_BYTES + CONFIG_LIST_BYTES];
    int n = snprintf(joined, sizeof joined, "%s%s", digest, text);
    digest_hex(joined, (size_t)n, digest);
}

/* Digests of n rows of values, to be compared. */
struct rows {
    const char **texts;
    char (*digests)[DIGEST_BYTES];
};

static enum err_code rows_init(struct rows *self, size_t n, struct err *err)
{
    self->texts = calloc(n + 1, sizeof *self->texts);
    self->digests = calloc(n + 1, sizeof *self->digests);
    for (size_t k = 0; self->texts && self->digests && k < n; k++)
        self->texts[k] = self->digests[k];
    return study_sweep_memory(self->texts && self->digests ? self : NULL, err);
}

static void rows_free(struct rows *self)
{
    free(self->texts);
    free(self->digests);
}

/* ---- one value ---- */

static enum err_code trial_begin(struct trial *self)
{
    config_scenario_free(&self->scenario);
    self->n_tried = 0;
    return study_sweep_base(self->sweep, &self->scenario, self->err);
}

/* @param digest  goes on by the value as the base has it then */
static enum err_code try_value(struct trial *self, const char *key, const char *value,
                               char digest[DIGEST_BYTES], struct err *reason)
{
    char text[CONFIG_LIST_BYTES] = "";
    if (++self->n_tried > MOST_TRIALS && trial_begin(self) != ERR_OK)
        return self->err->code;
    if (study_sweep_assign(&self->scenario, key, value, reason) != ERR_OK)
        return reason->code;
    study_values_format(&self->scenario, key, text);
    chain(digest, text);
    return ERR_OK;
}

/* ---- the values of an axis ---- */

static struct study_place place_of(const struct study_axis *axis, size_t at)
{
    return axis->places ? axis->places[at] : (struct study_place){axis->line, axis->column};
}

static enum err_code refuse_value(struct trial *self, const struct study_axis *axis, size_t at,
                                  const struct err *reason)
{
    const struct study_column *column =
        &self->sweep->columns[axis->first_column + at % axis->n_columns];
    struct study_place place = place_of(axis, at);
    bool is_step = !axis->places && column->is_whole && reason->code == ERR_INPUT;
    return study_sweep_refuse(self->sweep, place.line, place.column, column->key, self->err,
                              reason->code, "%s%s", reason->detail,
                              is_step ? "; a range of it goes by whole steps" : "");
}

static enum err_code refuse_twice(struct trial *self, const struct study_axis *axis, size_t first,
                                  size_t again)
{
    struct study_place place = place_of(axis, again * axis->n_columns);
    if (axis->n_columns > 1)
        return study_sweep_refuse(self->sweep, place.line, place.column, axis->name, self->err,
                                  ERR_INPUT, "value %zu is value %zu again", again + 1, first + 1);
    return study_sweep_refuse(self->sweep, place.line, place.column, axis->name, self->err,
                              ERR_INPUT, "'%.80s' is there twice: values %zu and %zu",
                              axis->values[again], first + 1, again + 1);
}

/* Values of a choice may stand twice: that is a weight. */
static enum err_code check_values(struct trial *self, const struct study_axis *axis)
{
    struct rows rows = {NULL, NULL};
    size_t first, again;
    if (rows_init(&rows, axis->n_values, self->err) != ERR_OK)
        goto out;
    for (size_t at = 0; at < axis->n_values * axis->n_columns; at++) {
        struct err reason = {0};
        const char *key = self->sweep->columns[axis->first_column + at % axis->n_columns].key;
        try_value(self, key, axis->values[at], rows.digests[at / axis->n_columns], &reason);
        if (reason.code)
            refuse_value(self, axis, at, &reason);
        if (self->err->code)
            goto out;
    }
    if (axis->kind == STUDY_AXIS_VALUES &&
        study_values_repeat(rows.texts, axis->n_values, &first, &again, self->err))
        refuse_twice(self, axis, first, again);
out:
    rows_free(&rows);
    return self->err->code;
}

/* ---- distributions ---- */

/* What a number near the middle of a distribution is refused for; that it is out of range matters
 * where all are. */
static enum err_code check_distribution(struct trial *self, const struct study_axis *axis)
{
    const struct study_column *column = &self->sweep->columns[axis->first_column];
    const struct param *param = config_param_find(column->key);
    bool is_bounded = axis->kind != STUDY_AXIS_NORMAL;
    double middle = is_bounded ? (axis->low + axis->high) / 2 : axis->low;
    char text[32], digest[DIGEST_BYTES] = "";
    struct err reason = {0};
    if (param->type == PARAM_TEXT || param->type == PARAM_NAME)
        err_set(&reason, ERR_INPUT, "expected a text, not a distribution of numbers");
    if (axis->kind == STUDY_AXIS_UNIFORM && column->is_whole &&
        (axis->low != floor(axis->low) || axis->high != floor(axis->high)))
        err_set(&reason, ERR_INPUT, "a uniform of whole numbers has whole ends");
    study_sweep_format(column->is_whole ? nearbyint(middle) : middle, text);
    if (!reason.code)
        try_value(self, column->key, text, digest, &reason);
    bool reaches = !is_bounded || (axis->high >= param->min && axis->low <= param->max);
    if (reason.code && !(reason.code == ERR_RANGE && reaches))
        study_sweep_refuse(self->sweep, axis->line, axis->column, column->key, self->err,
                           reason.code, "%s", reason.detail);
    return self->err->code;
}

/* ---- a file of rows ---- */

static enum err_code check_row(struct trial *self, size_t row, char digest[DIGEST_BYTES])
{
    const struct study_sweep *sweep = self->sweep;
    for (size_t c = 0; c < sweep->n_columns && !self->err->code; c++) {
        struct err reason = {0};
        try_value(self, sweep->columns[c].key, sweep->values[row * sweep->n_columns + c], digest,
                  &reason);
        if (reason.code)
            config_csv_error(sweep->design_table, row, c, self->err, "%s", reason.detail);
    }
    return self->err->code;
}

static enum err_code check_rows(struct trial *self)
{
    struct rows rows = {NULL, NULL};
    size_t n = self->sweep->n_drawn, first, again;
    rows_init(&rows, n, self->err);
    for (size_t row = 0; row < n && !self->err->code; row++)
        check_row(self, row, rows.digests[row]);
    if (!self->err->code && study_values_repeat(rows.texts, n, &first, &again, self->err))
        config_csv_error(self->sweep->design_table, again, 0, self->err,
                         "policy %zu is policy %zu again", again + 1, first + 1);
    rows_free(&rows);
    return self->err->code;
}

/* ---- all ---- */

enum err_code study_values_check(struct study_sweep *self, struct err *err)
{
    struct trial trial = {.sweep = self, .err = err};
    trial_begin(&trial);
    for (size_t a = 0; a < self->n_axes && !self->design_table && !err->code; a++) {
        if (self->axes[a].n_values > 0)
            check_values(&trial, &self->axes[a]);
        else
            check_distribution(&trial, &self->axes[a]);
    }
    if (self->design_table && !err->code)
        check_rows(&trial);
    config_scenario_free(&trial.scenario);
    return err->code;
}
