/* Designs.
 *
 * grid   every combination of the values; the last axis is the fastest
 * lhs    Latin hypercube (McKay, Beckman and Conover, Technometrics 21 (1979), 239-245): along each
 *        axis one point in each of n equal slices, at random within it, in random order
 * sobol  Sobol' points (base/sobol.h) with a digital shift by the seed along each axis
 * saltelli  n base points A, B of Sobol' points in twice the dimensions, and for each axis A with
 * that coordinate of B: n (axes + 2) policies, for sensitivity (study/sensitivity.h) rows   the
 * rows of a CSV, a column for each parameter
 *
 * A rule gives points of the open unit cube; the axes turn them into values.
 * SPDX-License-Identifier: Apache-2.0 */
#include "sweep_design.h"

#include <retake/base/dist.h>
#include <retake/base/file.h>
#include <retake/base/rng.h>
#include <retake/base/sobol.h>
#include <retake/config/csv.h>
#include <retake/config/params.h>
#include <retake/study/sensitivity.h>

#include <math.h>
#include <string.h>

#include "sweep_where.h"

/* ---- grid ---- */

static enum err_code grid_count(const struct study_sweep *sweep, size_t *n, struct err *err)
{
    *n = 1;
    for (size_t a = 0; a < sweep->n_axes; a++) {
        const struct study_axis *axis = &sweep->axes[a];
        if (axis->n_values == 0)
            return study_sweep_refuse(sweep, axis->line, axis->column, axis->name, err, ERR_INPUT,
                                      "a grid needs a list or a range here, no distribution");
        if (__builtin_mul_overflow(*n, axis->n_values, n) || *n > STUDY_MAX_POLICIES)
            return err_set(err, ERR_INPUT, "%s: design: more than %d policies", sweep->path,
                           STUDY_MAX_POLICIES);
    }
    return ERR_OK;
}

static double grid_unit(const struct study_sweep *sweep, const void *prepared, size_t point,
                        size_t axis)
{
    (void)prepared;
    for (size_t a = sweep->n_axes - 1; a > axis; a--)
        point /= sweep->axes[a].n_values;
    size_t n = sweep->axes[axis].n_values;
    return ((double)(point % n) + 0.5) / (double)n;
}

/* ---- Latin hypercube ---- */

static enum err_code asked_count(const struct study_sweep *sweep, size_t *n, struct err *err)
{
    (void)err;
    *n = sweep->n_asked;
    return ERR_OK;
}

/* The slice of each point along each axis: permutations by Fisher and Yates. */
static void *lhs_prepare(const struct study_sweep *sweep, size_t n, struct arena *arena)
{
    uint32_t *slices = arena_alloc(arena, n * sweep->n_axes * sizeof *slices);
    for (size_t a = 0; slices && a < sweep->n_axes; a++) {
        struct rng rng = rng_keyed(sweep->design_seed, a, 0, RNG_POOL);
        uint32_t *of_axis = slices + a * n;
        for (size_t k = 0; k < n; k++)
            of_axis[k] = (uint32_t)k;
        for (size_t k = n; k-- > 1;) {
            size_t other = (size_t)(rng_unit(&rng) * (double)(k + 1));
            uint32_t was = of_axis[k];
            of_axis[k] = of_axis[other];
            of_axis[other] = was;
        }
    }
    return slices;
}

static double lhs_unit(const struct study_sweep *sweep, const void *prepared, size_t point,
                       size_t axis)
{
    const uint32_t *slices = prepared;
    struct rng rng = rng_keyed(sweep->design_seed, axis, (uint32_t)point + 1, RNG_POOL);
    return (slices[axis * sweep->n_asked + point] + rng_unit(&rng)) / (double)sweep->n_asked;
}

/* ---- Sobol' ---- */

static enum err_code sobol_count(const struct study_sweep *sweep, size_t *n, struct err *err)
{
    *n = sweep->n_asked;
    if (sweep->n_axes > SOBOL_MAX_DIMS)
        return err_set(err, ERR_INPUT, "%s: design: sobol has at most %d axes", sweep->path,
                       SOBOL_MAX_DIMS);
    return ERR_OK;
}

static double sobol_unit(const struct study_sweep *sweep, const void *prepared, size_t point,
                         size_t axis)
{
    (void)prepared;
    struct rng rng = rng_keyed(sweep->design_seed, axis, 0, RNG_POOL);
    uint32_t bits = sobol_bits((uint32_t)point, axis) ^ rng_bits(&rng);
    return ((double)bits + 0.5) * 0x1p-32;
}

/* ---- Saltelli's design: sensitivity ---- */

static enum err_code saltelli_count(const struct study_sweep *sweep, size_t *n, struct err *err)
{
    if (2 * sweep->n_axes > SOBOL_MAX_DIMS)
        return err_set(err, ERR_INPUT, "%s: design: saltelli has at most %d axes", sweep->path,
                       SOBOL_MAX_DIMS / 2);
    if (sweep->n_conditions > 0)
        return err_set(err, ERR_INPUT, "%s: where: the design saltelli needs all of its points",
                       sweep->path);
    if (sweep->n_sensitivity == 0)
        return err_set(err, ERR_INPUT,
                       "%s: design: saltelli needs sensitivity, a list of statistics such as "
                       "'cumulative_pass_rate[attempt=3]'",
                       sweep->path);
    if (__builtin_mul_overflow(sweep->n_asked, sweep->n_axes + 2, n) || *n > STUDY_MAX_POLICIES)
        return err_set(err, ERR_INPUT, "%s: design: more than %d policies", sweep->path,
                       STUDY_MAX_POLICIES);
    return ERR_OK;
}

static double saltelli_unit(const struct study_sweep *sweep, const void *prepared, size_t point,
                            size_t axis)
{
    (void)prepared;
    return study_saltelli_unit(sweep->design_seed, sweep->n_axes, point, axis);
}

/* ---- the table ---- */

static const struct study_design_rule rules[] = {
    {"grid", false, grid_count, grid_unit, NULL},
    {"lhs", true, asked_count, lhs_unit, lhs_prepare},
    {"sobol", true, sobol_count, sobol_unit, NULL},
    {"saltelli", true, saltelli_count, saltelli_unit, NULL},
    {"rows", false, NULL, NULL, NULL},
};
enum { N_RULES = sizeof rules / sizeof *rules };

static const struct study_design_rule *rule_named(const char *name)
{
    for (size_t k = 0; k < N_RULES; k++)
        if (strcmp(rules[k].name, name) == 0)
            return &rules[k];
    return NULL;
}

/* ---- reading ---- */

static enum err_code read_rule(struct study_sweep *self, const struct yaml_node *node,
                               struct err *err)
{
    const char *words[N_RULES];
    for (size_t k = 0; k < N_RULES; k++)
        words[k] = rules[k].name;
    self->rule = node->text ? rule_named(node->text) : NULL;
    const char *near = node->text ? config_nearest_word(node->text, words, N_RULES) : NULL;
    if (self->rule)
        return ERR_OK;
    return study_sweep_refuse(self, node->line, node->column, "design.rule", err, ERR_INPUT,
                              "one of grid, lhs, sobol, saltelli, rows%s%s%s",
                              near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
}

static enum err_code read_key(struct study_sweep *self, const struct yaml_node *node,
                              struct err *err)
{
    static const char *const words[] = {"rule", "n", "seed", "file"};
    double number = 0;
    bool is_whole = node->kind == YAML_KIND_SCALAR && study_sweep_number(node->text, &number) &&
                    number == floor(number) && number >= 0 && number <= 9e15;
    if (strcmp(node->key, "rule") == 0)
        return read_rule(self, node, err);
    if (strcmp(node->key, "file") == 0 && node->text)
        return study_sweep_memory(
            self->design_file = file_relative_to(self->path, node->text, &self->arena), err);
    if (strcmp(node->key, "n") == 0 && is_whole && number >= 1 &&
        number <= (double)STUDY_MAX_POLICIES) {
        self->n_asked = (size_t)number;
        return ERR_OK;
    }
    if (strcmp(node->key, "seed") == 0 && is_whole) {
        self->design_seed = (uint64_t)number;
        return ERR_OK;
    }
    const char *near = config_nearest_word(node->key, words, 4);
    if (near && strcmp(near, node->key) == 0)
        return study_sweep_refuse(self, node->line, node->column, node->key, err, ERR_INPUT,
                                  "expected a whole number that is not too large");
    return study_sweep_refuse(self, node->key_line, node->key_column, node->key, err, ERR_INPUT,
                              "unknown key of design%s%s%s", near ? "; did you mean '" : "",
                              near ? near : "", near ? "'?" : "");
}

enum err_code study_design_read(struct study_sweep *self, const struct yaml_node *node,
                                struct err *err)
{
    if (node->kind == YAML_KIND_SCALAR)
        return read_rule(self, node, err);
    for (const struct yaml_node *child = node->first; child; child = child->next)
        if (read_key(self, child, err) != ERR_OK)
            return err->code;
    return ERR_OK;
}

/* Whether a column is a parameter, or nearly so. */
static bool has_parameter(const struct csv_table *table)
{
    bool is_known = false;
    for (size_t c = 0; c < table->n_columns; c++)
        is_known = is_known || config_param_is_near(table->header[c].text);
    return is_known;
}

static enum err_code read_rows(struct study_sweep *self, struct err *err)
{
    struct file_text text;
    struct csv_table *kept = arena_alloc(&self->arena, sizeof *kept), table;
    if (study_sweep_memory(kept, err) != ERR_OK)
        return err->code;
    if (self->n_axes > 0)
        return err_set(err, ERR_INPUT, "%s: axes: none with design rows: the file has the columns",
                       self->path);
    if (file_read(self->design_file, CSV_MAX_BYTES, &self->arena, &text, err) != ERR_OK ||
        config_csv_parse(self->design_file, text.bytes, text.n_bytes, &self->arena, &table, err) !=
            ERR_OK)
        return err->code;
    if (config_csv_recognise(&table, has_parameter(&table), "a file of policies", err) != ERR_OK)
        return err->code;
    struct study_axis *axes = arena_alloc(&self->arena, (table.n_columns + 1) * sizeof *axes);
    const char **values =
        arena_alloc(&self->arena, (table.n_rows * table.n_columns + 1) * sizeof *values);
    if (study_sweep_memory(axes && values ? axes : NULL, err) != ERR_OK)
        return err->code;
    self->axes = axes;
    for (size_t c = 0; c < table.n_columns; c++) {
        struct err reason = {0};
        axes[self->n_axes++] = (struct study_axis){.name = table.header[c].text, .first_column = c};
        if (study_sweep_add_column(self, table.header[c].text, 0, 0, &reason) != ERR_OK)
            return config_csv_error(&table, CSV_HEADER, c, err, "%s",
                                    reason.detail + strlen(self->path) + 2);
        axes[c].name = self->columns[c].key;
        for (size_t row = 0; row < table.n_rows; row++)
            if (config_csv_real_text(&table, row, c, &self->arena,
                                     &values[row * table.n_columns + c], err) != ERR_OK)
                return err->code;
    }
    *kept = table;
    self->design_table = kept;
    self->values = values;
    self->n_drawn = table.n_rows;
    return ERR_OK;
}

enum err_code study_design_complete(struct study_sweep *self, struct err *err)
{
    if (!self->rule)
        self->rule = rule_named("grid");
    if (self->rule->needs_n && self->n_asked == 0)
        return err_set(err, ERR_INPUT, "%s: design: %s needs n, the number of policies", self->path,
                       self->rule->name);
    if (!self->rule->unit) {
        if (!self->design_file)
            return err_set(err, ERR_INPUT, "%s: design: rows needs file, a CSV of policies",
                           self->path);
        if (read_rows(self, err) != ERR_OK)
            return err->code;
    }
    if (self->n_sensitivity > 0 && strcmp(self->rule->name, "saltelli") != 0)
        return err_set(err, ERR_INPUT, "%s: sensitivity: only with the design saltelli",
                       self->path);
    return self->n_axes > 0
               ? ERR_OK
               : err_set(err, ERR_INPUT, "%s: axes: missing: what policies differ in", self->path);
}

/* ---- from points to values ---- */

static double triangular(const struct study_axis *axis, double u)
{
    double width = axis->high - axis->low, left = axis->mode - axis->low;
    if (u * width < left)
        return axis->low + sqrt(u * width * left);
    return axis->high - sqrt((1 - u) * width * (axis->high - axis->mode));
}

/* A whole parameter takes the whole numbers from low to high, all alike where it is uniform. */
static double quantile(const struct study_axis *axis, bool is_whole, double u)
{
    double x;
    switch (axis->kind) {
    case STUDY_AXIS_NORMAL:
        x = axis->low + axis->high * dist_normal_quantile(u);
        break;
    case STUDY_AXIS_LOGUNIFORM:
        x = axis->low * vec_exp1(u * vec_log1(axis->high / axis->low));
        break;
    case STUDY_AXIS_TRIANGULAR:
        x = triangular(axis, u);
        break;
    default:
        if (is_whole)
            return floor(axis->low + u * (axis->high - axis->low + 1));
        x = axis->low + u * (axis->high - axis->low);
    }
    return is_whole ? nearbyint(x) : x;
}

static enum err_code fill_axis(struct study_sweep *self, size_t a, double u, size_t *choice,
                               const char **values, struct err *err)
{
    const struct study_axis *axis = &self->axes[a];
    char text[32];
    *choice = 0;
    if (axis->n_values > 0) {
        *choice = (size_t)(u * (double)axis->n_values);
        for (size_t c = 0; c < axis->n_columns; c++)
            values[axis->first_column + c] = axis->values[*choice * axis->n_columns + c];
        return ERR_OK;
    }
    study_sweep_format(quantile(axis, self->columns[axis->first_column].is_whole, u), text);
    values[axis->first_column] = arena_text(&self->arena, text, strlen(text));
    return study_sweep_memory(values[axis->first_column], err);
}

static enum err_code draw(struct study_sweep *self, struct err *err)
{
    size_t n;
    if (self->rule->count(self, &n, err) != ERR_OK)
        return err->code;
    void *prepared = self->rule->prepare ? self->rule->prepare(self, n, &self->arena) : self;
    double *units = arena_alloc(&self->arena, n * self->n_axes * sizeof *units);
    size_t *choices = arena_alloc(&self->arena, n * self->n_axes * sizeof *choices);
    const char **values = arena_alloc(&self->arena, n * self->n_columns * sizeof *values);
    if (study_sweep_memory(prepared && units && choices && values ? self : NULL, err) != ERR_OK)
        return err->code;
    for (size_t k = 0; k < n; k++)
        for (size_t a = 0; a < self->n_axes; a++) {
            size_t at = k * self->n_axes + a;
            units[at] = self->rule->unit(self, prepared, k, a);
            if (fill_axis(self, a, units[at], &choices[at], values + k * self->n_columns, err) !=
                ERR_OK)
                return err->code;
        }
    self->units = units;
    self->choices = choices;
    self->values = values;
    self->n_drawn = n;
    return ERR_OK;
}

/* Keep the points that meet the conditions, in order. */
static enum err_code filter(struct study_sweep *self, struct err *err)
{
    struct scenario base = {0};
    double *units = (double *)self->units;
    size_t *choices = (size_t *)self->choices, n = 0;
    const char **values = (const char **)self->values;
    if (self->n_conditions > 0 && (study_sweep_base(self, &base, err) != ERR_OK ||
                                   study_where_resolve(self, &base, err) != ERR_OK))
        goto out;
    for (size_t k = 0; k < self->n_drawn; k++) {
        bool meets;
        if (study_where_meets(self, k, &meets, err) != ERR_OK)
            goto out;
        if (!meets)
            continue;
        for (size_t a = 0; a < self->n_axes && units; a++) {
            units[n * self->n_axes + a] = units[k * self->n_axes + a];
            choices[n * self->n_axes + a] = choices[k * self->n_axes + a];
        }
        for (size_t c = 0; c < self->n_columns; c++)
            values[n * self->n_columns + c] = values[k * self->n_columns + c];
        n++;
    }
    self->n_points = n;
    if (n == 0)
        err_set(err, ERR_INPUT, "%s: no policy%s", self->path,
                self->n_drawn ? " meets the conditions of where" : ": the file has no rows");
out:
    config_scenario_free(&base);
    return err->code;
}

enum err_code study_sweep_design(struct study_sweep *self, struct err *err)
{
    double number;
    if (study_values_check(self, err) != ERR_OK || (self->rule->unit && draw(self, err) != ERR_OK))
        return err->code;
    for (size_t k = 0; k < self->n_drawn; k++)
        for (size_t c = 0; c < self->n_columns; c++)
            if (!study_sweep_number(self->values[k * self->n_columns + c], &number))
                self->columns[c].is_number = false;
    return filter(self, err);
}
