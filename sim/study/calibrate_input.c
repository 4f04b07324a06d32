/* What is to be fitted to what: free parameters and targets, from options and CSV files.
 *
 * A rate without its standard error has that of n independent candidates, sqrt(p (1 - p)/n); at 0
 * and 1 that of (n p + 1)/(n + 2). Where nothing is published, one percentage point counts as one.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/study/calibrate.h>

#include <retake/base/file.h>
#include <retake/config/csv.h>
#include <retake/config/params.h>
#include <retake/config/reference.h>

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fit.h"

static const double default_tolerance = 0.01;
static const double most_noise = 2; /* standard errors by which a cumulative rate may fall */

/* ---- free parameters ---- */

/* Decimals that make a step of 1e-5 to 1e-4 of the range. */
static int decimals_of(double range)
{
    int decimals = 4;
    for (; range < 1 && decimals < 15; range *= 10)
        decimals++;
    for (; range >= 10 && decimals > 0; range /= 10)
        decimals--;
    return decimals;
}

/* Check and keep. The reason has neither place nor key. */
static enum err_code add_free(const char *key, const double *numbers, bool has_start,
                              struct study_calibration *self, struct err *reason)
{
    char hint[256];
    const struct param *param = config_param_find(key);
    double low = numbers[0], high = numbers[1], start = has_start ? numbers[2] : (low + high) / 2;
    if (!param) {
        config_reference_hint(key, hint, sizeof hint);
        return err_set(reason, ERR_INPUT, "unknown key%s", hint);
    }
    if (param->type != PARAM_REAL && param->type != PARAM_LIMIT)
        return err_set(reason, ERR_INPUT, "only a parameter that is a real number can be fitted");
    if (!(low < high))
        return err_set(reason, ERR_INPUT, "the low bound must be below the high one");
    if (low < param->min || high > param->max)
        return err_set(reason, ERR_RANGE, "the bounds must lie within %.17g and %.17g", param->min,
                       param->max);
    if (!(start >= low && start <= high))
        return err_set(reason, ERR_INPUT, "the start must lie within the bounds");
    for (size_t k = 0; k < self->n_free; k++)
        if (strcmp(self->free[k].key, key) == 0)
            return err_set(reason, ERR_INPUT, "stands twice");
    if (self->n_free == STUDY_MAX_FREE)
        return err_set(reason, ERR_INPUT, "more than %d free parameters", STUDY_MAX_FREE);
    self->free[self->n_free++] =
        (struct study_free){.key = arena_text(&self->arena, key, strlen(key)),
                            .low = low,
                            .high = high,
                            .start = start,
                            .has_start = has_start,
                            .decimals = decimals_of(high - low)};
    return ERR_OK;
}

static bool read_number(const char **text, char stop, double *out)
{
    char *end;
    errno = 0;
    *out = strtod(*text, &end);
    bool good = end != *text && !errno && isfinite(*out) && (*end == stop || *end == '\0');
    *text = *end ? end + 1 : end;
    return good;
}

enum err_code study_free_add(const char *text, struct study_calibration *self, struct err *err)
{
    struct err reason = {0};
    double numbers[3];
    size_t n_key = config_key_length(text);
    const char *p = text + n_key + (text[n_key] == '=');
    char *key = arena_text(&self->arena, text, n_key);
    if (!key)
        return err_set(err, ERR_MEMORY, "no memory for a free parameter");
    bool good = read_number(&p, ':', &numbers[0]) && *p && read_number(&p, ':', &numbers[1]);
    bool has_start = good && *p;
    if (!good || (has_start && (!read_number(&p, '\0', &numbers[2]) || *p)))
        return err_set(err, ERR_USAGE,
                       "--free %.200s: KEY=LOW:HIGH or KEY=LOW:HIGH:START is needed", text);
    if (add_free(key, numbers, has_start, self, &reason) != ERR_OK)
        err_set(err, reason.code == ERR_INPUT ? ERR_USAGE : reason.code, "--free %.200s: %s", text,
                reason.detail);
    return err->code;
}

/* Read and parse; the text lives in the arena. */
static enum err_code read_table(const char *path, const char *what, const char *const *names,
                                size_t n_names, struct arena *arena, struct csv_table *out,
                                struct err *err)
{
    struct file_text text;
    if (file_read(path, CSV_MAX_BYTES, arena, &text, err) != ERR_OK ||
        config_csv_parse(path, text.bytes, text.n_bytes, arena, out, err) != ERR_OK ||
        config_csv_recognise(out, config_csv_has_any(out, names, n_names), what, err) != ERR_OK)
        return err->code;
    for (size_t c = 0; c < out->n_columns; c++) {
        size_t k = 0;
        while (k < n_names && strcmp(names[k], out->header[c].text) != 0)
            k++;
        if (k < n_names)
            continue;
        const char *near = config_nearest_word(out->header[c].text, names, n_names);
        char list[256] = "";
        for (size_t i = 0, at = 0; i < n_names && at < sizeof list; i++)
            at += (size_t)snprintf(list + at, sizeof list - at, "%s%s", i ? ", " : "", names[i]);
        return err_set(err, ERR_INPUT, "%s:%zu:%zu: unknown column '%s'%s%s%s; there are %s", path,
                       out->header[c].line, out->header[c].column, out->header[c].text,
                       near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "", list);
    }
    for (size_t k = 0; k < 2; k++)
        if (config_csv_column(out, names[k]) == out->n_columns)
            return err_set(err, ERR_INPUT, "%s:1:1: no column %s", path, names[k]);
    if (out->n_rows == 0)
        return err_set(err, ERR_INPUT, "%s:1:1: no row below the header", path);
    return ERR_OK;
}

/* A cell by the name of its column; "" where there is no such column. */
static const char *cell(const struct csv_table *table, size_t row, const char *name)
{
    size_t column = config_csv_column(table, name);
    return column < table->n_columns ? config_csv_cell(table, row, column)->text : "";
}

/* A number by the name of its column; is_given tells whether there is one. */
static enum err_code number(const struct csv_table *table, size_t row, const char *name,
                            double *out, bool *is_given, struct err *err)
{
    *is_given = *cell(table, row, name) != '\0';
    if (*is_given)
        config_csv_real(table, row, config_csv_column(table, name), out, err);
    return err->code;
}

enum err_code study_free_read(const char *path, struct study_calibration *self, struct err *err)
{
    static const char *const names[] = {"key", "low", "high", "start", "note"};
    struct csv_table table;
    struct err reason = {0};
    bool has_start;
    if (read_table(path, "a file of free parameters", names, 5, &self->arena, &table, err) !=
        ERR_OK)
        return err->code;
    if (config_csv_column(&table, "high") == table.n_columns)
        return err_set(err, ERR_INPUT, "%s:1:1: no column high", path);
    for (size_t row = 0; row < table.n_rows; row++) {
        double numbers[3] = {0};
        if (config_csv_real(&table, row, config_csv_column(&table, "low"), &numbers[0], err) ||
            config_csv_real(&table, row, config_csv_column(&table, "high"), &numbers[1], err) ||
            number(&table, row, "start", &numbers[2], &has_start, err))
            return err->code;
        if (add_free(cell(&table, row, "key"), numbers, has_start, self, &reason) != ERR_OK)
            return config_csv_error(&table, row, config_csv_column(&table, "key"), err, "%s: %s",
                                    cell(&table, row, "key"), reason.detail);
    }
    return ERR_OK;
}

/* ---- targets ---- */

/* The address with the row's group in it. NULL when memory is out. */
static char *fold_group(const char *statistic, const char *group, struct arena *arena)
{
    char quoted[CONFIG_QUOTED_BYTES];
    size_t n = strlen(statistic) + sizeof quoted + 16, n_head = tally_address_length(statistic);
    n_head -= n_head > 0 && statistic[n_head - 1] == ']';
    config_name_quote(group, quoted);
    char *out = arena_alloc(arena, n);
    if (out && !*group)
        snprintf(out, n, "%s", statistic);
    else if (out)
        snprintf(out, n, "%.*s%cgroup=%s]", (int)n_head, statistic, statistic[n_head] ? ',' : '[',
                 quoted);
    return out;
}

static enum err_code read_address(const struct csv_table *table, size_t row,
                                  struct study_calibration *self, struct study_target *out,
                                  struct err *err)
{
    struct err reason = {0};
    struct tally_address address;
    const char *statistic = cell(table, row, "statistic"), *group = cell(table, row, "group");
    size_t column = config_csv_column(table, "statistic");
    if (*group && statistic[tally_address_length(statistic)] == '/')
        return config_csv_error(table, row, column, err, "write the group into both addresses");
    out->statistic = fold_group(statistic, group, &self->arena);
    if (!out->statistic)
        return err_set(err, ERR_MEMORY, "no memory for targets");
    const char *end;
    if (tally_address_parse(out->statistic, &address, &end, &reason) != ERR_OK)
        return config_csv_error(table, row, column, err, "%s", reason.detail);
    out->line = config_csv_cell(table, row, column)->line;
    return ERR_OK;
}

/* The role of a row: fit, unless it says predict. */
static enum err_code read_role(const struct csv_table *table, size_t row, struct study_target *out,
                               struct err *err)
{
    const char *role = cell(table, row, "role");
    out->is_predicted = strcmp(role, "predict") == 0;
    if (out->is_predicted || !*role || strcmp(role, "fit") == 0)
        return ERR_OK;
    return config_csv_error(table, row, config_csv_column(table, "role"), err,
                            "expected fit or predict, not '%s'", role);
}

static double se_of_rate(double p, double n)
{
    if (p > 0 && p < 1)
        return sqrt(p * (1 - p) / n);
    double shrunk = (n * p + 1) / (n + 2);
    return sqrt(shrunk * (1 - shrunk) / n);
}

static enum err_code read_error(const struct csv_table *table, size_t row, struct study_target *out,
                                struct err *err)
{
    bool has_se, has_n, has_tolerance, is_rate = out->value >= 0 && out->value <= 1;
    double tolerance = default_tolerance;
    size_t column = config_csv_column(table, "value");
    if (number(table, row, "se", &out->se, &has_se, err) ||
        number(table, row, "n", &out->n, &has_n, err) ||
        number(table, row, "tolerance", &tolerance, &has_tolerance, err))
        return err->code;
    if (has_se + has_n + has_tolerance > 1)
        return config_csv_error(table, row, column, err, "give one of se, n and tolerance");
    if (has_n && !(is_rate && out->n >= 1))
        return config_csv_error(table, row, column, err,
                                "n, at least 1, is for a rate from 0 to 1 (a share, not per cent)");
    if (!has_se && !has_n && !has_tolerance && !is_rate)
        return config_csv_error(table, row, column, err,
                                "a figure that is no rate needs a se or a tolerance");
    if (!has_se)
        out->se = has_n ? se_of_rate(out->value, out->n) : tolerance;
    if (!(out->se > 0))
        return config_csv_error(table, row, config_csv_column(table, has_se ? "se" : "tolerance"),
                                err, "must be above 0");
    return ERR_OK;
}

/* Who has passed within few attempts has passed within more, so the cumulative rates of a group do
 * not fall. A fall beyond the noise of the two is refused, one within it is said. */
static enum err_code check_fall(const struct csv_table *table, size_t row,
                                const struct study_target *earlier,
                                const struct study_target *target, struct study_calibration *self,
                                struct err *err)
{
    char group[ADDRESS_WORD_BYTES], other[ADDRESS_WORD_BYTES];
    double here = study_target_attempt(target, group), there = study_target_attempt(earlier, other);
    if (here == 0 || there == 0 || strcmp(group, other) != 0)
        return ERR_OK;
    double fall = here < there ? target->value - earlier->value : earlier->value - target->value;
    bool is_sure = fall > most_noise * sqrt(target->se * target->se + earlier->se * earlier->se);
    if (here == there || !(fall > 0))
        return ERR_OK;
    struct err reason = {0};
    config_csv_error(table, row, config_csv_column(table, "value"), &reason,
                     "%g by attempt %g and %g by attempt %g (line %zu): whoever has passed by one "
                     "attempt has passed by the next, so these %s",
                     target->value, here, earlier->value, there, earlier->line,
                     is_sure ? "cannot be rates of one group"
                             : "can be rates of one group only by their noise");
    if (is_sure)
        return err_set(err, ERR_INPUT, "%s", reason.detail);
    const char *slash = strrchr(table->path, '/'); /* a report does not tell folders */
    study_calibration_warn(self, err, "%s", reason.detail + (slash ? slash + 1 - table->path : 0));
    return err->code;
}

enum err_code study_targets_read(const char *path, struct study_calibration *self, struct err *err)
{
    static const char *const names[] = {"statistic", "value", "se",   "n",     "tolerance",
                                        "group",     "role",  "note", "source"};
    struct csv_table table;
    size_t n_fitted = 0;
    self->targets_path = arena_text(&self->arena, path, strlen(path));
    if (read_table(path, "a file of targets", names, sizeof names / sizeof *names, &self->arena,
                   &table, err) != ERR_OK)
        return err->code;
    if (table.n_rows > STUDY_MAX_TARGETS)
        return err_set(err, ERR_INPUT, "%s: more than %d targets", path, STUDY_MAX_TARGETS);
    for (size_t row = 0; row < table.n_rows; row++) {
        struct study_target target = {.n = 0};
        if (read_address(&table, row, self, &target, err) ||
            config_csv_real(&table, row, config_csv_column(&table, "value"), &target.value, err) ||
            read_role(&table, row, &target, err) || read_error(&table, row, &target, err))
            return err->code;
        for (size_t k = 0; k < self->n_targets; k++)
            if (check_fall(&table, row, &self->targets[k], &target, self, err) != ERR_OK)
                return err->code;
        n_fitted += !target.is_predicted;
        self->targets[self->n_targets++] = target;
    }
    return n_fitted ? ERR_OK : err_set(err, ERR_INPUT, "%s: no target to fit", path);
}

void study_calibration_free(struct study_calibration *self)
{
    arena_free(&self->arena);
    *self = (struct study_calibration){0};
}
