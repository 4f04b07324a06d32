/* The parameter table at run time: what `retake params`, docs/parameters.md and the provenance of a
 * result are made of.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_CONFIG_PARAMS_H
#define RETAKE_CONFIG_PARAMS_H

#include <retake/config/scenario.h>

enum param_type {
    PARAM_REAL,
    PARAM_LIMIT,
    PARAM_COUNT,
    PARAM_FLAG,
    PARAM_CHOICE,
    PARAM_NAME,
    PARAM_TEXT,
    PARAM_DAY
};

/** One parameter. Strings are static. */
struct param {
    const char *path; /* "policy.wait_days"; of a group "population.groups.*.weight" */
    enum param_type type;
    bool of_group;            /* offset is into struct scenario_group, else struct scenario */
    size_t offset;            /* of the field */
    const char *default_text; /* as one would write it in YAML */
    double min, max;          /* numeric types */
    const char *unit;         /* "" where there is none */
    const char *choices;      /* "first|second", CHOICE only */
    const char *grade;        /* "rule", "published", "assumed", "technical" */
    const char *doc;
};

/** The table, in the order of params.def; *n_params receives its length. */
const struct param *config_params(size_t *n_params);

/** A parameter by its path; population.groups.ANY.weight finds population.groups.*.weight. NULL if
 * unknown. */
const struct param *config_param_find(const char *path);

/** The known path nearest to a misspelt one (edit distance), or NULL when nothing is near. */
const char *config_param_nearest(const char *path);

/** The nearest of n words to a misspelt one, or NULL when nothing is near. For rule names and
 * columns. */
const char *config_nearest_word(const char *word, const char *const *words, size_t n_words);

/**
 * Write the value that a scenario has for a parameter, as one would write it in YAML, into
 * text[n_text]. group is ignored unless of_group. Numbers round-trip (shortest form).
 */
void config_param_format(const struct param *self, const struct scenario *scenario,
                         const struct scenario_group *group, char *text, size_t n_text);

#endif
