/* A scenario: one policy, read from YAML, every value checked against the one table of parameters
 * (params.def), with the place of each value remembered for messages.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_CONFIG_SCENARIO_H
#define RETAKE_CONFIG_SCENARIO_H

#include <retake/base/arena.h>
#include <retake/base/err.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rule_set;      /* retake/rule.h */
struct config_inputs; /* retake/config/inputs.h */

/** engine.sessions, in the order of its words. */
enum config_sessions { CONFIG_SESSIONS_SIMULATE, CONFIG_SESSIONS_LIBRARY, CONFIG_SESSIONS_EXACT };

/** exam.form, in the order of its words. */
enum config_form { CONFIG_FORM_CAT, CONFIG_FORM_LINEAR, CONFIG_FORM_NORMAL };

/** Values by their place, e.g. by attempt; where it ends the last one goes on. */
struct scenario_list {
    size_t n;
    const double *values; /* [n]: numbers, days since 1970-01-01, or indices of words */
};

/** Enough for any list, as YAML. */
enum { CONFIG_MAX_LIST = 100, CONFIG_LIST_BYTES = 4096 };

/** Value k, from 0, of a list that is not empty. */
static inline double config_list_at(const struct scenario_list *self, size_t k)
{
    return self->values[k < self->n ? k : self->n - 1];
}

/** One stratum of the population: population.groups.NAME. */
struct scenario_group {
    const char *name;
#define GROUP_REAL(key, field, ...) double field;
#define GROUP_CHOICE(key, field, ...) int field;
#define GROUP_TEXT(key, field, ...) const char *field;
#include <retake/config/params.def>
};

/** What an exam asks of one content domain of its bank: exam.content.domains.NAME. */
struct scenario_domain {
    const char *name;
#define DOMAIN_REAL(key, field, ...) double field;
#define DOMAIN_LIMIT(key, field, ...) double field;
#define DOMAIN_COUNT(key, field, ...) int64_t field;
#include <retake/config/params.def>
};

/** What an exam asks of the items that a condition names: exam.content.constraints.CONDITION. */
struct scenario_constraint {
    const char *name; /* the condition */
#define CONSTRAINT_REAL(key, field, ...) double field;
#define CONSTRAINT_LIMIT(key, field, ...) double field;
#define CONSTRAINT_COUNT(key, field, ...) int64_t field;
#include <retake/config/params.def>
};

/** All parameters. Built by config_scenario_load, then shared const. */
struct scenario {
#define REAL(path, field, ...) double field;
#define LIMIT(path, field, ...) double field;
#define COUNT(path, field, ...) int64_t field;
#define FLAG(path, field, ...) bool field;
#define CHOICE(path, field, ...) int field;
#define NAME(path, field, ...) const char *field;
#define TEXT(path, field, ...) const char *field;
#define DAY(path, field, ...) int64_t field;
#define REALS(path, field, ...) struct scenario_list field;
#define DAYS(path, field, ...) struct scenario_list field;
#define WORDS(path, field, ...) struct scenario_list field;
#include <retake/config/params.def>
    size_t n_groups; /* at least 1: a scenario without groups has one, named "all" */
    struct scenario_group *groups;
    size_t n_domains; /* those that the scenario names, in its order; may be 0 */
    struct scenario_domain *domains;
    size_t n_constraints; /* in the scenario's order; may be 0 */
    struct scenario_constraint *constraints;
    const struct rule_set *rules; /* from outside the tree, or NULL; the caller's */
    const char *rules_digest;     /* XXH3-128 of their file, hex; NULL: not from a file */
    const char *bank_path;        /* in place of bank, e.g. from the command line; NULL: bank */
    const char *path;             /* of the scenario file, as given */
    const char *source_text;      /* its bytes, for provenance */
    struct scenario_places *places;
    struct config_inputs *inputs; /* the files that it names, as they were read */
    struct arena arena;           /* owns every pointer above */
};

/**
 * Read a scenario file and check each value by itself.
 * @param self  caller's; config_scenario_free it, even after failure
 * @return ERR_OK; ERR_INPUT or ERR_RANGE with file:line:column, the key and the nearest known key
 */
enum err_code config_scenario_load(const char *path, struct scenario *self, struct err *err);

/** As config_scenario_load, from text in memory; path is used in messages and for relative files.
 */
enum err_code config_scenario_parse(const char *path, const char *text, size_t n_bytes,
                                    struct scenario *self, struct err *err);

/**
 * Change one value: "policy.wait_days=30", as --set does. Groups: "population.groups.all.weight=2";
 * the group must exist, whereas a domain is added. Messages say "--set" in place of
 * file:line:column.
 */
enum err_code config_scenario_set(struct scenario *self, const char *assignment, struct err *err);

/**
 * What KEY=VALUE of a command line says for a scenario file: the name of a file or a folder, which
 * a person means from the working directory, becomes relative to the folder of scenario_path. Any
 * other assignment, and an absolute name, is returned as it is. NULL when memory is out.
 */
const char *config_assignment_from_here(const char *assignment, const char *scenario_path,
                                        struct arena *arena);

/** The checks that involve more than one key (min <= max, shares that sum to 1, ...), for the
 * caller to make after the last config_scenario_set: what a file lacks may be set. */
enum err_code config_scenario_check(const struct scenario *self, struct err *err);

void config_scenario_free(struct scenario *self);

/**
 * Fail with "FILE:LINE:COLUMN: KEY: message" (the place where the key was set, else "FILE: KEY: ...
 * (default)"). For rooms above that check a value by its meaning, e.g. an unknown rule.
 * @return code, so that a caller can write `return config_scenario_error(...)`
 */
enum err_code config_scenario_error(const struct scenario *self, const char *key, struct err *err,
                                    enum err_code code, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/** Of keys that disagree, the one that was set last: whose place a message says. */
const char *config_scenario_latest(const struct scenario *self, const char *const *keys, size_t n);

/** The path of a file that the scenario names, e.g. exam_exposure_file, which is relative to the
 * scenario file. NULL when memory is out. */
const char *config_scenario_file_path(struct scenario *self, const char *file);

/** The path of the bank: bank_path as it is, else that of scenario.bank. */
const char *config_scenario_bank_path(struct scenario *self);

#endif
