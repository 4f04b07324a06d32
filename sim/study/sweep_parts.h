/* What the files of a sweep share.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_STUDY_SWEEP_PARTS_H
#define RETAKE_STUDY_SWEEP_PARTS_H

#include <retake/config/yaml.h>
#include <retake/study/sweep.h>

/** Fail with "FILE:LINE:COLUMN: KEY: message". @return code */
enum err_code study_sweep_refuse(const struct study_sweep *self, size_t line, size_t column,
                                 const char *key, struct err *err, enum err_code code,
                                 const char *format, ...) __attribute__((format(printf, 7, 8)));

/** ERR_MEMORY for a NULL. */
enum err_code study_sweep_memory(const void *memory, struct err *err);

/** A finite number that is all of a scalar. */
bool study_sweep_number(const char *text, double *out);

/** The shortest decimal that reads back as the same number. */
void study_sweep_format(double value, char text[32]);

/** A scalar as it is, a list as "[a, b]"; NULL for a mapping or when memory is out. */
const char *study_sweep_text(const struct yaml_node *node, struct arena *arena);

/** Read `axes:`; columns are added in order. */
enum err_code study_sweep_read_axes(struct study_sweep *self, const struct yaml_node *node,
                                    struct err *err);

/** One more column for the newest axis. The key is checked. */
enum err_code study_sweep_add_column(struct study_sweep *self, const char *key, size_t line,
                                     size_t column, struct err *err);

/**
 * Set a parameter of a scenario. The detail of a failure says what was wrong, without place or key.
 * @return what config_scenario_set returns
 */
enum err_code study_sweep_assign(struct scenario *scenario, const char *key, const char *value,
                                 struct err *reason);

/**
 * Before anything is run: every value of an axis by itself, in the base. What no policy can be run
 * with is refused at its place; so are a value that stands twice in an axis, and a policy twice in
 * a file of rows. Of a distribution the kind of its parameter and its ends are held against each
 * other; single points of it may fail.
 */
enum err_code study_values_check(struct study_sweep *self, struct err *err);

/** The first text that is there already: *again and where it was, *first. False: all differ, or
 * memory is out (err). */
bool study_values_repeat(const char *const *texts, size_t n, size_t *first, size_t *again,
                         struct err *err);

/** The value that a scenario has under a key, as one would write it; false: it has none. */
bool study_values_format(const struct scenario *scenario, const char *key,
                         char text[CONFIG_LIST_BYTES]);

/** The column of a key, or n_columns. */
size_t study_sweep_column(const struct study_sweep *self, const char *key);

/** An axis for each column of the file of rows. */
enum err_code study_sweep_read_rows(struct study_sweep *self, struct err *err);

#endif
