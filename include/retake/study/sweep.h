/* A sweep: many policies that differ from a base along axes, from a file (docs/sweep.md).
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_STUDY_SWEEP_H
#define RETAKE_STUDY_SWEEP_H

#include <retake/config/inputs.h>

/** How the values of an axis come about. */
enum study_axis_kind {
    STUDY_AXIS_VALUES, /* a list or a range */
    STUDY_AXIS_CHOICE, /* a distribution: one of the values, all alike */
    STUDY_AXIS_UNIFORM,
    STUDY_AXIS_LOGUNIFORM,
    STUDY_AXIS_NORMAL,    /* low: mean, high: standard deviation */
    STUDY_AXIS_TRIANGULAR /* mode between low and high */
};

/** Where something stands in a file, from 1. */
struct study_place {
    size_t line, column;
};

/** One axis: one parameter, or several that move together. */
struct study_axis {
    const char *name; /* the key; of a compound axis any other name */
    enum study_axis_kind kind;
    size_t first_column, n_columns; /* of the sweep: the parameters that it sets */
    size_t n_values;
    const char *const *values;        /* [n_values][n_columns], as --set takes them */
    const char *const *labels;        /* [n_values] of a compound axis, or NULL */
    const struct study_place *places; /* [n_values][n_columns]; NULL: of a range */
    double low, mode, high;
    size_t line, column; /* in the file, for messages */
};

/** A parameter that an axis sets, and so a coordinate of the results. */
struct study_column {
    const char *key;
    const char *name; /* of its variable: the key, without what HDF5 and CF keep to themselves */
    size_t axis;
    bool is_whole;
    bool is_number; /* every value is: the coordinate is real, else text */
};

struct study_design_rule; /* sim/study/sweep_design.h */
struct study_condition;   /* sim/study/sweep_where.h */
struct csv_table;         /* retake/config/csv.h */
struct rule_set;

/** Policies of one sweep. */
#define STUDY_MAX_POLICIES 10000000

struct study_sweep {
    const char *path, *text, *title; /* of the file */
    const char *base_path;           /* the scenario */
    size_t n_sets;
    const char **sets;              /* "key=value", for the base and so for all */
    struct study_place *set_places; /* [n_sets]; line 0: of the command line */
    size_t n_axes, n_columns;
    struct study_axis *axes;
    struct study_column *columns;
    const struct study_design_rule *rule;
    size_t n_asked;                       /* design.n; 0 = not given */
    uint64_t design_seed;                 /* design.seed */
    const char *design_file;              /* of rows */
    const struct csv_table *design_table; /* what it holds */
    size_t n_conditions;
    struct study_condition *conditions;
    bool common_random_numbers, compares, all_outputs;
    size_t n_outputs;
    const char *const *outputs; /* [n_outputs]; 0: the default ones */
    size_t n_sensitivity;
    const char *const *sensitivity; /* [n_sensitivity]: addresses, with the design saltelli */
    /* Made by study_sweep_design: the policies that meet the conditions. */
    size_t n_points, n_drawn;  /* of those that the design has */
    const double *units;       /* [n_points][n_axes] in (0, 1); NULL with rows */
    const size_t *choices;     /* [n_points][n_axes]: index of the value, where there are values */
    const char *const *values; /* [n_points][n_columns] */
    const char *rules_digest;
    const struct rule_set *rules; /* the caller's; may be NULL */
    struct config_inputs *inputs; /* the base and what it and the policies name: one reading */
    struct arena arena;
};

/**
 * Read a sweep file; names and values are checked as far as they can be by themselves.
 * @param self  study_sweep_free it, even after failure
 * @return ERR_OK; ERR_INPUT, ERR_RANGE: "FILE:LINE:COLUMN: KEY: message"; ERR_MEMORY
 */
enum err_code study_sweep_load(const char *path, struct study_sweep *self, struct err *err);
void study_sweep_free(struct study_sweep *self);

/** Add "key=value" for all policies. @return ERR_OK; ERR_MEMORY */
enum err_code study_sweep_set(struct study_sweep *self, const char *assignment, struct err *err);

/** The base policy: config_scenario_free it, even after failure. */
enum err_code study_sweep_base(const struct study_sweep *self, struct scenario *out,
                               struct err *err);

/** Policy `point`, from 0. @return ERR_OK; what config_scenario_set returns, its messages say --set
 */
enum err_code study_sweep_policy(const struct study_sweep *self, size_t point, struct scenario *out,
                                 struct err *err);

/** Call a function for each file that a designed sweep rests on beside its own: the base, what that
 * and the axes name, rows of a design. @return ERR_OK; ERR_MEMORY; what the base cannot be loaded
 * for; what the function returns, which ends it */
typedef enum err_code study_sweep_take_input(void *context, const char *path, struct err *err);
enum err_code study_sweep_each_input(const struct study_sweep *self, study_sweep_take_input *take,
                                     void *context, struct err *err);

/**
 * Make the policies: the points of the design that meet the conditions. After the last
 * study_sweep_set.
 * @return ERR_OK; ERR_INPUT: an axis that the design cannot use, a malformed file of rows, none
 *         meets the conditions; ERR_MEMORY
 */
enum err_code study_sweep_design(struct study_sweep *self, struct err *err);

#endif
